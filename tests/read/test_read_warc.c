/* WARC files: framing, what becomes of each kind of record, damages. */
#include "crawl_log.h"

static const mk_read_options plain = {.max_doc = 100000};
static const mk_read_options small = {.max_doc = 1000};
static const mk_read_options verify = {.max_doc = 100000, .verify_digests = true};

/* ---- records ---- */

/* fields: lines that end in CR LF. Owned by the caller. */
static mk_str record(const char *version, const char *fields, mk_str block)
{
    mk_buf out = {.max = MK_BUF_MAX};

    mk_buf_printf(&out, "WARC/%s\r\n%sContent-Length: %zu\r\n\r\n", version, fields, block.len);
    mk_buf_put(&out, block);
    mk_buf_puts(&out, "\r\n\r\n");
    const mk_str bytes = copy(mk_buf_str(&out));
    mk_buf_clear(&out);
    return bytes;
}

#define CONVERSION "WARC-Type: conversion\r\nContent-Type: text/plain\r\n"
#define RESPONSE "WARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"

static mk_str conversion(const char *text)
{
    return record("1.0", CONVERSION, mk_str_of(text));
}

static mk_str response(const char *message)
{
    return record("1.0", RESPONSE, mk_str_of(message));
}

/* s, which it frees, by pack. */
static mk_str packed(mk_str (*pack)(mk_str), mk_str s)
{
    const mk_str bytes = pack(s);

    drop(s);
    return bytes;
}

/* What is read of bytes (which it frees), for every step, is want. */
static void ck_assert_log(const mk_read_options *options, mk_str bytes, const char *want)
{
    static const size_t steps[] = {1, 3, 100, MK_STREAM_CHUNK};

    for (size_t i = 0; i < 4; i++) {
        const mk_str got = log_crawl(&mk_reader_warc, bytes, steps[i], options);
        ck_assert_str_eq(got.ptr, want);
        drop(got);
    }
    drop(bytes);
}

/* ---- framing ---- */

START_TEST(reads_one_record_after_the_other)
{
    ck_assert_log(&plain, join(conversion("one"), conversion("two")),
                  "1@0 document: one\n2@87 document: two\n");
}
END_TEST

START_TEST(reads_all_versions)
{
    mk_str all = record("0.17", CONVERSION, MK_STR("a"));

    all = join(all, record("0.18", CONVERSION, MK_STR("b")));
    all = join(all, record("1.0", CONVERSION, MK_STR("c")));
    all = join(all, record("1.1", CONVERSION, MK_STR("d")));
    ck_assert_log(&plain, all,
                  "1@0 document: a\n2@86 document: b\n3@172 document: c\n4@257 document: d\n");
}
END_TEST

START_TEST(reads_lines_that_end_in_lf)
{
    ck_assert_log(&plain,
                  copy(MK_STR("WARC/1.0\nwarc-type: conversion\nCONTENT-LENGTH:3\n"
                              "Content-Type: text/plain\n\none\n\n"
                              "WARC/1.0\nWARC-Type: warcinfo\nContent-Length: 0\n\n\n\n")),
                  "1@0 document: one\n2@79 skipped: warcinfo\n");
}
END_TEST

START_TEST(tells_the_offset_of_the_member)
{
    const mk_str one = packed(pack_gzip, conversion("one")),
                 two = packed(pack_gzip, conversion("two"));
    char want[128];

    snprintf(want, sizeof(want), "1@0 document: one\n2@%zu document: two\n", one.len);
    ck_assert_log(&plain, join(one, two), want);
}
END_TEST

START_TEST(tells_the_offset_within_a_member_of_many)
{
    ck_assert_log(&plain, packed(pack_gzip, join(conversion("one"), conversion("two"))),
                  "1@0 document: one\n2@0+87 document: two\n");
}
END_TEST

/* s (which it frees) in members of n bytes each. */
static mk_str in_members(mk_str s, size_t n)
{
    mk_str all = copy((mk_str){"", 0});

    for (size_t at = 0; at < s.len; at += n)
        all = join(all, pack_gzip(mk_str_sub(s, at, s.len - at < n ? s.len : at + n)));
    drop(s);
    return all;
}

