/* test_metadata.c: release metadata as YAML and as JSON: the same of both, and what is
 * refused, by line and by name. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "fail.h"
#include "release/metadata.h"
#include "support.h"

static mk_err parse(const char *text, mk_arena *arena, mk_metadata *meta, mk_error *error)
{
    return mk_metadata_parse("m.yaml", mk_str_of(text), arena, meta, error);
}

static const char yaml[] = "# a comment\n"
                           "name: waha\n"
                           "pretty_name: واحة النصوص\n"
                           "version: 1.0.0\n"
                           "date: 2024-05-01\n"
                           "license: cc-by-4.0\n"
                           "description: |\n  سطر\n  وآخر\n"
                           "language: [ar, ar-EG]\n"
                           "authors:\n- Sami\n- name: Nada\n  orcid: 0000-0002-1825-0097\n";

static const char json[] =
    "{\"name\":\"waha\",\"pretty_name\":\"واحة النصوص\",\"version\":\"1.0.0\","
    "\"date\":\"2024-05-01\",\"description\":\"سطر\\nوآخر\",\"license\":\"cc-by-4.0\","
    "\"authors\":[{\"name\":\"Sami\"},{\"name\":\"Nada\",\"orcid\":\"0000-0002-1825-0097\"}],"
    "\"language\":[\"ar\",\"ar-EG\"]}";

START_TEST(yaml_and_json_say_the_same)
{
    mk_arena *arena = mk_arena_new();
    mk_buf a = {.max = 1 << 20}, b = {.max = 1 << 20};
    mk_metadata meta;
    mk_error error = {0};

    ck_assert_msg(parse(yaml, arena, &meta, &error) == MK_OK, "%s", error.text);
    mk_metadata_put(&meta, &a);
    ck_assert_msg(parse(json, arena, &meta, &error) == MK_OK, "%s", error.text);
    mk_metadata_put(&meta, &b);
    ck_assert_mk_str_eq(mk_buf_str(&a), mk_buf_str(&b));
    ck_assert_mk_str_eq(mk_buf_str(&a), mk_str_of(json));
    mk_buf_clear(&a);
    mk_buf_clear(&b);
    mk_arena_free(arena);
}
END_TEST

START_TEST(refuses_by_line_and_name)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"name: a\nlicence: MIT\n", "m.yaml:2: unknown member 'licence' (did you mean 'license'?)"},
        {"license: CC-BY-4\n", "m.yaml:1: unknown license 'CC-BY-4' (did you mean 'CC-BY-4.0'?)"},
        {"license: LicenseRef-own\n",
         "m.yaml: license 'LicenseRef-own' needs license_name and license_link"},
        {"name: &a x\n", "m.yaml:1: anchors and tags are not taken"},
        {"name: !!str x\n", "m.yaml:1: anchors and tags are not taken"},
        {"name: *a\n", "m.yaml:1: aliases are not taken"},
        {"- a\n", "m.yaml:1: a list, a mapping is needed"},
        {"text\n", "m.yaml:1: a mapping is needed, 'name: value' in each line"},
        {"name: [a]\n", "m.yaml:1: 'name' is a list, one text is needed"},
        {"name: {a: b}\n", "m.yaml:1: an object where text is needed"},
        {"language: [[ar]]\n", "m.yaml:1: a list where text is needed"},
        {"name: a\nname: b\n", "m.yaml:2: member 'name' twice"},
        {"version: 1.0\n", "m.yaml:1: bad version '1.0': three numbers are needed, as in 1.0.0"},
        {"date: 2024-13-01\n", "m.yaml:1: bad date '2024-13-01': YYYY-MM-DD is needed"},
        {"homepage: waha.example\n", "m.yaml:1: bad homepage 'waha.example': an address is needed "
                                     "that begins with https:// or http://"},
        {"language: Arabic\n",
         "m.yaml:1: bad language 'Arabic': a language tag is needed, as in ar or ar-EG"},
        {"authors:\n- orcid: 0000-0002-1825-0097\n", "m.yaml: author 1 has no name"},
        {"authors:\n- name: x\n  orchid: y\n",
         "m.yaml:3: unknown member 'orchid' of an author (did you mean 'orcid'?)"},
        {"description: ''\n", "m.yaml:1: 'description' is empty"},
        {"{\"name\":7}", "m.yaml: 'name' holds what is no text"},
        {"{\"name\":\"a\"", "m.yaml: expected ',' or '}' at byte 12, where the text ends"},
        {"a: b\n---\nc: d\n", "m.yaml:1: unknown member 'a'"},
        {"name: a\n---\nname: b\n", "m.yaml:2: a second document"},
        {"name: \xFF\n", "m.yaml: not UTF-8"},
    };
    mk_arena *arena = mk_arena_new();

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        mk_metadata meta;
        mk_error error = {0};
        ck_assert_int_eq(MK_OPTION, parse(bad[i].text, arena, &meta, &error));
        if (i != 20) /* the scanner's own words */
            ck_assert_str_eq(bad[i].why, error.text);
    }
    mk_arena_free(arena);
}
END_TEST

