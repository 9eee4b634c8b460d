/* test_operations.c: the operations on text: their vectors (fixtures/text) and
 * what holds of every text, on random ones that are rich in what operations look
 * for. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <utf8proc.h>

#include "doc/fold.h"
#include "minkhal/minkhal.h"
#include "support.h"

static mk_normalizer *normalizer;

static void setup(void)
{
    normalizer = mk_normalizer_new();
    ck_assert_ptr_nonnull(normalizer);
}

static void teardown(void)
{
    mk_normalizer_free(normalizer);
}

static mk_norm_options only(const char *operation)
{
    mk_norm_options options = {.form = MK_FORM_ONLY};

    if (!mk_norm_set(&options, mk_str_of(operation), MK_STR("on")))
        ck_abort_msg("no operation %s", operation);
    return options;
}

/* Lent till the next call. */
static mk_str run(const mk_norm_options *options, mk_str text)
{
    mk_str out;

    ck_assert_int_eq(mk_norm_text(normalizer, options, text, &out), MK_OK);
    return out;
}

/* Owned by the caller. */
static mk_str copy_of(mk_str s)
{
    char *copy = malloc(s.len + 1);

    if (!copy)
        abort();
    memcpy(copy, s.len ? s.ptr : "", s.len);
    return (mk_str){copy, s.len};
}

static void drop(mk_str s)
{
    free((char *)(uintptr_t)s.ptr);
}

/* ---- vectors ---- */

static const char *unescape(const char *s, mk_str *ret, char out[4096])
{
    size_t len = 0;

    while (*s && *s != '\t' && *s != '\n' && len + 4 < 4096) {
        unsigned cp;
        if (s[0] == '\\' && (s[1] == 'u' || s[1] == 'U') &&
            sscanf(s + 2, s[1] == 'u' ? "%4x" : "%8x", &cp) == 1) {
            len += mk_utf8_put(out + len, cp);
            s += s[1] == 'u' ? 6 : 10;
        } else {
            out[len++] = *s++;
        }
    }
    *ret = (mk_str){out, len};
    return *s == '\t' ? s + 1 : s;
}

/* "letters:fa", "train:ar", "tatweel". */
static mk_norm_options options_of(char *name)
{
    char *colon = strchr(name, ':');
    mk_norm_options options = {.form = MK_FORM_TRAIN};

    if (colon)
        *colon = '\0';
    if (!mk_norm_set(&options, MK_STR("form"), mk_str_of(name)))
        options = only(name);
    if (colon && !mk_norm_set(&options, MK_STR("lang"), mk_str_of(colon + 1)))
        ck_abort_msg("no language %s", colon + 1);
    return options;
}

static unsigned check_file(const char *path)
{
    static char line[16384], in[4096], want[4096];
    FILE *file = fopen(path, "r");
    unsigned n = 0, number = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file)) {
        mk_str a, b;
        char *tab = strchr(line, '\t');
        number++;
        if (line[0] == '#' || !tab)
            continue;
        *tab = '\0';
        unescape(unescape(tab + 1, &a, in), &b, want);
        const mk_norm_options options = options_of(line);
        const mk_str got = run(&options, a);
        if (!mk_str_eq(got, b))
            ck_abort_msg("%s:%u: %s: got '%.*s', want '%.*s'", path, number, line, (int)got.len,
                         got.ptr, (int)b.len, b.ptr);
        n++;
    }
    fclose(file);
    return n;
}

START_TEST(every_vector_holds)
{
    DIR *folder = opendir(MK_FIXTURES "/text");
    unsigned n = 0;
    const struct dirent *entry;

    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder))) {
        char path[1024];
        if (!strstr(entry->d_name, ".tsv"))
            continue;
        snprintf(path, sizeof(path), "%s/text/%s", MK_FIXTURES, entry->d_name);
        n += check_file(path);
    }
    closedir(folder);
    ck_assert_uint_gt(n, 90);
}
END_TEST

/* ---- random text ---- */

