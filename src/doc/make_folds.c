/* make_folds: the folded phrases of the built-in lexicons as a C table, at build time, by
 * the code that folds those of users when a chain is opened.
 * make_folds OUT.c FILE... */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "doc/lexicon.h"

static bool read_all(const char *path, mk_buf *ret)
{
    FILE *in = fopen(path, "rb");
    char chunk[4096];
    if (!in)
        return false;
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), in)) > 0;)
        mk_buf_put(ret, (mk_str){chunk, n});
    const bool whole = !ferror(in) && !ret->failed;
    fclose(in);
    return whole;
}

/* Of each phrase two bytes with its length, the lower first, and its folded bytes. */
static void put_folds(FILE *out, const mk_lexicon *lexicon)
{
    for (size_t i = 0; i < lexicon->n_entries; i++) {
        const mk_str folded = lexicon->entries[i].folded;
        fprintf(out, "%u,%u", (unsigned)(folded.len & 0xFF), (unsigned)(folded.len >> 8));
        for (size_t k = 0; k < folded.len; k++)
            fprintf(out, ",%u", (unsigned)(unsigned char)folded.ptr[k]);
        fprintf(out, ",\n");
    }
}

static mk_err put_lexicon(FILE *out, int number, const char *path, mk_error *reterr)
{
    mk_lexicon *lexicon = NULL;
    mk_buf text = {.max = MK_BUF_MAX};
    mk_err err = read_all(path, &text) ? MK_OK
                                       : mk_fail(reterr, MK_OPTION, "cannot read '%s'", path);
    if (err == MK_OK)
        err = mk_lexicon_new(path, &lexicon, reterr);
    if (err == MK_OK)
        err = mk_lexicon_add(lexicon, path, mk_buf_str(&text), NULL, reterr);
    if (err == MK_OK) {
        fprintf(out, "static const unsigned char folds%d[] = {\n", number);
        put_folds(out, lexicon);
        fprintf(out, "0, 0};\n");
    }
    mk_lexicon_free(lexicon);
    mk_buf_clear(&text);
    return err;
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
    mk_error error;
    mk_err err = MK_OK;
    FILE *out = argc > 1 ? fopen(argv[1], "wb") : NULL;
    if (!out)
        return EXIT_FAILURE;
    fprintf(out, "/* made by make_folds */\n#include \"doc/lexicon.h\"\n");
    for (int i = 2; i < argc && err == MK_OK; i++)
        err = put_lexicon(out, i, argv[i], &error);
    if (err != MK_OK)
        fprintf(stderr, "make_folds: %s\n", error.text);
    fprintf(out,
            "const mk_folds *mk_builtin_folds(void)\n{\n    static const mk_folds rows[] = {\n");
    for (int i = 2; i < argc; i++) {
        fprintf(out, "        {");
        put_name(out, argv[i]);
        fprintf(out, ", folds%d},\n", i);
    }
    fprintf(out, "        {NULL, NULL},\n    };\n    return rows;\n}\n");
    return fclose(out) == 0 && err == MK_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
