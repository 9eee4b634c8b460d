/* card.c: README.md of a release. The front matter is what Hugging Face reads: the files
 * of each split, and the types and numbers of all records, so that its loader infers
 * nothing (github.com/huggingface/hub-docs, datasetcard.md). Strings in it are written
 * as in JSON, which YAML reads the same. Cases: tests/release/test_release.c. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "release/beside.h"
#include "release/papers.h"
#include "release/sources.h"

uint64_t mk_papers_stored(const mk_manifest *m)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < m->n_parts; i++)
        sum += m->parts[i].bytes;
    return sum;
}

mk_str mk_papers_value(const mk_papers *p, mk_meta_key key, const char *otherwise)
{
    const mk_str value = mk_metadata_get(p->meta, key);

    return value.len > 0 ? value : mk_str_of(otherwise);
}

/* ---- the front matter ---- */

static void put_list(const mk_papers *p, mk_meta_key key, const char *otherwise, mk_buf *out)
{
    const size_t n = p->meta->values[key].n;

    if (n == 0 && !otherwise)
        return;
    mk_buf_printf(out, "%s:\n", mk_metadata_name(key));
    if (n == 0)
        mk_buf_printf(out, "- %s\n", otherwise);
    for (size_t i = 0; i < n; i++) {
        mk_buf_puts(out, "- ");
        mk_json_put(out, p->meta->values[key].items[i]);
        mk_buf_putc(out, '\n');
    }
}

static void put_license(const mk_papers *p, mk_buf *out)
{
    const mk_str id = mk_metadata_get(p->meta, MK_META_LICENSE);
    const mk_license *const license = mk_license_find(id);

    if (license && license->hub) {
        mk_buf_printf(out, "license: %s\n", license->hub);
        return;
    }
    mk_buf_printf(out, "license: %s\n", id.len > 0 ? "other" : "unknown");
    if (id.len == 0)
        return;
    mk_buf_puts(out, "license_name: ");
    mk_json_put(out, license ? mk_str_of(license->name)
                             : mk_metadata_get(p->meta, MK_META_LICENSE_NAME));
    mk_buf_puts(out, "\nlicense_link: ");
    mk_json_put(out,
                license ? mk_str_of(license->url) : mk_metadata_get(p->meta, MK_META_LICENSE_LINK));
    mk_buf_putc(out, '\n');
}

/* The words for sizes that the hub knows. */
static const char *size_category(uint64_t n)
{
    static const struct {
        uint64_t below;
        const char *word;
    } sizes[] = {
        {1000, "n<1K"},
        {10000, "1K<n<10K"},
        {100000, "10K<n<100K"},
        {1000000, "100K<n<1M"},
        {10000000, "1M<n<10M"},
        {100000000, "10M<n<100M"},
        {1000000000, "100M<n<1B"},
        {10000000000, "1B<n<10B"},
    };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
        if (n < sizes[i].below)
            return sizes[i].word;
    return "10B<n<100B";
}

static void put_configs(const mk_manifest *m, mk_buf *out)
{
    mk_buf_puts(out, "configs:\n- config_name: default\n  data_files:\n");
    for (size_t i = 0; i < m->splits.n; i++)
        if (m->counts[i].documents > 0)
            mk_buf_printf(out, "  - split: %s\n    path: %s/%s-*-of-*.jsonl.%s\n",
                          m->splits.items[i].name, mk_flat_folder(mk_manifest_schema(m)),
                          m->splits.items[i].name, mk_manifest_codec(m->codec));
}

/* Lists are empty where they are not known; those who fill them put words in. */
static const char *feature_of(mk_schema_value value)
{
    return value == MK_SCHEMA_REAL      ? "dtype: float64"
           : value == MK_SCHEMA_INTEGER ? "dtype: int64"
           : value == MK_SCHEMA_ARRAY   ? "sequence: string"
                                        : "dtype: string";
}

