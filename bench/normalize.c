/* normalize.c: how fast text is normalised, beside a copy of the same bytes.
 *
 *     build/bench/bench_normalize [FILE]
 *
 * FILE is texts in UTF-8 with NUL between them. Without one a text like a newspaper's is made
 * up, and pages.txt is read, which stands beside the program: pages of bench/corpus.py, with
 * edits here and there. Each form is run over the texts a few times, one by one and in pieces
 * of a large document, in turns with the others and the copy; the best counts.
 * MINKHAL_SIMD=off shows the scalar way. Not run by CI: machines differ. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "minkhal/minkhal.h"

enum {
    SIZE = 32 << 20,   /* bytes of made up text */
    PIECE = 256 << 10, /* bytes: texts come in documents, not in one */
    TURNS = 9
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Words of a newspaper in lines of a paragraph each: a mark on one word of forty,
 * a tatweel in one line of fifty. */
static mk_str make_up(void)
{
    static const char *const words[] = {
        "قال",   "الوزير", "إن",    "الحكومة",   "ستعمل",  "على",    "تحسين", "الخدمات", "في",
        "المدن", "الكبرى", "خلال",  "العام",     "المقبل", "وأضاف",  "أن",    "المشروع", "الجديد",
        "يشمل",  "بناء",   "مدارس", "ومستشفيات", "وطرق",   "حديثة،", "مشيرا", "إلى",     "2014",
    };
    uint32_t state = 1;
    size_t len = 0, n = 0;
    char *text = malloc(SIZE + 256);

    while (text && len < SIZE) {
        state = state * 1664525u + 1013904223u;
        const char *word = words[(state >> 8) % (sizeof(words) / sizeof(*words))];
        n++;
        len += (size_t)snprintf(text + len, 256, "%s%s", word,
                                n % 4000 == 0 ? "ـــ"
                                : n % 40 == 0 ? "\u064B"
                                              : "");
        text[len++] = n % 80 == 0 ? '\n' : ' ';
    }
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\n'))
        len--;
    return (mk_str){text, text ? len : 0};
}

static mk_str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t len = 0;

    if (file && fseek(file, 0, SEEK_END) == 0) {
        const long size = ftell(file);
        rewind(file);
        text = size > 0 ? malloc((size_t)size) : NULL;
        len = text ? fread(text, 1, (size_t)size, file) : 0;
    }
    if (file)
        fclose(file);
    return (mk_str){text, len};
}

static void show(const char *name, size_t bytes, double seconds, double copy)
{
    printf("%-10s %8.0f MB/s %6.2f of a copy\n", name, (double)bytes / seconds / 1e6,
           copy / seconds);
}

/* The piece of text that begins at `at`: up to the NUL that ends a text, or of a large
 * document up to the end of a line. */
static mk_str piece_of(mk_str text, size_t at, bool one_by_one)
{
    if (one_by_one) {
        const char *const end = memchr(text.ptr + at, 0, text.len - at);
        return mk_str_sub(text, at, end ? (size_t)(end - text.ptr) : text.len);
    }
    const size_t most = text.len - at < PIECE ? text.len - at : PIECE;
    size_t len = most;

    while (len > 0 && most < text.len - at && text.ptr[at + len - 1] != '\n')
        len--;
    return (mk_str){text.ptr + at, len ? len : text.len - at};
}

static double time_copy(mk_str text, bool one_by_one, char *out)
{
    const double from = now();

    for (size_t at = 0; at < text.len;) {
        const mk_str piece = piece_of(text, at, one_by_one);
        memcpy(out, piece.ptr, piece.len);
        __asm__ volatile("" : : "r"(out) : "memory");
        at += piece.len + one_by_one;
    }
    return now() - from;
}

/* Piece by piece into the caller's buffer. */
static double time_form(mk_normalizer *n, mk_form form, mk_str text, bool one_by_one, char *out,
                        size_t room)
{
    const mk_norm_options options = {.form = form, .language = MK_LANGUAGE_AR};
    const double from = now();

    for (size_t at = 0; at < text.len;) {
        const mk_str piece = piece_of(text, at, one_by_one);
        size_t len;
        if (mk_norm_copy(n, &options, piece, out, room, &len) != MK_OK)
            return 1e9;
        at += piece.len + one_by_one;
    }
    return now() - from;
}

/* All forms over text. False: it is no text, or there is no memory. */
static bool measure(const char *name, mk_str text, bool one_by_one)
{
    mk_normalizer *const n = mk_normalizer_new();
    const size_t room = 2 * text.len;
    char *const out = malloc(room + 1);
    double copy = 1e9, forms[MK_FORM_ONLY] = {1e9, 1e9, 1e9};

    if (text.len == 0 || !n || !out || mk_utf8_valid(text) != text.len) {
        fprintf(stderr, "%s: no text in UTF-8, or no memory\n", name);
        mk_normalizer_free(n);
        free(out);
        return false;
    }
    for (int i = 0; i < TURNS; i++) {
        const double took = time_copy(text, one_by_one, out);
        copy = took < copy ? took : copy;
        for (unsigned f = 0; f < MK_FORM_ONLY; f++) {
            const double form = time_form(n, (mk_form)f, text, one_by_one, out, room);
            forms[f] = form < forms[f] ? form : forms[f];
        }
    }
    printf("%s, %s: %.1f MB\n", name, one_by_one ? "one by one" : "in pieces of 256 KiB",
           (double)text.len / 1e6);
    show("memcpy", text.len, copy, copy);
    show("train", text.len, forms[MK_FORM_TRAIN], copy);
    show("search", text.len, forms[MK_FORM_SEARCH], copy);
    show("preserve", text.len, forms[MK_FORM_PRESERVE], copy);
    mk_normalizer_free(n);
    free(out);
    return true;
}

/* The texts of a file, both ways. */
static bool measure_file(const char *path)
{
    const mk_str text = read_file(path);
    char *const bytes = (char *)(uintptr_t)text.ptr;
    bool done = measure(path, text, true);

    for (size_t i = 0; i < text.len; i++)
        bytes[i] = bytes[i] ? bytes[i] : '\n';
    done = done && measure(path, text, false);
    free(bytes);
    return done;
}

int main(int argc, char **argv)
{
    char path[4096];

    if (argc > 1)
        return !measure_file(argv[1]);
    const mk_str text = make_up();
    const bool done = measure("a newspaper's", text, false);
    free((char *)(uintptr_t)text.ptr);
    const char *const slash = strrchr(argv[0], '/');
    const int len = slash ? (int)(slash - argv[0]) + 1 : 0;
    snprintf(path, sizeof(path), "%.*spages.txt", len, argv[0]);
    return !(measure_file(path) && done);
}