static const char *const triggers =
    "ابتلهومنيىكأإآةءدرعیےہپکگۀەھۆڕېځ"
    "\u0671\u064B\u064C\u064E\u064F\u0651\u0651\u0652\u0653\u0654\u0654\u0655\u0670\u06DC"
    "\u06E1\u06DD\u06E5\u08F0\u0640\u0640\u0640  \t\n\n\u00A0\u2009\u3000a1bZ٣۳۴.-!?،؟؛۔,"
    "\u200B\u200C\u200C\u200D\u200D\u200E\u200F\u202A\u2066\u2060\u00AD\uFEFF\x1B[31m\r\v"
    "\uE000\uFE0F\u2764\U0001F469\U0001F3F4\U000E0067\u0E01\u0915\u094D\u1780\u2033"
    "\uFB50\uFB51\uFB52\uFB53\uFE70\uFE71\uFE73\uFC60\uFDF2\uFDFA\uFEFB\uFE8D\uFD3E\uFD3F"
    "e\u0301\u0323\u0345\u1100\u1161\u11A8\uAC00\u09C7\u09BE\u0958\u0F73\u0344\u212B"
    "\u00E9\u201C\u201D\u2026%٪٬٫«»():/@`&;#<";

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

enum { MAX_RANDOM = 24, /* code points, each up to five times */ MAX_BYTES = 20 * MAX_RANDOM };

static mk_str random_text(uint32_t *state, bool one_line, char out[MAX_BYTES])
{
    static uint32_t alphabet[512];
    static size_t n;
    const mk_str all = mk_str_of(triggers);
    size_t len = 0;

    for (size_t at = 0; n == 0 || at != 0; at = at == all.len ? 0 : at)
        alphabet[n++] = mk_utf8_next(all, &at);
    for (uint32_t left = next_random(state) % (MAX_RANDOM + 1); left > 0; left--) {
        const uint32_t cp = alphabet[next_random(state) % n];
        const uint32_t times = next_random(state) % 16 == 0 ? 5 : 1;
        for (uint32_t i = 0; i < times && !(one_line && (cp == '\n' || cp == '\r' || cp == '\v'));
             i++)
            len += mk_utf8_put(out + len, cp);
    }
    return (mk_str){out, len};
}

/* Owned by the caller. */
static mk_str form_of(mk_str s, utf8proc_option_t how)
{
    utf8proc_uint8_t *out = NULL;
    const utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)s.ptr,
                                              (utf8proc_ssize_t)s.len, &out, UTF8PROC_STABLE | how);

    if (len < 0)
        abort();
    return (mk_str){(char *)out, (size_t)len};
}

static void check_idempotent(const mk_norm_options *options, const char *name, mk_str in)
{
    const mk_str once = copy_of(run(options, in));
    const mk_str twice = run(options, once);

    ck_assert_uint_eq(mk_utf8_valid(once), once.len);
    if (!mk_str_eq(once, twice))
        ck_abort_msg("%s: '%.*s' -> '%.*s' -> '%.*s'", name, (int)in.len, in.ptr, (int)once.len,
                     once.ptr, (int)twice.len, twice.ptr);
    drop(once);
}

/* Each operation alone, but the pair that undoes one another's work is not run
 * together. */
START_TEST(an_operation_finds_nothing_in_its_own_output)
{
    char text[MAX_BYTES];
    uint32_t state = 1;

    for (const mk_rule *op = mk_operation_rules; op->name; op++) {
        mk_norm_options options = only(op->name);
        if (strcmp(op->name, "mojibake") == 0 || strcmp(op->name, "control") == 0)
            continue; /* work by rounds of the form: what they make may be work again */
        for (int round = 0; round < 2000; round++) {
            options.language = (mk_language)(next_random(&state) % 7);
            check_idempotent(&options, op->name, random_text(&state, false, text));
        }
    }
}
END_TEST

START_TEST(a_form_finds_nothing_in_its_own_output)
{
    static const char *const names[] = {"train", "search", "preserve"};
    char text[MAX_BYTES];
    uint32_t state = 2;

    for (int round = 0; round < 6000; round++) {
        for (int form = 0; form < 3; form++) {
            const mk_norm_options options = {.form = (mk_form)form,
                                             .language = (mk_language)(round % 7)};
            check_idempotent(&options, names[form], random_text(&state, false, text));
        }
    }
}
END_TEST

