/* test_arena.c: memory of a batch. */
#include <stdlib.h>

#include "base/arena.h"
#include "support.h"

static mk_arena *arena;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

static mk_str format(const char *fmt, ...) MK_PRINTF(1, 2);
static mk_str format(const char *fmt, ...)
{
    va_list args;
    mk_str s;

    va_start(args, fmt);
    s = mk_arena_vformat(arena, fmt, args);
    va_end(args);
    return s;
}

static bool all_bytes(const char *ptr, size_t n, char want)
{
    for (size_t i = 0; i < n; i++)
        if (ptr[i] != want)
            return false;
    return true;
}

START_TEST(aligns_after_odd_bytes)
{
    for (size_t n = 1; n < 40; n++) {
        ck_assert_ptr_nonnull(mk_arena_bytes(arena, n));
        ck_assert_uint_eq((uintptr_t)mk_arena_alloc(arena, n) % 16, 0);
    }
}
END_TEST

START_TEST(zeroes_memory_that_was_used_before)
{
    for (int round = 0; round < 3; round++) {
        char *const ptr = mk_arena_alloc(arena, 5000);
        ck_assert_ptr_nonnull(ptr);
        ck_assert(all_bytes(ptr, 5000, 0));
        memset(ptr, 'x', 5000);
        mk_arena_reset(arena);
    }
}
END_TEST

START_TEST(keeps_pieces_apart)
{
    enum { N = 3000 };
    static char *pieces[N];
    static size_t sizes[N];

    for (size_t i = 0; i < N; i++) {
        sizes[i] = (i * 7919) % (i % 100 == 0 ? 300000 : 700) + 1;
        pieces[i] = i % 2 ? mk_arena_bytes(arena, sizes[i]) : mk_arena_alloc(arena, sizes[i]);
        ck_assert_ptr_nonnull(pieces[i]);
        memset(pieces[i], (char)(i % 127), sizes[i]);
    }
    for (size_t i = 0; i < N; i++)
        ck_assert(all_bytes(pieces[i], sizes[i], (char)(i % 127)));
}
END_TEST

START_TEST(refuses_sizes_that_overflow)
{
    static const size_t sizes[] = {SIZE_MAX,        SIZE_MAX - 15,       SIZE_MAX - 31,
                                   SIZE_MAX - 64,   (size_t)PTRDIFF_MAX, (size_t)PTRDIFF_MAX - 16,
                                   SIZE_MAX / 2 + 2};

    mk_arena_bytes(arena, 3);
    ck_assert_ptr_null(mk_arena_alloc(arena, sizes[_i]));
    ck_assert_ptr_null(mk_arena_bytes(arena, sizes[_i]));
}
END_TEST

START_TEST(works_after_a_refusal)
{
    ck_assert_ptr_null(mk_arena_alloc(arena, SIZE_MAX - 40));
    ck_assert_ptr_nonnull(mk_arena_alloc(arena, 40));
}
END_TEST

START_TEST(gives_nothing_an_address)
{
    ck_assert_ptr_nonnull(mk_arena_alloc(arena, 0));
    ck_assert_ptr_nonnull(mk_arena_bytes(arena, 0));
}
END_TEST

START_TEST(copies_text)
{
    char text[] = "منخل";
    const mk_str copy = mk_arena_str(arena, mk_str_of(text));

    memset(text, 'x', sizeof(text) - 1);
    ck_assert_mk_str_eq(copy, MK_STR("منخل"));
}
END_TEST

START_TEST(copies_empty_text_as_null)
{
    const mk_str copy = mk_arena_str(arena, MK_STR(""));

    ck_assert_ptr_null(copy.ptr);
    ck_assert_uint_eq(copy.len, 0);
}
END_TEST

START_TEST(formats_short_and_long)
{
    const mk_str s = format("%s %d%%", "سطر", 12);
    const mk_str pad = format("%*d", 200000, 5);

    ck_assert_mk_str_eq(s, MK_STR("سطر 12%"));
    ck_assert_uint_eq(pad.len, 200000);
    ck_assert_int_eq(pad.ptr[199999], '5');
    ck_assert_int_eq(pad.ptr[0], ' ');
}
END_TEST

