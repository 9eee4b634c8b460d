/* test_run_file.c: run.json read again: what is taken, and what is refused by name. */
#include "outputs/run_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "outputs/spec.h"
#include "fail.h"
#include "support.h"

static mk_error error;
static mk_run_file *file;

static void setup(void)
{
    ck_assert_int_eq(mkdir(mk_test_path("run"), 0777), 0);
}

static void teardown(void)
{
    mk_run_file_close(file);
}

static mk_err open_text(const char *text)
{
    mk_test_file("run/run.json", mk_str_of(text));
    return mk_run_file_open(mk_test_path("run"), &file, &error);
}

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void put_shard(mk_buf *to, mk_out kind, uint64_t index)
{
    mk_shard s = {.id = {kind, index, MK_CODEC_GZ, false}, .bytes = 10, .text = 20, .records = 3};

    memcpy(s.sha256, DIGEST, sizeof(s.sha256));
    memcpy(s.text_sha256, DIGEST, sizeof(s.text_sha256));
    mk_shard_put(&s, to);
}

static void put_counts(mk_buf *to)
{
    mk_buf_puts(to, "\"counts\":{");
    for (const mk_summary_number *n = mk_summary_numbers; n->name; n++)
        mk_buf_printf(to, "%s\"%s\":%d", n == mk_summary_numbers ? "" : ",", n->name, 1);
    mk_buf_puts(to, "}");
}

static const char input[] = "{\"in\":6,\"written\":1,\"filtered\":1,\"duplicate\":1,\"rejected\":2,"
                            "\"skipped\":1,\"damaged\":9}";

/* A report of two inputs and n shards. */
static const char *report(unsigned n)
{
    static mk_buf text = {.max = MK_BUF_MAX};

    mk_buf_reset(&text);
    mk_buf_printf(&text, "{\"format\":%d,\"inputs\":[%s,%s],\"shards\":[", MK_RUN_FORMAT, input,
                  input);
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            mk_buf_putc(&text, ',');
        put_shard(&text, i % 2 ? MK_OUT_LEDGER : MK_OUT_DATA, i / 2);
    }
    mk_buf_puts(&text, "],");
    put_counts(&text);
    mk_buf_puts(&text, "}");
    mk_buf_putc(&text, '\0');
    ck_assert(!text.failed);
    return text.ptr;
}

START_TEST(a_report_is_read)
{
    ck_assert_msg(open_text(report(40)) == MK_OK, "%s", error.text);
    ck_assert_uint_eq(file->n_shards, 40);
    ck_assert_uint_eq(file->n_inputs, 2);
    ck_assert_uint_eq(file->inputs.in, 12);
    ck_assert_uint_eq(file->inputs.damaged, 18);
    ck_assert(file->inputs_add_up);
    ck_assert_uint_eq(file->summary.n_written, 1);
}
END_TEST

START_TEST(shards_of_a_kind_are_listed)
{
    char **paths = NULL;
    size_t n = 0;

    ck_assert_int_eq(open_text(report(5)), MK_OK);
    ck_assert_int_eq(mk_run_file_paths(file, MK_OUT_LEDGER, &paths, &n, &error), MK_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_ptr_nonnull(strstr(paths[1], "/run/ledger-00001.jsonl.gz"));
    ck_assert_ptr_null(paths[2]);
    mk_run_paths_free(paths);
    ck_assert_int_eq(mk_run_file_paths(file, MK_OUT_REJECTS, &paths, &n, &error), MK_OK);
    ck_assert_uint_eq(n, 0);
    mk_run_paths_free(paths);
    mk_run_paths_free(NULL);
}
END_TEST

START_TEST(inputs_whose_records_do_not_add_up_are_seen)
{
    char *const text = strdup(report(0));

    *strstr(text, "\"rejected\":2") = ' ';
    ck_assert_int_eq(open_text(text), MK_MISMATCH);
    memcpy(strstr(text, "\"in\":6"), "\"in\":7", 6);
    *strstr(text, " rejected\":2") = '"';
    ck_assert_int_eq(open_text(text), MK_OK);
    ck_assert(!file->inputs_add_up);
    free(text);
}
END_TEST

#define FORMAT "\"format\":2,"

static const struct {
    const char *text, *why;
} refused[] = {
    {"", "run.json: "},
    {"[]", "run.json: "},
    {"{}", "run.json: it says no format"},
    {"{\"format\":1}", "run.json: its format is 1, this version of minkhal knows 2"},
    {"{\"format\":\"a\"}", "run.json: its format is \"a\","},
    {"{\"format\":2,", "run.json: "},
    {"{" FORMAT "\"inputs\":[]}", "not the report of a run"},
    {"{" FORMAT "\"inputs\":{}}", "wrong 'inputs'"},
    {"{" FORMAT "\"inputs\":[1]}", "wrong 'inputs'"},
    {"{" FORMAT "\"inputs\":[{\"in\":1}]}", "wrong 'inputs'"},
    {"{" FORMAT "\"inputs\":[],\"inputs\":[]}", "wrong 'inputs'"},
    {"{" FORMAT "\"shards\":{}}", "wrong 'shards'"},
    {"{" FORMAT "\"shards\":[{}]}", "wrong 'shards'"},
    {"{" FORMAT "\"shards\":[],\"shards\":[]}", "wrong 'shards'"},
    {"{" FORMAT "\"counts\":[]}", "wrong 'counts'"},
    {"{" FORMAT "\"counts\":{}}", "wrong 'counts'"},
    {"{" FORMAT "\"counts\":{\"x\":1}}", "wrong 'counts'"},
    {"{" FORMAT "\"counts\":{\"records_in\":-1}}", "wrong 'counts'"},
};

START_TEST(what_is_no_report_is_refused)
{
    ck_assert_int_eq(open_text(refused[_i].text), MK_MISMATCH);
    ck_assert_msg(strstr(error.text, refused[_i].why) != NULL, "%s", error.text);
}
END_TEST

START_TEST(counts_that_are_too_many_are_refused)
{
    mk_buf text = {.max = MK_BUF_MAX};

    mk_buf_puts(&text, "{" FORMAT);
    put_counts(&text);
    text.len--;
    mk_buf_puts(&text, ",\"more\":1}}");
    mk_buf_putc(&text, '\0');
    ck_assert_int_eq(open_text(text.ptr), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "wrong 'counts'"));
    mk_buf_clear(&text);
}
END_TEST

