/* schema.c: schemas as tables. What a schema has no key for is left out; what a
 * document does not know is empty, never null: readers tell types by what they see.
 * Sources: datatrove src/datatrove/pipeline/writers/disk_base.py; Dolma
 * docs/data-format.md; the cards of FineWeb-2, CulturaX and OSCAR 23.01.
 * Cases: tests/write/test_schema.c. */
#include "write/schema.h"

#include "base/json.h"

#define END                 \
    {                       \
        NULL, MK_SCHEMA_END \
    }

static const mk_schema_field flat[] = {
    {"id", MK_SCHEMA_ID},     {"text", MK_SCHEMA_TEXT},        {"source", MK_SCHEMA_SOURCE},
    {"url", MK_SCHEMA_URL},   {"title", MK_SCHEMA_TITLE},      {"date", MK_SCHEMA_DATE},
    {"lang", MK_SCHEMA_LANG}, {"metadata", MK_SCHEMA_MEMBERS}, END,
};

static const mk_schema_field datatrove[] = {
    {"text", MK_SCHEMA_TEXT},
    {"id", MK_SCHEMA_ID},
    {"metadata", MK_SCHEMA_OPEN},
    {"url", MK_SCHEMA_URL},
    {"title", MK_SCHEMA_TITLE},
    {"date", MK_SCHEMA_DATE},
    {"language", MK_SCHEMA_LANG},
    {"file_path", MK_SCHEMA_SOURCE},
    {"extra", MK_SCHEMA_MEMBERS},
    {NULL, MK_SCHEMA_CLOSE},
    END,
};

static const mk_schema_field dolma[] = {
    {"id", MK_SCHEMA_ID},
    {"text", MK_SCHEMA_TEXT},
    {"source", MK_SCHEMA_SOURCE},
    {"added", MK_SCHEMA_ADDED}, /* a time of ours would make every run another */
    {"created", MK_SCHEMA_DATE},
    {"metadata", MK_SCHEMA_OPEN},
    {"url", MK_SCHEMA_URL},
    {"title", MK_SCHEMA_TITLE},
    {"language", MK_SCHEMA_LANG},
    {"extra", MK_SCHEMA_MEMBERS},
    {NULL, MK_SCHEMA_CLOSE},
    END,
};

static const mk_schema_field fineweb2[] = {
    {"text", MK_SCHEMA_TEXT},
    {"id", MK_SCHEMA_ID},
    {"dump", MK_SCHEMA_STRING},
    {"url", MK_SCHEMA_URL},
    {"date", MK_SCHEMA_CRAWLED},
    {"file_path", MK_SCHEMA_SOURCE},
    {"language", MK_SCHEMA_LANG},
    {"language_score", MK_SCHEMA_REAL},
    {"language_script", MK_SCHEMA_WRITING},
    {"minhash_cluster_size", MK_SCHEMA_INTEGER},
    {"top_langs", MK_SCHEMA_NO_PAIRS},
    END,
};

static const mk_schema_field culturax[] = {
    {"text", MK_SCHEMA_TEXT},
    {"timestamp", MK_SCHEMA_CRAWLED},
    {"url", MK_SCHEMA_URL},
    {"source", MK_SCHEMA_SOURCE},
    END,
};

static const mk_schema_field oscar[] = {
    {"id", MK_SCHEMA_ID},
    {"text", MK_SCHEMA_TEXT},
    {"meta", MK_SCHEMA_OPEN},
    {"warc_headers", MK_SCHEMA_OPEN},
    {"warc-record-id", MK_SCHEMA_STRING},
    {"warc-date", MK_SCHEMA_CRAWLED},
    {"content-type", MK_SCHEMA_STRING},
    {"content-length", MK_SCHEMA_INTEGER},
    {"warc-type", MK_SCHEMA_STRING},
    {"warc-identified-content-language", MK_SCHEMA_STRING},
    {"warc-refers-to", MK_SCHEMA_STRING},
    {"warc-target-uri", MK_SCHEMA_URL},
    {"warc-block-digest", MK_SCHEMA_STRING},
    {NULL, MK_SCHEMA_CLOSE},
    {"identification", MK_SCHEMA_OPEN},
    {"label", MK_SCHEMA_LANG},
    {"prob", MK_SCHEMA_REAL},
    {NULL, MK_SCHEMA_CLOSE},
    {"harmful_pp", MK_SCHEMA_REAL},
    {"tlsh", MK_SCHEMA_STRING},
    {"quality_warnings", MK_SCHEMA_ARRAY},
    {"categories", MK_SCHEMA_ARRAY},
    {"sentence_identifications", MK_SCHEMA_ARRAY},
    {NULL, MK_SCHEMA_CLOSE},
    END,
};

const mk_schema mk_schemas[] = {
    {"flat", flat},         {"datatrove", datatrove}, {"dolma", dolma}, {"fineweb2", fineweb2},
    {"culturax", culturax}, {"oscar", oscar},         {NULL, NULL},
};

