/* test_letters.c: facts about the letter filters that hold for every text, each
 * filter alone in a chain. Their cases are in fixtures/filters and run by
 * test_cases.c. */
#include <stdio.h>
#include <stdlib.h>

#include <utf8proc.h>

#include "minkhal/minkhal.h"
#include "support.h"

static const char *const names[] = {"presentation", "invisible", "nfc",
                                    "tashkeel",     "tatweel",   "spaces"};

enum { N_NAMES = sizeof(names) / sizeof(*names), MAX_CP = 0x10FFFF };

/* ---- one filter on one line ---- */

typedef struct sieve {
    mk_chain *chain;
    mk_scratch scratch;
} sieve;

/* A filter, and its options if not empty. */
static sieve open_sieve(const char *name, const char *options)
{
    char filters[256];
    sieve s = {0};
    mk_error error;

    snprintf(filters, sizeof(filters), "%s%s%s", name, *options ? ":" : "", options);
    const mk_chain_options chain = {.filters = filters};
    if (mk_chain_open(&chain, &s.chain, &error) != MK_OK)
        ck_abort_msg("%s: %s", filters, error.text);
    return s;
}

static void close_sieve(sieve *s)
{
    mk_chain_close(s->chain);
    free(s->scratch.ptr);
}

/* Lent till the next call. */
static mk_str run(sieve *s, mk_str line)
{
    mk_str out;

    if (!mk_normalize(s->chain, line, &s->scratch, &out))
        ck_abort_msg("out of memory");
    return out;
}

static mk_str copy_of(mk_str s)
{
    char *copy = malloc(s.len + 1);

    if (!copy)
        abort();
    memcpy(copy, s.len ? s.ptr : "", s.len);
    return (mk_str){copy, s.len};
}

/* ---- random text ---- */

/* What the filters look for, and neighbours that it matters to. */
static const char *const triggers =
    "ابتلهومنيىكأإآةءدرےیەہپ\u0671\u064B\u064C\u064E\u064F\u0651\u0651\u0652\u0653\u0654"
    "\u0655\u0670\u06DC\u06E1\u08F0\u0640\u0640\u0640  \t\u00A0\u2009\u3000a1٣۳.-"
    "\u200B\u200C\u200C\u200D\u200D\u200E\u200F\u202A\u2066\u2060\u00AD\uFEFF\x1B[31m"
    "\uE000\uFE0F\u2764\U0001F469\U0001F3F4\U000E0067\u0E01\u0915\u094D\u1780"
    "\uFB50\uFB51\uFB52\uFB53\uFE70\uFE71\uFE73\uFC60\uFDF2\uFDF2\uFDFA\uFEFB\uFE8D"
    "e\u0301\u0323\u0345\u1100\u1161\u11A8\uAC00\u09C7\u09BE\u0958\u0F73\u0344\u212B"
    "\u00E9";

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

enum { MAX_RANDOM = 24 /* code points */ };

static mk_str random_text(uint32_t *state, char out[4 * MAX_RANDOM])
{
    static uint32_t alphabet[512];
    static size_t n;
    const mk_str all = mk_str_of(triggers);
    size_t len = 0;

    for (size_t at = 0; n == 0 || at != 0; at = at == all.len ? 0 : at)
        alphabet[n++] = mk_utf8_next(all, &at);
    for (uint32_t left = next_random(state) % (MAX_RANDOM + 1); left > 0; left--)
        len += mk_utf8_put(out + len, alphabet[next_random(state) % n]);
    return (mk_str){out, len};
}

START_TEST(a_second_pass_finds_nothing)
{
    static const char *const options[] = {"", "", "", "mode=strip", "", ""};
    sieve s = open_sieve(names[_i], options[_i]);
    uint32_t state = 1;
    char text[4 * MAX_RANDOM];

    for (int round = 0; round < 20000; round++) {
        const mk_str in = random_text(&state, text);
        const mk_str once = copy_of(run(&s, in));
        const mk_str twice = run(&s, once);
        if (!mk_str_eq(once, twice))
            ck_abort_msg("%s: '%.*s' -> '%.*s' -> '%.*s'", names[_i], (int)in.len, in.ptr,
                         (int)once.len, once.ptr, (int)twice.len, twice.ptr);
        if (mk_utf8_valid(once) != once.len)
            ck_abort_msg("%s: not utf-8", names[_i]);
        free((char *)once.ptr);
    }
    close_sieve(&s);
}
END_TEST

/* Owned by the caller. */
static mk_str nfc_of(mk_str s)
{
    utf8proc_uint8_t *out = NULL;
    const utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)s.ptr,
                                              (utf8proc_ssize_t)s.len, &out,
                                              UTF8PROC_STABLE | UTF8PROC_COMPOSE);

    if (len < 0)
        abort();
    return (mk_str){(char *)out, (size_t)len};
}