START_TEST(puts_a_record_of_many_members_together)
{
    static const size_t sizes[] = {1, 7, 50, 86};

    for (size_t i = 0; i < 4; i++) {
        const mk_str one = in_members(conversion("one"), sizes[i]);
        const mk_str two = packed(pack_gzip, conversion("two"));
        char want[128];

        snprintf(want, sizeof(want), "1@0 document: one\n2@%zu document: two\n", one.len);
        ck_assert_log(&plain, join(one, two), want);
    }
}
END_TEST

START_TEST(reads_a_zstd_frame_a_record)
{
    const mk_str one = packed(pack_zstd, conversion("one")),
                 two = packed(pack_zstd, conversion("two"));
    char want[128];

    snprintf(want, sizeof(want), "1@0 document: one\n2@%zu document: two\n", one.len);
    ck_assert_log(&plain, join(one, two), want);
}
END_TEST

START_TEST(rejects_a_record_above_the_limit_and_goes_on)
{
    const mk_str text = noise(200000);
    mk_str all = record("1.0", CONVERSION, text);
    char want[128];

    snprintf(want, sizeof(want),
             "1@0 rejected: longer than 1000 bytes (--max-doc)\n2@%zu document: two\n", all.len);
    ck_assert_log(&small, join(all, conversion("two")), want);
    drop(text);
}
END_TEST

START_TEST(skips_an_image_above_the_limit)
{
    const mk_str text = noise(200000);
    const mk_str head = MK_STR("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n");
    const mk_str block = join(copy(head), text);

    ck_assert_log(&small, record("1.0", RESPONSE, block), "1@0 skipped: type image/png\n");
    drop(block);
}
END_TEST

/* ---- kinds ---- */

START_TEST(skips_by_name_what_is_no_document)
{
    static const char *const kinds[] = {"warcinfo", "request", "metadata", "revisit",
                                        "continuation"};
    mk_buf want = {.max = MK_BUF_MAX};
    mk_str all = copy(MK_STR(""));

    for (size_t i = 0; i < 5; i++) {
        char fields[64];
        snprintf(fields, sizeof(fields), "WARC-Type: %s\r\n", kinds[i]);
        mk_buf_printf(&want, "%zu@%zu skipped: %s\n", i + 1, all.len, kinds[i]);
        all = join(all, record("1.1", fields, MK_STR("x")));
    }
    mk_buf_printf(&want, "6@%zu skipped: other kinds of record\n", all.len);
    mk_buf_putc(&want, '\0');
    ck_assert_log(&plain, join(all, record("1.1", "WARC-Type: x\r\n", MK_STR("x"))), want.ptr);
    mk_buf_clear(&want);
}
END_TEST

START_TEST(rejects_the_first_of_several_segments)
{
    ck_assert_log(&plain, record("1.0", CONVERSION "WARC-Segment-Number: 1\r\n", MK_STR("x")),
                  "1@0 rejected: a record in several segments\n");
}
END_TEST

/* ---- segments ---- */

#define FIRST CONVERSION "WARC-Record-ID: <urn:a>\r\nWARC-Segment-Number: 1\r\n"
#define NEXT(number)                                                                             \
    "WARC-Type: continuation\r\nWARC-Segment-Origin-ID: <urn:a>\r\nWARC-Segment-Number: " number \
    "\r\n"
#define TOTAL(n) "WARC-Segment-Total-Length: " n "\r\n"
#define PARTS "a record in several segments\n"

static mk_str segment(const char *fields, const char *block)
{
    return record("1.0", fields, mk_str_of(block));
}

START_TEST(puts_segments_together_that_follow_one_another)
{
    /* A letter lies in two of them. */
    mk_str all = join(segment(FIRST, "one\r\n\xD9"), segment(NEXT("2"), "\x85two"));

    all = join(join(all, segment(NEXT("3") TOTAL("15"), "three")), conversion("next"));
    ck_assert_log(&plain, all, "1@0 document: one\r\n\xD9\x85twothree\n2@413 document: next\n");
}
END_TEST

