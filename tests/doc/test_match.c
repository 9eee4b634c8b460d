#include "doc/match.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

static const mk_rule rules[] = {
    {"first", "share", "a rule"},
    {"second", "related", "another rule"},
    {0},
};

static mk_arena *arena;
static mk_lexicon *lexicons[2];
static size_t n_lexicons;
static mk_matcher *matcher;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    n_lexicons = 0;
    matcher = NULL;
}

static void teardown(void)
{
    mk_matcher_free(matcher);
    for (size_t i = 0; i < n_lexicons; i++)
        mk_lexicon_free(lexicons[i]);
    mk_arena_free(arena);
}

/* A lexicon of this text; its first section is [first]. */
static void add(const char *phrases)
{
    static char texts[2][4096]; /* lent to the lexicons */
    char *const text = texts[n_lexicons];
    snprintf(text, sizeof(*texts), "[first]\n%s\n", phrases);
    ck_assert_int_eq(mk_lexicon_new("test", &lexicons[n_lexicons], &error), MK_OK);
    const mk_err err = mk_lexicon_add(lexicons[n_lexicons++], "test.txt", mk_str_of(text), rules,
                                      &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
}

static mk_line scan(const char *text)
{
    if (!matcher)
        ck_assert_int_eq(mk_matcher_new(lexicons, n_lexicons, &matcher, &error), MK_OK);
    mk_line line = {.text = mk_str_of(text)};
    ck_assert(mk_line_scan(matcher, &line, arena));
    return line;
}

/* True if a phrase's own anchor holds in text. */
static bool hits(const char *text)
{
    const mk_line line = scan(text);
    for (uint32_t i = 0; i < line.n_hits; i++)
        if (!line.hits[i].composite)
            return true;
    return false;
}

/* The row that text is, or NULL. */
static const mk_hit *row(const char *text)
{
    const mk_line line = scan(text);
    for (uint32_t i = 0; i < line.n_hits; i++)
        if (line.hits[i].composite)
            return &line.hits[i];
    return NULL;
}

/* ---- building ---- */

START_TEST(matches_nothing_without_phrases)
{
    ck_assert(!hits("شارك"));
    ck_assert(!hits(""));
}
END_TEST

START_TEST(free_takes_null)
{
    mk_matcher_free(NULL);
}
END_TEST

START_TEST(lexicons_get_their_numbers)
{
    add("= a");
    add("= b");
    scan("");
    ck_assert_uint_eq(lexicons[0]->number, 0);
    ck_assert_uint_eq(lexicons[1]->number, 1);
    ck_assert_uint_eq(scan("b").hits[0].lexicon, 1);
}
END_TEST

START_TEST(scan_sets_what_was_seen)
{
    const mk_line line = scan("Read 12");
    ck_assert_mk_str_eq(line.seen, MK_STR("Read 12"));
    ck_assert_mk_str_eq(line.folded, MK_STR("read 0"));
    ck_assert_uint_eq(line.features.n_words, 2);
    ck_assert_ptr_nonnull(scan("").seen.ptr);
}
END_TEST

START_TEST(scan_is_done_once)
{
    add("= a");
    mk_line line = scan("a");
    const char *const folded = line.folded.ptr;
    ck_assert(mk_line_scan(matcher, &line, arena));
    ck_assert_ptr_eq(line.folded.ptr, folded);
    ck_assert_uint_eq(line.n_hits, 1);
}
END_TEST

START_TEST(scan_is_done_again_when_the_text_has_changed)
{
    add("= a");
    mk_line line = scan("a");
    line.text = MK_STR("b");
    ck_assert(mk_line_scan(matcher, &line, arena));
    ck_assert_mk_str_eq(line.seen, MK_STR("b"));
    ck_assert_mk_str_eq(line.folded, MK_STR("b"));
    ck_assert_uint_eq(line.n_hits, 0);
}
END_TEST

START_TEST(a_hit_says_what_and_where)
{
    add("= x\n[second]\n~ read also\tweak");
    const mk_line line = scan("Read also: 12 books");
    ck_assert_uint_eq(line.n_hits, 1);
    ck_assert_uint_eq(line.hits[0].entry, 1);
    ck_assert_uint_eq(line.hits[0].from, 0);
    ck_assert_uint_eq(line.hits[0].to, 9);
    ck_assert_uint_eq(line.hits[0].cover, 57); /* 8 of 14 letters and numbers */
    ck_assert_int_eq(line.hits[0].strength, MK_WEAK);
    ck_assert(!line.hits[0].composite);
}
END_TEST

/* ---- conditions ---- */

typedef struct check {
    const char *phrases, *line;
    bool hit;
} check;

#define LETTERS_99                                                           \
    "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa " \
    "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa "

static const check checks[] = {
    /* whole */
    {"= شارك الخبر", "شارك الخبر", true},
    {"= شارك الخبر", "  » شارك الخبر! ", true},
    {"= شارك الخبر", "شَـــاركِ الخبر", true},
    {"= شارك الخبر", "شارك، الخبر", true},
    {"= شارك الخبر", "شارك الخبر الآن", false},
    {"= شارك الخبر", "الآن شارك الخبر", false},
    {"= شارك الخبر", "شارك", false},
    {"= شارك الخبر", "شارك الخبرين", false},
    {"= شارك", "مشارك", false},
    {"= شارك", "شاركوا", false},
    {"= شارك", "شارك 12", true},
    {"= شارك", "12 شارك", true},
    {"= شارك", "12 شارك 1,300", true},
    {"= شارك", "شارك12", true},
    {"= شارك", "1 2 شارك", false},
    {"= شارك", "شارك 12:30", false},
    /* waw */
    {"= شارك الخبر", "وشارك الخبر", true},
    {"= شارك الخبر", "و شارك الخبر", false},
    {"= شارك", "وشارك", false},
    {"~ شارك الخبر", "هيا وشارك الخبر", true},
    {"~ شارك الخبر", "هيوشارك الخبر", false},
    {"^ شارك الخبر", "وشارك الخبر معنا", true},
    /* prefix */
    {"^ اقرأ أيضا", "اقرأ أيضا", true},
    {"^ اقرأ أيضا", "اقرأ أيضا عنوان خبر آخر", true},
    {"^ اقرأ أيضا", "3 اقرأ أيضا عنوان", true},
    {"^ اقرأ أيضا", "عنوان اقرأ أيضا", false},
    {"^ اقرأ أيضا", "اقرأ أيضا عنوان خبر آخر.", false},
    {"^ اقرأ أيضا", "اقرأ أيضا: عنوان خبر آخر.", true},
    {"^ اقرأ أيضا", "اقرأ أيضا : عنوان خبر آخر.", true},
    {"^ اقرأ أيضا", "اقرأ أيضا عنوان: خبر آخر.", false},
    {"^ a", "a b b b b b b b b b b b b b b b", true},
    {"^ a", "a b b b b b b b b b b b b b b b b", false},
    {"^ a", "a: b b b b b b b b b b b b b b b b", true},
    {"^ a", "ab c", false},
    {"^ a\tcertain", "a b b b b b b b b b b b b b b b b.", true},
    {"^ a\tcertain", "b a", false},
    /* suffix */
    {"$ رويترز", "صورة المبنى رويترز", true},
    {"$ رويترز", "صورة المبنى (رويترز)", true},
    {"$ رويترز", "صورة المبنى رويترز 2019", true},
    {"$ رويترز", "صورة رويترز للمبنى", false},
    {"$ رويترز", "صورة لرويترز", false},
    /* anywhere */
    {"~ abcd", "x abcd y", true},
    {"~ abcd", "abcd efghi", true},   /* 44 % */
    {"~ abcd", "abcd efghij", false}, /* 40 % */
    {"~ abcd\tcover=40", "abcd efghij", true},
    {"~ abcd\tcover=41", "abcd efghij", false},
    {"~ ab cd", "ab cd ef gh", true}, /* 50 %: spaces do not count */
    {"~ ab cd\tcover=51", "ab cd ef gh", false},
    {"~ abcd", "xabcd", false},
    {"~ abcd", "abcdx", false},
    {"~ a\tcover=1", LETTERS_99 "a", true}, /* 1 of 100 letters */
    {"~ a\tcover=1", LETTERS_99 "a b", false},
    /* signs */
    {"= الكاتب:", "الكاتب:", true},
    {"= الكاتب:", "الكاتب :", true},
    {"= الكاتب:", "الكاتب", false},
    {"= الكاتب:", ":الكاتب", false},
    {"= الكاتب", "الكاتب:", true},
    {"^ الكاتب:", "الكاتب: فلان", true},
    {"^ الكاتب:", "الكاتب فلان:", false},
    {"= البريد *", "البريد *", true},
    {"= البريد *", "البريد:", false},
    {"^ المصدر:", "المصدرُ: وكالات", true},
    {"$ (رويترز", "صورة (رويترز)", true},
    {"$ (رويترز", "صورة رويترز", false},
    {"= (رويترز)", "(رويترز)", true},
    {"= (رويترز)", "رويترز", false},
    {"- [عدل", "تاريخه[عدل]", true},
    {"- [عدل", "تاريخه (عدل)", false},
    /* glued, and inside */
    {"> المصدر:", "انتهى الخبر. المصدر: وكالات", true},
    {"> المصدر:", "قال: «انتهى» - المصدر: وكالات", true},
    {"> المصدر:", "انتهى الخبر المصدر: وكالات", false},
    {"> المصدر:", "انتهى الخبر، المصدر: وكالات", false},
    {"> المصدر:", "انتهى الخبر. المصدر وكالات", false},
    {"> المصدر:", "المصدر: وكالات", false},
    {"- عدل", "تاريخه عدل كله", true},
    {"- عدل", "تاريخه معدل", false},
    /* numbers in a phrase */
    {"= {n} تعليق", "7 تعليق", true},
    {"= {n} تعليق", "١٬٢٣٤ تعليق", true},
    {"= {n} تعليق", "تعليق", false},
    {"= منذ {n} ساعات", "منذ ٣ ساعات", true},
    {"= منذ {n} ساعات", "منذ ساعات", false},
    /* a piece alone */
    {"+ فيسبوك", "فيسبوك", false},
    {"+ فيسبوك", "عن فيسبوك وتويتر", false},
};

START_TEST(anchors_hold_where_they_should)
{
    const check *c = &checks[_i];
    add(c->phrases);
    ck_assert_msg(hits(c->line) == c->hit, "'%s' %s '%s'", c->phrases,
                  c->hit ? "does not match" : "matches", c->line);
}
END_TEST

START_TEST(phrases_within_one_another_are_all_found)
{
    add("~ ab cd ef\n~ cd\tcover=1\n~ cd ef\n~ ab\tcover=1");
    ck_assert_uint_eq(scan("ab cd ef").n_hits, 4);
}
END_TEST

START_TEST(the_same_phrase_twice_is_two_hits)
{
    add("= ab");
    add("= ab");
    const mk_line line = scan("ab");
    ck_assert_uint_eq(line.n_hits, 2);
    ck_assert_uint_eq(line.hits[0].lexicon, 0);
    ck_assert_uint_eq(line.hits[1].lexicon, 1);
}
END_TEST

/* Against a search without an automaton. */
START_TEST(finds_what_a_slow_search_finds)
{
    uint32_t x = 2463534242u;
    char phrases[1024] = "", line[128];
    for (int i = 0; i < 24; i++) {
        char phrase[8];
        size_t len = 0;
        for (unsigned n = 1 + (unsigned)i / 5; n > 0; n--) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            phrase[len++] = "abc"[x % 3];
            if (n > 2 && x % 5 == 0)
                phrase[len++] = ' ';
        }
        phrase[len] = '\0';
        const size_t at = strlen(phrases);
        snprintf(phrases + at, sizeof(phrases) - at, "~ %s\tcover=1\n", phrase);
    }
    add(phrases);
    for (unsigned round = 0; round < 3000; round++) {
        size_t len = 0;
        for (unsigned n = round % 60; n > 0; n--) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            line[len++] = "abc "[x % 4];
        }
        line[len] = '\0';
        const mk_line got = scan(line);
        uint32_t n = 0;
        for (uint32_t to = 1; to <= got.folded.len; to++)
            for (uint32_t from = 0; from < to; from++)
                for (size_t e = 0; e < lexicons[0]->n_entries; e++) {
                    const mk_str part = mk_str_sub(got.folded, from, to);
                    if (!mk_str_eq(part, mk_entry_folded(lexicons[0], &lexicons[0]->entries[e])) ||
                        (from > 0 && got.folded.ptr[from - 1] != ' ') ||
                        (to < got.folded.len && got.folded.ptr[to] != ' '))
                        continue;
                    ck_assert_uint_lt(n, got.n_hits);
                    ck_assert_uint_eq(got.hits[n].entry, e);
                    ck_assert_uint_eq(got.hits[n].from, from);
                    ck_assert_uint_eq(got.hits[n].to, to);
                    n++;
                }
        ck_assert_uint_eq(got.n_hits, n);
        mk_arena_reset(arena);
    }
}
END_TEST

