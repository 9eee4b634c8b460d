#include "release/report_count.h"

#include <stdio.h>

#include "support.h"

static mk_report_count count;
static mk_arena *scratch;
static mk_error error;

static void setup(void)
{
    scratch = mk_arena_new();
    ck_assert_int_eq(mk_report_count_open(1, 2, &count, &error), MK_OK);
}

static void teardown(void)
{
    mk_report_count_clear(&count);
    mk_arena_free(scratch);
}

#define WHY(filter, rule) \
    "\"why\":[{\"filter\":\"" filter "\",\"rule\":\"" rule "\",\"evidence\":\"e\"}]"

/* A page of three lines of which the second is gone. */
static mk_pair page(const char *id)
{
    return (mk_pair){
        .ledger = {.id = mk_str_of(id),
                   .verdict = MK_WRITTEN,
                   .edits = MK_STR("[{\"at\":4,\"len\":0,\"src\":4,\"was\":\"share\\n\"," WHY(
                       "share", "button") "}]")},
        .doc = {.raw = MK_STR("one\ntwo"), .url = MK_STR("https://www.Waha.example/1")},
        .read = MK_STR("one\nshare\ntwo"),
    };
}

static void add(mk_pair pair)
{
    const mk_err err = mk_report_count_add(&count, &pair, scratch, &error);
    ck_assert_msg(err == MK_OK, "%s", error.text);
    mk_arena_reset(scratch);
}

START_TEST(bins_go_by_one_two_five)
{
    const uint64_t least[] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
    for (size_t i = 0; i < sizeof(least) / sizeof(*least); i++) {
        ck_assert_uint_eq(mk_report_bin_least(i), least[i]);
        ck_assert_uint_eq(mk_report_bin(least[i]), i);
        if (i > 0)
            ck_assert_uint_eq(mk_report_bin(least[i] - 1), i - 1);
    }
    ck_assert_uint_eq(mk_report_bin(UINT64_MAX), MK_REPORT_BINS - 1);
}
END_TEST

START_TEST(letters_in_are_letters_out_and_those_of_rules)
{
    add(page("a"));
    ck_assert_uint_eq(count.letters_in, 11);
    ck_assert_uint_eq(count.letters_out, 6);
    ck_assert_uint_eq(count.rule_names.n, 1);
    const mk_report_rule *rule = &count.rules[0];
    ck_assert_int_eq(rule->letters, 5);
    ck_assert_uint_eq(rule->lines, 1);
    ck_assert_uint_eq(rule->changes, 0);
    ck_assert_uint_eq(rule->docs, 1);
    ck_assert(mk_str_eq(rule->filter, MK_STR("share")));
    ck_assert(mk_str_eq(rule->rule, MK_STR("button")));
    ck_assert(mk_str_eq(count.sites[0].name, MK_STR("waha.example")));
}
END_TEST

START_TEST(a_change_inside_a_line_is_no_line)
{
    mk_pair pair = page("a");
    pair.read = MK_STR("one XY two");
    pair.doc.raw = MK_STR("one Z two");
    pair.ledger.edits = MK_STR(
        "[{\"at\":4,\"len\":1,\"src\":4,\"was\":\"XY\"," WHY("normalize", "letters") "}]");
    add(pair);
    const mk_report_rule *rule = &count.rules[0];
    ck_assert_uint_eq(rule->lines, 0);
    ck_assert_uint_eq(rule->changes, 1);
    ck_assert_int_eq(rule->letters, 1);
    const mk_report_sample *s = &rule->samples.items[0];
    ck_assert_uint_eq(s->n_pieces, 5);
    ck_assert_int_eq(s->pieces[1].part, MK_REPORT_SAMPLE);
    ck_assert(mk_str_eq(s->pieces[1].text, MK_STR("XY")));
    ck_assert_int_eq(s->pieces[2].part, MK_REPORT_NOW);
    ck_assert(mk_str_eq(s->pieces[2].text, MK_STR("Z")));
}
END_TEST