START_TEST(puts_segments_together_that_are_members)
{
    const mk_str one = packed(pack_gzip, segment(FIRST, "one")),
                 two = packed(pack_gzip, segment(NEXT("2") TOTAL("6"), "two")),
                 three = packed(pack_gzip, conversion("three"));
    char want[128];

    snprintf(want, sizeof(want), "1@0 document: onetwo\n2@%zu document: three\n",
             one.len + two.len);
    ck_assert_log(&plain, join(join(one, two), three), want);
}
END_TEST

START_TEST(puts_the_segments_of_a_response_together)
{
    const char head[] = RESPONSE "WARC-Record-ID: <urn:a>\r\nWARC-Segment-Number: 1\r\n";

    ck_assert_log(&plain,
                  join(segment(head, "HTTP/1.1 200 OK\r\nContent-Ty"),
                       segment(NEXT("2") TOTAL("48"), "pe: text/plain\r\n\r\none")),
                  "1@0 document: one\n");
}
END_TEST

START_TEST(leaves_segments_alone_that_are_not_all_there)
{
    static const char *const others[] = {
        NEXT("2"),            /* none says it is the last */
        NEXT("3") TOTAL("6"), /* one is missing */
        "WARC-Type: continuation\r\nWARC-Segment-Number: 2\r\n" TOTAL("6"),
        "WARC-Type: continuation\r\nWARC-Segment-Origin-ID: <urn:b>\r\n"
        "WARC-Segment-Number: 2\r\n" TOTAL("6"), /* of another record */
    };
    char want[200];

    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        const mk_str one = segment(FIRST, "one");
        snprintf(want, sizeof(want), "1@0 rejected: " PARTS "2@%zu skipped: continuation\n",
                 one.len);
        ck_assert_log(&plain, join(one, segment(others[i], "two")), want);
    }
}
END_TEST

START_TEST(leaves_segments_alone_that_another_record_parts)
{
    const mk_str one = segment(FIRST, "one"), two = conversion("two");
    char want[200];

    snprintf(want, sizeof(want),
             "1@0 rejected: " PARTS "2@%zu document: two\n3@%zu skipped: continuation\n", one.len,
             one.len + two.len);
    ck_assert_log(&plain, join(join(one, two), segment(NEXT("2") TOTAL("6"), "two")), want);
}
END_TEST

START_TEST(leaves_segments_alone_that_are_above_the_limit)
{
    char block[600];
    char want[200];

    memset(block, 'x', sizeof(block));
    block[sizeof(block) - 1] = '\0';
    const mk_str one = segment(FIRST, block);
    snprintf(want, sizeof(want), "1@0 rejected: " PARTS "2@%zu skipped: continuation\n", one.len);
    ck_assert_log(&small, join(one, segment(NEXT("2") TOTAL("1198"), block)), want);
}
END_TEST

START_TEST(leaves_segments_alone_that_are_cut)
{
    const char want[] = "1@0 rejected: " PARTS "damage: ";
    const mk_str two = segment(NEXT("2") TOTAL("6"), "two");
    const size_t n_two = two.len;
    const mk_str all = join(segment(FIRST, "one"), two);

    for (size_t cut = 5; cut < n_two; cut++) {
        const mk_str rest = mk_str_sub(all, 0, all.len - cut);
        const mk_str got = log_crawl(&mk_reader_warc, rest, 10, &plain);
        ck_assert_msg(strncmp(got.ptr, want, sizeof(want) - 1) == 0, "%zu: %s", cut, got.ptr);
        drop(got);
    }
    drop(all);
}
END_TEST

START_TEST(rejects_segments_of_another_length_than_they_say)
{
    ck_assert_log(&plain, join(segment(FIRST, "one"), segment(NEXT("2") TOTAL("7"), "two")),
                  "1@0 rejected: segments that are not as long as WARC-Segment-Total-Length\n");
}
END_TEST

