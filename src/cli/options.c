/* options.c: the table of options and the parser that reads it. Long options
 * are never shortened: what is short today may be ambiguous tomorrow. Refuses
 * what is not in the table, with the nearest name that is.
 * Cases: fixtures/cli/usage_*. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "options.h"

/* ---- the table ---- */

#define CLEAN CLI_BIT(CLI_CLEAN)
#define CAT CLI_BIT(CLI_CAT)
#define EXPLAIN CLI_BIT(CLI_EXPLAIN)
#define MINE CLI_BIT(CLI_MINE)
#define SWEEP CLI_BIT(CLI_SWEEP)
#define RESTORE CLI_BIT(CLI_RESTORE)
#define VERIFY CLI_BIT(CLI_VERIFY)
#define STATS CLI_BIT(CLI_STATS)
#define DIFF CLI_BIT(CLI_DIFF)
#define AUDIT CLI_BIT(CLI_AUDIT)
#define REPORT CLI_BIT(CLI_REPORT)
#define NORMALIZE CLI_BIT(CLI_NORMALIZE)
#define PACK CLI_BIT(CLI_PACK)
#define GET CLI_BIT(CLI_GET)
#define TAKEDOWN CLI_BIT(CLI_TAKEDOWN)
#define FILTERS CLI_BIT(CLI_FILTERS)
#define MAIN CLI_BIT(CLI_MAIN)
#define ANY (CLI_BIT(CLI_N_COMMANDS) - 1)

#define VALUE(field) .offset = offsetof(cli_args, field)
#define NO_LIMIT UINT64_MAX

enum {
    MAX_THREADS = 256,     /* threads: what the library takes at most */
    MAX_FOLDS = 100,       /* folds: what the library takes at most */
    MAX_WORST = 1000000,   /* pages that are told one by one: more than anyone reads */
    MAX_DEPTH = 8,         /* codecs: each takes its window */
    MAX_SAMPLES = 1000,    /* of a rule: more than anyone reads */
    MAX_SITES = 100000,    /* rows of a table: as many as are told apart */
    MAX_LEVEL = 19,        /* the highest level that a codec has (zstd) */
    MAX_DOC = 1 << 30,     /* bytes: the ceiling of one buffer of the library */
    DEFAULT_DOC = 64 << 20 /* bytes: 64M, far above any page */
};

#define DEFAULT_UNPACKED (UINT64_C(1) << 40) /* bytes */
#define DEFAULT_MEMORY (UINT64_C(512) << 20) /* bytes */
#define MAX_MEMORY (UINT64_C(1) << 40)       /* bytes: more than machines have */
#define MAX_SHARD (UINT64_C(1) << 40)        /* bytes: more than anyone wants to move */

const char *const cli_groups[CLI_N_GROUPS] = {
    [CLI_GROUP_INPUT] = "Input",
    [CLI_GROUP_OUTPUT] = "Output",
    [CLI_GROUP_FILTERS] = "What is removed and changed",
    [CLI_GROUP_RUN] = "The run",
    [CLI_GROUP_OTHER] = "Other",
};

