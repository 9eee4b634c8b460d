#include "packing.h"

static const char text[] = "\xD9\x85\xD9\x86\xD8\xAE\xD9\x84 one\ntwo two two\n";

static mk_str hello(void)
{
    return (mk_str){text, sizeof(text) - 1};
}

START_TEST(decodes_one_member)
{
    const mk_str packed = pack_gzip(hello());
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_all_members_as_units_of_their_own)
{
    const mk_str packed = join(join(pack_gzip(MK_STR("a\n")), pack_gzip(MK_STR("b\n"))),
                               pack_gzip(MK_STR("c\n")));
    outcome o = unpack(packed);
    ck_assert_whole(o, MK_STR("a\nb\nc\n"));
    ck_assert_uint_eq(o.n_units, 3);
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_the_same_from_single_bytes)
{
    const mk_str packed = join(pack_gzip(hello()), pack_gzip(hello()));
    outcome o = unpack_by(packed, 1);
    const mk_str want = join(copy(hello()), copy(hello()));
    ck_assert_whole(o, want);
    drop(want);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(allows_empty_members)
{
    const mk_str packed = join(join(pack_gzip(MK_STR("")), pack_gzip(hello())),
                               pack_gzip(MK_STR("")));
    outcome o = unpack(packed);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(takes_nothing_for_an_empty_plain_stream)
{
    outcome o = unpack(MK_STR(""));
    ck_assert_whole(o, MK_STR(""));
    drop(o.bytes);
}
END_TEST

/* All that a header may have: FEXTRA, FNAME, FCOMMENT, FHCRC. */
static mk_str with_header(bool good_crc)
{
    const mk_str packed = pack_gzip(hello());
    static const char fields[] = "\x1F\x8B\x08\x1E\0\0\0\0\0\xFF\x03\0xyz"
                                 "name.jsonl\0a comment\0";
    mk_str head = copy((mk_str){fields, sizeof(fields) - 1});
    const unsigned crc = (unsigned)crc32(0, (const Bytef *)head.ptr, (uInt)head.len);
    const char hcrc[2] = {(char)(crc & 0xFF), (char)(crc >> 8 ^ (good_crc ? 0 : 1))};

    head = join(head, copy((mk_str){hcrc, 2}));
    head = join(head, copy(mk_str_sub(packed, 10, packed.len)));
    drop(packed);
    return head;
}

START_TEST(reads_every_field_of_a_header)
{
    const mk_str packed = with_header(true);
    outcome o = unpack_by(packed, 1);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_wrong_header_crc)
{
    const mk_str packed = with_header(false);
    outcome o = unpack(packed);
    ck_assert_damaged(o, "crc mismatch in the header of the gzip member that begins at "
                         "byte 0 of 'in'");
    drop(o.bytes);
    drop(packed);
}
END_TEST

/* The second of two members, changed at `back` bytes from its end. */
static outcome with_second_changed(size_t back, char xor)
{
    const mk_str first = pack_gzip(MK_STR("first\n"));
    ck_assert_uint_eq(first.len, 26);
    const mk_str packed = join(first, pack_gzip(hello()));
    ((char *)(uintptr_t)packed.ptr)[packed.len - back] ^= xor;
    outcome o = unpack(packed);
    drop(packed);
    return o;
}

START_TEST(rejects_a_wrong_crc_and_keeps_the_member_before)
{
    outcome o = with_second_changed(8, 1);
    ck_assert_damaged(o, "crc mismatch in the gzip member that begins at byte 26 of 'in'");
    ck_assert_mk_str_eq(o.bytes, MK_STR("first\n"));
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_a_wrong_length)
{
    outcome o = with_second_changed(4, 1);
    ck_assert_damaged(o, "length mismatch in the gzip member that begins at byte 26 of 'in'");
    drop(o.bytes);
}
END_TEST

START_TEST(names_the_unit_that_failed)
{
    outcome o = with_second_changed(8, 1);
    ck_assert_uint_eq(o.last_unit, 0);
    ck_assert_uint_eq(o.end_unit, 1);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_an_unknown_method)
{
    outcome o = unpack(MK_STR("\x1F\x8B\x07\0\0\0\0\0\0\0"));
    ck_assert_damaged(
        o, "unknown compression method in the gzip member that begins at byte 0 of 'in'");
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_unknown_flags)
{
    outcome o = unpack(MK_STR("\x1F\x8B\x08\x20\0\0\0\0\0\0"));
    ck_assert_damaged(o, "unknown flags in the gzip member that begins at byte 0 of 'in'");
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_corrupt_deflate_data)
{
    outcome o = unpack(MK_STR("\x1F\x8B\x08\0\0\0\0\0\0\0\x07zzzzzzzzzzzzzzzzzzz"));
    ck_assert_int_eq(o.end, MK_DAMAGED);
    ck_assert_msg(strncmp(o.error.text, "corrupt deflate data at byte 1", 30) == 0, "%s",
                  o.error.text);
    drop(o.bytes);
}
END_TEST

START_TEST(allows_zeros_after_the_last_member)
{
    const mk_str zeros = {must(calloc(1, 5000)), 5000};
    const mk_str packed = join(pack_gzip(hello()), zeros);
    outcome o = unpack_by(packed, 777);
    ck_assert_whole(o, hello());
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_other_bytes_after_the_last_member)
{
    const mk_str packed = join(pack_gzip(hello()), copy(MK_STR("garbage")));
    outcome o = unpack_by(packed, 3);
    ck_assert_damaged(o, "7 bytes after the last gzip member of 'in' are not gzip");
    ck_assert_mk_str_eq(o.bytes, hello());
    ck_assert_uint_eq(o.end_unit, 1);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(counts_zeros_before_other_bytes_with_them)
{
    for (size_t step = 1; step < 9; step++) {
        const mk_str packed = join(pack_gzip(hello()), copy(MK_STR("\0\0\0garbage")));
        outcome o = unpack_by(packed, step);
        ck_assert_damaged(o, "10 bytes after the last gzip member of 'in' are not gzip");
        drop(o.bytes);
        drop(packed);
    }
}
END_TEST

START_TEST(rejects_half_a_magic_after_the_last_member)
{
    const mk_str packed = join(pack_gzip(hello()), copy(MK_STR("\x1Fxyz")));
    outcome o = unpack(packed);
    ck_assert_damaged(o, "4 bytes after the last gzip member of 'in' are not gzip");
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_truncation_at_every_byte)
{
    const mk_str packed = with_header(true);

    for (size_t len = 1; len < packed.len; len++) {
        outcome o = unpack_by(mk_str_sub(packed, 0, len), 1 + len % 5);
        ck_assert_damaged(o, "truncated gzip member that begins at byte 0 of 'in'");
        ck_assert_uint_eq(o.bytes.len, 0);
        drop(o.bytes);
    }
    drop(packed);
}
END_TEST

START_TEST(keeps_the_first_member_wherever_the_second_is_cut)
{
    const mk_str first = pack_gzip(MK_STR("first\n"));
    const size_t n_first = first.len;
    const mk_str packed = join(first, pack_gzip(hello()));

    for (size_t len = n_first + 1; len < packed.len; len++) {
        outcome o = unpack(mk_str_sub(packed, 0, len));
        ck_assert_damaged(o, "truncated gzip member that begins at byte 26 of 'in'");
        ck_assert_mk_str_eq(o.bytes, MK_STR("first\n"));
        drop(o.bytes);
    }
    drop(packed);
}
END_TEST

START_TEST(never_gives_other_bytes_for_a_flipped_bit)
{
    const mk_str packed = join(with_header(true), pack_gzip(hello()));
    const mk_str want = join(copy(hello()), copy(hello()));
    unsigned n_found = 0;

    for (size_t i = 2; i < packed.len; i++) { /* behind the magic */
        for (int bit = 0; bit < 8; bit++) {
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
            outcome o = unpack(packed);
            if (o.end == MK_DAMAGED)
                n_found++;
            else
                ck_assert_whole(o, want);
            drop(o.bytes);
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
        }
    }
    ck_assert_uint_gt(n_found, packed.len * 4);
    drop(want);
    drop(packed);
}
END_TEST

START_TEST(holds_back_a_member_of_the_limit_till_it_is_known_whole)
{
    const mk_str plain = noise(MK_STREAM_VERIFY);
    mk_str packed = pack_gzip_level(plain, 1);
    outcome o = unpack(packed);
    ck_assert_whole(o, plain);
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);

    ((char *)(uintptr_t)packed.ptr)[packed.len - 5] ^= 1;
    o = unpack(packed);
    ck_assert_int_eq(o.end, MK_DAMAGED);
    ck_assert_uint_eq(o.bytes.len, 0);
    drop(o.bytes);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(lends_a_larger_member_unverified)
{
    const mk_str plain = noise(MK_STREAM_VERIFY + 1);
    const mk_str packed = join(pack_gzip_level(plain, 1), pack_gzip(hello()));
    const mk_str want = join(copy(plain), copy(hello()));
    outcome o = unpack(packed);
    ck_assert_whole(o, want);
    ck_assert_uint_eq(o.n_unverified, plain.len);
    ck_assert_uint_eq(o.n_units, 2);
    drop(o.bytes);
    drop(want);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(tells_of_a_wrong_crc_at_the_end_of_a_large_member)
{
    const mk_str plain = noise(MK_STREAM_VERIFY * 2);
    const mk_str packed = pack_gzip_level(plain, 1);
    ((char *)(uintptr_t)packed.ptr)[packed.len - 8] ^= 1;
    outcome o = unpack(packed);
    ck_assert_damaged(o, "crc mismatch in the gzip member that begins at byte 0 of 'in'");
    ck_assert_uint_gt(o.n_unverified, 0);
    ck_assert_uint_eq(o.n_unverified, o.bytes.len);
    ck_assert_uint_eq(o.end_unit, o.last_unit);
    drop(o.bytes);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(spares_a_large_member_the_damage_of_the_next)
{
    const mk_str plain = noise(MK_STREAM_VERIFY + 1);
    const mk_str packed = join(pack_gzip_level(plain, 1), pack_gzip(hello()));
    ((char *)(uintptr_t)packed.ptr)[packed.len - 8] ^= 1;
    outcome o = unpack(packed);
    ck_assert_int_eq(o.end, MK_DAMAGED);
    ck_assert_mk_str_eq(o.bytes, plain);
    ck_assert_uint_eq(o.end_unit, o.last_unit + 1);
    drop(o.bytes);
    drop(packed);
    drop(plain);
}
END_TEST

START_TEST(reports_stored_bytes_as_progress)
{
    const mk_str packed = join(pack_gzip(hello()), pack_gzip(hello()));
    mk_stream *s = NULL;
    ck_assert_int_eq(mk_stream_bytes_by("in", packed, MK_STREAM_CHUNK, &s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    outcome o = drain(s);
    ck_assert_uint_eq(s->stored, packed.len);
    mk_stream_close(s);
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(decodes_gzip_within_gzip)
{
    const mk_str once = pack_gzip(hello());
    const mk_str twice = pack_gzip(once);
    outcome o = unpack(twice);
    ck_assert_whole(o, hello());
    ck_assert_uint_eq(o.n_unverified, 0);
    drop(o.bytes);
    drop(once);
    drop(twice);
}
END_TEST

START_TEST(does_not_verify_what_stands_on_unverified_bytes)
{
    const mk_str filler = noise(MK_STREAM_VERIFY + 100);
    const mk_str inner = join(pack_gzip(hello()), pack_gzip_level(filler, 0));
    const mk_str outer = pack_gzip_level(inner, 0); /* larger than can be held */
    outcome o = unpack(outer);
    ck_assert_int_eq(o.end, MK_END);
    ck_assert_uint_eq(o.n_unverified, o.bytes.len);
    ck_assert_uint_eq(o.n_units, 1);
    drop(o.bytes);
    drop(filler);
    drop(inner);
    drop(outer);
}
END_TEST

START_TEST(rejects_three_layers)
{
    const mk_str once = pack_gzip(hello()), twice = pack_gzip(once), thrice = pack_gzip(twice);
    outcome o = unpack(thrice);
    ck_assert_damaged(o, "more than 2 codecs within one another in 'in' (--max-depth)");
    drop(once);
    drop(twice);
    drop(thrice);
}
END_TEST

/* Members of many sizes, those of a crawl and a few that lie across pieces whole. */
enum { N_MEMBERS = 40 };

static size_t member_size(size_t i)
{
    static const size_t sizes[] = {3000, 9000, 1, 20000, 500, 70000, 4000, 150000};

    return sizes[i % 8] + i;
}

/* ret_starts: where each begins, and where the last ends. */
static mk_str pack_members(size_t ret_starts[N_MEMBERS + 1])
{
    const mk_str plain = noise(200000);
    mk_buf all = {.max = MK_BUF_MAX};

    for (size_t i = 0; i < N_MEMBERS; i++) {
        const mk_str packed = pack_gzip_level(mk_str_sub(plain, i, i + member_size(i)), 1);
        ret_starts[i] = all.len;
        mk_buf_put(&all, packed);
        drop(packed);
    }
    ret_starts[N_MEMBERS] = all.len;
    drop(plain);
    must_be(!all.failed);
    return mk_buf_str(&all);
}

/* The members from `first` up to `end`, in pieces of step bytes: which, where, and what. */
static void check_members(mk_stream *s, size_t first, size_t end, const size_t *starts)
{
    const mk_str plain = noise(200000);
    mk_str piece;

    for (size_t i = first; i < end; i++) {
        ck_assert_int_eq(s->read(s, &piece, NULL), MK_OK);
        ck_assert(s->verified);
        ck_assert_uint_eq(s->unit_start, starts[i]);
        ck_assert_uint_eq(s->unit_at, 0);
        ck_assert_mk_str_eq(piece, mk_str_sub(plain, i, i + member_size(i)));
    }
    drop(plain);
}

static const size_t steps[] = {700, 32000, 33000, 50000, 100001, MK_STREAM_CHUNK};
enum { N_STEPS = sizeof(steps) / sizeof(*steps) };

START_TEST(decodes_members_that_lie_across_pieces)
{
    size_t starts[N_MEMBERS + 1];
    const mk_str packed = pack_members(starts);
    mk_stream *s = NULL;
    mk_str piece;

    ck_assert_int_eq(mk_stream_bytes_by("in", packed, steps[_i], &s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    check_members(s, 0, N_MEMBERS, starts);
    ck_assert_int_eq(s->read(s, &piece, NULL), MK_END);
    mk_stream_close(s);
    drop(packed);
}
END_TEST

START_TEST(goes_on_behind_each_damage_among_pieces)
{
    size_t starts[N_MEMBERS + 1];
    const mk_str packed = pack_members(starts);
    char want[100];

    for (size_t bad = 0; bad < N_MEMBERS; bad++) {
        char *const crc = (char *)(uintptr_t)packed.ptr + starts[bad + 1] - 8;
        mk_stream *s = NULL;
        mk_error error;
        mk_str piece;
        *crc ^= 1;
        ck_assert_int_eq(mk_stream_bytes_by("in", packed, steps[_i], &s, NULL), MK_OK);
        ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
        check_members(s, 0, bad, starts);
        ck_assert_int_eq(s->read(s, &piece, &error), MK_DAMAGED);
        snprintf(want, sizeof(want),
                 "crc mismatch in the gzip member that begins at byte %zu of 'in'", starts[bad]);
        ck_assert_str_eq(error.text, want);
        ck_assert(mk_stream_resume(s));
        check_members(s, bad + 1, N_MEMBERS, starts);
        ck_assert_int_eq(s->read(s, &piece, NULL), MK_END);
        mk_stream_close(s);
        *crc ^= 1;
    }
    drop(packed);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("gunzip");
    TCase *const t = tcase_create("gunzip");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, decodes_one_member);
    tcase_add_test(t, decodes_all_members_as_units_of_their_own);
    tcase_add_test(t, decodes_the_same_from_single_bytes);
    tcase_add_test(t, allows_empty_members);
    tcase_add_test(t, takes_nothing_for_an_empty_plain_stream);
    tcase_add_test(t, reads_every_field_of_a_header);
    tcase_add_test(t, rejects_a_wrong_header_crc);
    tcase_add_test(t, rejects_a_wrong_crc_and_keeps_the_member_before);
    tcase_add_test(t, rejects_a_wrong_length);
    tcase_add_test(t, names_the_unit_that_failed);
    tcase_add_test(t, rejects_an_unknown_method);
    tcase_add_test(t, rejects_unknown_flags);
    tcase_add_test(t, rejects_corrupt_deflate_data);
    tcase_add_test(t, allows_zeros_after_the_last_member);
    tcase_add_test(t, rejects_other_bytes_after_the_last_member);
    tcase_add_test(t, counts_zeros_before_other_bytes_with_them);
    tcase_add_test(t, rejects_half_a_magic_after_the_last_member);
    tcase_add_test(t, rejects_truncation_at_every_byte);
    tcase_add_test(t, keeps_the_first_member_wherever_the_second_is_cut);
    tcase_add_test(t, never_gives_other_bytes_for_a_flipped_bit);
    tcase_add_test(t, holds_back_a_member_of_the_limit_till_it_is_known_whole);
    tcase_add_test(t, lends_a_larger_member_unverified);
    tcase_add_test(t, tells_of_a_wrong_crc_at_the_end_of_a_large_member);
    tcase_add_test(t, spares_a_large_member_the_damage_of_the_next);
    tcase_add_test(t, reports_stored_bytes_as_progress);
    tcase_add_test(t, decodes_gzip_within_gzip);
    tcase_add_test(t, does_not_verify_what_stands_on_unverified_bytes);
    tcase_add_test(t, rejects_three_layers);
    tcase_add_loop_test(t, decodes_members_that_lie_across_pieces, 0, N_STEPS);
    tcase_add_loop_test(t, goes_on_behind_each_damage_among_pieces, 0, N_STEPS);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