static void put_features(const mk_schema *schema, mk_buf *out)
{
    int indent = 2;

    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++) {
        if (f->value == MK_SCHEMA_CLOSE) {
            indent -= 2;
            continue;
        }
        mk_buf_printf(out, "%*s- name: %s\n", indent, "", f->key);
        mk_buf_printf(out, "%*s  %s\n", indent, "",
                      f->value == MK_SCHEMA_OPEN ? "struct:" : feature_of(f->value));
        indent += f->value == MK_SCHEMA_OPEN ? 2 : 0;
    }
}

static void put_info(const mk_manifest *m, mk_buf *out)
{
    uint64_t size = 0;

    mk_buf_puts(out, "dataset_info:\n  features:\n");
    put_features(mk_manifest_schema(m), out);
    mk_buf_puts(out, "  splits:\n");
    for (size_t i = 0; i < m->splits.n; i++) {
        if (m->counts[i].documents == 0)
            continue;
        mk_buf_printf(out,
                      "  - name: %s\n    num_bytes: %" PRIu64 "\n    num_examples: %" PRIu64 "\n",
                      m->splits.items[i].name, m->content[i], m->counts[i].documents);
        size += m->content[i];
    }
    mk_buf_printf(out, "  download_size: %" PRIu64 "\n  dataset_size: %" PRIu64 "\n",
                  mk_papers_stored(m), size);
}

static void put_front(const mk_papers *p, mk_buf *out)
{
    mk_buf_puts(out, "---\n");
    put_list(p, MK_META_LANGUAGE, "ar", out);
    put_license(p, out);
    mk_buf_puts(out, "pretty_name: ");
    mk_json_put(out, mk_papers_value(p, MK_META_PRETTY_NAME, "TODO"));
    mk_buf_printf(out, "\nsize_categories:\n- %s\n",
                  size_category(mk_manifest_counts(p->m).documents));
    put_list(p, MK_META_TASK_CATEGORIES, "text-generation", out);
    put_list(p, MK_META_SOURCE_DATASETS, NULL, out);
    if (p->meta->values[MK_META_KEYWORDS].n > 0) {
        mk_buf_puts(out, "tags:\n");
        for (size_t i = 0; i < p->meta->values[MK_META_KEYWORDS].n; i++) {
            mk_buf_puts(out, "- ");
            mk_json_put(out, p->meta->values[MK_META_KEYWORDS].items[i]);
            mk_buf_putc(out, '\n');
        }
    }
    put_configs(p->m, out);
    put_info(p->m, out);
    mk_buf_puts(out, "---\n");
}

/* ---- the prose ---- */

static void lack(const mk_papers *p, mk_meta_key key)
{
    if (!p->lacks)
        return;
    if (p->lacks->len > 0)
        mk_buf_puts(p->lacks, ", ");
    mk_buf_puts(p->lacks, mk_metadata_name(key));
}

/* What people have to say under a heading. */
static void put_told(const mk_papers *p, mk_meta_key key, const char *heading, const char *what,
                     mk_buf *out)
{
    const mk_str value = mk_metadata_get(p->meta, key);

    if (heading)
        mk_buf_printf(out, "\n## %s\n", heading);
    mk_buf_putc(out, '\n');
    if (value.len > 0) {
        mk_buf_put(out, value);
        mk_buf_putc(out, '\n');
        return;
    }
    mk_buf_printf(out, "TODO: %s (`%s` of the metadata)\n", what, mk_metadata_name(key));
    lack(p, key);
}

/* 1,234,567 */
static void put_number(mk_buf *out, uint64_t n)
{
    char digits[32];
    const int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            mk_buf_putc(out, ',');
        mk_buf_putc(out, digits[i]);
    }
}

static void put_row(mk_buf *out, const char *name, const mk_flat_counts *c, size_t shards,
                    uint64_t content)
{
    const uint64_t cells[] = {c->documents, shards, content, c->bytes, c->letters, c->words};

    mk_buf_printf(out, "| %s |", name);
    for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
        mk_buf_putc(out, ' ');
        put_number(out, cells[i]);
        mk_buf_puts(out, " |");
    }
    mk_buf_putc(out, '\n');
}

