/* commands.c: the table of commands: what help and the manual teach. */
#include "command.h"

/* Rows of cli_exits. */
enum {
    DONE = 1 << 0,
    REJECTS = 1 << 1,
    USAGE = 1 << 2,
    DAMAGED = 1 << 3,
    OUTPUT = 1 << 4,
    EXISTS = 1 << 5,
    MISMATCH = 1 << 6,
    LIMIT = 1 << 7,
    BUG = 1 << 8,
    STOPPED = 1 << 9,
    ALL = (1 << 10) - 1
};

static const cli_pair main_examples[] = {
    {"minkhal clean pages/ -o clean.jsonl.gz", "cleans all pages in a folder into one archive"},
    {"minkhal explain pages/one.txt", "shows each line of a page: kept or dropped, and why"},
    {"minkhal normalize < words.txt", "repairs letters and spaces, line by line"},
    {"minkhal help clean", "teaches a command by example"},
    {NULL, NULL},
};

static const cli_pair clean_examples[] = {
    {"minkhal clean pages.jsonl.gz -o clean.jsonl.gz",
     "the usual run: profile web, all processors, the figures at the end"},
    {"minkhal clean texts/ -o - | head -n 3",
     "each text file in the folder is a document; three of them to look at"},
    {"minkhal clean crawl.tar -o clean.jsonl.zst --ledger clean.ledger "
     "--rejects bad.jsonl",
     "also keeps what was removed and changed (minkhal restore brings it back) "
     "and what could not be read"},
    {"minkhal clean a.jsonl b.jsonl -o all.jsonl --text-field content "
     "--id-field url --dedup --max-rejects 100",
     "other names in the records, no document twice, up to 100 bad records "
     "are no failure"},
    {"minkhal clean pages/ -o clean.jsonl -f share,comments,verdict,normalize",
     "only these filters, in this order"},
    {"minkhal clean crawl.jsonl.gz -o clean.jsonl.gz --site-rules site.rules",
     "also drops the lines that 'minkhal mine' found on many pages of a site"},
    {NULL, NULL},
};

static const cli_pair clean_files[] = {
    {"FILE (of -o)", "one JSON object a line: id, text, source, url, title, date, lang, "
                     "metadata. The name appears when the file is whole and safe on disk; an "
                     "interrupted run leaves nothing under it."},
    {NULL, NULL},
};

static const cli_pair explain_examples[] = {
    {"minkhal explain page.txt",
     "a page, line by line; '-' stands before what is dropped, '~' before what "
     "is changed"},
    {"minkhal explain pages.jsonl.gz --id 1042 | less -R", "one document of many"},
    {"minkhal explain page.txt --profile train", "what another profile would do"},
    {"minkhal explain pages.jsonl --all --json | jq .verdict", "the same for programs"},
    {NULL, NULL},
};

static const cli_pair cat_examples[] = {
    {"minkhal cat crawl.warc.gz --head 20", "the first records of a crawl: what they are, "
                                            "and their text where they have one"},
    {"minkhal cat crawl.warc.wet.gz --only-lang ara --json > arabic.jsonl",
     "texts that the crawler took for Arabic, as they are"},
    {"minkhal cat crawl.warc.gz --verify-digests --json | jq .reason | sort | uniq -c",
     "why records are no documents"},
    {NULL, NULL},
};

static const cli_pair mine_examples[] = {
    {"minkhal mine crawl.jsonl.gz -o site.rules",
     "what each site repeats; look at it, then: minkhal clean crawl.jsonl.gz -o "
     "clean.jsonl.gz --site-rules site.rules"},
    {"minkhal mine sites/ -o site.rules --min-pages 50 --min-share 5",
     "each folder in sites/ is a site; with higher floors"},
    {"minkhal mine part1.jsonl --counts -o part1.counts", "a part of a corpus by itself"},
    {"minkhal mine part1.counts part2.counts -o site.rules", "and the rules of all parts"},
    {NULL, NULL},
};

static const cli_pair mine_files[] = {
    {"FILE (of -o)", "text: a section for each site, a line for each rule, with the number of "
                     "pages and an example. Delete what is content."},
    {NULL, NULL},
};

