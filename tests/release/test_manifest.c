/* test_manifest.c: the manifest of a release read again: each member is asked for, by its
 * name, at its place, of its type. */
#include "release/manifest.h"

#include <errno.h>
#include <stdio.h>

#include "fail.h"
#include "support.h"

static mk_error error;
static mk_buf text;

static const char hex[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static mk_err read_text(mk_str s)
{
    mk_manifest m = {0};
    const mk_err err = mk_manifest_read(s, &m, &error);

    mk_manifest_clear(&m);
    return err;
}

static void put_splits(mk_manifest *m)
{
    static const char *const names[] = {"train", "test"};

    m->splits.n = 2;
    for (size_t i = 0; i < 2; i++) {
        snprintf(m->splits.items[i].name, sizeof(m->splits.items[i].name), "%s", names[i]);
        m->splits.items[i].part = MK_SPLIT_UNIT / 2;
        m->counts[i].documents = 1;
        m->content[i] = 100;
    }
}

static void put_parts(mk_manifest *m)
{
    for (size_t i = 0; i < 2; i++) {
        mk_part *const part = mk_manifest_part(m);
        ck_assert_ptr_nonnull(part);
        part->split = i;
        part->bytes = part->content = 100;
        snprintf(part->name, sizeof(part->name), "data/%s-00000-of-00001.jsonl.gz",
                 m->splits.items[i].name);
        memcpy(part->sha256, hex, sizeof(hex));
        memcpy(part->content_sha256, hex, sizeof(hex));
        mk_member *const member = mk_part_member(part);
        ck_assert_ptr_nonnull(member);
        *member = (mk_member){0, 100, 0, 100, 1};
    }
}

/* A manifest that has a bit of everything. */
static void setup(void)
{
    mk_manifest m = {0};

    text = (mk_buf){.max = MK_BUF_MAX};
    ck_assert_int_eq(mk_manifest_init(&m, &error), MK_OK);
    m.version = MK_STR("0.1.0");
    m.libraries = m.metadata = MK_STR("{}");
    m.schema = MK_STR("flat");
    m.croissant = MK_STR("1.0");
    m.salt = MK_STR("salt");
    m.group_field = MK_STR("metadata.cluster");
    m.codec = MK_CODEC_GZ;
    m.shard_size = 1000;
    put_splits(&m);
    put_parts(&m);
    mk_run_note *const run = mk_manifest_run(&m);
    ck_assert_ptr_nonnull(run);
    memcpy(run->sha256, hex, sizeof(hex));
    run->report = MK_STR("{}");
    mk_file *const input = mk_manifest_file(&m, &m.inputs, MK_STR("in.jsonl"));
    mk_file *const file = mk_manifest_file(&m, &m.files, MK_STR("README.md"));
    ck_assert(input && file);
    memcpy(input->sha256, hex, sizeof(hex));
    memcpy(file->sha256, hex, sizeof(hex));
    mk_takedown_note *const down = mk_manifest_takedown(&m);
    ck_assert_ptr_nonnull(down);
    down->by = down->reason = MK_STR("ids");
    memcpy(down->list_sha256, hex, sizeof(hex));
    memcpy(down->manifest_sha256, hex, sizeof(hex));
    memcpy(m.audit.sha256, hex, sizeof(hex));
    m.audit.removals = 3;
    mk_manifest_put(&m, &text);
    ck_assert(!text.failed);
    mk_manifest_clear(&m);
}

static void teardown(void)
{
    mk_buf_clear(&text);
}

START_TEST(what_is_written_is_read)
{
    ck_assert_msg(read_text(mk_buf_str(&text)) == MK_OK, "%s", error.text);
}
END_TEST

/* ---- values ---- */

/* The text with other bytes from `from` to `to`. */
static mk_err read_with(size_t from, size_t to, const char *with)
{
    mk_buf other = {.max = MK_BUF_MAX};

    mk_buf_put(&other, mk_str_sub(mk_buf_str(&text), 0, from));
    mk_buf_puts(&other, with);
    mk_buf_put(&other, mk_str_sub(mk_buf_str(&text), to, text.len));
    ck_assert(!other.failed);
    const mk_err err = read_text(mk_buf_str(&other));
    mk_buf_clear(&other);
    return err;
}

START_TEST(a_member_of_another_name_is_refused)
{
    size_t at = 0, n = 0;
    mk_test_member m;

    for (; mk_test_json_member(mk_buf_str(&text), &at, &m); n++) {
        ck_assert_msg(read_with(m.key + 1, m.key + 2, "?") == MK_MISMATCH, "%.40s",
                      text.ptr + m.key);
        ck_assert_ptr_nonnull(strstr(error.text, "manifest.json: "));
    }
    ck_assert_uint_gt(n, 60);
}
END_TEST

START_TEST(a_value_of_another_type_is_refused)
{
    static const char *const others[] = {"null", "\"?\"", "-1", "18446744073709551615", "[]", "{}"};
    size_t at = 0;
    mk_test_member m;

    while (mk_test_json_member(mk_buf_str(&text), &at, &m)) {
        const size_t end = m.end;
        const bool is_text = text.ptr[m.value] == '"', is_list = text.ptr[m.value] == '[';
        for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
            const mk_err err = read_with(m.value, end, others[i]);
            const bool may_lack = i == 0 && strncmp(text.ptr + m.key, "\"audit\"", 7) == 0;
            const bool may_be = may_lack || (is_text && i == 1) || (is_list && i == 4) ||
                                (text.ptr[m.value] == '{' && i == 5);
            ck_assert_msg(err == MK_MISMATCH || (err == MK_OK && may_be), "%s for %.60s: %d",
                          others[i], text.ptr + m.key, (int)err);
        }
    }
}
END_TEST

