/* test_verify_run.c: a run folder in which something is wrong: every such thing is told, by
 * name, also where the digests have been made to fit. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/checksum.h"
#include "fail.h"
#include "minkhal/minkhal.h"
#include "support.h"

static mk_chain *chain;
static mk_error error;
static mk_verified verified;
static mk_buf messages;
static volatile sig_atomic_t stop;
static char run[600];

static void note(void *arg, const char *text)
{
    (void)arg;
    mk_buf_puts(&messages, text);
    mk_buf_putc(&messages, '\n');
}

static void quiet(void *arg, const char *text)
{
    (void)arg, (void)text;
}

/* A run of nine records in two shards, one of the records bad. */
static void setup(void)
{
    const mk_chain_options chain_options = {.filters = "normalize"};
    mk_buf text = {.max = MK_BUF_MAX};
    mk_summary summary = {0};

    messages = (mk_buf){.max = MK_BUF_MAX};
    stop = 0;
    for (int i = 1; i < 10; i++)
        mk_buf_printf(&text, i == 5 ? "{\"id\":\"%d\"}\n" : "{\"id\":\"%d\",\"text\":\"نــص\"}\n",
                      i);
    const char *const inputs[] = {mk_test_file("in.jsonl", mk_buf_str(&text))};
    snprintf(run, sizeof(run), "%s/run/", mk_test_folder());
    const mk_clean_options options = {.inputs = inputs,
                                      .n_inputs = 1,
                                      .threads = 1,
                                      .output = run,
                                      .ledger = "auto",
                                      .rejects = "auto",
                                      .codec = "none",
                                      .shard_docs = 4,
                                      .on_message = quiet};
    ck_assert_int_eq(mk_chain_open(&chain_options, &chain, &error), MK_OK);
    ck_assert_msg(mk_clean(chain, &options, &summary, &error) == MK_OK, "%s", error.text);
    mk_summary_clear(&summary);
    mk_buf_clear(&text);
}

static void teardown(void)
{
    mk_buf_clear(&messages);
    mk_chain_close(chain);
}

static mk_err verify(void)
{
    const mk_verify_run_options options = {.on_message = note, .stop = &stop};

    mk_buf_reset(&messages);
    return mk_verify_run(run, &options, &verified, &error);
}

static void check_told(const char *part)
{
    ck_assert_msg(mk_str_has(mk_buf_str(&messages), mk_str_of(part)), "no '%s' in:\n%.*s", part,
                  (int)messages.len, messages.ptr);
}

/* ---- changing files ---- */

static mk_str content(const char *name)
{
    char path[700];

    snprintf(path, sizeof(path), "%s%s", run, name);
    return mk_test_read(path);
}

static void put(const char *name, mk_str bytes)
{
    char path[700];

    snprintf(path, sizeof(path), "run/%s", name);
    mk_test_file(path, bytes);
}

static void drop(mk_str s)
{
    free((char *)(uintptr_t)s.ptr);
}

/* Replaces the first `what` in a file, or all. False: there is none. */
static bool change(const char *name, const char *what, const char *with, bool all)
{
    const mk_str s = content(name);
    mk_buf out = {.max = MK_BUF_MAX};
    const char *at = s.ptr, *found;
    bool any = false;

    while ((found = (!any || all) ? strstr(at, what) : NULL)) {
        mk_buf_put(&out, (mk_str){at, (size_t)(found - at)});
        mk_buf_puts(&out, with);
        at = found + strlen(what);
        any = true;
    }
    mk_buf_put(&out, (mk_str){at, s.len - (size_t)(at - s.ptr)});
    put(name, mk_buf_str(&out));
    mk_buf_clear(&out);
    drop(s);
    return any;
}

static void must_change(const char *name, const char *what, const char *with)
{
    ck_assert_msg(change(name, what, with, false), "no %s in %s", what, name);
}

static void hex_of(mk_str s, char out[MK_SHA256_HEX + 1])
{
    unsigned char digest[MK_CHECKSUM_MAX];

    mk_hex(digest, mk_checksum(MK_SHA256, s, digest), out);
}

