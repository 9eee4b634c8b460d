/* Every figure by hand. Words are of one letter repeated, so that sizes can be
 * counted by eye. */
#include <stdio.h>

#include "measure/score.h"
#include "support.h"

enum { MAX_LINES = 16 };

static mk_arena *arena;
static mk_score score;
static mk_line_score lines[MAX_LINES];

static void setup(void)
{
    arena = mk_arena_new();
}

static void teardown(void)
{
    mk_arena_free(arena);
}

/* lines: the array of a labelled page. */
static void run(const char *labelled, const char *output)
{
    char json[4096];
    mk_labelled page;
    mk_doc doc = {.seq = 0};
    mk_error error = {.text = ""};
    const int n = snprintf(json, sizeof(json), "{\"lines\":[%s]}", labelled);
    ck_assert(n > 0 && (size_t)n < sizeof(json));
    const mk_str bytes = mk_arena_str(arena, (mk_str){json, (size_t)n});
    ck_assert_msg(mk_labelled_parse(bytes, arena, &page, &doc, &error) == MK_OK, "%s", error.text);
    ck_assert_uint_le(page.n, MAX_LINES);
    for (size_t i = 0; i < MAX_LINES; i++)
        lines[i] = (mk_line_score){0};
    ck_assert_int_eq(mk_score_page(&page, mk_str_of(output), arena, lines, &score, &error), MK_OK);
}

#define K(text) "{\"t\":\"" text "\",\"l\":\"K\"}"
#define D(text) "{\"t\":\"" text "\",\"l\":\"D\"}"
#define E(text) "{\"t\":\"" text "\",\"l\":\"E\"}"
#define PART(text, keep) "{\"t\":\"" text "\",\"l\":\"K\",\"keep\":\"" keep "\"}"

static void check(mk_figure figure, double want)
{
    ck_assert_double_eq_tol(mk_score_figure(&score, figure), want, 1e-12);
}

START_TEST(content_is_the_share_that_is_kept)
{
    run(K("aaaa") "," K("bb"), "aaaa");
    check(MK_FIGURE_CONTENT, 4.0 / 6);
}
END_TEST

START_TEST(content_of_nothing_is_whole)
{
    run(D("aa"), "aa");
    check(MK_FIGURE_CONTENT, 1);
}
END_TEST

START_TEST(junk_is_the_share_that_is_gone)
{
    run(K("aaaa") "," D("bbb") "," D("c"), "aaaa\nc");
    check(MK_FIGURE_JUNK, 3.0 / 4);
}
END_TEST

START_TEST(junk_of_nothing_is_gone)
{
    run(K("aa"), "");
    check(MK_FIGURE_JUNK, 1);
}
END_TEST

START_TEST(purity_is_the_share_of_content_in_what_is_left)
{
    run(K("aaaa") "," D("bb"), "aaaa\nbb\ncc");
    check(MK_FIGURE_PURITY, 4.0 / (4 + 2 + 2));
    ck_assert_uint_eq(score.novel, 2);
}
END_TEST

START_TEST(f1_is_the_harmonic_mean)
{
    run(K("aaaa") "," K("bbbb"), "aaaa");
    check(MK_FIGURE_F1, 2 * 0.5 * 1 / 1.5);
}
END_TEST

START_TEST(f1_of_nothing_kept_is_none)
{
    run(K("aa") "," D("bb"), "bb");
    check(MK_FIGURE_F1, 0);
}
END_TEST

#define A100 \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A99 \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

START_TEST(perfect_may_lack_a_two_hundredth_and_no_more)
{
    run(K(A100 A99) "," K("b") "," D("c"), A100 A99);
    check(MK_FIGURE_PERFECT, 1);
    run(K(A99 A99) "," K("b") "," D("c"), A99 A99);
    check(MK_FIGURE_PERFECT, 0);
}
END_TEST

START_TEST(perfect_has_no_junk)
{
    run(K("aaaa") "," D("b"), "aaaa\nb");
    check(MK_FIGURE_PERFECT, 0);
}
END_TEST

START_TEST(harm_begins_below_four_fifths)
{
    run(K("aaaa") "," K("b"), "aaaa");
    check(MK_FIGURE_HARM, 0);
    run(K("aaa") "," K("b"), "aaa");
    check(MK_FIGURE_HARM, 1);
}
END_TEST

START_TEST(cost_counts_lost_content_five_times)
{
    run(K("aaaaaaaa") "," K("bb") "," D("ccccc") "," D("d"), "aaaaaaaa\nccccc");
    ck_assert_uint_eq(mk_score_loss(&score), 5 * 2 + 5);
    check(MK_FIGURE_COST, 1000.0 * 15 / 10);
}
END_TEST

START_TEST(cost_without_content_is_per_character)
{
    run(D("aaa"), "aaa");
    check(MK_FIGURE_COST, 3000);
}
END_TEST

START_TEST(either_counts_in_no_figure)
{
    run(K("aa") "," E("bbb") "," E("c"), "aa\nbbb");
    ck_assert_uint_eq(score.either, 4);
    ck_assert_uint_eq(score.either_kept, 3);
    check(MK_FIGURE_PURITY, 1);
    check(MK_FIGURE_PERFECT, 1);
}
END_TEST

START_TEST(a_page_that_is_gone_lost_all)
{
    run(K("aa") "," D("b"), "");
    check(MK_FIGURE_CONTENT, 0);
    check(MK_FIGURE_JUNK, 1);
    check(MK_FIGURE_HARM, 1);
}
END_TEST

