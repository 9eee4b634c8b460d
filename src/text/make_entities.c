/* make_entities: entities.txt as a C table, at build time.
 * make_entities OUT.c entities.txt  The file says its own format; lines out of
 * order or beyond the limits of entities.h fail the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "minkhal/text.h"

enum { MAX_NAME = 31, MAX_LINE = 128 };

static _Noreturn void die(const char *why, const char *line)
{
    fprintf(stderr, "make_entities: %s: %s\n", why, line);
    exit(EXIT_FAILURE);
}

static FILE *must_open(const char *path, const char *mode)
{
    FILE *const file = fopen(path, mode);

    if (!file)
        die("cannot open", path);
    return file;
}

/* One row from one line; previous is the name before, and becomes this one. */
static void put_row(FILE *out, const char *line, char previous[MAX_NAME + 1])
{
    char name[MAX_NAME + 1];
    unsigned cp[2] = {0, 0};

    /* NOLINTNEXTLINE(cert-err34-c): the file is ours, and the values are checked */
    const int n = sscanf(line, "%31s %X %X", name, &cp[0], &cp[1]);
    if (n < 2 || cp[0] == 0 || cp[0] > 0x10FFFF || cp[1] > 0x10FFFF)
        die("not a name and one or two code points", line);
    if (strcmp(previous, name) >= 0)
        die("out of order", line);
    fprintf(out, "    {\"%s\", {0x%04X, 0x%04X}},\n", name, cp[0], cp[1]);
    snprintf(previous, MAX_NAME + 1, "%s", name);
}

int main(int argc, char **argv)
{
    char line[MAX_LINE], previous[MAX_NAME + 1] = "";
    unsigned n = 0;

    if (argc != 3)
        return EXIT_FAILURE;
    FILE *const out = must_open(argv[1], "wb");
    FILE *const in = must_open(argv[2], "rb");
    fprintf(out, "/* made by src/text/make_entities.c */\n"
                 "#include \"text/entities.h\"\n\n"
                 "const mk_entity mk_entities[] = {\n");
    while (fgets(line, sizeof(line), in)) {
        if (*line == '#' || *line == '\n')
            continue;
        put_row(out, line, previous);
        n++;
    }
    fprintf(out, "};\nconst size_t mk_n_entities = %u;\n", n);
    fclose(in);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
