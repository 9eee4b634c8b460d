#include "minkhal/minkhal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "read/stream.h"
#include "support.h"
#include "write/codec.h"

static mk_chain *chain;
static mk_clean_options options;
static mk_summary summary;
static mk_error error;
static const char *inputs[8];
static mk_buf messages; /* a line each */

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
    messages = (mk_buf){.max = MK_BUF_MAX};
    options = (mk_clean_options){
        .inputs = inputs, .threads = 1, .on_message = note, .output = mk_test_path("out.jsonl")};
}

static void teardown(void)
{
    mk_summary_clear(&summary);
    mk_buf_clear(&messages);
    mk_chain_close(chain);
}

static void add_input(const char *path)
{
    inputs[options.n_inputs++] = path;
}

/* As mk_test_path, lent till the test ends: some tests need more than it has. */
static const char *path_of(const char *name)
{
    static char paths[64][512];
    static unsigned turn;
    char *path = paths[turn++ % 64];
    snprintf(path, sizeof(paths[0]), "%s/%s", mk_test_folder(), name);
    return path;
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
    ck_assert_uint_eq(summary.n_in, summary.n_written + summary.n_filtered + summary.n_duplicate +
                                        summary.n_rejected);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* True if path holds part. */
static bool holds(const char *path, const char *part)
{
    const mk_str bytes = mk_test_read(path);
    const bool found = mk_str_has(bytes, mk_str_of(part));
    free((char *)(uintptr_t)bytes.ptr);
    return found;
}

static bool was_told(const char *part)
{
    return mk_str_has(mk_buf_str(&messages), mk_str_of(part));
}

static size_t count_lines(const char *path)
{
    const mk_str bytes = mk_test_read(path);
    size_t n = 0;
    for (size_t i = 0; i < bytes.len; i++)
        n += bytes.ptr[i] == '\n';
    free((char *)(uintptr_t)bytes.ptr);
    return n;
}

static void ck_assert_same_bytes(const char *a, const char *b)
{
    const mk_str x = mk_test_read(a), y = mk_test_read(b);
    ck_assert_msg(mk_str_eq(x, y), "%s (%zu bytes) and %s (%zu bytes) differ", a, x.len, b, y.len);
    free((char *)(uintptr_t)x.ptr);
    free((char *)(uintptr_t)y.ptr);
}

/* No file in the test's folder but these (a list with a space after each). */
static void ck_assert_folder(const char *names)
{
    DIR *folder = opendir(mk_test_folder());
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *e; (e = readdir(folder));) {
        char name[300];
        snprintf(name, sizeof(name), "%s ", e->d_name);
        ck_assert_msg(e->d_name[0] == '.' || strstr(names, name), "there is a file %s", e->d_name);
    }
    closedir(folder);
}

/* ---- records ---- */

/* Appends n records of JSONL with the texts "<word> 1" to "<word> n", `fill`
 * more bytes each. */
static void put_records(mk_buf *out, const char *word, unsigned n, unsigned fill)
{
    uint32_t x = 2463534242u;
    for (unsigned i = 1; i <= n; i++) {
        mk_buf_printf(out, "{\"id\":\"%s%u\",\"text\":\"%s %u", word, i, word, i);
        for (unsigned k = 0; k < fill; k++) {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            mk_buf_putc(out, k % 8 == 0 ? ' ' : (char)('a' + x % 26));
        }
        mk_buf_puts(out, "\"}\n");
    }
    ck_assert(!out->failed);
}

/* The same as a file. */
static const char *records_file(const char *name, const char *word, unsigned n, unsigned fill)
{
    mk_buf out = {.max = MK_BUF_MAX};
    put_records(&out, word, n, fill);
    mk_test_file(name, mk_buf_str(&out));
    mk_buf_clear(&out);
    return path_of(name);
}

static void put_gz(mk_buf *out, mk_str bytes)
{
    mk_encoder *encoder = NULL;
    ck_assert_int_eq(mk_encoder_open(MK_CODEC_GZ, 1, &encoder, &error), MK_OK);
    ck_assert_int_eq(mk_encode(encoder, bytes, out, &error), MK_OK);
    mk_encoder_close(encoder);
}

