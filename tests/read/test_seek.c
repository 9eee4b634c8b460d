/* test_seek.c: a walk that begins at a record tells of what a whole walk tells of from there
 * on: records with their bytes, numbers, units and places, and damages. */
#include <fcntl.h>
#include <unistd.h>

#include "packing.h"
#include "read/source.h"

enum { MAX_DOC = 2000 /* bytes */ };

/* What a walk told of: a line for each event, and where those of records begin. */
typedef struct told {
    mk_buf text;
    struct {
        mk_position at;
        size_t from; /* bytes of text */
    } records[4000];
    size_t n;
} told;

static const char *path;
static told whole, rest;

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    told *const t = arg;
    const mk_place *const p = &record->place;

    must_be(t->n < sizeof(t->records) / sizeof(*t->records));
    t->records[t->n].at = source->at;
    t->records[t->n++].from = t->text.len;
    mk_buf_printf(&t->text, "%d: record %d of unit %d, %d, ", (int)source->at.event,
                  (int)record->number, (int)record->unit, record->verified);
    mk_buf_printf(&t->text, "%d damages, part %d, %d, %d, %d: ", (int)source->n_damaged,
                  (int)p->start, (int)p->inner, (int)p->unit, (int)p->unpacked);
    mk_buf_put(&t->text, reason ? mk_str_of(reason) : record->bytes);
    mk_buf_putc(&t->text, '\n');
    return MK_OK;
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    told *const t = arg;

    mk_buf_printf(&t->text, "%d: damage of unit %d, %s\n", (int)source->at.event, (int)unit, text);
    return MK_OK;
}

static void take_note(void *arg, const char *text)
{
    mk_buf_printf(&((told *)arg)->text, "note: %s\n", text);
}

/* A walk over the file, from `from` on. */
static mk_err walk(told *t, const mk_position *from, mk_pool *pool, mk_error *error)
{
    const char *const inputs[] = {path};
    const mk_clean_options options = {.inputs = inputs, .n_inputs = 1, .max_doc = MAX_DOC};
    const mk_source_events events = {take_record, take_damage, take_note, t};
    mk_read_options read;
    mk_inputs files = {0};
    mk_summary summary = {0};

    must_be(mk_source_options(&options, &read, error) == MK_OK);
    read.pool = pool;
    must_be(mk_source_list(&options, &read, &events, &files, error) == MK_OK);
    mk_buf_reset(&t->text);
    t->text.max = MK_BUF_MAX;
    t->n = 0;
    const mk_err err = mk_source_walk(&options, &files, from, &read, &events, &summary, error);
    must_be(!t->text.failed);
    mk_inputs_clear(&files);
    mk_source_options_clear(&read);
    return err;
}

/* ---- files ---- */

static void write_file(const char *name, mk_str bytes)
{
    path = mk_test_file(name, bytes);
    drop(bytes);
}

/* Lines that tell their number: blank ones, bad ones, one too long in each ten. */
static mk_str lines(unsigned n, size_t long_one)
{
    const mk_str filler = noise(long_one);
    mk_buf text = {.max = MK_BUF_MAX};

    mk_buf_puts(&text, "\xEF\xBB\xBF");
    for (unsigned i = 1; i <= n; i++) {
        if (i % 10 == 0)
            for (size_t k = 0; k < filler.len; k++)
                mk_buf_putc(&text, filler.ptr[k] == '\n' ? ' ' : filler.ptr[k]);
        else if (i % 7 == 0)
            mk_buf_puts(&text, "\r");
        else
            mk_buf_printf(&text, "{\"text\":\"%u\"}%s", i, i % 3 ? "" : "\r");
        mk_buf_putc(&text, '\n');
    }
    must_be(!text.failed);
    drop(filler);
    return (mk_str){text.ptr, text.len};
}

