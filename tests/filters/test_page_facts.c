/* What filter facts finds, read off the document. */
#include "base/arena.h"
#include "chain/pipeline.h"
#include "support.h"

static const char body[] =
    "\nافتتح رئيس البلدية صباح أمس الحديقة الجديدة وسط حضور كبير من سكان الحي وطلاب المدارس."
    "\nوقال المهندس المشرف على العمل إن الأشجار زُرعت قبل عامين، وإن الري يعتمد على المطر.";

static mk_chain *chain;
static mk_arena *arena;

static void setup(void)
{
    const mk_chain_options options = {.filters = "byline,counters,caption,prose,guards,zones,"
                                                 "verdict,title,facts"};
    mk_error error;
    ck_assert_int_eq(mk_chain_open(&options, &chain, &error), MK_OK);
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_chain_close(chain);
    mk_arena_free(arena);
}

/* A page with head over a body of two paragraphs. */
static mk_doc page(const char *head, const char *tail)
{
    char *text = mk_arena_bytes(arena, strlen(head) + sizeof(body) + strlen(tail));
    strcpy(text, head); /* fits, as the next two do */
    strcat(text, body);
    strcat(text, tail);
    mk_doc doc = {.raw = mk_str_of(text)};
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
    return doc;
}

static const struct {
    const char *head, *date;
} dates[] = {
    {"عنوان الصفحة كما هو\n31 يوليو 2021", "2021-07-31"},
    {"عنوان الصفحة كما هو\nالسبت، 31 يوليو 2021 - 14:05", "2021-07-31"},
    {"عنوان الصفحة كما هو\n٣١ يوليو ٢٠٢١", "2021-07-31"},
    {"عنوان الصفحة كما هو\n5 كانون الثاني 2020", "2020-01-05"},
    {"عنوان الصفحة كما هو\nالجمعة 8 فيفري 2019", "2019-02-08"},
    {"عنوان الصفحة كما هو\nنشر في: 12 غشت 2018", "2018-08-12"},
    {"عنوان الصفحة كما هو\n11 شوال 1441هـ - 03 يونيو 2020م", "2020-06-03"},
    {"عنوان الصفحة كما هو\n2021-07-31 14:05", "2021-07-31"},
    {"عنوان الصفحة كما هو\n03/04/2021", "03/04/2021"},
    {"عنوان الصفحة كما هو\nنشر: 22/4/2010 الساعة .GMT+2 ) 00:54 a.m ) \t|", "2010-04-22"},
    {"عنوان الصفحة كما هو\nنشر في: 4/22/2010 - 10:30", "2010-04-22"},
    {"عنوان الصفحة كما هو\nنشر في: 5.5.2010", "2010-05-05"},
    {"عنوان الصفحة كما هو\nنشر في: ٢٢ / ٤ / ٢٠١٠", "2010-04-22"},
    {"عنوان الصفحة كما هو\nنشر في: 3 - 4 - 2010 الساعة 10:30", "3 - 4 - 2010"},
    {"عنوان الصفحة كما هو\nنشر في: ٠٣/٠٤/٢٠٢١ 10:30", "٠٣/٠٤/٢٠٢١"},
    {"عنوان الصفحة كما هو\nنشر في: 22/14/2010 10:30", ""},
    {"عنوان الصفحة كما هو\nنشر في: 10:30 2010", ""},
    {"عنوان الصفحة كما هو\n02 : 00", ""},
    {"عنوان الصفحة كما هو", ""},
};

START_TEST(reads_the_date_of_the_head)
{
    const mk_doc doc = page(dates[_i].head, "");
    ck_assert_mk_str_eq(doc.date, mk_str_of(dates[_i].date));
}
END_TEST

START_TEST(leaves_dates_of_pictures_and_of_the_tail_alone)
{
    const mk_doc doc = page("عنوان الصفحة كما هو", "\n31 يوليو 2021");
    ck_assert_mk_str_eq(doc.date, MK_STR(""));
}
END_TEST

START_TEST(takes_the_first_line_for_the_title)
{
    const mk_doc doc = page("عنوان الصفحة كما هو\n31 يوليو 2021", "");
    ck_assert_mk_str_eq(doc.title, MK_STR("عنوان الصفحة كما هو"));
    ck_assert_int_eq(doc.lines[0].label, MK_LABEL_TITLE);
}
END_TEST

START_TEST(takes_the_title_and_not_the_standfirst_under_it)
{
    const mk_doc doc = page("حديقة جديدة تفتح أبوابها وسط الحي\n"
                            "مهندس وأشجار زرعت قبل عامين وري بالمياه في حديقة الحي\n"
                            "31 يوليو 2021",
                            "");
    ck_assert_mk_str_eq(doc.title, MK_STR("حديقة جديدة تفتح أبوابها وسط الحي"));
}
END_TEST

START_TEST(takes_no_sentence_and_no_single_word_for_the_title)
{
    ck_assert_mk_str_eq(page("جملة لها نقطة في آخرها.", "").title, MK_STR(""));
    ck_assert_mk_str_eq(page("كلمة", "").title, MK_STR(""));
}
END_TEST

START_TEST(lets_the_record_speak_first)
{
    mk_doc doc = {.raw = MK_STR("عنوان الصفحة كما هو\n31 يوليو 2021\n"
                                "افتتح رئيس البلدية صباح أمس الحديقة الجديدة وسط حضور كبير من سكان "
                                "الحي وطلاب المدارس."),
                  .title = MK_STR("غيره"),
                  .date = MK_STR("أمس")};
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
    ck_assert_mk_str_eq(doc.title, MK_STR("غيره"));
    ck_assert_mk_str_eq(doc.date, MK_STR("أمس"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("page_facts");
    TCase *const t = tcase_create("facts");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_the_date_of_the_head, 0, (int)(sizeof(dates) / sizeof(*dates)));
    tcase_add_test(t, leaves_dates_of_pictures_and_of_the_tail_alone);
    tcase_add_test(t, takes_the_first_line_for_the_title);
    tcase_add_test(t, takes_the_title_and_not_the_standfirst_under_it);
    tcase_add_test(t, takes_no_sentence_and_no_single_word_for_the_title);
    tcase_add_test(t, lets_the_record_speak_first);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
