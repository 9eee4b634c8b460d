/* test_screen.c: the fast ways through a text give what the slow ones give: blocks
 * and bytes, lines and the whole, the table of the search form and the operations. */
#include <stdio.h>
#include <stdlib.h>

#include "minkhal/text.h"
#include "support.h"
#include "text/engine.h"
#include "text/search.h"

static const char *const triggers =
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىأإآةءؤئابتلمنويا      "
    "عیےہپکگۀەھ\u0671\u064B\u064E\u0650\u0651\u0651\u0652\u0654\u0670\u06E1\u0640\u0640"
    "\n\n\t\u00A0\u2009abzAZ019٠٣۴.-!?،؟؛۔,.\u201C\u201D\u2033\u2026\u2013%٪٫«»():/@`&<"
    "\u200B\u200C\u200D\u200F\u00AD\uFEFF\x1B\r\uE000\uFE0F\u2764\U0001F469\u0E01\uFDF2"
    "\uFE8D\uFB50e\u0301\u00E9\u00D8\u00D9\u20AC\uAC00\u1100\u1161\u09C7\u09BE漢";

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

enum { MAX_CPS = 160, /* code points: several blocks */ MAX_BYTES = 24 * MAX_CPS };

/* Mostly plain words, with a trigger now and then (one in `rarity`). */
static mk_str random_text(uint32_t *state, uint32_t rarity, char out[MAX_BYTES])
{
    static uint32_t alphabet[512];
    static size_t n;
    const mk_str all = mk_str_of(triggers);
    size_t len = 0;

    for (size_t at = 0; n == 0 || at != 0; at = at == all.len ? 0 : at)
        alphabet[n++] = mk_utf8_next(all, &at);
    for (uint32_t left = next_random(state) % MAX_CPS; left > 0; left--) {
        const bool plain = next_random(state) % rarity != 0;
        const uint32_t cp = alphabet[next_random(state) % (plain ? 54 : n)];
        const uint32_t times = next_random(state) % 32 == 0 ? 1 + next_random(state) % 6 : 1;
        for (uint32_t i = 0; i < times; i++)
            len += mk_utf8_put(out + len, cp);
    }
    return (mk_str){out, len};
}

/* All ways through a text: blocks of 64, of 8, bytes. */
typedef struct ways {
    mk_screen fast, words, slow;
} ways;

static ways ways_of(mk_language language)
{
    ways w;

    mk_screen_init(&w.fast, language, mk_has_simd());
    mk_screen_init(&w.words, language, false);
    w.slow = w.words;
    w.slow.plain_arabic = false;
    return w;
}

static uint64_t check_seen_alike(const ways *w, mk_str s)
{
    char *const exact = malloc(s.len + 1); /* no byte around it */
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, s.ptr, s.len);
    const mk_str text = {exact, s.len};
    const uint64_t a = mk_screen_text(&w->fast, text), b = mk_screen_text(&w->words, text),
                   c = mk_screen_text(&w->slow, text);
    if (a != b || b != c)
        ck_abort_msg("%llx, %llx and %llx of '%.*s'", (unsigned long long)a, (unsigned long long)b,
                     (unsigned long long)c, (int)s.len, s.ptr);
    free(exact);
    return a;
}

START_TEST(blocks_and_bytes_see_the_same)
{
    char text[MAX_BYTES];
    uint32_t state = 1;

    for (int round = 0; round < 60000; round++) {
        const ways w = ways_of((mk_language)(round % 7));
        check_seen_alike(&w, random_text(&state, 1 + next_random(&state) % 64, text));
    }
}
END_TEST

/* Each place in a block, the places beside its ends, and those where a chunk of blocks
 * ends. */
