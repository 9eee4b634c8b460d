/* make_charsets: charsets.txt as C tables, at build time.
 * make_charsets OUT.c charsets.txt  The file says its own format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_LINE = 128,
    MAX_LABELS = 512,
    MAX_CHARSETS = 64,
    WIDTH = 32, /* bytes of a label, a name, a keyword */
    ROWS = 8,
    COLUMNS = 16
};

typedef struct label {
    char text[WIDTH];
    int charset;
} label;

typedef struct charset {
    char kind[WIDTH], name[WIDTH], code[WIDTH];
    unsigned cp[ROWS * COLUMNS]; /* of tables; 0: none */
} charset;

typedef struct input {
    FILE *file;
    int n_line;
    label labels[MAX_LABELS];
    charset charsets[MAX_CHARSETS];
    int n_labels, n_charsets;
} input;

static _Noreturn void die(const char *why, int n_line)
{
    fprintf(stderr, "make_charsets: line %d: %s\n", n_line, why);
    exit(EXIT_FAILURE);
}

static void copy_word(char to[WIDTH], const char *word, int n_line)
{
    if (!word || strlen(word) >= WIDTH)
        die("a word is missing or too long", n_line);
    memcpy(to, word, strlen(word) + 1);
}

/* The next line that says something, or NULL. */
static char *next_line(input *in, char line[MAX_LINE])
{
    while (fgets(line, MAX_LINE, in->file)) {
        in->n_line++;
        line[strcspn(line, "\n")] = '\0';
        if (*line != '#' && *line != '\0')
            return line;
    }
    return NULL;
}

/* The next word of *rest, ended by NUL; NULL if there is none. */
static char *next_word(char **rest)
{
    char *const word = *rest + strspn(*rest, " ");
    char *const end = word + strcspn(word, " ");

    *rest = *end ? end + 1 : end;
    *end = '\0';
    return *word ? word : NULL;
}

/* The labels that stand in the rest of a line. */
static void read_labels(input *in, char *rest)
{
    for (char *w = next_word(&rest); w; w = next_word(&rest)) {
        if (in->n_labels == MAX_LABELS)
            die("too many labels", in->n_line);
        label *const l = &in->labels[in->n_labels++];
        copy_word(l->text, w, in->n_line);
        l->charset = in->n_charsets - 1;
    }
}

static void read_row(charset *c, int row, const char *line, int n_line)
{
    for (int i = 0; i < COLUMNS; i++) {
        char word[WIDTH];
        int used = 0;
        unsigned *const cp = &c->cp[row * COLUMNS + i];

        if (sscanf(line, "%31s%n", word, &used) != 1)
            die("a row is too short", n_line);
        line += used;
        /* NOLINTNEXTLINE(cert-err34-c): the file is ours, and the values are checked */
        if (strcmp(word, "----") != 0 && (sscanf(word, "%X", cp) != 1 || *cp == 0 || *cp > 0xFFFF))
            die("not a code point", n_line);
    }
}

/* A line that begins a charset: KIND NAME [CODE] LABEL... */
static void read_charset(input *in, char *line)
{
    char row[MAX_LINE];

    if (in->n_charsets == MAX_CHARSETS)
        die("too many charsets", in->n_line);
    charset *const c = &in->charsets[in->n_charsets++];
    copy_word(c->kind, next_word(&line), in->n_line);
    copy_word(c->name, next_word(&line), in->n_line);
    if (strcmp(c->kind, "iconv") == 0)
        copy_word(c->code, next_word(&line), in->n_line);
    read_labels(in, line);
    if (strcmp(c->kind, "table") != 0)
        return;
    for (int n = 0; n < ROWS;) {
        if (!next_line(in, row))
            die("a table is too short", in->n_line);
        if (*row == '+')
            read_labels(in, row + 1);
        else
            read_row(c, n++, row, in->n_line);
    }
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(((const label *)a)->text, ((const label *)b)->text);
}

/* The constant of charset_table.h for a kind. */
static const char *kind_constant(const char *kind)
{
    static const char *const kinds[][2] = {
        {"utf8", "MK_CHARSET_UTF8"},       {"utf16le", "MK_CHARSET_UTF16LE"},
        {"utf16be", "MK_CHARSET_UTF16BE"}, {"table", "MK_CHARSET_TABLE"},
        {"iconv", "MK_CHARSET_ICONV"},     {"refused", "MK_CHARSET_REFUSED"},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(kind, kinds[i][0]) == 0)
            return kinds[i][1];
    die("no such kind of charset", 0);
}

