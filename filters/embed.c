/* embed: text files as a table of C strings, at build time.
 * embed OUT.c FUNCTION FILE...  writes a function that returns mk_builtin rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_file(FILE *out, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    for (int c; (c = getc(in)) != EOF;)
        fprintf(out, "%d,", (signed char)c);
    fclose(in);
}

/* The file's name without folder and ending. */
static void put_name(FILE *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *point = strrchr(name, '.');
    fprintf(out, "\"%.*s\"", point ? (int)(point - name) : (int)strlen(name), name);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return EXIT_FAILURE;
    FILE *out = fopen(argv[1], "wb");
    if (!out) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    fprintf(out, "/* made by filters/embed.c */\n#include \"minkhal/minkhal.h\"\n");
    for (int i = 3; i < argc; i++) {
        fprintf(out, "static const char text%d[] = {", i);
        put_file(out, argv[i]);
        fprintf(out, "0};\n");
    }
    fprintf(
        out,
        "const mk_builtin *%s(void);\nconst mk_builtin *%s(void)\n{\n    static const mk_builtin rows[] = {\n",
        argv[2], argv[2]);
    for (int i = 3; i < argc; i++) {
        fprintf(out, "        {");
        put_name(out, argv[i]);
        fprintf(out, ", text%d},\n", i);
    }
    fprintf(out, "        {NULL, NULL},\n    };\n    return rows;\n}\n");
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