/* What a member is for a reader. */
static const char *member_of(mk_schema_value value)
{
    return value == MK_SCHEMA_WRITING ? "the script of the language"
           : mk_schema_unknown(value).ptr
               ? "there for those who read this schema: not known, the same in all lines"
               : mk_papers_member(value);
}

static void put_members(const mk_schema *schema, mk_buf *out)
{
    char path[256] = "";

    for (const mk_schema_field *f = schema->fields; f->value != MK_SCHEMA_END; f++) {
        const size_t len = strlen(path);
        if (f->value == MK_SCHEMA_CLOSE) {
            path[len - 1] = '\0';
            char *const point = strrchr(path, '.');
            *(point ? point + 1 : path) = '\0';
        } else if (f->value == MK_SCHEMA_OPEN) {
            snprintf(path + len, sizeof(path) - len, "%s.", f->key);
        } else {
            mk_buf_printf(out, "| `%s%s` | %s |\n", path, f->key, member_of(f->value));
        }
    }
}

static void put_contents(const mk_papers *p, mk_buf *out)
{
    const mk_manifest *const m = p->m;
    const mk_flat_counts sum = mk_manifest_counts(m);
    uint64_t content = 0;

    mk_buf_puts(out,
                "\n## Contents\n\n| split | documents | shards | bytes of JSONL | bytes of text "
                "| letters | words |\n| --- | --: | --: | --: | --: | --: | --: |\n");
    for (size_t i = 0; i < m->splits.n; i++) {
        size_t shards = 0;
        for (size_t k = 0; k < m->n_parts; k++)
            shards += m->parts[k].split == i;
        put_row(out, m->splits.items[i].name, &m->counts[i], shards, m->content[i]);
        content += m->content[i];
    }
    put_row(out, "all", &sum, m->n_parts, content);
    mk_buf_printf(out, "\nThe shards are %s, ", m->codec == MK_CODEC_GZ ? "gzip" : "zstd");
    put_number(out, mk_papers_stored(m));
    mk_buf_printf(out,
                  " bytes as stored. A line is a document of the schema `%s`; its members stand in "
                  "this order, and what is not known is empty:\n\n"
                  "| member | what it is |\n| --- | --- |\n",
                  mk_manifest_schema(m)->name);
    put_members(mk_manifest_schema(m), out);
}

static void put_splits(const mk_papers *p, mk_buf *out)
{
    const mk_manifest *const m = p->m;

    if (m->splits.n < 2)
        return;
    mk_buf_puts(out,
                "\n## Splits\n\nA document's split is told by SHA-256 of a salt and of what it "
                "belongs to");
    if (mk_str_eq(m->group_field, MK_STR("id"))) {
        mk_buf_puts(out, " (its `id`)");
    } else if (m->group_field.len > 0) {
        mk_buf_puts(out, " (`");
        mk_buf_put(out, m->group_field);
        mk_buf_puts(out, "`, else the host of its address, else its id)");
    }
    mk_buf_puts(out, ": documents of one group are in one split, and none moves when the corpus "
                     "grows. Shares: ");
    for (size_t i = 0; i < m->splits.n; i++)
        mk_buf_printf(out, "%s%s %g %%", i ? ", " : "", m->splits.items[i].name,
                      m->splits.items[i].part / 10000.0);
    mk_buf_puts(out, ".\n");
}

static void put_share(uint64_t millionths, mk_buf *out)
{
    mk_buf_printf(out, "%" PRIu64 ".%02" PRIu64 " %%", millionths / 10000,
                  millionths % 10000 / 100);
}

