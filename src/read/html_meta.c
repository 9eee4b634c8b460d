/* html_meta.c: what a page says of itself: title, date, language, address. The first
 * of each counts. JSON-LD (schema.org) is read for headline, datePublished and
 * inLanguage and articleBody of an object or of those in its @graph; a script that is no
 * valid JSON says nothing. Cases: tests/read/test_html.c */
#include "base/json.h"
#include "read/html_private.h"

enum {
    MAX_VALUE = 4096,   /* bytes of a title or an address: longer is no such thing */
    MAX_DATE = 64,      /* bytes of a date: longer is a line that has one */
    MAX_OBJECTS = 64,   /* of a graph that are looked at */
    MAX_LANGUAGES = 64, /* that a page stands in */
    MAX_JSON = 1 << 20  /* bytes of a script */
};

/* ---- text ---- */

mk_str mk_html_plain(mk_arena *arena, mk_str text, bool refs)
{
    html_lines lines = {.out = {.max = MK_BUF_MAX}, .list = {.max = MK_BUF_MAX}};
    const html_context context = {0};
    mk_html_lines_text(&lines, &context, text, refs);
    const mk_str plain = mk_str_trim(mk_buf_str(&lines.out));
    const bool failed = lines.out.failed;
    const mk_str copy = plain.len > 0 ? mk_arena_str(arena, plain) : (mk_str){"", 0};
    mk_html_lines_clear(&lines);
    return failed ? (mk_str){0} : copy;
}

static void set_long(html_meta *m, mk_str *field, mk_str value, bool refs)
{
    if (field->len > 0 || value.len == 0)
        return;
    const mk_str plain = mk_html_plain(m->arena, value, refs);
    if (!plain.ptr)
        m->nomem = true;
    else
        *field = plain;
}

static void set(html_meta *m, mk_str *field, mk_str value, bool refs)
{
    if (value.len <= MAX_VALUE)
        set_long(m, field, value, refs);
}

static bool has_digit(mk_str text)
{
    for (size_t at = 0; at < text.len;)
        if (mk_digit_value(mk_utf8_next(text, &at)) >= 0)
            return true;
    return false;
}

/* What is no date is left out: one may be found elsewhere. */
static void keep_date(html_meta *m)
{
    if (m->date.len > MAX_DATE || !has_digit(m->date))
        m->date = (mk_str){"", 0};
}

static void set_date(html_meta *m, mk_str value)
{
    set(m, &m->date, value, true);
    keep_date(m);
}

void mk_html_meta_title(html_meta *m, mk_str text, bool refs)
{
    set(m, &m->title, text, refs);
}

/* ---- elements ---- */

static mk_str attribute(mk_str attributes, const char *wanted)
{
    mk_str name, value;
    for (size_t at = 0; mk_html_attribute_next(attributes, &at, &name, &value);)
        if (mk_html_name_is(name, wanted))
            return value;
    return (mk_str){"", 0};
}

static void read_meta(html_meta *m, mk_str attributes)
{
    static const char *const keys[] = {"property", "name", "itemprop"};
    const mk_str content = attribute(attributes, "content");
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        const mk_str key = mk_str_trim(attribute(attributes, keys[i]));
        if (mk_html_name_is(key, "og:title") || mk_html_name_is(key, "twitter:title"))
            set(m, &m->og_title, content, true);
        else if (mk_html_name_is(key, "article:published_time") ||
                 mk_html_name_is(key, "datepublished") || mk_html_name_is(key, "date.issued"))
            set_date(m, content);
        else if (mk_html_name_is(key, "headline"))
            set(m, &m->headline, content, true);
    }
}

/* rel=alternate with hreflang: the page in another language. */
static void read_alternate(html_meta *m, mk_str attributes)
{
    mk_str lang = {"", 0}, url = {"", 0};
    set(m, &lang, attribute(attributes, "hreflang"), true);
    set(m, &url, attribute(attributes, "href"), true);
    if (lang.len == 0 || url.len == 0 || m->n_alternates == MAX_LANGUAGES)
        return;
    mk_buf_putc(&m->alternates, m->n_alternates++ > 0 ? ',' : '{');
    mk_json_put(&m->alternates, lang);
    mk_buf_putc(&m->alternates, ':');
    mk_json_put(&m->alternates, url);
}