/* ---- rows ---- */

#define NETWORKS "+ فيسبوك\tweak\n+ تويتر\tweak\n+ واتساب\tweak\n= شارك"

static const check rows[] = {
    {NETWORKS, "فيسبوك تويتر", true},
    {NETWORKS, "فيسبوك | تويتر | واتساب", true},
    {NETWORKS, "فيسبوكتويترواتساب", true},
    {NETWORKS, "شارك فيسبوك", true},
    {NETWORKS, "شاركفيسبوك", true},
    {NETWORKS, "شارك شارك", false}, /* speech */
    {NETWORKS, "شارك شارك فيسبوك", true},
    {NETWORKS, "فيسبوك و تويتر", true},
    {NETWORKS, "فيسبوك 12 تويتر 3", true},
    {NETWORKS, "فيسبوك 12", true},
    {NETWORKS, "فيسبوك", false},
    {NETWORKS, "12", false},
    {NETWORKS, "فيسبوك أو تويتر", false},
    {NETWORKS, "عن فيسبوك تويتر", false},
    {NETWORKS, "فيسبوك تويتر يغلقان", false},
    {NETWORKS, "فيسبوكتويترس", false},
    {NETWORKS, "1 2 شارك", true},
    {"+ ad\n+ am", "ad am", true},
    {"+ ad\n+ am", "Adam", false},
    {"+ الكاتب:\n+ التاريخ:", "الكاتب: التاريخ:", true},
    {"+ الكاتب:\n+ التاريخ:", "الكاتب: التاريخ", false},
    {"^ فيسبوك\n$ تويتر\n~ واتساب", "فيسبوك تويتر واتساب", false},
    {"- فيسبوك\n> تويتر", "فيسبوك تويتر", false},
};