START_TEST(verifies_the_digest_of_each_segment)
{
    /* SHA-1 of "one" and of "two". */
    static const char one[] = FIRST
        "WARC-Block-Digest: sha1:fe05bcdcdc4928012781a5f1a2a77cbb5398e106\r\n";
    static const char two[] = NEXT("2")
        TOTAL("6") "WARC-Block-Digest: sha1:ad782ecdac770fc6eb9a62e44f90873fb97fb26b\r\n";

    ck_assert_log(&verify, join(segment(one, "one"), segment(two, "two")),
                  "1@0 document: onetwo\n");
    ck_assert_log(&verify, join(segment(one, "one"), segment(two, "tWo")),
                  "1@0 rejected: WARC-Block-Digest mismatch\n");
    ck_assert_log(&verify, join(segment(one, "oNe"), segment(two, "two")),
                  "1@0 rejected: WARC-Block-Digest mismatch\n");
}
END_TEST

START_TEST(skips_by_type_and_status)
{
    ck_assert_log(&plain, response("HTTP/1.1 404 No\r\nContent-Type: text/plain\r\n\r\nx"),
                  "1@0 skipped: status 404\n");
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\nContent-Type: image/PNG\r\n\r\nx"),
                  "1@0 skipped: type image/png\n");
    ck_assert_log(&plain,
                  record("1.0", RESPONSE "WARC-Identified-Payload-Type: text/plain\r\n",
                         MK_STR("HTTP/1.1 200 OK\r\n\r\nx")),
                  "1@0 document: x\n");
}
END_TEST

START_TEST(looks_at_a_body_of_which_nobody_names_the_type)
{
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\n\r\nx"), "1@0 document: x\n");
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\n\r\n<!DOCTYPE html><p>one</p>"),
                  "1@0 document: one\n");
    ck_assert_log(&plain,
                  response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "5\r\n<html\r\n7\r\n><p>one\r\n0\r\n\r\n"),
                  "1@0 document: one\n");
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\n\r\n%PDF-1.4 ..."),
                  "1@0 skipped: type application/pdf\n");
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\n\r\n\1\2\3"),
                  "1@0 skipped: type not known\n");
    ck_assert_log(&plain, response("HTTP/1.1 200 OK\r\n\r\n"), "1@0 skipped: type not known\n");
    ck_assert_log(&plain, response("HTTP/1.1 404 No\r\n\r\nx"), "1@0 skipped: status 404\n");
}
END_TEST

START_TEST(passes_over_a_byte_order_mark_before_the_first_record)
{
    ck_assert_log(&plain,
                  join(copy(MK_STR("\xEF\xBB\xBF")), join(conversion("one"), conversion("two"))),
                  "1@3 document: one\n2@90 document: two\n");
    ck_assert_int_gt(mk_reader_warc.bid(MK_STR("\xEF\xBB\xBFWARC/1.0\r\n")), 0);
    ck_assert_int_eq(mk_reader_warc.bid(MK_STR("\xEF\xBB\xBF"
                                               "one")),
                     0);
}
END_TEST

START_TEST(believes_the_crawler_where_the_server_names_no_type)
{
    ck_assert_log(&plain,
                  record("1.0", RESPONSE "WARC-Identified-Payload-Type: text/plain\r\n",
                         MK_STR("HTTP/1.1 200 OK\r\nContent-Type: unk\r\n\r\nx")),
                  "1@0 document: x\n");
    ck_assert_log(&plain,
                  record("1.0", RESPONSE "WARC-Identified-Payload-Type: text/plain\r\n",
                         MK_STR("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx")),
                  "1@0 skipped: type image/png\n");
}
END_TEST

