/* labelled.c: records of labelled pages. Refuses what a person who writes labels
 * may get wrong: a line without text or label, a label that is none, a member
 * twice, a part to keep of a line that is no content, a page without lines.
 * Members that it does not know are passed over. Cases:
 * tests/measure/test_labelled.c. */
#include "measure/labelled.h"

#include "base/json.h"

enum { MAX_LINES = 1 << 24 /* of a page: bounds its table to 1.5 GiB */ };

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a labelled page");
}

/* ---- strings ---- */

typedef struct member {
    const char *name;
    mk_str *to;    /* its text */
    bool *present; /* or NULL */
    bool required;
} member;

static mk_err take_string(mk_json_value value, const char *name, mk_arena *arena, mk_str *ret,
                          mk_error *reterr)
{
    mk_error why = {.text = ""};
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_RECORD, "member '%s' is not a string", name);
    const mk_err err = mk_json_text(value, arena, ret, &why);
    if (err == MK_NOMEM)
        return no_memory(reterr);
    if (err != MK_OK)
        return mk_fail(reterr, err, "member '%s': %s", name, why.text);
    return MK_OK;
}

/* ---- a line ---- */

static mk_err take_label(mk_str label, mk_truth *ret, mk_error *reterr)
{
    static const char *const names[] = {
        [MK_TRUTH_KEEP] = "K", [MK_TRUTH_EITHER] = "E", [MK_TRUTH_DROP] = "D"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (mk_str_eq(label, mk_str_of(names[i]))) {
            *ret = (mk_truth)i;
            return MK_OK;
        }
    if (label.len > 16)
        label.len = mk_utf8_valid(mk_str_sub(label, 0, 16));
    return mk_fail(reterr, MK_RECORD, "unknown label '%.*s': one of K, D, E is needed",
                   (int)label.len, label.ptr);
}

/* Members of the line that text is. `seen` has a bit for each of the table. */
static mk_err read_members(mk_str text, const member *members, size_t n_members, mk_arena *arena,
                           unsigned *seen, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        mk_str key = {0};
        err = take_string(m.key, "?", arena, &key, reterr);
        for (size_t i = 0; err == MK_OK && i < n_members; i++) {
            if (!mk_str_eq(key, mk_str_of(members[i].name)))
                continue;
            if (*seen & 1u << i)
                return mk_fail(reterr, MK_RECORD, "member '%s' twice", members[i].name);
            *seen |= 1u << i;
            err = take_string(m.value, members[i].name, arena, members[i].to, reterr);
        }
        if (err != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err read_line(mk_json_value value, mk_arena *arena, mk_labelled_line *ret,
                        mk_error *reterr)
{
    mk_str label = {0};
    const member members[] = {
        {"t", &ret->text, NULL, true},
        {"l", &label, NULL, true},
        {"c", &ret->category, NULL, false},
        {"keep", &ret->keep, &ret->partial, false},
    };
    const size_t n = sizeof(members) / sizeof(*members);
    unsigned seen = 0;
    *ret = (mk_labelled_line){.category = MK_STR("other")};
    if (value.type != MK_JSON_OBJECT)
        return mk_fail(reterr, MK_RECORD, "not an object");
    mk_err err = read_members(value.raw, members, n, arena, &seen, reterr);
    for (size_t i = 0; err == MK_OK && i < n; i++) {
        if (members[i].required && !(seen & 1u << i))
            return mk_fail(reterr, MK_RECORD, "no member '%s'", members[i].name);
        if (members[i].present)
            *members[i].present = (seen & 1u << i) != 0;
    }
    if (err == MK_OK)
        err = take_label(label, &ret->truth, reterr);
    if (err == MK_OK && ret->partial && ret->truth != MK_TRUTH_KEEP)
        return mk_fail(reterr, MK_RECORD, "member 'keep' on a line that is not K");
    return err;
}

/* ---- lines ---- */

static mk_err count_lines(mk_json_value value, size_t *ret, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value line;
    mk_err err;
    *ret = 0;
    if (value.type != MK_JSON_ARRAY)
        return mk_fail(reterr, MK_RECORD, "member 'lines' is not an array");
    while ((err = mk_json_array_next(&it, &line, reterr)) == MK_OK)
        ++*ret;
    if (err != MK_END)
        return err;
    if (*ret == 0)
        return mk_fail(reterr, MK_RECORD, "no line in 'lines'");
    if (*ret > MAX_LINES)
        return mk_fail(reterr, MK_RECORD, "more than %d lines", MAX_LINES);
    return MK_OK;
}

static mk_err read_lines(mk_json_value value, mk_arena *arena, mk_labelled *ret, mk_error *reterr)
{
    size_t n = 0;
    mk_json_value line;
    mk_err err = count_lines(value, &n, reterr);
    if (err != MK_OK)
        return err;
    mk_labelled_line *lines = mk_arena_alloc(arena, n * sizeof(*lines));
    if (!lines)
        return no_memory(reterr);
    mk_json_array it = mk_json_array_of(value.raw);
    for (size_t i = 0; i < n && err == MK_OK; i++) {
        mk_error why = {.text = ""};
        err = mk_json_array_next(&it, &line, &why);
        if (err == MK_OK)
            err = read_line(line, arena, &lines[i], &why);
        if (err != MK_OK)
            mk_fail(reterr, err, "line %zu of the page: %s", i + 1, why.text);
    }
    *ret = (mk_labelled){lines, n};
    return err;
}

/* The text that a crawler would have left: the lines and LF between them. */
static mk_err join(mk_labelled *page, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    size_t size = 0;
    for (size_t i = 0; i < page->n; i++) {
        page->lines[i].offset = size;
        size += page->lines[i].text.len + 1; /* below twice the record's */
    }
    char *text = mk_arena_bytes(arena, size);
    if (!text)
        return no_memory(reterr);
    for (size_t i = 0; i < page->n; i++) {
        const mk_labelled_line *line = &page->lines[i];
        if (line->text.len > 0)
            memcpy(text + line->offset, line->text.ptr, line->text.len);
        text[line->offset + line->text.len] = '\n';
    }
    *ret = (mk_str){text, size - 1}; /* no break after the last */
    return MK_OK;
}

/* ---- the record ---- */

typedef struct known {
    const char *name;
    mk_str *to;
} known;

/* An id of numbers is one too; members of other types are not text. */
static mk_err take_known(mk_json_value value, mk_str key, const known *all, size_t n,
                         mk_arena *arena, mk_error *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (!mk_str_eq(key, mk_str_of(all[i].name)))
            continue;
        if (i == 0 && value.type == MK_JSON_NUMBER)
            *all[i].to = value.raw;
        else if (i == 0 || value.type == MK_JSON_STRING)
            return take_string(value, all[i].name, arena, all[i].to, reterr);
    }
    return MK_OK;
}

mk_err mk_labelled_parse(mk_str bytes, mk_arena *arena, mk_labelled *ret, mk_doc *doc,
                         mk_error *reterr)
{
    const known known_members[] = {{"id", &doc->id},
                                   {"url", &doc->url},
                                   {"title", &doc->title},
                                   {"date", &doc->date},
                                   {"lang", &doc->lang}};
    mk_json_object it = mk_json_object_of(bytes);
    mk_json_member m;
    mk_err err;
    *ret = (mk_labelled){0};
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        mk_str key = {0};
        err = take_string(m.key, "?", arena, &key, reterr);
        if (err == MK_OK && mk_str_eq(key, MK_STR("lines")))
            err = ret->lines ? mk_fail(reterr, MK_RECORD, "member 'lines' twice")
                             : read_lines(m.value, arena, ret, reterr);
        else if (err == MK_OK)
            err = take_known(m.value, key, known_members,
                             sizeof(known_members) / sizeof(*known_members), arena, reterr);
        if (err != MK_OK)
            return err;
    }
    if (err != MK_END)
        return err;
    if (!ret->lines)
        return mk_fail(reterr, MK_RECORD, "no member 'lines'");
    doc->members = bytes;
    return join(ret, arena, &doc->raw, reterr);
}
