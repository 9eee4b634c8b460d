/* command.h: the subcommands, and what several of them need. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <signal.h>
#include <stdio.h>

#include "options.h"
#include "minkhal/minkhal.h"

/* Each returns the exit status. */
int cli_clean(const cli_args *args);
int cli_cat(const cli_args *args);
int cli_explain(const cli_args *args);
int cli_mine(const cli_args *args);
int cli_sweep(const cli_args *args);
int cli_report(const cli_args *args);
int cli_restore(const cli_args *args);
int cli_verify(const cli_args *args);
int cli_stats(const cli_args *args);
int cli_diff(const cli_args *args);
int cli_audit(const cli_args *args);
int cli_pack(const cli_args *args);
int cli_get(const cli_args *args);
int cli_takedown(const cli_args *args);
int cli_normalize(const cli_args *args);
int cli_filters(const cli_args *args);
int cli_help(const cli_args *args);

/* ---- help.c, man.c, complete.c: made from the tables ---- */

void cli_help_print(FILE *f, cli_command command);
void cli_usage_print(FILE *f, cli_command command); /* the short one */
void cli_man_print(FILE *f);

void cli_bash_print(FILE *f);
void cli_zsh_print(FILE *f);
void cli_fish_print(FILE *f);

/* The help of an option with its default and, if more, its paragraph. All that
 * take out return it. */
const char *cli_option_text(const cli_option *o, bool more, char out[512]);

/* " clean IN... -o FILE [OPTION...]", from the tables. */
const char *cli_synopsis(cli_command command, char out[160]);

/* ---- common.c ---- */

/* Puts the inputs of --files-from behind the operands. 0, or an exit status (a message
 * was printed). */
int cli_list_inputs(cli_args *args);

/* The chain that args ask for. 0, or an exit status (a message was printed). */
int cli_chain_open(const cli_args *args, mk_chain **ret);

/* Sets what args say of letters: diacritics, digits and the like. */
void cli_norm_choices(const cli_args *args, mk_norm_options *options);

/* What args say of which documents to take. */
mk_selection cli_selection(const cli_args *args);

/* The exit status of a run that came to its end, with a word about rejected records.
 * no_text: as mk_summary. */
int cli_finish(const cli_args *args, uint64_t n_damaged, uint64_t n_rejected, bool no_text);

/* What args say that an input may cost. */
mk_limits cli_limits(const cli_args *args);

/* Refuses the name of a file whose end says no codec. 0, or CLI_USAGE. */
int cli_check_output(const cli_args *args);

/* True if an output of that name is a folder: a slash ends it, or there is one. */
bool cli_is_folder(const char *path);

/* True if an output of that name is written on and not read again: '-', a pipe, a device. */
bool cli_is_pipe(const char *path);

/* The codec that was asked for, as the library names it, or NULL. */
const char *cli_codec(const cli_args *args);

const mk_builtin *cli_builtin_find(const mk_builtin *list, const char *name);
const mk_filter *cli_filter_find(const char *name);

enum { CLI_SUMMARY = 512 /* bytes */ };

/* What a built-in text says of itself: the first sentence of its comment,
 * without its name. Lent: out, or a part of it. */
const char *cli_builtin_summary(const mk_builtin *builtin, char out[CLI_SUMMARY]);

/* "name" of a rule of a step of the chain; "?" where there is none. */
const char *cli_step_name(const mk_chain *chain, size_t step);
const char *cli_rule_name(const mk_chain *chain, size_t step, size_t rule);

/* From now on SIGINT, SIGTERM and SIGHUP set the flag instead of ending the
 * program; a second SIGINT ends it. */
const volatile sig_atomic_t *cli_catch_signals(void);
bool cli_stopped(void); /* one of them came */

/* From now on SIGUSR1 sets the flag, which is the caller's to clear. */
volatile sig_atomic_t *cli_catch_questions(void);

#endif