START_TEST(takes_a_response_without_type_by_its_beginning)
{
    const char message[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\none";

    ck_assert_log(&plain, record("1.0", "WARC-Type: response\r\n", mk_str_of(message)),
                  "1@0 document: one\n");
    ck_assert_log(&plain, record("1.0", "WARC-Type: resource\r\n", mk_str_of(message)),
                  "1@0 skipped: type not known\n");
    ck_assert_log(&plain, record("1.0", "WARC-Type: response\r\n", MK_STR("HTTP")),
                  "1@0 skipped: type not known\n");
}
END_TEST

START_TEST(takes_a_resource_by_its_own_type)
{
    ck_assert_log(&plain,
                  record("1.0", "WARC-Type: resource\r\nContent-Type: text/plain\r\n", MK_STR("x")),
                  "1@0 document: x\n");
}
END_TEST

#define RESOURCE(type) "WARC-Type: resource\r\nContent-Type: " type "\r\n"
/* "سلام" in windows-1256 */
#define SALAM "\xD3\xE1\xC7\xE3"

START_TEST(reads_text_in_the_charset_that_it_names)
{
    ck_assert_log(&plain,
                  record("1.0", RESOURCE("text/plain; charset=windows-1256"), MK_STR(SALAM)),
                  "1@0 document: سلام\n");
}
END_TEST

START_TEST(a_wrong_charset_does_not_spoil_utf8)
{
    ck_assert_log(&plain,
                  record("1.0", RESOURCE("text/plain; charset=windows-1256"), MK_STR("سلام")),
                  "1@0 document: سلام\n");
}
END_TEST

START_TEST(finds_the_charset_of_text_that_names_none_or_a_wrong_one)
{
    const mk_str text = MK_STR("\xC7\xE1\xD3\xE1\xC7\xE3"
                               " "
                               "\xDA\xE1\xED\xDF\xE3"
                               " "
                               "\xDD\xED"
                               " "
                               "\xDF\xE1"
                               " "
                               "\xE3\xDF\xC7\xE4"
                               " "
                               "\xE3\xE4"
                               " "
                               "\xE5\xD0\xC7"
                               " "
                               "\xC7\xE1\xC8\xED\xCA");
    ck_assert_log(&plain, record("1.0", RESOURCE("text/plain"), text),
                  "1@0 document: السلام عليكم في كل مكان من هذا البيت\n");
    ck_assert_log(&plain, record("1.0", RESOURCE("text/plain; charset=utf-8"), text),
                  "1@0 document: السلام عليكم في كل مكان من هذا البيت\n");
}
END_TEST

START_TEST(rejects_text_that_is_none)
{
    ck_assert_log(&plain, conversion("ab\xFF\x01"), "1@0 rejected: not text: byte 4 is 0x01\n");
}
END_TEST

START_TEST(takes_a_cut_body_only_where_the_crawler_says_so)
{
    const mk_str message = MK_STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n9\r\nsome");

    ck_assert_log(&plain, record("1.0", RESPONSE, message),
                  "1@0 rejected: the chunked body ends too early\n");
    ck_assert_log(&plain, record("1.0", RESPONSE "WARC-Truncated: length\r\n", message),
                  "1@0 document: some\n");
}
END_TEST

START_TEST(does_not_believe_the_length_of_http)
{
    ck_assert_log(&plain,
                  response("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                           "Content-Length: 2\r\n\r\nsome text"),
                  "1@0 document: some text\n");
}
END_TEST

/* ---- digests ---- */

#define SHA1_ABC "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"

START_TEST(verifies_digests_when_asked)
{
    const char *const block = CONVERSION "WARC-Block-Digest: " SHA1_ABC "\r\n";

    ck_assert_log(&verify, record("1.0", block, MK_STR("abc")), "1@0 document: abc\n");
    ck_assert_log(&verify, record("1.0", block, MK_STR("abd")),
                  "1@0 rejected: WARC-Block-Digest mismatch\n");
    ck_assert_log(&plain, record("1.0", block, MK_STR("abd")), "1@0 document: abd\n");
    ck_assert_log(&verify, record("1.0", CONVERSION "WARC-Block-Digest: x:y\r\n", MK_STR("abc")),
                  "1@0 rejected: unknown kind of WARC-Block-Digest 'x:y'\n");
}
END_TEST

START_TEST(takes_a_payload_digest_with_chunks_or_without)
{
    const char *const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n3\r\n%s\r\n0\r\n\r\n";
    const char *const fields = RESPONSE "WARC-Payload-Digest: " SHA1_ABC "\r\n";
    char message[200];

    snprintf(message, sizeof(message), head, "abc");
    ck_assert_log(&verify, record("1.0", fields, mk_str_of(message)), "1@0 document: abc\n");
    snprintf(message, sizeof(message), head, "abd");
    ck_assert_log(&verify, record("1.0", fields, mk_str_of(message)),
                  "1@0 rejected: WARC-Payload-Digest mismatch\n");
}
END_TEST

/* ---- damages ---- */

START_TEST(passes_over_bytes_that_are_no_record)
{
    ck_assert_log(&plain,
                  join(conversion("one"), join(copy(MK_STR("WARC/1.x\r\n")), conversion("two"))),
                  "1@0 document: one\n"
                  "damage: no record at byte 87 of 'in': 10 bytes passed over\n"
                  "2@97 document: two\n");
}
END_TEST

START_TEST(loses_no_record_to_a_length_that_is_too_large)
{
    mk_str bad = conversion("one");

    memcpy(strstr((char *)(uintptr_t)bad.ptr, "Length: 3"), "Length:99", 9);
    ck_assert_log(&plain, join(bad, join(conversion("two"), conversion("three"))),
                  "damage: wrong length in the header of the record that begins at byte 0 of 'in': "
                  "87 bytes passed over\n"
                  "1@87 document: two\n2@174 document: three\n");
}
END_TEST

START_TEST(loses_no_record_to_a_length_beyond_the_end)
{
    mk_str bad = conversion("one");

    memcpy(strstr((char *)(uintptr_t)bad.ptr, "Length: 3"), "Length:99", 9);
    ck_assert_log(&plain, join(bad, conversion("two")),
                  "damage: truncated record that begins at byte 0 of 'in': "
                  "87 bytes passed over\n"
                  "1@87 document: two\n");
}
END_TEST

START_TEST(finds_out_a_length_that_is_too_small)
{
    mk_str bad = conversion("one");

    memcpy(strstr((char *)(uintptr_t)bad.ptr, "Length: 3"), "Length: 2", 9);
    ck_assert_log(&plain, join(bad, conversion("two")),
                  "damage: wrong length in the header of the record that begins at byte 0 of 'in': "
                  "87 bytes passed over\n"
                  "1@87 document: two\n");
}
END_TEST

START_TEST(refuses_a_header_without_one_length)
{
    ck_assert_log(&plain,
                  join(copy(MK_STR("WARC/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")),
                       conversion("two")),
                  "damage: no length in the header of the record that begins at byte 0 of 'in': "
                  "50 bytes passed over\n"
                  "1@50 document: two\n");
}
END_TEST

START_TEST(goes_on_behind_a_damaged_member)
{
    const mk_str one = packed(pack_gzip, conversion("one")),
                 three = packed(pack_gzip, conversion("three"));
    mk_str two = packed(pack_gzip, conversion("two"));
    char want[300];

    ((char *)(uintptr_t)two.ptr)[two.len - 5] ^= 1; /* its CRC */
    snprintf(want, sizeof(want),
             "1@0 document: one\n"
             "damage: crc mismatch in the gzip member that begins at byte %zu of 'in'; reading "
             "goes on at byte %zu\n"
             "2@%zu document: three\n",
             one.len, one.len + two.len, one.len + two.len);
    ck_assert_log(&plain, join(join(one, two), three), want);
}
END_TEST

/* Three records, cut at every byte: what came before the cut is read, and unless
 * the cut is between two records there is a damage. */
static void check_cuts(mk_str (*pack)(mk_str))
{
    static const char *const texts[] = {"one", "two\n", "three\r\n\r\n"};
    size_t ends[4] = {0};
    mk_str all = copy(MK_STR(""));

    for (size_t i = 0; i < 3; i++) {
        const mk_str one = conversion(texts[i]);
        const mk_str part = pack ? pack(one) : copy(one);
        all = join(all, part);
        ends[i + 1] = all.len;
        drop(one);
    }
    for (size_t n = 0; n < all.len; n++) {
        const mk_str log = log_crawl(&mk_reader_warc, mk_str_sub(all, 0, n), MK_STREAM_CHUNK,
                                     &plain);
        size_t whole = 0, n_docs = 0;
        while (ends[whole + 1] <= n)
            whole++;
        for (const char *at = log.ptr; (at = strstr(at, "document: ")); at++)
            n_docs++;
        const bool between = ends[whole] == n;
        const bool named = strstr(log.ptr, "damage: ") != NULL;
        ck_assert_msg(named == !between, "cut at %zu: %s", n, log.ptr);
        ck_assert_msg(n_docs >= whole, "cut at %zu: %s", n, log.ptr);
        drop(log);
    }
    drop(all);
}

START_TEST(tells_of_every_cut)
{
    check_cuts(NULL);
    check_cuts(pack_gzip);
    check_cuts(pack_zstd);
}
END_TEST

START_TEST(is_picked_for_files_that_begin_so)
{
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("WARC/1.0\r\n")), &mk_reader_warc);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("WARC/2.0\r\n")), &mk_reader_warc);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("WARC/")), &mk_reader_warc);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("WARC/ARC files")), &mk_reader_text);
    ck_assert_ptr_eq(mk_reader_pick(MK_STR("WARC")), &mk_reader_text);
}
END_TEST

