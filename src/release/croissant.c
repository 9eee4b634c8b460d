/* croissant.c: croissant.json, metadata that programs of others read (mlcommons/croissant,
 * docs/croissant-spec-1.0.md). A file object for each shard, a file set and a record set
 * for each split. Names of files are relative to croissant.json, so it holds wherever
 * the release lies. mlcroissant reads records of .gz, not of .zst. It takes
 * whatever is named date or timestamp for a time, and fails where text was said: so there
 * are no such columns in the record sets. What is in an object is a field with a path.
 *
 * 1.1 says besides what the release was derived from and by what activity (PROV).
 * Cases: tests/release/test_release.c, tests/peers/release.py. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "release/papers.h"

/* The context that readers expect, word for word: the names of the vocabulary. */
static const char context_head[] = "\"@language\":\"en\",\"@vocab\":\"https://schema.org/\",";
static const char context_1_1[] =
    "\"arrayShape\":\"cr:arrayShape\",\"containedIn\":\"cr:containedIn\","
    "\"description\":{\"@container\":\"@language\"},\"isArray\":\"cr:isArray\","
    "\"name\":{\"@container\":\"@language\"},\"prov\":\"http://www.w3.org/ns/prov#\",";
static const char context_all[] =
    "\"citeAs\":\"cr:citeAs\",\"column\":\"cr:column\",\"conformsTo\":\"dct:conformsTo\","
    "\"cr\":\"http://mlcommons.org/croissant/\",\"rai\":\"http://mlcommons.org/croissant/RAI/\","
    "\"data\":{\"@id\":\"cr:data\",\"@type\":\"@json\"},"
    "\"dataType\":{\"@id\":\"cr:dataType\",\"@type\":\"@vocab\"},"
    "\"dct\":\"http://purl.org/dc/terms/\",\"equivalentProperty\":\"cr:equivalentProperty\","
    "\"examples\":{\"@id\":\"cr:examples\",\"@type\":\"@json\"},\"extract\":\"cr:extract\","
    "\"field\":\"cr:field\",\"fileProperty\":\"cr:fileProperty\",\"fileObject\":\"cr:fileObject\","
    "\"fileSet\":\"cr:fileSet\",\"format\":\"cr:format\",\"includes\":\"cr:includes\","
    "\"isLiveDataset\":\"cr:isLiveDataset\",\"jsonPath\":\"cr:jsonPath\",\"key\":\"cr:key\","
    "\"md5\":\"cr:md5\",\"parentField\":\"cr:parentField\",\"path\":\"cr:path\","
    "\"recordSet\":\"cr:recordSet\",\"references\":\"cr:references\",\"regex\":\"cr:regex\","
    "\"repeated\":\"cr:repeated\",\"replace\":\"cr:replace\",\"samplingRate\":\"cr:samplingRate\","
    "\"sc\":\"https://schema.org/\",\"separator\":\"cr:separator\",\"source\":\"cr:source\","
    "\"subField\":\"cr:subField\",\"transform\":\"cr:transform\"";

static void put_text(mk_buf *out, const char *key, mk_str value)
{
    mk_buf_printf(out, ",\n\"%s\":", key);
    mk_json_put(out, value);
}

static void put_license(const mk_papers *p, mk_buf *out)
{
    const mk_str id = mk_metadata_get(p->meta, MK_META_LICENSE);
    const mk_license *const license = mk_license_find(id);

    if (license)
        put_text(out, "license", mk_str_of(license->url));
    else if (id.len > 0)
        put_text(out, "license", mk_metadata_get(p->meta, MK_META_LICENSE_LINK));
}

static void put_people(const mk_papers *p, mk_buf *out)
{
    if (p->meta->n_authors == 0)
        return;
    mk_buf_puts(out, ",\n\"creator\":[");
    for (size_t i = 0; i < p->meta->n_authors; i++) {
        const mk_person *const a = &p->meta->authors[i];
        mk_buf_printf(out, "%s{\"@type\":\"sc:Person\",\"name\":", i ? ",\n" : "");
        mk_json_put(out, a->values[MK_PERSON_NAME]);
        if (a->values[MK_PERSON_EMAIL].len > 0) {
            mk_buf_puts(out, ",\"email\":");
            mk_json_put(out, a->values[MK_PERSON_EMAIL]);
        }
        if (a->values[MK_PERSON_URL].len > 0) {
            mk_buf_puts(out, ",\"url\":");
            mk_json_put(out, a->values[MK_PERSON_URL]);
        } else if (a->values[MK_PERSON_ORCID].len > 0) {
            mk_buf_puts(out, ",\"url\":\"https://orcid.org/");
            mk_buf_put(out, a->values[MK_PERSON_ORCID]);
            mk_buf_putc(out, '"');
        }
        mk_buf_putc(out, '}');
    }
    mk_buf_putc(out, ']');
}