START_TEST(canonical_equivalents_come_out_the_same_and_in_form_c)
{
    char text[MAX_BYTES];
    uint32_t state = 3;

    for (int round = 0; round < 6000; round++) {
        const mk_norm_options options = {.form = (mk_form)(round & 1),
                                         .language = (mk_language)(round % 7)};
        const mk_str in = random_text(&state, false, text);
        const mk_str c = form_of(in, UTF8PROC_COMPOSE), d = form_of(in, UTF8PROC_DECOMPOSE);
        const mk_str of_c = copy_of(run(&options, c)), of_d = copy_of(run(&options, d));
        const mk_str again = form_of(of_c, UTF8PROC_COMPOSE);
        if (!mk_str_eq(of_c, of_d) || !mk_str_eq(of_c, again))
            ck_abort_msg("'%.*s' -> '%.*s', '%.*s'", (int)in.len, in.ptr, (int)of_c.len, of_c.ptr,
                         (int)of_d.len, of_d.ptr);
        drop(c), drop(d), drop(of_c), drop(of_d), drop(again);
    }
}
END_TEST

START_TEST(search_of_train_is_search)
{
    char text[MAX_BYTES];
    uint32_t state = 4;

    for (int round = 0; round < 6000; round++) {
        const mk_norm_options search = {.form = MK_FORM_SEARCH,
                                        .language = (mk_language)(round % 7)};
        const mk_norm_options train = {.language = search.language};
        const mk_str in = random_text(&state, false, text);
        const mk_str trained = copy_of(run(&train, in)), want = copy_of(run(&search, in));
        const mk_str got = run(&search, trained);
        ck_assert(mk_str_eq(got, want));
        drop(trained), drop(want);
    }
}
END_TEST

/* Lines that hold what reaches over lines (code, entities, encodings) apart. */
START_TEST(a_line_does_not_see_its_neighbours)
{
    char a[MAX_BYTES], b[MAX_BYTES];
    uint32_t state = 5;

    for (int round = 0; round < 6000; round++) {
        const mk_norm_options options = {.form = (mk_form)(round & 1),
                                         .language = (mk_language)(round % 7)};
        const mk_str in_a = random_text(&state, true, a), in_b = random_text(&state, true, b);
        char both[2 * MAX_BYTES + 8], want[16 * MAX_BYTES];
        if (memchr(in_a.ptr, '<', in_a.len) || memchr(in_b.ptr, '<', in_b.len) ||
            mk_str_has(in_a, MK_STR("```")) || mk_str_has(in_b, MK_STR("\uFDF2")) ||
            mk_str_has(in_b, MK_STR("\xEF\xAD")))
            continue;
        const int n = snprintf(both, sizeof(both), "%.*s\n%.*s", (int)in_a.len, in_a.ptr,
                               (int)in_b.len, in_b.ptr);
        size_t len = 0;
        const mk_str of_a = run(&options, in_a);
        memcpy(want, of_a.ptr ? of_a.ptr : "", of_a.len);
        len = of_a.len;
        want[len] = '\n';
        len += len > 0;
        const mk_str of_b = run(&options, in_b);
        memcpy(want + len, of_b.ptr ? of_b.ptr : "", of_b.len);
        len = of_b.len > 0 ? len + of_b.len : len > 0 ? len - 1 : 0;
        const mk_str got = run(&options, (mk_str){both, (size_t)n});
        if (!mk_str_eq(got, (mk_str){want, len}) && !memchr(both, '`', (size_t)n))
            ck_abort_msg("'%s': got '%.*s', want '%.*s'", both, (int)got.len, got.ptr, (int)len,
                         want);
    }
}
END_TEST

