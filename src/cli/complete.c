/* complete.c: completions for bash, zsh and fish, made from the tables and
 * from what is built in. */
#include <string.h>

#include "command.h"

/* ---- words to offer ---- */

static void put_names(FILE *f, const mk_builtin *list)
{
    for (; list->name; list++)
        fprintf(f, "%s ", list->name);
}

/* The words of an offer, a space after each. */
static void put_offer(FILE *f, cli_offer offer)
{
    switch (offer) {
    case CLI_OFFER_NOTHING:
    case CLI_OFFER_FILE:
        break;
    case CLI_OFFER_PROFILE:
    case CLI_OFFER_PROFILE_FILE:
        put_names(f, mk_profiles());
        break;
    case CLI_OFFER_FILTER:
    case CLI_OFFER_FILTERS:
        for (const mk_filter *const *filter = mk_filters(); *filter; filter++)
            fprintf(f, "%s ", (*filter)->name);
        break;
    case CLI_OFFER_LEXICON:
        put_names(f, mk_lexicons());
        break;
    case CLI_OFFER_COMMAND:
        for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++)
            fprintf(f, "%s ", cli_infos[c].name);
        break;
    }
}

static void put_choices(FILE *f, const char *choices)
{
    for (; *choices; choices++)
        fputc(*choices == '|' ? ' ' : *choices, f);
    fputc(' ', f);
}

/* The words for an option's argument. */
static void put_words(FILE *f, const cli_option *o)
{
    if (o->choices)
        put_choices(f, o->choices);
    else
        put_offer(f, o->offer);
}

/* s with a backslash before each character of special. */
static void put_escaped(FILE *f, const char *s, const char *special)
{
    for (; *s; s++) {
        if (strchr(special, *s))
            fputc('\\', f);
        fputc(*s, f);
    }
}

/* ---- bash ---- */

static const char bash_head[] =
    "# bash completion, made by: minkhal --generate complete-bash\n"
    "_minkhal()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command= head= i\n"
    "\n"
    "    if [[ $prev == = ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    elif [[ $cur == = ]]; then\n"
    "        cur=\n"
    "    fi\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        if [[ ${COMP_WORDS[i]} != -* ]]; then\n"
    "            command=${COMP_WORDS[i]}\n"
    "            break\n"
    "        fi\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    case $command:$prev in\n";

static const char bash_middle[] = "    esac\n"
                                  "    case $command:$cur in\n";

static const char bash_tail[] = "    *)\n"
                                "        compopt -o default\n"
                                "        ;;\n"
                                "    esac\n"
                                "}\n"
                                "complete -F _minkhal minkhal\n";

static void bash_action(FILE *f, const cli_option *o)
{
    if (o->offer == CLI_OFFER_FILTERS) {
        fputs("        [[ $cur == *,* ]] && head=${cur%,*},\n"
              "        compopt -o nospace\n"
              "        COMPREPLY=($(compgen -P \"$head\" -W '",
              f);
        put_words(f, o);
        fputs("' -- \"${cur##*,}\"))\n", f);
    } else if (o->choices || o->offer > CLI_OFFER_FILE) {
        fputs("        COMPREPLY=($(compgen -W '", f);
        put_words(f, o);
        fputs("' -- \"$cur\"))\n", f);
    }
    if (o->offer == CLI_OFFER_FILE || o->offer == CLI_OFFER_PROFILE_FILE)
        fputs("        compopt -o default\n", f);
}

static void bash_arguments(FILE *f, cli_command command)
{
    for (const cli_option *o = cli_options; o->name; o++) {
        if (!cli_option_of(o, command) || !o->arg)
            continue;
        fprintf(f, "    %s:--%s", cli_infos[command].name, o->name);
        if (o->letter)
            fprintf(f, "|%s:-%c", cli_infos[command].name, o->letter);
        fputs(")\n", f);
        bash_action(f, o);
        fputs("        return\n        ;;\n", f);
    }
}

