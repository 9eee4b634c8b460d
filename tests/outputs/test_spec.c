/* test_spec.c: what a run depends on, as it stands in the journal: what is in it, and what is
 * named when two of them differ. */
#include "outputs/spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "fail.h"
#include "support.h"

static mk_error error;
static mk_chain *chain;
static mk_clean_options options;
static mk_inputs inputs;
static mk_spec spec;
static mk_buf text, other;

static void open_chain(const mk_chain_options *o)
{
    mk_chain_close(chain);
    chain = NULL;
    ck_assert_msg(mk_chain_open(o, &chain, &error) == MK_OK, "%s", error.text);
    spec.chain = chain;
}

/* Takes the paths as inputs. */
static void list(const char *a, const char *b)
{
    const char *const paths[] = {a, b};

    mk_inputs_clear(&inputs);
    ck_assert_msg(mk_inputs_list(paths, b ? 2 : 1, NULL, NULL, NULL, &inputs, &error) == MK_OK,
                  "%s", error.text);
    spec.inputs = &inputs;
}

static void setup(void)
{
    text = other = (mk_buf){.max = MK_BUF_MAX};
    options = (mk_clean_options){.text_field = "text", .id_field = "id", .max_doc = 7};
    spec = (mk_spec){.options = &options, .codec = MK_CODEC_GZ};
    open_chain(&(mk_chain_options){.filters = "normalize"});
    list(mk_test_file("a.jsonl", MK_STR("{}\n")), NULL);
}

static void teardown(void)
{
    mk_buf_clear(&text);
    mk_buf_clear(&other);
    mk_inputs_clear(&inputs);
    mk_chain_close(chain);
}

/* The spec as an object. */
static void put(mk_buf *to)
{
    mk_buf members = {.max = MK_BUF_MAX};

    ck_assert_msg(mk_spec_put(&spec, &members, &error) == MK_OK, "%s", error.text);
    mk_buf_reset(to);
    mk_buf_putc(to, '{');
    mk_buf_put(to, mk_str_sub(mk_buf_str(&members), 1, members.len));
    mk_buf_putc(to, '}');
    ck_assert(!to->failed);
    mk_buf_clear(&members);
}

static bool has(const char *part)
{
    return mk_str_has(mk_buf_str(&text), mk_str_of(part));
}

static void check_differs(const char *why)
{
    put(&other);
    ck_assert_int_eq(mk_spec_compare(mk_buf_str(&text), mk_buf_str(&other), &error), MK_MISMATCH);
    ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
}

/* ---- what is in it ---- */

START_TEST(the_same_run_has_the_same_spec)
{
    put(&text);
    put(&other);
    ck_assert_mk_str_eq(mk_buf_str(&text), mk_buf_str(&other));
    ck_assert_int_eq(mk_spec_compare(mk_buf_str(&text), mk_buf_str(&other), &error), MK_OK);
}
END_TEST

START_TEST(files_are_named_without_their_folders)
{
    put(&text);
    ck_assert(has("\"inputs\":[{\"name\":\"a.jsonl\",\"bytes\":3,\"sha256\":\""));
    ck_assert(!has(mk_test_folder()));
}
END_TEST

START_TEST(standard_input_has_no_digest)
{
    list("-", NULL);
    put(&text);
    ck_assert(has("\"bytes\":0,\"sha256\":\"\"}"));
}
END_TEST

START_TEST(an_input_that_is_no_file_or_is_gone_has_no_digest)
{
    const char *const fifo = mk_test_path("fifo");

    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    list(fifo, mk_test_path("a.jsonl"));
    ck_assert_int_eq(unlink(mk_test_path("a.jsonl")), 0);
    put(&text);
    ck_assert(has("{\"name\":\"fifo\",\"bytes\":0,\"sha256\":\"\"}"));
    ck_assert(has("{\"name\":\"a.jsonl\",\"bytes\":0,\"sha256\":\"\"}"));
}
END_TEST

START_TEST(codecs_have_their_library)
{
    static const struct {
        mk_codec codec;
        const char *name;
    } codecs[] = {{MK_CODEC_NONE, "none"}, {MK_CODEC_GZ, "gz"}, {MK_CODEC_ZST, "zst"}};

    for (size_t i = 0; i < 3; i++) {
        char want[40];
        spec.codec = codecs[i].codec;
        snprintf(want, sizeof(want), "\"codec\":\"%s\"", codecs[i].name);
        put(&text);
        ck_assert(has(want));
    }
}
END_TEST

/* ---- what differs ---- */

START_TEST(a_changed_option_is_named)
{
    put(&text);
    options.max_doc = 8;
    check_differs("option \"max-doc\" was changed");
    options.max_doc = 7;
    options.dedup = true;
    check_differs("option \"dedup\" was changed");
    options.dedup = false;
    options.schema = "documents";
    check_differs("option \"schema\" was changed");
}
END_TEST

