/* print.c: text that cannot upset a terminal, tables, numbers, JSON. Refuses
 * nothing: what cannot be shown is shown as an escape.
 * Sources: UAX #9 table 2 (bidi controls), UAX #11 (wide characters, by block),
 * RFC 8259 section 7 (JSON strings). */
#include <inttypes.h>
#include <stdlib.h>

#include "print.h"

/* ---- safe text ---- */

typedef struct range {
    uint32_t first, last;
} range;

static bool in_ranges(const range *ranges, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return true;
    return false;
}

#define IN(ranges, cp) in_ranges((ranges), sizeof(ranges) / sizeof(*(ranges)), (cp))

/* C0, DEL and C1; the bidi controls; line and paragraph separator. */
static const range unsafe[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFFF9, 0xFFFB},
};

static const range wide[] = {
    {0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD},
};

static const range other_marks[] = {
    {0x0300, 0x036F},
    {0x200B, 0x200D},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
};

static bool is_mark(uint32_t cp)
{
    return mk_is_arabic_mark(cp) || IN(other_marks, cp);
}

/* How one character is shown. */
typedef struct piece {
    char text[16];
    size_t len, columns;
} piece;

static bool needs_escape(uint32_t cp, bool first, cli_show show)
{
    if (IN(unsafe, cp))
        return true;
    if (show != CLI_SHOW_ALL)
        return false;
    /* A mark with no letter before it would sit on our quotation mark. */
    return mk_is_invisible(cp) || (cp != ' ' && mk_is_space(cp)) || (first && is_mark(cp));
}

/* As in C: \xHH, \uHHHH, \UHHHHHHHH. */
static piece escape(char letter, uint32_t value)
{
    const int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    piece p;

    p.len = (size_t)snprintf(p.text, sizeof(p.text), "\\%c%0*" PRIX32, letter, digits, value);
    p.columns = p.len;
    return p;
}

/* The character at *at, which is advanced. *valid is where the next wrong byte
 * is, found anew once it has been passed: the text is checked once in all. */
static piece next_piece(mk_str s, size_t *at, size_t *valid, cli_show show)
{
    const bool first = *at == 0;
    const size_t from = *at;
    piece p;
    uint32_t cp;

    if (*at >= *valid) {
        *valid = *at + mk_utf8_valid(mk_str_sub(s, *at, s.len));
        if (*valid == *at) {
            *valid = ++*at;
            return escape('x', (unsigned char)s.ptr[from]);
        }
    }
    cp = mk_utf8_next(mk_str_sub(s, 0, *valid), at);
    if (*at <= from || *at - from > 4)
        *at = from + 1;
    if (needs_escape(cp, first, show))
        return escape(cp > 0xFFFF ? 'U' : 'u', cp);
    p.len = *at - from;
    memcpy(p.text, s.ptr + from, p.len);
    p.columns = is_mark(cp) ? 0 : IN(wide, cp) ? 2 : 1;
    return p;
}

size_t cli_columns(mk_str s, cli_show show)
{
    size_t columns = 0, at = 0, valid = 0;

    while (at < s.len)
        columns += next_piece(s, &at, &valid, show).columns;
    return columns;
}

size_t cli_put(FILE *f, mk_str s, size_t max, cli_show show)
{
    const bool cut = max > 0 && cli_columns(s, show) > max;
    size_t columns = 0, at = 0, valid = 0;

    while (at < s.len) {
        const piece p = next_piece(s, &at, &valid, show);

        if (cut && columns + p.columns > max - 1) {
            fputs("\u2026", f);
            return columns + 1;
        }
        fwrite(p.text, 1, p.len, f);
        columns += p.columns;
    }
    return columns;
}

