/* test_opener.c: inputs come in their order, opened ahead or not. */
#include <stdio.h>

#include "read/opener.h"
#include "support.h"

enum { N = 61, LARGE = 300000, MISSING = 17 };
static char paths[N][600], texts[N][32];
static mk_input items[N];
static const mk_inputs inputs = {.items = items, .n = N};
static mk_error error;

/* Files 0 to 60: number 17 is missing, every tenth is large. */
static void setup(void)
{
    static char large[LARGE];

    memset(large, 'x', sizeof(large));
    for (size_t i = 0; i < N; i++) {
        snprintf(texts[i], sizeof(texts[i]), "file number %zu", i);
        const mk_str text = i % 10 == 9 ? (mk_str){large, LARGE} : mk_str_of(texts[i]);
        char name[16];
        snprintf(name, sizeof(name), "%zu", i);
        snprintf(paths[i], sizeof(paths[i]), "%s/%s", mk_test_folder(), name);
        if (i != MISSING)
            mk_test_file(name, text);
        items[i] = (mk_input){
            .path = paths[i], .name = texts[i], .size = i == MISSING ? 0 : text.len};
    }
}

static void check_opened(size_t i, mk_opened *o)
{
    mk_str head;

    if (i == MISSING) {
        ck_assert_int_eq(o->err, MK_DAMAGED);
        ck_assert_ptr_nonnull(strstr(o->error.text, "cannot open"));
        return;
    }
    ck_assert_int_eq(o->err, MK_OK);
    ck_assert_int_eq(mk_stream_peek(o->stream, MK_OPENER_HEAD, &head, &error), MK_OK);
    if (i % 10 == 9)
        ck_assert_uint_eq(head.len, MK_OPENER_HEAD);
    else
        ck_assert_mk_str_eq(head, mk_str_of(texts[i]));
}

static const mk_limits limits = {0};

/* n of them are wanted. */
static void open_some(unsigned n_workers, size_t n)
{
    mk_pool *pool = NULL;
    mk_opener *opener = NULL;

    ck_assert_int_eq(mk_pool_open(n_workers, &pool, &error), MK_OK);
    ck_assert_int_eq(
        mk_opener_open(&inputs, &limits, NULL, n_workers ? pool : NULL, &opener, &error), MK_OK);
    for (size_t i = 0; i < n; i++) {
        mk_opened opened = mk_opener_next(opener);
        check_opened(i, &opened);
        mk_stream_close(opened.stream);
    }
    mk_opener_close(opener);
    mk_pool_close(pool);
}

START_TEST(gives_inputs_in_their_order)
{
    open_some((unsigned)_i, N);
}
END_TEST

START_TEST(can_be_left_at_any_input)
{
    for (size_t n = 0; n < N; n++)
        open_some(2, n);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("opener");
    TCase *const t = tcase_create("opener");

    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, gives_inputs_in_their_order, 0, 4);
    tcase_add_test(t, can_be_left_at_any_input);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
