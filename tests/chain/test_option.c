#include "chain/option.h"

#include "support.h"

typedef struct config {
    bool flag;
    int64_t number;
    double real;
    int word;
    uint32_t words;
    const void *lexicon;
} config;

enum { FLAG, NUMBER, REAL, WORD, WORDS, LEXICON };

static const mk_option options[] = {
    [FLAG] = {.name = "flag", .type = MK_OPTION_BOOL, .offset = offsetof(config, flag), .def = 1},
    [NUMBER] = {.name = "number",
                .type = MK_OPTION_INT,
                .offset = offsetof(config, number),
                .def = 20,
                .min = -5,
                .max = 100},
    [REAL] = {.name = "share",
              .type = MK_OPTION_REAL,
              .offset = offsetof(config, real),
              .def = 0.25,
              .min = 0,
              .max = 1},
    [WORD] = {.name = "mode",
              .type = MK_OPTION_CHOICE,
              .offset = offsetof(config, word),
              .def = 1,
              .choices = "keep|strip|strip-all"},
    [WORDS] = {.name = "keep",
               .type = MK_OPTION_WORDS,
               .offset = offsetof(config, words),
               .def = 7,
               .choices = "ar|fa|ckb"},
    [LEXICON] = {.name = "phrases",
                 .type = MK_OPTION_LEXICON,
                 .offset = offsetof(config, lexicon),
                 .lexicon = "test"},
    {0},
};
static const mk_filter filter = {.name = "test", .options = options};
static const mk_filter bare = {.name = "bare"};

static config cf;
static mk_error error;

static void setup(void)
{
    cf = (config){0};
    mk_option_defaults(&filter, &cf);
}

static mk_err set(int option, const char *value)
{
    return mk_option_set(&filter, &options[option], mk_str_of(value), &cf, &error);
}

START_TEST(defaults_are_those_of_the_table)
{
    ck_assert(cf.flag);
    ck_assert_int_eq(cf.number, 20);
    ck_assert_double_eq(cf.real, 0.25);
    ck_assert_int_eq(cf.word, 1);
    ck_assert_uint_eq(cf.words, 7);
    ck_assert_ptr_null(cf.lexicon);
}
END_TEST

START_TEST(a_filter_may_have_no_options)
{
    const mk_option *o = NULL;
    mk_option_defaults(&bare, &cf);
    ck_assert_int_eq(mk_option_find(&bare, MK_STR("x"), &o, &error), MK_OPTION);
    ck_assert_str_eq(error.text, "filter 'bare' has no option 'x'");
}
END_TEST

START_TEST(finds_an_option_by_its_name)
{
    const mk_option *o = NULL;
    ck_assert_int_eq(mk_option_find(&filter, MK_STR("mode"), &o, &error), MK_OK);
    ck_assert_ptr_eq(o, &options[WORD]);
}
END_TEST

START_TEST(names_the_nearest_option)
{
    const mk_option *o = NULL;
    ck_assert_int_eq(mk_option_find(&filter, MK_STR("nubmer"), &o, &error), MK_OPTION);
    ck_assert_str_eq(error.text, "filter 'test' has no option 'nubmer' (did you mean 'number'?)");
    ck_assert_ptr_null(o);
}
END_TEST

START_TEST(names_no_option_that_is_far_away)
{
    const mk_option *o = NULL;
    ck_assert_int_eq(mk_option_find(&filter, MK_STR("threshold"), &o, &error), MK_OPTION);
    ck_assert_str_eq(error.text, "filter 'test' has no option 'threshold'");
}
END_TEST

static const struct {
    const char *word;
    bool value;
} bools[] = {{"on", true},   {"true", true},   {"yes", true}, {"1", true},
             {"off", false}, {"false", false}, {"no", false}, {"0", false}};

START_TEST(reads_switches)
{
    cf.flag = !bools[_i].value;
    ck_assert_int_eq(set(FLAG, bools[_i].word), MK_OK);
    ck_assert_int_eq(cf.flag, bools[_i].value);
}
END_TEST

