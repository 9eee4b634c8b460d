/* make_common_words: common_words.txt as a C table, at build time.
 * make_common_words OUT.c common_words.txt  The file says its own format; what is
 * too long, stands twice or names no language fails the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/common_words.h"

enum { MAX_LINE = 512 };

static _Noreturn void die(const char *why, const char *line)
{
    fprintf(stderr, "make_common_words: %s: %s\n", why, line);
    exit(EXIT_FAILURE);
}

static FILE *must_open(const char *path, const char *mode)
{
    FILE *const file = fopen(path, mode);

    if (!file)
        die("cannot open", path);
    return file;
}

/* Letters of two bytes, which all of the list are. */
static uint64_t key_of(const char *word)
{
    const unsigned char *const p = (const unsigned char *)word;
    uint64_t key = 0;
    size_t n = 0;

    for (; p[2 * n]; n++) {
        if ((p[2 * n] & 0xFC) != 0xD8 || n == MK_WORD_LETTERS)
            die("not up to eight letters", word);
        key = mk_word_add(key, (p[2 * n] & 0x1Fu) << 6 | (p[2 * n + 1] & 0x3Fu));
    }
    if (n == 0)
        die("no word", word);
    return key;
}

static uint8_t language_of(const char *code)
{
    static const char *const codes[] = {"other", "ar", "fa", "ur", "ckb", "ug", "ps"};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        if (strcmp(code, codes[i]) == 0)
            return (uint8_t)(1u << i);
    die("no language", code);
}

static void add(mk_common_word *words, const char *word, uint8_t languages)
{
    const uint64_t key = key_of(word);
    size_t at = mk_word_slot(key);

    for (; words[at].key != 0; at = (at + 1) % MK_WORD_SLOTS)
        if (words[at].key == key)
            die("stands twice", word);
    words[at] = (mk_common_word){key, languages};
}

static void put_table(FILE *out, const mk_common_word *words)
{
    fprintf(out, "/* made by src/text/make_common_words.c */\n"
                 "#include \"text/common_words.h\"\n\n"
                 "const mk_common_word mk_common_words[MK_WORD_SLOTS] = {\n");
    for (size_t i = 0; i < MK_WORD_SLOTS; i++)
        if (words[i].key != 0)
            fprintf(out, "    [%zu] = {0x%016llX, 0x%02X},\n", i, (unsigned long long)words[i].key,
                    words[i].languages);
    fprintf(out, "};\n");
}

/* The word at *rest, ended by a NUL; empty after the last. */
static char *next_word(char **rest)
{
    char *const word = *rest + strspn(*rest, " \n");
    char *const end = word + strcspn(word, " \n");

    *rest = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

int main(int argc, char **argv)
{
    char line[MAX_LINE];
    unsigned n = 0;

    if (argc != 3)
        return EXIT_FAILURE;
    FILE *const out = must_open(argv[1], "wb");
    FILE *const in = must_open(argv[2], "rb");
    mk_common_word *const words = calloc(MK_WORD_SLOTS, sizeof(*words));
    if (!words)
        die("out of memory", argv[2]);
    while (fgets(line, sizeof(line), in)) {
        char *rest = line;
        const char *const word = next_word(&rest);
        uint8_t languages = 0;
        if (*word == '#' || *word == '\0')
            continue;
        for (const char *code = next_word(&rest); *code; code = next_word(&rest))
            languages |= language_of(code);
        if (languages == 0 || ++n > MK_WORD_SLOTS * 2 / 3)
            die("no language, or too many words", word);
        add(words, word, languages);
    }
    put_table(out, words);
    free(words);
    fclose(in);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
