/* test_need.c: each public call with options that lack what it needs. */
#include "base/need.h"
#include "minkhal/release.h"
#include "minkhal/report.h"
#include "support.h"

static const char *const one[] = {"x.jsonl"};
static const char *const bad[] = {"x.jsonl", NULL};
static mk_chain *chain;
static mk_error error;

/* The call refused its options, and named the member. */
#define LACKS(member, call)                                                               \
    do {                                                                                  \
        error = (mk_error){.code = MK_OK};                                                \
        ck_assert_int_eq((call), MK_OPTION);                                              \
        ck_assert_int_eq(error.code, MK_OPTION);                                          \
        ck_assert_str_eq(error.text, "no value for '" member "', which is needed");       \
        ck_assert_int_eq((call), MK_OPTION); /* and again, of what the first left over */ \
    } while (0)

static void setup(void)
{
    ck_assert_int_eq(mk_chain_open(&(mk_chain_options){.filters = "normalize"}, &chain, &error),
                     MK_OK);
}

static void teardown(void)
{
    mk_chain_close(chain);
}

static bool show_doc(void *arg, const mk_doc *doc)
{
    (void)arg;
    return doc != NULL;
}

static bool show_line(void *arg, mk_str line)
{
    (void)arg;
    return line.len > 0;
}

START_TEST(names_what_is_missing)
{
    const char *const empty[] = {"a", ""};
    const mk_need needs[] = {{"given", one, 1}, {"list", empty, 2}};

    ck_assert_int_eq(mk_need_all(needs, 1, &error), MK_OK);
    LACKS("list", mk_need_all(needs, 2, &error));
    LACKS("none", mk_need_all((mk_need[]){{"none", one, 0}}, 1, &error));
    ck_assert_int_eq(mk_need_all(needs, 2, NULL), MK_OPTION);
}
END_TEST

START_TEST(runs_need_inputs_and_outputs)
{
    mk_summary summary;
    mk_mine_summary mined;
    mk_sweep sweep;
    mk_verified verified;
    uint64_t n;
    mk_clean_options o = {0};
    mk_mine_options m = {0};
    mk_restore_options r = {0};

    LACKS("inputs", mk_clean(chain, &o, &summary, &error));
    LACKS("inputs", mk_cat(&o, show_doc, NULL, &summary, &error));
    LACKS("inputs", mk_explain(chain, &o, show_doc, NULL, &error));
    LACKS("inputs", mk_mine(&m, &mined, &error));
    LACKS("inputs", mk_sweep_run(chain, &(mk_sweep_options){0}, &sweep, &error));
    o.inputs = m.inputs = bad;
    o.n_inputs = m.n_inputs = 2;
    LACKS("inputs", mk_clean(chain, &o, &summary, &error));
    o.n_inputs = m.n_inputs = 1;
    LACKS("output", mk_clean(chain, &o, &summary, &error));
    LACKS("output", mk_mine(&m, &mined, &error));
    o.output = "";
    LACKS("output", mk_clean(chain, &o, &summary, &error));
    LACKS("cleaned", mk_restore(&r, &n, &error));
    r.cleaned = "x.jsonl";
    LACKS("output", mk_restore(&r, &n, &error));
    LACKS("path", mk_verify_run(NULL, &(mk_verify_run_options){0}, &verified, &error));
    LACKS("path", mk_verify_file("", &(mk_verify_run_options){0}, &verified, &error));
}
END_TEST

START_TEST(reports_need_their_paths)
{
    mk_stats stats;
    mk_diff diff;
    mk_audit audit;
    mk_audit_report report;
    uint64_t n;
    mk_diff_options d = {0};
    mk_attributes_options a = {0};
    mk_report_options r = {0};

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(mk_stats_run(&(mk_stats_options){0}, &stats, &error), MK_OPTION);
        ck_assert_str_eq(error.text, "no value for 'inputs', which is needed");
        mk_stats_clear(&stats);
    }
    LACKS("old_path", mk_diff_run(&d, &diff, &error));
    d.old_path = "x.jsonl";
    LACKS("new_path", mk_diff_run(&d, &diff, &error));
    LACKS("inputs", mk_audit_draw(&(mk_audit_options){0}, &audit, &error));
    LACKS("path", mk_audit_read(NULL, &report, &error));
    LACKS("cleaned", mk_attributes(&a, &n, &error));
    a.cleaned = "x.jsonl";
    LACKS("ledger", mk_attributes(&a, &n, &error));
    a.ledger = "l.jsonl";
    LACKS("output", mk_attributes(&a, &n, &error));
    LACKS("cleaned", mk_report(&r, &n, &error));
    r.cleaned = "x.jsonl";
    LACKS("output", mk_report(&r, &n, &error));
}
END_TEST

START_TEST(releases_need_their_paths)
{
    mk_release_summary summary;
    uint64_t n;
    mk_pack_options p = {0};
    mk_get_options g = {0};
    mk_takedown_options t = {0};

    LACKS("inputs", mk_pack(&p, &summary, &error));
    p.inputs = one;
    p.n_inputs = 1;
    LACKS("output", mk_pack(&p, &summary, &error));
    LACKS("release", mk_verify_release(&(mk_verify_options){0}, &summary, &error));
    LACKS("release", mk_get(&g, &n, &error));
    g.release = "r";
    LACKS("show", mk_get(&g, &n, &error));
    g.show = show_line;
    g.release = "";
    LACKS("release", mk_get(&g, &n, &error));
    LACKS("release", mk_takedown(&t, &summary, &error));
    t.release = "r";
    LACKS("output", mk_takedown(&t, &summary, &error));
    t.output = "s";
    LACKS("reason", mk_takedown(&t, &summary, &error));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("need");
    TCase *const t = tcase_create("need");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, names_what_is_missing);
    tcase_add_test(t, runs_need_inputs_and_outputs);
    tcase_add_test(t, reports_need_their_paths);
    tcase_add_test(t, releases_need_their_paths);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