void mk_html_meta_element(html_meta *m, mk_str name, mk_str attributes)
{
    if (mk_html_name_is(name, "html")) {
        set(m, &m->lang, attribute(attributes, "lang"), true);
        set(m, &m->lang, attribute(attributes, "xml:lang"), true);
    } else if (mk_html_name_is(name, "meta")) {
        read_meta(m, attributes);
    } else if (mk_html_name_is(name, "link")) {
        const mk_str rel = mk_str_trim(attribute(attributes, "rel"));
        if (mk_html_name_is(rel, "canonical"))
            set(m, &m->url, attribute(attributes, "href"), true);
        else if (mk_html_name_is(rel, "alternate"))
            read_alternate(m, attributes);
    } else if (mk_html_name_is(name, "time")) {
        if (mk_html_name_is(attribute(attributes, "itemprop"), "datepublished"))
            set_date(m, attribute(attributes, "datetime"));
    }
}

/* ---- JSON-LD ---- */

/* Values still to be looked at. */
typedef struct queue {
    mk_json_value items[MAX_OBJECTS];
    size_t n;
} queue;

static void push(queue *q, mk_json_value value)
{
    if (q->n < MAX_OBJECTS)
        q->items[q->n++] = value;
}

static void take_long(html_meta *m, mk_str *field, mk_json_value value)
{
    mk_str text = {"", 0};
    if (value.type != MK_JSON_STRING)
        return;
    const mk_err err = mk_json_text(value, m->arena, &text, NULL);
    m->nomem = m->nomem || err == MK_NOMEM;
    if (err == MK_OK)
        set_long(m, field, text, true); /* systems write references here too */
}

static void take(html_meta *m, mk_str *field, mk_json_value value)
{
    if (value.raw.len <= 2 * MAX_VALUE)
        take_long(m, field, value);
}

static void take_date(html_meta *m, mk_json_value value)
{
    take(m, &m->date, value);
    keep_date(m);
}

static void read_object(html_meta *m, queue *q, mk_str text)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    while (mk_json_object_next(&it, &member, NULL) == MK_OK) {
        const mk_str raw = member.key.raw;
        const mk_str key = mk_str_sub(raw, 1, raw.len - 1);
        if (mk_str_eq(key, MK_STR("headline")))
            take(m, &m->headline, member.value);
        else if (mk_str_eq(key, MK_STR("datePublished")))
            take_date(m, member.value);
        else if (mk_str_eq(key, MK_STR("inLanguage")))
            take(m, &m->lang, member.value);
        else if (mk_str_eq(key, MK_STR("articleBody")))
            take_long(m, &m->body, member.value);
        else if (mk_str_eq(key, MK_STR("@graph")))
            push(q, member.value);
    }
}

void mk_html_meta_json(html_meta *m, mk_str script)
{
    queue q = {.n = 0};
    script = mk_str_trim(script);
    if (script.len == 0 || script.len > MAX_JSON)
        return;
    push(&q, (mk_json_value){.type = script.ptr[0] == '[' ? MK_JSON_ARRAY : MK_JSON_OBJECT,
                             .raw = script});
    for (size_t i = 0; i < q.n; i++) {
        if (q.items[i].type == MK_JSON_OBJECT)
            read_object(m, &q, q.items[i].raw);
        if (q.items[i].type != MK_JSON_ARRAY)
            continue;
        mk_json_array it = mk_json_array_of(q.items[i].raw);
        mk_json_value value;
        while (mk_json_array_next(&it, &value, NULL) == MK_OK)
            push(&q, value);
    }
}

void mk_html_meta_clear(html_meta *m)
{
    mk_buf_clear(&m->alternates);
}