START_TEST(an_option_that_names_a_file_depends_on_its_content)
{
    options.select.url_list = mk_test_file("urls", MK_STR("https://a.example/\n"));
    put(&text);
    mk_test_file("urls", MK_STR("https://b.example/\n"));
    check_differs("option \"url-list\" was changed");
    mk_test_file("urls", MK_STR("https://a.example/\n"));
    put(&other);
    ck_assert_int_eq(mk_spec_compare(mk_buf_str(&text), mk_buf_str(&other), &error), MK_OK);
}
END_TEST

START_TEST(an_option_that_names_no_file_is_refused)
{
    options.select.exclude_hosts = mk_test_path("none");
    ck_assert_int_eq(mk_spec_put(&spec, &text, &error), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "/none'"));
}
END_TEST

START_TEST(a_changed_input_is_named_by_its_ends)
{
    enum { LONG = 3 << 20 /* bytes: more than are read whole */ };
    char *const bytes = calloc(1, LONG);

    ck_assert_ptr_nonnull(bytes);
    list(mk_test_file("long", (mk_str){bytes, LONG}), NULL);
    put(&text);
    bytes[LONG - 1] = 1;
    mk_test_file("long", (mk_str){bytes, LONG});
    check_differs("input \"long\" was changed");
    bytes[LONG - 1] = 0;
    bytes[0] = 1;
    mk_test_file("long", (mk_str){bytes, LONG});
    check_differs("input \"long\" was changed");
    bytes[0] = 0;
    mk_test_file("long", (mk_str){bytes, LONG - 1});
    check_differs("input \"long\" was changed");
    free(bytes);
}
END_TEST

START_TEST(inputs_that_come_and_go_are_named)
{
    put(&text);
    list(mk_test_path("a.jsonl"), mk_test_file("b.jsonl", MK_STR("{}\n")));
    check_differs("input \"b.jsonl\" is new");
    put(&text);
    list(mk_test_path("a.jsonl"), NULL);
    check_differs("input \"b.jsonl\" was changed");
}
END_TEST

START_TEST(another_chain_is_told)
{
    put(&text);
    open_chain(&(mk_chain_options){.filters = "normalize,share,verdict"});
    check_differs("lexicon ");
    put(&text);
    const char *const sets[] = {"verdict:level=certain"};
    open_chain(
        &(mk_chain_options){.filters = "normalize,share,verdict", .sets = sets, .n_sets = 1});
    check_differs("the chain of filters was changed");
}
END_TEST

START_TEST(another_lexicon_is_named)
{
    char add[700], instead[700];
    mk_test_file("mine.txt", MK_STR("[button]\n= شارك المقال\n"));
    snprintf(add, sizeof(add), "share:phrases=+%s", mk_test_path("mine.txt"));
    snprintf(instead, sizeof(instead), "share:phrases=%s", mk_test_path("mine.txt"));
    const char *settings[] = {add};
    const mk_chain_options o = {.filters = "share,verdict", .sets = settings, .n_sets = 1};

    open_chain(&o);
    put(&text);
    mk_test_file("mine.txt", MK_STR("[button]\n= شارك الخبر\n"));
    open_chain(&o);
    check_differs("lexicon \"mine.txt\" was changed");
    settings[0] = instead;
    open_chain(&o);
    check_differs("");
}
END_TEST

/* ---- what is no spec ---- */

static const struct {
    const char *was, *now, *why;
} pairs[] = {
    {"{}", "{}", "it says no format"},
    {"{\"format\":1}", "{}", "its format is 1, this version of minkhal knows 2"},
    {"{\"format\":3,\"version\":0}", "{\"version\":0}", "its format is 3,"},
    {"{\"format\":null}", "{}", "its format is null,"},
    {"{\"format\":12345678901234567890123}", "{}", "its format is 12345678901234567890,"},
    {"nonsense", "{\"format\":2}", "it says no format"},
    {"{\"format\":2}", "{\"format\":2}", "the journal has no \"version\""},
};

START_TEST(what_is_no_spec_is_refused)
{
    ck_assert_int_eq(mk_spec_compare(mk_str_of(pairs[_i].was), mk_str_of(pairs[_i].now), &error),
                     MK_MISMATCH);
    ck_assert_msg(strstr(error.text, pairs[_i].why) != NULL, "%s", error.text);
}
END_TEST