/* text in parts of that size, each packed by itself; frees it. */
static mk_str pack_parts(mk_str text, size_t size, mk_str (*pack)(mk_str))
{
    mk_str all = copy(MK_STR(""));

    for (size_t at = 0; at < text.len; at += size)
        all = join(all, pack(mk_str_sub(text, at, at + size < text.len ? at + size : text.len)));
    drop(text);
    return all;
}

static void make_plain(void)
{
    write_file("in.jsonl", lines(500, 4000));
}

static void make_gzip(void)
{
    write_file("in.jsonl.gz", pack_parts(lines(500, 4000), 3333, pack_gzip));
}

static void make_gzip_with_garbage(void)
{
    const mk_str packed = pack_parts(lines(500, 4000), 7001, pack_gzip);
    write_file("in.jsonl.gz", join(packed, copy(MK_STR("\x1f\x8b garbage"))));
}

static void make_zstd(void)
{
    const mk_str skipped = MK_STR("\x50\x2A\x4D\x18\x03\0\0\0abc");
    mk_str all = pack_parts(lines(250, 4000), 3333, pack_zstd);
    all = join(all, copy(skipped));
    write_file("in.jsonl.zst", join(all, pack_parts(lines(250, 4000), 10000, pack_zstd)));
}

static void make_bzip2(void)
{
    write_file("in.jsonl.bz2", pack_parts(lines(500, 4000), 9999, pack_bzip2));
}

static void make_xz(void)
{
    const mk_str text = lines(500, 4000);
    write_file("in.jsonl.xz", pack_xz(text));
    drop(text);
}

/* A member that is handed on before it is known to be whole, among small ones; it is, or not. */
static mk_str large_member(bool damaged)
{
    mk_str all = pack_parts(lines(100, 4000), 3333, pack_gzip);
    mk_str large = pack_parts(lines(300, 160000), SIZE_MAX / 2, pack_gzip);

    if (damaged)
        ((char *)(uintptr_t)large.ptr)[large.len - 6] ^= 1;
    all = join(all, large);
    return join(all, pack_parts(lines(50, 4000), 3333, pack_gzip));
}

static void make_large(void)
{
    write_file("in.jsonl.gz", large_member(false));
}

static void make_large_damaged(void)
{
    write_file("in.jsonl.gz", large_member(true));
}

/* Records of a crawl, some in members of their own; two members are damaged. */
static mk_str records(unsigned n, bool packed)
{
    const mk_str filler = noise(1500);
    mk_str all = copy(MK_STR("")), part = copy(MK_STR(""));

    for (unsigned i = 0; i < n; i++) {
        mk_buf text = {.max = MK_BUF_MAX};
        mk_buf_printf(&text, "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: %zu\r\n\r\n",
                      filler.len + i % 5);
        mk_buf_put(&text, filler);
        mk_buf_put(&text, mk_str_sub(MK_STR("12345"), 0, i % 5));
        mk_buf_puts(&text, "\r\n\r\n");
        part = join(part, (mk_str){text.ptr, text.len});
        if (packed && i % 4 != 1) {
            mk_str member = pack_gzip(part);
            if (i == 20 || i == 22)
                ((char *)(uintptr_t)member.ptr)[member.len / 2] ^= 0x20;
            all = join(all, member);
            drop(part);
            part = copy(MK_STR(""));
        }
    }
    drop(filler);
    return join(all, part);
}

static void make_warc(void)
{
    write_file("in.warc", records(150, false));
}

static void make_warc_gzip(void)
{
    write_file("in.warc.gz", records(151, true));
}

static const struct {
    void (*make)(void);
    const char *says; /* that a walk must have told of */
} kinds[] = {
    {make_plain, "longer than"},
    {make_gzip, "longer than"},
    {make_gzip_with_garbage, "damage of"},
    {make_zstd, "longer than"},
    {make_bzip2, "longer than"},
    {make_xz, "longer than"},
    {make_large, ", 0, 0 damages"},
    {make_large_damaged, "crc mismatch"},
    {make_warc, "conversion"},
    {make_warc_gzip, "1 damages"},
};