START_TEST(knows_rows_of_labels)
{
    const check *c = &rows[_i];
    add(c->phrases);
    ck_assert_msg((row(c->line) != NULL) == c->hit, "'%s' is %s row", c->line, c->hit ? "no" : "a");
}
END_TEST

START_TEST(a_row_covers_the_whole_line)
{
    add(NETWORKS);
    const mk_line line = scan("فيسبوك تويتر");
    const mk_hit *hit = row("فيسبوك تويتر");
    ck_assert_uint_eq(hit->from, 0);
    ck_assert_uint_eq(hit->to, line.folded.len);
    ck_assert_uint_eq(hit->cover, 100);
}
END_TEST

START_TEST(a_row_of_two_weak_labels_is_weak)
{
    add(NETWORKS);
    ck_assert_int_eq(row("فيسبوك تويتر")->strength, MK_WEAK);
}
END_TEST

START_TEST(a_row_of_three_weak_labels_is_strong)
{
    add(NETWORKS);
    ck_assert_int_eq(row("فيسبوك تويتر واتساب")->strength, MK_STRONG);
    ck_assert_int_eq(row("فيسبوكتويترواتساب")->strength, MK_STRONG);
}
END_TEST

START_TEST(a_row_with_a_strong_label_is_strong)
{
    add(NETWORKS);
    ck_assert_int_eq(row("شارك تويتر")->strength, MK_STRONG);
}
END_TEST

