/* flat.c: what a line of a release must be, so that every loader takes every line
 * for the same: the members of mk_write_jsonl, no other, in their order, all
 * strings. Loaders infer types from the first lines and fail on the first that
 * differs; DuckDB refuses a file for one lone surrogate.
 * Cases: tests/release/test_flat.c. */
#include "release/flat.h"

#include "doc/sites.h"

const char *const mk_flat_names[MK_FLAT_N] = {
    [MK_FLAT_ID] = "id",     [MK_FLAT_TEXT] = "text",         [MK_FLAT_SOURCE] = "source",
    [MK_FLAT_URL] = "url",   [MK_FLAT_TITLE] = "title",       [MK_FLAT_DATE] = "date",
    [MK_FLAT_LANG] = "lang", [MK_FLAT_METADATA] = "metadata",
};

/* The value of a hex digit that the scanner has checked. */
static unsigned hex(char c)
{
    if (c <= '9')
        return (unsigned)(c - '0');
    return (unsigned)(c | 0x20) - 'a' + 10;
}

/* The code unit of the \uXXXX that s begins with. */
static unsigned unit(mk_str s)
{
    return hex(s.ptr[2]) << 12 | hex(s.ptr[3]) << 8 | hex(s.ptr[4]) << 4 | hex(s.ptr[5]);
}

static bool has_unit(mk_str s, size_t at)
{
    return at + 6 <= s.len && s.ptr[at] == '\\' && s.ptr[at + 1] == 'u';
}

/* True if every surrogate in the string is one of a pair. */
static bool is_paired(mk_str raw)
{
    size_t at = 0;

    while (at < raw.len) {
        const char *const slash = memchr(raw.ptr + at, '\\', raw.len - at);
        if (!slash)
            return true;
        at = (size_t)(slash - raw.ptr);
        if (!has_unit(raw, at)) {
            at += 2;
            continue;
        }
        const unsigned first = unit(mk_str_sub(raw, at, raw.len));
        at += 6;
        if (first < 0xD800 || first > 0xDFFF)
            continue;
        if (first > 0xDBFF || !has_unit(raw, at))
            return false;
        const unsigned second = unit(mk_str_sub(raw, at, raw.len));
        if (second < 0xDC00 || second > 0xDFFF)
            return false;
        at += 6;
    }
    return true;
}

/* The text of metadata is an object. */
static mk_err check_metadata(mk_json_value value, mk_arena *arena, mk_error *reterr)
{
    mk_json_member member;
    mk_str text;
    mk_err err;

    if (mk_str_eq(value.raw, MK_STR("\"{}\"")))
        return MK_OK;
    err = mk_json_text(value, arena, &text, reterr);
    if (err != MK_OK)
        return err;
    mk_json_object it = mk_json_object_of(text);
    while ((err = mk_json_object_next(&it, &member, NULL)) == MK_OK)
        ;
    return err == MK_END ? MK_OK
                         : mk_fail(reterr, MK_RECORD, "member 'metadata' is no object as a string");
}

mk_err mk_flat_parse(mk_str line, mk_arena *arena, mk_flat *ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(line);
    mk_json_member member;
    size_t n = 0;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, reterr)) == MK_OK) {
        mk_str key = mk_str_sub(member.key.raw, 1, member.key.raw.len - 1);
        if (n == MK_FLAT_N || !mk_str_eq(key, mk_str_of(mk_flat_names[n]))) {
            key.len = mk_utf8_valid(mk_str_sub(key, 0, key.len < 100 ? key.len : 100));
            return mk_fail(reterr, MK_RECORD, "member '%.*s' where %s%s%s is needed", (int)key.len,
                           key.ptr, n == MK_FLAT_N ? "the end" : "'",
                           n == MK_FLAT_N ? "" : mk_flat_names[n], n == MK_FLAT_N ? "" : "'");
        }
        if (member.value.type != MK_JSON_STRING)
            return mk_fail(reterr, MK_RECORD, "member '%s' is not a string", mk_flat_names[n]);
        if (!member.value.plain && !is_paired(member.value.raw))
            return mk_fail(reterr, MK_RECORD, "member '%s' has half of a pair of surrogates",
                           mk_flat_names[n]);
        ret->values[n++] = member.value;
    }
    if (err != MK_END)
        return err;
    if (n < MK_FLAT_N)
        return mk_fail(reterr, MK_RECORD, "no member '%s'", mk_flat_names[n]);
    if (ret->values[MK_FLAT_ID].raw.len == 2)
        return mk_fail(reterr, MK_RECORD, "member 'id' is empty");
    return check_metadata(ret->values[MK_FLAT_METADATA], arena, reterr);
}