static void put_words(const mk_papers *p, mk_meta_key key, const char *name, const char *otherwise,
                      mk_buf *out)
{
    const size_t n = p->meta->values[key].n;

    if (n == 0 && !otherwise)
        return;
    mk_buf_printf(out, ",\n\"%s\":[", name);
    if (n == 0)
        mk_buf_printf(out, "\"%s\"", otherwise);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            mk_buf_putc(out, ',');
        mk_json_put(out, p->meta->values[key].items[i]);
    }
    mk_buf_putc(out, ']');
}

static void put_head(const mk_papers *p, mk_buf *out)
{
    const mk_str url = mk_metadata_get(p->meta, MK_META_HOMEPAGE);
    const mk_str date = mk_metadata_get(p->meta, MK_META_DATE);
    const mk_str citation = mk_metadata_get(p->meta, MK_META_CITATION);

    put_text(out, "name", mk_papers_value(p, MK_META_NAME, "dataset"));
    put_text(out, "description", mk_papers_value(p, MK_META_DESCRIPTION, "TODO"));
    mk_buf_printf(out, ",\n\"conformsTo\":\"http://mlcommons.org/croissant/%.*s\"",
                  (int)p->m->croissant.len, p->m->croissant.ptr);
    put_license(p, out);
    if (url.len > 0)
        put_text(out, "url", url);
    put_people(p, out);
    if (date.len > 0)
        put_text(out, "datePublished", date);
    put_text(out, "version", mk_papers_value(p, MK_META_VERSION, "0.0.0"));
    if (citation.len > 0)
        put_text(out, "citeAs", citation);
    put_words(p, MK_META_LANGUAGE, "inLanguage", "ar", out);
    put_words(p, MK_META_KEYWORDS, "keywords", NULL, out);
}

/* What it was made of and by what. */
static void put_prov(const mk_papers *p, mk_buf *out)
{
    const mk_manifest *const m = p->m;

    mk_buf_puts(out, ",\n\"prov:wasDerivedFrom\":[");
    for (size_t i = 0; i < m->inputs.n; i++) {
        mk_buf_puts(out, i ? ",\n" : "\n");
        mk_buf_printf(out, "{\"@id\":\"urn:sha256:%s\",\"@type\":\"prov:Entity\",\"prov:label\":",
                      m->inputs.items[i].sha256);
        mk_json_put(out, m->inputs.items[i].name);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out,
                "],\n\"prov:wasGeneratedBy\":{\"@type\":\"prov:Activity\",\"prov:label\":"
                "\"minkhal pack\",\"prov:wasAssociatedWith\":{\"@type\":\"prov:SoftwareAgent\","
                "\"prov:label\":");
    mk_buf_puts(out, "\"minkhal ");
    mk_buf_put(out, m->version);
    mk_buf_puts(out, "\"}}");
}

static void put_files(const mk_papers *p, mk_buf *out)
{
    const mk_manifest *const m = p->m;

    mk_buf_puts(out, ",\n\"distribution\":[");
    for (size_t i = 0; i < m->n_parts; i++) {
        const mk_part *const f = &m->parts[i];
        mk_buf_printf(out,
                      "%s{\"@type\":\"cr:FileObject\",\"@id\":\"%s\",\"name\":\"%s\","
                      "\"contentUrl\":\"%s\",\"contentSize\":\"%" PRIu64 " B\","
                      "\"encodingFormat\":\"application/jsonlines\",\"sha256\":\"%s\"}",
                      i ? ",\n" : "\n", f->name, f->name, f->name, f->bytes, f->sha256);
    }
    for (size_t i = 0; i < m->splits.n; i++)
        if (m->counts[i].documents > 0)
            mk_buf_printf(out,
                          ",\n{\"@type\":\"cr:FileSet\",\"@id\":\"%s-files\",\"name\":\"%s-files\","
                          "\"encodingFormat\":\"application/jsonlines\","
                          "\"includes\":\"%s/%s-*-of-*.jsonl.%s\"}",
                          m->splits.items[i].name, m->splits.items[i].name,
                          mk_flat_folder(mk_manifest_schema(m)), m->splits.items[i].name,
                          mk_manifest_codec(m->codec));
    mk_buf_puts(out, "]");
}