START_TEST(nothing_hides_at_the_edge_of_a_block)
{
    static const char *const work[] = {
        "\u0640", "&",      "  ",     "\u0651\u064E", "\u00A0", "،ب", "ببببب",      "....",
        "\u200C", "\uFE8D", "ک",      "\x7F",         "a\n b",  "\f", "حٌٌ",          "\u06DD",
        "\u0654", "\u0670", "\u061C", "\xC2\x85",     "\u00C9", "ظ„", "\U000F0000",
    };
    const ways w = ways_of(MK_LANGUAGE_AR);

    for (size_t i = 0; i < sizeof(work) / sizeof(*work); i++) {
        for (size_t before = 0; before < 1040; before = before == 80 ? 1012 : before + 1) {
            for (size_t behind = 0; behind < 70; behind += 1 + behind / 8) {
                char text[1280];
                size_t len = 0;
                for (size_t k = 0; k < before; k++)
                    text[len++] = (char)('a' + k % 2);
                memcpy(text + len, work[i], strlen(work[i]));
                len += strlen(work[i]);
                for (size_t k = 0; k < behind; k++)
                    text[len++] = (char)('a' + k % 2);
                ck_assert_msg(check_seen_alike(&w, (mk_str){text, len}) != 0, "%s", work[i]);
            }
        }
    }
}
END_TEST

/* Every pair of characters of the Arabic block and of ASCII, among plain letters. */
START_TEST(every_pair_is_seen_alike)
{
    const ways ar = ways_of(MK_LANGUAGE_AR), fa = ways_of(MK_LANGUAGE_FA);

    for (uint32_t i = 0; i < 0x180 * 0x180; i++) {
        const uint32_t a = i / 0x180, b = i % 0x180;
        char text[64] = "قابلت في المدينة";
        size_t len = strlen(text) - i % 7 / 2 * 2;
        len += mk_utf8_put(text + len, a < 0x80 ? a : 0x600 + a - 0x80);
        len += mk_utf8_put(text + len, b < 0x80 ? b : 0x600 + b - 0x80);
        memcpy(text + len, "من", 4);
        check_seen_alike(i % 16 ? &ar : &fa, (mk_str){text, len + 4});
    }
}
END_TEST

START_TEST(plain_text_needs_nothing)
{
    static const char *const texts[] = {
        "قال المدير إن المدرسة ستفتح أبوابها غدا، وأضاف: «لا تأخير بعد اليوم» (2014).",
        "كَتَبَ محمّد رسالة طويلة جدًا إلى أخيه الذي كان يعيش في مدينة بعيدة عن البحر",
        "“نعم” و “لا”.\nسطر ثان\n\nفقرة ثانية",
        "Plain ASCII text, with commas; and so on. 3.14 http://example.org/",
    };
    mk_screen s;

    for (int simd = 0; simd < 2; simd++) {
        mk_screen_init(&s, MK_LANGUAGE_AR, simd && mk_has_simd());
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
            ck_assert_msg(mk_screen_text(&s, mk_str_of(texts[i])) == 0, "%s", texts[i]);
    }
}
END_TEST

/* Lines of plain words in which things stand that operations look far for, whole or in
 * part. */
static mk_str random_lines(uint32_t *state, char out[MAX_BYTES])
{
    static const char *const words[] = {
        "قال",   "الوزير", "في",     "مدينة", "من",    "على",  "كبيرة", "وأضاف",
        "العام", "قال",    "الجديد", "إلى",   "أخرى،", "كتاب", "word",  "2014",
    };
    static const char *const odd[] = {
        "&quot;",       "&amp;lt;",     "&nbsp;",
        "&foo;",        "&NBSP;",       "a&b",
        "&#1600;",      "&#13;",        "<b>",
        "\r\n",         "\f",           "\u2028",
        "\xC2\x85",     "\n\n",         "\n",
        "\n",           " \n",          "\n ",
        "  ",           "\u00A0",       "\uFDFA",
        "\uFDF2",       "\uFE8D\uFEDF", "\uFB50\uFB51\uFB52",
        "\uFB53",       "\uFD3E",       "\uFD3F",
        "\uFD3C\uFD3D", "\uFD40\uFD41", "`",
        "```",          "ط§ظ„",         "ØªØ­Øª",
        "Ã©Ã¨",         "caf\u00E9",    "Çááå",
        "هٰذا",          "ٱلۡكِتَـٰبُ",       "\u201C",
        "\u201D",       "\u2033",       "http://a.b/ـــ",
        "a@b.com",      "www.xـy",      "لـ",
        "كتـــاب",      "مّ\u064Eد",     "مـــ",
        "،كلمة",        " ،",           "....",
        "،،،،،",        "ههههههه",      "کتاب",
        "گفت",          "\u200C",       "\u200D",
        "\u200F",       "\uFEFF",       "\u00AD",
        "\uE000",       "\uFFFF",       "\u0654",
        "\u2022",       "\u2026",       "٪",
        "٣٫٥",          "\x1B[31m",     "\U0001F469\u200D\U0001F469",
        "\u0301",       "Ａ",           "ﬁ",
    };
    size_t len = 0;

    for (uint32_t left = 4 + next_random(state) % 60; left > 0; left--) {
        const bool plain = next_random(state) % 6 != 0;
        const uint32_t i = next_random(state);
        const char *word = plain ? words[i % (sizeof(words) / sizeof(*words))]
                                 : odd[i % (sizeof(odd) / sizeof(*odd))];
        len += (size_t)snprintf(out + len, 64, "%s", word);
        if (plain || next_random(state) % 2)
            out[len++] = ' ';
    }
    return (mk_str){out, len};
}