/* ---- groups ---- */

bool mk_flat_host(mk_str url, mk_arena *arena, mk_str *ret)
{
    /* What has no source has no site but its host. */
    const mk_doc doc = {.url = url};

    return mk_site_name(&doc, (mk_str){"", 0}, arena, ret);
}

/* The value of that member as bytes; len 0 if it is no string and no number. */
static mk_err scalar(mk_json_value value, mk_arena *arena, mk_str *ret)
{
    if (value.type == MK_JSON_STRING)
        return mk_json_text(value, arena, ret, NULL);
    if (value.type == MK_JSON_NUMBER)
        *ret = value.raw;
    return MK_OK;
}

static mk_err in_metadata(mk_json_value metadata, mk_str field, mk_arena *arena, mk_str *ret)
{
    mk_json_member member;
    mk_str text, key;
    mk_err err;

    if (!mk_str_has(metadata.raw, field))
        return MK_OK; /* nor does any escaped spelling of it count */
    err = mk_json_text(metadata, arena, &text, NULL);
    if (err != MK_OK)
        return err;
    mk_json_object it = mk_json_object_of(text);
    while ((err = mk_json_object_next(&it, &member, NULL)) == MK_OK) {
        err = mk_json_text(member.key, arena, &key, NULL);
        if (err == MK_OK && mk_str_eq(key, field))
            return scalar(member.value, arena, ret);
        if (err == MK_NOMEM)
            return err;
    }
    return MK_OK;
}

bool mk_flat_group(const mk_flat *flat, mk_str field, mk_arena *arena, mk_str *ret)
{
    const mk_str prefix = MK_STR("metadata.");
    mk_str key = {0}, url;
    mk_err err = MK_OK;

    if (field.len > prefix.len && memcmp(field.ptr, prefix.ptr, prefix.len) == 0) {
        err = in_metadata(flat->values[MK_FLAT_METADATA], mk_str_sub(field, prefix.len, field.len),
                          arena, &key);
    } else {
        for (size_t i = 0; i < MK_FLAT_N; i++)
            if (mk_str_eq(field, mk_str_of(mk_flat_names[i])))
                err = scalar(flat->values[i], arena, &key);
    }
    if (err == MK_OK && key.len == 0) {
        err = mk_json_text(flat->values[MK_FLAT_URL], arena, &url, NULL);
        if (err == MK_OK && !mk_flat_host(url, arena, &key))
            err = MK_NOMEM;
    }
    if (err == MK_OK && key.len == 0)
        err = mk_json_text(flat->values[MK_FLAT_ID], arena, &key, NULL);
    *ret = key;
    return err != MK_NOMEM;
}

/* ---- counts ---- */

/* The code point of the escape that s begins with; *ret_len: its bytes. */
static uint32_t escaped(mk_str s, size_t *ret_len)
{
    uint32_t cp;

    if (s.ptr[1] != 'u') {
        *ret_len = 2;
        return s.ptr[1] == '"' || s.ptr[1] == '\\' || s.ptr[1] == '/' ? (uint32_t)s.ptr[1] : ' ';
    }
    *ret_len = 6;
    cp = unit(s);
    if (cp >= 0xD800 && cp <= 0xDBFF && has_unit(s, 6)) {
        *ret_len = 12;
        cp = 0x10000 + ((cp - 0xD800) << 10) + (unit(mk_str_sub(s, 6, s.len)) - 0xDC00);
    }
    return cp;
}

