/* parse_jsonl.c: a line of JSON as a document, by whatever names its corpus gives to
 * text, address, date and language.
 *
 * Refuses lines that are not one valid object (base/json.h), objects without a string
 * of text, with an id that is neither a string nor an integer, with a member twice.
 * Members that a document has no place for are kept byte for byte, so that our own
 * output read again gives the same members. Cases: tests/read/test_read_jsonl.c. */
#include "read/parse_jsonl.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "read/html.h"
#include "read/select.h"

enum {
    MAX_MEMBERS = 1 << 20, /* of an object: bounds its table to 96 MiB */
    MAX_NAME = 200,        /* bytes of a name in a message */
    MAX_SHOWN = 4,         /* members in place of a missing one: enough to see which it is */
    SHOWN_NAME = 40        /* bytes of each */
};

/* ---- the members ---- */

/* A member of the record or of its metadata. */
typedef struct field {
    struct field *next;   /* in the order of the text */
    struct field *sorted; /* in the order of keys */
    mk_str key;           /* escapes resolved */
    mk_str raw_key;       /* as it stands, with quotes */
    mk_json_value value;
    bool taken; /* the document has it elsewhere than among its members */
} field;

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a record");
}

/* s, or its beginning. */
static mk_str cut(mk_str s, size_t max)
{
    if (s.len > max)
        s.len = mk_utf8_valid(mk_str_sub(s, 0, max));
    return s;
}

/* s, or its beginning if that is enough for a message. */
static mk_str name_of(mk_str s)
{
    return cut(s, MAX_NAME);
}

/* The members of the object that text is, as a list; NULL if it has none. */
static mk_err list_fields(mk_str text, mk_arena *arena, field **ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    field *first = NULL, **last = &first;
    size_t n = 0;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, reterr)) == MK_OK) {
        field *const f = mk_arena_alloc(arena, sizeof(*f));
        if (!f)
            return no_memory(reterr);
        if (n++ == MAX_MEMBERS)
            return mk_fail(reterr, MK_RECORD, "more than %d members", MAX_MEMBERS);
        f->raw_key = member.key.raw;
        f->value = member.value;
        err = mk_json_text(member.key, arena, &f->key, reterr);
        if (err != MK_OK)
            return err;
        *last = f;
        last = &f->next;
    }
    if (err != MK_END)
        return err;
    *ret = first;
    return MK_OK;
}

/* Any total order will do: it only brings equal keys together. */
static bool is_before(mk_str a, mk_str b)
{
    if (a.len != b.len)
        return a.len < b.len;
    return a.len && memcmp(a.ptr, b.ptr, a.len) < 0;
}

static field *merge(field *a, field *b)
{
    field *first = NULL, **last = &first;

    while (a && b) {
        field **const from = is_before(b->key, a->key) ? &b : &a;
        *last = *from;
        *from = (*from)->sorted;
        last = &(*last)->sorted;
    }
    *last = a ? a : b;
    return first;
}

enum { MAX_RUNS = 32 /* more than the bits of a number of members */ };

/* Sorts the members of list that are not taken into runs, of which runs[i] has
 * 2^i members or none. */
static void sort_into(field *runs[MAX_RUNS], field *list)
{
    for (field *f = list; f; f = f->next) {
        field *run = f;
        size_t i;
        if (f->taken)
            continue;
        f->sorted = NULL;
        for (i = 0; runs[i]; i++) {
            run = merge(runs[i], run);
            runs[i] = NULL;
        }
        runs[i] = run;
    }
}

/* A member, not taken, whose key another one in either list has too; NULL if
 * there is none. By sorting, because hashes of keys can be made to collide. */
static const field *find_twin(field *list, field *other)
{
    field *runs[MAX_RUNS] = {NULL}, *all = NULL;

    sort_into(runs, list);
    sort_into(runs, other);
    for (size_t i = 0; i < MAX_RUNS; i++)
        all = merge(runs[i], all);
    for (; all && all->sorted; all = all->sorted) {
        if (mk_str_eq(all->key, all->sorted->key))
            return all;
    }
    return NULL;
}

