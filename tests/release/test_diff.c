#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "release/diff_lines.h"
#include "support.h"

/* ---- lines ---- */

/* "signs texts" of what is shown, with | between the lines. */
static const char *shown(const char *from, const char *to)
{
    static char out[2000];
    mk_arena *arena = mk_arena_new();
    const mk_diff_line *lines;
    size_t n, at = 0;
    ck_assert(mk_diff_show(mk_str_of(from), mk_str_of(to), arena, &lines, &n));
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%c%.*s", i ? "|" : "", lines[i].sign,
                               (int)lines[i].text.len, lines[i].text.ptr);
    mk_arena_free(arena);
    return out;
}

START_TEST(shows_changes_in_context)
{
    ck_assert_str_eq(shown("a\nb\nc\nd\ne", "a\nb\nx\nd\ne"), ".| b|-c|+x| d|.");
    ck_assert_str_eq(shown("a\nb", "a\nb\nc"), ".| b|+c");
    ck_assert_str_eq(shown("a\nb\nc", "b\nc"), "-a| b|.");
    ck_assert_str_eq(shown("", "a\n\nb"), "+a|+b");
    ck_assert_str_eq(shown("a", ""), "-a");
    ck_assert_str_eq(shown("a\nb", "a\nb"), ".");
}
END_TEST

START_TEST(shows_moved_lines_once_on_each_side)
{
    ck_assert_str_eq(shown("a\nb\nc", "c\na\nb"), "-a|-b| c|+a|+b");
    ck_assert_str_eq(shown("a\na\nb", "a\nb"), " a|-a| b");
}
END_TEST

START_TEST(shows_a_glance_of_long_texts)
{
    mk_buf text = {.max = MK_BUF_MAX};
    for (int i = 0; i < 1000; i++)
        mk_buf_printf(&text, "%d\n", i);
    mk_buf_putc(&text, '\0');
    mk_arena *arena = mk_arena_new();
    const mk_diff_line *lines;
    size_t n;
    ck_assert(mk_diff_show((mk_str){"", 0}, (mk_str){text.ptr, text.len - 1}, arena, &lines, &n));
    ck_assert_uint_eq(n, MK_DIFF_LINES + 1);
    ck_assert_int_eq(lines[n - 1].sign, '.');
    mk_arena_free(arena);
    mk_buf_clear(&text);
}
END_TEST

/* ---- corpora ---- */

static mk_diff diff;
static mk_error error;

/* n documents; every third is left out, and every fifth changed, in the newer one. */
static const char *put_docs(const char *name, unsigned n, bool newer)
{
    mk_buf docs = {.max = MK_BUF_MAX};
    for (unsigned k = 0; k < n; k++) {
        const unsigned i = newer ? n - 1 - k : k; /* another order */
        if (newer && i % 3 == 0)
            continue;
        mk_buf_printf(&docs,
                      "{\"id\":\"%u\",\"url\":\"http://s%u.example\",\"text\":\"x\\n%u%s\"}\n", i,
                      i % 4, i, newer && i % 5 == 0 ? "\\nchanged" : "");
    }
    for (unsigned i = n; newer && i < n + 10; i++)
        mk_buf_printf(&docs, "{\"id\":\"%u\",\"text\":\"new\"}\n", i);
    ck_assert(!docs.failed);
    const char *path = mk_test_file(name, mk_buf_str(&docs));
    mk_buf_clear(&docs);
    return path;
}

static void run(mk_diff_options options)
{
    options.old_path = put_docs("old.jsonl", 6000, false);
    options.new_path = put_docs("new.jsonl", 6000, true);
    error.text[0] = '\0';
    ck_assert_msg(mk_diff_run(&options, &diff, &error) == MK_OK, "%s", error.text);
}