static const cli_pair sweep_examples[] = {
    {"minkhal sweep pages.jsonl --by regime",
     "how much of the content is kept and of the junk removed, for all pages and "
     "for each regime"},
    {"minkhal sweep pages.jsonl --lines | less -R",
     "the ten worst pages, with each line that is lost or kept wrongly, by which "
     "rule"},
    {"minkhal sweep pages.jsonl --set verdict:level=certain --folds 5 --intervals",
     "another judge, and how far its figures depend on the choice of sites"},
    {"minkhal sweep pages.jsonl --min content=0.99 --min junk=0.7 >/dev/null",
     "a gate for automatic tests: the exit status is 1 below either"},
    {NULL, NULL},
};

static const cli_pair sweep_files[] = {
    {"LABELLED", "JSON lines, a page each: id and lines, an array of objects with the text t, the "
                 "label l (K must stay, D must go, E may do either), the category c of junk and, "
                 "of a line that must stay in part, keep."},
    {NULL, NULL},
};

static const cli_pair restore_examples[] = {
    {"minkhal restore clean.jsonl.gz clean.ledger -o raw.jsonl.gz",
     "rebuilds what 'minkhal clean pages/ -o clean.jsonl.gz --ledger "
     "clean.ledger' has read"},
    {"minkhal restore clean.jsonl.gz clean.ledger -o - | wc -l", "how many documents there were"},
    {"zcat clean.jsonl.gz | minkhal restore - clean.ledger -o raw.jsonl",
     "the clean documents from standard input"},
    {NULL, NULL},
};

static const cli_pair report_examples[] = {
    {"minkhal report clean.jsonl.gz clean.ledger -o report.html",
     "the figures of a run, and samples of what each rule took"},
    {"minkhal report clean.jsonl.gz clean.ledger -o report.html --samples 50 --seed 7 "
     "--title 'Waha news, 2026'",
     "more samples, and others"},
    {NULL, NULL},
};

static const cli_pair report_files[] = {
    {"FILE (of -o)", "one HTML page with everything in it: what came in and what became of it, "
                     "what each filter, rule and site gave, lengths before and after, samples in "
                     "their context."},
    {NULL, NULL},
};

static const cli_pair restore_files[] = {
    {"CLEANED", "what 'minkhal clean' wrote with -o"},
    {"LEDGER", "what the same run wrote with --ledger"},
    {"FILE (of -o)", "one JSON object a line: id and text"},
    {NULL, NULL},
};

static const cli_pair normalize_examples[] = {
    {"minkhal normalize < words.txt > clean.txt", "repairs letters, marks and spaces"},
    {"minkhal normalize --profile search --lang ar < words.txt",
     "folds what differs in spelling alone: keys for an index"},
    {"minkhal normalize --diacritics strip < poem.txt", "takes the vowel signs away"},
    {"minkhal normalize --only tatweel,letters --lang ar < words.txt", "only these two operations"},
    {"minkhal normalize --explain < words.txt", "which operation changes what"},
    {"minkhal normalize --jsonl < texts.jsonl", "texts of several lines"},
    {"minkhal normalize --charset auto < old.txt", "text that may be in windows-1256 or UTF-16"},
    {NULL, NULL},
};

static const cli_pair filters_examples[] = {
    {"minkhal filters", "all filters and profiles, a line each"},
    {"minkhal filters share", "the rules and options of one filter"},
    {"minkhal filters --lexicon share > mine.txt",
     "a lexicon to start your own from; --set share:phrases=mine.txt uses it"},
    {"minkhal filters --profile web > mine.txt",
     "a profile to start your own from; --profile mine.txt uses it"},
    {NULL, NULL},
};

static const cli_pair help_examples[] = {
    {"minkhal help", "what there is"},
    {"minkhal help clean", "the same as minkhal clean --help"},
    {NULL, NULL},
};