static mk_err take_text(mk_json_value value, mk_str name, mk_arena *arena, mk_str *ret,
                        mk_error *reterr)
{
    name = name_of(name);
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "member '%.*s' is not a string", (int)name.len, name.ptr);
    return mk_json_text(value, arena, ret, reterr);
}

static bool is_integer(mk_json_value value)
{
    return value.type == MK_JSON_NUMBER && !memchr(value.raw.ptr, '.', value.raw.len) &&
           !memchr(value.raw.ptr, 'e', value.raw.len) && !memchr(value.raw.ptr, 'E', value.raw.len);
}

/* An id of null or of no characters is none: the default stays. */
static mk_err take_id(mk_json_value value, mk_str name, mk_arena *arena, mk_str *ret,
                      mk_error *reterr)
{
    mk_str id = value.raw;
    mk_err err;

    if (value.type == MK_JSON_NULL)
        return MK_OK;
    name = name_of(name);
    if (value.type != MK_JSON_STRING && !is_integer(value))
        return mk_fail(reterr, MK_RECORD, "member '%.*s' is neither a string nor an integer",
                       (int)name.len, name.ptr);
    if (value.type == MK_JSON_STRING) {
        err = mk_json_text(value, arena, &id, reterr);
        if (err != MK_OK)
            return err;
    }
    if (id.len)
        *ret = id;
    return MK_OK;
}

/* ---- what members are called ---- */

/* Where a document has room for what a record says of it. */
typedef enum place { ID, SOURCE, URL, TITLE, DATE, LANG, CRAWLED, N_PLACES } place;

/* The names that corpora give it, the first the one that counts most: ours; CulturaX
 * (timestamp), cc_net and RedPajama (raw_content, date_download, language), Dolma
 * (created, added), FineWeb (file_path, language, and beside `dump` the date of the
 * crawl). docs/FORMATS.md says the same. */
static const struct {
    mk_str key;
    place place;
    mk_str beside; /* counts only in an object that has this one too; empty: in any */
} known[] = {
    {{"source", 6}, SOURCE, {"", 0}},    {{"file_path", 9}, SOURCE, {"", 0}},
    {{"url", 3}, URL, {"", 0}},          {{"title", 5}, TITLE, {"", 0}},
    {{"crawled", 7}, CRAWLED, {"", 0}},  {{"timestamp", 9}, CRAWLED, {"", 0}},
    {{"added", 5}, CRAWLED, {"", 0}},    {{"date_download", 13}, CRAWLED, {"", 0}},
    {{"date", 4}, CRAWLED, {"dump", 4}}, {{"date", 4}, DATE, {"", 0}},
    {{"created", 7}, DATE, {"", 0}},     {{"lang", 4}, LANG, {"", 0}},
    {{"language", 8}, LANG, {"", 0}},
};

static const mk_str text_names[] = {{"text", 4}, {"content", 7}, {"raw_content", 11}};

/* OSCAR: what stands deeper. It is copied: its object stays among the members. */
static const struct {
    mk_str path[3]; /* an empty key ends it before the third */
    place place;
} deep[] = {
    {{{"warc_headers", 12}, {"warc-record-id", 14}, {"", 0}}, ID},
    {{{"warc_headers", 12}, {"warc-target-uri", 15}, {"", 0}}, URL},
    {{{"warc_headers", 12}, {"warc-date", 9}, {"", 0}}, CRAWLED},
    {{{"metadata", 8}, {"identification", 14}, {"label", 5}}, LANG},
    {{{"meta", 4}, {"warc_headers", 12}, {"warc-record-id", 14}}, ID},
    {{{"meta", 4}, {"warc_headers", 12}, {"warc-target-uri", 15}}, URL},
    {{{"meta", 4}, {"warc_headers", 12}, {"warc-date", 9}}, CRAWLED},
    {{{"meta", 4}, {"identification", 14}, {"label", 5}}, LANG},
};

enum {
    N_KNOWN = sizeof(known) / sizeof(*known),
    N_DEEP = sizeof(deep) / sizeof(*deep),
    N_TEXT_NAMES = sizeof(text_names) / sizeof(*text_names)
};