void cli_put_wrapped(FILE *f, const char *text, size_t at, size_t indent, size_t width)
{
    bool fresh = true; /* nothing stands on this line yet but its indent */

    while (*text) {
        const size_t len = strcspn(text, " \n");
        const size_t columns = cli_columns((mk_str){text, len}, CLI_SHOW_SAFE);

        if (len > 0) {
            if (!fresh && at + 1 + columns > width) {
                fputc('\n', f);
                at = 0;
                fresh = true;
            }
            if (fresh && at < indent)
                at += (size_t)fprintf(f, "%*s", (int)(indent - at), "");
            if (!fresh)
                at += (size_t)fprintf(f, " ");
            fwrite(text, 1, len, f);
            at += columns;
            fresh = false;
        }
        text += len;
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n\n", f);
            at = 0;
            fresh = true;
        }
        text += strspn(text, " \n");
    }
    fputc('\n', f);
}

/* ---- colours ---- */

void cli_style_put(FILE *f, bool on, cli_style style)
{
    static const char *const codes[] = {
        [CLI_PLAIN] = "0",  [CLI_BOLD] = "1",    [CLI_DIM] = "2",   [CLI_RED] = "31",
        [CLI_GREEN] = "32", [CLI_YELLOW] = "33", [CLI_CYAN] = "36",
    };

    if (on)
        fprintf(f, "\033[%sm", codes[style]);
}

/* ---- numbers ---- */

