/* Streams that go on behind a damage: gzip members and zstd frames. */
#include <errno.h>
#include <zdict.h>

#include "fail.h"
#include "packing.h"

/* All that can be read of packed; *ret_damages: how often it was damaged. */
static mk_str read_on(mk_str packed, size_t step, unsigned *ret_damages)
{
    mk_stream *s = NULL;
    mk_buf all = {.max = MK_BUF_MAX};
    mk_str chunk;
    mk_error error;
    mk_err err;

    *ret_damages = 0;
    must_be(mk_stream_bytes_by("in", packed, step, &s, NULL) == MK_OK);
    must_be(mk_stream_decode(&s, NULL) == MK_OK);
    while ((err = s->read(s, &chunk, &error)) != MK_END) {
        if (err == MK_OK) {
            mk_buf_put(&all, chunk);
            continue;
        }
        ck_assert_int_eq(err, MK_DAMAGED);
        ++*ret_damages;
        if (!mk_stream_resume(s))
            break;
    }
    mk_stream_close(s);
    const mk_str text = copy(mk_buf_str(&all));
    mk_buf_clear(&all);
    return text;
}

typedef mk_str (*packer_fn)(mk_str s);
static const packer_fn packers[] = {pack_gzip, pack_zstd};
static const size_t steps[] = {1, 2, 7, MK_STREAM_CHUNK};

/* Parts "one", "two", "three", the second spoilt at byte `at`. */
static mk_str three_parts(packer_fn pack, size_t at)
{
    mk_str two = pack(MK_STR("two two two"));

    ((char *)(uintptr_t)two.ptr)[at] ^= 0x55;
    return join(join(pack(MK_STR("one ")), two), pack(MK_STR("three")));
}

START_TEST(goes_on_with_the_part_behind_a_damaged_one)
{
    const packer_fn pack = packers[_i % 2];
    const size_t step = steps[_i / 2];
    mk_str two = pack(MK_STR("two two two"));
    const size_t n = two.len;
    unsigned n_damages;

    drop(two);
    for (size_t at = 0; at < n; at++) {
        const mk_str packed = three_parts(pack, at);
        const mk_str text = read_on(packed, step, &n_damages);
        /* A changed time or name of a gzip header changes nothing that is read. */
        const bool whole = mk_str_eq(text, MK_STR("one two two twothree"));
        ck_assert_msg(whole || n_damages > 0, "byte %zu: silent", at);
        ck_assert_msg(whole || mk_str_eq(text, MK_STR("one three")), "byte %zu: '%s'", at,
                      text.ptr);
        drop(text);
        drop(packed);
    }
}
END_TEST

/* All that is read and told, by reads of step bytes. */
static mk_str told_by(mk_str packed, size_t step)
{
    mk_stream *s = NULL;
    mk_buf all = {.max = MK_BUF_MAX};
    mk_str chunk;
    mk_error error;
    mk_err err;
    uint64_t unit = UINT64_MAX;

    must_be(mk_stream_bytes_by("in", packed, step, &s, NULL) == MK_OK);
    must_be(mk_stream_decode(&s, NULL) == MK_OK);
    while ((err = s->read(s, &chunk, &error)) != MK_END) {
        if (unit != s->unit)
            mk_buf_printf(&all, "\nunit %d from %d, %d: ", (int)s->unit, (int)s->unit_start,
                          s->verified);
        unit = s->unit;
        if (err == MK_OK)
            mk_buf_put(&all, chunk);
        else
            mk_buf_printf(&all, "\n%s\n", error.text);
        if (err != MK_OK && !mk_stream_resume(s))
            break;
    }
    mk_stream_close(s);
    return (mk_str){all.ptr, all.len};
}

/* Parts that lie whole in what is read at once, in what is gathered, and in neither. */
START_TEST(parts_of_all_sizes_are_told_the_same_by_any_reads)
{
    static const size_t sizes[] = {100, 300000, 700000, 1300000, 650000, 400};
    enum { N = sizeof(sizes) / sizeof(*sizes) };
    mk_str packed = copy(MK_STR(""));

    for (size_t i = 0; i < N; i++) {
        const mk_str text = noise(sizes[i]);
        mk_str part = pack_gzip(text);
        if ((int)i == _i || (_i == N + 1 && i == N - 1))
            ((char *)(uintptr_t)part.ptr)[part.len - (_i == N + 1 ? 1 : part.len / 3)] ^= 0x55;
        packed = join(packed, part);
        drop(text);
    }
    if (_i == N)
        packed.len -= 11; /* cut off */
    const mk_str want = told_by(packed, 1000);
    const mk_str got = told_by(packed, MK_STREAM_CHUNK);
    ck_assert(mk_str_eq(got, want));
    drop(want);
    drop(got);
    drop(packed);
}
END_TEST

