#include "packing.h"

/* One row a codec: every test runs over all of them. */
typedef struct row {
    const char *name;
    mk_str (*pack)(mk_str s);
    const char *unit;
    size_t n_magic;  /* bytes: a change in them makes another kind of file */
    size_t shortest; /* bytes that are known for the codec's when cut off */
    bool units;      /* each frame or stream is a unit */
} row;

static const row rows[] = {
    {"zstd", pack_zstd, "zstd frame", 4, 2, true},
    {"xz", pack_xz, "xz stream", 6, 1, false},
    {"bzip2", pack_bzip2, "bzip2 stream", 10, 4, true},
};
enum { N_ROWS = sizeof(rows) / sizeof(*rows) };

static const char text[] = "\xD9\x85\xD9\x86\xD8\xAE\xD9\x84 one\ntwo two two\n";

static mk_str hello(void)
{
    return (mk_str){text, sizeof(text) - 1};
}

static const char *damage(const row *r, const char *what, unsigned long long at)
{
    static char line[256];
    snprintf(line, sizeof(line), "%s %s that begins at byte %llu of 'in'", what, r->unit, at);
    return line;
}

START_TEST(decodes)
{
    const mk_str packed = rows[_i].pack(hello());
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_the_same_from_single_bytes)
{
    const mk_str packed = join(rows[_i].pack(hello()), rows[_i].pack(hello()));
    const mk_str want = join(copy(hello()), copy(hello()));
    outcome o = unpack_by(packed, 1);
    ck_assert_whole(o, want);
    drop(want);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_all_streams_of_a_file)
{
    const mk_str packed = join(join(rows[_i].pack(MK_STR("a\n")), rows[_i].pack(MK_STR("b\n"))),
                               rows[_i].pack(MK_STR("c\n")));
    outcome o = unpack(packed);
    ck_assert_whole(o, MK_STR("a\nb\nc\n"));
    ck_assert_uint_eq(o.n_units, rows[_i].units ? 3 : 1);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_nothing_to_nothing)
{
    const mk_str packed = rows[_i].pack(MK_STR(""));
    outcome o = unpack(packed);
    ck_assert_whole(o, MK_STR(""));
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_truncation_at_every_byte)
{
    const row *const r = &rows[_i];
    const mk_str packed = r->pack(hello());

    for (size_t len = r->shortest; len < packed.len; len++) {
        outcome o = unpack_by(mk_str_sub(packed, 0, len), 1 + len % 7);
        ck_assert_damaged(o, damage(r, "truncated", 0));
        ck_assert_uint_eq(o.bytes.len, 0);
        drop(o.bytes);
    }
    drop(packed);
}
END_TEST

/* Salvaged, it gives what stands before the cut, and its damage voids nothing. */
START_TEST(salvages_what_stands_before_a_cut)
{
    static const mk_limits limits = {.salvage = true};
    const row *const r = &rows[_i];
    const mk_str content = noise(MK_STREAM_VERIFY + 300000), packed = r->pack(content);
    const size_t cuts[] = {packed.len / 2, packed.len - 70000, packed.len - 1, packed.len};

    for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
        mk_stream *s = NULL;
        must_be(mk_stream_bytes_by("in", mk_str_sub(packed, 0, cuts[i]), MK_STREAM_CHUNK, &s,
                                   NULL) == MK_OK);
        mk_stream_limit(s, &limits, NULL);
        must_be(mk_stream_decode(&s, NULL) == MK_OK);
        outcome o = drain(s);
        const bool whole = cuts[i] == packed.len;
        ck_assert_int_eq(o.end, whole ? MK_END : MK_DAMAGED);
        ck_assert(s->cut == !whole);
        if (!whole)
            ck_assert_uint_eq(o.end_unit, MK_NO_UNIT);
        ck_assert_uint_gt(o.bytes.len, content.len / 8); /* of bzip2 whole blocks */
        ck_assert_uint_le(o.bytes.len, content.len);
        ck_assert(memcmp(o.bytes.ptr, content.ptr, o.bytes.len) == 0);
        drop(o.bytes);
        mk_stream_close(s);
    }
    drop(content);
    drop(packed);
}
END_TEST

START_TEST(rejects_truncation_at_every_byte_of_a_second_stream)
{
    const row *const r = &rows[_i];
    const mk_str first = r->pack(MK_STR("first\n"));
    const size_t n_first = first.len;
    const mk_str packed = join(first, r->pack(hello()));

    for (size_t len = n_first + 1; len < packed.len; len++) {
        outcome o = unpack(mk_str_sub(packed, 0, len));
        ck_assert_damaged(o, damage(r, "truncated", r->units ? n_first : 0));
        if (r->units)
            ck_assert_mk_str_eq(o.bytes, MK_STR("first\n"));
        drop(o.bytes);
    }
    drop(packed);
}
END_TEST