static void mend_journal(void)
{
    char path[700];

    snprintf(path, sizeof(path), "%sjournal.jsonl", run);
    mk_test_mend_journal(path);
}

/* Changes a shard, and makes journal and report say that it was always so. */
static void forge(const char *name, const char *what, const char *with)
{
    char was[MK_SHA256_HEX + 1], is[MK_SHA256_HEX + 1];

    ck_assert_uint_eq(strlen(what), strlen(with));
    const mk_str before = content(name);
    must_change(name, what, with);
    const mk_str after = content(name);
    hex_of(before, was);
    hex_of(after, is);
    ck_assert(change("run.json", was, is, true));
    ck_assert(change("journal.jsonl", was, is, true));
    mend_journal();
    drop(before);
    drop(after);
}

/* ---- what is right ---- */

START_TEST(a_run_is_verified)
{
    ck_assert_msg(verify() == MK_OK, "%s", error.text);
    ck_assert_uint_eq(verified.n_docs, 8);
    ck_assert_uint_eq(verified.n_restored, 8);
    ck_assert_uint_eq(verified.n_files, 5);
    ck_assert(mk_run_is(run));
}
END_TEST

START_TEST(a_lock_that_was_left_is_nothing)
{
    put("lock", MK_STR("process 1\n"));
    ck_assert_int_eq(verify(), MK_OK);
}
END_TEST

START_TEST(nobody_need_be_told)
{
    const mk_verify_run_options options = {.on_message = NULL};

    ck_assert_int_eq(mk_verify_run(run, &options, &verified, NULL), MK_OK);
    put("more", MK_STR(""));
    ck_assert_int_eq(mk_verify_run(run, &options, &verified, NULL), MK_MISMATCH);
    ck_assert_uint_eq(verified.n_wrong, 1);
}
END_TEST

/* ---- what is wrong ---- */

static const struct {
    const char *file, *what, *with, *told;
} changes[] = {
    {"run.json", "\"in\": 9", "\"in\": 8", "run.json: records do not add up"},
    {"run.json", "\"written\": 8", "\"written\": 7", "do not hold the documents that were written"},
    {"run.json", "\"in\":9,", "\"in\":8,", "the records of its inputs do not add up"},
    {"run.json", "\"records\":5", "\"records\":6", "its ledger does not hold all records"},
    {"run.json", "\"records\":1", "\"records\":2", "its rejects are not those that were rejected"},
    {"run.json", "\"records\":4,\"first\":5", "\"records\":4,\"first\":3", "are not in order"},
    {"run.json", "data-00000.jsonl\",\"bytes\":", "data-00000.jsonl\",\"bytes\":1",
     "run.json says 1"},
    {"run.json", "\"text_bytes\":", "\"text_bytes\":1", " bytes of lines, run.json says 1"},
    {"run.json", "\"text_sha256\":\"", "\"text_sha256\":\"0", "wrong 'shards'"},
    {"run.json", "\"counts\"", "\"count\"", "not the report of a run"},
    {"run.json", "data-00001", "data-00007", "data-00001.jsonl: a file that is not in run.json"},
    {"journal.jsonl", "\"end\":true", "\"end\":false", "does not come to the end of the run"},
    {"journal.jsonl", "\"end\":true", "\"end\":7", "journal.jsonl:"},
    {"journal.jsonl", "\"lines_in\":8", "\"lines_in\":7", "other shards or counts than run.json"},
    {"journal.jsonl", "\"first\":5}],\"counts", "\"first\":6}],\"counts", "other shards or counts"},
    {"data-00000.jsonl", "\"text\"", "\"texu\"", "data-00000.jsonl: its SHA-256 is not the one"},
    {"data-00000.jsonl", "\"text\"", "\"texu\"", "data-00000.jsonl:1: not a document: no text"},
    {"data-00000.jsonl", "}\n", "}}", "data-00000.jsonl:1: "},
    {"ledger-00001.jsonl", "\n", "", " bytes, run.json says "},
};

