/* options.c: the parser that reads the table of options (options_table.c). Long options
 * are never shortened: what is short today may be ambiguous tomorrow. Refuses
 * what is not in the table, with the nearest name that is.
 * Cases: fixtures/cli/usage_*. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "options.h"

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
        *ret = CLI_NO_LIMIT;
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
        !list_init(&ret->minima, argc) || !list_init(&ret->includes, argc) ||
        !list_init(&ret->excludes, argc))
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
    free(args->includes.items);
    free(args->excludes.items);
    free(args->listed);
    args->listed = NULL;
    args->operands = args->sets = args->minima = (cli_list){NULL, 0};
    args->includes = args->excludes = (cli_list){NULL, 0};
}

const char *cli_option_name(const cli_option *o, char out[CLI_OPTION_NAME])
{
    if (o->letter)
        snprintf(out, CLI_OPTION_NAME, "-%c", o->letter);
    else
        snprintf(out, CLI_OPTION_NAME, "--%s", o->name);
    return out;
}

int cli_check(const cli_args *args)
{
    const cli_info *info = &cli_infos[args->command];
    char name[CLI_OPTION_NAME];

    if (args->operands.n < info->min && !args->files_from)
        return cli_say_usage(args->command, "%s", info->lacks);
    if (args->null && !args->files_from)
        return cli_say_usage(args->command, "'--null' is of '--files-from'");
    if (args->operands.n > info->max)
        return cli_say_usage(args->command, "too many operands: '%s'",
                             args->operands.items[info->max]);
    for (const cli_option *o = cli_options; o->name; o++)
        /* What is required is text. */
        if ((o->required & CLI_BIT(args->command)) &&
            !*(const char *const *)((const char *)args + o->offset))
            return cli_say_usage(args->command, "%s needs %s %s", info->name,
                                 cli_option_name(o, name), o->arg);
    return 0;
}