/* ---- metadata ---- */

/* Every byte of a field may need six in the members. */
START_TEST(carries_fields_that_are_all_escapes)
{
    mk_arena *const arena = mk_arena_new();
    mk_buf fields = {.max = MK_BUF_MAX}, want = {.max = MK_BUF_MAX};
    mk_doc doc = {.members = MK_STR("{}")};
    mk_error error;

    mk_buf_puts(&fields, CONVERSION "WARC-Identified-Content-Language: ");
    mk_buf_puts(&want, "{\"record_type\":\"conversion\",\"offset\":0,"
                       "\"content_type\":\"text/plain\",\"languages\":\"");
    for (int i = 0; i < 3000; i++) {
        mk_buf_puts(&fields, "\x01");
        mk_buf_puts(&want, "\\u0001");
    }
    mk_buf_puts(&fields, "\r\n");
    mk_buf_puts(&want, "\"}");
    mk_buf_putc(&fields, '\0');
    const mk_str bytes = record("1.0", fields.ptr, MK_STR("one"));
    ck_assert_int_eq(
        mk_reader_warc.parse(mk_str_sub(bytes, 0, bytes.len - 4), &plain, arena, &doc, &error),
        MK_OK);
    ck_assert_mk_str_eq(doc.members, mk_buf_str(&want));
    drop(bytes);
    mk_buf_clear(&fields);
    mk_buf_clear(&want);
    mk_arena_free(arena);
}
END_TEST

