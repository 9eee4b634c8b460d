#include "outputs/checkpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "support.h"

static mk_error error;
static mk_chain *chain;
static mk_checkpoint was, now;
static mk_shard closed[4];
static size_t n_closed;
static mk_input_counts inputs[4];

static void setup(void)
{
    const mk_chain_options options = {.filters = "normalize"};
    ck_assert_int_eq(mk_chain_open(&options, &chain, &error), MK_OK);
    ck_assert_int_eq(mk_checkpoint_init(&was, chain, &error), MK_OK);
    ck_assert_int_eq(mk_checkpoint_init(&now, chain, &error), MK_OK);
    n_closed = 0;
    memset(inputs, 0, sizeof(inputs));
}

static void teardown(void)
{
    mk_checkpoint_clear(&was);
    mk_checkpoint_clear(&now);
    mk_chain_close(chain);
}

static mk_err on_closed(void *arg, const mk_shard *shard)
{
    (void)arg;
    if (n_closed == 4)
        return MK_NOMEM;
    closed[n_closed++] = *shard;
    return MK_OK;
}

static mk_err on_input(void *arg, uint64_t number, const mk_input_counts *counts)
{
    (void)arg;
    if (number >= 4)
        return MK_MISMATCH;
    inputs[number] = *counts;
    return MK_OK;
}

static const mk_news_reader news = {on_closed, on_input, NULL};

static mk_shard shard_of(mk_out kind, uint64_t index)
{
    mk_shard s = {.id = {kind, index, MK_CODEC_ZST, false}, .bytes = 10, .text = 20, .records = 3};
    memset(s.sha256, 'a', MK_SHA256_HEX);
    memset(s.text_sha256, '0', MK_SHA256_HEX);
    return s;
}

/* The line of `was` with two shards closed and two inputs; the caller's to clear. */
static mk_buf line_of(void)
{
    static const mk_input_counts counts[3] = {{5, 1, 1, 1, 1, 1, 2}, {0}, {7, 7, 0, 0, 0, 0, 0}};
    const mk_shard shards[2] = {shard_of(MK_OUT_DATA, 3), shard_of(MK_OUT_LEDGER, 3)};
    const mk_news what = {shards, 2, 1, counts, 3};
    mk_buf line = {.max = MK_BUF_MAX};
    was.at = (mk_position){3, 2, 1, {10, 20, 30, 40}, 50, 60};
    was.unit = 77;
    was.seq = UINT64_MAX;
    was.shard = 4;
    was.n_keys = 9;
    was.since = 6;
    was.open[MK_OUT_DATA] = shard_of(MK_OUT_DATA, 4);
    was.summary.n_in = 12;
    was.summary.letters_out = UINT64_MAX - 1;
    was.tallies.rules[1] = (mk_rule_counts){1, 2, 3, 4, 5};
    mk_summary_skip(&was.summary, MK_STR("type \"x\"/ي"), 8);
    mk_buf_puts(&line, "{\"n\":8,\"prev\":\"\"");
    mk_checkpoint_put(&was, &what, &line);
    mk_buf_puts(&line, "}\n");
    ck_assert(!line.failed);
    return line;
}