/* Appends the same as a gzip member; with bit `flip` of its bytes from the end
 * on turned round, if flip > 0. */
static void put_member(mk_buf *out, const char *word, unsigned n, unsigned fill, size_t flip)
{
    mk_buf lines = {.max = MK_BUF_MAX};
    put_records(&lines, word, n, fill);
    put_gz(out, mk_buf_str(&lines));
    if (flip > 0)
        out->ptr[out->len - flip] ^= 0x10;
    mk_buf_clear(&lines);
}

/* ---- what goes in ---- */

START_TEST(writes_what_it_reads)
{
    add_input(records_file("a.jsonl", "a", 3, 0));
    must_clean();
    ck_assert_uint_eq(summary.n_written, 3);
    ck_assert_uint_eq(summary.n_sources, 1);
    const mk_str out = mk_test_read(options.output);
    ck_assert(mk_str_has(out, MK_STR("{\"id\":\"a1\",\"text\":\"a 1\",\"source\":\"a.jsonl\"")));
    ck_assert_uint_eq(summary.bytes_out, out.len);
    free((char *)(uintptr_t)out.ptr);
    ck_assert_folder("a.jsonl out.jsonl ");
}
END_TEST

START_TEST(reads_inputs_in_the_order_given)
{
    add_input(records_file("b.jsonl", "b", 1, 0));
    add_input(records_file("a.jsonl", "a", 1, 0));
    must_clean();
    const mk_str out = mk_test_read(options.output);
    ck_assert(strstr(out.ptr, "\"b1\"") < strstr(out.ptr, "\"a1\""));
    free((char *)(uintptr_t)out.ptr);
}
END_TEST

START_TEST(a_missing_input_is_a_damage_and_the_rest_is_done)
{
    add_input(records_file("a.jsonl", "a", 2, 0));
    add_input(path_of("missing.jsonl"));
    add_input(records_file("b.jsonl", "b", 2, 0));
    must_clean();
    ck_assert_uint_eq(summary.n_damaged, 1);
    ck_assert_uint_eq(summary.n_written, 4);
    ck_assert(was_told("missing.jsonl"));
    ck_assert(was_told("No such file") || was_told("no such file"));
}
END_TEST

START_TEST(an_empty_file_is_noted_and_the_rest_is_done)
{
    add_input(mk_test_file("empty.txt", MK_STR("")));
    add_input(records_file("a.jsonl", "a", 2, 0));
    must_clean();
    ck_assert(was_told("empty.txt: no record in it"));
    ck_assert_uint_eq(summary.n_in, 2);
    ck_assert_uint_eq(summary.n_damaged, 0);
    ck_assert_uint_eq(summary.n_sources, 2);
}
END_TEST

START_TEST(no_record_at_all_is_an_empty_output)
{
    add_input(mk_test_file("empty.txt", MK_STR("")));
    must_clean();
    ck_assert_uint_eq(summary.n_in, 0);
    ck_assert(exists(options.output));
    ck_assert_uint_eq(count_lines(options.output), 0);
}
END_TEST

START_TEST(a_record_that_is_too_long_is_rejected)
{
    options.max_doc = 1000;
    add_input(mk_test_file("a.jsonl", MK_STR("")));
    mk_buf out = {.max = MK_BUF_MAX};
    put_records(&out, "a", 1, 0);
    put_records(&out, "b", 1, 2000);
    put_records(&out, "c", 1, 0);
    mk_test_file("a.jsonl", mk_buf_str(&out));
    mk_buf_clear(&out);
    must_clean();
    ck_assert_uint_eq(summary.n_rejected, 1);
    ck_assert_uint_eq(summary.n_written, 2);
    ck_assert(was_told("a.jsonl:2: bad record: "));
}
END_TEST