/* Between changes both texts are equal, and changes are in order and apart. */
static void check_trace(const mk_norm_options *options, mk_str in)
{
    const mk_norm_change *changes;
    size_t n, at = 0, src_at = 0;
    mk_str out;
    const mk_str want = copy_of(run(options, in));

    ck_assert_int_eq(mk_norm_trace(normalizer, options, in, &out, &changes, &n), MK_OK);
    ck_assert(mk_str_eq(out, want));
    drop(want);
    for (size_t i = 0; i <= n; i++) {
        const size_t to = i < n ? changes[i].at : out.len;
        const size_t src_to = i < n ? changes[i].src_at : in.len;
        ck_assert_uint_ge(to, at);
        ck_assert_uint_eq(to - at, src_to - src_at);
        if (to > at)
            ck_assert_int_eq(memcmp(out.ptr + at, in.ptr + src_at, to - at), 0);
        if (i == n)
            break;
        ck_assert(changes[i].operations != 0);
        at = (size_t)changes[i].at + changes[i].len;
        src_at = (size_t)changes[i].src_at + changes[i].src_len;
    }
}

START_TEST(every_change_maps_back)
{
    char text[MAX_BYTES];
    uint32_t state = 6;

    for (int round = 0; round < 12000; round++) {
        const mk_norm_options options = {.form = (mk_form)(round % 3),
                                         .language = (mk_language)(round % 7)};
        check_trace(&options, random_text(&state, false, text));
    }
}
END_TEST

/* ---- text that is to stay ---- */

START_TEST(clean_text_is_a_fixed_point)
{
    static const char *const texts[] = {
        "قال المدير إن المدرسة ستفتح أبوابها غدًا، وأضاف: «لا تأخير بعد اليوم».\n\nسطر ثان.",
        "كَتَبَ مُحَمَّدٌ رِسالةً إلى أخيه.",
        "عام 1442 هـ، الـ 31 من الشهر، لـ\"داعش\"",
        "Grüße, naïve café, Ελλάδα, Москва, 漢字, 한국어, नमस्ते, ไทย",
        "https://example.org/a_b?c=d&copy=2#e me@example.org `x  =  y` \U0001F469\u200D\U0001F467 \u2764\uFE0F",
        "30°15′20″ شمالا و 3.14 و 1,000 و ٣٫١٤",
        "ٱلۡحَمۡدُ لِلَّهِ رَبِّ ٱلۡعَٰلَمِينَ",
        "m² ½ ™ … ﷺ ﷽",
    };
    const mk_norm_options options = {.language = MK_LANGUAGE_AR};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const mk_str in = mk_str_of(texts[i]), out = run(&options, in);
        if (!mk_str_eq(out, in))
            ck_abort_msg("'%s' -> '%.*s'", texts[i], (int)out.len, out.ptr);
    }
}
END_TEST

/* Neither of two parts of a text: Latin, figures, code, addresses, emoji, other scripts. */
START_TEST(what_is_not_arabic_script_stays)
{
    static const char *const words[] = {
        "plain",
        "Grüße",
        "naïve",
        "Ελλάδα",
        "Москва",
        "漢字",
        "한국어",
        "नमस्ते",
        "ไทย",
        "עברית",
        "ქართული",
        "3.14",
        "1,000.50",
        "2014-05-06",
        "a_b+c==d",
        "x?y:z",
        "f(x);",
        "(--i)",
        "\"q\"",
        "it's",
        "100%",
        "https://example.org/a//b?c=d,e;f=كتـــاب!!!!!#ـ",
        "www.example.org/ــ!!!!!",
        "me.too@example.org",
        "`كتـــاب ،،،،،  x`",
        "\U0001F469\u200D\U0001F467",
        "\u2764\uFE0F",
        "\U0001F3F4\U000E0067\U000E0062\U000E007F",
        "\U0001F44D\U0001F3FD",
        "—",
        "m²",
        "½",
        "™",
        "€5",
        "30°15′20″",
        ":-)",
        "C:\\x",
        "#tag",
    };
    uint32_t state = 8;

    for (int round = 0; round < 4000; round++) {
        const mk_norm_options options = {.language = (mk_language)(round % 7)};
        char text[4096];
        size_t len = 0;
        for (uint32_t left = 1 + next_random(&state) % 30; left > 0; left--) {
            const char *word = words[next_random(&state) % (sizeof(words) / sizeof(*words))];
            memcpy(text + len, word, strlen(word));
            len += strlen(word);
            if (left > 1)
                text[len++] = next_random(&state) % 8 ? ' ' : '\n';
        }
        const mk_str in = {text, len}, out = run(&options, in);
        if (!mk_str_eq(out, in))
            ck_abort_msg("'%.*s' -> '%.*s'", (int)len, text, (int)out.len, out.ptr);
    }
}
END_TEST