START_TEST(deep_yaml_is_refused_at_once)
{
    mk_arena *arena = mk_arena_new();
    char *const text = malloc(200001);
    mk_metadata meta;
    mk_error error;

    memset(text, '[', 200000);
    text[200000] = '\0';
    ck_assert_int_eq(MK_OPTION, parse(text, arena, &meta, &error));
    free(text);
    mk_arena_free(arena);
}
END_TEST

/* A member with that value, as YAML. */
static mk_err parse_value(const char *key, const char *value, mk_error *error)
{
    mk_arena *const arena = mk_arena_new();
    mk_metadata meta;
    char text[200];

    ck_assert_ptr_nonnull(arena);
    snprintf(text, sizeof(text), "%s: '%s'\n", key, value);
    const mk_err err = parse(text, arena, &meta, error);
    mk_arena_free(arena);
    return err;
}

START_TEST(values_have_their_forms)
{
    static const struct {
        const char *key, *values[8];
    } good[] = {
        {"name", {"waha", "Waha_1.0-x"}},
        {"version", {"1.0.0", "10.20.30-rc.1", "1.0.0+build-5", "1.0.999999999"}},
        {"date", {"2024-02-29", "1999-12-31"}},
        {"homepage", {"http://a", "https://a.example/x?y#z"}},
        {"language", {"ar", "arz", "fa-Arab-IR"}},
        {"license", {"MIT", "cc-by-4.0"}},
    };
    static const struct {
        const char *key, *values[10];
    } bad[] = {
        {"name", {"a b", "a/b", "واحة"}},
        {"version",
         {"1", "1.0", "1.0.", "1.0.x", "1.0.0-", "1.0.0~1", "1.0.0- ", "1234567890.0.0"}},
        {"date",
         {"2024-1-1", "2024-00-01", "2024-01-00", "2024-04-31", "2024/01/01", "2024-01/01",
          "20x4-01-01"}},
        {"homepage", {"http://", "https://", "ftp://a", "http://a b", "https://a<b", "HTTP://a"}},
        {"language", {"a", "abcd", "ar-", "ar_EG", "Ar", "ar-E G", "1r"}},
        {"license", {"LicenseRef-", "free", "something that is no license at all"}},
    };
    mk_error error;

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        for (const char *const *v = good[i].values; *v; v++)
            ck_assert_msg(parse_value(good[i].key, *v, &error) == MK_OK, "%s", error.text);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        for (const char *const *v = bad[i].values; *v; v++) {
            ck_assert_msg(parse_value(bad[i].key, *v, &error) == MK_OPTION, "%s", *v);
            ck_assert_msg(strncmp(error.text, "m.yaml:1: ", 10) == 0, "%s", error.text);
        }
}
END_TEST