START_TEST(conserves_every_kind_of_record)
{
    options.dedup = true;
    add_input(
        mk_test_file("a.jsonl", MK_STR("{\"text\":\"a\"}\n{\"text\":\" a \"}\n{\"text\":\"\"}\n"
                                       "{\"text\":\n{\"text\":\"b\"}\n")));
    must_clean();
    ck_assert_uint_eq(summary.n_in, 5);
    ck_assert_uint_eq(summary.n_written, 2);
    ck_assert_uint_eq(summary.n_duplicate, 1);
    ck_assert_uint_eq(summary.n_filtered, 1);
    ck_assert_uint_eq(summary.n_rejected, 1);
    ck_assert_uint_eq(count_lines(options.output), 2);
}
END_TEST

/* ---- side files ---- */

START_TEST(rejects_hold_the_records)
{
    options.rejects = path_of("rejects.jsonl");
    add_input(mk_test_file("a.jsonl", MK_STR("{\"text\":\"a\"}\n{\"text\": \"x\n{\"no\":1}\n"
                                             "{\"text\":\"\xFF\"}\n")));
    must_clean();
    ck_assert_uint_eq(summary.n_rejected, 3);
    ck_assert_uint_eq(count_lines(options.rejects), 3);
    ck_assert(holds(options.rejects, "{\"source\":\"a.jsonl\",\"number\":2,\"reason\":\""));
    ck_assert(holds(options.rejects, ",\"record\":\"{\\\"text\\\": \\\"x\"}\n"));
    ck_assert(holds(options.rejects, "\"number\":3,"));
    ck_assert(holds(options.rejects, ",\"record_hex\":\"7b2274657874223a22ff227d\"}\n"));
}
END_TEST

START_TEST(a_duplicate_is_in_the_ledger)
{
    options.dedup = true;
    options.ledger = path_of("ledger.jsonl");
    add_input(records_file("a.jsonl", "same", 1, 0));
    add_input(records_file("b.jsonl", "same", 1, 0));
    must_clean();
    ck_assert_uint_eq(summary.n_duplicate, 1);
    ck_assert_uint_eq(count_lines(options.output), 1);
    ck_assert_uint_eq(count_lines(options.ledger), 2);
    ck_assert(holds(options.ledger, "\"source\":\"b.jsonl\",\"verdict\":\"duplicate\""));
}
END_TEST

START_TEST(without_dedup_all_copies_are_written)
{
    add_input(records_file("a.jsonl", "same", 1, 0));
    add_input(records_file("b.jsonl", "same", 1, 0));
    must_clean();
    ck_assert_uint_eq(summary.n_written, 2);
}
END_TEST

START_TEST(the_summary_is_a_file_too)
{
    options.summary = path_of("summary.json");
    add_input(records_file("a.jsonl", "a", 3, 0));
    must_clean();
    ck_assert(holds(options.summary, "\"in\": 3,\n"));
    ck_assert(holds(options.summary, "\"written\": 3,\n"));
    char bytes[64];
    snprintf(bytes, sizeof(bytes), "\"bytes_out\": %llu,\n", (unsigned long long)summary.bytes_out);
    ck_assert(holds(options.summary, bytes));
}
END_TEST