/* Controls and what is no character are gone from what a form leaves. */
START_TEST(nothing_that_nobody_can_see_or_read_is_left)
{
    static const char *const gone =
        "\x01\x08\x1F\x7F\xC2\x80\xC2\x9F\uFDD0\uFFFE\U0001FFFF\uFEFF\u202E\u2066";
    char text[MAX_BYTES + 256];
    uint32_t state = 9;

    for (int round = 0; round < 6000; round++) {
        const mk_norm_options options = {.form = (mk_form)(round & 1),
                                         .language = (mk_language)(round % 7)};
        const mk_str all = mk_str_of(gone);
        mk_str in = random_text(&state, false, text);
        for (size_t at = 0; at < all.len;) {
            const uint32_t cp = mk_utf8_next(all, &at);
            in.len += next_random(&state) % 4 ? 0 : mk_utf8_put(text + in.len, cp);
        }
        text[in.len] = '\0'; /* U+0000 */
        in.len += next_random(&state) % 2;
        const mk_str out = run(&options, in);
        for (size_t at = 0; at < out.len;) {
            const uint32_t cp = mk_utf8_next(out, &at);
            ck_assert(cp >= 0x20 || cp == '\n');
            ck_assert(cp < 0x7F || cp > 0x9F);
            ck_assert((cp & 0xFFFE) != 0xFFFE && !(cp >= 0xFDD0 && cp <= 0xFDEF));
        }
    }
}
END_TEST