START_TEST(a_sample_has_the_lines_around_it)
{
    add(page("a"));
    const mk_report_sample *s = &count.rules[0].samples.items[0];
    ck_assert(mk_str_eq(s->id, MK_STR("a")));
    ck_assert(mk_str_eq(s->evidence, MK_STR("e")));
    ck_assert_uint_eq(s->n_pieces, 6);
    ck_assert_int_eq(s->pieces[0].part, MK_REPORT_KEPT);
    ck_assert(mk_str_eq(s->pieces[0].text, MK_STR("one")));
    ck_assert_int_eq(s->pieces[2].part, MK_REPORT_SAMPLE);
    ck_assert(mk_str_eq(s->pieces[2].text, MK_STR("share")));
    ck_assert(mk_str_eq(s->pieces[4].text, MK_STR("two")));
}
END_TEST

/* A page whose lines a..j went, all but those of the second rule by the first. */
static mk_pair cleared(void)
{
    return (mk_pair){
        .ledger =
            {.id = MK_STR("p"),
             .verdict = MK_WRITTEN,
             .edits = MK_STR(
                 "[{\"at\":4,\"len\":0,\"src\":4,\"was\":\"a\\nb\\nc\\nd\\n\"," WHY("nav", "menu") "},{\"at\":4,\"len\":0,\"src\":12,\"was\":\"e\\n\"," WHY(
                     "share",
                     "button") "},{\"at\":4,\"len\":0,\"src\":14,\"was\":\"f\\n\"," WHY("nav",
                                                                                        "menu") "}]")},
        .doc = {.raw = MK_STR("one\ntwo")},
        .read = MK_STR("one\na\nb\nc\nd\ne\nf\ntwo"),
    };
}

/* What a sample shows, a line a line: K kept, G gone, S the same rule, # a gap. */
static void shown(const mk_report_sample *s, char *out)
{
    static const char signs[] = {
        [MK_REPORT_KEPT] = 'K', [MK_REPORT_GONE] = 'G',  [MK_REPORT_SAMPLE] = 'S',
        [MK_REPORT_NOW] = 'N',  [MK_REPORT_BREAK] = ' ', [MK_REPORT_GAP] = '#'};
    for (size_t i = 0; i < s->n_pieces; i++) {
        *out++ = signs[s->pieces[i].part];
        memcpy(out, s->pieces[i].text.ptr, s->pieces[i].text.len);
        out += s->pieces[i].text.len;
    }
    *out = '\0';
}

START_TEST(a_sample_reaches_to_the_kept_lines)
{
    char text[256];
    add(cleared());
    ck_assert(mk_str_eq(count.rules[1].filter, MK_STR("share")));
    shown(&count.rules[1].samples.items[0], text);
    ck_assert_str_eq(text, "Kone #1Gb Gc Gd Se Gf Ktwo ");
}
END_TEST

START_TEST(a_document_has_one_sample_of_a_rule)
{
    add(cleared());
    ck_assert_uint_eq(count.rules[0].lines, 2);
    ck_assert_uint_eq(count.rules[0].samples.n, 1);
    add(cleared());
    ck_assert_uint_eq(count.rules[0].samples.n, 2);
}
END_TEST

START_TEST(reviews_are_counted_by_rule)
{
    mk_pair pair = page("a");
    pair.ledger.review = true;
    pair.ledger.reviews = MK_STR("[{\"filter\":\"repair\",\"rule\":\"bidi\",\"evidence\":\"x\"},"
                                 "{\"filter\":\"repair\",\"rule\":\"bidi\",\"evidence\":\"y\"},"
                                 "{\"filter\":\"rails\",\"rule\":\"prose\",\"evidence\":\"z\"}]");
    add(pair);
    ck_assert_uint_eq(count.review, 1);
    ck_assert(mk_str_eq(count.rules[0].rule, MK_STR("bidi")));
    ck_assert_uint_eq(count.rules[0].reviews, 1);
    ck_assert_uint_eq(count.rules[1].reviews, 1);
    ck_assert(mk_str_eq(count.rules[0].for_review.items[0].evidence, MK_STR("x")));
    ck_assert(mk_str_eq(count.rules[0].for_review.items[0].id, MK_STR("a")));
    pair.ledger.verdict = MK_DUPLICATE;
    add(pair);
    ck_assert_uint_eq(count.review, 1);
    ck_assert_uint_eq(count.rules[0].reviews, 1);
}
END_TEST