const cli_option cli_options[] = {
    /* input */
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS | DIFF,
     .group = CLI_GROUP_INPUT,
     .name = "text-field",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(text_field),
     .help = "the member of a JSONL record that holds its text",
     .shown = "text, else content, else raw_content"},
    {.commands = CLEAN | CAT | EXPLAIN | DIFF,
     .group = CLI_GROUP_INPUT,
     .name = "id-field",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(id_field),
     .help = "the member of a JSONL record that names it",
     .shown = "id"},
    {.commands = MINE,
     .group = CLI_GROUP_INPUT,
     .name = "site-field",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(site_field),
     .help = "the member of a JSONL record that tells its site",
     .more = "The file remembers it: 'clean' looks at the same member.",
     .shown = "the host of url, else the first folder"},
    {.commands = SWEEP,
     .group = CLI_GROUP_INPUT,
     .name = "site-field",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(site_field),
     .help = "the member of a page that tells its site",
     .shown = "site, else the host of url"},
    {.commands = CLEAN | EXPLAIN | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "charset",
     .arg = "LABEL",
     .type = CLI_TEXT,
     VALUE(charset),
     .help = "the charset of plain text files",
     .more = "A label of the WHATWG Encoding standard: windows-1256, iso-8859-6, ...",
     .shown = "auto: what their bytes show"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "max-doc",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(max_doc),
     .def = DEFAULT_DOC,
     .min = 1,
     .max = MAX_DOC,
     .help = "reject records above SIZE bytes; K, M or G may follow the number",
     .shown = "64M"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE,
     .group = CLI_GROUP_INPUT,
     .name = "max-ratio",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(max_ratio),
     .def = 1000,
     .min = 1,
     .max = NO_LIMIT,
     .help = "an input that unpacks to more than N times its size is damaged",
     .more = "Asked of what unpacks to more than 64M.",
     .shown = "1000"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE,
     .group = CLI_GROUP_INPUT,
     .name = "max-unpacked",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(max_unpacked),
     .def = DEFAULT_UNPACKED,
     .min = 1,
     .max = NO_LIMIT,
     .help = "and so is one that unpacks to more than SIZE bytes",
     .shown = "1T"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE,
     .group = CLI_GROUP_INPUT,
     .name = "max-depth",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(max_depth),
     .def = 2,
     .min = 1,
     .max = MAX_DEPTH,
     .help = "and one with more than N codecs within one another",
     .shown = "2"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE,
     .group = CLI_GROUP_INPUT,
     .name = "allow-changing",
     .type = CLI_FLAG,
     VALUE(allow_changing),
     .help = "a file that changes while it is read is not damaged"},

    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "only-type",
     .arg = "TYPE,...",
     .type = CLI_TEXT,
     VALUE(only_type),
     .help = "take only these media types of crawl files ('text/*' for all texts)",
     .shown = "all that can be read"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "only-status",
     .arg = "STATUS,...",
     .type = CLI_TEXT,
     VALUE(only_status),
     .help = "take only HTTP answers of these statuses ('2xx' for 200 to 299)",
     .shown = "2xx"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "only-lang",
     .arg = "LANG,...",
     .type = CLI_TEXT,
     VALUE(only_lang),
     .help = "take only crawl records in which the crawler found one of these",
     .more = "The names are the crawler's: ara, not ar, in WET files of Common Crawl. "
             "Records that name no language are left out."},
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "url-list",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(url_list),
     .offer = CLI_OFFER_FILE,
     .help = "take only documents whose url is a line of FILE"},
    {.commands = CLEAN | CAT | EXPLAIN | MINE | STATS,
     .group = CLI_GROUP_INPUT,
     .name = "exclude-hosts",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(exclude_hosts),
     .offer = CLI_OFFER_FILE,
     .help = "leave out documents of the hosts in FILE, and of all hosts below them"},
    {.commands = CLEAN | CAT | EXPLAIN,
     .group = CLI_GROUP_INPUT,
     .name = "verify-digests",
     .type = CLI_FLAG,
     VALUE(verify_digests),
     .help = "reject crawl records whose digests are wrong"},
    {.commands = CAT,
     .group = CLI_GROUP_INPUT,
     .name = "head",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(head),
     .def = NO_LIMIT,
     .max = NO_LIMIT,
     .help = "show the first N records only",
     .shown = "all"},

    /* output */
    {.commands = CLEAN,
     .required = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "FILE|DIR/",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where the clean documents go ('-': standard output)",
     .more = "The end of the name says how it is stored: .jsonl, .jsonl.gz or "
             ".jsonl.zst. The name appears when the file is whole. A folder (a "
             "slash at the end makes a new one) takes numbered shards and a "
             "journal: such a run can be killed and resumed."},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "shard-size",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(shard_size),
     .min = 1,
     .max = MAX_SHARD,
     .help = "in a folder: begin a new shard after SIZE bytes, not compressed",
     .shown = "256M"},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "shard-docs",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(shard_docs),
     .min = 1,
     .max = NO_LIMIT,
     .help = "in a folder: begin a new shard after N documents",
     .shown = "any number"},
    {.commands = MINE,
     .required = MINE,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where the rules go ('-': standard output)"},
    {.commands = MINE,
     .group = CLI_GROUP_OUTPUT,
     .name = "counts",
     .type = CLI_FLAG,
     VALUE(counts),
     .help = "write what was counted in a part, to be merged later",
     .more = "All lines with --min-pages or more (default: 2) are written, whatever "
             "their share. Give such files of all parts to 'minkhal mine'."},
    {.commands = RESTORE,
     .required = RESTORE,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where the restored texts go ('-': standard output)",
     .more = "The end of the name says how it is stored: .jsonl, .jsonl.gz or "
             ".jsonl.zst."},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "schema",
     .arg = "NAME",
     .type = CLI_CHOICE,
     VALUE(schema),
     .choices = "flat|datatrove|dolma|fineweb2|culturax|oscar",
     .help = "the keys of the output: ours or those of a corpus that others read",
     .more = "NAME is flat, datatrove, dolma, fineweb2, culturax or oscar. What a schema has "
             "no key for is left out. All of them can be read again without options.",
     .shown = "flat"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "schema",
     .arg = "NAME",
     .type = CLI_CHOICE,
     VALUE(schema),
     .choices = "flat|datatrove|dolma|fineweb2|culturax|oscar",
     .help = "the keys of the documents: ours or those of a corpus that others read",
     .more = "NAME is flat, datatrove, dolma, fineweb2, culturax or oscar. CLEANED may be of "
             "that schema or of ours.",
     .shown = "flat"},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "ledger",
     .arg = "FILE|auto",
     .type = CLI_TEXT,
     VALUE(ledger),
     .offer = CLI_OFFER_FILE,
     .help = "write all that was removed or changed, by which rule and why",
     .more = "With it, 'minkhal restore' rebuilds the input texts. In a folder it "
             "is 'auto': a shard of the ledger for each of the documents."},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "attributes",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(attributes),
     .offer = CLI_OFFER_FILE,
     .help = "write what was changed as attributes of Dolma: spans of the output's texts",
     .more = "A line for each document of the output. Needs --ledger."},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "rejects",
     .arg = "FILE|auto",
     .type = CLI_TEXT,
     VALUE(rejects),
     .offer = CLI_OFFER_FILE,
     .help = "write the records that could not be read, and why; in a folder 'auto'"},
    {.commands = CLEAN,
     .group = CLI_GROUP_OUTPUT,
     .name = "summary",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(summary),
     .offer = CLI_OFFER_FILE,
     .help = "write the closing figures as JSON"},
    {.commands = CLEAN | RESTORE,
     .group = CLI_GROUP_OUTPUT,
     .name = "codec",
     .arg = "gz|zst|none",
     .type = CLI_CHOICE,
     VALUE(codec),
     .choices = "gz|zst|none",
     .help = "how the output is compressed, where its name does not say it ('-', DIR/)",
     .shown = "what the end of the name says; in a folder gz"},
    {.commands = CLEAN | RESTORE,
     .group = CLI_GROUP_OUTPUT,
     .name = "level",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(level),
     .max = MAX_LEVEL,
     .help = "how hard to compress: 1 to 12 for gz, 1 to 19 for zst",
     .shown = "gz 4, zst 3"},
    {.commands = CLEAN | RESTORE,
     .group = CLI_GROUP_OUTPUT,
     .name = "gz-single",
     .type = CLI_FLAG,
     VALUE(gz_single),
     .help = "make the .gz one member, for readers that stop behind the first",
     .more = "It takes longer, no part of the file can be read alone, and levels end at 9."},
    {.commands = REPORT,
     .required = REPORT,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where the page goes, .html by custom ('-': standard output)"},
    {.commands = REPORT,
     .group = CLI_GROUP_OUTPUT,
     .name = "title",
     .arg = "TEXT",
     .type = CLI_TEXT,
     VALUE(title),
     .help = "the headline of the page",
     .shown = "What minkhal did"},
    {.commands = REPORT,
     .group = CLI_GROUP_OUTPUT,
     .name = "samples",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(samples),
     .def = 10,
     .max = MAX_SAMPLES,
     .help = "show N removals or changes of each rule"},
    {.commands = REPORT,
     .group = CLI_GROUP_OUTPUT,
     .name = "seed",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(seed),
     .max = NO_LIMIT,
     .help = "draw other samples"},
    {.commands = REPORT,
     .group = CLI_GROUP_OUTPUT,
     .name = "sites",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(sites),
     .def = 200,
     .max = MAX_SITES,
     .help = "list the N largest sites"},
    {.commands = CLEAN | MINE | RESTORE | REPORT | PACK | TAKEDOWN,
     .group = CLI_GROUP_OUTPUT,
     .name = "force",
     .type = CLI_FLAG,
     VALUE(force),
     .help = "replace outputs that exist"},

    /* releases */
    {.commands = PACK | TAKEDOWN,
     .required = PACK | TAKEDOWN,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "OUT",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where the release goes: a folder, or an archive by its name",
     .more = "A name that ends in .tar, .tar.gz, .tar.zst or .zip is an archive. The name "
             "appears when the release is whole."},
    {.commands = PACK,
     .group = CLI_GROUP_INPUT,
     .name = "metadata",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(metadata),
     .offer = CLI_OFFER_FILE,
     .help = "what people know of the data set: licence, authors, ...; YAML or JSON"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "split",
     .arg = "NAME=SHARE,...",
     .type = CLI_TEXT,
     VALUE(split),
     .help = "the splits and their shares, as in train=98,validation=1,test=1",
     .more = "Which one a document is in depends on its group and the salt alone, so none "
             "moves when the corpus grows.",
     .shown = "train=1"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "salt",
     .arg = "TEXT",
     .type = CLI_TEXT,
     VALUE(salt),
     .help = "another salt makes other splits"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "group-field",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(group_field),
     .help = "the member that keeps documents in one split; metadata.NAME looks there",
     .more = "Documents without it are kept together by the host of their url. A name that is "
             "given and that no document has is an error.",
     .shown = "metadata.cluster"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "codec",
     .arg = "gz|zst",
     .type = CLI_CHOICE,
     VALUE(codec),
     .choices = "gz|zst",
     .help = "how shards are compressed",
     .shown = "gz"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "level",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(level),
     .max = MAX_LEVEL,
     .help = "how hard to compress; without it, what is compressed already is copied",
     .shown = "the codec's own"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "shard-size",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(shard_size),
     .min = 1,
     .max = MAX_SHARD,
     .help = "a shard is as large as this at most, compressed",
     .shown = "256M"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "ledger",
     .arg = "FILE|RUN|auto",
     .type = CLI_TEXT,
     VALUE(ledger),
     .offer = CLI_OFFER_FILE,
     .help = "put the ledger of the run in as well; auto: of the runs that are packed"},
    {.commands = PACK,
     .group = CLI_GROUP_INPUT,
     .name = "audit",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(audit),
     .offer = CLI_OFFER_FILE,
     .help = "quote from verdicts how often a removal was wrong",
     .shown = "audit.jsonl of the run, if it has one"},
    {.commands = PACK,
     .group = CLI_GROUP_OUTPUT,
     .name = "croissant",
     .arg = "1.0|1.1",
     .type = CLI_CHOICE,
     VALUE(croissant),
     .choices = "1.0|1.1",
     .help = "the version of croissant.json; 1.1 also tells where it is from",
     .shown = "1.0"},
    {.commands = PACK,
     .group = CLI_GROUP_RUN,
     .name = "strict",
     .type = CLI_FLAG,
     VALUE(strict),
     .help = "fail where the metadata lacks what only people know"},
    {.commands = TAKEDOWN,
     .group = CLI_GROUP_INPUT,
     .name = "ids",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(ids),
     .offer = CLI_OFFER_FILE,
     .help = "take down documents whose id is a line of FILE"},
    {.commands = TAKEDOWN,
     .group = CLI_GROUP_INPUT,
     .name = "hosts",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(hosts),
     .offer = CLI_OFFER_FILE,
     .help = "take down documents of the hosts in FILE, and of all hosts below them"},
    {.commands = TAKEDOWN,
     .group = CLI_GROUP_INPUT,
     .name = "urls",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(urls),
     .offer = CLI_OFFER_FILE,
     .help = "take down documents whose url is a line of FILE"},
    {.commands = TAKEDOWN,
     .group = CLI_GROUP_OUTPUT,
     .name = "reason",
     .arg = "TEXT",
     .type = CLI_TEXT,
     VALUE(reason),
     .help = "why, for the manifest and the card; needed"},

    /* what to explain */
    {.commands = EXPLAIN,
     .group = CLI_GROUP_INPUT,
     .name = "id",
     .arg = "ID",
     .type = CLI_TEXT,
     VALUE(id),
     .help = "show the document that has this id",
     .shown = "the first one"},
    {.commands = EXPLAIN,
     .group = CLI_GROUP_INPUT,
     .name = "all",
     .type = CLI_FLAG,
     VALUE(all),
     .help = "show every document (with --id: every one that has it)"},
    {.commands = CAT | EXPLAIN,
     .group = CLI_GROUP_OUTPUT,
     .name = "json",
     .type = CLI_FLAG,
     VALUE(json),
     .help = "for programs: one JSON object a document, on a line"},
    {.commands = EXPLAIN,
     .group = CLI_GROUP_OUTPUT,
     .name = "features",
     .type = CLI_FLAG,
     VALUE(features),
     .help = "show what rules count of each line, and what shape guards it"},

    /* what is measured */
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "json",
     .type = CLI_FLAG,
     VALUE(json),
     .help = "for programs: one JSON object with all that was measured"},
    {.commands = STATS,
     .group = CLI_GROUP_OUTPUT,
     .name = "json",
     .type = CLI_FLAG,
     VALUE(json),
     .help = "for programs: one JSON object, which 'minkhal stats' can add to others"},
    {.commands = DIFF,
     .group = CLI_GROUP_INPUT,
     .name = "ledger",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(ledger),
     .offer = CLI_OFFER_FILE,
     .help = "the ledger of NEW: why documents were removed, what rules did",
     .more = "The folder of a run has its own."},
    {.commands = DIFF,
     .group = CLI_GROUP_INPUT,
     .name = "old-ledger",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(old_ledger),
     .offer = CLI_OFFER_FILE,
     .help = "the ledger of OLD: what rules did there"},
    {.commands = DIFF,
     .group = CLI_GROUP_OUTPUT,
     .name = "json",
     .type = CLI_FLAG,
     VALUE(json),
     .help = "for programs: one JSON object with all that differs"},
    {.commands = DIFF,
     .group = CLI_GROUP_OUTPUT,
     .name = "markdown",
     .type = CLI_FLAG,
     VALUE(markdown),
     .help = "as Markdown, to be put into release notes"},
    {.commands = AUDIT,
     .group = CLI_GROUP_OUTPUT,
     .name = "output",
     .letter = 'o',
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(output),
     .offer = CLI_OFFER_FILE,
     .help = "where verdicts go, a line each; what is there is not asked again"},
    {.commands = AUDIT,
     .group = CLI_GROUP_INPUT,
     .name = "sample",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(samples),
     .def = 100,
     .min = 1,
     .max = MAX_WORST,
     .help = "removals that are drawn, about as many of each rule",
     .more = "The same seed draws the same, and more of them for a greater N.",
     .shown = "100"},
    {.commands = AUDIT,
     .group = CLI_GROUP_INPUT,
     .name = "seed",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(seed),
     .max = NO_LIMIT,
     .help = "draw others",
     .shown = "0"},
    {.commands = AUDIT,
     .group = CLI_GROUP_OUTPUT,
     .name = "report",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(report),
     .offer = CLI_OFFER_FILE,
     .help = "ask nothing: what the verdicts in FILE say"},
    {.commands = AUDIT,
     .group = CLI_GROUP_OUTPUT,
     .name = "json",
     .type = CLI_FLAG,
     VALUE(json),
     .help = "with --report: one JSON object"},
    {.commands = DIFF,
     .group = CLI_GROUP_OUTPUT,
     .name = "samples",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(samples),
     .def = 3,
     .max = MAX_SAMPLES,
     .help = "documents of each kind that are shown with what changed in them",
     .shown = "3"},
    {.commands = DIFF,
     .group = CLI_GROUP_OUTPUT,
     .name = "seed",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(seed),
     .max = NO_LIMIT,
     .help = "draw other samples",
     .shown = "0"},
    {.commands = DIFF,
     .group = CLI_GROUP_OUTPUT,
     .name = "top",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(top),
     .def = 20,
     .max = MAX_WORST,
     .help = "sites and rules that are shown",
     .shown = "20"},
    {.commands = STATS,
     .group = CLI_GROUP_OUTPUT,
     .name = "top",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(top),
     .def = 10,
     .max = MAX_WORST,
     .help = "sites, languages and rules that are shown",
     .shown = "10"},
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "by",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(by),
     .help = "figures for each value of this member of a page"},
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "worst",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(worst),
     .max = MAX_WORST,
     .help = "also tell the N pages that add most to the cost",
     .shown = "0, with --lines 10"},
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "lines",
     .type = CLI_FLAG,
     VALUE(lines),
     .help = "of these pages the lines that are lost or kept wrongly, and why"},
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "folds",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(folds),
     .max = MAX_FOLDS,
     .help = "figures for N parts that share no site, their mean and the worst"},
    {.commands = SWEEP,
     .group = CLI_GROUP_OUTPUT,
     .name = "intervals",
     .type = CLI_FLAG,
     VALUE(intervals),
     .help = "where content and junk lie in 95 percent of samples of the sites"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_INPUT,
     .name = "charset",
     .arg = "LABEL",
     .type = CLI_TEXT,
     VALUE(charset),
     .help = "the charset of the input; 'auto': what its bytes show",
     .more = "The input is then read whole, and decoded as one text before it is cut into lines.",
     .shown = "utf-8"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_INPUT,
     .name = "jsonl",
     .type = CLI_FLAG,
     VALUE(jsonl),
     .help = "a JSON object a line in and out: id and text, with its line breaks"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_OUTPUT,
     .name = "explain",
     .type = CLI_FLAG,
     VALUE(explain),
     .help = "instead of the text write which operation changed what: line or id, byte"},

    /* what is built in */
    {.commands = FILTERS,
     .group = CLI_GROUP_OUTPUT,
     .name = "lexicon",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(lexicon),
     .offer = CLI_OFFER_LEXICON,
     .help = "print a built-in lexicon"},
    {.commands = FILTERS,
     .group = CLI_GROUP_OUTPUT,
     .name = "profile",
     .arg = "NAME",
     .type = CLI_TEXT,
     VALUE(profile),
     .offer = CLI_OFFER_PROFILE,
     .help = "print a built-in profile"},
    {.commands = FILTERS,
     .group = CLI_GROUP_OUTPUT,
     .name = "markdown",
     .type = CLI_FLAG,
     VALUE(markdown),
     .help = "print all there is to know as a page of Markdown"},

    /* the chain */
    {.commands = CLEAN | EXPLAIN | SWEEP,
     .group = CLI_GROUP_FILTERS,
     .name = "profile",
     .arg = "NAME|FILE",
     .type = CLI_TEXT,
     VALUE(profile),
     .offer = CLI_OFFER_PROFILE_FILE,
     .help = "the filters to run and their options",
     .more = "A profile is a text file with one filter and its options a line. "
             "'minkhal filters' lists the built-in ones, 'minkhal filters "
             "--profile NAME' prints one to start your own from.",
     .shown = "web"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "profile",
     .arg = "train|search|preserve",
     .type = CLI_CHOICE,
     VALUE(form),
     .choices = "train|search|preserve",
     .help = "train repairs, search folds as well, preserve does least",
     .shown = "train"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "only",
     .arg = "OP,...",
     .type = CLI_TEXT,
     VALUE(only),
     .help = "run only these operations, each once",
     .more = "'minkhal filters normalize' lists all operations."},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "on",
     .arg = "OP,...",
     .type = CLI_TEXT,
     VALUE(on),
     .help = "run these operations beside the profile's"},
    {.commands = NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "off",
     .arg = "OP,...",
     .type = CLI_TEXT,
     VALUE(off),
     .help = "do not run these"},
    {.commands = CLEAN | EXPLAIN | SWEEP,
     .group = CLI_GROUP_FILTERS,
     .name = "filters",
     .letter = 'f',
     .arg = "CHAIN",
     .type = CLI_TEXT,
     VALUE(filters),
     .offer = CLI_OFFER_FILTERS,
     .help = "run these filters instead of the profile's",
     .more = "CHAIN is names with commas between them, in the order in which "
             "they run. NAME:OPTION=VALUE sets an option of one."},
    {.commands = CLEAN | EXPLAIN | SWEEP,
     .group = CLI_GROUP_FILTERS,
     .name = "set",
     .letter = 's',
     .arg = "FILTER:OPTION=VALUE",
     .type = CLI_LIST,
     VALUE(sets),
     .offer = CLI_OFFER_FILTER,
     .help = "set an option of a filter; may be given many times",
     .more = "'minkhal filters FILTER' lists what can be set."},
    {.commands = CLEAN | EXPLAIN | SWEEP | NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "lang",
     .arg = "other|ar|fa|ur|ckb|ug|ps",
     .type = CLI_CHOICE,
     VALUE(lang),
     .choices = "other|ar|fa|ur|ckb|ug|ps",
     .help = "the language whose letters are repaired",
     .more =
         "Without it the record says (its member lang), or the text shows it. What cannot be told is other: its letters stay.",
     .shown = "what the text shows"},
    {.commands = CLEAN | EXPLAIN | NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "diacritics",
     .arg = "keep|strip|harakat|quran-only",
     .type = CLI_CHOICE,
     VALUE(diacritics),
     .choices = "keep|strip|harakat|quran-only",
     .help = "vowel signs",
     .more = "harakat strips all but shadda, quran-only strips outside the Quran.",
     .shown = "as the profile says"},
    {.commands = CLEAN | EXPLAIN | NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "digits",
     .arg = "keep|ascii|arabic|persian",
     .type = CLI_CHOICE,
     VALUE(digits),
     .choices = "keep|ascii|arabic|persian",
     .help = "one kind of digits",
     .shown = "as the profile says"},
    {.commands = CLEAN | EXPLAIN | NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "mark-order",
     .arg = "nfc|shadda-first",
     .type = CLI_CHOICE,
     VALUE(mark_order),
     .choices = "nfc|shadda-first",
     .help = "shadda after its vowel, or before it as it is typed",
     .shown = "nfc"},
    {.commands = CLEAN | EXPLAIN | NORMALIZE,
     .group = CLI_GROUP_FILTERS,
     .name = "punctuation",
     .arg = "keep|ascii|arabic",
     .type = CLI_CHOICE,
     VALUE(punctuation),
     .choices = "keep|ascii|arabic",
     .help = "one kind of comma and question mark",
     .shown = "as the profile says"},
    {.commands = CLEAN | EXPLAIN | SWEEP,
     .group = CLI_GROUP_FILTERS,
     .name = "site-rules",
     .arg = "FILE",
     .type = CLI_TEXT,
     VALUE(site_rules),
     .offer = CLI_OFFER_FILE,
     .help = "drop what 'minkhal mine' found; short for --set sites:rules=FILE"},
    {.commands = MINE,
     .group = CLI_GROUP_FILTERS,
     .name = "min-pages",
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(min_pages),
     .max = UINT32_MAX,
     .help = "pages of a site that a line must stand on",
     .more = "On fewer than 20 pages many such lines are content still.",
     .shown = "20"},
    {.commands = MINE,
     .group = CLI_GROUP_FILTERS,
     .name = "min-share",
     .arg = "PERCENT",
     .type = CLI_COUNT,
     VALUE(min_share),
     .def = 1,
     .min = 1,
     .max = 100,
     .help = "percent of a site's pages that it must stand on",
     .more = "Lines of more than 80 letters must stand on 10 percent at least.",
     .shown = "1"},
    {.commands = CLEAN,
     .group = CLI_GROUP_FILTERS,
     .name = "dedup",
     .type = CLI_FLAG,
     VALUE(dedup),
     .help = "leave out documents whose cleaned text was seen before"},

    /* the run */
    {.commands = SWEEP,
     .group = CLI_GROUP_RUN,
     .name = "min",
     .arg = "FIGURE=VALUE",
     .type = CLI_LIST,
     VALUE(minima),
     .help = "exit with 1 if a figure of all pages is lower; may be given many times",
     .more = "FIGURE is content, junk, purity, f1 or perfect; VALUE is from 0 to 1."},
    {.commands = CLEAN | STATS | DIFF | PACK | VERIFY | TAKEDOWN,
     .group = CLI_GROUP_RUN,
     .name = "threads",
     .letter = 'j',
     .arg = "N",
     .type = CLI_COUNT,
     VALUE(threads),
     .max = MAX_THREADS,
     .help = "how many threads work; the output is the same for any number",
     .shown = "0, as many as the machine runs"},
    {.commands = CLEAN,
     .group = CLI_GROUP_RUN,
     .name = "resume",
     .type = CLI_FLAG,
     VALUE(resume),
     .help = "go on with the run in the folder where it was stopped or killed",
     .more = "Inputs, options, lexicons and the version must be the same, threads "
             "need not be. The files will be the same as if nothing had happened. "
             "Where there is no run, one begins."},
    {.commands = CLEAN,
     .group = CLI_GROUP_RUN,
     .name = "checkpoint",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(checkpoint),
     .min = 1,
     .max = MAX_SHARD,
     .help = "in a folder: make sure of the work after SIZE bytes of records",
     .more = "What was done since is done again by --resume. A checkpoint ends a "
             "block of each file, so its size shows in the bytes.",
     .shown = "32M"},
    {.commands = DIFF,
     .group = CLI_GROUP_RUN,
     .name = "memory",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(memory),
     .def = DEFAULT_MEMORY,
     .min = 1 << 20,
     .max = MAX_MEMORY,
     .help = "memory for the table of documents, 32 bytes each",
     .more = "What does not fit is compared in parts: both are read again for each.",
     .shown = "512M"},
    {.commands = MINE,
     .group = CLI_GROUP_RUN,
     .name = "memory",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(memory),
     .def = DEFAULT_MEMORY,
     .min = 1 << 20,
     .max = MAX_MEMORY,
     .help = "memory for the counts; where it is short, rare lines are forgotten",
     .shown = "512M"},
    {.commands = CLEAN,
     .group = CLI_GROUP_RUN,
     .name = "memory",
     .arg = "SIZE",
     .type = CLI_SIZE,
     VALUE(memory),
     .max = MAX_MEMORY,
     .help = "keep below SIZE bytes of memory; less may be in work at once then",
     .more = "What is written does not change. The least that does depends on --max-doc "
             "and is told. The table of --dedup comes on top.",
     .shown = "no ceiling"},
    {.commands = CLEAN | MINE | STATS,
     .group = CLI_GROUP_RUN,
     .name = "max-rejects",
     .arg = "N|all",
     .type = CLI_COUNT,
     VALUE(max_rejects),
     .max = NO_LIMIT - 1,
     .choices = "all",
     .help = "exit with 1 if more records than N are rejected",
     .shown = "0"},
    {.commands = CLEAN | MINE | RESTORE | VERIFY | STATS | DIFF | REPORT | PACK | TAKEDOWN,
     .group = CLI_GROUP_RUN,
     .name = "quiet",
     .letter = 'q',
     .type = CLI_FLAG,
     VALUE(quiet),
     .help = "no progress, no closing figures; problems are still named"},
    {.commands = CLEAN | EXPLAIN | SWEEP | STATS | DIFF | AUDIT,
     .group = CLI_GROUP_OTHER,
     .name = "color",
     .arg = "WHEN",
     .type = CLI_CHOICE,
     VALUE(color),
     .choices = "auto|always|never",
     .def = CLI_COLOR_AUTO,
     .help = "use colours: auto, always or never",
     .shown = "auto, on a terminal unless NO_COLOR is set"},

    /* everywhere */
    {.commands = MAIN,
     .group = CLI_GROUP_OTHER,
     .name = "generate",
     .arg = "WHAT",
     .type = CLI_CHOICE,
     VALUE(generate),
     .choices = "man|complete-bash|complete-zsh|complete-fish",
     .help = "print the manual page, or completions for a shell",
     .more = "WHAT is man, complete-bash, complete-zsh or complete-fish."},
    {.commands = MAIN,
     .group = CLI_GROUP_OTHER,
     .name = "version",
     .type = CLI_FLAG,
     VALUE(version),
     .help = "print the version"},
    {.commands = ANY,
     .group = CLI_GROUP_OTHER,
     .name = "help",
     .letter = 'h',
     .type = CLI_FLAG,
     VALUE(help),
     .help = "print this text"},
    {.name = NULL},
};