START_TEST(what_is_written_is_read_again)
{
    mk_buf line = line_of();
    ck_assert_int_eq(mk_checkpoint_read(mk_buf_str(&line), &news, &now, &error), MK_OK);
    ck_assert(now.at.file == 3 && now.at.source == 2 && now.at.event == 1);
    ck_assert(now.at.place.start == 10 && now.at.place.inner == 20 && now.at.place.unit == 30 &&
              now.at.place.unpacked == 40 && now.at.number == 50 && now.at.n_damaged == 60);
    ck_assert_uint_eq(now.unit, 77);
    ck_assert_uint_eq(now.seq, UINT64_MAX);
    ck_assert_uint_eq(now.shard, 4);
    ck_assert_uint_eq(now.n_keys, 9);
    ck_assert_uint_eq(now.since, 6);
    ck_assert(!now.end);
    ck_assert_uint_eq(now.open[MK_OUT_DATA].bytes, 10);
    ck_assert_uint_eq(now.open[MK_OUT_LEDGER].bytes, 0);
    ck_assert_uint_eq(now.summary.n_in, 12);
    ck_assert_uint_eq(now.summary.letters_out, UINT64_MAX - 1);
    ck_assert_uint_eq(now.summary.n_skips, 1);
    ck_assert_str_eq(now.summary.skips[0].name, "type \"x\"/ي");
    ck_assert_uint_eq(now.tallies.rules[1].letters, 4);
    ck_assert_uint_eq(now.tallies.rules[1].review, 5);
    ck_assert_uint_eq(now.tallies.rules[0].lines, 0);
    ck_assert_uint_eq(n_closed, 2);
    ck_assert_uint_eq(closed[1].id.kind, MK_OUT_LEDGER);
    ck_assert_uint_eq(inputs[1].damaged, 2);
    ck_assert_uint_eq(inputs[3].written, 7);
    mk_buf_clear(&line);
}
END_TEST

START_TEST(no_unit_is_read_as_none)
{
    mk_buf line = line_of();
    mk_buf again = {.max = MK_BUF_MAX};
    was.unit = MK_NO_UNIT;
    was.end = true;
    mk_buf_puts(&again, "{\"n\":8,\"prev\":\"\"");
    mk_checkpoint_put(&was, &(mk_news){.n_closed = 0}, &again);
    mk_buf_puts(&again, "}");
    ck_assert_int_eq(mk_checkpoint_read(mk_buf_str(&again), &news, &now, &error), MK_OK);
    ck_assert(now.unit == MK_NO_UNIT && now.end);
    mk_buf_clear(&line);
    mk_buf_clear(&again);
}
END_TEST

/* A byte that is changed, wherever it is: read as something else or refused, never worse. */
START_TEST(no_byte_is_taken_on_trust)
{
    mk_buf line = line_of();
    size_t n_refused = 0;
    for (size_t i = 0; i < line.len; i++) {
        const char old = line.ptr[i];
        line.ptr[i] = old == '"' ? 'x' : '"';
        n_closed = 0;
        n_refused += mk_checkpoint_read(mk_buf_str(&line), &news, &now, &error) == MK_MISMATCH;
        line.ptr[i] = old;
    }
    ck_assert_uint_gt(n_refused, line.len / 2);
    mk_buf_clear(&line);
}
END_TEST

static void ck_assert_refused(const char *from, const char *to)
{
    mk_buf line = line_of();
    mk_buf other = {.max = MK_BUF_MAX};
    mk_buf_putc(&line, '\0');
    const char *at = strstr(line.ptr, from);
    ck_assert_msg(at != NULL, "no %s", from);
    mk_buf_put(&other, (mk_str){line.ptr, (size_t)(at - line.ptr)});
    mk_buf_puts(&other, to);
    mk_buf_puts(&other, at + strlen(from));
    n_closed = 0;
    ck_assert_msg(mk_checkpoint_read(mk_buf_str(&other), &news, &now, &error) == MK_MISMATCH,
                  "'%s' for '%s' is taken", to, from);
    mk_buf_clear(&line);
    mk_buf_clear(&other);
}