START_TEST(never_gives_other_bytes_for_a_flipped_bit)
{
    const row *const r = &rows[_i];
    const mk_str packed = r->pack(hello());
    unsigned n_found = 0;

    for (size_t i = r->n_magic; i < packed.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
            outcome o = unpack(packed);
            if (o.end == MK_DAMAGED)
                n_found++;
            else
                ck_assert_whole(o, hello());
            drop(o.bytes);
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
        }
    }
    ck_assert_uint_gt(n_found, (packed.len - r->n_magic) * 7);
    drop(packed);
}
END_TEST

START_TEST(leaves_a_file_with_another_magic_as_it_is)
{
    const row *const r = &rows[_i];
    const mk_str packed = r->pack(hello());

    for (size_t i = 0; i < 3; i++) {
        ((char *)(uintptr_t)packed.ptr)[i] ^= 0x04;
        outcome o = unpack(packed);
        ck_assert_whole(o, packed);
        drop(o.bytes);
        ((char *)(uintptr_t)packed.ptr)[i] ^= 0x04;
    }
    drop(packed);
}
END_TEST

START_TEST(rejects_bytes_after_the_last_stream)
{
    const row *const r = &rows[_i];
    const mk_str packed = join(r->pack(hello()), copy(MK_STR("garbage!")));
    char want[128];
    outcome o = unpack_by(packed, 3);

    snprintf(want, sizeof(want), "8 bytes after the last %s of 'in' are not %s", r->unit, r->name);
    ck_assert_int_eq(o.end, MK_DAMAGED);
    if (r->units) {
        ck_assert_str_eq(o.error.text, want);
        ck_assert_mk_str_eq(o.bytes, hello());
        ck_assert_uint_eq(o.end_unit, 1);
    }
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(lends_a_large_unit_unverified)
{
    const mk_str plain = noise(MK_STREAM_VERIFY + 100000);
    const mk_str packed = rows[_i].pack(plain);
    outcome o = unpack(packed);
    ck_assert_whole(o, plain);
    ck_assert_uint_eq(o.n_unverified, plain.len);
    ck_assert_uint_eq(o.n_units, 1);
    drop(o.bytes);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(holds_back_a_unit_of_the_limit)
{
    const mk_str plain = noise(MK_STREAM_VERIFY);
    const mk_str packed = rows[_i].pack(plain);
    outcome o = unpack(packed);
    ck_assert_whole(o, plain);
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);

    o = unpack(mk_str_sub(packed, 0, packed.len - 1));
    ck_assert_int_eq(o.end, MK_DAMAGED);
    ck_assert_uint_eq(o.bytes.len, 0);
    drop(o.bytes);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(decodes_within_gzip)
{
    const mk_str inner = rows[_i].pack(hello()), packed = pack_gzip(inner);
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
    drop(inner);
    drop(packed);
}
END_TEST

/* ---- one codec ---- */

START_TEST(skips_skippable_zstd_frames)
{
    static const char frame[] = "\x53\x2A\x4D\x18\x05\0\0\0index";
    const mk_str skippable = {frame, sizeof(frame) - 1};
    const mk_str packed = join(join(copy(skippable), pack_zstd(hello())), copy(skippable));
    outcome o = unpack_by(packed, 5);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_zstd_window_above_128_mib)
{
    /* Magic, no single segment, window log 31, an empty last block. */
    outcome o = unpack(MK_STR("\x28\xB5\x2F\xFD\x00\xA8\x01\0\0"));
    ck_assert_damaged(o, "more memory than 128 MiB is asked for by the zstd frame that "
                         "begins at byte 0 of 'in'");
    drop(o.bytes);
}
END_TEST

START_TEST(names_a_wrong_zstd_checksum)
{
    const mk_str packed = pack_zstd(hello());
    ((char *)(uintptr_t)packed.ptr)[packed.len - 1] ^= 1;
    outcome o = unpack(packed);
    ck_assert_damaged(o, "checksum mismatch in the zstd frame that begins at byte 0 of 'in'");
    drop(o.bytes);
    drop(packed);
}
END_TEST

/* hello() in xz with a dictionary of `size` bytes. */
static mk_str pack_xz_dictionary(uint32_t size)
{
    const mk_str packed = pack_xz(hello());
    lzma_options_lzma options;
    lzma_filter filters[2] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    uint8_t props;
    size_t at = 12; /* behind the stream's header */

    must_be(!lzma_lzma_preset(&options, 1));
    options.dict_size = size;
    must_be(lzma_properties_encode(&filters[0], &props) == LZMA_OK);
    /* Block header: size, flags, filter id 0x21, one byte of properties. Its
     * crc stands in its last four bytes. */
    char *const header = (char *)(uintptr_t)packed.ptr + at;
    const size_t n = ((size_t)(unsigned char)header[0] + 1) * 4;
    char *const property = memchr(header + 2, 0x21, n - 4);
    must_be(property && property[1] == 1);
    property[2] = (char)props;
    const uint32_t crc = lzma_crc32((const uint8_t *)header, n - 4, 0);
    for (int i = 0; i < 4; i++)
        header[n - 4 + (size_t)i] = (char)(crc >> 8 * i);
    return packed;
}

START_TEST(reads_xz_with_a_dictionary_of_64_mib)
{
    const mk_str packed = pack_xz_dictionary(64 << 20);
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_xz_that_asks_for_a_gibibyte)
{
    const mk_str packed = pack_xz_dictionary(1u << 30);
    outcome o = unpack(packed);
    ck_assert_damaged(o, "more memory than 256 MiB is asked for by the xz stream that "
                         "begins at byte 0 of 'in'");
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(allows_xz_stream_padding)
{
    const mk_str packed = join(pack_xz(hello()), copy(MK_STR("\0\0\0\0\0\0\0\0")));
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(takes_a_text_that_begins_like_bzip2_for_text)
{
    static const mk_str texts[] = {
        {"B", 1}, {"BZ", 2}, {"BZh", 3}, {"BZh91 was here", 14}, {"BZhello\n", 8}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        outcome o = unpack(texts[i]);
        ck_assert_whole(o, texts[i]);
        drop(o.bytes);
    }
}
END_TEST

START_TEST(holds_no_more_of_a_bomb_than_of_any_unit)
{
    const size_t n = (size_t)64 << 20;
    const mk_str zeros = {must(calloc(1, n)), n}, packed = pack_zstd(zeros);
    mk_stream *s = NULL;
    mk_str chunk;
    uint64_t total = 0;

    ck_assert_uint_lt(packed.len, 16384);
    ck_assert_int_eq(mk_stream_bytes_by("in", packed, MK_STREAM_CHUNK, &s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    while (s->read(s, &chunk, NULL) == MK_OK) {
        ck_assert_uint_le(chunk.len, MK_STREAM_VERIFY + 1);
        total += chunk.len;
    }
    ck_assert_uint_eq(total, n);
    mk_stream_close(s);
    drop(packed);
    drop(zeros);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("unpack");
    TCase *const t = tcase_create("unpack");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, decodes, 0, N_ROWS);
    tcase_add_loop_test(t, decodes_the_same_from_single_bytes, 0, N_ROWS);
    tcase_add_loop_test(t, decodes_all_streams_of_a_file, 0, N_ROWS);
    tcase_add_loop_test(t, decodes_nothing_to_nothing, 0, N_ROWS);
    tcase_add_loop_test(t, rejects_truncation_at_every_byte, 0, N_ROWS);
    tcase_add_loop_test(t, rejects_truncation_at_every_byte_of_a_second_stream, 0, N_ROWS);
    tcase_add_loop_test(t, salvages_what_stands_before_a_cut, 0, N_ROWS);
    tcase_add_loop_test(t, never_gives_other_bytes_for_a_flipped_bit, 0, N_ROWS);
    tcase_add_loop_test(t, leaves_a_file_with_another_magic_as_it_is, 0, N_ROWS);
    tcase_add_loop_test(t, rejects_bytes_after_the_last_stream, 0, N_ROWS);
    tcase_add_loop_test(t, lends_a_large_unit_unverified, 0, N_ROWS);
    tcase_add_loop_test(t, holds_back_a_unit_of_the_limit, 0, N_ROWS);
    tcase_add_loop_test(t, decodes_within_gzip, 0, N_ROWS);
    tcase_add_test(t, skips_skippable_zstd_frames);
    tcase_add_test(t, rejects_a_zstd_window_above_128_mib);
    tcase_add_test(t, names_a_wrong_zstd_checksum);
    tcase_add_test(t, reads_xz_with_a_dictionary_of_64_mib);
    tcase_add_test(t, rejects_xz_that_asks_for_a_gibibyte);
    tcase_add_test(t, allows_xz_stream_padding);
    tcase_add_test(t, takes_a_text_that_begins_like_bzip2_for_text);
    tcase_add_test(t, holds_no_more_of_a_bomb_than_of_any_unit);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
