/* options.h: what the command line can say. One table of options and one of
 * commands; the parser, the help, the man page and the shell completions are
 * all made from them.
 *
 * The command's own names begin with cli_, so that they never meet those of
 * the library that it is linked with. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cli_command {
    CLI_MAIN, /* what stands before the command's name */
    CLI_CLEAN,
    CLI_EXPLAIN,
    CLI_CAT,
    CLI_MINE,
    CLI_SWEEP,
    CLI_RESTORE,
    CLI_VERIFY,
    CLI_STATS,
    CLI_DIFF,
    CLI_AUDIT,
    CLI_PACK,
    CLI_GET,
    CLI_TAKEDOWN,
    CLI_REPORT,
    CLI_NORMALIZE,
    CLI_FILTERS,
    CLI_HELP,
    CLI_N_COMMANDS
} cli_command;

#define CLI_BIT(command) (1U << (command))

/* ---- the values ---- */

enum { CLI_COLOR_AUTO = 1, CLI_COLOR_ALWAYS, CLI_COLOR_NEVER };
enum { CLI_CODEC_GZ = 1, CLI_CODEC_ZST, CLI_CODEC_NONE };
enum { CLI_MAN = 1, CLI_BASH, CLI_ZSH, CLI_FISH };

typedef struct cli_list {
    const char **items; /* n of them; owns the array, lends the words of argv */
    size_t n;
} cli_list;

typedef struct cli_args {
    cli_command command;
    cli_list operands, sets, minima, includes, excludes;
    const char **listed; /* owned: the texts of operands that a list gave, or NULL */
    const char *files_from, *shard;
    const char *output, *audit, *ledger, *rejects, *summary;
    const char *profile, *filters, *text_field, *html_field, *id_field, *id, *lexicon, *charset;
    const char *old_ledger, *report, *attributes;
    const char *site_field, *site_rules, *keep_lang, *by, *title;
    const char *only_type, *only_status, *only_lang, *url_list, *exclude_hosts;
    uint64_t threads, level, max_doc, max_rejects, min_pages, min_share, memory;
    uint64_t worst, folds, head, top, samples, sites, seed;
    uint64_t shard_size, shard_docs, checkpoint;
    uint64_t max_ratio, max_unpacked, max_depth;
    const char *only, *on, *off;
    const char *metadata, *split, *salt, *group_field;
    const char *ids, *hosts, *urls, *reason;
    int croissant;
    bool strict;
    int lang, diacritics, digits, mark_order, punctuation, form, schema;
    int color, generate, codec; /* place of the word, from 1; 0: unset */
    bool dedup, force, quiet, json, all, features, markdown, counts, lines, intervals;
    bool jsonl, allow_changing, follow_links, salvage, explain, verify_digests, gz_single, resume,
        null, help, version;
} cli_args;

/* ---- the table of options ---- */

typedef enum cli_type {
    CLI_FLAG,  /* bool */
    CLI_TEXT,  /* const char *, not empty */
    CLI_LIST,  /* cli_list: given once for each */
    CLI_COUNT, /* uint64_t; the word of choices, if any, is UINT64_MAX */
    CLI_SIZE,  /* uint64_t of bytes: 500, 64K, 10M, 1G, 1T */
    CLI_CHOICE /* int: the place of the word in choices, from 1 */
} cli_type;

typedef enum cli_group {
    CLI_GROUP_INPUT,
    CLI_GROUP_OUTPUT,
    CLI_GROUP_FILTERS,
    CLI_GROUP_RUN,
    CLI_GROUP_OTHER,
    CLI_N_GROUPS
} cli_group;

/* What a shell may offer for the argument. */
typedef enum cli_offer {
    CLI_OFFER_NOTHING,
    CLI_OFFER_FILE,
    CLI_OFFER_PROFILE,      /* a built-in profile */
    CLI_OFFER_PROFILE_FILE, /* or a file */
    CLI_OFFER_FILTER,
    CLI_OFFER_FILTERS, /* filters with commas between them */
    CLI_OFFER_LEXICON,
    CLI_OFFER_COMMAND
} cli_offer;

typedef struct cli_option {
    unsigned commands; /* CLI_BIT of each that has it */
    unsigned required; /* and of each that cannot do without */
    cli_group group;
    const char *name; /* NULL ends the table */
    char letter;      /* 0: none */
    cli_type type;
    size_t offset;       /* of the value in cli_args */
    const char *arg;     /* name of the argument; NULL for a flag */
    const char *help;    /* one line */
    const char *more;    /* a paragraph, or NULL */
    const char *shown;   /* the default, in words, or NULL */
    const char *choices; /* words with | between them, or NULL */
    uint64_t def, min, max;
    cli_offer offer;
} cli_option;

#define CLI_NO_LIMIT UINT64_MAX /* a max: numbers have none */

extern const cli_option cli_options[];
/* The word of that choice which value stands for; empty if unset. */
typedef struct cli_word {
    const char *ptr;
    size_t len;
} cli_word;
cli_word cli_choice(const char *name, int value);

extern const char *const cli_groups[CLI_N_GROUPS]; /* their headings */

static inline bool cli_option_of(const cli_option *o, cli_command command)
{
    return (o->commands & CLI_BIT(command)) != 0;
}

/* ---- the table of commands ---- */

typedef struct cli_pair {
    const char *head, *text; /* head NULL ends a list */
} cli_pair;

typedef struct cli_info {
    const char *name;                 /* as typed; "" for CLI_MAIN */
    const char *operands;             /* as shown after the name */
    const char *summary;              /* one line, no capital, no full stop */
    const char *text;                 /* paragraphs with an empty line between them */
    const cli_pair *examples;         /* a command line, what it does */
    const cli_pair *files;            /* a file, what it holds; may be NULL */
    size_t min, max;                  /* number of operands */
    const char *lacks;                /* what to say below min */
    unsigned exits;                   /* bit i: row i of cli_exits can come of it */
    cli_offer offer;                  /* for operands */
    int (*run)(const cli_args *args); /* the exit status */
} cli_info;

extern const cli_info cli_infos[CLI_N_COMMANDS];

/* The command of that name, CLI_N_COMMANDS if there is none. */
cli_command cli_command_find(const char *name);

/* ---- the parser ---- */

/* Reads argv[*at...] for command; CLI_MAIN ends at the first operand, others at
 * the end. Moves *at past what was read. 0, or an exit status (a message was
 * printed). *ret must be cleared either way. */
int cli_parse(cli_command command, int argc, char **argv, int *at, cli_args *ret);
void cli_args_clear(cli_args *args);

enum { CLI_OPTION_NAME = 32 /* bytes: more than the longest name has */ };

/* "-o" or, where it has no letter, "--reason". Returns out. */
const char *cli_option_name(const cli_option *o, char out[CLI_OPTION_NAME]);

/* Checks what help does without: required options, number of operands (before a list
 * of them is read). 0, or an exit status. */
int cli_check(const cli_args *args);

#endif