START_TEST(one_copy_of_a_repeated_line_counts_as_its_content)
{
    run(D("aa bb") "," K("aa bb"), "aa bb");
    check(MK_FIGURE_PERFECT, 1);
    ck_assert_uint_eq(lines[1].content_kept, 4);
    ck_assert_uint_eq(lines[0].junk_kept, 0);
}
END_TEST

START_TEST(two_copies_of_a_repeated_line_count_as_junk_too)
{
    run(D("aa bb") "," K("aa bb"), "aa bb\naa bb");
    ck_assert_uint_eq(score.junk_kept, 4);
}
END_TEST

START_TEST(either_copy_is_taken_before_junk)
{
    run(D("aa") "," E("aa"), "aa");
    ck_assert_uint_eq(score.either_kept, 2);
    ck_assert_uint_eq(score.junk_kept, 0);
}
END_TEST

START_TEST(a_part_that_must_stay_is_content_and_the_rest_junk)
{
    run(PART("aaa bb cccc", "aaa bb"), "aaa bb");
    ck_assert_uint_eq(score.content, 5);
    ck_assert_uint_eq(score.junk, 4);
    check(MK_FIGURE_PERFECT, 1);
}
END_TEST

START_TEST(a_part_is_left_with_its_rest)
{
    run(PART("aaa bb cccc", "aaa bb"), "aaa bb cccc");
    check(MK_FIGURE_CONTENT, 1);
    check(MK_FIGURE_JUNK, 0);
}
END_TEST

START_TEST(a_part_may_be_in_pieces)
{
    run(PART("aaa bb cccc", "aaa cccc"), "aaa\ncccc");
    ck_assert_uint_eq(score.content, 7);
    check(MK_FIGURE_PERFECT, 1);
}
END_TEST

START_TEST(words_cut_out_of_a_line_are_lost)
{
    run(K("aa bb cc dd"), "aa bb dd");
    check(MK_FIGURE_CONTENT, 6.0 / 8);
    ck_assert_uint_eq(score.novel, 0);
}
END_TEST

START_TEST(lines_that_were_joined_are_found)
{
    run(K("aa bb") "," D("x") "," K("cc dd"), "aa bb cc dd");
    check(MK_FIGURE_PERFECT, 1);
}
END_TEST

START_TEST(spelling_and_signs_are_no_difference)
{
    run("{\"t\":\"قالَ أحمد: «نعم»\",\"l\":\"K\"}", "قال احمد نعم!");
    check(MK_FIGURE_CONTENT, 1);
    ck_assert_uint_eq(score.novel, 0);
}
END_TEST

START_TEST(sizes_count_characters_not_bytes)
{
    run("{\"t\":\"قال نعم\",\"l\":\"K\"}", "قال");
    ck_assert_uint_eq(score.content, 6);
    ck_assert_uint_eq(score.content_kept, 3);
}
END_TEST

START_TEST(lines_without_words_weigh_nothing)
{
    run(K("aa") "," D("***") "," D(""), "aa\n***\n");
    check(MK_FIGURE_PERFECT, 1);
    check(MK_FIGURE_PURITY, 1);
}
END_TEST

START_TEST(scores_add_up)
{
    mk_score sum = {0};
    run(K("aa") "," D("b"), "");
    mk_score_add(&sum, &score);
    run(K("cccccc") "," D("ddd"), "cccccc\nddd");
    mk_score_add(&sum, &score);
    score = sum;
    ck_assert_uint_eq(sum.n_pages, 2);
    check(MK_FIGURE_CONTENT, 6.0 / 8);
    check(MK_FIGURE_JUNK, 1.0 / 4);
    check(MK_FIGURE_HARM, 1.0 / 2);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("score");
    TCase *c = tcase_create("score");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, content_is_the_share_that_is_kept);
    tcase_add_test(c, content_of_nothing_is_whole);
    tcase_add_test(c, junk_is_the_share_that_is_gone);
    tcase_add_test(c, junk_of_nothing_is_gone);
    tcase_add_test(c, purity_is_the_share_of_content_in_what_is_left);
    tcase_add_test(c, f1_is_the_harmonic_mean);
    tcase_add_test(c, f1_of_nothing_kept_is_none);
    tcase_add_test(c, perfect_may_lack_a_two_hundredth_and_no_more);
    tcase_add_test(c, perfect_has_no_junk);
    tcase_add_test(c, harm_begins_below_four_fifths);
    tcase_add_test(c, cost_counts_lost_content_five_times);
    tcase_add_test(c, cost_without_content_is_per_character);
    tcase_add_test(c, either_counts_in_no_figure);
    tcase_add_test(c, a_page_that_is_gone_lost_all);
    tcase_add_test(c, one_copy_of_a_repeated_line_counts_as_its_content);
    tcase_add_test(c, two_copies_of_a_repeated_line_count_as_junk_too);
    tcase_add_test(c, either_copy_is_taken_before_junk);
    tcase_add_test(c, a_part_that_must_stay_is_content_and_the_rest_junk);
    tcase_add_test(c, a_part_is_left_with_its_rest);
    tcase_add_test(c, a_part_may_be_in_pieces);
    tcase_add_test(c, words_cut_out_of_a_line_are_lost);
    tcase_add_test(c, lines_that_were_joined_are_found);
    tcase_add_test(c, spelling_and_signs_are_no_difference);
    tcase_add_test(c, sizes_count_characters_not_bytes);
    tcase_add_test(c, lines_without_words_weigh_nothing);
    tcase_add_test(c, scores_add_up);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
