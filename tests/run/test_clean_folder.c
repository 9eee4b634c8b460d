/* Runs into a folder, from the inside: where shards are cut, what a journal is good for,
 * what is refused. That they can be killed anywhere: tests/faults/resume.py. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "chain/chain.h"
#include "minkhal/minkhal.h"
#include "outputs/run_file.h"
#include "support.h"

static mk_chain *chain;
static mk_clean_options options;
static mk_summary summary;
static mk_error error;
static const char *inputs[4];
static mk_buf messages;
static char out[600], other[600];

static void note(void *arg, const char *text)
{
    (void)arg;
    mk_buf_puts(&messages, text);
    mk_buf_putc(&messages, '\n');
}

static void setup(void)
{
    const mk_chain_options chain_options = {.filters = "normalize"};
    ck_assert_int_eq(mk_chain_open(&chain_options, &chain, &error), MK_OK);
    snprintf(out, sizeof(out), "%s/out/", mk_test_folder());
    snprintf(other, sizeof(other), "%s/other/", mk_test_folder());
    messages = (mk_buf){.max = MK_BUF_MAX};
    options = (mk_clean_options){.inputs = inputs,
                                 .threads = 1,
                                 .on_message = note,
                                 .output = out,
                                 .ledger = "auto",
                                 .rejects = "auto",
                                 .codec = "none"};
}

static void teardown(void)
{
    mk_summary_clear(&summary);
    mk_buf_clear(&messages);
    mk_chain_close(chain);
}

static mk_err clean(void)
{
    mk_summary_clear(&summary);
    mk_buf_reset(&messages);
    return mk_clean(chain, &options, &summary, &error);
}

static void must_clean(void)
{
    const mk_err err = clean();
    ck_assert_msg(err == MK_OK, "%d %s", (int)err, err == MK_OK ? "" : error.text);
}

static bool was_told(const char *part)
{
    return mk_str_has(mk_buf_str(&messages), mk_str_of(part));
}

/* n records with texts of `fill` letters and more; every seventh is bad. */
static void put_records(mk_buf *to, unsigned n, unsigned fill)
{
    uint32_t x = 2463534242u;
    for (unsigned i = 0; i < n; i++) {
        if (i % 7 == 6) {
            mk_buf_printf(to, "{\"id\":\"bad %u\"}\n", i);
            continue;
        }
        mk_buf_printf(to, "{\"id\":\"%u\",\"text\":\"نــص %u ", i, i);
        for (unsigned k = 0; k < fill; k++) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            mk_buf_putc(to, k % 8 == 0 ? ' ' : (char)('a' + x % 26));
        }
        mk_buf_puts(to, "\"}\n");
    }
    ck_assert(!to->failed);
}

static void add_records(const char *name, unsigned n)
{
    mk_buf text = {.max = MK_BUF_MAX};
    put_records(&text, n, 10);
    inputs[options.n_inputs++] = strdup(mk_test_file(name, mk_buf_str(&text)));
    mk_buf_clear(&text);
}

static mk_str read_in(const char *folder, const char *name)
{
    char path[900];
    snprintf(path, sizeof(path), "%s%s", folder, name);
    return mk_test_read(path);
}

static void drop(mk_str s)
{
    free((char *)(uintptr_t)s.ptr);
}

static bool exists(const char *folder, const char *name)
{
    char path[900];
    snprintf(path, sizeof(path), "%s%s", folder, name);
    return access(path, F_OK) == 0;
}

static size_t count_lines(const char *name)
{
    const mk_str s = read_in(out, name);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    drop(s);
    return n;
}

/* The names in a folder, in order, with a space after each. */
static const char *names_in(const char *folder)
{
    static char names[2000];
    struct dirent **list;
    const int n = scandir(folder, &list, NULL, alphasort);
    names[0] = '\0';
    for (int i = 0; i < n; i++) {
        if (list[i]->d_name[0] != '.')
            snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ", list[i]->d_name);
        free(list[i]);
    }
    free(list);
    return names;
}