START_TEST(the_ledger_restores_what_was_read)
{
    options.ledger = path_of("ledger.jsonl.gz");
    options.dedup = true;
    add_input(mk_test_file("a.jsonl", MK_STR("{\"id\":\"1\",\"text\":\"a  b\\r\\n\\nc \"}\n"
                                             "{\"id\":\"2\",\"text\":\"a b\\n\\nc\"}\n"
                                             "{\"id\":\"3\",\"text\":\"\\n\"}\nbad\n"
                                             "{\"id\":\"4\",\"text\":\"\"}\n")));
    must_clean();
    const mk_restore_options restore = {
        .cleaned = options.output, .ledger = options.ledger, .output = path_of("back.jsonl")};
    uint64_t n = 0;
    const mk_err err = mk_restore(&restore, &n, &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
    ck_assert_uint_eq(n, 4);
    const mk_str back = mk_test_read(restore.output);
    ck_assert_mk_str_eq(back,
                        MK_STR("{\"id\":\"1\",\"text\":\"a  b\\r\\n\\nc \"}\n"
                               "{\"id\":\"2\",\"text\":\"a b\\n\\nc\"}\n"
                               "{\"id\":\"3\",\"text\":\"\\n\"}\n{\"id\":\"4\",\"text\":\"\"}\n"));
    free((char *)(uintptr_t)back.ptr);
}
END_TEST

/* ---- outputs that cannot be ---- */

START_TEST(an_output_that_exists_is_refused)
{
    mk_test_file("out.jsonl", MK_STR("mine"));
    add_input(records_file("a.jsonl", "a", 3, 0));
    ck_assert_int_eq(clean(), MK_EXISTS);
    ck_assert_ptr_nonnull(strstr(error.text, "out.jsonl"));
    const mk_str out = mk_test_read(options.output);
    ck_assert_mk_str_eq(out, MK_STR("mine"));
    free((char *)(uintptr_t)out.ptr);
    ck_assert_folder("a.jsonl out.jsonl ");
}
END_TEST

START_TEST(force_replaces_it)
{
    mk_test_file("out.jsonl", MK_STR("mine"));
    add_input(records_file("a.jsonl", "a", 3, 0));
    options.force = true;
    must_clean();
    ck_assert_uint_eq(count_lines(options.output), 3);
}
END_TEST

START_TEST(a_side_file_that_exists_is_refused_before_anything_is_written)
{
    options.ledger = mk_test_file("ledger.jsonl", MK_STR("mine"));
    add_input(records_file("a.jsonl", "a", 3, 0));
    ck_assert_int_eq(clean(), MK_EXISTS);
    ck_assert_folder("a.jsonl ledger.jsonl ");
}
END_TEST

START_TEST(an_output_in_no_folder_is_refused)
{
    options.output = path_of("none/out.jsonl");
    add_input(records_file("a.jsonl", "a", 3, 0));
    ck_assert_int_eq(clean(), MK_OUTPUT);
    ck_assert_folder("a.jsonl ");
}
END_TEST

/* ---- options that cannot be ---- */

START_TEST(records_have_a_largest_size)
{
    add_input(records_file("a.jsonl", "a", 3, 0));
    options.memory = UINT64_C(1) << 40;
    options.max_doc = MK_LARGEST_MAX_DOC;
    must_clean();
    options.force = true;
    options.max_doc++;
    ck_assert_int_eq(clean(), MK_OPTION);
    ck_assert_str_eq(error.text, "records of up to 1073741825 bytes: the most is 1073741824");
    options.max_doc = UINT64_MAX;
    options.memory = UINT64_C(1) << 30;
    ck_assert_int_eq(clean(), MK_OPTION);
}
END_TEST

START_TEST(a_part_needs_the_number_of_parts)
{
    add_input(records_file("a.jsonl", "a", 3, 0));
    options.part = 1;
    ck_assert_int_eq(clean(), MK_OPTION);
    ck_assert_str_eq(error.text, "no part 1 of 0");
    options.part = 0;
    options.n_parts = 2;
    ck_assert_int_eq(clean(), MK_OPTION);
    options.part = options.n_parts = 1;
    must_clean();
}
END_TEST

/* ---- stopping ---- */

static volatile sig_atomic_t stop;

START_TEST(a_stop_leaves_no_final_name)
{
    stop = 1;
    options.stop = &stop;
    options.ledger = path_of("ledger.jsonl");
    add_input(records_file("a.jsonl", "a", 3, 0));
    ck_assert_int_eq(clean(), MK_STOPPED);
    ck_assert_int_eq(error.code, MK_STOPPED);
    ck_assert_folder("a.jsonl ");
}
END_TEST

static void stop_now(void *arg, const mk_progress *progress)
{
    (void)arg;
    stop = progress->n_in > 0;
}

START_TEST(a_stop_in_the_middle_leaves_no_final_name)
{
    stop = 0;
    options.stop = &stop;
    options.on_progress = stop_now;
    add_input(records_file("a.jsonl", "a", 5000, 100));
    ck_assert_int_eq(clean(), MK_STOPPED);
    ck_assert_uint_gt(summary.n_in, 0);
    ck_assert_uint_lt(summary.n_in, 5000);
    ck_assert_folder("a.jsonl ");
}
END_TEST

static void stop_at_the_end(void *arg, const mk_progress *progress)
{
    (void)arg;
    stop = progress->n_in == 5;
}

START_TEST(a_stop_ends_the_attributes)
{
    stop = 0;
    options.stop = &stop;
    options.on_progress = stop_at_the_end;
    options.ledger = path_of("ledger.jsonl");
    options.attributes = path_of("attributes.jsonl");
    add_input(records_file("a.jsonl", "a", 5, 10));
    ck_assert_int_eq(clean(), MK_STOPPED);
    ck_assert_folder("a.jsonl ledger.jsonl out.jsonl ");
}
END_TEST

START_TEST(attributes_need_a_ledger_and_files)
{
    add_input(records_file("a.jsonl", "a", 5, 10));
    options.attributes = path_of("attributes.jsonl");
    ck_assert_int_eq(clean(), MK_OPTION);
    options.ledger = path_of("ledger.jsonl");
    options.output = "-";
    ck_assert_int_eq(clean(), MK_OPTION);
    options.output = path_of("run/");
    options.ledger = "auto";
    ck_assert_int_eq(clean(), MK_OPTION);
    ck_assert_folder("a.jsonl ");
}
END_TEST

static void last_progress(void *arg, const mk_progress *progress)
{
    *(mk_progress *)arg = *progress;
}

START_TEST(the_last_progress_is_the_end)
{
    mk_progress last = {0};
    options.on_progress = last_progress;
    options.on_message = NULL;
    options.arg = &last;
    add_input(records_file("a.jsonl", "a", 3000, 10));
    must_clean();
    ck_assert_uint_eq(last.n_in, 3000);
    ck_assert_uint_eq(last.n_written, 3000);
    ck_assert_uint_eq(last.text_out, summary.text_out);
    ck_assert_uint_eq(last.total_bytes, summary.bytes_in);
    ck_assert_uint_le(last.bytes_in, last.total_bytes);
}
END_TEST

/* ---- damage ---- */

START_TEST(of_three_members_with_a_flaw_in_the_second_the_first_is_written)
{
    mk_buf gz = {.max = MK_BUF_MAX};
    put_member(&gz, "one", 5, 20, 0);
    put_member(&gz, "two", 5, 20, 12);
    put_member(&gz, "three", 5, 20, 0);
    add_input(mk_test_file("a.jsonl.gz", mk_buf_str(&gz)));
    add_input(records_file("b.jsonl", "b", 1, 0));
    mk_buf_clear(&gz);
    must_clean();
    ck_assert_uint_eq(summary.n_damaged, 1);
    ck_assert_uint_eq(summary.n_written, 6);
    ck_assert_uint_eq(count_lines(options.output), 6);
    ck_assert(holds(options.output, "\"one5\""));
    ck_assert(!holds(options.output, "\"two1\""));
    ck_assert(!holds(options.output, "\"three1\"")); /* a stream ends where it is damaged */
    ck_assert(holds(options.output, "\"b1\""));
    ck_assert(was_told("a.jsonl.gz"));
}
END_TEST

START_TEST(a_member_that_is_cut_off_is_damage)
{
    mk_buf gz = {.max = MK_BUF_MAX};
    put_member(&gz, "one", 5, 20, 0);
    put_member(&gz, "two", 5, 20, 0);
    add_input(mk_test_file("a.jsonl.gz", (mk_str){gz.ptr, gz.len - 3}));
    mk_buf_clear(&gz);
    must_clean();
    ck_assert_uint_eq(summary.n_damaged, 1);
    ck_assert_uint_eq(summary.n_written, 5);
}
END_TEST

/* A small file, then a member that is too large to be checked before it is read,
 * with a flaw near its end (if flawed; else left out), then a file with some of
 * the same texts. */
static void run_with_large_member(bool flawed, unsigned threads, const char *out,
                                  const char *ledger, const char *rejects)
{
    options.n_inputs = 0;
    options.threads = threads;
    options.dedup = true;
    options.output = out;
    options.ledger = ledger;
    options.rejects = rejects;
    add_input(records_file("a.jsonl", "a", 300, 50));
    mk_buf gz = {.max = MK_BUF_MAX};
    put_member(&gz, "good", 10, 20, 0);
    if (flawed) {
        mk_buf lines = {.max = MK_BUF_MAX};
        put_records(&lines, "large", 5000, 1000); /* 5 MB */
        mk_buf_puts(&lines, "{\"text\":\n");
        put_records(&lines, "a", 300, 50);
        ck_assert_uint_gt(lines.len, MK_STREAM_VERIFY);
        put_gz(&gz, mk_buf_str(&lines));
        gz.ptr[gz.len - 7] ^= 1; /* in the CRC */
        mk_buf_clear(&lines);
    }
    mk_test_file("b.jsonl.gz", mk_buf_str(&gz));
    add_input(path_of("b.jsonl.gz"));
    mk_buf_clear(&gz);
    add_input(records_file("c.jsonl", "large", 100, 1000));
    add_input(records_file("d.jsonl", "a", 10, 50));
    must_clean();
}

/* What came of a large member that proves damaged is taken back: files, counts,
 * and what dedup remembers are as if it had not been there. */
START_TEST(a_large_member_with_a_flaw_leaves_nothing)
{
    static const unsigned threads[] = {1, 2, 7};
    run_with_large_member(false, 1, path_of("want.jsonl"), path_of("want.ledger"),
                          path_of("want.rejects"));
    ck_assert_uint_eq(summary.n_written, 410);
    ck_assert_uint_eq(summary.n_duplicate, 10);
    const mk_summary want = summary;
    summary = (mk_summary){0};
    run_with_large_member(true, threads[_i], path_of("out.jsonl"), path_of("out.ledger"),
                          path_of("out.rejects"));
    ck_assert_uint_eq(summary.n_damaged, 1);
    ck_assert(was_told(" records that came of it were taken back"));
    ck_assert_same_bytes(path_of("out.jsonl"), path_of("want.jsonl"));
    ck_assert_same_bytes(path_of("out.ledger"), path_of("want.ledger"));
    ck_assert_same_bytes(path_of("out.rejects"), path_of("want.rejects"));
    ck_assert_uint_eq(summary.n_in, want.n_in);
    ck_assert_uint_eq(summary.n_written, want.n_written);
    ck_assert_uint_eq(summary.n_duplicate, want.n_duplicate);
    ck_assert_uint_eq(summary.n_rejected, want.n_rejected);
    ck_assert_uint_eq(summary.text_in, want.text_in);
    ck_assert_uint_eq(summary.text_out, want.text_out);
    ck_assert_uint_eq(summary.lines_in, want.lines_in);
    ck_assert_uint_eq(summary.lines_out, want.lines_out);
    ck_assert_uint_eq(summary.letters_in, want.letters_in);
    ck_assert_uint_eq(summary.n_sources, want.n_sources);
    ck_assert_uint_eq(summary.bytes_out, want.bytes_out);
    ck_assert_uint_eq(summary.n_tallies, want.n_tallies);
    for (size_t i = 0; i < want.n_tallies; i++) {
        ck_assert_uint_eq(summary.tallies[i].spans, want.tallies[i].spans);
        ck_assert_uint_eq(summary.tallies[i].lines, want.tallies[i].lines);
    }
    free(want.tallies);
}
END_TEST

/* What is taken back of a single member does not show in its sum. */
START_TEST(a_single_gzip_member_forgets_what_is_taken_back)
{
    options.codec = "gz-single";
    run_with_large_member(false, 1, path_of("want.jsonl.gz"), path_of("want.ledger"),
                          path_of("want.rejects"));
    mk_summary_clear(&summary);
    run_with_large_member(true, 2, path_of("out.jsonl.gz"), path_of("out.ledger"),
                          path_of("out.rejects"));
    ck_assert(was_told(" records that came of it were taken back"));
    options = (mk_clean_options){.output = path_of("plain.jsonl"), .on_message = note};
    mk_summary_clear(&summary);
    options.inputs = inputs;
    add_input(path_of("out.jsonl.gz"));
    must_clean();
    ck_assert_uint_eq(summary.n_damaged, 0);
    ck_assert_uint_eq(summary.n_written, 410);
}
END_TEST

START_TEST(a_large_member_without_a_flaw_stays)
{
    mk_buf gz = {.max = MK_BUF_MAX};
    put_member(&gz, "large", 5000, 1000, 0);
    add_input(mk_test_file("a.jsonl.gz", mk_buf_str(&gz)));
    mk_buf_clear(&gz);
    must_clean();
    ck_assert_uint_eq(summary.n_damaged, 0);
    ck_assert_uint_eq(count_lines(options.output), 5000);
}
END_TEST

/* ---- threads ---- */

START_TEST(threads_do_not_change_a_byte)
{
    static const unsigned threads[] = {0, 2, 3, 7};
    static const char *const names[][2] = {{"a.jsonl.gz", "b.jsonl.gz"},
                                           {"a.ledger.zst", "b.ledger.zst"},
                                           {"a.rejects", "b.rejects"},
                                           {"a.json", "b.json"}};
    mk_buf lines = {.max = MK_BUF_MAX};
    put_records(&lines, "x", 3000, 900); /* some blocks, many batches */
    mk_buf_puts(&lines, "{\"text\":\n{\"text\":\"  \"}\n");
    put_records(&lines, "x", 100, 900);
    put_records(&lines, "y", 700, 10);
    mk_test_file("in.jsonl", mk_buf_str(&lines));
    add_input(path_of("in.jsonl"));
    mk_buf_clear(&lines);
    options.dedup = true;
    for (size_t run = 0; run < 2; run++) {
        options.threads = run == 0 ? 1 : threads[_i];
        options.output = path_of(names[0][run]);
        options.ledger = path_of(names[1][run]);
        options.rejects = path_of(names[2][run]);
        options.summary = path_of(names[3][run]);
        must_clean();
        ck_assert_uint_eq(summary.n_duplicate, 100);
        ck_assert_uint_eq(summary.n_filtered, 1);
        ck_assert_uint_eq(summary.n_rejected, 1);
    }
    for (size_t i = 0; i < 4; i++)
        ck_assert_same_bytes(path_of(names[i][0]), path_of(names[i][1]));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("clean");
    TCase *const t = tcase_create("clean");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, writes_what_it_reads);
    tcase_add_test(t, reads_inputs_in_the_order_given);
    tcase_add_test(t, a_missing_input_is_a_damage_and_the_rest_is_done);
    tcase_add_test(t, an_empty_file_is_noted_and_the_rest_is_done);
    tcase_add_test(t, no_record_at_all_is_an_empty_output);
    tcase_add_test(t, a_record_that_is_too_long_is_rejected);
    tcase_add_test(t, conserves_every_kind_of_record);
    tcase_add_test(t, rejects_hold_the_records);
    tcase_add_test(t, a_duplicate_is_in_the_ledger);
    tcase_add_test(t, without_dedup_all_copies_are_written);
    tcase_add_test(t, the_summary_is_a_file_too);
    tcase_add_test(t, the_ledger_restores_what_was_read);
    tcase_add_test(t, an_output_that_exists_is_refused);
    tcase_add_test(t, force_replaces_it);
    tcase_add_test(t, a_side_file_that_exists_is_refused_before_anything_is_written);
    tcase_add_test(t, an_output_in_no_folder_is_refused);
    tcase_add_test(t, records_have_a_largest_size);
    tcase_add_test(t, a_part_needs_the_number_of_parts);
    tcase_add_test(t, a_stop_leaves_no_final_name);
    tcase_add_test(t, a_stop_in_the_middle_leaves_no_final_name);
    tcase_add_test(t, a_stop_ends_the_attributes);
    tcase_add_test(t, attributes_need_a_ledger_and_files);
    tcase_add_test(t, the_last_progress_is_the_end);
    tcase_add_test(t, of_three_members_with_a_flaw_in_the_second_the_first_is_written);
    tcase_add_test(t, a_member_that_is_cut_off_is_damage);
    tcase_add_loop_test(t, a_large_member_with_a_flaw_leaves_nothing, 0, 3);
    tcase_add_test(t, a_single_gzip_member_forgets_what_is_taken_back);
    tcase_add_test(t, a_large_member_without_a_flaw_stays);
    tcase_add_loop_test(t, threads_do_not_change_a_byte, 0, 4);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