/* A document being filled in. */
typedef struct filler {
    mk_doc doc;
    mk_str crawled; /* JSON; goes to the members, under that name */
    mk_str removed; /* so: what of a page of HTML was no text */
    mk_html_page page;
    field *all; /* members of the record */
    bool has[N_PLACES];
    mk_arena *arena;
} filler;

static mk_str *place_in(filler *to, place p)
{
    mk_doc *const doc = &to->doc;
    mk_str *const places[N_PLACES] = {&doc->id,   &doc->source, &doc->url,   &doc->title,
                                      &doc->date, &doc->lang,   &to->crawled};
    return places[p];
}

static field *find_field(field *list, mk_str key)
{
    while (list && (list->taken || !mk_str_eq(list->key, key)))
        list = list->next;
    return list;
}

/* A string that is not empty fills the place. One that has no text (half of a pair
 * in it, as where a title was cut) and a value of another type fill none: they are
 * no reason to lose the text. *ret_text: value is a string of text. */
static mk_err fill(filler *to, place p, mk_json_value value, bool *ret_text)
{
    mk_str text = {0};
    *ret_text = false;
    if (value.type != MK_JSON_STRING)
        return MK_OK;
    const mk_err err = mk_json_text(value, to->arena, &text, NULL);
    if (err != MK_OK)
        return err == MK_RECORD ? MK_OK : err;
    *ret_text = true;
    if (text.len > 0) {
        *place_in(to, p) = p == CRAWLED ? value.raw : text;
        to->has[p] = true;
    }
    return MK_OK;
}

static const mk_str crawled_key = {"crawled", 7};

/* False if the name that f of list would be given is that of another member. */
static bool is_free(const filler *to, place p, field *list, const field *f)
{
    field *const lists[] = {list, to->all};
    for (size_t i = 0; p == CRAWLED && i < 2; i++) {
        const field *const other = find_field(lists[i], crawled_key);
        if (other && other != f)
            return false;
    }
    return true;
}

/* Moves the members of list that the document has room for. What is null is absent. */
static mk_err take_known(filler *to, field *list)
{
    for (size_t i = 0; i < N_KNOWN; i++) {
        field *const f = find_field(list, known[i].key);
        bool is_text = false;
        if (!f || to->has[known[i].place] || !is_free(to, known[i].place, list, f) ||
            (known[i].beside.len > 0 && !find_field(list, known[i].beside)))
            continue;
        if (fill(to, known[i].place, f->value, &is_text) != MK_OK)
            return MK_NOMEM;
        f->taken = is_text || f->value.type == MK_JSON_NULL;
    }
    return MK_OK;
}

/* The member of that key of an object; raw.ptr NULL: there is none. Keys with
 * escapes are none of ours. */
static mk_json_value member_of(mk_json_value object, mk_str key)
{
    mk_json_object it = mk_json_object_of(object.raw);
    mk_json_member m;
    while (object.type == MK_JSON_OBJECT && mk_json_object_next(&it, &m, NULL) == MK_OK)
        if (m.key.plain && mk_str_eq(mk_str_sub(m.key.raw, 1, m.key.raw.len - 1), key))
            return m.value;
    return (mk_json_value){.type = MK_JSON_NULL};
}

static mk_err take_deep(filler *to, field *all)
{
    for (size_t i = 0; i < N_DEEP; i++) {
        bool is_text;
        if (to->has[deep[i].place] || !is_free(to, deep[i].place, all, NULL))
            continue;
        const field *const f = find_field(all, deep[i].path[0]);
        if (!f || f->value.type != MK_JSON_OBJECT)
            continue;
        mk_json_value value = member_of(f->value, deep[i].path[1]);
        if (deep[i].path[2].len > 0)
            value = member_of(value, deep[i].path[2]);
        if (fill(to, deep[i].place, value, &is_text) != MK_OK)
            return MK_NOMEM;
    }
    return MK_OK;
}

/* The members of the record's metadata: an object, or a string with the text of
 * one, as our output has it. *ret_object is false if it is something else. */
static mk_err list_metadata(mk_json_value value, mk_arena *arena, field **ret, bool *ret_object)
{
    mk_str text = value.raw;
    mk_err err = MK_OK;

    if (value.type == MK_JSON_STRING)
        err = mk_json_text(value, arena, &text, NULL);
    if (err == MK_OK)
        err = list_fields(text, arena, ret, NULL);
    *ret_object = err == MK_OK;
    return err == MK_RECORD ? MK_OK : err;
}