static void ck_assert_same_folders(void)
{
    char names[2000];
    snprintf(names, sizeof(names), "%s", names_in(out));
    ck_assert_str_eq(names, names_in(other));
    for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
        const mk_str a = read_in(out, name), b = read_in(other, name);
        ck_assert_msg(mk_str_eq(a, b), "%s differs", name);
        drop(a);
        drop(b);
    }
}

/* Overwrites part of a file, or cuts it. */
static void spoil(const char *name, const char *what, const char *with)
{
    char file[700];
    const mk_str s = read_in(out, name);
    char *at = strstr((char *)(uintptr_t)s.ptr, what);
    ck_assert_msg(at != NULL, "no %s in %s", what, name);
    memcpy(at, with, strlen(with));
    snprintf(file, sizeof(file), "out/%s", name);
    mk_test_file(file, s);
    drop(s);
}

static mk_err verify(mk_verified *ret)
{
    const mk_verify_run_options o = {.on_message = note};
    mk_buf_reset(&messages);
    return mk_verify_run(out, &o, ret, &error);
}

/* ---- shards ---- */

START_TEST(shards_are_cut_after_so_many_documents)
{
    add_records("in.jsonl", 21); /* 18 documents */
    options.shard_docs = 5;
    must_clean();
    ck_assert_uint_eq(count_lines("data-00000.jsonl"), 5);
    ck_assert_uint_eq(count_lines("data-00002.jsonl"), 5);
    ck_assert_uint_eq(count_lines("data-00003.jsonl"), 3);
    ck_assert_uint_eq(summary.n_written, 18);
}
END_TEST

START_TEST(shard_i_of_each_kind_speaks_of_the_same_records)
{
    add_records("in.jsonl", 21);
    options.shard_docs = 5;
    must_clean();
    /* 0..4 | 5, bad 6, 7..10 | 11, 12, bad 13, 14..16 | 17..19, bad 20 */
    ck_assert_uint_eq(count_lines("ledger-00000.jsonl"), 5);
    ck_assert_uint_eq(count_lines("ledger-00001.jsonl"), 6);
    ck_assert_uint_eq(count_lines("ledger-00003.jsonl"), 4);
    ck_assert(!exists(out, "rejects-00000.jsonl"));
    ck_assert_uint_eq(count_lines("rejects-00001.jsonl"), 1);
}
END_TEST

START_TEST(a_shard_ends_before_it_is_too_large)
{
    add_records("in.jsonl", 60);
    options.shard_size = 1000;
    must_clean();
    const mk_str first = read_in(out, "data-00000.jsonl");
    ck_assert(first.len <= 1000 && first.len > 800);
    drop(first);
}
END_TEST

START_TEST(a_document_above_the_size_has_a_shard_of_its_own)
{
    add_records("in.jsonl", 3);
    options.shard_size = 1;
    must_clean();
    ck_assert_uint_eq(count_lines("data-00000.jsonl"), 1);
    ck_assert_uint_eq(count_lines("data-00002.jsonl"), 1);
}
END_TEST

START_TEST(no_document_makes_no_shard)
{
    inputs[options.n_inputs++] = strdup(mk_test_file("in.jsonl", MK_STR("{\"id\":1}\n")));
    options.ledger = options.rejects = NULL;
    must_clean();
    ck_assert_str_eq(names_in(out), "journal.jsonl run.json ");
    mk_verified v;
    ck_assert_int_eq(verify(&v), MK_OK);
}
END_TEST

START_TEST(all_shards_are_the_one_file_of_another_run)
{
    mk_buf parts = {.max = MK_BUF_MAX};
    add_records("in.jsonl", 100);
    options.shard_docs = 30;
    options.checkpoint = 700;
    must_clean();
    for (unsigned i = 0; i < 3; i++) {
        char name[40];
        snprintf(name, sizeof(name), "data-0000%u.jsonl", i);
        const mk_str s = read_in(out, name);
        mk_buf_put(&parts, s);
        drop(s);
    }
    options.output = mk_test_path("one.jsonl");
    options.ledger = options.rejects = NULL;
    must_clean();
    const mk_str one = mk_test_read(options.output);
    ck_assert_mk_str_eq(mk_buf_str(&parts), one);
    drop(one);
    mk_buf_clear(&parts);
}
END_TEST

