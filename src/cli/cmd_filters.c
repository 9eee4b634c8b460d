/* cmd_filters.c: what is built in: filters, rules, options, lexicons, profiles.
 * All of it comes from the descriptors, so that it cannot be out of date. */
#include <string.h>

#include "command.h"
#include "message.h"
#include "print.h"

/* ---- words ---- */

static const char *kind_name(mk_kind kind)
{
    switch (kind) {
    case MK_KIND_LETTERS:
        return "letters";
    case MK_KIND_EVIDENCE:
        return "evidence";
    case MK_KIND_PAGE:
        return "page";
    }
    return "?";
}

static const char *kind_help(mk_kind kind)
{
    switch (kind) {
    case MK_KIND_LETTERS:
        return "changes letters inside a line";
    case MK_KIND_EVIDENCE:
        return "accuses lines; drops none by itself";
    case MK_KIND_PAGE:
        return "looks at the whole page";
    }
    return "?";
}

enum { WORDS = 128 /* bytes of a default or a range */ };

/* The word at place n of "a|b|c". */
static const char *choice(const char *choices, double n, char out[WORDS])
{
    for (; n >= 1 && *choices; n--) {
        choices += strcspn(choices, "|");
        choices += *choices == '|';
    }
    snprintf(out, WORDS, "%.*s", (int)strcspn(choices, "|"), choices);
    return out;
}

static const char *option_default(const mk_option *o, char out[WORDS])
{
    switch (o->type) {
    case MK_OPTION_BOOL:
        return o->def != 0 ? "on" : "off";
    case MK_OPTION_INT:
    case MK_OPTION_REAL:
        snprintf(out, WORDS, "%.15g", o->def);
        return out;
    case MK_OPTION_CHOICE:
        return choice(o->choices ? o->choices : "", o->def, out);
    case MK_OPTION_WORDS:
        return "all";
    case MK_OPTION_LEXICON:
        return o->lexicon ? o->lexicon : "none";
    case MK_OPTION_SITES:
        return "none";
    }
    return "?";
}

static const char *option_values(const mk_option *o, char out[WORDS])
{
    switch (o->type) {
    case MK_OPTION_BOOL:
        return "on|off";
    case MK_OPTION_INT:
    case MK_OPTION_REAL:
        snprintf(out, WORDS, "%.15g to %.15g", o->min, o->max);
        return out;
    case MK_OPTION_CHOICE:
        return o->choices ? o->choices : "";
    case MK_OPTION_WORDS:
        snprintf(out, WORDS, "all, or %s with commas", o->choices ? o->choices : "");
        return out;
    case MK_OPTION_LEXICON:
        return "+FILE or FILE";
    case MK_OPTION_SITES:
        return "FILE";
    }
    return "?";
}

/* Lines of a lexicon that are neither comments, sections nor empty. */
static uint64_t count_phrases(const char *text)
{
    uint64_t n = 0;

    while (*text) {
        const size_t len = strcspn(text, "\n");
        const mk_str line = mk_str_trim((mk_str){text, len});

        n += line.len > 0 && line.ptr[0] != '#' && line.ptr[0] != '[';
        text += len + (text[len] == '\n');
    }
    return n;
}

/* ---- all, as a list ---- */

static int put_list(void)
{
    cli_table table = {.n_columns = 3};
    bool ok;

    cli_table_add(&table, "filter");
    cli_table_add(&table, "kind");
    cli_table_add(&table, "what it does");
    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        cli_table_add(&table, (*f)->name);
        cli_table_add(&table, kind_name((*f)->kind));
        cli_table_add(&table, (*f)->summary);
    }
    ok = cli_table_print(stdout, &table, false);
    cli_table_clear(&table);
    if (!ok)
        return cli_say_nomem();
    fputs("\nProfiles\n", stdout);
    for (const mk_builtin *p = mk_profiles(); p->name; p++) {
        char summary[CLI_SUMMARY];

        fprintf(stdout, "  %-10s  ", p->name);
        cli_put_wrapped(stdout, cli_builtin_summary(p, summary), 14, 14, 80);
    }
    fputs("\n'minkhal filters NAME' tells more about a filter, 'minkhal filters "
          "--profile NAME'\nprints a profile.\n",
          stdout);
    return CLI_DONE;
}

/* ---- one filter ---- */

static int put_rules(const mk_filter *filter)
{
    cli_table table = {.n_columns = 3, .indent = 2};
    bool ok;

    if (!filter->rules || !filter->rules->name)
        return CLI_DONE;
    fputs("\nRules\n", stdout);
    for (const mk_rule *r = filter->rules; r->name; r++) {
        cli_table_add(&table, r->name);
        cli_table_add(&table, r->category);
        cli_table_add(&table, r->help);
    }
    ok = cli_table_print(stdout, &table, false);
    cli_table_clear(&table);
    return ok ? CLI_DONE : cli_say_nomem();
}

static int put_options(const mk_filter *filter)
{
    cli_table table = {.n_columns = 4, .indent = 2};
    char words[WORDS];
    bool ok;

    if (!filter->options || !filter->options->name)
        return CLI_DONE;
    fprintf(stdout, "\nOptions (--set %s:OPTION=VALUE)\n", filter->name);
    cli_table_add(&table, "option");
    cli_table_add(&table, "default");
    cli_table_add(&table, "values");
    cli_table_add(&table, "what it does");
    for (const mk_option *o = filter->options; o->name; o++) {
        cli_table_add(&table, o->name);
        cli_table_add(&table, option_default(o, words));
        cli_table_add(&table, option_values(o, words));
        cli_table_add(&table, o->help);
    }
    ok = cli_table_print(stdout, &table, false);
    cli_table_clear(&table);
    return ok ? CLI_DONE : cli_say_nomem();
}

