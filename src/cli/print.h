/* print.h: text that cannot upset a terminal, tables, numbers, JSON. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdio.h>

#include "minkhal/text.h"

/* ---- safe text ---- */

typedef enum cli_show {
    CLI_SHOW_SAFE, /* controls and bidi controls as escapes (\u202B) */
    CLI_SHOW_ALL   /* and all that has no glyph of its own */
} cli_show;

/* Columns that s takes when printed; marks take none, wide characters two. s
 * need not be valid UTF-8: a wrong byte is shown as \xHH. */
size_t cli_columns(mk_str s, cli_show show);

/* Prints s, cut to max columns with an ellipsis (0: whole). Returns columns. */
size_t cli_put(FILE *f, mk_str s, size_t max, cli_show show);

/* Prints text in lines of at most width columns, the first begun at column
 * `at` already, the others indented. Words are never broken; "\n\n" parts
 * paragraphs. Ends with a newline. */
void cli_put_wrapped(FILE *f, const char *text, size_t at, size_t indent, size_t width);

/* ---- colours ---- */

typedef enum cli_style {
    CLI_PLAIN,
    CLI_BOLD,
    CLI_DIM,
    CLI_RED,
    CLI_GREEN,
    CLI_YELLOW,
    CLI_CYAN
} cli_style;

/* Begins style (CLI_PLAIN: ends it) if on. */
void cli_style_put(FILE *f, bool on, cli_style style);

/* ---- numbers ---- */

enum { CLI_NUMBER = 32 /* bytes: the longest is 2^64 with its commas */ };

/* All return out. */
const char *cli_number(char out[CLI_NUMBER], uint64_t n);    /* 1,234,567 */
const char *cli_bytes(char out[CLI_NUMBER], double bytes);   /* 1.2 MB */
const char *cli_duration(char out[CLI_NUMBER], double secs); /* 1:02:03 */
const char *cli_percent(char out[CLI_NUMBER], uint64_t part, uint64_t whole);

const char *cli_plural(uint64_t n, const char *one, const char *many); /* one of both */

/* ---- tables ---- */

enum { CLI_MAX_COLUMNS = 12 };

/* Starts as {.n_columns = n, .right = bits}. Cells are added row by row. */
typedef struct cli_table {
    size_t n_columns;
    unsigned right; /* bit i: column i is aligned to the right */
    size_t indent;
    char **cells; /* n of them, copied, owned */
    size_t n, size;
    bool failed; /* out of memory */
} cli_table;

void cli_table_add(cli_table *table, const char *cell);
void cli_table_number(cli_table *table, uint64_t n);

/* The first row is the head, printed in bold if color. False: out of memory,
 * nothing was printed. */
bool cli_table_print(FILE *f, const cli_table *table, bool color);
void cli_table_clear(cli_table *table);

/* ---- JSON ---- */

/* Starts as {f}. Commas come by themselves. */
typedef struct cli_json {
    FILE *f;
    bool comma;
} cli_json;

void cli_json_open(cli_json *json, char bracket); /* { or [ */
void cli_json_close(cli_json *json, char bracket);
void cli_json_key(cli_json *json, const char *key);
void cli_json_str(cli_json *json, mk_str s); /* wrong bytes become U+FFFD */
void cli_json_number(cli_json *json, uint64_t n);
void cli_json_real(cli_json *json, double x); /* six places */
void cli_json_bool(cli_json *json, bool b);

#endif