START_TEST(the_number_of_threads_does_not_show)
{
    add_records("a.jsonl", 700);
    add_records("b.jsonl", 300);
    options.shard_docs = 150;
    options.checkpoint = 5000;
    options.dedup = true;
    options.codec = "gz";
    must_clean();
    options.threads = 7;
    options.output = other;
    must_clean();
    ck_assert_same_folders();
}
END_TEST

/* ---- resuming ---- */

/* As if the run had been killed with n lines of the journal written. */
static void cut_journal(unsigned n)
{
    const mk_str s = read_in(out, "journal.jsonl");
    size_t at = 0;
    for (; n > 0; at++)
        n -= s.ptr[at] == '\n';
    mk_test_file("out/journal.jsonl", mk_str_sub(s, 0, at));
    drop(s);
    unlink(mk_test_path("out/run.json"));
}

START_TEST(a_run_without_its_end_is_finished)
{
    add_records("in.jsonl", 50);
    must_clean();
    options.output = other;
    must_clean();
    options.output = out;
    unlink(mk_test_path("out/run.json"));
    options.resume = true;
    must_clean();
    ck_assert_uint_eq(summary.n_written, 43);
    ck_assert_same_folders();
}
END_TEST

static const mk_filter *normalize;
static volatile sig_atomic_t stop;
static unsigned n_before_stop; /* documents */

static mk_err apply_and_stop(const void *config, mk_edit *edit)
{
    const mk_err err = normalize->apply(config, edit);
    if (n_before_stop > 0 && --n_before_stop == 0)
        stop = 1;
    return err;
}

START_TEST(a_run_that_was_stopped_within_a_document_is_finished)
{
    mk_filter stopping = *chain->steps[0].filter;
    options.checkpoint = 2000;
    add_records("in.jsonl", 1000);
    options.output = other;
    must_clean();
    normalize = chain->steps[0].filter;
    stopping.apply = apply_and_stop;
    chain->steps[0].filter = &stopping;
    stop = 0;
    n_before_stop = 500;
    options.output = out;
    options.stop = &stop;
    ck_assert_int_eq(clean(), MK_STOPPED);
    ck_assert_str_eq(error.text, "stopped by a signal");
    ck_assert_uint_lt(summary.n_written, 500);
    ck_assert(!exists(out, "run.json"));
    chain->steps[0].filter = normalize;
    stop = 0;
    options.resume = true;
    must_clean();
    ck_assert_same_folders();
}
END_TEST

START_TEST(a_shard_that_the_journal_does_not_know_is_refused)
{
    add_records("in.jsonl", 50);
    options.shard_docs = 10;
    options.checkpoint = 300;
    must_clean();
    cut_journal(3);
    options.resume = true;
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "is not in the journal"));
}
END_TEST

START_TEST(a_missing_shard_is_named)
{
    add_records("in.jsonl", 50);
    options.shard_docs = 10;
    must_clean();
    unlink(mk_test_path("out/run.json"));
    unlink(mk_test_path("out/data-00001.jsonl"));
    options.resume = true;
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "data-00001.jsonl' is missing"));
}
END_TEST

START_TEST(a_part_that_was_changed_is_refused)
{
    add_records("in.jsonl", 50);
    options.checkpoint = 300;
    must_clean();
    cut_journal(3);
    for (unsigned i = 0; i < 3; i++) {
        static const char *const names[] = {"data", "ledger", "rejects"};
        char from[700], to[720];
        snprintf(from, sizeof(from), "%s%s-00000.jsonl", out, names[i]);
        snprintf(to, sizeof(to), "%s.part", from);
        ck_assert_int_eq(rename(from, to), 0);
    }
    spoil("data-00000.jsonl.part", "\"id\":\"0\"", "\"id\":\"x\"");
    options.resume = true;
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "is not what the journal says"));
    spoil("data-00000.jsonl.part", "\"id\":\"x\"", "\"id\":\"0\"");
    must_clean();
    mk_verified v;
    ck_assert_int_eq(verify(&v), MK_OK);
}
END_TEST