START_TEST(goes_on_behind_bytes_that_are_no_part)
{
    const packer_fn pack = packers[_i % 2];
    const size_t step = steps[_i / 2];
    unsigned n_damages;
    const mk_str packed = join(join(pack(MK_STR("one ")), copy(MK_STR("no part\x1F at all"))),
                               pack(MK_STR("two")));
    const mk_str text = read_on(packed, step, &n_damages);

    ck_assert_mk_str_eq(text, MK_STR("one two"));
    ck_assert_uint_eq(n_damages, 1);
    drop(text);
    drop(packed);
}
END_TEST

/* Its length makes zlib run over the end of the member and into the next. */
START_TEST(finds_a_part_that_the_damaged_one_swallowed)
{
    unsigned n_damages;
    const mk_str text = noise(3000);
    mk_str first = pack_gzip(text);
    first.len -= 20; /* the end of the data and the trailer are missing */
    const mk_str packed = join(join(first, pack_gzip(MK_STR("two "))), pack_gzip(MK_STR("three")));
    const mk_str got = read_on(packed, MK_STREAM_CHUNK, &n_damages);

    ck_assert_mk_str_eq(got, MK_STR("two three"));
    ck_assert_uint_eq(n_damages, 1);
    drop(text);
    drop(got);
    drop(packed);
}
END_TEST

START_TEST(tells_where_each_part_begins)
{
    const mk_str one = pack_gzip(MK_STR("one")), two = pack_gzip(MK_STR("two"));
    const uint64_t at = one.len;
    const mk_str packed = join(one, two);
    mk_stream *s = NULL;
    mk_str chunk;

    must_be(mk_stream_bytes_by("in", packed, MK_STREAM_CHUNK, &s, NULL) == MK_OK);
    must_be(mk_stream_decode(&s, NULL) == MK_OK);
    ck_assert(s->packed);
    ck_assert_int_eq(s->read(s, &chunk, NULL), MK_OK);
    ck_assert_uint_eq(s->unit_start, 0);
    ck_assert_int_eq(s->read(s, &chunk, NULL), MK_OK);
    ck_assert_uint_eq(s->unit_start, at);
    ck_assert_uint_eq(s->unit_at, 0);
    mk_stream_close(s);
    drop(packed);
}
END_TEST

START_TEST(does_not_go_on_in_xz_and_bzip2)
{
    unsigned n_damages;
    const mk_str packed = join(pack_xz(MK_STR("one")), copy(MK_STR("none")));
    const mk_str text = read_on(packed, MK_STREAM_CHUNK, &n_damages);

    ck_assert_uint_eq(n_damages, 1);
    drop(text);
    drop(packed);
}
END_TEST

/* ---- a dictionary before zstd frames ---- */

static mk_str skippable(mk_str content)
{
    char head[8] = {0x5D, 0x2A, 0x4D, 0x18};

    for (unsigned i = 0; i < 4; i++)
        head[4 + i] = (char)(content.len >> 8 * i & 0xFF);
    return join(copy((mk_str){head, 8}), copy(content));
}

/* A dictionary: magic, id, and content that libzstd takes as raw. */
static mk_str make_dict(void)
{
    char samples[64 * 100];
    size_t sizes[64];
    char *const dict = must(malloc(4096));

    for (size_t i = 0; i < 64; i++) {
        memset(samples + 100 * i, (int)('a' + i % 20), 100);
        snprintf(samples + 100 * i, 100, "sample %zu of the same beginning, and %zu more", i,
                 i * i);
        sizes[i] = 100;
    }
    const size_t n = ZDICT_trainFromBuffer(dict, 4096, samples, sizes, 64);
    must_be(!ZDICT_isError(n));
    return (mk_str){dict, n};
}

static mk_str pack_with(mk_str dict, mk_str s)
{
    const size_t size = ZSTD_compressBound(s.len);
    char *const ptr = must(malloc(size));
    ZSTD_CCtx *const c = must(ZSTD_createCCtx());
    const size_t len = ZSTD_compress_usingDict(c, ptr, size, s.ptr, s.len, dict.ptr, dict.len, 3);

    must_be(!ZSTD_isError(len));
    ZSTD_freeCCtx(c);
    return (mk_str){ptr, len};
}