START_TEST(characters_without_a_glyph_are_named)
{
    mk_pair pair = page("a");
    pair.read = MK_STR("one\u200ftwo");
    pair.doc.raw = MK_STR("onetwo");
    pair.ledger.edits = MK_STR(
        "[{\"at\":3,\"len\":0,\"src\":3,\"was\":\"\u200f\"," WHY("normalize", "bidi") "}]");
    add(pair);
    ck_assert(mk_str_eq(count.rules[0].samples.items[0].pieces[1].text, MK_STR("U+200F")));
}
END_TEST

/* The ids of the samples that are left of n pages, in the order given. */
static void sample_ids(const char *const *ids, size_t n, char out[64])
{
    mk_report_count_clear(&count);
    ck_assert_int_eq(mk_report_count_open(1, 2, &count, &error), MK_OK);
    for (size_t i = 0; i < n; i++)
        add(page(ids[i]));
    ck_assert_uint_eq(count.rules[0].samples.n, 2);
    snprintf(out, 64, "%.*s %.*s", (int)count.rules[0].samples.items[0].id.len,
             count.rules[0].samples.items[0].id.ptr, (int)count.rules[0].samples.items[1].id.len,
             count.rules[0].samples.items[1].id.ptr);
}

START_TEST(samples_do_not_depend_on_the_order_of_the_records)
{
    const char *const there[] = {"a", "b", "c", "d", "e", "f", "g"};
    const char *const back[] = {"g", "f", "e", "d", "c", "b", "a"};
    char first[64], second[64];
    sample_ids(there, 7, first);
    sample_ids(back, 7, second);
    ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(reasons_are_counted_up_to_a_bound)
{
    char reason[32];
    for (int i = 0; i < 2 * MK_REPORT_MAX_REASONS; i++) {
        snprintf(reason, sizeof(reason), "wrong at byte %d", i);
        add((mk_pair){.ledger = {.verdict = MK_REJECTED, .reason = mk_str_of(reason)}});
    }
    ck_assert_uint_eq(count.verdicts[MK_REJECTED], 2 * MK_REPORT_MAX_REASONS);
    ck_assert_uint_eq(count.reason_names.n, MK_REPORT_MAX_REASONS + 1);
    ck_assert_uint_eq(count.reasons[MK_REPORT_MAX_REASONS].records, MK_REPORT_MAX_REASONS);
}
END_TEST

START_TEST(an_edit_without_a_rule_is_refused)
{
    mk_pair pair = page("a");
    pair.ledger.edits = MK_STR("[{\"at\":4,\"len\":0,\"src\":4,\"was\":\"share\\n\"}]");
    ck_assert_int_eq(mk_report_count_add(&count, &pair, scratch, &error), MK_MISMATCH);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("report_count");
    TCase *const t = tcase_create("report_count");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, bins_go_by_one_two_five);
    tcase_add_test(t, letters_in_are_letters_out_and_those_of_rules);
    tcase_add_test(t, a_change_inside_a_line_is_no_line);
    tcase_add_test(t, a_sample_has_the_lines_around_it);
    tcase_add_test(t, a_sample_reaches_to_the_kept_lines);
    tcase_add_test(t, a_document_has_one_sample_of_a_rule);
    tcase_add_test(t, reviews_are_counted_by_rule);
    tcase_add_test(t, characters_without_a_glyph_are_named);
    tcase_add_test(t, samples_do_not_depend_on_the_order_of_the_records);
    tcase_add_test(t, reasons_are_counted_up_to_a_bound);
    tcase_add_test(t, an_edit_without_a_rule_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