START_TEST(what_was_changed_is_named)
{
    add_records("in.jsonl", 5);
    must_clean();
    options.resume = true;
    options.shard_docs = 3;
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "option \"shard-docs\" was changed"));
    options.shard_docs = 0;
    options.text_field = "body";
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "option \"text-field\" was changed"));
    options.text_field = NULL;
    add_records("more.jsonl", 5);
    ck_assert_int_eq(clean(), MK_MISMATCH);
    ck_assert_ptr_nonnull(strstr(error.text, "input \"more.jsonl\" is new"));
}
END_TEST

START_TEST(a_finished_run_is_left_alone)
{
    add_records("in.jsonl", 50);
    must_clean();
    options.output = other;
    must_clean();
    options.output = out;
    options.resume = true;
    options.threads = 3;
    must_clean();
    ck_assert(was_told("is finished: nothing to do"));
    ck_assert_uint_eq(summary.n_in, 50);
    ck_assert_uint_gt(summary.n_tallies, 0);
    ck_assert_same_folders();
}
END_TEST

START_TEST(resuming_nothing_begins)
{
    add_records("in.jsonl", 5);
    options.resume = true;
    must_clean();
    ck_assert(exists(out, "run.json"));
}
END_TEST

START_TEST(one_file_cannot_be_resumed)
{
    add_records("in.jsonl", 5);
    options.output = mk_test_path("one.jsonl");
    options.ledger = options.rejects = NULL;
    options.resume = true;
    ck_assert_int_eq(clean(), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "only a run into a folder"));
}
END_TEST

START_TEST(a_folder_has_its_own_names)
{
    add_records("in.jsonl", 5);
    options.ledger = "ledger.jsonl";
    ck_assert_int_eq(clean(), MK_OPTION);
    options.ledger = "auto";
    options.summary = "x.json";
    ck_assert_int_eq(clean(), MK_OPTION);
    options.summary = NULL;
    options.codec = "gz-single";
    ck_assert_int_eq(clean(), MK_OPTION);
    options.codec = "xz";
    ck_assert_int_eq(clean(), MK_OPTION);
    ck_assert(!exists(out, ""));
}
END_TEST

/* ---- damage ---- */

/* Records in one gzip member of more than 4 MiB, of which the CRC is wrong. */
static void add_torn_member(const char *name)
{
    mk_buf text = {.max = MK_BUF_MAX};
    put_records(&text, 2000, 3000);
    char *packed = malloc(text.len);
    z_stream z = {.next_in = (Bytef *)text.ptr, .avail_in = (uInt)text.len};
    ck_assert_int_eq(deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)text.len;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed[z.total_out - 8] ^= 1;
    inputs[options.n_inputs++] = strdup(mk_test_file(name, (mk_str){packed, z.total_out}));
    deflateEnd(&z);
    mk_buf_clear(&text);
    free(packed);
}

START_TEST(nothing_of_a_damaged_unit_stays)
{
    add_records("a.jsonl", 40);
    add_torn_member("b.jsonl.gz");
    add_records("c.jsonl", 40);
    options.shard_docs = 30;
    options.checkpoint = 100000;
    options.dedup = true;
    must_clean();
    ck_assert(was_told(" records that came of it were taken back"));
    ck_assert_uint_eq(summary.n_in, 80);
    ck_assert_uint_eq(summary.n_damaged, 1);
    /* The texts of a and c are the same, and those of b begin like them. */
    ck_assert_uint_eq(summary.n_duplicate, 35);
    mk_verified v;
    ck_assert_int_eq(verify(&v), MK_OK);
    const mk_str journal = read_in(out, "journal.jsonl");
    ck_assert(mk_str_has(journal, MK_STR("[1,0,0,0,0,0,0,1]"))); /* damaged, and no record */
    drop(journal);
}
END_TEST