typedef mk_str make_text(uint32_t *state, char out[MAX_BYTES]);

static mk_str dense_text(uint32_t *state, char out[MAX_BYTES])
{
    return random_text(state, 1 + next_random(state) % 48, out);
}

/* Runs text both ways; traced: and compares what they say of it. */
static void check_run_alike(mk_normalizer *parts, mk_normalizer *whole,
                            const mk_norm_options *options, mk_str in, bool traced)
{
    const mk_norm_change *c, *d;
    size_t n_c = 0, n_d = 0;
    mk_str a, b;

    if (traced) {
        ck_assert_int_eq(mk_norm_trace(parts, options, in, &a, &c, &n_c), MK_OK);
        ck_assert_int_eq(mk_norm_trace(whole, options, in, &b, &d, &n_d), MK_OK);
    } else {
        ck_assert_int_eq(mk_norm_text(parts, options, in, &a), MK_OK);
        ck_assert_int_eq(mk_norm_text(whole, options, in, &b), MK_OK);
    }
    if (!mk_str_eq(a, b))
        ck_abort_msg("form %d, language %d: '%.*s': '%.*s' and '%.*s'", (int)options->form,
                     (int)options->language, (int)in.len, in.ptr, (int)a.len, a.ptr, (int)b.len,
                     b.ptr);
    if (n_c != n_d || (n_c > 0 && memcmp(c, d, n_c * sizeof(*c)) != 0))
        ck_abort_msg("form %d, language %d: changes of '%.*s'", (int)options->form,
                     (int)options->language, (int)in.len, in.ptr);
}

static void check_all_alike(make_text *make, int rounds)
{
    mk_normalizer *const parts = mk_normalizer_new(), *const whole = mk_normalizer_new();
    char text[MAX_BYTES];
    uint32_t state = 2;

    ck_assert(parts && whole);
    whole->whole = true;
    for (int round = 0; round < rounds; round++) {
        const mk_language language = round % 3 ? MK_LANGUAGE_AR : (mk_language)(round / 3 % 7);
        const mk_norm_options options = {
            .form = (mk_form)(round & 1), .language = language, .is_line = round % 8 == 0};
        mk_str in = make(&state, text);
        check_run_alike(parts, whole, &options, in, false);
        const char *const lf = in.len > 0 ? memchr(in.ptr, '\n', in.len) : NULL;
        in.len = lf ? (size_t)(lf - in.ptr) : in.len;
        check_run_alike(parts, whole, &options, in, true);
    }
    mk_normalizer_free(parts);
    mk_normalizer_free(whole);
}

START_TEST(pieces_and_the_whole_come_out_the_same)
{
    check_all_alike(dense_text, 12000);
}
END_TEST

START_TEST(lines_and_the_whole_come_out_the_same)
{
    check_all_alike(random_lines, 12000);
}
END_TEST

/* What is written without a piece, and what looks like it, at each place of a block: on a
 * line of its own, at both ends of a line, within. */