static void bash_options(FILE *f, cli_command command)
{
    fprintf(f, "    %s:-*)\n        COMPREPLY=($(compgen -W '", cli_infos[command].name);
    for (const cli_option *o = cli_options; o->name; o++)
        if (cli_option_of(o, command))
            fprintf(f, "--%s ", o->name);
    fputs("' -- \"$cur\"))\n        ;;\n", f);
}

static void bash_operands(FILE *f, cli_command command)
{
    const cli_offer offer = cli_infos[command].offer;

    if (offer == CLI_OFFER_FILE)
        return;
    fprintf(f, "    %s:*)\n        COMPREPLY=($(compgen -W '", cli_infos[command].name);
    put_offer(f, offer);
    fputs("' -- \"$cur\"))\n        ;;\n", f);
}

void cli_bash_print(FILE *f)
{
    fputs(bash_head, f);
    for (int c = 0; c < CLI_N_COMMANDS; c++)
        bash_arguments(f, (cli_command)c);
    fputs(bash_middle, f);
    for (int c = 0; c < CLI_N_COMMANDS; c++) {
        bash_options(f, (cli_command)c);
        bash_operands(f, (cli_command)c);
    }
    fputs(bash_tail, f);
}

/* ---- zsh ---- */

/* In '...' of a spec: a quote ends it, a colon and brackets mean something. */
static void zsh_text(FILE *f, const char *s)
{
    for (; *s; s++) {
        if (*s == '\'')
            fputs("'\\''", f);
        else if (strchr("[]:\\", *s))
            fprintf(f, "\\%c", *s);
        else
            fputc(*s, f);
    }
}

static void zsh_action(FILE *f, const cli_option *o)
{
    static const char *const functions[] = {
        [CLI_OFFER_NOTHING] = "",
        [CLI_OFFER_FILE] = "_files",
        [CLI_OFFER_PROFILE] = "_minkhal_profiles",
        [CLI_OFFER_PROFILE_FILE] = "_minkhal_profiles_and_files",
        [CLI_OFFER_FILTER] = "_minkhal_filters",
        [CLI_OFFER_FILTERS] = "_minkhal_chain",
        [CLI_OFFER_LEXICON] = "_minkhal_lexicons",
        [CLI_OFFER_COMMAND] = "_minkhal_commands",
    };

    if (o->choices) {
        fputc('(', f);
        put_choices(f, o->choices);
        fputc(')', f);
    } else {
        fputs(functions[o->offer], f);
    }
}

static void zsh_option(FILE *f, const cli_option *o)
{
    fputs(" \\\n            ", f);
    if (o->type == CLI_LIST)
        fprintf(f, "'*'{-%c+,--%s=}'", o->letter, o->name);
    else if (o->letter)
        fprintf(f, "'(-%c --%s)'{-%c%s,--%s%s}'", o->letter, o->name, o->letter, o->arg ? "+" : "",
                o->name, o->arg ? "=" : "");
    else
        fprintf(f, "'--%s%s", o->name, o->arg ? "=" : "");
    fputc('[', f);
    zsh_text(f, o->help);
    fputc(']', f);
    if (o->arg) {
        fputc(':', f);
        zsh_text(f, o->arg);
        fputc(':', f);
        zsh_action(f, o);
    }
    fputc('\'', f);
}

static void zsh_options(FILE *f, cli_command command)
{
    for (const cli_option *o = cli_options; o->name; o++)
        if (cli_option_of(o, command))
            zsh_option(f, o);
}

static void zsh_words(FILE *f, const char *name, const char *how, cli_offer offer)
{
    fprintf(f, "_minkhal_%s() { %s ", name, how);
    put_offer(f, offer);
    fputs("}\n", f);
}

static void zsh_commands(FILE *f)
{
    fputs("_minkhal_commands() {\n    local -a commands=(\n", f);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++) {
        fprintf(f, "        '%s:", cli_infos[c].name);
        zsh_text(f, cli_infos[c].summary);
        fputs("'\n", f);
    }
    fputs("    )\n    _describe command commands\n}\n", f);
}

static const char zsh_head[] = "#compdef minkhal\n"
                               "# zsh completion, made by: minkhal --generate complete-zsh\n";

