#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/input.h"
#include "support.h"

static char problems[2048]; /* what on_problem was told, in this process */

static void on_problem(void *arg, const char *text)
{
    (void)arg;
    strncat(problems, text, sizeof(problems) - strlen(problems) - 2);
    strcat(problems, "\n"); /* fits */
}

static mk_inputs list(const char *a, const char *b)
{
    const char *const paths[] = {a, b};
    mk_inputs inputs = {0};
    mk_error error = {0};
    ck_assert_msg(mk_inputs_list(paths, b ? 2 : 1, NULL, on_problem, NULL, &inputs, &error) ==
                      MK_OK,
                  "%s", error.text);
    return inputs;
}

/* All names, a space after each. */
static const char *names(const mk_inputs *inputs)
{
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; i < inputs->n; i++) {
        const size_t len = strlen(text);
        snprintf(text + len, sizeof(text) - len, "%s ", inputs->items[i].name);
    }
    return text;
}

/* A new folder with a name of its own. */
static const char *folder(const char *name)
{
    const char *const path = mk_test_path(name);
    if (mkdir(path, 0700) != 0)
        abort();
    return path;
}

START_TEST(lists_files_as_given)
{
    const char *const b = mk_test_file("b.txt", MK_STR("12345"));
    const char *const a = mk_test_file("a.txt", MK_STR("1"));
    mk_inputs inputs = list(b, a);
    ck_assert_str_eq(names(&inputs), "b.txt a.txt ");
    ck_assert_str_eq(inputs.items[0].path, b);
    ck_assert_uint_eq(inputs.items[0].size, 5);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(lists_standard_input)
{
    mk_inputs inputs = list("-", NULL);
    ck_assert_str_eq(names(&inputs), "stdin ");
    ck_assert_str_eq(inputs.items[0].path, "-");
    ck_assert_uint_eq(inputs.items[0].size, 0);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(lists_what_is_not_there)
{
    mk_inputs inputs = list(mk_test_path("absent/x.txt"), NULL);
    ck_assert_str_eq(names(&inputs), "x.txt ");
    ck_assert_str_eq(problems, "");
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(counts_files_that_are_listed_again)
{
    const char *const paths[] = {mk_test_file("x", MK_STR("1")), mk_test_file("y", MK_STR("1")),
                                 mk_test_path("z"), mk_test_path("x")};
    mk_inputs inputs = {0};

    ck_assert_int_eq(link(paths[1], paths[2]), 0);
    ck_assert_int_eq(mk_inputs_list(paths, 4, NULL, NULL, NULL, &inputs, NULL), MK_OK);
    ck_assert_uint_eq(inputs.n, 4);
    ck_assert_uint_eq(inputs.n_again, 2);
    ck_assert_uint_eq(inputs.again, 2);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(lists_the_same_twice_if_given_twice)
{
    const char *const a = mk_test_file("a.txt", MK_STR("1"));
    mk_inputs inputs = list(a, a);
    ck_assert_uint_eq(inputs.n, 2);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(walks_folders_in_byte_order_of_components)
{
    folder("order");
    /* '-' < '.' < '/' < '0' as bytes: by components "a" comes before "a-b". */
    folder("order/a");
    folder("order/a/z");
    folder("order/B");
    mk_test_file("order/a/1", MK_STR(""));
    mk_test_file("order/a/z/2", MK_STR(""));
    mk_test_file("order/a-b", MK_STR(""));
    mk_test_file("order/a.c", MK_STR(""));
    mk_test_file("order/B/3", MK_STR(""));
    mk_test_file("order/\xD9\x85", MK_STR(""));
    mk_test_file("order/zz", MK_STR(""));
    mk_inputs inputs = list(mk_test_path("order"), NULL);
    ck_assert_str_eq(names(&inputs), "B/3 a/1 a/z/2 a-b a.c zz \xD9\x85 ");
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(names_are_the_same_from_any_working_folder)
{
    const char *const top = folder("moved");
    char slashed[600];
    folder("moved/in");
    mk_test_file("moved/in/x", MK_STR("123"));
    ck_assert_int_eq(chdir(top), 0);
    mk_inputs inputs = list(".", "in");
    ck_assert_str_eq(names(&inputs), "in/x x ");
    ck_assert_str_eq(inputs.items[0].path, "./in/x");
    mk_inputs_clear(&inputs);
    snprintf(slashed, sizeof(slashed), "%s//", top);
    inputs = list(slashed, top);
    ck_assert_str_eq(names(&inputs), "in/x in/x ");
    ck_assert_str_eq(inputs.items[0].path, inputs.items[1].path);
    ck_assert_uint_eq(inputs.items[0].size, 3);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(skips_and_counts_links_devices_and_hidden_files)
{
    folder("skips");
    mk_test_file("skips/x", MK_STR(""));
    mk_test_file("skips/.hidden", MK_STR(""));
    folder("skips/.git");
    mk_test_file("skips/.git/inside", MK_STR(""));
    ck_assert_int_eq(symlink("x", mk_test_path("skips/link")), 0);
    ck_assert_int_eq(symlink("..", mk_test_path("skips/loop")), 0);
    ck_assert_int_eq(mkfifo(mk_test_path("skips/fifo"), 0600), 0);
    mk_inputs inputs = list(mk_test_path("skips"), NULL);
    ck_assert_str_eq(names(&inputs), "x ");
    ck_assert_uint_eq(inputs.n_skipped, 5);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(follows_links_to_files_if_told)
{
    const mk_selection links = {.follow_links = true};
    folder("links");
    folder("links/sub");
    mk_test_file("blob", MK_STR("abc"));
    ck_assert_int_eq(symlink("../blob", mk_test_path("links/a.jsonl")), 0);
    ck_assert_int_eq(symlink("../../blob", mk_test_path("links/sub/b.jsonl")), 0);
    ck_assert_int_eq(symlink("..", mk_test_path("links/sub/up")), 0);
    ck_assert_int_eq(symlink("none", mk_test_path("links/c.jsonl")), 0);
    ck_assert_int_eq(symlink("round", mk_test_path("links/round")), 0);
    ck_assert_int_eq(symlink("/dev/null", mk_test_path("links/null")), 0);
    mk_inputs inputs = list(mk_test_path("links"), NULL);
    ck_assert_uint_eq(inputs.n, 0);
    ck_assert_uint_eq(inputs.n_skipped, 6);
    ck_assert_uint_eq(inputs.n_links, 2);
    mk_inputs_clear(&inputs);
    const char *const path = mk_test_path("links");
    ck_assert_int_eq(mk_inputs_list(&path, 1, &links, NULL, NULL, &inputs, NULL), MK_OK);
    ck_assert_str_eq(names(&inputs), "a.jsonl c.jsonl round sub/b.jsonl ");
    ck_assert_uint_eq(inputs.items[0].size, 3);
    ck_assert_uint_eq(inputs.n_skipped, 2);
    ck_assert_uint_eq(inputs.n_links, 0);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(follows_a_link_that_was_given)
{
    folder("target");
    mk_test_file("target/x", MK_STR(""));
    ck_assert_int_eq(symlink("target", mk_test_path("given")), 0);
    mk_inputs inputs = list(mk_test_path("given"), NULL);
    ck_assert_str_eq(names(&inputs), "x ");
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(finds_nothing_in_an_empty_folder)
{
    mk_inputs inputs = list(folder("hollow"), NULL);
    ck_assert_uint_eq(inputs.n, 0);
    ck_assert_str_eq(problems, "");
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(keeps_the_bytes_of_a_path_and_cleans_its_name)
{
    const char *const top = folder("bytes");
    const char *const path = mk_test_file("bytes/a\xFFz", MK_STR(""));
    mk_inputs inputs = list(top, NULL);
    ck_assert_str_eq(inputs.items[0].path, path);
    ck_assert_str_eq(inputs.items[0].name, "a\xEF\xBF\xBD"
                                           "FFz");
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(goes_on_after_a_folder_that_cannot_be_opened)
{
    char want[700];
    const char *const top = folder("closed");
    const char *const inner = folder("closed/b");
    mk_test_file("closed/a", MK_STR(""));
    mk_test_file("closed/c", MK_STR(""));
    ck_assert_int_eq(chmod(inner, 0), 0);
    if (geteuid() == 0) { /* whom no mode stops: be nobody */
        ck_assert_int_eq(chmod(mk_test_folder(), 0755), 0);
        ck_assert_int_eq(chmod(top, 0755), 0);
        ck_assert_int_eq(seteuid(65534), 0);
    }
    mk_inputs inputs = list(top, NULL);
    ck_assert_str_eq(names(&inputs), "a c ");
    snprintf(want, sizeof(want), "cannot open folder '%s': Permission denied\n", inner);
    ck_assert_str_eq(problems, want);
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(inner, 0700), 0);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(needs_no_one_to_tell_problems)
{
    const char *const paths[] = {mk_test_path("absent")};
    mk_inputs inputs = {0};
    ck_assert_int_eq(mk_inputs_list(paths, 1, NULL, NULL, NULL, &inputs, NULL), MK_OK);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(walks_folders_deeper_than_a_stack_would_like)
{
    enum { DEPTH = 900 }; /* two bytes each: within PATH_MAX */
    char path[4096];
    size_t len = (size_t)snprintf(path, sizeof(path), "%s", folder("deep"));

    for (int i = 0; i < DEPTH; i++) {
        memcpy(path + len, "/d", 3);
        len += 2;
        ck_assert_int_eq(mkdir(path, 0700), 0);
    }
    memcpy(path + len, "/x", 3);
    FILE *const file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    mk_inputs inputs = list(mk_test_path("deep"), NULL);
    ck_assert_uint_eq(inputs.n, 1);
    ck_assert_uint_eq(strlen(inputs.items[0].name), DEPTH * 2 + 1);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(asks_for_names_by_globs)
{
    static const char *const include[] = {"*.gz", "a/*"}, *const exclude[] = {"b*", "a/x/*"};
    const mk_selection all = {0},
                       some = {.include = include,
                               .n_include = 2,
                               .exclude = exclude,
                               .n_exclude = 2},
                       most = {.exclude = exclude, .n_exclude = 2};

    ck_assert(mk_inputs_wants(NULL, "x") && mk_inputs_wants(&all, "x"));
    ck_assert(mk_inputs_wants(&some, "c/1.gz") && mk_inputs_wants(&some, "a/1"));
    ck_assert(!mk_inputs_wants(&some, "c/1") && !mk_inputs_wants(&some, "c/b.gz"));
    ck_assert(!mk_inputs_wants(&some, "a/x/y/1.gz"));
    ck_assert(mk_inputs_wants(&most, "c/1") && !mk_inputs_wants(&most, "c/b"));
}
END_TEST

/* Every file is in one part, in its order, and in the same one whatever else there is. */
START_TEST(shares_files_out_by_name_alone)
{
    enum { FILES = 700, PARTS = 7 };
    bool seen[FILES] = {false};

    folder("shared");
    for (int i = 0; i < FILES; i++) {
        char name[32];
        snprintf(name, sizeof(name), "shared/%03d", i);
        mk_test_file(name, MK_STR("x"));
    }
    for (unsigned part = 1; part <= PARTS; part++) {
        mk_inputs inputs = list(mk_test_path("shared"), NULL);
        int last = -1;
        ck_assert_int_eq(mk_inputs_part(&inputs, part, PARTS, NULL), MK_OK);
        ck_assert_uint_eq(inputs.n + inputs.n_others, FILES);
        ck_assert_uint_gt(inputs.n, FILES / PARTS * 7 / 10);
        for (size_t i = 0; i < inputs.n; i++) {
            const int number = atoi(inputs.items[i].name);
            ck_assert_int_gt(number, last);
            ck_assert(!seen[number]);
            last = number;
            seen[number] = true;
        }
        mk_inputs_clear(&inputs);
    }
    for (int i = 0; i < FILES; i++)
        ck_assert(seen[i]);
}
END_TEST

/* printf 042 | sha256sum: 19158c4a7252e121 modulo 7. Other versions must find the same. */
START_TEST(shares_files_out_as_it_did)
{
    mk_inputs inputs;
    mk_error error;

    folder("one");
    mk_test_file("one/042", MK_STR("x"));
    inputs = list(mk_test_path("one"), NULL);
    ck_assert_int_eq(mk_inputs_part(&inputs, 5, 7, NULL), MK_OK);
    ck_assert_uint_eq(inputs.n, 1);
    ck_assert_int_eq(mk_inputs_part(&inputs, 8, 7, &error), MK_OPTION);
    ck_assert_int_eq(mk_inputs_part(&inputs, 0, 7, &error), MK_OPTION);
    mk_inputs_clear(&inputs);
    inputs = list("-", NULL);
    ck_assert_int_eq(mk_inputs_part(&inputs, 1, 2, &error), MK_OPTION);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(knows_files_of_other_parts)
{
    const char *const a = mk_test_file("a", MK_STR("x"));
    mk_inputs inputs = list(a, NULL);
    unsigned n_none = 0;

    for (unsigned part = 1; part <= 2; part++) {
        ck_assert_int_eq(mk_inputs_part(&inputs, part, 2, NULL), MK_OK);
        ck_assert(mk_inputs_has(&inputs, a));
        n_none += inputs.n == 0;
        mk_inputs_clear(&inputs);
        inputs = list(a, NULL);
    }
    ck_assert_uint_eq(n_none, 1);
    mk_inputs_clear(&inputs);
}
END_TEST

START_TEST(lists_many_files)
{
    folder("many");
    for (int i = 0; i < 500; i++) {
        char name[32];
        snprintf(name, sizeof(name), "many/%03d", 499 - i);
        mk_test_file(name, MK_STR("x"));
    }
    mk_inputs inputs = list(mk_test_path("many"), NULL);
    ck_assert_uint_eq(inputs.n, 500);
    for (size_t i = 0; i < inputs.n; i++)
        ck_assert_int_eq(atoi(inputs.items[i].name), (int)i);
    mk_inputs_clear(&inputs);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("input");
    TCase *const t = tcase_create("input");

    tcase_add_test(t, lists_files_as_given);
    tcase_add_test(t, lists_standard_input);
    tcase_add_test(t, lists_what_is_not_there);
    tcase_add_test(t, counts_files_that_are_listed_again);
    tcase_add_test(t, lists_the_same_twice_if_given_twice);
    tcase_add_test(t, walks_folders_in_byte_order_of_components);
    tcase_add_test(t, names_are_the_same_from_any_working_folder);
    tcase_add_test(t, skips_and_counts_links_devices_and_hidden_files);
    tcase_add_test(t, follows_links_to_files_if_told);
    tcase_add_test(t, follows_a_link_that_was_given);
    tcase_add_test(t, finds_nothing_in_an_empty_folder);
    tcase_add_test(t, keeps_the_bytes_of_a_path_and_cleans_its_name);
    tcase_add_test(t, goes_on_after_a_folder_that_cannot_be_opened);
    tcase_add_test(t, needs_no_one_to_tell_problems);
    tcase_add_test(t, walks_folders_deeper_than_a_stack_would_like);
    tcase_add_test(t, asks_for_names_by_globs);
    tcase_add_test(t, lists_many_files);
    tcase_add_test(t, shares_files_out_by_name_alone);
    tcase_add_test(t, shares_files_out_as_it_did);
    tcase_add_test(t, knows_files_of_other_parts);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