/* How often a removal was wrong. */
static void put_audit(const mk_audit_note *a, mk_buf *out)
{
    if (!a->sha256[0])
        return;
    mk_buf_puts(out, "\nOf ");
    put_number(out, a->removals);
    mk_buf_puts(out, a->removals == 1 ? " removal people judged " : " removals people judged ");
    put_number(out, a->right + a->wrong + a->unsure);
    mk_buf_puts(out, ", drawn at random: ");
    put_number(out, a->wrong);
    mk_buf_puts(out, " wrong, ");
    put_number(out, a->right);
    mk_buf_puts(out, " right, ");
    put_number(out, a->unsure);
    mk_buf_puts(out, " not to be told. False removals, weighted by how many each rule made: ");
    put_share(a->rate, out);
    mk_buf_puts(out, " (95 % interval of Wilson: ");
    put_share(a->low, out);
    mk_buf_puts(out, " to ");
    put_share(a->high, out);
    mk_buf_puts(out, ").\n");
}

/* Where a reader finds what was taken away. */
static void put_beside(const mk_manifest *m, mk_buf *out)
{
    const bool ledger = mk_manifest_has(m, "ledger/");
    const bool report = mk_manifest_has(m, MK_REPORT_NAME);

    if (ledger)
        mk_buf_puts(out, "\n`ledger/` has a line for each record: what was removed and changed, "
                         "where and by which rule. `minkhal restore` gives back the texts as they "
                         "were read.");
    if (report)
        mk_buf_printf(out, "%s`" MK_REPORT_NAME "` shows what was removed, in figures and samples.",
                      ledger ? " " : "\n");
    if (ledger || report)
        mk_buf_putc(out, '\n');
    if (mk_manifest_has(m, MK_ATTRIBUTES_FOLDER "/"))
        mk_buf_puts(out, "\n`" MK_ATTRIBUTES_FOLDER "/` has the same as spans, a line for each "
                         "document, for Dolma's tools.\n");
}

static void put_making(const mk_papers *p, mk_buf *out)
{
    const mk_manifest *const m = p->m;
    uint64_t in = 0;

    for (size_t i = 0; i < m->inputs.n; i++)
        in += m->inputs.items[i].documents;
    mk_buf_puts(out, "\n## How it was made\n\nCleaned and packed by minkhal ");
    mk_buf_put(out, m->version);
    mk_buf_puts(out, " from ");
    put_number(out, in);
    mk_buf_printf(out,
                  " %s in %zu %s. `manifest.json` has the digests of what was read, the "
                  "options, and where each shard and its parts begin; `minkhal verify` "
                  "checks all of it, `sha256sum -c SHA256SUMS` the files.\n",
                  in == 1 ? "document" : "documents", m->inputs.n,
                  m->inputs.n == 1 ? "file" : "files");
    for (size_t i = 0; i < m->n_runs; i++) {
        uint64_t counts[MK_RUN_COUNTS] = {0};
        if (!mk_run_counts(m->runs[i].report, counts))
            continue;
        mk_buf_puts(out, "\nWhat became of the records of ");
        mk_buf_puts(out, m->n_runs == 1 ? "the run:" : "a run:");
        for (size_t k = 0; k < MK_RUN_COUNTS; k++) {
            mk_buf_printf(out, "%s%s ", k ? ", " : " ", mk_run_count_names[k]);
            put_number(out, counts[k]);
        }
        mk_buf_puts(out, ".\n");
    }
    put_beside(m, out);
    put_audit(&m->audit, out);
    for (size_t i = 0; i < m->n_takedowns; i++) {
        mk_buf_puts(out, "\nTaken down since: ");
        put_number(out, m->takedowns[i].documents);
        mk_buf_printf(out, " document%s, by ", m->takedowns[i].documents == 1 ? "" : "s");
        mk_buf_put(out, m->takedowns[i].by);
        mk_buf_puts(out, " (");
        mk_buf_put(out, m->takedowns[i].reason);
        mk_buf_puts(out, ").\n");
    }
}

