/* help.c: what --help prints, made from the tables. Examples come first:
 * they are what is read. */
#include <string.h>

#include "command.h"
#include "message.h"
#include "print.h"

enum {
    WIDTH = 80,   /* columns: the terminal that all have */
    HELP_AT = 26, /* column of an option's help */
    STATUS_AT = 7
};

/* ---- the synopsis ---- */

const char *cli_synopsis(cli_command command, char out[160])
{
    const cli_info *info = &cli_infos[command];
    char name[CLI_OPTION_NAME];
    size_t len = 0;

#define ADD(...) len += (size_t)snprintf(out + len, len < 160 ? 160 - len : 0, __VA_ARGS__)
    out[0] = '\0';
    if (*info->name)
        ADD(" %s", info->name);
    if (*info->operands)
        ADD(" %s", info->operands);
    for (const cli_option *o = cli_options; o->name; o++)
        if (o->required & CLI_BIT(command))
            ADD(" %s %s", cli_option_name(o, name), o->arg);
    if (command != CLI_MAIN && command != CLI_HELP)
        ADD(" [OPTION...]");
#undef ADD
    return out;
}

void cli_usage_print(FILE *f, cli_command command)
{
    char synopsis[160];

    fprintf(f, "Usage: minkhal%s\n", cli_synopsis(command, synopsis));
    if (command == CLI_MAIN)
        fputs("       minkhal help COMMAND\n", f);
}

/* ---- parts ---- */

static void put_indented(FILE *f, const char *text, size_t indent)
{
    fprintf(f, "%*s", (int)indent, "");
    cli_put_wrapped(f, text, indent, indent, WIDTH);
}

/* A word at column 2 and its text at column `at`, on the next line if the word
 * is too long. */
static void put_pair(FILE *f, const char *head, size_t at, const char *text)
{
    const size_t columns = 2 + cli_columns(mk_str_of(head), CLI_SHOW_SAFE);

    fprintf(f, "  %s", head);
    if (columns + 2 > at) {
        fputc('\n', f);
        put_indented(f, text, at);
        return;
    }
    fprintf(f, "%*s", (int)(at - columns), "");
    cli_put_wrapped(f, text, at, at, WIDTH);
}

/* A command line, broken with a backslash where it is too long. */
static void put_command_line(FILE *f, const char *line)
{
    size_t at = 4;

    fputs("    ", f);
    for (const char *s = line; *s; s += strspn(s, " ")) {
        const size_t len = strcspn(s, " ");

        /* An option stays with its argument: break before the option only. */
        if (s > line && *s == '-' && at + 1 + len + 24 > WIDTH && strlen(s) + at > 74) {
            fputs(" \\\n       ", f);
            at = 7;
        }
        at += (size_t)fprintf(f, "%s%.*s", s > line ? " " : "", (int)len, s);
        s += len;
    }
    fputc('\n', f);
}

static void put_examples(FILE *f, const cli_pair *examples)
{
    fputs("\nExamples:\n", f);
    for (const cli_pair *e = examples; e->head; e++) {
        put_command_line(f, e->head);
        put_indented(f, e->text, 8);
    }
}

const char *cli_option_text(const cli_option *o, bool more, char out[512])
{
    more = more && o->more;
    snprintf(out, 512, "%s%s%s%s%s%s", o->help, o->shown ? " (default: " : "",
             o->shown ? o->shown : "", o->shown ? ")" : "", more ? ". " : "", more ? o->more : "");
    return out;
}

static void put_option(FILE *f, const cli_option *o)
{
    char head[80], text[512];

    snprintf(head, sizeof(head), "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
             o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, o->arg ? " " : "",
             o->arg ? o->arg : "");
    put_pair(f, head, HELP_AT, cli_option_text(o, true, text));
}

static void put_options(FILE *f, cli_command command)
{
    for (int g = 0; g < CLI_N_GROUPS; g++) {
        bool any = false;

        for (const cli_option *o = cli_options; o->name; o++) {
            if (!cli_option_of(o, command) || (int)o->group != g)
                continue;
            if (!any)
                fprintf(f, "\n%s:\n", cli_groups[g]);
            any = true;
            put_option(f, o);
        }
    }
}

static void put_commands(FILE *f)
{
    fputs("\nCommands:\n", f);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        put_pair(f, cli_infos[c].name, 14, cli_infos[c].summary);
}

static void put_exits(FILE *f, unsigned exits)
{
    fputs("\nExit status:\n", f);
    for (size_t i = 0; cli_exits[i].text; i++) {
        char status[16];

        if (!(exits >> i & 1))
            continue;
        snprintf(status, sizeof(status), "%3d", cli_exits[i].status);
        put_pair(f, status, STATUS_AT, cli_exits[i].text);
    }
}

void cli_help_print(FILE *f, cli_command command)
{
    const cli_info *info = &cli_infos[command];

    fprintf(f, "minkhal%s%s: %s\n\n", *info->name ? " " : "", info->name, info->summary);
    cli_usage_print(f, command);
    fputc('\n', f);
    cli_put_wrapped(f, info->text, 0, 0, WIDTH);
    put_examples(f, info->examples);
    if (command == CLI_MAIN)
        put_commands(f);
    put_options(f, command);
    put_exits(f, info->exits);
    if (info->files) {
        fputs("\nFiles:\n", f);
        for (const cli_pair *p = info->files; p->head; p++)
            put_pair(f, p->head, 16, p->text);
    }
}

int cli_help(const cli_args *args)
{
    const char *name = args->operands.n > 0 ? args->operands.items[0] : NULL;
    const cli_command command = name ? cli_command_find(name) : CLI_MAIN;

    if (command == CLI_N_COMMANDS)
        return cli_say_unknown_command(name);
    cli_help_print(stdout, command);
    return CLI_DONE;
}