START_TEST(reads_whole_numbers)
{
    ck_assert_int_eq(set(NUMBER, "7"), MK_OK);
    ck_assert_int_eq(cf.number, 7);
    ck_assert_int_eq(set(NUMBER, "-5"), MK_OK);
    ck_assert_int_eq(cf.number, -5);
    ck_assert_int_eq(set(NUMBER, "0100"), MK_OK);
    ck_assert_int_eq(cf.number, 100);
}
END_TEST

START_TEST(reads_fractions)
{
    ck_assert_int_eq(set(REAL, "0.5"), MK_OK);
    ck_assert_double_eq(cf.real, 0.5);
    ck_assert_int_eq(set(REAL, ".125"), MK_OK);
    ck_assert_double_eq(cf.real, 0.125);
    ck_assert_int_eq(set(REAL, "1"), MK_OK);
    ck_assert_double_eq(cf.real, 1);
}
END_TEST

START_TEST(reads_words)
{
    ck_assert_int_eq(set(WORD, "keep"), MK_OK);
    ck_assert_int_eq(cf.word, 0);
    ck_assert_int_eq(set(WORD, "strip-all"), MK_OK);
    ck_assert_int_eq(cf.word, 2);
}
END_TEST

START_TEST(reads_several_words)
{
    ck_assert_int_eq(set(WORDS, "fa"), MK_OK);
    ck_assert_uint_eq(cf.words, 2);
    ck_assert_int_eq(set(WORDS, "ckb,ar"), MK_OK);
    ck_assert_uint_eq(cf.words, 5);
    ck_assert_int_eq(set(WORDS, "all"), MK_OK);
    ck_assert_uint_eq(cf.words, 7);
}
END_TEST

static const struct {
    int option;
    const char *value, *error;
} bad[] = {
    {FLAG, "", "test:flag is on or off, not ''"},
    {FLAG, "On", "test:flag is on or off, not 'On'"},
    {FLAG, "2", "test:flag is on or off, not '2'"},
    {NUMBER, "", "test:number is a number from -5 to 100, not ''"},
    {NUMBER, "-", "test:number is a number from -5 to 100, not '-'"},
    {NUMBER, "101", "test:number is a number from -5 to 100, not '101'"},
    {NUMBER, "-6", "test:number is a number from -5 to 100, not '-6'"},
    {NUMBER, "1.5", "test:number is a number from -5 to 100, not '1.5'"},
    {NUMBER, "1e1", "test:number is a number from -5 to 100, not '1e1'"},
    {NUMBER, " 1", "test:number is a number from -5 to 100, not ' 1'"},
    {NUMBER, "0x1", "test:number is a number from -5 to 100, not '0x1'"},
    {NUMBER, "+1", "test:number is a number from -5 to 100, not '+1'"},
    {NUMBER, "nan", "test:number is a number from -5 to 100, not 'nan'"},
    {NUMBER, "99999999999999999999999999",
     "test:number is a number from -5 to 100, not '99999999999999999999999999'"},
    {NUMBER, "٥", "test:number is a number from -5 to 100, not '٥'"},
    {REAL, "1.1", "test:share is a number from 0 to 1, not '1.1'"},
    {REAL, "0.1.1", "test:share is a number from 0 to 1, not '0.1.1'"},
    {REAL, "0,5", "test:share is a number from 0 to 1, not '0,5'"},
    {REAL, ".", "test:share is a number from 0 to 1, not '.'"},
    {REAL, "inf", "test:share is a number from 0 to 1, not 'inf'"},
    {WORD, "", "test:mode is one of keep|strip|strip-all, not ''"},
    {WORD, "strip-", "test:mode is one of keep|strip|strip-all, not 'strip-'"},
    {WORD, "keep|strip", "test:mode is one of keep|strip|strip-all, not 'keep|strip'"},
    {WORDS, "", "test:keep is all or words of ar|fa|ckb with commas between them, not ''"},
    {WORDS, "ar,", "test:keep is all or words of ar|fa|ckb with commas between them, not 'ar,'"},
    {WORDS, "ar,de",
     "test:keep is all or words of ar|fa|ckb with commas between them, not 'ar,de'"},
    {WORDS, "ar,all",
     "test:keep is all or words of ar|fa|ckb with commas between them, not 'ar,all'"},
};