/* "a/b" as the path 'a'.'b': names have signs of their own in them. */
static void put_path(const char *path, mk_buf *out)
{
    mk_buf_puts(out, ",\"transform\":{\"jsonPath\":\"'");
    for (; *path; path++)
        if (*path == '/')
            mk_buf_puts(out, "'.'");
        else
            mk_buf_putc(out, *path);
    mk_buf_puts(out, "'\"}");
}

/* One field: `path` in the column of that name. */
static void put_field(const char *split, const char *column, const char *path,
                      mk_schema_value value, mk_buf *out)
{
    const char *const inner = strlen(path) > strlen(column) ? path + strlen(column) + 1 : NULL;
    const char *const words = mk_papers_member(value);

    mk_buf_printf(out,
                  "{\"@type\":\"cr:Field\",\"@id\":\"%s/%s\",\"name\":\"%s/%s\","
                  "\"description\":\"%s\",\"dataType\":\"sc:%s\",",
                  split, path, split, path,
                  value == MK_SCHEMA_WRITING ? "script of the language"
                  : words[0]                 ? words
                                             : "not known, the same in all lines",
                  value == MK_SCHEMA_REAL      ? "Float"
                  : value == MK_SCHEMA_INTEGER ? "Integer"
                                               : "Text");
    mk_buf_printf(
        out, "%s\"source\":{\"fileSet\":{\"@id\":\"%s-files\"},\"extract\":{\"column\":\"%s\"}",
        value == MK_SCHEMA_ARRAY ? "\"repeated\":true," : "", split, column);
    if (inner)
        put_path(inner, out);
    mk_buf_puts(out, "}}");
}

/* Columns that pandas takes for times by their names, whatever was said. */
static bool is_time(const char *column)
{
    return strcmp(column, "date") == 0 || strcmp(column, "timestamp") == 0;
}

/* A field for each value of the schema; of objects, what is in them. */
static void put_fields(const mk_schema *schema, const char *split, mk_buf *out)
{
    char path[256] = "", column[64] = "";
    size_t ends[8] = {0}, depth = 0; /* of path, where an object begins */
    bool comma = false;

    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++) {
        if (f->value == MK_SCHEMA_CLOSE) {
            depth--;
            continue;
        }
        const size_t len = ends[depth];
        snprintf(path + len, sizeof(path) - len, "%s%s", depth ? "/" : "", f->key);
        if (depth == 0)
            snprintf(column, sizeof(column), "%s", f->key);
        if (f->value == MK_SCHEMA_OPEN) {
            ends[++depth] = strlen(path);
            continue;
        }
        if (depth == 0 && is_time(f->key))
            continue;
        mk_buf_puts(out, comma ? ",\n" : "\n");
        comma = true;
        put_field(split, column, path, f->value, out);
    }
}

static void put_records(const mk_papers *p, mk_buf *out)
{
    bool comma = false;

    mk_buf_puts(out, ",\n\"recordSet\":[");
    for (size_t i = 0; i < p->m->splits.n; i++) {
        const char *const split = p->m->splits.items[i].name;
        if (p->m->counts[i].documents == 0)
            continue;
        mk_buf_printf(out,
                      "%s{\"@type\":\"cr:RecordSet\",\"@id\":\"%s\",\"name\":\"%s\","
                      "\"description\":\"documents of the split %s\",\"field\":[",
                      comma ? ",\n" : "\n", split, split, split);
        comma = true;
        put_fields(mk_manifest_schema(p->m), split, out);
        mk_buf_puts(out, "]}");
    }
    mk_buf_puts(out, "]\n}\n");
}

void mk_croissant_put(const mk_papers *p, mk_buf *out)
{
    const bool later = mk_str_eq(p->m->croissant, MK_STR("1.1"));

    mk_buf_puts(out, "{\"@context\":{");
    mk_buf_puts(out, context_head);
    if (later)
        mk_buf_puts(out, context_1_1);
    mk_buf_puts(out, context_all);
    mk_buf_puts(out, "},\n\"@type\":\"sc:Dataset\"");
    put_head(p, out);
    if (later)
        put_prov(p, out);
    put_files(p, out);
    put_records(p, out);
}
