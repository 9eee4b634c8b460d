#include "chain/option.h"

#include <inttypes.h>

enum { MAX_VALUE = 64 /* bytes of a number in words */ };

static void *field_of(const mk_option *option, void *config)
{
    return (char *)config + option->offset;
}

static void store(const mk_option *option, double value, void *config)
{
    void *field = field_of(option, config);
    switch (option->type) {
    case MK_OPTION_BOOL:
        *(bool *)field = value != 0;
        break;
    case MK_OPTION_INT:
        *(int64_t *)field = (int64_t)value;
        break;
    case MK_OPTION_REAL:
        *(double *)field = value;
        break;
    case MK_OPTION_CHOICE:
        *(int *)field = (int)value;
        break;
    case MK_OPTION_WORDS:
        *(uint32_t *)field = (uint32_t)value;
        break;
    case MK_OPTION_LEXICON:
    case MK_OPTION_SITES:
        break;
    }
}

void mk_option_defaults(const mk_filter *filter, void *config)
{
    for (const mk_option *o = filter->options; o && o->name; o++)
        store(o, o->def, config);
}

mk_err mk_option_find(const mk_filter *filter, mk_str name, const mk_option **ret, mk_error *reterr)
{
    const char *nearest = NULL;
    unsigned best = 3; /* edits: further away is no slip of the finger */
    for (const mk_option *o = filter->options; o && o->name; o++) {
        if (mk_str_eq(name, mk_str_of(o->name))) {
            *ret = o;
            return MK_OK;
        }
        const unsigned d = mk_edit_distance(name, mk_str_of(o->name), 2);
        if (d < best) {
            best = d;
            nearest = o->name;
        }
    }
    return mk_fail(reterr, MK_OPTION, "filter '%s' has no option '%.*s'%s%s%s", filter->name,
                   (int)name.len, name.ptr, nearest ? " (did you mean '" : "",
                   nearest ? nearest : "", nearest ? "'?)" : "");
}

/* The n-th word between bars; empty past the last. */
static mk_str choice(const char *choices, int n)
{
    const char *from = choices;
    for (; n > 0 && from; n--) {
        from = strchr(from, '|');
        from = from ? from + 1 : NULL;
    }
    if (!from)
        return (mk_str){NULL, 0};
    const char *bar = strchr(from, '|');
    return (mk_str){from, bar ? (size_t)(bar - from) : strlen(from)};
}

/* The bits of all words. */
static uint32_t all_words(const char *choices)
{
    uint32_t bits = 0;
    for (int i = 0; choice(choices, i).ptr; i++)
        bits |= 1u << i;
    return bits;
}

/* "all", or words with commas between them. */
static bool read_words(mk_str value, const char *choices, double *ret)
{
    uint32_t bits = mk_str_eq(value, MK_STR("all")) ? all_words(choices) : 0;
    size_t at = bits ? value.len + 1 : 0;
    while (at <= value.len) {
        const mk_str rest = mk_str_sub(value, at, value.len);
        const char *const comma = rest.len > 0 ? memchr(rest.ptr, ',', rest.len) : NULL;
        const mk_str word = {rest.ptr, comma ? (size_t)(comma - rest.ptr) : rest.len};
        int i = 0;
        while (choice(choices, i).ptr && !mk_str_eq(word, choice(choices, i)))
            i++;
        if (!choice(choices, i).ptr)
            return false;
        bits |= 1u << i;
        at += word.len + 1;
    }
    *ret = bits;
    return true;
}

static bool read_bool(mk_str value, double *ret)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"on", true},  {"off", false}, {"true", true}, {"false", false},
                 {"yes", true}, {"no", false},  {"1", true},    {"0", false}};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (mk_str_eq(value, mk_str_of(words[i].word))) {
            *ret = words[i].value;
            return true;
        }
    return false;
}

/* Digits, a sign, a point: the C locale's numbers and nothing else. */
static bool read_number(mk_str value, bool whole, double *ret)
{
    double n = 0, scale = 1;
    size_t i = value.len > 0 && value.ptr[0] == '-';
    bool digits = false, point = false;
    for (; i < value.len; i++) {
        const char c = value.ptr[i];
        if (c == '.' && !point && !whole) {
            point = true;
        } else if (c >= '0' && c <= '9' && value.len <= MAX_VALUE) {
            n = n * 10 + (c - '0');
            scale *= point ? 10 : 1;
            digits = true;
        } else {
            return false;
        }
    }
    *ret = (value.ptr && value.len > 0 && value.ptr[0] == '-' ? -n : n) / scale;
    return digits;
}