START_TEST(short_ways_and_the_whole_come_out_the_same)
{
    static const char *const work[] = {
        "  ",
        "   ",
        "\u00A0",
        " \u00A0",
        "\u00A0 ",
        "\u00A0\u00A0",
        "\t",
        " \t ",
        "\u3000",
        /* a comma after other spaces, a byte of windows-1256 that NBSP hid */
        "\u3000،",
        "\u00A0،",
        "  ، ",
        "\u00A0ط§ظ„ظ…",
        "\u00A0طا",
        "ا\u00A0ط§",
        "  ط§ظ„",
        /* blanks and a piece that cannot be cut from them */
        "  x،y",
        "x،y  ",
        "  ا ،ب",
        "  http://a.b/  c",
        "  `a  b`  ",
        "\u00A0\u0651\u064E",
        /* prefixes, and what is none */
        "لـ«",
        "الـ 4",
        "كتابـ ",
        "بـ1",
        "لــ ",
        "لـّ ",
        "ـلـ ",
        "بَـ ",
        "1436هـ",
        "xبـ",
        /* marks in order and not, with and without what composes */
        "ب\u0651\u064E",
        "ب\u064E\u0651",
        "ا\u064E\u0653",
        "ٱ\u0670\u064F\u064E",
        "\u0651\u064E",
        "آ\u0651\u064E",
        "ب\u064E\u0651\u064E\u0651\u064E\u0651\u064E\u0651\u064E\u0651",
        /* lines that become empty, in train or in search */
        "\n\u064E\n",
        "\n\n\u064E\n\nا",
        "\n \n \n",
        "\n\u200F\n\n",
        "\n\n\n",
        "\u064E\n",
        "\n\u064E",
        /* letters and signs that meet in search when marks have gone */
        "لَلَلَل",
        "\u0640ل\u0640للـ",
        "...َ.",
        ",َ،",
        " َ ",
        "\n َا",
        "اَ \nب",
        "٠0َ0",
        "LlَLl",
        "…",
        ".…",
        "….",
        "……",
        "…َ.",
        /* signs that stay */
        "©",
        "× ©",
        "ط©",
        "°َ°",
        "§§§",
        "¾",
        "•",
        "→",
        "★★★★",
        "❤\uFE0F",
        "\u2713\u0338",
    };
    mk_normalizer *const parts = mk_normalizer_new(), *const whole = mk_normalizer_new();

    ck_assert(parts && whole);
    whole->whole = true;
    for (size_t i = 0; i < sizeof(work) / sizeof(*work); i++) {
        for (unsigned k = 0; k < 2 * 4 * 36; k++) {
            const mk_norm_options options = {.form = (mk_form)(k % 2), .language = MK_LANGUAGE_AR};
            char text[512];
            size_t len = 0;
            for (unsigned n = k / 8; n > 0; n--)
                len += (size_t)snprintf(text + len, 8, "%s", n % 5 ? "ق" : " ");
            len += (size_t)snprintf(text + len, 256, "%s%s%s%s%s", k & 2 ? "\n" : "", work[i],
                                    k & 4 ? "\n" : "", k & 4 ? work[i] : "",
                                    k % 3 ? "سافر الوزير إلى مدينة أخرى" : "");
            check_run_alike(parts, whole, &options, (mk_str){text, len}, false);
        }
    }
    mk_normalizer_free(parts);
    mk_normalizer_free(whole);
}
END_TEST

/* In scripts without plain words nothing can be cut: no place is searched for twice. */
START_TEST(many_spots_take_linear_time)
{
    enum { N = 200000 };
    static char text[8 * N];
    mk_normalizer *const n = mk_normalizer_new();
    const mk_norm_options options = {.language = MK_LANGUAGE_AR};
    size_t len = 0;
    mk_str out;

    ck_assert_ptr_nonnull(n);
    for (size_t i = 0; i < N; i++)
        len += (size_t)snprintf(text + len, 8, "%s", i % 12 ? "abc " : "\u00A0x ");
    ck_assert_int_eq(mk_norm_text(n, &options, (mk_str){text, len}, &out), MK_OK);
    ck_assert_uint_lt(out.len, len);
    mk_normalizer_free(n);
}
END_TEST