static void check_counts(void)
{
    ck_assert_uint_eq(diff.n_old, 6000);
    ck_assert_uint_eq(diff.n_new, 4010);
    ck_assert_uint_eq(diff.n_removed, 2000);
    ck_assert_uint_eq(diff.n_added, 10);
    ck_assert_uint_eq(diff.n_changed, 800);
    ck_assert_uint_eq(diff.n_same, 3200);
    ck_assert_uint_eq(diff.n_compared, 800);
    ck_assert_uint_eq(diff.lines_added, 800);
    ck_assert_uint_eq(diff.lines_removed, 0);
    ck_assert_uint_eq(diff.sites.n, 4);
}

START_TEST(counts_what_differs_whatever_the_order)
{
    run((mk_diff_options){.threads = 1});
    check_counts();
    mk_diff_clear(&diff);
}
END_TEST

START_TEST(parts_and_threads_change_nothing)
{
    mk_str ids[2][6];
    mk_diff whole;
    run((mk_diff_options){.threads = 1, .n_samples = 2, .seed = 7});
    whole = diff;
    run((mk_diff_options){.threads = 3, .n_samples = 2, .seed = 7, .memory = 1});
    check_counts();
    ck_assert_uint_eq(diff.n_samples, 6);
    ck_assert_uint_eq(whole.n_samples, 6);
    for (size_t i = 0; i < 6; i++) {
        ids[0][i] = whole.samples[i].id;
        ids[1][i] = diff.samples[i].id;
        ck_assert_mk_str_eq(ids[0][i], ids[1][i]);
        ck_assert_int_eq((int)diff.samples[i].kind, (int)(i / 2));
    }
    mk_diff_clear(&whole);
    mk_diff_clear(&diff);
}
END_TEST

START_TEST(the_first_of_an_id_stands_for_the_first)
{
    const mk_diff_options options = {
        .old_path = mk_test_file("o.jsonl", MK_STR("{\"id\":\"1\",\"text\":\"a\"}\n"
                                                   "{\"id\":\"1\",\"text\":\"b\"}\n")),
        .new_path = mk_test_file("n.jsonl", MK_STR("{\"id\":\"1\",\"text\":\"a\"}\n"
                                                   "{\"id\":\"1\",\"text\":\"c\"}\n"
                                                   "{\"id\":\"1\",\"text\":\"d\"}\n")),
        .threads = 1};
    ck_assert(mk_diff_run(&options, &diff, &error) == MK_OK);
    ck_assert_uint_eq(diff.n_same, 1);
    ck_assert_uint_eq(diff.n_changed, 1);
    ck_assert_uint_eq(diff.n_added, 1);
    mk_diff_clear(&diff);
}
END_TEST

START_TEST(refuses_too_many_of_one_id_for_the_memory)
{
    mk_buf docs = {.max = MK_BUF_MAX};
    for (unsigned i = 0; i < 2000; i++)
        mk_buf_puts(&docs, "{\"id\":\"1\",\"text\":\"a\"}\n");
    const char *const path = mk_test_file("same.jsonl", mk_buf_str(&docs));
    mk_buf_clear(&docs);
    const mk_diff_options options = {.old_path = path, .new_path = path, .threads = 1, .memory = 1};
    /* All of them may fall into a part that is not the first, or into the first. */
    ck_assert(mk_diff_run(&options, &diff, &error) == MK_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.text, "--memory"));
    mk_diff_clear(&diff);
}
END_TEST

START_TEST(refuses_standard_input)
{
    const mk_diff_options options = {.old_path = "-", .new_path = "x"};
    ck_assert(mk_diff_run(&options, &diff, &error) == MK_OPTION);
    mk_diff_clear(&diff);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("diff");
    TCase *c = tcase_create("all");
    tcase_add_test(c, shows_changes_in_context);
    tcase_add_test(c, shows_moved_lines_once_on_each_side);
    tcase_add_test(c, shows_a_glance_of_long_texts);
    tcase_add_test(c, counts_what_differs_whatever_the_order);
    tcase_add_test(c, parts_and_threads_change_nothing);
    tcase_add_test(c, the_first_of_an_id_stands_for_the_first);
    tcase_add_test(c, refuses_too_many_of_one_id_for_the_memory);
    tcase_add_test(c, refuses_standard_input);
    suite_add_tcase(s, c);
    return mk_test_run(s);
}