START_TEST(the_folder_may_end_in_slashes)
{
    mk_test_file("run/run.json", mk_str_of(report(1)));
    ck_assert_int_eq(mk_run_file_open(mk_test_path("run///"), &file, &error), MK_OK);
    ck_assert_str_eq(file->where + strlen(file->where) - 5, "/run/");
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_named)
{
    ck_assert_int_eq(mk_run_file_open(mk_test_path("none"), &file, &error), MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "none/run.json"));
    ck_assert_int_eq(mk_run_file_open("/", &file, &error), MK_DAMAGED);
    ck_assert_ptr_nonnull(strstr(error.text, "'/run.json'"));
}
END_TEST

START_TEST(a_run_has_a_report_and_a_journal)
{
    char *const deep = calloc(1, 5000);

    ck_assert(!mk_run_file_is(mk_test_path("run")));
    mk_test_file("run/run.json", MK_STR("{}"));
    ck_assert(!mk_run_file_is(mk_test_path("run")));
    ck_assert_int_eq(mkdir(mk_test_path("run/journal.jsonl"), 0777), 0);
    ck_assert(!mk_run_file_is(mk_test_path("run")));
    ck_assert_int_eq(remove(mk_test_path("run/journal.jsonl")), 0);
    mk_test_file("run/journal.jsonl", MK_STR(""));
    ck_assert(mk_run_file_is(mk_test_path("run")));
    ck_assert_ptr_nonnull(deep);
    memset(deep, '/', 4999);
    ck_assert(!mk_run_file_is(deep));
    free(deep);
}
END_TEST

/* ---- failures ---- */

START_TEST(want_of_memory_is_told)
{
    char **paths = NULL;
    size_t n;
    bool came = true;

    mk_test_file("run/run.json", mk_str_of(report(40)));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        mk_err err = mk_run_file_open(mk_test_path("run"), &file, &error);
        if (err == MK_OK)
            err = mk_run_file_paths(file, MK_OUT_DATA, &paths, &n, &error);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
        mk_run_paths_free(paths);
        mk_run_file_close(file);
        paths = NULL;
        file = NULL;
    }
}
END_TEST

START_TEST(a_read_that_fails_is_told)
{
    mk_test_file("run/run.json", mk_str_of(report(40)));
    mk_test_fail(MK_CALL_READ, 1, EIO);
    const mk_err err = mk_run_file_open(mk_test_path("run"), &file, &error);
    ck_assert(mk_test_failed());
    ck_assert_int_eq(err, MK_DAMAGED);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("run_file");
    TCase *const t = tcase_create("run_file");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_report_is_read);
    tcase_add_test(t, shards_of_a_kind_are_listed);
    tcase_add_test(t, inputs_whose_records_do_not_add_up_are_seen);
    tcase_add_loop_test(t, what_is_no_report_is_refused, 0, ROWS(refused));
    tcase_add_test(t, counts_that_are_too_many_are_refused);
    tcase_add_test(t, the_folder_may_end_in_slashes);
    tcase_add_test(t, a_folder_that_is_not_there_is_named);
    tcase_add_test(t, a_run_has_a_report_and_a_journal);
    tcase_add_test(t, want_of_memory_is_told);
    tcase_add_test(t, a_read_that_fails_is_told);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