static void put_license_section(const mk_papers *p, mk_buf *out)
{
    const mk_str id = mk_metadata_get(p->meta, MK_META_LICENSE);
    const mk_license *const license = mk_license_find(id);

    mk_buf_puts(out, "\n## License\n\n");
    if (id.len == 0) {
        mk_buf_puts(out, "TODO: the licence, an identifier of SPDX (`license` of the metadata)\n");
        lack(p, MK_META_LICENSE);
    } else if (license) {
        mk_buf_printf(out, "%s (%s), %s\n", license->name, license->id, license->url);
    } else {
        mk_buf_put(out, mk_metadata_get(p->meta, MK_META_LICENSE_NAME));
        mk_buf_puts(out, ", ");
        mk_buf_put(out, mk_metadata_get(p->meta, MK_META_LICENSE_LINK));
        mk_buf_putc(out, '\n');
    }
}

static void put_authors(const mk_papers *p, mk_buf *out)
{
    mk_buf_puts(out, "\n## Authors and citation\n\n");
    for (size_t i = 0; i < p->meta->n_authors; i++) {
        const mk_person *const a = &p->meta->authors[i];
        mk_buf_puts(out, "- ");
        mk_buf_put(out, a->values[MK_PERSON_NAME]);
        if (a->values[MK_PERSON_AFFILIATION].len > 0) {
            mk_buf_puts(out, ", ");
            mk_buf_put(out, a->values[MK_PERSON_AFFILIATION]);
        }
        mk_buf_putc(out, '\n');
    }
    if (p->meta->n_authors == 0) {
        mk_buf_puts(out, "TODO: who made it (`authors` of the metadata)\n");
        lack(p, MK_META_AUTHORS);
    }
    put_told(p, MK_META_CITATION, NULL, "how to cite it", out);
    if (mk_metadata_get(p->meta, MK_META_CONTACT).len > 0) {
        mk_buf_puts(out, "\nContact: ");
        mk_buf_put(out, mk_metadata_get(p->meta, MK_META_CONTACT));
        mk_buf_putc(out, '\n');
    }
}

void mk_card_put(const mk_papers *p, mk_buf *out)
{
    static const mk_meta_key needed[] = {MK_META_NAME, MK_META_VERSION, MK_META_DATE,
                                         MK_META_HOMEPAGE};

    put_front(p, out);
    mk_buf_puts(out, "\n# ");
    mk_buf_put(out, mk_papers_value(p, MK_META_PRETTY_NAME, "TODO"));
    mk_buf_puts(out, "\n\nVersion ");
    mk_buf_put(out, mk_papers_value(p, MK_META_VERSION, "TODO"));
    mk_buf_puts(out, ".\n");
    for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
        if (mk_metadata_get(p->meta, needed[i]).len == 0)
            lack(p, needed[i]);
    if (mk_metadata_get(p->meta, MK_META_PRETTY_NAME).len == 0)
        lack(p, MK_META_PRETTY_NAME);
    put_told(p, MK_META_DESCRIPTION, NULL, "what it is, in a paragraph", out);
    put_contents(p, out);
    put_splits(p, out);
    put_told(p, MK_META_SOURCE, "Source", "where the texts are from", out);
    put_told(p, MK_META_MOTIVATION, "Motivation", "for what purpose it was made, and who paid",
             out);
    put_told(p, MK_META_COLLECTION, "Collection", "how and when the texts were collected", out);
    put_making(p, out);
    put_told(p, MK_META_PERSONAL, "Personal and sensitive information",
             "what there may be of it, and what was done", out);
    put_told(p, MK_META_USES, "Uses", "what it is good for, and what it must not be used for", out);
    put_told(p, MK_META_LIMITATIONS, "Biases, risks and limitations",
             "what users should know beforehand", out);
    put_told(p, MK_META_MAINTENANCE, "Maintenance",
             "who keeps it, and how to ask that something be taken down", out);
    put_license_section(p, out);
    put_authors(p, out);
}