const cli_info cli_infos[CLI_N_COMMANDS] = {
    [CLI_MAIN] = {.name = "",
                  .operands = "COMMAND ...",
                  .summary = "turn raw Arabic web text into clean corpora",
                  .text = "minkhal (a sieve) takes raw pages and leaves their text: it drops "
                          "share buttons, comment forms, lists of other articles and footers, "
                          "puts the letters in order, and writes JSON lines. It names the rule "
                          "behind every line that it drops and every letter that it changes.",
                  .examples = main_examples,
                  .min = 1,
                  .max = SIZE_MAX,
                  .lacks = "no command",
                  .exits = ALL,
                  .offer = CLI_OFFER_COMMAND},
    [CLI_CLEAN] = {.name = "clean",
                   .operands = "IN...",
                   .summary = "raw pages in, clean JSON lines out",
                   .text = "Reads raw pages, drops what is not their own text, puts the letters "
                           "in order and writes one JSON object a line. Every record that is "
                           "read ends as written, filtered, duplicate, rejected or skipped (the "
                           "requests of a crawl, images); the closing figures show the "
                           "sum.\n\n"
                           "IN is a file, a folder (all files in it, by name) or '-' for "
                           "standard input. Plain text and HTML are one document a file, JSONL "
                           "one a line, WARC (WET too) and ARC one a page; all alone, compressed "
                           "(gz, zst, xz, bz2) or inside tar and zip. The format is found by "
                           "content, not by name.",
                   .examples = clean_examples,
                   .files = clean_files,
                   .min = 1,
                   .max = SIZE_MAX,
                   .lacks = "clean needs IN: a file, a folder or '-'",
                   .exits = ALL & ~MISMATCH,
                   .offer = CLI_OFFER_FILE,
                   .run = cli_clean},
    [CLI_EXPLAIN] = {.name = "explain",
                     .operands = "IN...",
                     .summary = "show each line of a page: kept or dropped, and why",
                     .text = "Runs the filters and writes nothing: shows each line with what it "
                             "was taken for, whether it was kept, by which rule it was dropped "
                             "or changed, and on what evidence. Lines that were accused and kept "
                             "all the same say so.\n\n"
                             "The first document is shown, unless --id or --all asks for others. "
                             "IN is as for 'minkhal clean'.",
                     .examples = explain_examples,
                     .min = 1,
                     .max = SIZE_MAX,
                     .lacks = "explain needs IN: a file, a folder or '-'",
                     .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | LIMIT | BUG,
                     .offer = CLI_OFFER_FILE,
                     .run = cli_explain},
    [CLI_CAT] = {.name = "cat",
                 .operands = "IN...",
                 .summary = "show records as they are read, before any filter",
                 .text = "Shows each record of IN: its number, whether it is a document, what is "
                         "known of it, its text. Records that are no documents (the requests of "
                         "a crawl, images) or cannot be read say why. Goes on after a damage.\n\n"
                         "IN is as for 'minkhal clean'.",
                 .examples = cat_examples,
                 .min = 1,
                 .max = SIZE_MAX,
                 .lacks = "cat needs IN: a file, a folder or '-'",
                 .exits = DONE | USAGE | DAMAGED | OUTPUT | LIMIT | BUG,
                 .offer = CLI_OFFER_FILE,
                 .run = cli_cat},
    [CLI_MINE] = {.name = "mine",
                  .operands = "IN...",
                  .summary = "find the lines that many pages of a site have",
                  .text = "Counts on how many pages of its site each line stands, and writes "
                          "those that stand on 20 pages and on 1 percent of the pages or more "
                          "as rules for 'minkhal clean --site-rules'. Spelling, marks and "
                          "numbers do not count. Lines that end in a colon and numbered "
                          "headings are left out: texts share them.\n\n"
                          "IN is as for 'minkhal clean'; files that mine wrote are merged. The "
                          "site is the host of the record's url; without one the first folder "
                          "of the file's name, or the archive. Pages without a site are not "
                          "counted. Of a damaged input counts what could be read.",
                  .examples = mine_examples,
                  .files = mine_files,
                  .min = 1,
                  .max = SIZE_MAX,
                  .lacks = "mine needs IN: a file, a folder or '-'",
                  .exits = ALL & ~MISMATCH,
                  .offer = CLI_OFFER_FILE,
                  .run = cli_mine},
    [CLI_SWEEP] = {.name = "sweep",
                   .operands = "LABELLED...",
                   .summary = "measure on labelled pages what is lost and what is left",
                   .text = "Cleans pages of which a person has labelled each line, and compares. "
                           "Content is the share of characters that must stay and do; junk is "
                           "the share of those that must go and do. Purity is the share of "
                           "content in what is left, f1 the harmonic mean of content and purity. "
                           "Perfect is the share of pages with 99.5 percent of their content and "
                           "no junk, harm that of pages with less than 80 percent. Cost counts "
                           "lost content five times and junk once, in thousandths of the "
                           "content.\n\n"
                           "Letters and digits are compared, spelling and signs are not. Pages "
                           "without any content are shown apart. LABELLED is JSON lines, alone, "
                           "compressed or in archives. A wrong label ends the run, with file and "
                           "line.",
                   .examples = sweep_examples,
                   .files = sweep_files,
                   .min = 1,
                   .max = SIZE_MAX,
                   .lacks = "sweep needs LABELLED: a file, a folder or '-'",
                   .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | LIMIT | BUG | STOPPED,
                   .offer = CLI_OFFER_FILE,
                   .run = cli_sweep},
    [CLI_RESTORE] = {.name = "restore",
                     .operands = "CLEANED LEDGER",
                     .summary = "the input texts again, byte for byte",
                     .text = "Rebuilds every text that 'minkhal clean --ledger' has read, from "
                             "what it wrote and its ledger, and checks each against the digest "
                             "of the original. CLEANED may be '-'.",
                     .examples = restore_examples,
                     .files = restore_files,
                     .min = 2,
                     .max = 2,
                     .lacks = "restore needs CLEANED and LEDGER",
                     .exits = DONE | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH | LIMIT | BUG,
                     .offer = CLI_OFFER_FILE,
                     .run = cli_restore},
    [CLI_REPORT] = {.name = "report",
                    .operands = "CLEANED LEDGER",
                    .summary = "what a run did, as a page for people",
                    .text = "Reads what 'minkhal clean --ledger' wrote and its ledger and makes a "
                            "page of it: what became of the records, what each filter and rule "
                            "took, lengths before and after, sites, and for every rule a sample "
                            "of its removals with the text around them. Each text is rebuilt and "
                            "checked on the way. The page needs no network and no program but a "
                            "browser. The same run gives the same page.",
                    .examples = report_examples,
                    .files = report_files,
                    .min = 2,
                    .max = 2,
                    .lacks = "report needs CLEANED and LEDGER",
                    .exits = DONE | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH | LIMIT | BUG |
                             STOPPED,
                    .offer = CLI_OFFER_FILE,
                    .run = cli_report},
    [CLI_NORMALIZE] = {.name = "normalize",
                       .operands = "",
                       .summary = "normalise Arabic text from standard input to standard output",
                       .text = "Reads lines from standard input, repairs or folds their letters, "
                               "marks, signs and spaces, writes them to standard output. Each line "
                               "is a text by itself, and its end stays as it is; with --jsonl a "
                               "text may have many lines. A line that is not UTF-8 is reported by "
                               "number and passed through unchanged; the exit status is then 3.",
                       .examples = normalize_examples,
                       .min = 0,
                       .max = 0,
                       .exits = DONE | USAGE | DAMAGED | OUTPUT | LIMIT | BUG,
                       .run = cli_normalize},
    [CLI_FILTERS] = {.name = "filters",
                     .operands = "[NAME]",
                     .summary = "list filters, their rules, options, lexicons and profiles",
                     .text = "Without NAME lists what is built in. With NAME tells what the "
                             "filter does, the rules in whose name it does it, and the options "
                             "that --set can set.",
                     .examples = filters_examples,
                     .min = 0,
                     .max = 1,
                     .exits = DONE | USAGE | OUTPUT | LIMIT,
                     .offer = CLI_OFFER_FILTER,
                     .run = cli_filters},
    [CLI_HELP] = {.name = "help",
                  .operands = "[COMMAND]",
                  .summary = "teach a command by example",
                  .text = "Prints the help of COMMAND, or what commands there are.",
                  .examples = help_examples,
                  .min = 0,
                  .max = 1,
                  .exits = DONE | USAGE | OUTPUT,
                  .offer = CLI_OFFER_COMMAND,
                  .run = cli_help},
};