static void put_lexicons(const mk_filter *filter)
{
    char n[CLI_NUMBER];

    for (const mk_option *o = filter->options; o && o->name; o++) {
        const mk_builtin *b = o->lexicon ? cli_builtin_find(mk_lexicons(), o->lexicon) : NULL;

        if (b)
            fprintf(stdout,
                    "\nLexicon %s: %s phrases; 'minkhal filters --lexicon %s' "
                    "prints it.\n",
                    b->name, cli_number(n, count_phrases(b->text)), b->name);
    }
}

static int put_filter(const mk_filter *filter)
{
    int status;

    fprintf(stdout, "%s: %s\nkind: %s (%s)\n", filter->name, filter->summary,
            kind_name(filter->kind), kind_help(filter->kind));
    status = put_rules(filter);
    if (!status)
        status = put_options(filter);
    if (!status)
        put_lexicons(filter);
    return status;
}

static int find_filter(const char *name)
{
    const mk_filter *filter = cli_filter_find(name);
    cli_nearest near = {.word = name};
    char hint[96];

    if (filter)
        return put_filter(filter);
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        cli_nearest_try(&near, (*f)->name);
    return cli_say_usage(CLI_FILTERS, "no filter '%s'%s", name, cli_nearest_hint(&near, "", hint));
}

/* ---- built-in texts ---- */

static int put_builtin(const mk_builtin *list, const char *what, const char *name)
{
    const mk_builtin *found = cli_builtin_find(list, name);
    cli_nearest near = {.word = name};
    char hint[96];

    if (found) {
        fputs(found->text, stdout);
        return CLI_DONE;
    }
    for (const mk_builtin *b = list; b->name; b++)
        cli_nearest_try(&near, b->name);
    return cli_say_usage(CLI_FILTERS, "no built-in %s '%s'%s", what, name,
                         cli_nearest_hint(&near, "", hint));
}

/* ---- Markdown ---- */

/* A cell: a bar would end it. */
static void put_cell(const char *s)
{
    for (; *s; s++)
        fputs(*s == '|' ? "\\|" : (const char[]){*s, '\0'}, stdout);
}

static void put_row(const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fputs(i == 0 ? "| " : " | ", stdout);
        put_cell(cells[i] ? cells[i] : "");
    }
    fputs(" |\n", stdout);
}

static void markdown_rules(const mk_filter *filter)
{
    if (!filter->rules || !filter->rules->name)
        return;
    fputs("\n| rule | category | in whose name |\n|---|---|---|\n", stdout);
    for (const mk_rule *r = filter->rules; r->name; r++)
        put_row((const char *const[]){r->name, r->category, r->help}, 3);
}

static void markdown_options(const mk_filter *filter)
{
    char def[WORDS], values[WORDS];

    if (!filter->options || !filter->options->name)
        return;
    fputs("\n| option | default | values | what it does |\n|---|---|---|---|\n", stdout);
    for (const mk_option *o = filter->options; o->name; o++)
        put_row((const char *const[]){o->name, option_default(o, def), option_values(o, values),
                                      o->help},
                4);
}

static void markdown_filter(const mk_filter *filter)
{
    fprintf(stdout, "\n### %s\n\n%c%s. Kind: %s.\n", filter->name,
            filter->summary[0] >= 'a' && filter->summary[0] <= 'z' ? filter->summary[0] - 'a' + 'A'
                                                                   : filter->summary[0],
            filter->summary[0] ? filter->summary + 1 : "", kind_name(filter->kind));
    markdown_rules(filter);
    markdown_options(filter);
}

static int put_markdown(void)
{
    static const mk_kind kinds[] = {MK_KIND_EVIDENCE, MK_KIND_PAGE, MK_KIND_LETTERS};
    char n[CLI_NUMBER];

    fputs("# Filters\n\nMade by `minkhal filters --markdown`; do not edit.\n", stdout);
    for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
        fprintf(stdout, "\n## Kind %s: %s\n", kind_name(kinds[k]), kind_help(kinds[k]));
        for (const mk_filter *const *f = mk_filters(); *f; f++)
            if ((*f)->kind == kinds[k])
                markdown_filter(*f);
    }
    fputs("\n## Lexicons\n\n| lexicon | phrases | what it lists |\n|---|--:|---|\n", stdout);
    for (const mk_builtin *b = mk_lexicons(); b->name; b++) {
        char summary[CLI_SUMMARY];

        put_row((const char *const[]){b->name, cli_number(n, count_phrases(b->text)),
                                      cli_builtin_summary(b, summary)},
                3);
    }
    fputs("\n## Profiles\n", stdout);
    for (const mk_builtin *b = mk_profiles(); b->name; b++)
        fprintf(stdout, "\n### %s\n\n```\n%s```\n", b->name, b->text);
    return CLI_DONE;
}

int cli_filters(const cli_args *args)
{
    const size_t asked = args->operands.n + (args->lexicon != NULL) + (args->profile != NULL) +
                         args->markdown;

    if (asked > 1)
        return cli_say_usage(CLI_FILTERS, "NAME, --lexicon, --profile and --markdown "
                                          "go one at a time");
    if (args->lexicon)
        return put_builtin(mk_lexicons(), "lexicon", args->lexicon);
    if (args->profile)
        return put_builtin(mk_profiles(), "profile", args->profile);
    if (args->markdown)
        return put_markdown();
    return args->operands.n > 0 ? find_filter(args->operands.items[0]) : put_list();
}