START_TEST(authors_have_their_forms)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"authors:\n- name: ''\n", "'name' of an author is empty"},
        {"authors:\n- name: a\n  name: b\n", "member 'name' of an author twice"},
        {"authors:\n- name: a\n  orcid: 0000-0002-1825-009Y\n", "bad orcid"},
        {"authors:\n- name: a\n  orcid: 0000-0002-1825_0097\n", "bad orcid"},
        {"authors:\n- name: a\n  orcid: 0000\n", "bad orcid"},
        {"authors:\n- name: a\n  url: a.example\n", "bad url"},
        {"{\"authors\":[{\"name\":1}]}", "m.yaml: "},
        {"{\"authors\":[1]}", "m.yaml: "},
        {"{\"authors\":{}}", "m.yaml: "},
        {"{\"authors\":[[]]}", "m.yaml: "},
        {"{\"language\":[{}]}", "m.yaml: "},
        {"{\"name\":[\"a\"]}", "m.yaml: "},
        {"{\"name\":{}}", "m.yaml: "},
        {"{\"authors\":[{\"nome\":\"a\"}]}", "unknown member 'nome' of an author"},
        {"{\"name\":\"\\ud800\"}", "m.yaml: "},
        {"{\"name\":\"a\",\"name\":\"b\"}", "twice"},
        {"{\"neme\":\"a\"}", "unknown member 'neme'"},
        {"{\"name\":\"a\"} x", "m.yaml: "},
    };
    mk_arena *const arena = mk_arena_new();
    mk_metadata meta;
    mk_error error;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_msg(parse(bad[i].text, arena, &meta, &error) == MK_OPTION, "%s", bad[i].text);
        ck_assert_msg(strstr(error.text, bad[i].why) != NULL, "%s", error.text);
    }
    ck_assert_int_eq(parse("authors:\n- name: a\n  orcid: 0000-0002-1825-009X\n  url: http://a\n",
                           arena, &meta, &error),
                     MK_OK);
    mk_arena_free(arena);
}
END_TEST

START_TEST(lists_and_files_have_their_limits)
{
    mk_arena *const arena = mk_arena_new();
    mk_buf text = {.max = 8 << 20};
    mk_metadata meta;
    mk_error error;
    static const char *const lists[] = {"authors", "language"};

    for (size_t k = 0; k < 2; k++) {
        mk_buf_reset(&text);
        mk_buf_printf(&text, "%s:\n", lists[k]);
        for (unsigned i = 0; i <= MK_META_ITEMS; i++)
            mk_buf_puts(&text, "- ar\n");
        ck_assert_int_eq(mk_metadata_parse("m", mk_buf_str(&text), arena, &meta, &error),
                         MK_OPTION);
        ck_assert_msg(strstr(error.text, "has more than") != NULL, "%s", error.text);
    }
    mk_buf_reset(&text);
    mk_buf_puts(&text, "description: ");
    while (text.len < 4 << 20)
        mk_buf_puts(&text, "0123456789abcdef");
    ck_assert_int_eq(mk_metadata_parse("m", mk_buf_str(&text), arena, &meta, &error), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "bytes"));
    mk_buf_clear(&text);
    mk_arena_free(arena);
}
END_TEST

START_TEST(want_of_memory_is_told)
{
    static const char *const texts[] = {yaml, json};

    for (size_t i = 0; i < 2; i++) {
        bool came = true;
        for (unsigned at = 1; came; at++) {
            mk_arena *const arena = mk_arena_new();
            mk_metadata meta;
            mk_error error;
            ck_assert_ptr_nonnull(arena);
            mk_test_fail(MK_CALL_ALLOC, at, ENOMEM);
            const mk_err err = parse(texts[i], arena, &meta, &error);
            came = mk_test_failed();
            ck_assert_int_eq(err, came ? MK_NOMEM : MK_OK);
            mk_arena_free(arena);
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("metadata");
    TCase *t = tcase_create("metadata");

    tcase_add_test(t, yaml_and_json_say_the_same);
    tcase_add_test(t, refuses_by_line_and_name);
    tcase_add_test(t, deep_yaml_is_refused_at_once);
    tcase_add_test(t, values_have_their_forms);
    tcase_add_test(t, authors_have_their_forms);
    tcase_add_test(t, lists_and_files_have_their_limits);
    tcase_add_test(t, want_of_memory_is_told);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