static const char zsh_middle[] = "_minkhal_profiles_and_files() { _minkhal_profiles; _files }\n"
                                 "_minkhal() {\n"
                                 "    local curcontext=\"$curcontext\" state line\n"
                                 "    typeset -A opt_args\n"
                                 "    _arguments -C";

void cli_zsh_print(FILE *f)
{
    fputs(zsh_head, f);
    zsh_commands(f);
    zsh_words(f, "profiles", "compadd --", CLI_OFFER_PROFILE);
    zsh_words(f, "lexicons", "compadd --", CLI_OFFER_LEXICON);
    zsh_words(f, "filters", "compadd --", CLI_OFFER_FILTER);
    zsh_words(f, "chain", "_values -s , filter", CLI_OFFER_FILTERS);
    fputs(zsh_middle, f);
    zsh_options(f, CLI_MAIN);
    fputs(" \\\n        '1:command:_minkhal_commands' '*::argument:->arguments'\n"
          "    [[ $state == arguments ]] || return\n"
          "    case $words[1] in\n",
          f);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++) {
        static const char *const operands[] = {
            [CLI_OFFER_FILE] = "_files",
            [CLI_OFFER_FILTER] = "_minkhal_filters",
            [CLI_OFFER_COMMAND] = "_minkhal_commands",
        };
        const cli_offer offer = cli_infos[c].offer;

        fprintf(f, "    %s)\n        _arguments", cli_infos[c].name);
        zsh_options(f, (cli_command)c);
        if (offer != CLI_OFFER_NOTHING)
            fprintf(f, " \\\n            '*:operand:%s'", operands[offer]);
        fputs("\n        ;;\n", f);
    }
    fputs("    esac\n}\n_minkhal \"$@\"\n", f);
}

/* ---- fish ---- */

static const char fish_head[] = "# fish completion, made by: minkhal --generate complete-fish\n"
                                "complete -c minkhal -n __fish_use_subcommand -f\n";

static void fish_when(FILE *f, cli_command command)
{
    fputs("complete -c minkhal -n ", f);
    if (command == CLI_MAIN)
        fputs("__fish_use_subcommand", f);
    else
        fprintf(f, "'__fish_seen_subcommand_from %s'", cli_infos[command].name);
}

static void fish_option(FILE *f, const cli_option *o, cli_command command)
{
    fish_when(f, command);
    if (o->letter)
        fprintf(f, " -s %c", o->letter);
    fprintf(f, " -l %s", o->name);
    if (o->arg) {
        const bool file = o->offer == CLI_OFFER_FILE || o->offer == CLI_OFFER_PROFILE_FILE;

        fputs(file ? " -r -F" : " -x", f);
        if (o->choices || o->offer > CLI_OFFER_FILE) {
            fputs(" -a '", f);
            put_words(f, o);
            fputc('\'', f);
        }
    }
    fputs(" -d '", f);
    put_escaped(f, o->help, "'\\");
    fputs("'\n", f);
}

static void fish_operands(FILE *f, cli_command command)
{
    const cli_offer offer = cli_infos[command].offer;

    if (offer == CLI_OFFER_FILE)
        return;
    fish_when(f, command);
    fputs(" -f", f);
    if (offer != CLI_OFFER_NOTHING) {
        fputs(" -a '", f);
        put_offer(f, offer);
        fputc('\'', f);
    }
    fputc('\n', f);
}

void cli_fish_print(FILE *f)
{
    fputs(fish_head, f);
    for (int c = CLI_MAIN + 1; c < CLI_N_COMMANDS; c++) {
        fish_when(f, CLI_MAIN);
        fprintf(f, " -a %s -d '", cli_infos[c].name);
        put_escaped(f, cli_infos[c].summary, "'\\");
        fputs("'\n", f);
    }
    for (int c = 0; c < CLI_N_COMMANDS; c++) {
        if (c != CLI_MAIN)
            fish_operands(f, (cli_command)c);
        for (const cli_option *o = cli_options; o->name; o++)
            if (cli_option_of(o, (cli_command)c))
                fish_option(f, o, (cli_command)c);
    }
}
