/* test_flat.c: which lines a release takes, what keeps documents together, and the counts
 * against a slow twin that looks at one code point after the other. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "release/flat.h"
#include "support.h"

#define LINE(id, text, url, metadata)                                \
    "{\"id\":" id ",\"text\":" text ",\"source\":\"s\",\"url\":" url \
    ",\"title\":\"\",\"date\":\"\",\"lang\":\"ar\",\"metadata\":" metadata "}"

static mk_err parse(const char *line, mk_arena *arena, mk_flat *flat, mk_error *error)
{
    return mk_flat_parse(mk_str_of(line), arena, flat, error);
}

START_TEST(takes_a_line_of_our_own)
{
    mk_arena *arena = mk_arena_new();
    mk_flat flat;

    ck_assert_int_eq(
        MK_OK, parse(LINE("\"a\"", "\"نص \\ud83d\\ude00\"", "\"\"", "\"{}\""), arena, &flat, NULL));
    ck_assert_mk_str_eq(flat.values[MK_FLAT_ID].raw, MK_STR("\"a\""));
    mk_arena_free(arena);
}
END_TEST

START_TEST(refuses_what_loaders_would_take_for_something_else)
{
    static const struct {
        const char *line, *why;
    } bad[] = {
        {"{}", "no member 'id'"},
        {"{\"text\":\"x\"}", "member 'text' where 'id' is needed"},
        {LINE("7", "\"x\"", "\"\"", "\"{}\""), "member 'id' is not a string"},
        {LINE("\"\"", "\"x\"", "\"\"", "\"{}\""), "member 'id' is empty"},
        {LINE("\"a\"", "null", "\"\"", "\"{}\""), "member 'text' is not a string"},
        {LINE("\"a\"", "\"\\ud800\"", "\"\"", "\"{}\""),
         "member 'text' has half of a pair of surrogates"},
        {LINE("\"a\"", "\"\\ude00\\ud83d\"", "\"\"", "\"{}\""),
         "member 'text' has half of a pair of surrogates"},
        {LINE("\"a\"", "\"x\"", "\"\"", "{}"), "member 'metadata' is not a string"},
        {LINE("\"a\"", "\"x\"", "\"\"", "\"[]\""), "member 'metadata' is no object as a string"},
        {LINE("\"a\"", "\"x\"", "\"\"", "\"{}\",\"more\":\"\""),
         "member 'more' where the end is needed"},
    };
    mk_arena *arena = mk_arena_new();
    mk_flat flat;
    mk_error error;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_int_eq(MK_RECORD, parse(bad[i].line, arena, &flat, &error));
        ck_assert_str_eq(bad[i].why, error.text);
    }
    mk_arena_free(arena);
}
END_TEST

static mk_str group(const char *line, const char *field, mk_arena *arena)
{
    mk_flat flat;
    mk_str key = {0};

    ck_assert_int_eq(MK_OK, parse(line, arena, &flat, NULL));
    ck_assert(mk_flat_group(&flat, mk_str_of(field), arena, &key));
    return key;
}

START_TEST(groups_by_field_then_host_then_id)
{
    const char *const cluster = "metadata.cluster";
    mk_arena *arena = mk_arena_new();

    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"http://w.example/\"", "\"{\\\"cluster\\\":17}\""), cluster,
              arena),
        MK_STR("17"));
    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"https://u@WWW.W.example:80/p\"", "\"{}\""), cluster, arena),
        MK_STR("w.example"));
    ck_assert_mk_str_eq(group(LINE("\"a\"", "\"x\"", "\"\"", "\"{}\""), cluster, arena),
                        MK_STR("a"));
    ck_assert_mk_str_eq(
        group(LINE("\"a\"", "\"x\"", "\"http://w.example/\"", "\"{}\""), "lang", arena),
        MK_STR("ar"));
    mk_arena_free(arena);
}
END_TEST

/* ---- counts ---- */

static void count_twin(mk_str text, mk_flat_counts *c)
{
    bool in_word = false;
    size_t at = 0;

    while (at < text.len) {
        const uint32_t cp = mk_utf8_next(text, &at);
        const bool space = cp <= ' ' || mk_is_space(cp) || cp == 0x85 || cp == 0x2028 ||
                           cp == 0x2029;
        c->letters += !space && mk_is_letter(cp);
        c->words += !space && !in_word;
        in_word = !space;
    }
    c->documents++;
    c->bytes += text.len;
}

START_TEST(counts_as_the_slow_twin)
{
    static const uint32_t some[] = {' ',   ' ',   'a',   'Z',   '"',    '\\',   '\n',   '\t',
                                    0x1,   0x85,  0x620, 0x628, 0x640,  0x64A,  0x64B,  0x66E,
                                    0x66F, 0x670, 0x671, 0x67F, 0x680,  0x6CC,  0x6D4,  0x60C,
                                    0x61F, 0x660, 0xAB,  0xE9,  0x2028, 0xFB50, 0xFEFB, 0x1F600,
                                    0x5D0, 0x63F, 0x641, 0x7F,  0x200F, 0xA0};
    mk_buf text = {.max = 1 << 20}, json = {.max = 1 << 20};
    uint64_t state = 12345;

    for (int round = 0; round < 3000; round++) {
        const size_t n = (size_t)(state >> 40) % 300;
        mk_flat_counts want = {0}, got = {0};
        mk_buf_reset(&text);
        mk_buf_reset(&json);
        for (size_t i = 0; i < n; i++) {
            char bytes[4];
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
            /* Mostly plain letters, so that whole blocks are plain now and then. */
            const size_t pick = (size_t)(state >> 33);
            const uint32_t cp = pick % 8 < (unsigned)(round % 8)
                                    ? 0x621 + (uint32_t)(pick >> 4) % 0x29
                                    : some[(pick >> 4) % (sizeof(some) / sizeof(*some))];
            mk_buf_put(&text, (mk_str){bytes, mk_utf8_put(bytes, cp)});
        }
        state = state * UINT64_C(6364136223846793005) + 1;
        mk_json_put(&json, mk_buf_str(&text));
        count_twin(mk_buf_str(&text), &want);
        mk_flat_count((mk_json_value){MK_JSON_STRING, mk_buf_str(&json), false}, &got);
        ck_assert_uint_eq(want.bytes, got.bytes);
        ck_assert_uint_eq(want.letters, got.letters);
        ck_assert_uint_eq(want.words, got.words);
    }
    mk_buf_clear(&text);
    mk_buf_clear(&json);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("flat");
    TCase *t = tcase_create("flat");

    tcase_add_test(t, takes_a_line_of_our_own);
    tcase_add_test(t, refuses_what_loaders_would_take_for_something_else);
    tcase_add_test(t, groups_by_field_then_host_then_id);
    tcase_add_test(t, counts_as_the_slow_twin);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
