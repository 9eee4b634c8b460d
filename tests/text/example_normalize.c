/* example_normalize.c: a program of its own that normalises with the library: the
 * caller's buffers in and out, and after the first time over its texts no memory is
 * asked for any more. Malloc and its kin are counted on the way (ld --wrap). */
#include <stdio.h>
#include <stdlib.h>

#include "minkhal/text.h"

/* ---- what is asked for ---- */

static size_t n_asked; /* times; of this program, which has one thread */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *ptr, size_t size);

void *__wrap_malloc(size_t size)
{
    n_asked++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    n_asked++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    n_asked++;
    return __real_realloc(ptr, size);
}

/* ---- texts: clean ones, and one for each kind of work ---- */

static const char *const texts[] = {
    "قال المدير إن المدرسة ستفتح أبوابها غدا، وأضاف: «لا تأخير بعد اليوم».\n\nسطر ثان.",
    "كتـــاب  جديد ، وعام 1442 ه\u200D\n\n\n\nنهاية",
    "مح\u0651\u064Eمد\u064E\u064E \uFEDF\uFE8E عبد ا\uFDF2",
    "Ø§Ù„Ø³Ù„Ø§Ù… Ø¹Ù„ÙŠÙƒÙ…",
    "ÇáÓáÇã Úáíßã æÑÍãÉ Çááå Ýí ÇáãÏíäÉ",
    "&#1575;&#1604; &amp;nbsp; &lt;b&gt;",
    "`كتـــاب` http://example.org/ـ me@example.org رااااااائع!!!!!!",
    "\uFE94\uFEF4\uFE91\uFEAE\uFECC\uFEDF\uFE8D",
    "\uFD3Eقُلْ هُوَ اللَّهُ أَحَدٌ\uFD3F ٱلۡحَمۡدُ لِلَّهِ رَبِّ ٱلۡعَٰلَمِينَ",
    "می\u200Cروم به خانه كتاب ۱۴۰۲ ﷺ",
    "",
};

enum { ROOM = 4096, TIMES = 50, FORMS = 3 };

/* All texts in all forms and languages. False: something went wrong. */
static int run_all(mk_normalizer *normalizer, char *out)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        for (unsigned form = 0; form < FORMS; form++) {
            for (unsigned language = 0; language <= MK_LANGUAGE_PS; language++) {
                const mk_norm_options options = {.form = (mk_form)form,
                                                 .language = (mk_language)language};
                size_t len = 0;
                if (mk_norm_copy(normalizer, &options, mk_str_of(texts[i]), out, ROOM, &len) !=
                        MK_OK ||
                    len > ROOM || mk_utf8_valid((mk_str){out, len}) != len)
                    return 0;
            }
        }
    }
    return 1;
}

static int say(int number, int ok, const char *fact)
{
    printf("%sok %d - %s\n", ok ? "" : "not ", number, fact);
    return ok;
}

int main(void)
{
    mk_normalizer *const normalizer = mk_normalizer_new();
    const mk_norm_options train = {.language = MK_LANGUAGE_AR};
    static char out[ROOM];
    size_t len = 0;
    int ok = 1, fine = normalizer != NULL;

    puts("1..3");
    fine = fine && mk_norm_copy(normalizer, &train, MK_STR("كتـــاب"), out, ROOM, &len) == MK_OK;
    ok &= say(1, fine && mk_str_eq((mk_str){out, len}, MK_STR("كتاب")),
              "a text comes out in the caller's buffer");
    ok &= say(2, n_asked > 0 && fine && run_all(normalizer, out), "memory is asked for at first");
    const size_t before = n_asked;
    for (int i = 0; fine && i < TIMES; i++)
        fine = run_all(normalizer, out);
    if (!say(3, fine && n_asked == before, "and never again")) {
        printf("# asked %zu times in %d turns\n", n_asked - before, (int)TIMES);
        ok = 0;
    }
    mk_normalizer_free(normalizer);
    return ok ? 0 : 1;
}