START_TEST(formats_nothing_as_empty)
{
    const mk_str s = format("%s", "");

    ck_assert_uint_eq(s.len, 0);
    ck_assert_ptr_nonnull(s.ptr); /* it is not out of memory */
}
END_TEST

START_TEST(first_block_is_small)
{
    mk_arena_alloc(arena, 1);
    ck_assert_uint_ge(mk_arena_size(arena), 64 << 10);
    ck_assert_uint_lt(mk_arena_size(arena), 65 << 10);
}
END_TEST

START_TEST(blocks_stop_growing_at_a_mebibyte)
{
    for (int i = 0; i < 1000; i++)
        ck_assert_ptr_nonnull(mk_arena_alloc(arena, 10000));
    /* 10 MB were asked for; at most the last block and the ends are spare. */
    ck_assert_uint_ge(mk_arena_size(arena), 10000000);
    ck_assert_uint_lt(mk_arena_size(arena), 10000000 + (2 << 20));
}
END_TEST

START_TEST(large_piece_does_not_close_a_fresh_block)
{
    mk_arena_alloc(arena, 100);
    mk_arena_alloc(arena, 10 << 20);
    const size_t size = mk_arena_size(arena);
    for (int i = 0; i < 50; i++)
        mk_arena_alloc(arena, 1000);
    ck_assert_uint_eq(mk_arena_size(arena), size);
}
END_TEST

START_TEST(reset_keeps_the_largest_block)
{
    mk_arena_alloc(arena, 100);
    mk_arena_alloc(arena, 3 << 20);
    mk_arena_alloc(arena, 2 << 20);
    mk_arena_reset(arena);
    const size_t size = mk_arena_size(arena);
    ck_assert_uint_ge(size, 3 << 20);
    ck_assert_uint_lt(size, (3 << 20) + 4096);
    mk_arena_alloc(arena, (3 << 20) - 4096);
    ck_assert_uint_eq(mk_arena_size(arena), size);
}
END_TEST

START_TEST(reset_frees_huge_blocks)
{
    mk_arena_alloc(arena, 20 << 20);
    mk_arena_alloc(arena, 5 << 20);
    mk_arena_alloc(arena, 100);
    mk_arena_reset(arena);
    ck_assert_uint_lt(mk_arena_size(arena), 4 << 20);
    ck_assert_ptr_nonnull(mk_arena_alloc(arena, 100));
}
END_TEST

START_TEST(reset_of_an_empty_arena_is_allowed)
{
    const size_t size = mk_arena_size(arena);

    mk_arena_reset(arena);
    mk_arena_reset(arena);
    ck_assert_uint_eq(mk_arena_size(arena), size);
}
END_TEST

START_TEST(same_batches_take_no_more_memory)
{
    size_t size = 0;

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 300; i++)
            mk_arena_alloc(arena, 3000);
        if (round == 3)
            size = mk_arena_size(arena);
        else if (round > 3)
            ck_assert_uint_le(mk_arena_size(arena), size);
        mk_arena_reset(arena);
    }
}
END_TEST

START_TEST(free_takes_null)
{
    mk_arena_free(NULL);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("arena");
    TCase *const t = tcase_create("arena");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, aligns_after_odd_bytes);
    tcase_add_test(t, zeroes_memory_that_was_used_before);
    tcase_add_test(t, keeps_pieces_apart);
    tcase_add_loop_test(t, refuses_sizes_that_overflow, 0, 7);
    tcase_add_test(t, works_after_a_refusal);
    tcase_add_test(t, gives_nothing_an_address);
    tcase_add_test(t, copies_text);
    tcase_add_test(t, copies_empty_text_as_null);
    tcase_add_test(t, formats_short_and_long);
    tcase_add_test(t, formats_nothing_as_empty);
    tcase_add_test(t, first_block_is_small);
    tcase_add_test(t, blocks_stop_growing_at_a_mebibyte);
    tcase_add_test(t, large_piece_does_not_close_a_fresh_block);
    tcase_add_test(t, reset_keeps_the_largest_block);
    tcase_add_test(t, reset_frees_huge_blocks);
    tcase_add_test(t, reset_of_an_empty_arena_is_allowed);
    tcase_add_test(t, same_batches_take_no_more_memory);
    tcase_add_test(t, free_takes_null);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
