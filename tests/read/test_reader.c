/* Which reader is chosen, by bytes and by name. */
#include "read/reader.h"
#include "read/stream_private.h"
#include "support.h"

static const struct {
    const char *name, *head;
    bool packed;
    const mk_reader *reader;
    const char *error;
} cases[] = {
    {"words.txt", "words", false, &mk_reader_text, NULL},
    {"words", "words", false, &mk_reader_text, NULL},
    {".gz", "words", false, &mk_reader_text, NULL}, /* a name, not an ending */
    {"a.jsonl", "\"id\": 1}\n{}", false, &mk_reader_jsonl, NULL},
    {"a.ndjson", "x", false, &mk_reader_jsonl, NULL},
    {"a.warc", "ARC/1.0", false, &mk_reader_warc, NULL},
    {"a.wet", "W", false, &mk_reader_warc, NULL},
    {"a.arc", "filedesc", false, &mk_reader_arc, NULL},
    {"a.jsonl.gz", "x", true, &mk_reader_jsonl, NULL},
    {"a.txt.gz", "x", true, &mk_reader_text, NULL},
    {"a.warc.gz.zst", "x", true, &mk_reader_warc, NULL},
    {"a.tar!b.jsonl", "x", false, &mk_reader_jsonl, NULL},
    /* what is of a known format is read, whatever its name */
    {"a.warc.gz", "WARC/1.0\r\n", false, &mk_reader_warc, NULL},
    {"a.zip", "{\"text\":\"x\"}\n", false, &mk_reader_jsonl, NULL},
    {"a.jsonl", "<!doctype html>", false, &mk_reader_html, NULL},
    {"a.jsonl.gz", "x", false, NULL, "no gzip at the beginning of 'a.jsonl.gz'"},
    {"a.zst", "(", false, NULL, "no zstd at the beginning of 'a.zst'"},
    {"a.xz", "x", false, NULL, "no xz at the beginning of 'a.xz'"},
    {"a.bz2", "BZh", false, NULL, "no bzip2 at the beginning of 'a.bz2'"},
    {"a.zip", "PK", false, NULL, "no zip at the beginning of 'a.zip'"},
    {"a.wacz", "PK", false, NULL, "no zip at the beginning of 'a.wacz'"},
    {"a.tar", "a.txt", false, NULL, "no tar at the beginning of 'a.tar'"},
    {"a.tgz", "a.txt", true, NULL, "no tar at the beginning of 'a.tgz'"},
    {"a.tar.gz", "a.txt", true, NULL, "no tar at the beginning of 'a.tar.gz'"},
};

START_TEST(chooses_by_bytes_and_then_by_name)
{
    const mk_stream s = {.name = cases[_i].name, .packed = cases[_i].packed};
    const mk_reader *reader = NULL;
    mk_error error = {.code = MK_OK};
    const mk_err err = mk_reader_choose(&s, mk_str_of(cases[_i].head), &reader, &error);

    ck_assert_int_eq(err, cases[_i].error ? MK_DAMAGED : MK_OK);
    ck_assert_ptr_eq(reader, cases[_i].reader);
    if (cases[_i].error)
        ck_assert_str_eq(error.text, cases[_i].error);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("reader");
    TCase *const t = tcase_create("reader");

    tcase_add_loop_test(t, chooses_by_bytes_and_then_by_name, 0, sizeof(cases) / sizeof(*cases));
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