static size_t size_of(const field *list)
{
    size_t size = 0;

    for (; list; list = list->next)
        size += list->taken ? 0 : list->raw_key.len + list->value.raw.len + 2;
    return size;
}

/* Copies the members of list that are not taken to `to`, a comma after each.
 * Returns where the next goes. */
static char *copy_members(char *to, const field *list)
{
    for (; list; list = list->next) {
        if (list->taken)
            continue;
        memcpy(to, list->raw_key.ptr, list->raw_key.len);
        to += list->raw_key.len;
        *to++ = ':';
        memcpy(to, list->value.raw.ptr, list->value.raw.len);
        to += list->value.raw.len;
        *to++ = ',';
    }
    return to;
}

/* The members of the metadata, as a list. Metadata that shares a key with the
 * others, or with itself, stays whole. */
static mk_err spread_metadata(const filler *to, field *all, field **ret)
{
    field *const f = find_field(all, MK_STR("metadata"));
    bool spread = false;
    *ret = NULL;
    if (!f || f->value.type == MK_JSON_NULL) {
        if (f)
            f->taken = true;
        return MK_OK;
    }
    const mk_err err = list_metadata(f->value, to->arena, ret, &spread);
    if (err != MK_OK)
        return err;
    f->taken = spread;
    if (spread && (find_twin(*ret, all) || (to->has[CRAWLED] && find_field(*ret, crawled_key))))
        f->taken = spread = false;
    if (!spread)
        *ret = NULL;
    return MK_OK;
}

/* All members that are not taken, those of the metadata first, and when the document was
 * crawled, as one object. */
static mk_err join_members(const field *inner, const field *all, mk_str crawled, mk_str removed,
                           mk_arena *arena, mk_str *ret)
{
    field lost = {
        .raw_key = MK_STR("\"removed\""), .value = {.raw = removed}, .taken = removed.len == 0};
    const field last = {.raw_key = MK_STR("\"crawled\""),
                        .value = {.raw = crawled},
                        .taken = crawled.len == 0,
                        .next = &lost};
    const size_t size = size_of(inner) + size_of(all) + size_of(&last);
    if (size == 0) {
        *ret = MK_STR("{}");
        return MK_OK;
    }
    char *const text = mk_arena_bytes(arena, size + 1);
    if (!text)
        return MK_NOMEM;
    text[0] = '{';
    copy_members(copy_members(copy_members(text + 1, inner), all), &last);
    text[size] = '}'; /* instead of the last comma */
    *ret = (mk_str){text, size + 1};
    return MK_OK;
}

/* ---- a record ---- */

/* MK_RECORD, with the members that there are instead. */
static mk_err no_text(mk_str name, const field *all, mk_error *reterr)
{
    char shown[MAX_SHOWN * (SHOWN_NAME + 12)] = "", more[32] = "";
    size_t n = 0, len = 0;

    for (; all; all = all->next, n++) {
        const mk_str raw = all->raw_key; /* its escapes stand: no C0 */
        const mk_str key = cut(mk_str_sub(raw, 1, raw.len - 1), SHOWN_NAME);
        if (n < MAX_SHOWN)
            len += (size_t)snprintf(shown + len, sizeof(shown) - len, "%s'%.*s'",
                                    n == 0 ? ", only " : ", ", (int)key.len, key.ptr);
    }
    if (n > MAX_SHOWN)
        snprintf(more, sizeof(more), " and %zu more", n - MAX_SHOWN);
    name = name_of(name);
    return mk_fail(reterr, MK_RECORD, MK_JSONL_NO_TEXT "%.*s'%s%s", (int)name.len, name.ptr, shown,
                   more);
}

/* The member that holds the text: that of the name that was asked for, else of the
 * first name that there is. */
static mk_err take_raw(filler *to, field *all, mk_str name, mk_error *reterr)
{
    field *f = find_field(all, name.len > 0 ? name : text_names[0]);
    for (size_t i = 1; !f && name.len == 0 && i < N_TEXT_NAMES; i++)
        f = find_field(all, text_names[i]);
    if (!f)
        return no_text(name.len > 0 ? name : text_names[0], all, reterr);
    f->taken = true;
    return take_text(f->value, f->key, to->arena, &to->doc.raw, reterr);
}