START_TEST(what_cannot_be_is_refused)
{
    ck_assert_refused("\"seq\":18446744073709551615", "\"seq\":18446744073709551616");
    ck_assert_refused("\"seq\"", "\"sea\"");
    ck_assert_refused("\"end\":false", "\"end\":0");
    ck_assert_refused("[3,2,1]", "[3,2]");
    ck_assert_refused("[3,2,1]", "[3,2,1,0]");
    ck_assert_refused("data-00004.jsonl.zst", "data-00004.jsonl.zst.part");
    ck_assert_refused("data-00004", "../data-00004");
    ck_assert_refused("\"bytes\":10", "\"bytes\":0");
    ck_assert_refused("aaaaaaaa", "aaaaaaaA");
    ck_assert_refused("[[1,1,2,3,4,5]]", "[[999,1,2,3,4,5]]");
    ck_assert_refused("\"written\":0,", "");
    ck_assert_refused(",\"shard\":4", "");
    ck_assert_refused("[1,5,1,1,1,1,1,2]", "[1,5,1,1,1,1,1,-2]");
}
END_TEST

/* The line with other bytes from `from` to `to`. */
static mk_err read_with(const mk_buf *line, size_t from, size_t to, const char *with)
{
    mk_buf other = {.max = MK_BUF_MAX};

    mk_buf_put(&other, mk_str_sub(mk_buf_str(line), 0, from));
    mk_buf_puts(&other, with);
    mk_buf_put(&other, mk_str_sub(mk_buf_str(line), to, line->len));
    ck_assert(!other.failed);
    n_closed = 0;
    const mk_err err = mk_checkpoint_read(mk_buf_str(&other), &news, &now, &error);
    mk_buf_clear(&other);
    return err;
}

START_TEST(a_member_has_its_type)
{
    static const char *const others[] = {"7.5", "\"?\"", "-1", "[{}]", "{\"?\":1}"};
    mk_buf line = line_of();
    mk_test_member m;
    size_t at = strlen("{\"n\":8,\"prev\":\"\"");

    while (mk_test_json_member(mk_buf_str(&line), &at, &m))
        for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
            ck_assert_msg(read_with(&line, m.value, m.end, others[i]) == MK_MISMATCH,
                          "%s for %.40s", others[i], line.ptr + m.key);
    mk_buf_clear(&line);
}
END_TEST

START_TEST(a_number_in_a_list_is_a_number)
{
    mk_buf line = line_of();
    size_t n = 0;

    for (size_t i = 0; i + 1 < line.len; i++) {
        const char c = line.ptr[i], before = i > 0 ? line.ptr[i - 1] : ' ';
        if (c < '0' || c > '9' || (before != '[' && before != ','))
            continue;
        ck_assert_int_eq(read_with(&line, i, i, "-"), MK_MISMATCH);
        ck_assert_int_eq(read_with(&line, i, i, "\"\","), MK_MISMATCH);
        n++;
    }
    ck_assert_uint_gt(n, 20);
    mk_buf_clear(&line);
}
END_TEST

START_TEST(want_of_memory_is_told)
{
    mk_buf line = line_of();
    bool came = true;

    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        n_closed = 0;
        const mk_err err = mk_checkpoint_read(mk_buf_str(&line), &news, &now, &error);
        came = mk_test_failed();
        ck_assert_msg(came ? err != MK_OK : err == MK_OK, "call %u: %d", at, (int)err);
    }
    mk_buf_clear(&line);
}
END_TEST

START_TEST(a_copy_has_its_own_tallies)
{
    mk_buf line = line_of();
    mk_checkpoint_copy(&now, &was);
    was.tallies.rules[1].lines = 99;
    ck_assert_uint_eq(now.tallies.rules[1].lines, 1);
    ck_assert_uint_eq(now.n_keys, 9);
    mk_buf_clear(&line);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("checkpoint");
    TCase *const t = tcase_create("checkpoint");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_is_written_is_read_again);
    tcase_add_test(t, no_unit_is_read_as_none);
    tcase_add_test(t, no_byte_is_taken_on_trust);
    tcase_add_test(t, what_cannot_be_is_refused);
    tcase_add_test(t, a_member_has_its_type);
    tcase_add_test(t, a_number_in_a_list_is_a_number);
    tcase_add_test(t, want_of_memory_is_told);
    tcase_add_test(t, a_copy_has_its_own_tallies);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