START_TEST(refuses_a_bad_value_and_leaves_the_old_one)
{
    const config before = cf;
    ck_assert_int_eq(set(bad[_i].option, bad[_i].value), MK_OPTION);
    ck_assert_str_eq(error.text, bad[_i].error);
    ck_assert_int_eq(cf.flag, before.flag);
    ck_assert_int_eq(cf.number, before.number);
    ck_assert_double_eq(cf.real, before.real);
    ck_assert_int_eq(cf.word, before.word);
    ck_assert_uint_eq(cf.words, before.words);
}
END_TEST

START_TEST(refuses_a_number_of_very_many_digits)
{
    static const char zeros[] = "00000000000000000000000000000000000000000000000000000000000000001";
    ck_assert_int_eq(set(NUMBER, zeros), MK_OPTION);
}
END_TEST

static const struct {
    int option;
    const char *value;
} round_trips[] = {
    {FLAG, "on"},          {FLAG, "off"},  {NUMBER, "-5"},  {NUMBER, "0"},       {NUMBER, "100"},
    {REAL, "0.5"},         {REAL, "0"},    {REAL, "1"},     {REAL, "0.1"},       {REAL, "0.00001"},
    {REAL, "0.123456789"}, {WORD, "keep"}, {WORD, "strip"}, {WORD, "strip-all"}, {WORDS, "fa"},
    {WORDS, "ar,ckb"},     {WORDS, "all"},
};

START_TEST(what_put_writes_set_reads)
{
    mk_buf out = {.max = 4096};
    ck_assert_int_eq(set(round_trips[_i].option, round_trips[_i].value), MK_OK);
    const config before = cf;
    mk_option_put(&options[round_trips[_i].option], &cf, &out);
    setup();
    const mk_err err = mk_option_set(&filter, &options[round_trips[_i].option], mk_buf_str(&out),
                                     &cf, &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
    mk_buf_clear(&out);
    ck_assert_int_eq(cf.flag, before.flag);
    ck_assert_int_eq(cf.number, before.number);
    ck_assert_double_eq(cf.real, before.real);
    ck_assert_int_eq(cf.word, before.word);
    ck_assert_uint_eq(cf.words, before.words);
}
END_TEST

START_TEST(put_writes_nothing_for_a_lexicon)
{
    mk_buf out = {.max = 4096};
    mk_option_put(&options[LEXICON], &cf, &out);
    ck_assert_uint_eq(out.len, 0);
    mk_buf_clear(&out);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("option");
    TCase *const t = tcase_create("option");

    tcase_add_checked_fixture(t, setup, NULL);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, defaults_are_those_of_the_table);
    tcase_add_test(t, a_filter_may_have_no_options);
    tcase_add_test(t, finds_an_option_by_its_name);
    tcase_add_test(t, names_the_nearest_option);
    tcase_add_test(t, names_no_option_that_is_far_away);
    tcase_add_loop_test(t, reads_switches, 0, ROWS(bools));
    tcase_add_test(t, reads_whole_numbers);
    tcase_add_test(t, reads_fractions);
    tcase_add_test(t, reads_words);
    tcase_add_test(t, reads_several_words);
    tcase_add_loop_test(t, refuses_a_bad_value_and_leaves_the_old_one, 0, ROWS(bad));
    tcase_add_test(t, refuses_a_number_of_very_many_digits);
    tcase_add_loop_test(t, what_put_writes_set_reads, 0, ROWS(round_trips));
    tcase_add_test(t, put_writes_nothing_for_a_lexicon);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