cli_command cli_command_find(const char *name)
{
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        if (strcmp(cli_infos[c].name, name) == 0)
            return (cli_command)c;
    return CLI_N_COMMANDS;
}

/* ---- values ---- */

/* Decimal digits and nothing else; false also if it does not fit. *ret_len:
 * how many digits. */
static bool digits(const char *s, uint64_t *ret, size_t *ret_len)
{
    uint64_t n = 0;
    size_t i = 0;

    for (; s[i] >= '0' && s[i] <= '9'; i++) {
        const unsigned digit = (unsigned)(s[i] - '0');

        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *ret = n;
    *ret_len = i;
    return i > 0;
}

static bool count_parse(const char *s, uint64_t *ret)
{
    size_t len;

    return digits(s, ret, &len) && s[len] == '\0';
}

static bool size_parse(const char *s, uint64_t *ret)
{
    static const char units[] = "KkMmGgTt";
    const char *unit;
    unsigned shift;
    size_t len;

    if (!digits(s, ret, &len))
        return false;
    if (s[len] == '\0')
        return true;
    unit = strchr(units, s[len]);
    if (!unit || s[len + 1] != '\0')
        return false;
    shift = 10 * ((unsigned)(unit - units) / 2 + 1);
    if (*ret > UINT64_MAX >> shift)
        return false;
    *ret <<= shift;
    return true;
}

/* The place of word in choices, from 1; 0 if it is none of them. */
static int choice_parse(const char *choices, const char *word)
{
    int place = 1;

    assert(choices && word); /* only flags have no value */
    const size_t len = strlen(word);
    for (const char *at = choices;; place++) {
        const size_t n = strcspn(at, "|");

        if (n == len && memcmp(at, word, n) == 0)
            return place;
        if (at[n] == '\0')
            return 0;
        at += n + 1;
    }
}

static bool in_range(const cli_option *o, uint64_t n)
{
    return n >= o->min && n <= o->max;
}

static bool number_parse(const cli_option *o, const char *value, uint64_t *ret)
{
    assert(value);
    if (o->type == CLI_SIZE)
        return size_parse(value, ret) && in_range(o, *ret);
    if (o->choices && strcmp(value, o->choices) == 0) {
        *ret = NO_LIMIT;
        return true;
    }
    return count_parse(value, ret) && in_range(o, *ret);
}

/* ---- the parser ---- */

typedef struct parser {
    cli_command command;
    int argc, at; /* argv[at] is next */
    char **argv;
    cli_args *args;
} parser;

static void *field(const parser *p, const cli_option *o)
{
    return (char *)p->args + o->offset;
}

static int say_range(const parser *p, const cli_option *o, const char *value)
{
    if (o->type == CLI_SIZE)
        return cli_say_usage(p->command,
                             "bad value '%s' for '--%s': a size from "
                             "%llu to %lluM is needed (K, M, G, T may follow)",
                             value, o->name, (unsigned long long)o->min,
                             (unsigned long long)o->max >> 20);
    if (o->choices)
        return cli_say_usage(p->command,
                             "bad value '%s' for '--%s': a number or "
                             "'%s' is needed",
                             value, o->name, o->choices);
    return cli_say_usage(p->command,
                         "bad value '%s' for '--%s': a number from "
                         "%llu to %llu is needed",
                         value, o->name, (unsigned long long)o->min, (unsigned long long)o->max);
}

/* Stores the value of option o (NULL for a flag). 0 or an exit status. */
static int store(const parser *p, const cli_option *o, const char *value)
{
    void *const to = field(p, o);
    cli_list *list;
    int place;

    if (o->arg && *value == '\0')
        return cli_say_usage(p->command, "empty value for '--%s': %s is needed", o->name, o->arg);
    switch (o->type) {
    case CLI_FLAG:
        *(bool *)to = true;
        return 0;
    case CLI_TEXT:
        *(const char **)to = value;
        return 0;
    case CLI_LIST:
        list = to;
        list->items[list->n++] = value;
        return 0;
    case CLI_COUNT:
    case CLI_SIZE:
        return number_parse(o, value, to) ? 0 : say_range(p, o, value);
    case CLI_CHOICE:
        place = choice_parse(o->choices, value);
        if (!place)
            return cli_say_usage(p->command,
                                 "bad value '%s' for '--%s': one of "
                                 "%s is needed",
                                 value, o->name, o->choices);
        *(int *)to = place;
        return 0;
    }
    return CLI_BUG;
}

/* An option of another command, or a slip: says which. */
static int say_unknown(const parser *p, const char *name)
{
    cli_nearest near = {.word = name};
    char hint[96];

    for (const cli_option *o = cli_options; o->name; o++)
        if (cli_option_of(o, p->command))
            cli_nearest_try(&near, o->name);
    for (const cli_option *o = cli_options; !near.best && o->name; o++)
        for (int c = CLI_MAIN; c < CLI_N_COMMANDS; c++)
            if (strcmp(o->name, name) == 0 && cli_option_of(o, (cli_command)c))
                return cli_say_usage(p->command,
                                     "unknown option '--%s' (it belongs to 'minkhal%s%s')", name,
                                     c == CLI_MAIN ? "" : " ", cli_infos[c].name);
    return cli_say_usage(p->command, "unknown option '--%s'%s", name,
                         cli_nearest_hint(&near, "--", hint));
}

static const cli_option *find(cli_command command, const char *name, size_t len, char letter)
{
    for (const cli_option *o = cli_options; o->name; o++) {
        if (!cli_option_of(o, command))
            continue;
        if (letter ? o->letter == letter
                   : strlen(o->name) == len && memcmp(o->name, name, len) == 0)
            return o;
    }
    return NULL;
}

cli_word cli_choice(const char *name, int value)
{
    const cli_option *o = cli_options;

    while (o->name && (strcmp(o->name, name) != 0 || !o->choices))
        o++;
    if (!o->name || value < 1)
        return (cli_word){NULL, 0};
    const char *word = o->choices;
    for (; value > 1; value--)
        word += strcspn(word, "|") + 1;
    return (cli_word){word, strcspn(word, "|")};
}

/* The argument of an option that has none attached. */
static int store_next(parser *p, const cli_option *o)
{
    if (p->at == p->argc)
        return cli_say_usage(p->command, "'--%s' needs %s", o->name, o->arg);
    return store(p, o, p->argv[p->at++]);
}

/* --name, --name=value, --name value. */
static int parse_long(parser *p, char *word)
{
    const size_t len = strcspn(word, "=");
    const cli_option *o = find(p->command, word, len, 0);

    if (!o) {
        /* argv is ours to write: the name alone is what is unknown. */
        word[len] = '\0';
        return say_unknown(p, word);
    }
    if (word[len] == '=' && !o->arg)
        return cli_say_usage(p->command, "'--%s' takes no value", o->name);
    if (word[len] == '=')
        return store(p, o, word + len + 1);
    return o->arg ? store_next(p, o) : store(p, o, NULL);
}

/* -q, -j4, -j 4, -qj4. */
static int parse_short(parser *p, const char *letters)
{
    for (; *letters; letters++) {
        const cli_option *o = find(p->command, "", 0, *letters);
        int status;

        if (!o)
            return cli_say_usage(p->command, "unknown option '-%.*s'",
                                 (unsigned char)*letters < 0x80 ? 1 : 4, letters);
        if (o->arg)
            return letters[1] ? store(p, o, letters + 1) : store_next(p, o);
        status = store(p, o, NULL);
        if (status)
            return status;
    }
    return 0;
}

static int parse_all(parser *p)
{
    bool literal = false; /* after -- */

    while (p->at < p->argc) {
        char *word = p->argv[p->at];
        int status = 0;

        if (literal || word[0] != '-' || word[1] == '\0') {
            if (p->command == CLI_MAIN)
                return 0;
            p->args->operands.items[p->args->operands.n++] = word;
            p->at++;
            continue;
        }
        p->at++;
        if (strcmp(word, "--") == 0)
            literal = true;
        else if (word[1] == '-')
            status = parse_long(p, word + 2);
        else
            status = parse_short(p, word + 1);
        if (status)
            return status;
    }
    return 0;
}

static bool list_init(cli_list *list, int n)
{
    list->items = calloc((size_t)n + 1, sizeof(*list->items));
    return list->items != NULL;
}

int cli_parse(cli_command command, int argc, char **argv, int *at, cli_args *ret)
{
    parser p = {.command = command, .argc = argc, .at = *at, .argv = argv};
    int status;

    *ret = (cli_args){.command = command};
    p.args = ret;
    if (!list_init(&ret->operands, argc) || !list_init(&ret->sets, argc) ||
        !list_init(&ret->minima, argc))
        return cli_say_nomem();
    for (const cli_option *o = cli_options; o->name; o++) {
        if (!cli_option_of(o, command))
            continue;
        if (o->type == CLI_COUNT || o->type == CLI_SIZE)
            *(uint64_t *)field(&p, o) = o->def;
        if (o->type == CLI_CHOICE)
            *(int *)field(&p, o) = (int)o->def;
    }
    status = parse_all(&p);
    *at = p.at;
    return status;
}

void cli_args_clear(cli_args *args)
{
    free(args->operands.items);
    free(args->sets.items);
    free(args->minima.items);
    args->operands = args->sets = args->minima = (cli_list){NULL, 0};
}

int cli_check(const cli_args *args)
{
    const cli_info *info = &cli_infos[args->command];

    if (args->operands.n < info->min)
        return cli_say_usage(args->command, "%s", info->lacks);
    if (args->operands.n > info->max)
        return cli_say_usage(args->command, "too many operands: '%s'",
                             args->operands.items[info->max]);
    for (const cli_option *o = cli_options; o->name; o++)
        /* What is required is text. */
        if ((o->required & CLI_BIT(args->command)) &&
            !*(const char *const *)((const char *)args + o->offset))
            return cli_say_usage(args->command, "%s needs -%c %s", info->name, o->letter, o->arg);
    return 0;
}
