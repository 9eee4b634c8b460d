/* test_ahead.c: a stream read ahead says what it says when it is read by itself. */
#include "packing.h"
#include "read/ahead.h"

/* All that a stream says, in words: each piece with its place, each failure. */
static mk_str told_by(mk_stream *s)
{
    mk_buf told = {.max = MK_BUF_MAX};
    mk_str piece;
    mk_error error;
    mk_err err;

    while ((err = s->read(s, &piece, &error)) != MK_END) {
        mk_buf_printf(&told, "%d unit %d ", (int)err, (int)s->unit);
        if (err == MK_OK) {
            mk_buf_printf(&told, "%d from %d at %d stored %d: ", s->verified, (int)s->unit_start,
                          (int)s->unit_at, (int)s->stored);
            mk_buf_put(&told, piece);
        } else {
            mk_buf_printf(&told, "%s", error.text);
            if (!mk_stream_resume(s))
                mk_buf_puts(&told, " and no more");
        }
        mk_buf_putc(&told, '\n');
    }
    mk_buf_printf(&told, "stored %d", (int)s->stored);
    must_be(!told.failed);
    return (mk_str){told.ptr, told.len};
}

/* Small units, which are checked first, around a large one. Damaged is the first, the
 * large one, the one behind it, or none. */
static mk_str make_packed(int kind)
{
    static const int damaged[] = {0, 3, 4, 7};
    mk_str small = noise(300), large = noise((4 << 20) + 100000), middle = noise(700000);
    mk_str (*const pack)(mk_str) = kind % 2 ? pack_zstd : pack_gzip;
    mk_str all = copy(MK_STR(""));

    for (int i = 0; i < 7; i++) {
        mk_str part = pack(i == 3 ? large : i % 2 ? middle : small);
        if (i == damaged[kind / 2])
            ((char *)(uintptr_t)part.ptr)[part.len * 3 / 4] ^= 0x55;
        all = join(all, part);
    }
    if (kind == 0)
        all.len -= 3; /* cut off */
    drop(small);
    drop(large);
    drop(middle);
    return all;
}

enum { N_KINDS = 8 };
static const unsigned workers[] = {0, 1, 3};

START_TEST(says_what_its_source_says)
{
    const mk_str packed = make_packed(_i);
    mk_stream *s = NULL;
    mk_error error;

    must_be(mk_stream_bytes_by("in", packed, MK_STREAM_CHUNK, &s, &error) == MK_OK);
    must_be(mk_stream_decode(&s, &error) == MK_OK);
    const mk_str want = told_by(s);
    mk_stream_close(s);
    for (size_t i = 0; i < 3; i++) {
        mk_pool *pool = NULL;
        mk_stream *source = NULL;

        must_be(mk_pool_open(workers[i], &pool, &error) == MK_OK);
        must_be(mk_stream_bytes_by("in", packed, MK_STREAM_CHUNK, &source, &error) == MK_OK);
        must_be(mk_stream_decode(&source, &error) == MK_OK);
        ck_assert_int_eq(mk_ahead_open(source, true, pool, &s, &error), MK_OK);
        ck_assert(s->packed);
        ck_assert_str_eq(s->name, "in");
        const mk_str got = told_by(s);
        ck_assert_msg(mk_str_eq(got, want), "%u workers", workers[i]);
        drop(got);
        mk_stream_close(s);
        mk_pool_close(pool);
    }
    drop(want);
    drop(packed);
}
END_TEST

/* Closed while a job is reading: the source is left in peace, and is the caller's. */
START_TEST(can_be_left_in_the_middle)
{
    const mk_str bytes = noise(3 << 20);
    mk_pool *pool = NULL;
    mk_stream *source = NULL, *s = NULL;
    mk_error error;
    mk_str piece;

    must_be(mk_pool_open(2, &pool, &error) == MK_OK);
    for (int n = 0; n < 8; n++) {
        must_be(mk_stream_bytes_by("in", bytes, MK_STREAM_CHUNK, &source, &error) == MK_OK);
        must_be(mk_ahead_open(source, false, pool, &s, &error) == MK_OK);
        for (int i = 0; i < n; i++)
            ck_assert_int_eq(s->read(s, &piece, &error), MK_OK);
        mk_stream_close(s);
        mk_stream_close(source);
    }
    mk_pool_close(pool);
    drop(bytes);
}
END_TEST

START_TEST(peeks_without_losing_a_byte)
{
    const mk_str bytes = noise(2 << 20);
    mk_pool *pool = NULL;
    mk_stream *source = NULL, *s = NULL;
    mk_buf all = {.max = MK_BUF_MAX};
    mk_error error;
    mk_str piece;

    must_be(mk_pool_open(1, &pool, &error) == MK_OK);
    must_be(mk_stream_bytes_by("in", bytes, 100000, &source, &error) == MK_OK);
    must_be(mk_ahead_open(source, true, pool, &s, &error) == MK_OK);
    ck_assert_int_eq(mk_stream_peek(s, MK_STREAM_CHUNK, &piece, &error), MK_OK);
    ck_assert_mk_str_eq(piece, mk_str_sub(bytes, 0, MK_STREAM_CHUNK));
    while (s->read(s, &piece, &error) == MK_OK)
        mk_buf_put(&all, piece);
    ck_assert(mk_str_eq(mk_buf_str(&all), bytes));
    mk_buf_clear(&all);
    mk_stream_close(s);
    mk_pool_close(pool);
    drop(bytes);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("ahead");
    TCase *const t = tcase_create("ahead");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, says_what_its_source_says, 0, N_KINDS);
    tcase_add_test(t, can_be_left_in_the_middle);
    tcase_add_test(t, peeks_without_losing_a_byte);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