START_TEST(carries_what_is_known)
{
    mk_arena *const arena = must(mk_arena_new());
    const mk_str bytes = record("1.0",
                                RESPONSE "WARC-Record-ID: <urn:uuid:1>\r\n"
                                         "WARC-Target-URI: <http://example.org/\xFF>\r\n"
                                         "WARC-Date: 2024-01-02T03:04:05Z\r\n"
                                         "WARC-Identified-Content-Language: ara,eng\r\n",
                                MK_STR("HTTP/1.1 203 OK\r\nContent-Type: text/plain; a=\"b\"\r\n"
                                       "\r\n\xEF\xBB\xBFtext"));
    mk_doc doc = {.id = MK_STR("in:1"), .offset = 7, .members = MK_STR("{}")};

    const mk_str whole = mk_str_sub(bytes, 0, bytes.len - 4); /* as next hands it on */
    ck_assert_int_eq(mk_reader_warc.parse(whole, &plain, arena, &doc, NULL), MK_OK);
    ck_assert_mk_str_eq(doc.id, MK_STR("urn:uuid:1"));
    ck_assert_mk_str_eq(doc.url, MK_STR("http://example.org/\xEF\xBF\xBD"));
    ck_assert_uint_eq(doc.date.len, 0); /* of publication */
    ck_assert_mk_str_eq(doc.raw, MK_STR("text"));
    ck_assert_mk_str_eq(doc.members,
                        MK_STR("{\"record_type\":\"response\",\"offset\":7,\"http_status\":203,"
                               "\"content_type\":\"text/plain; a=\\\"b\\\"\","
                               "\"languages\":\"ara,eng\","
                               "\"crawled\":\"2024-01-02T03:04:05Z\"}"));
    mk_arena_free(arena);
    drop(bytes);
}
END_TEST