enum { N_KINDS = sizeof(kinds) / sizeof(*kinds) };

/* ---- tests ---- */

static void check_from(size_t i, mk_pool *pool)
{
    const size_t from = whole.records[i].from;
    mk_error error;

    ck_assert_int_eq(walk(&rest, &whole.records[i].at, pool, &error), MK_OK);
    ck_assert_msg(mk_str_eq(mk_buf_str(&rest.text),
                            mk_str_sub(mk_buf_str(&whole.text), from, whole.text.len)),
                  "from record %zu of %zu, with %d threads: %.300s", i, whole.n, pool != NULL,
                  rest.text.ptr);
}

START_TEST(tells_the_same_from_any_record)
{
    mk_pool *pool = NULL;
    mk_error error;

    must_be(mk_pool_open(2, &pool, &error) == MK_OK);
    kinds[_i].make();
    ck_assert_int_eq(walk(&whole, NULL, NULL, &error), MK_OK);
    ck_assert(memmem(whole.text.ptr, whole.text.len, kinds[_i].says, strlen(kinds[_i].says)));
    ck_assert_uint_gt(whole.n, 100);
    for (size_t i = 0; i < whole.n; i += 1 + whole.n / 40)
        check_from(i, i % 2 ? pool : NULL);
    check_from(whole.n - 1, pool);
    mk_pool_close(pool);
}
END_TEST

/* What of a file a walk from its last record must not read. */
START_TEST(does_not_read_what_is_before)
{
    mk_error error;

    (_i ? make_gzip : make_plain)();
    ck_assert_int_eq(walk(&whole, NULL, NULL, &error), MK_OK);
    const int fd = open(path, O_WRONLY);
    const uint64_t end = whole.records[whole.n - 1].at.place.start +
                         (_i ? 0 : whole.records[whole.n - 1].at.place.inner);
    const mk_str zeros = {must(calloc(1, 4096)), 4096};
    ck_assert_uint_gt(end, 70000);
    for (uint64_t at = _i ? 65000 : 66000; at + zeros.len < end; at += zeros.len)
        must_be(pwrite(fd, zeros.ptr, zeros.len, (off_t)at) == (ssize_t)zeros.len);
    close(fd);
    drop(zeros);
    check_from(whole.n - 1, NULL);
}
END_TEST

START_TEST(refuses_a_place_that_is_not_there)
{
    mk_error error;

    (_i % 2 ? make_gzip : make_plain)();
    ck_assert_int_eq(walk(&whole, NULL, NULL, &error), MK_OK);
    mk_position at = whole.records[whole.n - 1].at;
    if (_i < 2)
        at.place.start += 1000000;
    else
        at.place.inner += 1000000;
    ck_assert_int_eq(walk(&rest, &at, NULL, &error), MK_MISMATCH);
}
END_TEST

/* Else the rest of the file would be left out, and nobody be told. */
START_TEST(refuses_a_record_that_does_not_come)
{
    mk_error error;

    make_xz();
    ck_assert_int_eq(walk(&whole, NULL, NULL, &error), MK_OK);
    mk_position at = whole.records[whole.n - 1].at;
    at.place.unit = MK_NO_UNIT;
    ck_assert_int_eq(walk(&rest, &at, NULL, &error), MK_OK);
    at.event++;
    ck_assert_int_eq(walk(&rest, &at, NULL, &error), MK_MISMATCH);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("seek");
    TCase *const t = tcase_create("seek");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, tells_the_same_from_any_record, 0, N_KINDS);
    tcase_add_loop_test(t, does_not_read_what_is_before, 0, 2);
    tcase_add_loop_test(t, refuses_a_place_that_is_not_there, 0, 4);
    tcase_add_test(t, refuses_a_record_that_does_not_come);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