START_TEST(a_change_is_told_by_name)
{
    must_change(changes[_i].file, changes[_i].what, changes[_i].with);
    if (strcmp(changes[_i].file, "journal.jsonl") == 0)
        mend_journal();
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told(changes[_i].told);
    ck_assert_uint_gt(verified.n_wrong, 0);
    ck_assert(mk_str_has(mk_buf_str(&messages), mk_str_of(error.text)));
}
END_TEST

START_TEST(a_broken_chain_of_the_journal_is_told)
{
    must_change("journal.jsonl", "\"lines_in\":8", "\"lines_in\":7");
    must_change("journal.jsonl", "\"version\":\"", "\"version\":\"1");
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("line 2 of the journal does not follow the one before it");
}
END_TEST

START_TEST(an_end_of_the_journal_that_is_missing_is_told)
{
    const mk_str s = content("journal.jsonl");
    const size_t first = (size_t)(strchr(s.ptr, '\n') - s.ptr) + 1;

    put("journal.jsonl", mk_str_sub(s, 0, s.len - 1));
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("journal.jsonl: the last line has no end");
    put("journal.jsonl", mk_str_sub(s, 0, first));
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("does not come to the end of the run");
    put("journal.jsonl", MK_STR(""));
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("does not come to the end of the run");
    ck_assert_int_eq(unlink(mk_test_path("run/journal.jsonl")), 0);
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("journal.jsonl");
    drop(s);
}
END_TEST

START_TEST(a_last_line_without_its_end_is_told)
{
    const mk_str s = content("data-00001.jsonl");

    put("data-00001.jsonl", mk_str_sub(s, 0, s.len - 1));
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("data-00001.jsonl: the last line has no end");
    ck_assert_int_eq(unlink(mk_test_path("run/data-00001.jsonl")), 0);
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("data-00001.jsonl");
    ck_assert_uint_eq(verified.n_wrong, 1); /* of one missing shard once */
    drop(s);
}
END_TEST

START_TEST(what_is_no_run_is_told)
{
    snprintf(run, sizeof(run), "%s/none", mk_test_folder());
    ck_assert(!mk_run_is(run));
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told("none/run.json");
}
END_TEST

/* ---- what is wrong, and all digests fit ---- */

static const struct {
    const char *file, *what, *with, *told;
} forgeries[] = {
    {"ledger-00000.jsonl", "\"crc32\":\"", "\"CRC32\":\"", "ledger-00000.jsonl:1: "},
    {"ledger-00000.jsonl", "\"src\":2", "\"src\":3", "ledger-00000.jsonl:1: "},
    {"ledger-00000.jsonl", "\"was\":\"ـ", "\"was\":\"و", "the text is not the one that was read"},
    {"ledger-00000.jsonl", "\"verdict\":\"rejected\"", "\"verdict\":\"filtered\"", "ledger"},
    {"ledger-00000.jsonl", "\"verdict\":\"rejected\"", "\"verdict\":\"skipped\" ",
     "run.json: the ledger counts other records"},
    {"data-00000.jsonl", "\"text\":\"ن", "\"text\":\"ي", "the text is not the one that was read"},
    {"data-00000.jsonl", "\"text\":\"نص\"", "\"texu\":\"نص\"", "not a document: no text"},
    {"data-00001.jsonl", "{", "[", "data-00001.jsonl:1: "},
    {"rejects-00000.jsonl", "{", "[", "rejects-00000.jsonl:1: "},
};

START_TEST(a_forgery_is_told_by_name)
{
    forge(forgeries[_i].file, forgeries[_i].what, forgeries[_i].with);
    ck_assert_int_eq(verify(), MK_MISMATCH);
    check_told(forgeries[_i].told);
}
END_TEST

/* ---- files ---- */

static mk_err verify_file(const char *path)
{
    const mk_verify_run_options options = {.on_message = note, .stop = &stop};

    mk_buf_reset(&messages);
    return mk_verify_file(path, &options, &verified, &error);
}

