/* commands.c: the table of commands: what help and the manual teach. */
#include "command.h"

/* Rows of cli_exits. */
enum {
    DONE = 1 << 0,
    REJECTS = 1 << 1,
    USAGE = 1 << 2,
    DAMAGED = 1 << 3,
    OUTPUT = 1 << 4 | 1 << 10, /* the reader of one may go, too */
    EXISTS = 1 << 5,
    MISMATCH = 1 << 6,
    LIMIT = 1 << 7,
    BUG = 1 << 8,
    STOPPED = 1 << 9,
    ALL = (1 << 11) - 1
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
    {"minkhal clean crawl/ -o corpus/ --ledger auto",
     "numbered shards in a folder; if the run is stopped or killed, the same command with "
     "--resume goes on"},
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
    {"minkhal clean crawl.warc.gz -o arabic.jsonl.gz --keep-lang ar",
     "without documents in other languages, by what their text shows"},
    {NULL, NULL},
};

static const cli_pair clean_files[] = {
    {"FILE (of -o)", "one JSON object a line: id, text, source, url, title, date, lang, "
                     "metadata. The name appears when the file is whole and safe on disk; an "
                     "interrupted run leaves nothing under it."},
    {"DIR (of -o)", "data-NNNNN, ledger-NNNNN and rejects-NNNNN, each name for a whole file; "
                    "journal.jsonl, the checkpoints; run.json, at the end: what the run was and "
                    "what came of it, with digests"},
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
    {"minkhal restore waha/ -o raw.jsonl.gz", "of a release with its ledger"},
    {NULL, NULL},
};

static const cli_pair report_examples[] = {
    {"minkhal report clean.jsonl.gz clean.ledger -o report.html",
     "the figures of a run, and samples of what each rule took"},
    {"minkhal report corpus/ -o report.html", "of a run into a folder"},
    {"minkhal report release/ -o report.html", "of a release with its ledger"},
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
    {"DIR", "the folder of a run or a release, instead of both"},
    {"FILE (of -o)", "one JSON object a line: id and text"},
    {NULL, NULL},
};

static const cli_pair stats_examples[] = {
    {"minkhal stats clean.jsonl.gz", "how much text there is, in which script, from which sites"},
    {"minkhal stats clean.jsonl.gz summary.json", "and which rules fired in the run"},
    {"minkhal stats runs/1", "the same of the folder of a run"},
    {"minkhal stats part1.jsonl --json > part1.json", "a part of a corpus by itself"},
    {"minkhal stats part1.json part2.json", "the figures of both parts"},
    {NULL, NULL},
};

static const cli_pair diff_examples[] = {
    {"minkhal diff v1.jsonl.gz v2.jsonl.gz", "which documents came, went and changed"},
    {"minkhal diff v1.jsonl.gz v2.jsonl.gz --ledger v2.ledger --markdown > NOTES.md",
     "and why they went, as release notes"},
    {"minkhal diff runs/1 runs/2 --json --samples 0 | jq .changed", "two folders of runs"},
    {NULL, NULL},
};

static const cli_pair audit_examples[] = {
    {"minkhal audit clean.ledger clean.jsonl.gz -o verdicts.jsonl",
     "judge 100 removals, or go on where you were"},
    {"minkhal audit runs/1 -o verdicts.jsonl --sample 300", "300 of the folder of a run"},
    {"minkhal audit --report verdicts.jsonl", "what was found"},
    {"minkhal audit --report verdicts.jsonl --json | jq .all.rate", "the same for programs"},
    {NULL, NULL},
};

static const cli_pair pack_examples[] = {
    {"minkhal pack clean.jsonl.gz -o waha/ --metadata waha.yaml",
     "a data set in a folder, ready to be uploaded: shards, card, checksums"},
    {"minkhal pack run/ -o waha.tar --split train=98,validation=1,test=1 --salt waha --strict",
     "what a run wrote, with splits, as an archive; fails while the card has gaps"},
    {"minkhal pack clean.jsonl.gz -o waha.zip --codec zst --shard-size 1G",
     "larger shards, compressed with zstd"},
    {"minkhal pack waha/ --metadata waha.yaml --force -o waha/",
     "a release again, with another card; no document is read"},
    {NULL, NULL},
};

static const cli_pair pack_files[] = {
    {"data/SPLIT-NNNNN-of-NNNNN.jsonl.gz", "the documents"},
    {"README.md, croissant.json", "what Hugging Face and other programs read"},
    {"manifest.json, SHA256SUMS", "what it is made of, and the digest of every file"},
    {"ids.idx", "where each id is: for 'minkhal get'"},
    {"stats.json, LICENSE, CITATION.cff", "figures; licence; how to cite it"},
    {NULL, NULL},
};

static const cli_pair verify_examples[] = {
    {"minkhal verify corpus/", "the folder of a run, by what it says of itself"},
    {"minkhal verify clean.jsonl.gz other.jsonl.zst", "single files"},
    {"minkhal verify waha/", "recomputes every digest and count of a release"},
    {"minkhal verify waha.tar && echo good", "the same inside an archive"},
    {NULL, NULL},
};