const char *cli_number(char out[CLI_NUMBER], uint64_t n)
{
    char digits[CLI_NUMBER];
    const int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
    size_t at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *cli_bytes(char out[CLI_NUMBER], double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;

    while (bytes >= 999.5 && unit + 1 < sizeof(units) / sizeof(*units)) {
        bytes /= 1000;
        unit++;
    }
    snprintf(out, CLI_NUMBER, unit > 0 && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes,
             units[unit]);
    return out;
}

const char *cli_duration(char out[CLI_NUMBER], double secs)
{
    /* Above that, a number of days helps nobody. */
    const uint64_t s = secs < 1e9 ? (uint64_t)(secs > 0 ? secs : 0) : 1000000000;

    if (s >= 3600)
        snprintf(out, CLI_NUMBER, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
                 (unsigned)(s % 60));
    else
        snprintf(out, CLI_NUMBER, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
    return out;
}

const char *cli_percent(char out[CLI_NUMBER], uint64_t part, uint64_t whole)
{
    if (whole == 0)
        snprintf(out, CLI_NUMBER, "-");
    else
        snprintf(out, CLI_NUMBER, "%.1f%%", 100.0 * (double)part / (double)whole);
    return out;
}

const char *cli_plural(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* ---- tables ---- */

void cli_table_add(cli_table *table, const char *cell)
{
    char *copy;

    if (table->failed)
        return;
    if (table->n == table->size) {
        const size_t size = table->size ? 2 * table->size : 64;
        char **cells = size < SIZE_MAX / sizeof(*cells)
                           ? realloc(table->cells, size * sizeof(*cells))
                           : NULL;

        if (!cells) {
            table->failed = true;
            return;
        }
        table->cells = cells;
        table->size = size;
    }
    copy = strdup(cell ? cell : "");
    if (copy)
        table->cells[table->n++] = copy;
    else
        table->failed = true;
}

void cli_table_number(cli_table *table, uint64_t n)
{
    char number[CLI_NUMBER];

    cli_table_add(table, cli_number(number, n));
}

static void print_cell(FILE *f, const cli_table *table, size_t i, size_t width)
{
    const size_t column = i % table->n_columns;
    const mk_str cell = mk_str_of(table->cells[i]);
    const int pad = (int)(width - cli_columns(cell, CLI_SHOW_SAFE));
    const bool right = (table->right >> column & 1) != 0;

    if (column > 0)
        fputs("  ", f);
    if (right)
        fprintf(f, "%*s", pad, "");
    cli_put(f, cell, 0, CLI_SHOW_SAFE);
    if (!right && column + 1 < table->n_columns)
        fprintf(f, "%*s", pad, "");
}

bool cli_table_print(FILE *f, const cli_table *table, bool color)
{
    size_t widths[CLI_MAX_COLUMNS] = {0};

    if (table->failed)
        return false;
    for (size_t i = 0; i < table->n; i++) {
        const size_t columns = cli_columns(mk_str_of(table->cells[i]), CLI_SHOW_SAFE);

        if (columns > widths[i % table->n_columns])
            widths[i % table->n_columns] = columns;
    }
    for (size_t i = 0; i < table->n; i++) {
        if (i % table->n_columns == 0) {
            fprintf(f, "%*s", (int)table->indent, "");
            cli_style_put(f, color && i == 0, CLI_BOLD);
        }
        print_cell(f, table, i, widths[i % table->n_columns]);
        if ((i + 1) % table->n_columns == 0) {
            cli_style_put(f, color && i + 1 == table->n_columns, CLI_PLAIN);
            fputc('\n', f);
        }
    }
    return true;
}

void cli_table_clear(cli_table *table)
{
    for (size_t i = 0; i < table->n; i++)
        free(table->cells[i]);
    free(table->cells);
    table->cells = NULL;
    table->n = table->size = 0;
    table->failed = false;
}

/* ---- JSON ---- */

static void separate(cli_json *json)
{
    if (json->comma)
        fputc(',', json->f);
    json->comma = true;
}

void cli_json_open(cli_json *json, char bracket)
{
    separate(json);
    fputc(bracket, json->f);
    json->comma = false;
}

void cli_json_close(cli_json *json, char bracket)
{
    fputc(bracket, json->f);
    json->comma = true;
}

/* The escape for cp, or NULL where it may stand as it is. What could upset a
 * terminal is escaped here too; U+0085, U+2028 and U+2029, which end lines for
 * some readers of JSON lines, are among it. */
static const char *json_escape(uint32_t cp, char out[8])
{
    if (cp == '"' || cp == '\\')
        snprintf(out, 8, "\\%c", (char)cp);
    else if (cp == '\n')
        snprintf(out, 8, "\\n");
    else if (cp == '\t')
        snprintf(out, 8, "\\t");
    else if (IN(unsafe, cp))
        snprintf(out, 8, "\\u%04X", (unsigned)cp);
    else
        return NULL;
    return out;
}

static void json_valid(FILE *f, mk_str s)
{
    size_t at = 0, done = 0;

    while (at < s.len) {
        const size_t from = at;
        char buf[8];
        const char *esc = json_escape(mk_utf8_next(s, &at), buf);

        if (at <= from)
            at = from + 1;
        if (!esc)
            continue;
        fwrite(s.ptr + done, 1, from - done, f);
        fputs(esc, f);
        done = at;
    }
    if (at > done)
        fwrite(s.ptr + done, 1, at - done, f);
}

void cli_json_str(cli_json *json, mk_str s)
{
    size_t at = 0;

    separate(json);
    fputc('"', json->f);
    while (at < s.len) {
        const mk_str rest = mk_str_sub(s, at, s.len);
        const size_t valid = mk_utf8_valid(rest);

        json_valid(json->f, mk_str_sub(rest, 0, valid));
        at += valid;
        if (at < s.len) {
            fputs("\uFFFD", json->f);
            at++;
        }
    }
    fputc('"', json->f);
}

void cli_json_key(cli_json *json, const char *key)
{
    cli_json_str(json, mk_str_of(key));
    fputc(':', json->f);
    json->comma = false;
}

void cli_json_number(cli_json *json, uint64_t n)
{
    separate(json);
    fprintf(json->f, "%" PRIu64, n);
}

void cli_json_real(cli_json *json, double x)
{
    separate(json);
    fprintf(json->f, "%.6f", x);
}

void cli_json_bool(cli_json *json, bool b)
{
    separate(json);
    fputs(b ? "true" : "false", json->f);
}