static unsigned bytes_of(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

/* Counts so far. */
typedef struct tally {
    uint64_t letters, words, saved; /* saved: bytes that escapes have too many */
    bool in_word;
} tally;

enum { BLOCK = 32 /* bytes: their sums fit a byte, and few of them hold something odd */ };

/* Counts the n bytes at s, before which there is one more, if there is nothing in them but
 * ASCII without escapes and U+0600 to U+067F. They may begin and end inside a character.
 * Without branches, so that the compiler can take many bytes at once: ends of words
 * cannot be foretold. U+0620 to U+064A but tatweel are letters, and so are U+066E, U+066F
 * and U+0671 on. */
static inline bool count_block(const unsigned char *s, size_t n, tally *t)
{
    unsigned char odd = 0, letters = 0, words = 0;

    for (size_t i = 0; i < n; i++) {
        const unsigned char c = s[i];
        odd |= (unsigned char)((c == '\\') |
                               ((c >= 0xC0) & (c != 0xD8) & (c != 0xD9))); /* is_odd */
    }
    if (odd)
        return false;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = s[i], before = s[(ptrdiff_t)i - 1];
        const unsigned char first = (unsigned char)(c - 0x81);
        const unsigned char small = (unsigned char)((c | 0x20) - 'a');
        letters = (unsigned char)(letters + (small < 26) + ((before == 0xD8) & (c >= 0xA0)) +
                                  ((before == 0xD9) &
                                   ((first < 10) | ((c & 0xFE) == 0xAE) | (c >= 0xB1))));
        words = (unsigned char)(words + ((before == ' ') & (c != ' ')));
    }
    t->letters += letters;
    t->words += (uint64_t)words + (!t->in_word && s[-1] != ' ' && s[0] != ' ');
    t->in_word = s[n - 1] != ' ';
    return true;
}

static bool is_odd(unsigned char c)
{
    return c == '\\' || (c >= 0xC0 && c != 0xD8 && c != 0xD9);
}

/* One character of any kind, or an escape. */
static void count_one(mk_str s, size_t *at, tally *t)
{
    bool space;
    uint32_t cp;

    if (s.ptr[*at] == '\\' && s.ptr[*at + 1] == 'n') { /* nearly all escapes */
        *at += 2;
        t->saved++;
        t->in_word = false;
        return;
    }
    if (s.ptr[*at] == '\\') {
        size_t len;
        cp = escaped(mk_str_sub(s, *at, s.len), &len);
        *at += len;
        t->saved += len - bytes_of(cp);
    } else {
        cp = mk_utf8_next(s, at);
    }
    space = cp <= ' ' || mk_is_space(cp) || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
    t->letters += !space && mk_is_letter(cp);
    t->words += !space && !t->in_word;
    t->in_word = !space;
}

void mk_flat_count(mk_json_value text, mk_flat_counts *counts)
{
    const mk_str s = mk_str_sub(text.raw, 1, text.raw.len - 1);
    tally t = {0};
    size_t at = 0;

    while (at < s.len) {
        const unsigned char *const here = (const unsigned char *)s.ptr + at; /* behind a quote */
        if (s.len - at >= BLOCK && count_block(here, BLOCK, &t)) {
            at += BLOCK;
            continue;
        }
        size_t n = 0;
        while (n < BLOCK && at + n < s.len && !is_odd(here[n]))
            n++;
        if (n > 0)
            count_block(here, n, &t);
        at += n;
        if (n < BLOCK && at < s.len)
            count_one(s, &at, &t);
    }
    counts->documents++;
    counts->bytes += s.len - t.saved;
    counts->letters += t.letters;
    counts->words += t.words;
}
