/* common.c: what several subcommands need: the chain, names, signals. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "message.h"
#include "print.h"

/* ---- the chain ---- */

/* Options that say how letters are to be. */
static const struct {
    const char *name;
    size_t offset; /* of the value in cli_args */
} choices[] = {
    {"lang", offsetof(cli_args, lang)},
    {"diacritics", offsetof(cli_args, diacritics)},
    {"digits", offsetof(cli_args, digits)},
    {"mark-order", offsetof(cli_args, mark_order)},
    {"punctuation", offsetof(cli_args, punctuation)},
};

/* Options that are short for an option of a filter, and take what that takes. */
static const struct {
    const char *set;
    size_t offset; /* of the value in cli_args; NULL: not given */
} shorts[] = {
    {"sites:rules", offsetof(cli_args, site_rules)},
    {"language:keep", offsetof(cli_args, keep_lang)},
};

enum {
    N_CHOICES = sizeof(choices) / sizeof(*choices),
    N_SHORTS = sizeof(shorts) / sizeof(*shorts),
    N_SETS = N_CHOICES + N_SHORTS
};

/* The word that was given for choice i; empty: none. */
static mk_str given(const cli_args *args, size_t i)
{
    const int value = *(const int *)(const void *)((const char *)args + choices[i].offset);
    const cli_word word = cli_choice(choices[i].name, value);

    return (mk_str){word.ptr, word.len};
}

void cli_norm_choices(const cli_args *args, mk_norm_options *options)
{
    for (size_t i = 0; i < N_CHOICES; i++)
        if (given(args, i).len > 0)
            mk_norm_set(options, mk_str_of(choices[i].name), given(args, i));
}

/* The --set words that options for letters and of other filters stand for, owned. False:
 * out of memory. */
static bool short_sets(const cli_args *args, char *ret[N_SETS])
{
    size_t n = 0;

    for (size_t i = 0; i < N_CHOICES; i++) {
        const mk_str word = given(args, i);
        if (word.len > 0 && asprintf(&ret[n++], "normalize:%s=%.*s", choices[i].name, (int)word.len,
                                     word.ptr) < 0) {
            ret[n - 1] = NULL;
            return false;
        }
    }
    for (size_t i = 0; i < N_SHORTS; i++) {
        const char *const value = *(const char *const *)(const void *)((const char *)args +
                                                                       shorts[i].offset);
        if (value && asprintf(&ret[n++], "%s=%s", shorts[i].set, value) < 0) {
            ret[n - 1] = NULL;
            return false;
        }
    }
    return true;
}

int cli_chain_open(const cli_args *args, mk_chain **ret)
{
    mk_chain_options options = {.profile = args->profile, .filters = args->filters};
    char *words[N_SETS] = {NULL};
    const char **sets = calloc(args->sets.n + N_SETS, sizeof(*sets));
    mk_error error = {0};
    mk_err err = MK_NOMEM;
    const bool ok = sets && short_sets(args, words);

    /* In front, so that a --set, which says more, has the last word. */
    for (size_t i = 0; ok && i < N_SETS && words[i]; i++)
        sets[options.n_sets++] = words[i];
    for (size_t i = 0; ok && i < args->sets.n; i++)
        sets[options.n_sets++] = args->sets.items[i];
    options.sets = sets;
    if (ok)
        err = mk_chain_open(&options, ret, &error);
    free(sets);
    for (size_t i = 0; i < N_SETS; i++)
        free(words[i]);
    if (!ok)
        return cli_say_nomem();
    return err ? cli_say_error(&error) : 0;
}

const char *cli_step_name(const mk_chain *chain, size_t step)
{
    return step < mk_chain_length(chain) ? mk_chain_filter(chain, step)->name : "?";
}

const char *cli_rule_name(const mk_chain *chain, size_t step, size_t rule)
{
    const mk_rule *rules;

    if (step >= mk_chain_length(chain))
        return "?";
    rules = mk_chain_filter(chain, step)->rules;
    for (size_t i = 0; rules && rules[i].name; i++)
        if (i == rule)
            return rules[i].name;
    return "?";
}

/* ---- inputs ---- */

/* What is replaced must not be the list. */
static int check_list(const cli_args *args)
{
    const char *const outputs[] = {args->output, args->ledger, args->rejects, args->summary,
                                   args->attributes};
    struct stat list, st;

    if (strcmp(args->files_from, "-") == 0 || stat(args->files_from, &list) != 0)
        return 0; /* reading it will say so */
    for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
        if (outputs[i] && S_ISREG(list.st_mode) && stat(outputs[i], &st) == 0 &&
            st.st_dev == list.st_dev && st.st_ino == list.st_ino)
            return cli_say_usage(args->command, "cannot write '%s': it is the list of inputs",
                                 outputs[i]);
    return 0;
}

int cli_list_inputs(cli_args *args)
{
    mk_error error = {0};
    cli_list *const to = &args->operands;
    size_t n = 0;
    int status;

    if (!args->files_from)
        return 0;
    status = check_list(args);
    if (status)
        return status;
    if (mk_list_read(args->files_from, args->null, &args->listed, &n, &error))
        return cli_say_error(&error);
    if (n == 0 && to->n == 0)
        return cli_say_usage(args->command, "'%s' names no input", args->files_from);
    const char **const items = realloc(to->items, (to->n + n + 1) * sizeof(*items));
    if (!items)
        return cli_say_nomem();
    if (n > 0)
        memcpy(items + to->n, args->listed, n * sizeof(*items));
    to->items = items;
    to->n += n;
    return 0;
}

/* ---- selection ---- */