START_TEST(a_row_speaks_for_its_strongest_label)
{
    add("+ ab\tweak\n[second]\n+ cd");
    ck_assert_uint_eq(row("ab cd")->entry, 1);
    ck_assert_uint_eq(row("cd ab")->entry, 1);
}
END_TEST

START_TEST(a_row_speaks_first_for_a_label_that_opens_a_list)
{
    add("+ abcdef\n[second]\n+ cd\topens weak");
    ck_assert_uint_eq(row("abcdef cd")->entry, 1);
}
END_TEST

START_TEST(a_row_may_take_labels_of_several_lexicons)
{
    add("+ ab");
    add("+ cd");
    ck_assert_ptr_nonnull(row("ab cd"));
}
END_TEST

START_TEST(a_row_prefers_long_labels)
{
    /* two labels, not three: the row is weak */
    add("+ ab\tweak\n+ cd\tweak\n+ ab cd\tweak\n+ ef\tweak");
    ck_assert_int_eq(row("ab cd ef")->strength, MK_WEAK);
}
END_TEST

START_TEST(a_whole_line_phrase_is_no_row)
{
    add("= ab cd\n+ ab\n+ cd");
    ck_assert_ptr_null(row("ab cd"));
    ck_assert_uint_eq(scan("ab cd").n_hits, 1);
}
END_TEST

/* Words that labels stand for, of all of a line's. */
static void ck_labels(const char *text, unsigned labels, unsigned words)
{
    const mk_line line = scan(text);
    unsigned n, all;
    ck_assert(mk_line_labels(matcher, &line, arena, &n, &all));
    ck_assert_uint_eq(n, labels);
    ck_assert_uint_eq(all, words);
}

