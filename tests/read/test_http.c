/* HTTP heads, chunks and codings. */
#include "read/http.h"

#include "packing.h"

static mk_arena *arena;
static mk_error error;
static bool cut;

static void begin(void)
{
    arena = must(mk_arena_new());
    cut = false;
}

static void end(void)
{
    mk_arena_free(arena);
}

/* ---- heads ---- */

static mk_err parse(mk_str message, mk_http *ret)
{
    return mk_http_parse(message, arena, ret, &error);
}

START_TEST(reads_status_fields_and_body)
{
    mk_http http;

    ck_assert_int_eq(parse(MK_STR("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"), &http), MK_OK);
    ck_assert_uint_eq(http.status, 200);
    ck_assert_mk_str_eq(mk_fields_get(&http.fields, MK_STR("a")), MK_STR("b"));
    ck_assert_mk_str_eq(http.body, MK_STR("body"));
}
END_TEST

START_TEST(reads_heads_as_servers_send_them)
{
    static const char *const messages[] = {
        "HTTP/1.0 404\n\nx",
        "http/2 404 \r\n\r\nx",
        "HTTP/1.1  404 \xD9\x84\xD8\xA7\r\nno colon\r\n\xFF: \xFE\r\n\r\nx",
        "HTTP/1.1 404 Not\r\nX: a\r\n b\r\n\r\nx",
    };
    mk_http http;

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(parse(mk_str_of(messages[i]), &http), MK_OK);
        ck_assert_uint_eq(http.status, 404);
        ck_assert_mk_str_eq(http.body, MK_STR("x"));
    }
}
END_TEST

START_TEST(rejects_what_is_no_response)
{
    mk_http http;

    ck_assert_int_eq(parse(MK_STR("GET / HTTP/1.1\r\n\r\n"), &http), MK_RECORD);
    ck_assert_str_eq(error.text, "no HTTP response");
    ck_assert_int_eq(parse(MK_STR("HTTP/1.1 2000 OK\r\n\r\n"), &http), MK_RECORD);
    ck_assert_int_eq(parse(MK_STR("HTTP/1.1 20 OK\r\n\r\n"), &http), MK_RECORD);
    ck_assert_int_eq(parse(MK_STR(""), &http), MK_RECORD);
    ck_assert_int_eq(parse(MK_STR("HTTP/1.1 200 OK\r\nA: b\r\n"), &http), MK_RECORD);
    ck_assert_str_eq(error.text, "the HTTP head has no end");
}
END_TEST

/* ---- chunks ---- */

#define CHUNKS "4;x=y\r\nsome\r\nA \r\nthing else\r\n0\r\nT: t\r\n\r\n"

static mk_err unchunk(mk_str body, mk_str *ret)
{
    return mk_chunked_undo(body, arena, ret, &cut, &error);
}