typedef struct pair {
    unsigned cp, byte;
} pair;

static int compare_pairs(const void *a, const void *b)
{
    const pair *const x = a, *const y = b;

    return (x->cp > y->cp) - (x->cp < y->cp);
}

/* The table of charset c, and the same the other way round. */
static void put_table(FILE *out, const charset *c, int number)
{
    pair pairs[ROWS * COLUMNS];

    fprintf(out, "static const uint16_t table%d[128] = {", number);
    for (unsigned i = 0; i < ROWS * COLUMNS; i++) {
        fprintf(out, "%s0x%04X,", i % COLUMNS ? " " : "\n    ", c->cp[i]);
        pairs[i] = (pair){c->cp[i], 0x80 + i};
    }
    qsort(pairs, ROWS * COLUMNS, sizeof(*pairs), compare_pairs);
    fprintf(out, "\n};\nstatic const mk_charset_pair pairs%d[128] = {", number);
    for (int i = 0; i < ROWS * COLUMNS; i++)
        fprintf(out, "%s{0x%04X, 0x%02X},", i % 4 ? " " : "\n    ", pairs[i].cp, pairs[i].byte);
    fprintf(out, "\n};\nstatic const uint8_t arabic%d[256] = {", number);
    for (unsigned i = 0; i < ROWS * COLUMNS; i++)
        if (pairs[i].cp >= 0x600 && pairs[i].cp < 0x700)
            fprintf(out, "\n    [0x%02X] = 0x%02X,", pairs[i].cp - 0x600, pairs[i].byte);
    fprintf(out, "\n    [0] = 0};\n"); /* no letter */
}

/* The charset by a name of its own, for code that means it. */
static void put_constant(FILE *out, const char *name, int number)
{
    fprintf(out, "const mk_charset *const mk_charset_");
    for (; *name; name++)
        putc(*name == '-' ? '_' : *name, out);
    fprintf(out, " = &mk_charsets[%d];\n", number);
}

static void put_charsets(FILE *out, const input *in)
{
    for (int i = 0; i < in->n_charsets; i++)
        if (strcmp(in->charsets[i].kind, "table") == 0)
            put_table(out, &in->charsets[i], i);
    fprintf(out, "const mk_charset mk_charsets[] = {\n");
    for (int i = 0; i < in->n_charsets; i++) {
        const charset *const c = &in->charsets[i];
        fprintf(out, "    {.name = \"%s\", .kind = %s", c->name, kind_constant(c->kind));
        if (*c->code)
            fprintf(out, ", .code = \"%s\"", c->code);
        if (strcmp(c->kind, "table") == 0)
            fprintf(out, ", .table = table%d, .pairs = pairs%d, .arabic = arabic%d", i, i, i);
        fprintf(out, "},\n");
    }
    fprintf(out, "};\n");
    for (int i = 0; i < in->n_charsets; i++)
        if (strcmp(in->charsets[i].kind, "iconv") != 0)
            put_constant(out, in->charsets[i].name, i);
}

int main(int argc, char **argv)
{
    static input in;
    char line[MAX_LINE];

    if (argc != 3)
        return EXIT_FAILURE;
    in.file = fopen(argv[2], "rb");
    FILE *const out = fopen(argv[1], "wb");
    if (!in.file || !out)
        die("cannot open a file", 0);
    while (next_line(&in, line)) {
        if (*line == '+')
            read_labels(&in, line + 1);
        else
            read_charset(&in, line);
    }
    qsort(in.labels, (size_t)in.n_labels, sizeof(*in.labels), compare_labels);
    fprintf(out, "/* made by src/text/make_charsets.c */\n"
                 "#include \"text/charset_table.h\"\n\n");
    put_charsets(out, &in);
    fprintf(out, "const mk_charset_label mk_charset_labels[] = {\n");
    for (int i = 0; i < in.n_labels; i++) {
        if (i > 0 && compare_labels(&in.labels[i - 1], &in.labels[i]) == 0)
            die(in.labels[i].text, 0);
        fprintf(out, "    {\"%s\", %d},\n", in.labels[i].text, in.labels[i].charset);
    }
    fprintf(out, "};\nconst size_t mk_n_charset_labels = %d;\n", in.n_labels);
    fclose(in.file);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