START_TEST(a_page_has_its_date_and_that_of_its_crawl)
{
    mk_arena *const arena = must(mk_arena_new());
    const mk_str bytes = record(
        "1.0", RESPONSE "WARC-Date: 2024-01-02T03:04:05Z\r\n",
        MK_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>"
               "<meta property='article:published_time' content='2020-01-02'><p>text"));
    mk_doc doc = {.id = MK_STR("in:1"), .members = MK_STR("{}")};

    const mk_str whole = mk_str_sub(bytes, 0, bytes.len - 4); /* as next hands it on */
    ck_assert_int_eq(mk_reader_warc.parse(whole, &plain, arena, &doc, NULL), MK_OK);
    ck_assert_mk_str_eq(doc.date, MK_STR("2020-01-02"));
    ck_assert(mk_str_has(doc.members, MK_STR("\"crawled\":\"2024-01-02T03:04:05Z\"")));
    ck_assert(!mk_str_has(doc.members, MK_STR("2020-01-02")));
    mk_arena_free(arena);
    drop(bytes);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("read_warc");
    TCase *const t = tcase_create("read_warc");

    tcase_add_test(t, reads_one_record_after_the_other);
    tcase_add_test(t, reads_all_versions);
    tcase_add_test(t, reads_lines_that_end_in_lf);
    tcase_add_test(t, tells_the_offset_of_the_member);
    tcase_add_test(t, tells_the_offset_within_a_member_of_many);
    tcase_add_test(t, puts_a_record_of_many_members_together);
    tcase_add_test(t, reads_a_zstd_frame_a_record);
    tcase_add_test(t, rejects_a_record_above_the_limit_and_goes_on);
    tcase_add_test(t, skips_an_image_above_the_limit);
    tcase_add_test(t, skips_by_name_what_is_no_document);
    tcase_add_test(t, rejects_the_first_of_several_segments);
    tcase_add_test(t, puts_segments_together_that_follow_one_another);
    tcase_add_test(t, puts_segments_together_that_are_members);
    tcase_add_test(t, puts_the_segments_of_a_response_together);
    tcase_add_test(t, leaves_segments_alone_that_are_not_all_there);
    tcase_add_test(t, leaves_segments_alone_that_another_record_parts);
    tcase_add_test(t, leaves_segments_alone_that_are_above_the_limit);
    tcase_add_test(t, leaves_segments_alone_that_are_cut);
    tcase_add_test(t, rejects_segments_of_another_length_than_they_say);
    tcase_add_test(t, verifies_the_digest_of_each_segment);
    tcase_add_test(t, skips_by_type_and_status);
    tcase_add_test(t, looks_at_a_body_of_which_nobody_names_the_type);
    tcase_add_test(t, passes_over_a_byte_order_mark_before_the_first_record);
    tcase_add_test(t, believes_the_crawler_where_the_server_names_no_type);
    tcase_add_test(t, takes_a_response_without_type_by_its_beginning);
    tcase_add_test(t, takes_a_resource_by_its_own_type);
    tcase_add_test(t, reads_text_in_the_charset_that_it_names);
    tcase_add_test(t, a_wrong_charset_does_not_spoil_utf8);
    tcase_add_test(t, finds_the_charset_of_text_that_names_none_or_a_wrong_one);
    tcase_add_test(t, rejects_text_that_is_none);
    tcase_add_test(t, takes_a_cut_body_only_where_the_crawler_says_so);
    tcase_add_test(t, does_not_believe_the_length_of_http);
    tcase_add_test(t, verifies_digests_when_asked);
    tcase_add_test(t, takes_a_payload_digest_with_chunks_or_without);
    tcase_add_test(t, passes_over_bytes_that_are_no_record);
    tcase_add_test(t, loses_no_record_to_a_length_that_is_too_large);
    tcase_add_test(t, loses_no_record_to_a_length_beyond_the_end);
    tcase_add_test(t, finds_out_a_length_that_is_too_small);
    tcase_add_test(t, refuses_a_header_without_one_length);
    tcase_add_test(t, goes_on_behind_a_damaged_member);
    tcase_add_test(t, tells_of_every_cut);
    tcase_add_test(t, is_picked_for_files_that_begin_so);
    tcase_add_test(t, carries_what_is_known);
    tcase_add_test(t, a_page_has_its_date_and_that_of_its_crawl);
    tcase_add_test(t, carries_fields_that_are_all_escapes);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