/* Folds line both ways; the bytes behind what comes out are not looked at. */
static void check_folded(const mk_search_table *fast, const mk_search_table *slow, mk_str line,
                         bool odd)
{
    static char a[MAX_BYTES + 1], b[MAX_BYTES + 1];
    size_t a_len = 0, b_len = 0;
    bool a_odd = false, b_odd = false;
    char *const exact = malloc(line.len + 1); /* no byte more than is promised */
    ck_assert_ptr_nonnull(exact);
    const size_t read = mk_search_plain(fast, line, exact, &a_len, odd ? &a_odd : NULL);
    memcpy(a, exact, a_len);
    free(exact);
    ck_assert_uint_eq(read, mk_search_plain(slow, line, b, &b_len, odd ? &b_odd : NULL));
    if (a_len != b_len || a_odd != b_odd || memcmp(a, b, a_len) != 0)
        ck_abort_msg("'%.*s': '%.*s' and '%.*s'", (int)line.len, line.ptr, (int)a_len, a,
                     (int)b_len, b);
}

static void check_folded_alike(const mk_search_table *fast, const mk_search_table *slow,
                               mk_str line)
{
    check_folded(fast, slow, line, true);
    check_folded(fast, slow, line, false);
}

START_TEST(blocks_and_bytes_fold_the_same)
{
    char text[MAX_BYTES];
    uint32_t state = 5;
    mk_search_table fast[2], slow[2];

    if (!mk_has_simd())
        return;
    for (int arabic = 0; arabic < 2; arabic++) {
        mk_search_init(&fast[arabic], arabic, true);
        mk_search_init(&slow[arabic], arabic, false);
    }
    for (int round = 0; round < 100000; round++) {
        const mk_str s = random_text(&state, 1 + next_random(&state) % 128, text);
        check_folded_alike(&fast[round % 2], &slow[round % 2], s);
    }
}
END_TEST

/* All signs of U+06xx and ASCII, once to three times, at each place of a block. */
START_TEST(each_sign_folds_the_same_at_each_place)
{
    mk_search_table fast, slow;

    if (!mk_has_simd())
        return;
    mk_search_init(&fast, true, true);
    mk_search_init(&slow, true, false);
    for (uint32_t i = 0; i < 4 * 0x180; i++) {
        const uint32_t cp = i / 4 < 0x80 ? i / 4 : 0x600 + i / 4 - 0x80;
        for (size_t before = 4; before < 70; before++) {
            char text[256];
            size_t len = before;
            for (size_t k = 0; k < before; k++)
                text[k] = (char)('a' + k % 2);
            for (uint32_t k = 0; k <= i % 4; k++)
                len += mk_utf8_put(text + len, cp);
            for (size_t k = 0; k < 40; k++)
                text[len++] = (char)('a' + k % 2);
            check_folded_alike(&fast, &slow, (mk_str){text, len});
        }
    }
}
END_TEST

START_TEST(the_environment_can_forbid_blocks)
{
    ck_assert_int_eq(setenv("MINKHAL_SIMD", "off", 1), 0);
    ck_assert(!mk_has_simd());
    ck_assert_int_eq(unsetenv("MINKHAL_SIMD"), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("screen");
    TCase *t = tcase_create("screen");

    tcase_set_timeout(t, 300);
    tcase_add_test(t, blocks_and_bytes_see_the_same);
    tcase_add_test(t, nothing_hides_at_the_edge_of_a_block);
    tcase_add_test(t, every_pair_is_seen_alike);
    tcase_add_test(t, plain_text_needs_nothing);
    tcase_add_test(t, pieces_and_the_whole_come_out_the_same);
    tcase_add_test(t, lines_and_the_whole_come_out_the_same);
    tcase_add_test(t, many_spots_take_linear_time);
    tcase_add_test(t, short_ways_and_the_whole_come_out_the_same);
    tcase_add_test(t, blocks_and_bytes_fold_the_same);
    tcase_add_test(t, each_sign_folds_the_same_at_each_place);
    tcase_add_test(t, the_environment_can_forbid_blocks);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