START_TEST(reads_frames_with_the_dictionary_before_them)
{
    const mk_str dict = make_dict();
    const mk_str stored = _i % 2 ? pack_zstd(dict) : copy(dict);
    const mk_str packed = join(join(skippable(stored), pack_with(dict, MK_STR("sample one, "))),
                               pack_with(dict, MK_STR("sample two")));
    const outcome o = unpack_by(packed, _i < 2 ? 1 : MK_STREAM_CHUNK);

    ck_assert_whole(o, MK_STR("sample one, sample two"));
    drop(o.bytes);
    drop(packed);
    drop(stored);
    drop(dict);
}
END_TEST

START_TEST(names_a_dictionary_that_is_missing)
{
    const mk_str dict = make_dict();
    const mk_str packed = pack_with(dict, MK_STR("sample"));
    const outcome o = unpack(packed);

    ck_assert_damaged(o, "no dictionary for the zstd frame that begins at byte 0 of 'in'");
    drop(o.bytes);
    drop(packed);
    drop(dict);
}
END_TEST

START_TEST(passes_over_a_skippable_frame_without_a_dictionary)
{
    const mk_str packed = join(skippable(MK_STR("something else")), pack_zstd(MK_STR("text")));
    const outcome o = unpack(packed);

    ck_assert_whole(o, MK_STR("text"));
    drop(o.bytes);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_dictionary_that_is_cut_off_or_broken)
{
    const mk_str dict = make_dict();
    mk_str cut = skippable(dict);
    cut.len -= 3;
    const outcome a = unpack(cut);
    ck_assert_damaged(a, "truncated dictionary at the beginning of 'in'");
    const mk_str broken = join(skippable(MK_STR("\x28\xB5\x2F\xFD broken")), copy(MK_STR("")));
    const outcome b = unpack(broken);
    ck_assert_damaged(b, "broken dictionary at the beginning of 'in'");
    drop(a.bytes);
    drop(b.bytes);
    drop(cut);
    drop(broken);
    drop(dict);
}
END_TEST

/* ---- failures ---- */

/* Reads all of a file, going on behind damages: the first code that is neither a damage of
 * its bytes nor the end. */
static mk_err read_file_on(const char *path, mk_buf *to)
{
    mk_stream *s = NULL;
    mk_str chunk;
    mk_error error = {0};
    mk_err err = mk_stream_file(path, &s, &error);

    if (err == MK_OK)
        err = mk_stream_decode(&s, &error);
    while (err == MK_OK) {
        err = s->read(s, &chunk, &error);
        if (err == MK_OK)
            mk_buf_put(to, chunk);
        if (err == MK_DAMAGED && mk_stream_resume(s))
            err = MK_OK;
    }
    mk_stream_close(s);
    return err;
}

/* Good parts, a damaged one, what is none, and one so long that it is not kept. */
static const char *damaged_file(packer_fn pack)
{
    const mk_str long_text = noise(3 << 20), text = noise(200000);
    mk_str bad = pack(text), long_bad = pack(long_text);

    ((char *)(uintptr_t)bad.ptr)[bad.len / 2] ^= 0x55;
    ((char *)(uintptr_t)long_bad.ptr)[long_bad.len - 5] ^= 0x55;
    mk_str all = join(join(pack(MK_STR("one ")), bad), noise(400000)); /* nothing begins in it */
    all = join(all, pack(MK_STR("two ")));
    if (pack == pack_zstd) { /* so that the long one ends where a read does */
        const size_t end = all.len + 8 + long_bad.len;
        const mk_str gap = noise(MK_STREAM_CHUNK - end % MK_STREAM_CHUNK);
        all = join(all, skippable(gap));
        drop(gap);
    }
    all = join(all, long_bad);
    all = join(all, pack(MK_STR("three")));
    const char *const path = mk_test_file("in", all);
    drop(all);
    drop(text);
    drop(long_text);
    return path;
}

static const struct {
    unsigned calls;
    int error;
    mk_err want;
} failures[] = {
    {MK_CALL_ALLOC, ENOMEM, MK_NOMEM},
    {MK_CALL_LIBRARY, ENOMEM, MK_NOMEM},
    {MK_CALL_READ, EIO, MK_DAMAGED},
};

enum { N_FAILURES = sizeof(failures) / sizeof(*failures) };