const mk_schema *mk_schema_find(mk_str name)
{
    for (const mk_schema *s = mk_schemas; s->name; s++)
        if (mk_str_eq(mk_str_of(s->name), name))
            return s;
    return NULL;
}

/* ---- values ---- */

/* The kept lines as one string. Each is put with its quotes; then the closing
 * one makes way for a backslash, and the next line's opening one becomes the n
 * of the line break. */
static void put_text(const mk_doc *doc, mk_buf *out)
{
    bool first = true;

    for (size_t i = 0; i < doc->n_lines && !out->failed; i++) {
        if (doc->lines[i].gone)
            continue;
        const size_t at = out->len;
        mk_json_put(out, doc->lines[i].text);
        if (!first && !out->failed) {
            out->ptr[at - 1] = '\\';
            out->ptr[at] = 'n';
        }
        first = false;
    }
    if (first)
        mk_buf_puts(out, "\"\"");
}

bool mk_schema_has(const mk_schema *schema, mk_schema_value value)
{
    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++)
        if (f->value == value)
            return true;
    return false;
}

mk_str mk_schema_unknown(mk_schema_value value)
{
    static const char *const unknown[] = {[MK_SCHEMA_STRING] = "\"\"",
                                          [MK_SCHEMA_NO_PAIRS] = "\"{}\"",
                                          [MK_SCHEMA_REAL] = "0.0",
                                          [MK_SCHEMA_INTEGER] = "0",
                                          [MK_SCHEMA_ARRAY] = "[]"};

    return unknown[value] ? mk_str_of(unknown[value]) : (mk_str){0};
}

mk_str mk_schema_crawled(mk_str members)
{
    mk_json_object it = mk_json_object_of(members);
    mk_json_member m;

    if (!mk_str_has(members, MK_STR("\"crawled\"")))
        return (mk_str){"", 0};
    while (mk_json_object_next(&it, &m, NULL) == MK_OK)
        if (mk_str_eq(m.key.raw, MK_STR("\"crawled\"")) && m.value.type == MK_JSON_STRING &&
            m.value.plain)
            return mk_str_sub(m.value.raw, 1, m.value.raw.len - 1);
    return (mk_str){"", 0};
}

static void put_crawled(const mk_doc *doc, mk_str or, mk_buf *out)
{
    const mk_str crawled = mk_schema_crawled(doc->members);

    mk_json_put(out, crawled.len > 0 ? crawled : or);
}

/* ISO 15924, for the languages that we know: all are written in Arabic script. */
mk_str mk_schema_writing(mk_str lang)
{
    return mk_language_of_tag(lang) != MK_LANGUAGE_OTHER ? MK_STR("Arab") : MK_STR("");
}

static void put_value(mk_schema_value value, const mk_doc *doc, mk_buf *out)
{
    switch (value) {
    case MK_SCHEMA_ID:
        mk_json_put(out, doc->id);
        break;
    case MK_SCHEMA_TEXT:
        put_text(doc, out);
        break;
    case MK_SCHEMA_SOURCE:
        mk_json_put(out, doc->source);
        break;
    case MK_SCHEMA_URL:
        mk_json_put(out, doc->url);
        break;
    case MK_SCHEMA_TITLE:
        mk_json_put(out, doc->title);
        break;
    case MK_SCHEMA_DATE:
        mk_json_put(out, doc->date);
        break;
    case MK_SCHEMA_ADDED:
        put_crawled(doc, MK_STR(""), out);
        break;
    case MK_SCHEMA_CRAWLED:
        put_crawled(doc, doc->date, out);
        break;
    case MK_SCHEMA_LANG:
        mk_json_put(out, doc->lang);
        break;
    case MK_SCHEMA_WRITING:
        mk_json_put(out, mk_schema_writing(doc->lang));
        break;
    case MK_SCHEMA_MEMBERS:
        mk_json_put(out, doc->members.len ? doc->members : MK_STR("{}"));
        break;
    case MK_SCHEMA_STRING:
    case MK_SCHEMA_NO_PAIRS:
    case MK_SCHEMA_REAL:
    case MK_SCHEMA_INTEGER:
    case MK_SCHEMA_ARRAY:
        mk_buf_put(out, mk_schema_unknown(value));
        break;
    case MK_SCHEMA_OPEN:
    case MK_SCHEMA_CLOSE:
    case MK_SCHEMA_END:
        break;
    }
}

void mk_schema_put(const mk_schema *schema, const mk_doc *doc, mk_buf *out)
{
    const size_t start = out->len;
    const bool failed = out->failed;
    bool comma = false;

    mk_buf_putc(out, '{');
    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++) {
        if (f->value == MK_SCHEMA_CLOSE) {
            mk_buf_putc(out, '}');
            comma = true;
            continue;
        }
        mk_buf_puts(out, comma ? ",\"" : "\"");
        mk_buf_puts(out, f->key);
        mk_buf_puts(out, f->value == MK_SCHEMA_OPEN ? "\":{" : "\":");
        put_value(f->value, doc, out);
        comma = f->value != MK_SCHEMA_OPEN;
    }
    mk_buf_puts(out, "}\n");
    if (out->failed && !failed)
        out->len = start;
}