START_TEST(words_of_labels_are_counted_wherever_they_stand)
{
    add("= دين\n+ سوق المال\n= سوق المال العربية\n^ بيت\n~ نهر");
    ck_labels("دين وحضارة", 1, 2);
    ck_labels("حضارة ودين", 1, 2);
    ck_labels("أخبار سوق المال", 2, 3);
    ck_labels("في سوق المال العربية 12", 3, 4);
    ck_labels("سوق", 0, 1);
    ck_labels("دينار", 0, 1);   /* a label is a whole word */
    ck_labels("بيت نهر", 0, 2); /* what begins a line or stands anywhere is no label */
    ck_labels("", 0, 0);
}
END_TEST

START_TEST(a_very_long_line_is_no_row)
{
    static char line[6 * 200 + 1];
    add("+ ab\n+ cd");
    for (int i = 0; i < 200; i++)
        memcpy(line + (size_t)i * 6, "ab cd ", 7); /* the last NUL ends it */
    ck_assert_ptr_null(row(line));
    line[6 * 80] = '\0';
    ck_assert_ptr_nonnull(row(line));
}
END_TEST

/* As many finds as words: must not take the square of them. */
START_TEST(a_long_line_of_one_phrase_is_done_at_once)
{
    enum { N = 100000 };
    char *line = malloc(7 * N + 1);
    ck_assert_ptr_nonnull(line);
    for (int i = 0; i < N; i++)
        memcpy(line + (size_t)i * 7, "abcdef ", 8); /* the last NUL ends it */
    add("~ abcdef");
    ck_assert(!hits(line));
    free(line);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

/* More lines than are folded ahead; some are gone, some known already. */
START_TEST(many_lines_are_scanned_as_one_by_one)
{
    static char texts[100][16];
    mk_line lines[100] = {0};
    static const mk_why why = {.step = 0};
    add("= abc\n~ de\n^ line 7");
    scan(""); /* opens */
    for (unsigned i = 0; i < 100; i++) {
        snprintf(texts[i], sizeof(texts[i]),
                 i % 3 == 0   ? "abc"
                 : i % 3 == 1 ? "xy de"
                              : "line %u",
                 i);
        lines[i].text = mk_str_of(texts[i]);
        lines[i].gone = i % 10 == 9 ? &why : NULL;
    }
    ck_assert(mk_line_scan(matcher, &lines[40], arena));
    ck_assert(mk_lines_scan(matcher, lines, 100, arena));
    for (unsigned i = 0; i < 100; i++) {
        const mk_line alone = scan(texts[i]);
        ck_assert_int_eq(mk_line_is_scanned(&lines[i]), i % 10 != 9);
        if (i % 10 == 9)
            continue;
        ck_assert_mk_str_eq(lines[i].folded, alone.folded);
        ck_assert_uint_eq(lines[i].features.n_words, alone.features.n_words);
        ck_assert_uint_eq(lines[i].n_hits, alone.n_hits);
        for (uint32_t h = 0; h < alone.n_hits; h++)
            ck_assert_uint_eq(lines[i].hits[h].entry, alone.hits[h].entry);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("match");
    TCase *const t = tcase_create("match");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, matches_nothing_without_phrases);
    tcase_add_test(t, free_takes_null);
    tcase_add_test(t, lexicons_get_their_numbers);
    tcase_add_test(t, scan_sets_what_was_seen);
    tcase_add_test(t, scan_is_done_once);
    tcase_add_test(t, scan_is_done_again_when_the_text_has_changed);
    tcase_add_test(t, a_hit_says_what_and_where);
    tcase_add_loop_test(t, anchors_hold_where_they_should, 0, ROWS(checks));
    tcase_add_test(t, phrases_within_one_another_are_all_found);
    tcase_add_test(t, the_same_phrase_twice_is_two_hits);
    tcase_add_test(t, finds_what_a_slow_search_finds);
    tcase_add_loop_test(t, knows_rows_of_labels, 0, ROWS(rows));
    tcase_add_test(t, a_row_covers_the_whole_line);
    tcase_add_test(t, a_row_of_two_weak_labels_is_weak);
    tcase_add_test(t, a_row_of_three_weak_labels_is_strong);
    tcase_add_test(t, a_row_with_a_strong_label_is_strong);
    tcase_add_test(t, a_row_speaks_for_its_strongest_label);
    tcase_add_test(t, a_row_speaks_first_for_a_label_that_opens_a_list);
    tcase_add_test(t, a_row_may_take_labels_of_several_lexicons);
    tcase_add_test(t, a_row_prefers_long_labels);
    tcase_add_test(t, a_whole_line_phrase_is_no_row);
    tcase_add_test(t, words_of_labels_are_counted_wherever_they_stand);
    tcase_add_test(t, a_very_long_line_is_no_row);
    tcase_add_test(t, many_lines_are_scanned_as_one_by_one);
    tcase_add_test(t, a_long_line_of_one_phrase_is_done_at_once);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