/* ---- verify ---- */

START_TEST(verifies_what_was_written)
{
    mk_verified v;
    add_records("in.jsonl", 100);
    options.shard_docs = 30;
    must_clean();
    ck_assert_int_eq(verify(&v), MK_OK);
    ck_assert_uint_eq(v.n_docs, summary.n_written);
    ck_assert_uint_eq(v.n_restored, summary.n_written);
    ck_assert_uint_eq(v.n_wrong, 0);
    ck_assert(mk_run_is(out));
}
END_TEST

START_TEST(all_wrong_things_are_told)
{
    mk_verified v;
    add_records("in.jsonl", 100);
    options.shard_docs = 30;
    must_clean();
    spoil("data-00001.jsonl", "\"text\":", "\"texu\":");
    spoil("ledger-00002.jsonl", "written", "wrjtten");
    mk_test_file("out/more.jsonl", MK_STR("x"));
    ck_assert_int_eq(verify(&v), MK_MISMATCH);
    ck_assert_uint_ge(v.n_wrong, 3);
    ck_assert(was_told("more.jsonl: a file that is not in run.json"));
    ck_assert(was_told("data-00001.jsonl: its SHA-256"));
    ck_assert(was_told("data-00001.jsonl:1: not a document"));
    ck_assert(was_told("ledger-00002.jsonl: its SHA-256"));
    ck_assert_ptr_nonnull(strstr(error.text, "more.jsonl"));
}
END_TEST

START_TEST(a_changed_report_is_found_by_the_journal)
{
    mk_verified v;
    add_records("in.jsonl", 10);
    must_clean();
    spoil("run.json", "\"lines_in\": 9", "\"lines_in\": 8");
    ck_assert_int_eq(verify(&v), MK_MISMATCH);
    ck_assert(was_told("other shards or counts"));
}
END_TEST

START_TEST(no_run_is_no_run)
{
    ck_assert(!mk_run_is(mk_test_folder()));
    mk_verified v;
    mk_test_file("run.json", MK_STR("{\"inputs\":[]}"));
    snprintf(out, sizeof(out), "%s/", mk_test_folder());
    ck_assert_int_eq(verify(&v), MK_MISMATCH);
    ck_assert(was_told("it says no format"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("clean_folder");
    TCase *const t = tcase_create("clean_folder");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, shards_are_cut_after_so_many_documents);
    tcase_add_test(t, shard_i_of_each_kind_speaks_of_the_same_records);
    tcase_add_test(t, a_shard_ends_before_it_is_too_large);
    tcase_add_test(t, a_document_above_the_size_has_a_shard_of_its_own);
    tcase_add_test(t, no_document_makes_no_shard);
    tcase_add_test(t, all_shards_are_the_one_file_of_another_run);
    tcase_add_test(t, the_number_of_threads_does_not_show);
    tcase_add_test(t, a_run_without_its_end_is_finished);
    tcase_add_test(t, a_run_that_was_stopped_within_a_document_is_finished);
    tcase_add_test(t, a_shard_that_the_journal_does_not_know_is_refused);
    tcase_add_test(t, a_missing_shard_is_named);
    tcase_add_test(t, a_part_that_was_changed_is_refused);
    tcase_add_test(t, what_was_changed_is_named);
    tcase_add_test(t, a_finished_run_is_left_alone);
    tcase_add_test(t, resuming_nothing_begins);
    tcase_add_test(t, one_file_cannot_be_resumed);
    tcase_add_test(t, a_folder_has_its_own_names);
    tcase_add_test(t, nothing_of_a_damaged_unit_stays);
    tcase_add_test(t, verifies_what_was_written);
    tcase_add_test(t, all_wrong_things_are_told);
    tcase_add_test(t, a_changed_report_is_found_by_the_journal);
    tcase_add_test(t, no_run_is_no_run);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
