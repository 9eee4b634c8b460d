/* papers.c: LICENSE, CITATION.cff (citation-file-format 1.2.0) and stats.json. Of a
 * licence its name, identifier and address are written: its text is others'.
 * Cases: tests/release/test_release.c. */
#include "base/json.h"
#include "release/papers.h"

#include <inttypes.h>

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

static void put_counts(const char *name, const mk_flat_counts *c, uint64_t content, mk_buf *out)
{
    mk_buf_printf(out,
                  "\"%s\":{\"documents\":%" PRIu64 ",\"content_bytes\":%" PRIu64
                  ",\"text_bytes\":%" PRIu64 ",\"letters\":%" PRIu64 ",\"words\":%" PRIu64 "}",
                  name, c->documents, content, c->bytes, c->letters, c->words);
}

void mk_stats_put(const mk_papers *p, mk_buf *out)
{
    const mk_flat_counts sum = mk_manifest_counts(p->m);
    uint64_t content = 0;

    mk_buf_puts(out, "{\"splits\":{");
    for (size_t i = 0; i < p->m->splits.n; i++) {
        mk_buf_puts(out, i ? ",\n" : "\n");
        put_counts(p->m->splits.items[i].name, &p->m->counts[i], p->m->content[i], out);
        content += p->m->content[i];
    }
    mk_buf_puts(out, "},\n");
    put_counts("all", &sum, content, out);
    mk_buf_puts(out, "}\n");
}