static mk_err bad_value(const mk_filter *filter, const mk_option *o, mk_str value, mk_error *reterr)
{
    switch (o->type) {
    case MK_OPTION_BOOL:
        return mk_fail(reterr, MK_OPTION, "%s:%s is on or off, not '%.*s'", filter->name, o->name,
                       (int)value.len, value.ptr);
    case MK_OPTION_CHOICE:
        return mk_fail(reterr, MK_OPTION, "%s:%s is one of %s, not '%.*s'", filter->name, o->name,
                       o->choices, (int)value.len, value.ptr);
    case MK_OPTION_WORDS:
        return mk_fail(reterr, MK_OPTION,
                       "%s:%s is all or words of %s with commas between them, not '%.*s'",
                       filter->name, o->name, o->choices, (int)value.len, value.ptr);
    default:
        return mk_fail(reterr, MK_OPTION, "%s:%s is a number from %g to %g, not '%.*s'",
                       filter->name, o->name, o->min, o->max, (int)value.len, value.ptr);
    }
}

mk_err mk_option_set(const mk_filter *filter, const mk_option *o, mk_str value, void *config,
                     mk_error *reterr)
{
    double n = 0;
    bool ok = false;
    switch (o->type) {
    case MK_OPTION_BOOL:
        ok = read_bool(value, &n);
        break;
    case MK_OPTION_INT:
    case MK_OPTION_REAL:
        ok = read_number(value, o->type == MK_OPTION_INT, &n) && n >= o->min && n <= o->max;
        break;
    case MK_OPTION_CHOICE:
        for (int i = 0; choice(o->choices, i).ptr && !ok; i++) {
            ok = mk_str_eq(value, choice(o->choices, i));
            n = i;
        }
        break;
    case MK_OPTION_WORDS:
        ok = read_words(value, o->choices, &n);
        break;
    case MK_OPTION_LEXICON:
    case MK_OPTION_SITES:
        break;
    }
    if (!ok)
        return bad_value(filter, o, value, reterr);
    store(o, n, config);
    return MK_OK;
}

static void put_words(const char *choices, uint32_t bits, mk_buf *out)
{
    bool comma = false;
    if (bits == all_words(choices)) {
        mk_buf_puts(out, "all");
        return;
    }
    for (int i = 0; choice(choices, i).ptr; i++) {
        if (!(bits >> i & 1))
            continue;
        mk_buf_puts(out, comma ? "," : "");
        mk_buf_put(out, choice(choices, i));
        comma = true;
    }
}

/* The fewest digits that read_number reads as value again, in any locale. */
static void put_real(double value, mk_buf *out)
{
    const double size = value < 0 ? -value : value;
    int64_t n = (int64_t)(size + 0.5), scale = 1;
    int digits = 0;
    while ((double)n / (double)scale != size && digits < 15 && size * (double)scale < 1e14) {
        digits++;
        scale *= 10;
        n = (int64_t)(size * (double)scale + 0.5);
    }
    mk_buf_printf(out, "%s%" PRId64, value < 0 ? "-" : "", n / scale);
    if (digits > 0)
        mk_buf_printf(out, ".%0*" PRId64, digits, n % scale);
}

void mk_option_put(const mk_option *o, const void *config, mk_buf *out)
{
    const void *field = (const char *)config + o->offset;
    switch (o->type) {
    case MK_OPTION_BOOL:
        mk_buf_puts(out, *(const bool *)field ? "on" : "off");
        break;
    case MK_OPTION_INT:
        mk_buf_printf(out, "%" PRId64, *(const int64_t *)field);
        break;
    case MK_OPTION_REAL:
        put_real(*(const double *)field, out);
        break;
    case MK_OPTION_CHOICE:
        mk_buf_put(out, choice(o->choices, *(const int *)field));
        break;
    case MK_OPTION_WORDS:
        put_words(o->choices, *(const uint32_t *)field, out);
        break;
    case MK_OPTION_LEXICON:
    case MK_OPTION_SITES:
        break;
    }
}