START_TEST(languages_keep_their_letters)
{
    static const struct {
        mk_language language;
        const char *text;
    } texts[] = {
        {MK_LANGUAGE_FA, "می\u200Cروم به خانه\u200Cهای قدیمی در سال ۱۴۰۲"},
        {MK_LANGUAGE_UR, "یہ کتاب بہت اچھی ہے، اور لکھنے والے نے محنت کی ہے۔"},
        {MK_LANGUAGE_CKB, "ئەمە کوردستانە و هەولێر شارێکی کۆنە"},
        {MK_LANGUAGE_UG, "ئۇيغۇر تىلى ھەممە يەردە سۆزلىنىدۇ"},
        {MK_LANGUAGE_PS, "دا زما کور دی او هغه ښه سړی دی"},
        {MK_LANGUAGE_OTHER, "کتاب كتاب ہے ھەممە می\u200Cروم"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const mk_norm_options options = {.language = texts[i].language};
        const mk_str in = mk_str_of(texts[i].text), out = run(&options, in);
        if (!mk_str_eq(out, in))
            ck_abort_msg("'%s' -> '%.*s'", texts[i].text, (int)out.len, out.ptr);
    }
}
END_TEST

/* ---- one source of folds ---- */

/* What the search form makes equal, the folded line has equal. */
START_TEST(a_folded_line_is_that_of_its_search_form)
{
    static const char *const alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىأإآةءؤئکگیےہھەۀۃپچژ\u0671"
                                        "\u064B\u064E\u0651\u0652\u0670\u0640  ";
    const mk_norm_options options = {.form = MK_FORM_SEARCH, .language = MK_LANGUAGE_AR, .off = 0};
    mk_norm_options plain = options;
    uint32_t cps[128], state = 7;
    size_t n = 0;
    const mk_str all = mk_str_of(alphabet);

    mk_norm_set(&plain, MK_STR("elongation_fold"), MK_STR("off"));
    mk_norm_set(&plain, MK_STR("elongation_cap"), MK_STR("off"));
    for (size_t at = 0; at < all.len;)
        cps[n++] = mk_utf8_next(all, &at);
    for (int round = 0; round < 20000; round++) {
        char text[128], a[256], b[256];
        size_t len = 0;
        for (uint32_t left = next_random(&state) % 24; left > 0; left--)
            len += mk_utf8_put(text + len, cps[next_random(&state) % n]);
        const mk_str in = {text, len};
        const mk_str out = run(&plain, in);
        const size_t n_a = mk_fold(in, a, NULL), n_b = mk_fold(out, b, NULL);
        if (n_a != n_b || memcmp(a, b, n_a) != 0)
            ck_abort_msg("'%.*s' and '%.*s'", (int)in.len, in.ptr, (int)out.len, out.ptr);
    }
}
END_TEST

/* ---- floods ---- */

static double seconds_of(const mk_norm_options *options, const char *unit, size_t size)
{
    const size_t n = strlen(unit);
    char *text = malloc(size + n);
    struct timespec from, to;

    ck_assert_ptr_nonnull(text);
    for (size_t at = 0; at < size; at += n)
        memcpy(text + at, unit, n);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    run(options, (mk_str){text, size - size % n});
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    free(text);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Eight times as much takes about eight times as long, never sixty-four. */
START_TEST(floods_take_linear_time)
{
    static const char *const units[] = {
        "\u0651\u064E",
        "\u0640",
        "\u064E\u0640",
        "&amp;",
        "&amp;amp;#1575;",
        "ی\u200C",
        "ا\u0654\u0653",
        "\u201C",
        "\u201D",
        "``",
        "a@",
        "http://",
        "a.",
        "\uFD3E",
        "\uFB50\uFB51\uFB52",
        "\u200C\u200D",
        "ا",
        "هااا",
        "\u064E ",
        "\u200B",
        "\uFDF2",
        "ـ\u0654",
        "\u0300\u0316",
        " \n",
        "،",
    };

    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        for (int form = 0; form < 2; form++) {
            const mk_norm_options options = {.form = (mk_form)form, .language = MK_LANGUAGE_AR};
            const double small = seconds_of(&options, units[i], 16 << 10);
            const double large = seconds_of(&options, units[i], 128 << 10);
            if (large > 0.5 && large > 40 * small)
                ck_abort_msg("%s: %.3f s, then %.3f s", units[i], small, large);
        }
    }
    for (int form = 0; form < 3; form++) {
        const mk_norm_options options = {.form = (mk_form)form, .language = MK_LANGUAGE_AR};
        ck_assert(seconds_of(&options, "\u0640", 1 << 20) < 20);
    }
}
END_TEST

/* ---- the buffer of the caller ---- */

START_TEST(copy_says_how_much_room_it_needs)
{
    const mk_norm_options options = {.language = MK_LANGUAGE_AR};
    char out[16] = "untouched";
    size_t len = 0;

    ck_assert_int_eq(mk_norm_copy(normalizer, &options, MK_STR("كتـــاب"), out, 4, &len), MK_OK);
    ck_assert_uint_eq(len, 8);
    ck_assert_str_eq(out, "untouched");
    ck_assert_int_eq(mk_norm_copy(normalizer, &options, MK_STR("كتـــاب"), out, 8, &len), MK_OK);
    ck_assert_int_eq(memcmp(out, "كتاب", 8), 0);
}
END_TEST

START_TEST(text_with_nothing_to_do_is_lent_back)
{
    const mk_norm_options options = {.language = MK_LANGUAGE_AR};
    const mk_str in = MK_STR("نص عادي"), out = run(&options, in);

    ck_assert_ptr_eq(out.ptr, in.ptr);
    ck_assert_uint_eq(run(&options, (mk_str){NULL, 0}).len, 0);
}
END_TEST

START_TEST(operations_can_be_switched)
{
    mk_norm_options options = {.language = MK_LANGUAGE_AR};

    ck_assert(mk_norm_set(&options, MK_STR("tatweel"), MK_STR("off")));
    ck_assert(mk_norm_set(&options, MK_STR("digits"), MK_STR("ascii")));
    ck_assert(mk_norm_set(&options, MK_STR("diacritics"), MK_STR("harakat")));
    ck_assert(mk_str_eq(run(&options, MK_STR("كتـــاب  ٣٫٥ مُدَرِّس")), MK_STR("كتـــاب 3.5 مدرّس")));
    ck_assert(mk_norm_set(&options, MK_STR("tatweel"), MK_STR("form")));
    ck_assert(mk_norm_set(&options, MK_STR("diacritics"), MK_STR("keep")));
    ck_assert(mk_str_eq(run(&options, MK_STR("كتـــاب مَ")), MK_STR("كتاب مَ")));
    ck_assert(!mk_norm_set(&options, MK_STR("digits"), MK_STR("roman")));
    ck_assert(!mk_norm_set(&options, MK_STR("tatwel"), MK_STR("on")));
}
END_TEST

START_TEST(vowel_signs_may_stay_in_the_quran_alone)
{
    mk_norm_options options = {.language = MK_LANGUAGE_AR};

    ck_assert(mk_norm_set(&options, MK_STR("diacritics"), MK_STR("quran-only")));
    ck_assert(mk_str_eq(run(&options, MK_STR("قَالَ \uFD3Eقُلْ هُوَ\uFD3F ثُمَّ")),
                        MK_STR("قال \uFD3Eقُلْ هُوَ\uFD3F ثم")));
    ck_assert(mk_str_eq(run(&options, MK_STR("قَالَ \uFD3Fقُلْ\uFD3E ثُمَّ \uFD3Fهُوَ\uFD3E نَعَمْ")),
                        MK_STR("قال \uFD3Fقُلْ\uFD3E ثم \uFD3Fهُوَ\uFD3E نعم")));
    ck_assert(
        mk_str_eq(run(&options, MK_STR("\uFD3Eقُلْ\uFD3F ثُمَّ \uFD3Eهُوَ\uFD3F\n\uFD3Fقُلْ\uFD3E لَا")),
                  MK_STR("\uFD3Eقُلْ\uFD3F ثم \uFD3Eهُوَ\uFD3F\n\uFD3Fقُلْ\uFD3E لا")));
}
END_TEST

START_TEST(shadda_may_stand_before_its_vowel)
{
    mk_norm_options options = {.language = MK_LANGUAGE_AR};

    ck_assert(mk_norm_set(&options, MK_STR("mark-order"), MK_STR("shadda-first")));
    ck_assert(mk_str_eq(run(&options, MK_STR("محم\u064E\u0651د")), MK_STR("محم\u0651\u064Eد")));
    ck_assert(mk_str_eq(run(&options, MK_STR("محم\u0651\u064Eد")), MK_STR("محم\u0651\u064Eد")));
}
END_TEST

/* ---- */

static Suite *suite(void)
{
    Suite *s = suite_create("operations");
    TCase *t = tcase_create("facts");

    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_vector_holds);
    tcase_add_test(t, an_operation_finds_nothing_in_its_own_output);
    tcase_add_test(t, a_form_finds_nothing_in_its_own_output);
    tcase_add_test(t, canonical_equivalents_come_out_the_same_and_in_form_c);
    tcase_add_test(t, search_of_train_is_search);
    tcase_add_test(t, a_line_does_not_see_its_neighbours);
    tcase_add_test(t, every_change_maps_back);
    tcase_add_test(t, clean_text_is_a_fixed_point);
    tcase_add_test(t, what_is_not_arabic_script_stays);
    tcase_add_test(t, nothing_that_nobody_can_see_or_read_is_left);
    tcase_add_test(t, languages_keep_their_letters);
    tcase_add_test(t, a_folded_line_is_that_of_its_search_form);
    tcase_add_test(t, floods_take_linear_time);
    tcase_add_test(t, copy_says_how_much_room_it_needs);
    tcase_add_test(t, text_with_nothing_to_do_is_lent_back);
    tcase_add_test(t, operations_can_be_switched);
    tcase_add_test(t, vowel_signs_may_stay_in_the_quran_alone);
    tcase_add_test(t, shadda_may_stand_before_its_vowel);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
