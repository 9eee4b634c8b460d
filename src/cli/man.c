/* man.c: the manual page in mdoc, made from the tables.
 * Source: mdoc(7). Checked with mandoc -Tlint -Wwarning. */
#include <string.h>

#include "command.h"
#include "message.h"

/* The day when what the page says last changed. */
#define MAN_DATE "November 22, 2026"

enum { MAN_WIDTH = 72 /* columns of the source */ };

/* ---- text ---- */

/* One word: backslashes escaped, and the hyphens of options kept as such. */
static size_t put_word(FILE *f, const char *word, size_t len, bool literal)
{
    const bool option = literal || word[0] == '-' || (len > 1 && word[1] == '-');
    size_t columns = 0;

    for (size_t i = 0; i < len; i++) {
        if (word[i] == '\\')
            columns += (size_t)fprintf(f, "\\e");
        else if (word[i] == '-' && option)
            columns += (size_t)fprintf(f, "\\-");
        else
            columns += (size_t)fprintf(f, "%c", word[i]);
    }
    return columns;
}

/* Running text: a sentence begins a line, as mdoc wants it; an empty line of
 * text becomes .Pp. */
static void put_text(FILE *f, const char *text)
{
    size_t at = 0;
    bool sentence = false;

    while (*text) {
        const size_t len = strcspn(text, " \n");

        if (at > 0 && (sentence || at + 1 + len > MAN_WIDTH)) {
            fputc('\n', f);
            at = 0;
        }
        if (at > 0)
            at += (size_t)fprintf(f, " ");
        else if (*text == '.' || *text == '\'')
            fputs("\\&", f);
        at += put_word(f, text, len, false);
        sentence = text[len - 1] == '.' && len > 2;
        text += len;
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.Pp\n", f);
            at = 0;
        }
        text += strspn(text, " \n");
    }
    if (at > 0)
        fputc('\n', f);
}

/* A line that stays as it is. */
static void put_literal(FILE *f, const char *line)
{
    if (*line == '.' || *line == '\'')
        fputs("\\&", f);
    put_word(f, line, strlen(line), true);
    fputc('\n', f);
}

/* "IN..." as .Ar IN ..., "[NAME]" as .Op Ar NAME. */
static void put_operands(FILE *f, const char *operands)
{
    while (*operands) {
        const size_t len = strcspn(operands, " ");
        const bool optional = operands[0] == '[';
        const char *name = operands + optional;
        size_t n = len - 2 * optional;
        const bool many = n >= 3 && memcmp(name + n - 3, "...", 3) == 0;

        n -= many ? 3 : 0;
        fprintf(f, ".%sAr %.*s%s\n", optional ? "Op " : "", (int)n, name, many ? " ..." : "");
        operands += len;
        operands += strspn(operands, " ");
    }
}

/* Running text with a capital at its beginning and a sign at its end. */
static void put_sentence(FILE *f, const char *text, char end)
{
    char copy[640];
    const size_t len = strlen(text);

    snprintf(copy, sizeof(copy), "%s%c", text, end);
    if (len > 0 && text[len - 1] == '.' && len < sizeof(copy))
        copy[len] = '\0';
    if (copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    put_text(f, copy);
}

/* ---- parts ---- */

static void put_synopsis(FILE *f, cli_command command)
{
    const cli_info *info = &cli_infos[command];
    char name[CLI_OPTION_NAME];

    fprintf(f, ".Nm\n.Cm %s\n", info->name);
    put_operands(f, info->operands);
    for (const cli_option *o = cli_options; o->name; o++)
        if (o->required & CLI_BIT(command))
            fprintf(f, ".Fl %s Ar %s\n", cli_option_name(o, name) + 1, o->arg);
    if (command != CLI_HELP)
        fputs(".Op Ar OPTION ...\n", f);
}

/* True if an earlier command has told about o at length. */
static bool told(const cli_option *o, cli_command command)
{
    return (o->commands & (CLI_BIT(command) - 1)) != 0;
}

static void put_option(FILE *f, const cli_option *o, cli_command command)
{
    char text[512];

    fputs(".It ", f);
    if (o->letter)
        fprintf(f, "Fl %c , ", o->letter);
    fprintf(f, "Fl -%s", o->name);
    if (o->arg)
        fprintf(f, " Ar %s", o->arg);
    fputc('\n', f);
    put_sentence(f, cli_option_text(o, !told(o, command), text), '.');
}

static void put_options(FILE *f, cli_command command)
{
    fputs(".Bl -tag -width Ds\n", f);
    for (const cli_option *o = cli_options; o->name; o++)
        if (cli_option_of(o, command))
            put_option(f, o, command);
    fputs(".El\n", f);
}

static void put_command(FILE *f, cli_command command)
{
    const cli_info *info = &cli_infos[command];

    fprintf(f, ".Ss minkhal %s\n", info->name);
    put_text(f, info->text);
    fputs(".Pp\nThe options are:\n", f);
    put_options(f, command);
}

static void put_files(FILE *f)
{
    fputs(".Sh FILES\n.Bl -tag -width Ds\n", f);
    for (int c = 0; c < CLI_N_COMMANDS; c++)
        for (const cli_pair *p = cli_infos[c].files; p && p->head; p++) {
            fprintf(f, ".It minkhal %s: %s\n", cli_infos[c].name, p->head);
            put_sentence(f, p->text, '.');
        }
    fputs(".El\n", f);
}

static void put_exits(FILE *f)
{
    fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds\n", f);
    for (const cli_exit *e = cli_exits; e->text; e++) {
        fprintf(f, ".It %d\n", e->status);
        put_sentence(f, e->text, '.');
    }
    fputs(".El\n", f);
}

static void put_examples(FILE *f)
{
    fputs(".Sh EXAMPLES\n", f);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        for (const cli_pair *e = cli_infos[c].examples; e->head; e++) {
            if (c > CLI_MAIN + 1 || e > cli_infos[c].examples)
                fputs(".Pp\n", f);
            put_sentence(f, e->text, ':');
            fputs(".Bd -literal -offset indent\n", f);
            put_literal(f, e->head);
            fputs(".Ed\n", f);
        }
}

void cli_man_print(FILE *f)
{
    fputs(".Dd " MAN_DATE "\n.Dt MINKHAL 1\n.Os\n.Sh NAME\n.Nm minkhal\n", f);
    fprintf(f, ".Nd %s\n.Sh SYNOPSIS\n", cli_infos[CLI_MAIN].summary);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        put_synopsis(f, (cli_command)c);
    fputs(".Sh DESCRIPTION\n", f);
    put_text(f, cli_infos[CLI_MAIN].text);
    fputs(".Pp\nBefore a command these options may stand:\n", f);
    put_options(f, CLI_MAIN);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
        put_command(f, (cli_command)c);
    fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev NO_COLOR\n", f);
    put_text(f, "If set and not empty, no colours are used unless --color always "
                "asks for them.");
    fputs(".El\n", f);
    put_files(f);
    put_exits(f);
    put_examples(f);
}
