/* ARC files, version 1. */
#include "crawl_log.h"

static const mk_read_options plain = {.max_doc = 100000};

#define HEAD                                                                         \
    "filedesc://a.arc 0.0.0.0 20080430204825 text/plain 76\n"                        \
    "1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n" \
    "\n"
#define PAGE                                                        \
    "http://example.org/a b 1.2.3.4 20080430204826 text/plain 50\n" \
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nsome\n"     \
    "\n"

static void ck_assert_log(mk_str bytes, const char *want)
{
    static const size_t steps[] = {1, 50, MK_STREAM_CHUNK};

    for (size_t i = 0; i < 3; i++) {
        const mk_str got = log_crawl(&mk_reader_arc, bytes, steps[i], &plain);
        ck_assert_str_eq(got.ptr, want);
        drop(got);
    }
}

START_TEST(reads_the_description_and_pages)
{
    ck_assert_log(MK_STR(HEAD PAGE PAGE), "1@0 skipped: filedesc\n"
                                          "2@131 document: some\n\n"
                                          "3@242 document: some\n\n");
}
END_TEST

START_TEST(reads_what_is_no_http_by_the_line)
{
    ck_assert_log(MK_STR(HEAD "dns:example.org 1.2.3.4 20080430204826 text/dns 3\nabc\n"),
                  "1@0 skipped: filedesc\n2@131 skipped: type text/dns\n");
}
END_TEST

START_TEST(takes_lengths_that_count_the_line_break_in)
{
    ck_assert_log(MK_STR("dns:a 1.2.3.4 20080430204826 text/plain 4\nabc\n"
                         "dns:b 1.2.3.4 20080430204826 text/plain 4\nabc\n\n"),
                  "1@0 document: abc\n\n2@46 document: abc\n\n");
}
END_TEST

START_TEST(finds_the_next_page_behind_a_wrong_length)
{
    ck_assert_log(MK_STR("dns:a 1.2.3.4 20080430204826 text/plain 9\nabc\n"
                         "dns:b 1.2.3.4 20080430204826 text/plain 3\nabc\n"),
                  "damage: wrong length in the header of the record that begins at byte 0 of 'in': "
                  "46 bytes passed over\n"
                  "1@46 document: abc\n");
}
END_TEST

START_TEST(tells_of_every_cut)
{
    const mk_str all = MK_STR(HEAD PAGE PAGE);

    for (size_t n = 1; n < all.len; n++) {
        const mk_str log = log_crawl(&mk_reader_arc, mk_str_sub(all, 0, n), MK_STREAM_CHUNK,
                                     &plain);
        const bool between = n == 131 || n == 242;
        ck_assert_msg((strstr(log.ptr, "damage: ") != NULL) == !between, "cut at %zu: %s", n,
                      log.ptr);
        drop(log);
    }
}
END_TEST

START_TEST(carries_what_is_known)
{
    mk_arena *const arena = must(mk_arena_new());
    mk_doc doc = {.id = MK_STR("a.arc:2"), .members = MK_STR("{}")};

    ck_assert_int_eq(mk_reader_arc.parse(MK_STR("http://example.org/a b 1.2.3.4 20080430204826 "
                                                "text/plain 21\nHTTP/1.0 200 OK\n\nabcd"),
                                         &plain, arena, &doc, NULL),
                     MK_OK);
    ck_assert_mk_str_eq(doc.url, MK_STR("http://example.org/a b"));
    ck_assert_uint_eq(doc.date.len, 0); /* of publication */
    ck_assert(mk_str_has(doc.members, MK_STR("\"crawled\":\"2008-04-30T20:48:26Z\"")));
    ck_assert_mk_str_eq(doc.id, MK_STR("a.arc:2"));
    mk_arena_free(arena);
}
END_TEST

START_TEST(is_picked_for_files_that_begin_so)
{
    ck_assert_ptr_eq(mk_reader_pick(MK_STR(HEAD)), &mk_reader_arc);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("filedesc: a word\n")), &mk_reader_text);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("read_arc");
    TCase *const t = tcase_create("read_arc");

    tcase_add_test(t, reads_the_description_and_pages);
    tcase_add_test(t, reads_what_is_no_http_by_the_line);
    tcase_add_test(t, takes_lengths_that_count_the_line_break_in);
    tcase_add_test(t, finds_the_next_page_behind_a_wrong_length);
    tcase_add_test(t, tells_of_every_cut);
    tcase_add_test(t, carries_what_is_known);
    tcase_add_test(t, is_picked_for_files_that_begin_so);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