mk_selection cli_selection(const cli_args *args)
{
    return (mk_selection){
        .types = args->only_type,
        .statuses = args->only_status,
        .languages = args->only_lang,
        .url_list = args->url_list,
        .exclude_hosts = args->exclude_hosts,
        .include = args->includes.items,
        .n_include = args->includes.n,
        .exclude = args->excludes.items,
        .n_exclude = args->excludes.n,
        .follow_links = args->follow_links,
    };
}

mk_limits cli_limits(const cli_args *args)
{
    return (mk_limits){
        .max_ratio = args->max_ratio,
        .max_unpacked = args->max_unpacked,
        .max_depth = (unsigned)args->max_depth,
        .allow_changing = args->allow_changing,
        .salvage = args->salvage,
    };
}

int cli_finish(const cli_args *args, uint64_t n_damaged, uint64_t n_rejected, bool no_text)
{
    char n[CLI_NUMBER], limit[CLI_NUMBER];

    if (n_damaged > 0)
        return CLI_DAMAGED;
    if (n_rejected <= args->max_rejects)
        return CLI_DONE;
    cli_number(n, n_rejected);
    const char *const were = cli_plural(n_rejected, "record was", "records were");
    if (no_text)
        cli_say("%s %s rejected: name the member that holds the %s", n, were,
                args->html_field ? "page with --html-field" : "text with --text-field");
    else
        cli_say("%s %s rejected, --max-rejects allows %s", n, were,
                cli_number(limit, args->max_rejects));
    return CLI_REJECTS;
}

/* ---- names ---- */

bool cli_is_folder(const char *path)
{
    const size_t len = strlen(path);
    struct stat st;

    return path[len - 1] == '/' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

bool cli_is_pipe(const char *path)
{
    struct stat st;

    return strcmp(path, "-") == 0 ||
           (stat(path, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)));
}

int cli_check_output(const cli_args *args)
{
    static const char *const ends[] = {".jsonl", ".jsonl.gz", ".jsonl.zst"};
    const char *const path = args->output;
    const size_t len = strlen(path);

    if (args->gz_single && args->codec > CLI_CODEC_GZ)
        return cli_say_usage(args->command, "'--gz-single' is of gz, '--codec' says otherwise");
    if (cli_is_pipe(path) || (args->command == CLI_CLEAN && cli_is_folder(path)))
        return 0;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        const size_t n = strlen(ends[i]);

        if (len > n && path[len - n - 1] != '/' && strcmp(path + len - n, ends[i]) == 0)
            return 0;
    }
    return cli_say_usage(args->command,
                         "cannot tell how to store '%s': the name must end in "
                         ".jsonl, .jsonl.gz or .jsonl.zst",
                         path);
}

const char *cli_codec(const cli_args *args)
{
    static const char *const names[] = {
        [CLI_CODEC_GZ] = "gz", [CLI_CODEC_ZST] = "zst", [CLI_CODEC_NONE] = "none"};

    return args->gz_single ? "gz-single" : names[args->codec];
}

const mk_builtin *cli_builtin_find(const mk_builtin *list, const char *name)
{
    for (; list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

const mk_filter *cli_filter_find(const char *name)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        if (strcmp((*f)->name, name) == 0)
            return *f;
    return NULL;
}

const char *cli_builtin_summary(const mk_builtin *builtin, char out[CLI_SUMMARY])
{
    const char *at = builtin->text;
    const size_t n_name = strlen(builtin->name);
    size_t len = 0;

    out[0] = '\0';
    while (*at == '#' && len + 1 < CLI_SUMMARY) {
        const size_t end = strcspn(at, "\n");
        const mk_str line = mk_str_trim((mk_str){at + 1, end - 1});

        if (line.len == 0)
            break;
        len += (size_t)snprintf(out + len, CLI_SUMMARY - len, "%s%.*s", len > 0 ? " " : "",
                                (int)line.len, line.ptr);
        at += end + (at[end] == '\n');
    }
    out[mk_utf8_valid(mk_str_of(out))] = '\0'; /* it may have been cut */
    out[strcspn(out, ".")] = '\0';
    if (strncmp(out, builtin->name, n_name) == 0 && out[n_name] == ':')
        return out + n_name + 1 + strspn(out + n_name + 1, " ");
    return out;
}

/* ---- signals ---- */

/* The one mutable variable of the program: a handler has no other place. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* Leaves alone what was ignored when we started (nohup, a shell's &). */
static void catch_signal(int number, int flags)
{
    struct sigaction old, now;

    memset(&now, 0, sizeof(now));
    now.sa_handler = on_signal;
    now.sa_flags = flags;
    sigemptyset(&now.sa_mask);
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(number, &now, NULL);
}

bool cli_stopped(void)
{
    return stop != 0;
}

static volatile sig_atomic_t asked; /* how it goes */

static void on_question(int number)
{
    (void)number;
    asked = 1;
}

volatile sig_atomic_t *cli_catch_questions(void)
{
    struct sigaction now;

    memset(&now, 0, sizeof(now));
    now.sa_handler = on_question;
    now.sa_flags = SA_RESTART; /* nothing is to end */
    sigemptyset(&now.sa_mask);
    sigaction(SIGUSR1, &now, NULL);
    return &asked;
}

const volatile sig_atomic_t *cli_catch_signals(void)
{
    /* Without SA_RESTART: a read that waits for ever must come back. */
    catch_signal(SIGINT, (int)SA_RESETHAND);
    catch_signal(SIGTERM, 0);
    catch_signal(SIGHUP, 0);
    return &stop;
}
