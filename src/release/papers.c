/* papers.c: LICENSE, CITATION.cff (citation-file-format 1.2.0) and stats.json. Of a
 * licence its name, identifier and address are written: its text is others'.
 * Cases: tests/release/test_release.c. */
#include "base/json.h"
#include "release/papers.h"

#include <stdlib.h>

const char *mk_papers_member(mk_schema_value value)
{
    static const struct {
        mk_schema_value value;
        const char *words;
    } members[] = {
        {MK_SCHEMA_ID, "name of the document, the same in later versions"},
        {MK_SCHEMA_TEXT, "the text, with line feeds between its lines"},
        {MK_SCHEMA_SOURCE, "file or record that it was read from"},
        {MK_SCHEMA_URL, "address of the page"},
        {MK_SCHEMA_TITLE, "title of the page"},
        {MK_SCHEMA_DATE, "date of the page"},
        {MK_SCHEMA_ADDED, "date of the crawl"},
        {MK_SCHEMA_CRAWLED, "date of the crawl, else of the page"},
        {MK_SCHEMA_LANG, "language of the page"},
        {MK_SCHEMA_MEMBERS, "a JSON object as a string: what else is known"},
    };

    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
        if (members[i].value == value)
            return members[i].words;
    return "";
}

void mk_license_put(const mk_papers *p, mk_buf *out)
{
    const mk_str id = mk_metadata_get(p->meta, MK_META_LICENSE);
    const mk_license *const license = mk_license_find(id);

    if (id.len == 0) {
        mk_buf_puts(out, "TODO: no licence was named (`license` of the metadata).\n");
        return;
    }
    mk_buf_puts(out, "This data set is given under this licence:\n\n");
    if (license) {
        mk_buf_printf(out, "%s\n\nSPDX-License-Identifier: %s\n%s\n", license->name, license->id,
                      license->url);
        return;
    }
    mk_buf_put(out, mk_metadata_get(p->meta, MK_META_LICENSE_NAME));
    mk_buf_puts(out, "\n\nSPDX-License-Identifier: ");
    mk_buf_put(out, id);
    mk_buf_putc(out, '\n');
    mk_buf_put(out, mk_metadata_get(p->meta, MK_META_LICENSE_LINK));
    mk_buf_putc(out, '\n');
}

/* "name: value" if there is one. */
static void put_field(const mk_papers *p, mk_meta_key key, const char *name, mk_buf *out)
{
    const mk_str value = mk_metadata_get(p->meta, key);

    if (value.len == 0)
        return;
    mk_buf_printf(out, "%s: ", name);
    mk_json_put(out, value);
    mk_buf_putc(out, '\n');
}

static void put_author(const mk_person *a, mk_buf *out)
{
    /* Of an entity, which is what has one name, the format knows no affiliation. */
    static const struct {
        mk_person_key key;
        const char *name;
    } fields[] = {{MK_PERSON_EMAIL, "email"}, {MK_PERSON_URL, "website"}};

    mk_buf_puts(out, "- name: ");
    mk_json_put(out, a->values[MK_PERSON_NAME]);
    mk_buf_putc(out, '\n');
    if (a->values[MK_PERSON_ORCID].len > 0) {
        mk_buf_puts(out, "  orcid: \"https://orcid.org/");
        mk_buf_put(out, a->values[MK_PERSON_ORCID]);
        mk_buf_puts(out, "\"\n");
    }
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if (a->values[fields[i].key].len > 0) {
            mk_buf_printf(out, "  %s: ", fields[i].name);
            mk_json_put(out, a->values[fields[i].key]);
            mk_buf_putc(out, '\n');
        }
}

void mk_citation_put(const mk_papers *p, mk_buf *out)
{
    const mk_license *const license = mk_license_find(mk_metadata_get(p->meta, MK_META_LICENSE));

    mk_buf_puts(out, "cff-version: 1.2.0\n"
                     "message: \"Please cite this data set as below.\"\n"
                     "type: dataset\ntitle: ");
    mk_json_put(out, mk_papers_value(p, MK_META_PRETTY_NAME, "TODO"));
    mk_buf_puts(out, "\nauthors:\n");
    for (size_t i = 0; i < p->meta->n_authors; i++)
        put_author(&p->meta->authors[i], out);
    if (p->meta->n_authors == 0)
        mk_buf_puts(out, "- name: \"TODO\"\n");
    put_field(p, MK_META_VERSION, "version", out);
    put_field(p, MK_META_DATE, "date-released", out);
    put_field(p, MK_META_DOI, "doi", out);
    put_field(p, MK_META_HOMEPAGE, "url", out);
    put_field(p, MK_META_REPOSITORY, "repository", out);
    if (license)
        mk_buf_printf(out, "license: %s\n", license->id);
    put_field(p, MK_META_DESCRIPTION, "abstract", out);
}

void mk_figures_put(const mk_papers *p, mk_buf *out)
{
    mk_scratch scratch = {0};
    mk_str json;

    if (mk_stats_json(p->stats, &scratch, &json))
        mk_buf_put(out, json);
    else
        out->failed = true;
    free(scratch.ptr);
}