/* Members as they are, but for one. */
static const struct {
    const char *was, *now, *why;
} members[] = {
    {"\"inputs\":[]", "\"inputs\":[1]", "the list of inputs was changed"},
    {"\"inputs\":[{}]", "\"inputs\":[{\"name\":\"a\"}]", "input \"a\" is new"},
    {"\"inputs\":[{}]", "\"inputs\":[]", "the list of inputs was changed"},
    {"\"inputs\":0", "\"inputs\":[]", "the input was 0 when the run began, now it is []"},
    {"\"inputs\":[]", "\"inputs\":0", "the input was [] when the run began, now it is 0"},
    {"\"inputs\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
     "\"inputs\":0", "the input was changed"},
    {"\"options\":{\"a\":1,\"b\":2}", "\"options\":{\"a\":1}", "the options were changed"},
    {"\"options\":{\"a\":1}", "\"options\":{\"a\":1,\"b\":2}", "option \"b\" was changed"},
};

static void put_with(const char *member, mk_buf *to)
{
    static const char *const keys[] = {"version", "library", "options", "texts", "chain", "inputs"};

    mk_buf_reset(to);
    mk_buf_printf(to, "{\"format\":%d,", MK_RUN_FORMAT);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strncmp(member + 1, keys[i], strlen(keys[i])) != 0)
            mk_buf_printf(to, "\"%s\":[],", keys[i]);
    mk_buf_puts(to, member);
    mk_buf_puts(to, "}");
}

START_TEST(the_member_that_differs_is_named)
{
    put_with(members[_i].was, &text);
    put_with(members[_i].now, &other);
    ck_assert_int_eq(mk_spec_compare(mk_buf_str(&text), mk_buf_str(&other), &error), MK_MISMATCH);
    ck_assert_msg(strstr(error.text, members[_i].why) != NULL, "%s", error.text);
}
END_TEST

/* ---- failures ---- */

/* Puts the spec while a call fails. */
static mk_err put_failing(unsigned calls, unsigned at, int why, bool *ret_came)
{
    mk_buf_clear(&text);
    text = (mk_buf){.max = MK_BUF_MAX};
    mk_test_fail(calls, at, why);
    const mk_err err = mk_spec_put(&spec, &text, &error);
    *ret_came = mk_test_failed();
    return err;
}

START_TEST(want_of_memory_is_told)
{
    bool came = true;

    options.select.url_list = mk_test_file("urls", MK_STR("a\n"));
    for (unsigned at = 1; came; at++)
        ck_assert_int_eq(put_failing(MK_CALL_ALLOC, at, ENOMEM, &came), came ? MK_NOMEM : MK_OK);
    ck_assert_int_eq(put_failing(MK_CALL_OPEN, 1, ENOMEM, &came), MK_NOMEM);
}
END_TEST

START_TEST(too_many_open_files_are_told)
{
    bool came;

    ck_assert_int_eq(put_failing(MK_CALL_OPEN, 1, EMFILE, &came), MK_LIMIT);
    ck_assert_int_eq(put_failing(MK_CALL_OPEN, 1, ENFILE, &came), MK_LIMIT);
}
END_TEST

START_TEST(an_input_that_cannot_be_read_has_no_digest)
{
    bool came;

    ck_assert_int_eq(put_failing(MK_CALL_READ, 1, EIO, &came), MK_OK);
    ck_assert(has("\"sha256\":\"\""));
    ck_assert_int_eq(put_failing(MK_CALL_READ, 1, 0, &came), MK_OK);
    ck_assert(has("\"sha256\":\"\""));
    ck_assert_int_eq(put_failing(MK_CALL_STAT, 1, EIO, &came), MK_OK);
    ck_assert(has("\"sha256\":\"\""));
    ck_assert_int_eq(put_failing(MK_CALL_READ, 1, EINTR, &came), MK_OK);
    ck_assert(!has("\"sha256\":\"\""));
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("spec");
    TCase *const t = tcase_create("spec");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, the_same_run_has_the_same_spec);
    tcase_add_test(t, files_are_named_without_their_folders);
    tcase_add_test(t, standard_input_has_no_digest);
    tcase_add_test(t, an_input_that_is_no_file_or_is_gone_has_no_digest);
    tcase_add_test(t, codecs_have_their_library);
    tcase_add_test(t, a_changed_option_is_named);
    tcase_add_test(t, an_option_that_names_a_file_depends_on_its_content);
    tcase_add_test(t, an_option_that_names_no_file_is_refused);
    tcase_add_test(t, a_changed_input_is_named_by_its_ends);
    tcase_add_test(t, inputs_that_come_and_go_are_named);
    tcase_add_test(t, another_chain_is_told);
    tcase_add_test(t, another_lexicon_is_named);
    tcase_add_loop_test(t, what_is_no_spec_is_refused, 0, ROWS(pairs));
    tcase_add_loop_test(t, the_member_that_differs_is_named, 0, ROWS(members));
    tcase_add_test(t, want_of_memory_is_told);
    tcase_add_test(t, too_many_open_files_are_told);
    tcase_add_test(t, an_input_that_cannot_be_read_has_no_digest);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
