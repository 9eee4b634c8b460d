/* What is said of records, and when. */
#include "run/messages.h"
#include "support.h"

#include <stdio.h>

static char told[1 << 16];
static size_t n_told;

static void tell(void *arg, const char *text)
{
    const size_t used = strlen(told);

    (void)arg;
    snprintf(told + used, sizeof(told) - used, "%s|", text);
    n_told++;
}

static mk_messages m;

static void begin(void)
{
    told[0] = '\0';
    n_told = 0;
    mk_messages_init(&m, tell, NULL);
}

static void end(void)
{
    mk_messages_clear(&m);
}

START_TEST(tells_at_once)
{
    mk_messages_say(&m, "a");
    ck_assert_str_eq(told, "a|");
}
END_TEST

START_TEST(holds_till_the_unit_is_whole)
{
    mk_messages_hold(&m);
    mk_messages_say(&m, "a");
    mk_messages_say(&m, "b");
    ck_assert_str_eq(told, "");
    mk_messages_release(&m);
    mk_messages_say(&m, "c");
    ck_assert_str_eq(told, "a|b|c|");
}
END_TEST

START_TEST(forgets_what_a_damaged_unit_held)
{
    mk_messages_hold(&m);
    mk_messages_say(&m, "a");
    mk_messages_drop(&m);
    mk_messages_say(&m, "b");
    mk_messages_release(&m);
    ck_assert_str_eq(told, "b|");
}
END_TEST

START_TEST(the_next_unit_tells_those_of_the_last)
{
    mk_messages_hold(&m);
    mk_messages_say(&m, "a");
    mk_messages_hold(&m);
    mk_messages_say(&m, "b");
    ck_assert_str_eq(told, "a|");
}
END_TEST

START_TEST(tells_a_hundred_and_counts_the_rest)
{
    for (int i = 0; i < 100; i++)
        mk_messages_say(&m, "x");
    ck_assert_uint_eq(n_told, 101);
    ck_assert_ptr_nonnull(strstr(told, "|x|further bad records are only counted|"));
    mk_messages_say(&m, "Z");
    mk_messages_say(&m, "Z");
    mk_messages_end(&m);
    ck_assert_uint_eq(n_told, 102);
    ck_assert_ptr_nonnull(strstr(told, "|2 more bad records|"));
    ck_assert_ptr_null(strchr(told, 'Z'));
    mk_messages_end(&m);
    ck_assert_uint_eq(n_told, 102);
}
END_TEST

START_TEST(counts_those_that_waited_as_well)
{
    mk_messages_say(&m, "a");
    mk_messages_hold(&m);
    for (int i = 0; i < 1234; i++)
        mk_messages_say(&m, "x");
    mk_messages_drop(&m); /* they never were */
    mk_messages_hold(&m);
    for (int i = 0; i < 234; i++)
        mk_messages_say(&m, "x");
    mk_messages_end(&m);
    ck_assert_uint_eq(n_told, 102);
    ck_assert_ptr_nonnull(strstr(told, "|135 more bad records|"));
}
END_TEST

START_TEST(names_each_input)
{
    const mk_str a = MK_STR("a.jsonl"), b = MK_STR("b.jsonl"), why = MK_STR("no text");
    for (uint64_t i = 1; i <= 103; i++)
        mk_messages_reject(&m, a, i, why);
    mk_messages_reject(&m, b, 7, why);
    ck_assert_ptr_nonnull(strstr(told, "|a.jsonl:100: bad record: no text|further bad records are "
                                       "only counted|a.jsonl: 3 more bad records|b.jsonl:7: bad "
                                       "record: no text|"));
    mk_messages_end(&m);
    ck_assert_uint_eq(n_told, 103);
}
END_TEST

START_TEST(keeps_long_ones_within_its_room)
{
    static char text[4096];
    memset(text, 'x', sizeof(text) - 1);
    mk_messages_hold(&m);
    for (int i = 0; i < 100; i++)
        mk_messages_say(&m, text);
    ck_assert_uint_eq(m.n_held, 64);
    ck_assert_uint_eq(m.n_over, 36);
    mk_messages_drop(&m);
}
END_TEST

START_TEST(needs_no_one_to_tell)
{
    mk_messages_init(&m, NULL, NULL);
    mk_messages_hold(&m);
    mk_messages_say(&m, "a");
    mk_messages_release(&m);
    ck_assert_uint_eq(n_told, 0);
}
END_TEST

static void lacks_text(const char *where, uint64_t number)
{
    mk_messages_reject(&m, mk_str_of(where), number, MK_STR("no member 'text', only 'body'"));
}

/* Ten that come first are enough, or all that there are. */
START_TEST(knows_inputs_that_call_their_text_otherwise)
{
    ck_assert(!mk_messages_no_text(&m, 0));
    for (uint64_t i = 1; i <= 9; i++)
        lacks_text("a", i);
    ck_assert(!mk_messages_no_text(&m, 100));
    ck_assert(mk_messages_no_text(&m, 9));
    for (uint64_t i = 1; i <= 10; i++)
        lacks_text("b", i);
    ck_assert(mk_messages_no_text(&m, 100));
}
END_TEST

START_TEST(knows_that_an_input_has_texts)
{
    for (uint64_t i = 2; i <= 100; i++) /* the first had one */
        lacks_text("a", i);
    mk_messages_reject(&m, MK_STR("b"), 1, MK_STR("not UTF-8 at byte 1"));
    lacks_text("b", 2);
    ck_assert(!mk_messages_no_text(&m, 102));
    ck_assert(!mk_messages_no_text(&m, 101));
}
END_TEST

START_TEST(knows_it_where_nobody_listens)
{
    mk_messages_clear(&m);
    mk_messages_init(&m, NULL, NULL);
    for (uint64_t i = 1; i <= 200; i++)
        lacks_text("a", i);
    mk_messages_end(&m);
    ck_assert(mk_messages_no_text(&m, 1000));
    ck_assert_uint_eq(n_told, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("messages");
    TCase *const t = tcase_create("messages");

    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, tells_at_once);
    tcase_add_test(t, holds_till_the_unit_is_whole);
    tcase_add_test(t, forgets_what_a_damaged_unit_held);
    tcase_add_test(t, the_next_unit_tells_those_of_the_last);
    tcase_add_test(t, tells_a_hundred_and_counts_the_rest);
    tcase_add_test(t, counts_those_that_waited_as_well);
    tcase_add_test(t, names_each_input);
    tcase_add_test(t, keeps_long_ones_within_its_room);
    tcase_add_test(t, needs_no_one_to_tell);
    tcase_add_test(t, knows_inputs_that_call_their_text_otherwise);
    tcase_add_test(t, knows_that_an_input_has_texts);
    tcase_add_test(t, knows_it_where_nobody_listens);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