/* The same of a page of HTML: its text, with what the markup says of the lines. */
static mk_err take_page(filler *to, field *all, mk_str name, uint64_t max_doc, mk_error *reterr)
{
    const mk_html_limits limits = {.max_bytes = (size_t)max_doc};
    char removed[MK_HTML_REMOVED];
    mk_str bytes = {0};
    mk_err err = take_raw(to, all, name, reterr);
    if (err != MK_OK)
        return err;
    bytes = to->doc.raw;
    err = mk_html_text(bytes, MK_STR("utf-8"), &limits, to->arena, &to->page, reterr);
    if (err != MK_OK)
        return err;
    to->doc.raw = to->page.text;
    to->doc.cues = to->page.cues;
    to->doc.n_cues = to->page.n_lines;
    to->removed = mk_arena_str(to->arena,
                               mk_str_of(mk_html_removed_json(&to->page.removed, removed)));
    return to->removed.ptr ? MK_OK : MK_NOMEM;
}

/* What the record does not say, the page may. */
static void fill_from_page(filler *to)
{
    mk_doc *const doc = &to->doc;
    const struct {
        mk_str *field, value;
    } fields[] = {{&doc->title, to->page.title},
                  {&doc->date, to->page.date},
                  {&doc->lang, to->page.lang},
                  {&doc->url, to->page.url}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if (fields[i].field->len == 0)
            *fields[i].field = fields[i].value;
}

static mk_err check_twins(field *all, mk_error *reterr)
{
    const field *const twin = find_twin(all, NULL);
    if (!twin)
        return MK_OK;
    const mk_str raw = twin->raw_key; /* its escapes stand: no C0 */
    const mk_str name = name_of(mk_str_sub(raw, 1, raw.len - 1));
    return mk_fail(reterr, MK_RECORD, "member '%.*s' twice", (int)name.len, name.ptr);
}

static mk_err take_own_id(filler *to, field *all, mk_str name, mk_error *reterr)
{
    field *const f = find_field(all, name.len > 0 ? name : MK_STR("id"));
    mk_str id = {0};
    if (!f)
        return MK_OK;
    f->taken = true;
    const mk_err err = take_id(f->value, f->key, to->arena, &id, reterr);
    to->has[ID] = id.len > 0;
    if (to->has[ID])
        to->doc.id = id;
    return err;
}

mk_err mk_jsonl_parse(mk_str bytes, const mk_read_options *options, mk_arena *arena, mk_doc *doc,
                      mk_error *reterr)
{
    filler to = {.doc = *doc, .arena = arena};
    field *all = NULL, *inner = NULL;
    mk_err err = list_fields(bytes, arena, &all, reterr);

    if (err == MK_OK)
        err = check_twins(all, reterr);
    if (err == MK_OK)
        err = options->html_field.len > 0
                  ? take_page(&to, all, options->html_field, options->max_doc, reterr)
                  : take_raw(&to, all, options->text_field, reterr);
    if (err == MK_OK)
        err = take_own_id(&to, all, options->id_field, reterr);
    if (err != MK_OK)
        return err == MK_NOMEM ? no_memory(reterr) : err;
    to.all = all;
    if (find_field(all, MK_STR("removed")))
        to.removed = (mk_str){0}; /* the record's own stays */
    if (take_known(&to, all) != MK_OK || take_deep(&to, all) != MK_OK ||
        spread_metadata(&to, all, &inner) != MK_OK || take_known(&to, inner) != MK_OK ||
        join_members(inner, all, to.crawled, to.removed, arena, &to.doc.members) != MK_OK)
        return no_memory(reterr);
    fill_from_page(&to);
    const char *const why = mk_select_url(options->select, to.doc.url);
    if (why) {
        to.doc.verdict = MK_SKIPPED;
        to.doc.reason = mk_str_of(why);
        to.doc.raw = (mk_str){"", 0};
        to.doc.cues = NULL;
        to.doc.n_cues = 0;
    }
    *doc = to.doc;
    return MK_OK;
}