START_TEST(a_call_that_fails_behind_a_damage_loses_nothing_silently)
{
    const char *const path = damaged_file(packers[_i % 2]);
    const unsigned f = (unsigned)_i / 2;
    mk_buf whole = {.max = MK_BUF_MAX}, got = {.max = MK_BUF_MAX};
    bool came = true;

    ck_assert_int_eq(read_file_on(path, &whole), MK_END);
    ck_assert(mk_str_has(mk_buf_str(&whole), MK_STR("one two ")));
    for (unsigned at = 1; came; at++) {
        mk_buf_clear(&got);
        must_be(mk_buf_room(&got, 8 << 20) != NULL); /* so that put does not allocate */
        mk_test_fail(failures[f].calls, at, failures[f].error);
        const mk_err err = read_file_on(path, &got);
        came = mk_test_failed();
        ck_assert_msg(err == MK_END || err == MK_DAMAGED || (came && err == failures[f].want),
                      "call %u: %d", at, (int)err);
        if (!came)
            ck_assert(mk_str_eq(mk_buf_str(&got), mk_buf_str(&whole)));
    }
    mk_buf_clear(&got);
    mk_buf_clear(&whole);
}
END_TEST

enum { N_READS = 20 }; /* more than are kept of a part to look into it again */

/* A gzip member that ends where a read does, whose check is wrong. */
static mk_str wrong_member(void)
{
    mk_str member = {NULL, 0};

    const size_t size = (size_t)N_READS * MK_STREAM_CHUNK;

    for (size_t n = size - 5 * (size / 65535 + 1) - 18; member.len != size; n++) {
        const mk_str text = noise(n);
        drop(member);
        member = pack_gzip_level(text, 0);
        drop(text);
        must_be(member.len <= size);
    }
    ((char *)(uintptr_t)member.ptr)[member.len - 5] ^= 1;
    return member;
}

/* Reads all that can be read. */
static bool tells_a_failed_read(const char *path)
{
    mk_stream *s = NULL;
    mk_str chunk;
    mk_error error;
    bool told = false;

    must_be(mk_stream_file(path, &s, NULL) == MK_OK && mk_stream_decode(&s, NULL) == MK_OK);
    for (mk_err err = MK_OK; err != MK_END; err = s->read(s, &chunk, &error))
        if (err == MK_DAMAGED) {
            told = told || strstr(error.text, "cannot read") != NULL;
            if (!mk_stream_resume(s))
                break;
        }
    mk_stream_close(s);
    return told;
}

START_TEST(a_read_that_fails_where_a_damaged_part_ends_is_told)
{
    const mk_str bytes = join(wrong_member(), pack_gzip(MK_STR("three")));
    const char *const path = mk_test_file("end", bytes);
    mk_buf got = {.max = MK_BUF_MAX};

    drop(bytes);
    ck_assert_int_eq(read_file_on(path, &got), MK_END);
    ck_assert(got.len > 5 && memcmp(got.ptr + got.len - 5, "three", 5) == 0);
    mk_buf_clear(&got);
    for (unsigned at = N_READS - 1; at <= N_READS + 1; at++) {
        mk_test_fail(MK_CALL_READ, at, EIO);
        const bool told = tells_a_failed_read(path);
        ck_assert(mk_test_failed());
        ck_assert(told);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("resume");
    TCase *const t = tcase_create("resume");

    tcase_add_loop_test(t, goes_on_with_the_part_behind_a_damaged_one, 0, 8);
    tcase_add_loop_test(t, parts_of_all_sizes_are_told_the_same_by_any_reads, 2, 9);
    tcase_add_loop_test(t, goes_on_behind_bytes_that_are_no_part, 0, 8);
    tcase_add_test(t, finds_a_part_that_the_damaged_one_swallowed);
    tcase_add_test(t, tells_where_each_part_begins);
    tcase_add_test(t, does_not_go_on_in_xz_and_bzip2);
    tcase_add_loop_test(t, reads_frames_with_the_dictionary_before_them, 0, 4);
    tcase_add_test(t, names_a_dictionary_that_is_missing);
    tcase_add_test(t, passes_over_a_skippable_frame_without_a_dictionary);
    tcase_add_test(t, rejects_a_dictionary_that_is_cut_off_or_broken);
    tcase_add_test(t, a_read_that_fails_where_a_damaged_part_ends_is_told);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_call_that_fails_behind_a_damage_loses_nothing_silently, 0,
                        2 * N_FAILURES);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
