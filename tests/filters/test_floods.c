/* The time that the chain takes does not grow with the square of a page's lines. */
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "chain/pipeline.h"
#include "support.h"

/* Lines; %d is a number that grows, in those that have one. */
static const char *const floods[][2] = {
    {"شارك"},
    {"المحتويات"},
    {"السعر | 12 | ريال"},
    {"كتب: سامي الحداد"},
    {"سعر الصرف الرسمي ليوم %d هو عشرة دنانير"},
    {"%d - سامي الحداد"},
    {"12:30 الخبر رقم %d من أخبار هذا اليوم"},
    {"#وسم_%d"},
    {"اقرأ أيضا: الخبر رقم %d"},
    {"الفصل %d"},
    {"رد مع اقتباس", "شكرا لك يا أخي %d"},
    {"س: ما هو الجواب؟", "ج: هو هذا الجواب."},
    {"خبر قصير هنا", "قول آخر هنا"},
    {"الخبر رقم %d في القائمة", "الأحد 12 مايو 2019 - 10:30"},
    {"يا نسمة مرت على الوادي صباحا", "هل في الربوع أحبتي أو في البطاحا"},
    {"قال المدير إن العمل رقم %d سيبدأ غدا، وإن الناس ينتظرونه منذ عامين.", "إعلان"},
    {"توقيع سامي", "سامي"},
    {"توقيع %d", "عضو نشيط"},
    {"***", "الرئيسية"},
    {"***", "يا بابَ بيتنا"},
    {"__________________", "رد مع اقتباس"},
    {"1.%d عنوان في الفهرس"},
    {"الرئيسية > الأخبار > %d"},
    {"وزير الزراعة يزور مزارع النحل في الجبل %d", "ختام البطولة"},
    {"افتتاح معرض الزيتون السنوي رقم %d في القرية"},
    {"سامي الحداد", "المشاركات: %d"},
    {"المحتويات", "1 أول 2 ثان 3 ثالث 4 رابع %d"},
    {"[ الرئيسية ] [ من أنا ] [ %d ]"},
    {"قال المدير إن العمل سيبدأ غدا، وإن الناس ينتظرونه منذ عامين.[%d]"},
    {"شارك هذا الخبر", "الأكثر قراءة"},
    {"المحتويات", "- أيار"},
    {"المحتويات", "- باب %d"},
    {"المحتويات", "اضغط هنا لعرض المحتوى"},
};

static double seconds_of(const mk_chain *chain, const char *const lines[2], int n)
{
    mk_arena *arena = mk_arena_new();
    mk_buf text = {.max = MK_BUF_MAX};
    struct timespec from, to;

    ck_assert_ptr_nonnull(arena);
    for (int i = 0; i < n; i++) {
        const char *line = lines[lines[1] ? i % 2 : 0];
        const char *number = strstr(line, "%d");
        mk_buf_put(&text, (mk_str){line, number ? (size_t)(number - line) : strlen(line)});
        if (number) {
            mk_buf_put_number(&text, (uint64_t)i);
            mk_buf_puts(&text, number + 2);
        }
        mk_buf_putc(&text, '\n');
    }
    mk_doc doc = {.raw = mk_buf_str(&text)};
    ck_assert(!text.failed);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    mk_buf_clear(&text);
    mk_arena_free(arena);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Eight times as many lines take about eight times as long, never sixty-four. */
START_TEST(floods_take_linear_time)
{
    const mk_chain_options options = {.profile = "web"};
    mk_chain *chain = NULL;
    mk_error error;

    ck_assert_int_eq(mk_chain_open(&options, &chain, &error), MK_OK);
    const double small = seconds_of(chain, floods[_i], 8000);
    const double large = seconds_of(chain, floods[_i], 64000);
    if (large > 0.5 && large > 30 * small)
        ck_abort_msg("%s: %.3f s, then %.3f s", floods[_i][0], small, large);
    mk_chain_close(chain);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("floods");
    TCase *t = tcase_create("floods");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, floods_take_linear_time, 0, (int)(sizeof(floods) / sizeof(*floods)));
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