START_TEST(joins_chunks)
{
    mk_str got;

    ck_assert_int_eq(unchunk(MK_STR(CHUNKS), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("something else"));
    ck_assert(!cut);
    ck_assert_int_eq(unchunk(MK_STR("1\na\n0\n"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("a"));
}
END_TEST

START_TEST(tells_of_every_cut)
{
    const mk_str whole = MK_STR(CHUNKS);
    const size_t last = whole.len - sizeof("T: t\r\n\r\n") + 1;
    mk_str got;

    for (size_t n = 7; n < last; n++) {
        ck_assert_int_eq(unchunk(mk_str_sub(whole, 0, n), &got), MK_OK);
        ck_assert_msg(cut, "%zu bytes", n);
        ck_assert(memcmp(got.ptr, "something else", got.len) == 0);
    }
}
END_TEST

START_TEST(leaves_a_body_without_chunks)
{
    mk_str got;

    ck_assert_int_eq(unchunk(MK_STR("<html>"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("<html>"));
    ck_assert(!cut);
    ck_assert_int_eq(unchunk(MK_STR("a plain text\n"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("a plain text\n"));
}
END_TEST

START_TEST(rejects_broken_chunks)
{
    mk_str got;

    ck_assert_int_eq(unchunk(MK_STR("1\r\na\r\nxyz\r\n"), &got), MK_RECORD);
    ck_assert_str_eq(error.text, "broken chunk at byte 7 of the body");
    ck_assert_int_eq(unchunk(MK_STR("1\r\nab\r\n0\r\n\r\n"), &got), MK_RECORD);
}
END_TEST

START_TEST(does_not_overflow_on_a_large_length)
{
    mk_str got;

    ck_assert_int_eq(unchunk(MK_STR("ffffffffffffffff\r\nab"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("ab"));
    ck_assert(cut);
}
END_TEST

/* ---- codings ---- */

static mk_err undo(const char *codings, mk_str body, mk_str *ret)
{
    return mk_coding_undo(mk_str_of(codings), body, 16 << 20, arena, ret, &cut, &error);
}

static mk_str deflated(mk_str s, int bits)
{
    z_stream z = {0};
    must_be(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    const size_t size = deflateBound(&z, s.len) + 64;
    char *const ptr = must(malloc(size));
    z.next_in = (Bytef *)(uintptr_t)s.ptr;
    z.avail_in = (uInt)s.len;
    z.next_out = (Bytef *)ptr;
    z.avail_out = (uInt)size;
    must_be(deflate(&z, Z_FINISH) == Z_STREAM_END);
    const mk_str packed = {ptr, z.total_out};
    deflateEnd(&z);
    return packed;
}

/* "some text some text", by the brotli command. */
#define BROTLI "\x1B\x12\x00\xF8\x05\x1C\x72\xA4\x77\x09\x5B\x50\x50\x1C\x14\x0A\xD0\x58\x4C\x1F"

START_TEST(undoes_each_coding)
{
    const mk_str text = MK_STR("some text some text");
    const struct {
        const char *name;
        mk_str body;
    } cases[] = {
        {"gzip", pack_gzip(text)},
        {"X-GZIP", join(pack_gzip(MK_STR("some text ")), pack_gzip(MK_STR("some text")))},
        {"deflate", deflated(text, MAX_WBITS)},
        {"deflate", deflated(text, -MAX_WBITS)},
        {"zstd", pack_zstd(text)},
        {"br", copy(MK_STR(BROTLI))},
        {"identity", copy(text)},
        {"", copy(text)},
    };
    mk_str got;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_int_eq(undo(cases[i].name, cases[i].body, &got), MK_OK);
        ck_assert_mk_str_eq(got, text);
        ck_assert(!cut);
        drop(cases[i].body);
    }
}
END_TEST

START_TEST(undoes_codings_from_the_last_to_the_first)
{
    const mk_str inner = deflated(MK_STR("text"), MAX_WBITS);
    const mk_str outer = pack_gzip(inner);
    mk_str got;

    ck_assert_int_eq(undo("deflate, gzip", outer, &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("text"));
    drop(inner);
    drop(outer);
}
END_TEST

START_TEST(leaves_a_body_that_was_decoded_before)
{
    static const char *const names[] = {"gzip", "deflate", "br", "zstd"};
    const mk_str text = MK_STR("<!doctype html><p>text");
    mk_str got;

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(undo(names[i], text, &got), MK_OK);
        ck_assert_mk_str_eq(got, text);
    }
}
END_TEST

START_TEST(tells_of_a_compressed_body_that_is_cut)
{
    const mk_str packed = pack_gzip(MK_STR("some text some text"));
    mk_str got;

    for (size_t n = 2; n < packed.len; n++) {
        const mk_err err = undo("gzip", mk_str_sub(packed, 0, n), &got);
        ck_assert_msg(err == MK_OK && cut, "%zu bytes", n);
    }
    drop(packed);
}
END_TEST

START_TEST(rejects_broken_data_by_name)
{
    mk_str packed = pack_gzip(MK_STR("some text some text"));
    mk_str got;

    ((char *)(uintptr_t)packed.ptr)[packed.len - 6] ^= 1; /* the CRC */
    ck_assert_int_eq(undo("gzip", packed, &got), MK_RECORD);
    ck_assert_str_eq(error.text, "broken gzip data");
    drop(packed);
}
END_TEST

START_TEST(passes_over_what_names_a_charset_or_a_type)
{
    mk_str got;

    ck_assert_int_eq(undo("UTF-8", MK_STR("x"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("x"));
    ck_assert_int_eq(undo("windows-1256, text/html", MK_STR("x"), &got), MK_OK);
    ck_assert_mk_str_eq(got, MK_STR("x"));
}
END_TEST

START_TEST(rejects_codings_that_nobody_knows)
{
    mk_str got;

    ck_assert_int_eq(undo("sdch", MK_STR("x"), &got), MK_RECORD);
    ck_assert_str_eq(error.text, "unknown content coding 'sdch'");
}
END_TEST

START_TEST(rejects_too_many_layers)
{
    mk_str body = copy(MK_STR("x")), got;

    for (int i = 0; i < 4; i++) {
        const mk_str inner = body;
        body = pack_gzip(inner);
        drop(inner);
    }
    ck_assert_int_eq(undo("gzip,gzip,gzip,gzip", body, &got), MK_RECORD);
    ck_assert_str_eq(error.text, "more than 3 content codings");
    drop(body);
}
END_TEST

START_TEST(stops_a_bomb_by_its_size)
{
    const size_t n = 17 << 20;
    char *const zeros = must(calloc(1, n));
    const mk_str packed = pack_gzip((mk_str){zeros, n});
    mk_str got;

    ck_assert_int_eq(mk_coding_undo(MK_STR("gzip"), packed, 1 << 20, arena, &got, &cut, &error),
                     MK_RECORD);
    ck_assert_str_eq(error.text, "gzip data of more than 1048576 bytes (--max-doc)");
    ck_assert_int_eq(undo("gzip", packed, &got), MK_RECORD);
    ck_assert_str_eq(error.text, "gzip data that grows to more than 400 times its size");
    drop(packed);
    free(zeros);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("http");
    TCase *const t = tcase_create("http");

    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, reads_status_fields_and_body);
    tcase_add_test(t, reads_heads_as_servers_send_them);
    tcase_add_test(t, rejects_what_is_no_response);
    tcase_add_test(t, joins_chunks);
    tcase_add_test(t, tells_of_every_cut);
    tcase_add_test(t, leaves_a_body_without_chunks);
    tcase_add_test(t, rejects_broken_chunks);
    tcase_add_test(t, does_not_overflow_on_a_large_length);
    tcase_add_test(t, undoes_each_coding);
    tcase_add_test(t, undoes_codings_from_the_last_to_the_first);
    tcase_add_test(t, leaves_a_body_that_was_decoded_before);
    tcase_add_test(t, tells_of_a_compressed_body_that_is_cut);
    tcase_add_test(t, rejects_broken_data_by_name);
    tcase_add_test(t, passes_over_what_names_a_charset_or_a_type);
    tcase_add_test(t, rejects_codings_that_nobody_knows);
    tcase_add_test(t, rejects_too_many_layers);
    tcase_add_test(t, stops_a_bomb_by_its_size);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