START_TEST(nfc_agrees_with_utf8proc)
{
    sieve s = open_sieve("nfc", "");
    uint32_t state = 2;
    char text[4 * MAX_RANDOM];

    for (int round = 0; round < 20000; round++) {
        const mk_str in = random_text(&state, text);
        const mk_str want = nfc_of(in), got = run(&s, in);
        if (!mk_str_eq(got, want))
            ck_abort_msg("'%.*s': got '%.*s', want '%.*s'", (int)in.len, in.ptr, (int)got.len,
                         got.ptr, (int)want.len, want.ptr);
        free((char *)want.ptr);
    }
    close_sieve(&s);
}
END_TEST

START_TEST(text_has_misses_nothing_that_nfc_changes)
{
    for (uint32_t cp = 0; cp <= MAX_CP; cp++) {
        char text[12] = "a\xD9\x8E"; /* a vowel sign before it */
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        const size_t len = mk_utf8_put(text + 3, cp);
        for (size_t from = 1; from <= 3; from += 2) {
            const mk_str s = {text + from, 3 - from + len};
            const mk_str want = nfc_of(s);
            if (!mk_str_eq(s, want) && !(mk_text_has(s) & MK_HAS_MARK))
                ck_abort_msg("U+%04X", (unsigned)cp);
            free((char *)want.ptr);
        }
    }
}
END_TEST

/* Fifty thousand marks, which a sort by exchanges would need minutes for. */
START_TEST(nfc_orders_a_flood_of_marks)
{
    enum { N = 50000 };
    sieve s = open_sieve("nfc", "");
    char *in = malloc(4 * N), *want = malloc(4 * N);

    ck_assert(in && want);
    for (size_t i = 0; i < N; i++) {
        memcpy(in + 4 * i, "\u0651\u064E", 4);
        memcpy(want + 2 * i, "\u064E", 2);
        memcpy(want + 2 * N + 2 * i, "\u0651", 2);
    }
    const mk_str got = run(&s, (mk_str){in, 4 * N});
    ck_assert(mk_str_eq(got, (mk_str){want, 4 * N}));
    free(in);
    free(want);
    close_sieve(&s);
}
END_TEST

/* Between hyphens and spaces no context asks to keep anything. */
START_TEST(invisible_removes_what_text_h_calls_invisible)
{
    sieve s = open_sieve("invisible", "");

    for (uint32_t cp = 1; cp <= MAX_CP; cp++) {
        char text[16] = "- ", want[16];
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        size_t len = 2 + mk_utf8_put(text + 2, cp);
        memcpy(text + len, " -", 2);
        len += 2;
        memcpy(want, mk_is_invisible(cp) ? "-  -" : text, mk_is_invisible(cp) ? 4 : len);
        if (!mk_str_eq(run(&s, (mk_str){text, len}), (mk_str){want, mk_is_invisible(cp) ? 4 : len}))
            ck_abort_msg("U+%04X", (unsigned)cp);
    }
    close_sieve(&s);
}
END_TEST

START_TEST(presentation_leaves_no_letter_form_alone)
{
    sieve s = open_sieve("presentation", "");

    for (uint32_t cp = 0xFB50; cp <= 0xFEFC; cp++) {
        char text[4];
        const mk_str in = {text, mk_utf8_put(text, cp)};
        const bool form = (cp <= 0xFBB1) || (cp >= 0xFBD3 && cp <= 0xFD3D) ||
                          (cp >= 0xFD50 && cp <= 0xFD8F) || (cp >= 0xFD92 && cp <= 0xFDC7) ||
                          cp == 0xFDF2 || (cp >= 0xFE70 && cp != 0xFE75);
        const mk_str got = run(&s, in);
        if (form == mk_str_eq(in, got))
            ck_abort_msg("U+%04X", (unsigned)cp);
        if (form && mk_text_has(got) & MK_HAS_FORM)
            ck_abort_msg("U+%04X became a form", (unsigned)cp);
    }
    close_sieve(&s);
}
END_TEST

/* ---- */

static Suite *suite(void)
{
    Suite *s = suite_create("letters");
    TCase *facts = tcase_create("facts");

    tcase_set_timeout(facts, 120);
    tcase_add_loop_test(facts, a_second_pass_finds_nothing, 0, N_NAMES);
    tcase_add_test(facts, nfc_agrees_with_utf8proc);
    tcase_add_test(facts, text_has_misses_nothing_that_nfc_changes);
    tcase_add_test(facts, nfc_orders_a_flood_of_marks);
    tcase_add_test(facts, invisible_removes_what_text_h_calls_invisible);
    tcase_add_test(facts, presentation_leaves_no_letter_form_alone);
    suite_add_tcase(s, facts);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