static const cli_pair get_examples[] = {
    {"minkhal get waha/ page-1042", "one document, as the line that it is"},
    {"minkhal get waha.zip page-1 page-2 | jq -r .text", "texts, without unpacking the archive"},
    {NULL, NULL},
};

static const cli_pair takedown_examples[] = {
    {"minkhal takedown waha/ --hosts gone.txt --reason 'asked by the site' -o waha-2/",
     "a release without the pages of some sites"},
    {"minkhal takedown waha.tar --ids list.txt --reason 'personal data' -o waha-2.tar",
     "without some documents, archive to archive"},
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
    {"minkhal normalize --jsonl --explain < texts.jsonl", "what changes in which of them"},
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
                           "IN is a file, a folder (all files in it, by name; of the folder of "
                           "a run its documents) or '-' for "
                           "standard input. Plain text and HTML are one document a file, JSONL "
                           "one a line, WARC (WET too) and ARC one a page; all alone, compressed "
                           "(gz, zst, xz, bz2) or inside tar and zip. The format is found by "
                           "content, not by name.",
                   .examples = clean_examples,
                   .files = clean_files,
                   .min = 1,
                   .max = SIZE_MAX,
                   .lacks = "clean needs IN: a file, a folder or '-'",
                   .exits = ALL,
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
                     .operands = "CLEANED LEDGER | DIR",
                     .summary = "the input texts again, byte for byte",
                     .text = "Rebuilds every text that 'minkhal clean --ledger' has read, from "
                             "what it wrote and its ledger, and checks each against the digest "
                             "of the original. CLEANED may be '-'. DIR is the folder of a run "
                             "with '--ledger auto', or of a release with its ledger.",
                     .examples = restore_examples,
                     .files = restore_files,
                     .min = 1,
                     .max = 2,
                     .lacks =
                         "restore needs CLEANED and LEDGER, or the folder of a run or a release",
                     .exits = DONE | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH | LIMIT | BUG,
                     .offer = CLI_OFFER_FILE,
                     .run = cli_restore},
    [CLI_STATS] = {.name = "stats",
                   .operands = "IN...",
                   .summary = "figures over a corpus: lengths, scripts, languages, sites",
                   .text = "Counts documents, bytes, letters, words and lines, how long documents "
                           "are, their scripts and languages (the record's lang, else what the "
                           "text shows), vowel signs, tatweel and digits, sites by the host of "
                           "url, and equal texts. IN is as for 'minkhal clean', raw or cleaned.\n\n"
                           "IN may also be the folder of a run or a release, a ledger or the "
                           "summary of a run (which rules fired), and what --json has written: "
                           "such figures are added. Names that end in .json are figures. Sites "
                           "and equal texts are exact up to 65,536 of them; above that the "
                           "figures say by how much they may be wrong.",
                   .examples = stats_examples,
                   .min = 1,
                   .max = SIZE_MAX,
                   .lacks = "stats needs IN: a file, a folder or '-'",
                   .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | LIMIT | BUG | STOPPED,
                   .offer = CLI_OFFER_FILE,
                   .run = cli_stats},
    [CLI_DIFF] = {.name = "diff",
                  .operands = "OLD NEW",
                  .summary = "what changed between two corpora or releases",
                  .text = "Compares the texts of documents that have the same id: tells how many "
                          "were added, removed and changed, by site, and shows samples with the "
                          "lines that changed. With ledgers it tells why documents were removed "
                          "and which rules did more or less.\n\n"
                          "OLD and NEW are as for 'minkhal clean', or the folders of a run or a "
                          "release; both are read more than once. The exit status is 0 if there "
                          "is no difference, 1 if there is one.",
                  .examples = diff_examples,
                  .min = 2,
                  .max = 2,
                  .lacks = "diff needs OLD and NEW",
                  .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | LIMIT | BUG | STOPPED,
                  .offer = CLI_OFFER_FILE,
                  .run = cli_diff},
    [CLI_AUDIT] = {.name = "audit",
                   .operands = "LEDGER CLEANED | RUN | OUT",
                   .summary = "judge a sample of removals, and tell how many were wrong",
                   .text = "Draws removals of a run at random, about as many of each rule, and "
                           "shows them one by one with the kept text around them. A person says "
                           "by key whether each was right (y), wrong (n: content was lost) or "
                           "cannot be told (?); b goes back to the one before, q leaves. Each "
                           "verdict is written at once; when the audit is taken up again, what "
                           "was judged is not shown.\n\n"
                           "In the end, and with --report, the rate of wrong removals is told "
                           "for each rule and for all, weighted by how many removals each made, "
                           "with the interval that holds it with 95 percent confidence. LEDGER "
                           "and CLEANED are what 'minkhal clean' wrote with --ledger and -o, RUN "
                           "is the folder of a run, OUT that of a release with its ledger.",
                   .examples = audit_examples,
                   .min = 0,
                   .max = 2,
                   .exits = DONE | USAGE | DAMAGED | OUTPUT | MISMATCH | LIMIT | BUG | STOPPED,
                   .offer = CLI_OFFER_FILE,
                   .run = cli_audit},
    [CLI_PACK] = {.name = "pack",
                  .operands = "CLEANED...",
                  .summary = "a release of cleaned documents, that others can load and check",
                  .text = "Checks every line of CLEANED, parts documents into splits, writes them "
                          "as shards of a stated size and puts beside them what loaders and "
                          "people need: a card, Croissant, a manifest, checksums. What is not "
                          "told in --metadata stands as TODO in the card. Shards that need no "
                          "change are copied member by member.\n\n"
                          "CLEANED is JSONL as 'minkhal clean' writes it, alone or compressed, or "
                          "the folder of a run; or a release, alone, which is given another "
                          "card (--metadata, --croissant, --audit) or container at the speed of "
                          "copying. The same input and options make the same bytes. "
                          "SOURCE_DATE_EPOCH, if set, is the time in a tar and the date of the "
                          "release where the metadata has none.",
                  .examples = pack_examples,
                  .files = pack_files,
                  .min = 1,
                  .max = SIZE_MAX,
                  .lacks = "pack needs CLEANED: files of JSONL, the folder of a run or a release",
                  .exits = DONE | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH | LIMIT | BUG |
                           STOPPED,
                  .offer = CLI_OFFER_FILE,
                  .run = cli_pack},
    [CLI_GET] = {.name = "get",
                 .operands = "OUT ID...",
                 .summary = "documents of a release by their ids",
                 .text = "Writes the documents that have these ids, a line each, in the order of "
                         "the ids. Reads the index and the parts that hold them, not the rest; "
                         "of a compressed tar all of it, which .tar and .zip do not need. An id "
                         "that no document has is named, and the exit status is 1.",
                 .examples = get_examples,
                 .min = 2,
                 .max = SIZE_MAX,
                 .lacks = "get needs OUT and at least one ID",
                 .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | MISMATCH | LIMIT | BUG,
                 .offer = CLI_OFFER_FILE,
                 .run = cli_get},
    [CLI_TAKEDOWN] = {.name = "takedown",
                      .operands = "OUT",
                      .summary = "a release again, without some documents",
                      .text = "Writes a new release without the documents of a list. All others "
                              "stay in their splits, and parts of shards without any of them "
                              "stay as they are, byte for byte. The manifest tells how many "
                              "went, why, and the digests of the list and of the old manifest; "
                              "the list itself and the ids are not kept. In the ledger, the "
                              "attributes and the report nothing of these documents is left. "
                              "Entries of the list that no document has are told.",
                      .examples = takedown_examples,
                      .min = 1,
                      .max = 1,
                      .lacks = "takedown needs OUT: the folder or archive of a release",
                      .exits = DONE | REJECTS | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH |
                               LIMIT | BUG | STOPPED,
                      .offer = CLI_OFFER_FILE,
                      .run = cli_takedown},
    [CLI_REPORT] = {.name = "report",
                    .operands = "CLEANED LEDGER | RUN | OUT",
                    .summary = "what a run did, as a page for people",
                    .text = "Reads what 'minkhal clean --ledger' wrote and its ledger and makes a "
                            "page of it: what became of the records, which documents a person "
                            "should look at and why, what each filter and rule took, lengths "
                            "before and after, sites, and for every rule a sample of its removals "
                            "with the text around them. Each text is rebuilt and checked on the "
                            "way. The page needs no network and no program but a browser; it can "
                            "be printed. The same run gives the same page. RUN is the folder of a "
                            "run with '--ledger auto', OUT that of a release that was packed with "
                            "'--ledger'.",
                    .examples = report_examples,
                    .files = report_files,
                    .min = 1,
                    .max = 2,
                    .lacks = "report needs CLEANED and LEDGER, or the folder of a run or a release",
                    .exits = DONE | USAGE | DAMAGED | OUTPUT | EXISTS | MISMATCH | LIMIT | BUG |
                             STOPPED,
                    .offer = CLI_OFFER_FILE,
                    .run = cli_report},
    [CLI_VERIFY] = {.name = "verify",
                    .operands = "DIR|RELEASE|FILE...",
                    .summary = "check that what was written is whole and unchanged",
                    .text =
                        "DIR is the folder of a finished run: its names, sizes, digests, lines, "
                        "counts and journal are compared, and every text is restored from the "
                        "ledger if there is one. RELEASE is what 'minkhal pack' made, a folder "
                        "or an archive: every digest, size, count, split and index is "
                        "recomputed, and so is the frame of the archive. FILE is of JSON "
                        "lines: the checksums of its codec and the JSON of every line are "
                        "checked. Of runs and files every wrong thing is named, of a release "
                        "the first. Of a run that is whole it is also told which inputs were "
                        "damaged or had bad records when it was made.",
                    .examples = verify_examples,
                    .min = 1,
                    .max = SIZE_MAX,
                    .lacks = "verify needs DIR or FILE",
                    .exits = DONE | USAGE | OUTPUT | MISMATCH | LIMIT | BUG | STOPPED,
                    .offer = CLI_OFFER_FILE,
                    .run = cli_verify},
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