/* Files are named after splits, and takedown writes them. */
START_TEST(a_split_whose_name_is_a_path_is_refused)
{
    static const char *const names[] = {"../train", "/train", ".",     "..",
                                        "a/b",      "",       "Train", "tr ain"};
    const char *const name = strstr(text.ptr, "\"train\"");

    ck_assert_ptr_nonnull(name);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const size_t from = (size_t)(name - text.ptr) + 1;
        ck_assert_int_eq(read_with(from, from + 5, names[i]), MK_MISMATCH);
        ck_assert_ptr_nonnull(strstr(error.text, "manifest.json: bad 'splits'"));
    }
}
END_TEST

START_TEST(a_member_more_or_less_is_refused)
{
    size_t at = 0;
    mk_test_member m;

    while (mk_test_json_member(mk_buf_str(&text), &at, &m)) {
        const size_t key = m.key, end = m.end;
        const bool is_last = text.ptr[end] != ',';
        const bool is_first = text.ptr[key - 1] != ',' && text.ptr[key - 1] != '\n';
        if (!is_last || !is_first)
            ck_assert_msg(read_with(is_last ? key - 1 : key, is_last ? end : end + 1, "") ==
                              MK_MISMATCH,
                          "%.40s", text.ptr + m.key);
        ck_assert_int_eq(read_with(key, key, "\"more\":1,"), MK_MISMATCH);
        ck_assert_int_eq(read_with(end, end, ",\"more\":1"), MK_MISMATCH);
    }
}
END_TEST

START_TEST(a_text_that_ends_too_early_is_refused)
{
    for (size_t n = 0; n + 2 < text.len; n++)
        ck_assert_int_eq(read_text(mk_str_sub(mk_buf_str(&text), 0, n)), MK_MISMATCH);
}
END_TEST

START_TEST(want_of_memory_is_told)
{
    bool came = true;

    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
        const mk_err err = read_text(mk_buf_str(&text));
        came = mk_test_failed();
        ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("manifest");
    TCase *const t = tcase_create("manifest");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_is_written_is_read);
    tcase_add_test(t, a_member_of_another_name_is_refused);
    tcase_add_test(t, a_value_of_another_type_is_refused);
    tcase_add_test(t, a_split_whose_name_is_a_path_is_refused);
    tcase_add_test(t, a_member_more_or_less_is_refused);
    tcase_add_test(t, a_text_that_ends_too_early_is_refused);
    tcase_add_test(t, want_of_memory_is_told);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