START_TEST(a_file_of_lines_is_verified)
{
    mk_buf text = {.max = MK_BUF_MAX};

    mk_buf_puts(&text, "{\"a\":1}\n{\"long\":\"");
    for (unsigned i = 0; i < 300000; i++) /* longer than what is read at once */
        mk_buf_putc(&text, 'x');
    mk_buf_puts(&text, "\"}\n{}\n");
    ck_assert_int_eq(verify_file(mk_test_file("x.jsonl", mk_buf_str(&text))), MK_OK);
    ck_assert_uint_eq(verified.n_docs, 3);
    ck_assert_uint_eq(verified.bytes, text.len);
    mk_buf_clear(&text);
}
END_TEST

START_TEST(a_file_is_wrong_once)
{
    ck_assert_int_eq(verify_file(mk_test_file("x.jsonl", MK_STR("{}\nx\ny\n{}"))), MK_MISMATCH);
    check_told("x.jsonl:2: ");
    check_told("x.jsonl: the last line has no end");
    ck_assert_uint_eq(verified.n_wrong, 2);
    ck_assert_int_eq(verify_file(mk_test_path("none.jsonl")), MK_MISMATCH);
    check_told("none.jsonl");
}
END_TEST

START_TEST(a_signal_stops_it)
{
    stop = 1;
    ck_assert_int_eq(verify(), MK_STOPPED);
    ck_assert_int_eq(verify_file(mk_test_file("x.jsonl", MK_STR("{}\n"))), MK_STOPPED);
    ck_assert_str_eq(error.text, "stopped by a signal");
}
END_TEST

/* ---- failures ---- */

START_TEST(want_of_memory_is_no_wrong_run)
{
    bool came = true;

    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        const mk_err err = verify();
        came = mk_test_failed();
        ck_assert_msg(err == (came ? MK_NOMEM : MK_OK), "allocation %u: %d: %s", at, (int)err,
                      error.text);
    }
}
END_TEST

START_TEST(want_of_memory_is_no_wrong_file)
{
    mk_buf text = {.max = MK_BUF_MAX};
    bool came = true;

    mk_buf_puts(&text, "{\"long\":\"");
    for (unsigned i = 0; i < 300000; i++)
        mk_buf_putc(&text, 'x');
    mk_buf_puts(&text, "\"}\n");
    const char *const path = mk_test_file("x.jsonl", mk_buf_str(&text));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        const mk_err err = verify_file(path);
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
    }
    mk_buf_clear(&text);
}
END_TEST

START_TEST(what_cannot_be_read_is_not_verified)
{
    static const unsigned calls[] = {MK_CALL_OPEN, MK_CALL_READ};

    for (size_t i = 0; i < 2; i++) {
        bool came = true;
        for (unsigned at = 1; came; at++) {
            mk_test_fail(calls[i], at, EIO);
            const mk_err err = verify();
            came = mk_test_failed();
            ck_assert_msg((err != MK_OK) == came, "kind %zu, call %u: %d", i, at, (int)err);
        }
    }
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("verify_run");
    TCase *const t = tcase_create("verify_run");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_run_is_verified);
    tcase_add_test(t, a_lock_that_was_left_is_nothing);
    tcase_add_test(t, nobody_need_be_told);
    tcase_add_loop_test(t, a_change_is_told_by_name, 0, ROWS(changes));
    tcase_add_test(t, a_broken_chain_of_the_journal_is_told);
    tcase_add_test(t, an_end_of_the_journal_that_is_missing_is_told);
    tcase_add_test(t, a_last_line_without_its_end_is_told);
    tcase_add_test(t, what_is_no_run_is_told);
    tcase_add_loop_test(t, a_forgery_is_told_by_name, 0, ROWS(forgeries));
    tcase_add_test(t, a_file_of_lines_is_verified);
    tcase_add_test(t, a_file_is_wrong_once);
    tcase_add_test(t, a_signal_stops_it);
    tcase_add_test(t, want_of_memory_is_no_wrong_run);
    tcase_add_test(t, want_of_memory_is_no_wrong_file);
    tcase_add_test(t, what_cannot_be_read_is_not_verified);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
