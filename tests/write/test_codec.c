/* test_codec.c: members and frames, read back by zlib and libzstd. */
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "support.h"
#include "write/codec.h"

enum { BLOCK_SIZE = 300000 };
static char block[BLOCK_SIZE]; /* half words that repeat, half noise */
static mk_buf out;
static mk_error error;

static void setup(void)
{
    static const char words[] = "قال الكاتب إن المنخل يُبقي الحَبّ ويُسقط القشر. ";
    uint32_t state = 1;

    for (size_t i = 0; i < BLOCK_SIZE; i++) {
        state = state * 1664525u + 1013904223u;
        block[i] = i / 1000 % 2 ? (char)(state >> 24) : words[i % (sizeof(words) - 1)];
    }
    out = (mk_buf){.max = MK_BUF_MAX};
}

static void teardown(void)
{
    mk_buf_clear(&out);
}

static mk_encoder *open_encoder(mk_codec codec, int level)
{
    mk_encoder *encoder = NULL;

    ck_assert_int_eq(mk_encoder_open(codec, level, &encoder, &error), MK_OK);
    return encoder;
}

static void encode_with(mk_encoder *encoder, mk_str bytes)
{
    ck_assert_int_eq(mk_encode(encoder, bytes, &out, &error), MK_OK);
    ck_assert(!out.failed);
}

/* By an encoder that has done nothing before. */
static void encode(mk_codec codec, int level, mk_str bytes)
{
    mk_encoder *const encoder = open_encoder(codec, level);

    encode_with(encoder, bytes);
    mk_encoder_close(encoder);
}

/* Inflates all members of gz, which must end with the last one. */
static mk_str gunzip(mk_str gz, char *to, size_t size)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)gz.ptr,
                  .avail_in = (uInt)gz.len,
                  .next_out = (Bytef *)to,
                  .avail_out = (uInt)size};
    size_t len;

    ck_assert_int_eq(inflateInit2(&z, 16 + 15), Z_OK);
    do {
        ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
        ck_assert_int_eq(inflateReset(&z), Z_OK);
    } while (z.avail_in > 0);
    len = size - z.avail_out;
    inflateEnd(&z);
    return (mk_str){to, len};
}

START_TEST(name_tells_the_codec)
{
    ck_assert_int_eq(mk_codec_of("out.jsonl.gz"), MK_CODEC_GZ);
    ck_assert_int_eq(mk_codec_of("a.gz/out.jsonl.zst"), MK_CODEC_ZST);
    ck_assert_int_eq(mk_codec_of("out.jsonl"), MK_CODEC_NONE);
    ck_assert_int_eq(mk_codec_of("out.gz.part"), MK_CODEC_NONE);
    ck_assert_int_eq(mk_codec_of("outgz"), MK_CODEC_NONE);
    ck_assert_int_eq(mk_codec_of("out.GZ"), MK_CODEC_NONE);
    ck_assert_int_eq(mk_codec_of("-"), MK_CODEC_NONE);
    ck_assert_int_eq(mk_codec_of(""), MK_CODEC_NONE);
}
END_TEST

static mk_err pick(const char *path, const char *name, mk_codec want)
{
    mk_codec codec = MK_CODEC_NONE;
    const mk_err err = mk_codec_pick(path, name, &codec, &error);

    if (err == MK_OK)
        ck_assert_int_eq(codec, want);
    return err;
}

START_TEST(word_tells_the_codec_where_the_name_does_not)
{
    ck_assert_int_eq(pick("-", NULL, MK_CODEC_NONE), MK_OK);
    ck_assert_int_eq(pick("-", "gz", MK_CODEC_GZ), MK_OK);
    ck_assert_int_eq(pick("folder", "zst", MK_CODEC_ZST), MK_OK);
    ck_assert_int_eq(pick("out.jsonl.gz", NULL, MK_CODEC_GZ), MK_OK);
    ck_assert_int_eq(pick("out.jsonl.gz", "gz", MK_CODEC_GZ), MK_OK);
    ck_assert_int_eq(pick("out.jsonl.gz", "gz-single", MK_CODEC_GZ_SINGLE), MK_OK);
    ck_assert_int_eq(pick("out.jsonl", "none", MK_CODEC_NONE), MK_OK);
}
END_TEST

START_TEST(word_against_the_name_is_refused)
{
    ck_assert_int_eq(pick("out.jsonl.gz", "zst", MK_CODEC_NONE), MK_OPTION);
    ck_assert_str_eq(error.text, "codec zst does not go with the name 'out.jsonl.gz'");
    ck_assert_int_eq(pick("out.jsonl.gz", "none", MK_CODEC_NONE), MK_OPTION);
    ck_assert_int_eq(pick("out.jsonl", "gz", MK_CODEC_NONE), MK_OPTION);
    ck_assert_int_eq(pick("out.jsonl.zst", "gz-single", MK_CODEC_NONE), MK_OPTION);
    ck_assert_int_eq(pick("-", "xz", MK_CODEC_NONE), MK_OPTION);
    ck_assert_str_eq(error.text, "unknown codec 'xz'");
}
END_TEST

START_TEST(none_appends_as_it_is)
{
    mk_buf_puts(&out, "before ");
    encode(MK_CODEC_NONE, 0, MK_STR("a\0b"));
    ck_assert_mk_str_eq(mk_buf_str(&out), MK_STR("before a\0b"));
}
END_TEST

START_TEST(gz_reads_back_at_every_level)
{
    static char back[BLOCK_SIZE + 1];

    encode(MK_CODEC_GZ, _i, (mk_str){block, BLOCK_SIZE});
    ck_assert(mk_str_eq(gunzip(mk_buf_str(&out), back, sizeof(back)), (mk_str){block, BLOCK_SIZE}));
    ck_assert_uint_lt(out.len, BLOCK_SIZE * 6 / 10);
}
END_TEST

START_TEST(zst_reads_back_at_every_level)
{
    static char back[BLOCK_SIZE + 1];

    encode(MK_CODEC_ZST, _i, (mk_str){block, BLOCK_SIZE});
    ck_assert_uint_eq(ZSTD_decompress(back, sizeof(back), out.ptr, out.len), BLOCK_SIZE);
    ck_assert_int_eq(memcmp(back, block, BLOCK_SIZE), 0);
    ck_assert_uint_lt(out.len, BLOCK_SIZE * 6 / 10);
}
END_TEST

static void check_gz_header(int level, char extra_flags)
{
    const char header[10] = {0x1F, (char)0x8B, 8, 0, 0, 0, 0, 0, extra_flags, (char)255};

    mk_buf_reset(&out);
    encode(MK_CODEC_GZ, level, MK_STR("x"));
    ck_assert_mem_eq(out.ptr, header, sizeof(header));
}

START_TEST(gz_header_names_nothing_but_the_effort)
{
    check_gz_header(0, 0);
    check_gz_header(1, 4);
    check_gz_header(2, 0);
    check_gz_header(8, 0);
    check_gz_header(9, 2);
    check_gz_header(12, 2);
}
END_TEST

START_TEST(gz_trailer_is_crc_and_length)
{
    encode(MK_CODEC_GZ, 4, MK_STR("123456789"));
    ck_assert_mem_eq(out.ptr + out.len - 8, "\x26\x39\xF4\xCB\x09\0\0\0", 8);
}
END_TEST

START_TEST(zst_frame_knows_its_size_and_has_a_checksum)
{
    encode(MK_CODEC_ZST, 0, (mk_str){block, 12345});
    ck_assert_uint_eq(ZSTD_getFrameContentSize(out.ptr, out.len), 12345);
    ck_assert_int_eq(out.ptr[4] & 0x04, 0x04); /* RFC 8878, 3.1.1.1.1 */
}
END_TEST

START_TEST(damaged_zst_frame_is_noticed)
{
    char back[1000];

    encode(MK_CODEC_ZST, 0, (mk_str){block + 1000, sizeof(back)}); /* noise: raw */
    out.ptr[out.len / 2] ^= 1;
    ck_assert(ZSTD_isError(ZSTD_decompress(back, sizeof(back), out.ptr, out.len)));
}
END_TEST

static void check_same(mk_codec codec, int level, int other_level)
{
    mk_str again;

    encode(codec, level, (mk_str){block, BLOCK_SIZE});
    const size_t len = out.len;
    encode(codec, other_level, (mk_str){block, BLOCK_SIZE});
    again = mk_str_sub(mk_buf_str(&out), len, out.len);
    ck_assert(mk_str_eq(again, mk_str_sub(mk_buf_str(&out), 0, len)));
}

/* What an encoder has done before, failures too, does not show in its bytes. */
START_TEST(encoder_that_is_used_again_gives_the_same_bytes)
{
    static const struct {
        mk_codec codec;
        int level;
    } all[] = {{MK_CODEC_GZ, 1},        {MK_CODEC_GZ, 4},       {MK_CODEC_GZ, 12},
               {MK_CODEC_ZST, 1},       {MK_CODEC_ZST, 3},      {MK_CODEC_ZST, 15},
               {MK_CODEC_GZ_SINGLE, 4}, {MK_CODEC_GZ_SINGLE, 9}};
    const mk_str parts[] = {
        {block, 200000}, {block + 200000, 5}, {block + 1000, 250000}, {block, 200000}};
    mk_encoder *const again = open_encoder(all[_i].codec, all[_i].level);
    mk_buf full = {.max = 10};

    for (size_t i = 0; i < 4; i++) {
        mk_buf_reset(&out);
        encode(all[_i].codec, all[_i].level, parts[i]);
        const size_t len = out.len;
        ck_assert_int_eq(mk_encode(again, parts[3 - i], &full, &error), MK_NOMEM);
        mk_buf_reset(&full);
        encode_with(again, parts[i]);
        ck_assert(mk_str_eq(mk_str_sub(mk_buf_str(&out), len, out.len),
                            mk_str_sub(mk_buf_str(&out), 0, len)));
    }
    mk_buf_clear(&full);
    mk_encoder_close(again);
}
END_TEST

/* Puts the parts of a gz-single of all levels into out. */
static void put_single(int level)
{
    const mk_str parts[] = {
        {block, 100000}, {block + 100000, 1}, {block + 100001, BLOCK_SIZE - 100001}};
    mk_gz_sum sum = {0};

    mk_gz_put_header(level, &out);
    for (size_t i = 0; i < 3; i++) {
        encode(MK_CODEC_GZ_SINGLE, level, parts[i]);
        sum = mk_gz_sum_join(sum, mk_gz_sum_of(parts[i]));
    }
    mk_gz_put_end(sum, &out);
}

START_TEST(parts_of_a_gz_single_are_one_member)
{
    static char back[BLOCK_SIZE + 1];
    z_stream z = {.next_out = (Bytef *)back, .avail_out = sizeof(back)};

    put_single(_i);
    z.next_in = (Bytef *)out.ptr;
    z.avail_in = (uInt)out.len;
    ck_assert_int_eq(inflateInit2(&z, 16 + 15), Z_OK);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END); /* its crc and length are right */
    ck_assert_uint_eq(z.avail_in, 0);
    ck_assert_uint_eq(z.total_out, BLOCK_SIZE);
    ck_assert_int_eq(memcmp(back, block, BLOCK_SIZE), 0);
    inflateEnd(&z);
}
END_TEST

START_TEST(two_runs_give_the_same_bytes)
{
    check_same(MK_CODEC_GZ, 6, 6);
    mk_buf_reset(&out);
    check_same(MK_CODEC_ZST, 9, 9);
}
END_TEST

START_TEST(level_0_is_the_usual_one)
{
    check_same(MK_CODEC_GZ, 0, 4);
    mk_buf_reset(&out);
    check_same(MK_CODEC_ZST, 0, 3);
}
END_TEST

START_TEST(gz_members_read_as_one)
{
    static char back[BLOCK_SIZE + 1];

    encode(MK_CODEC_GZ, 0, (mk_str){block, 100000});
    encode(MK_CODEC_GZ, 0, MK_STR(""));
    encode(MK_CODEC_GZ, 9, (mk_str){block + 100000, BLOCK_SIZE - 100000});
    ck_assert(mk_str_eq(gunzip(mk_buf_str(&out), back, sizeof(back)), (mk_str){block, BLOCK_SIZE}));
}
END_TEST

START_TEST(zst_frames_read_as_one)
{
    static char back[BLOCK_SIZE + 1];

    encode(MK_CODEC_ZST, 0, (mk_str){block, 100000});
    encode(MK_CODEC_ZST, 0, MK_STR(""));
    encode(MK_CODEC_ZST, 9, (mk_str){block + 100000, BLOCK_SIZE - 100000});
    ck_assert_uint_eq(ZSTD_decompress(back, sizeof(back), out.ptr, out.len), BLOCK_SIZE);
    ck_assert_int_eq(memcmp(back, block, BLOCK_SIZE), 0);
}
END_TEST

START_TEST(empty_block_is_a_whole_member_or_frame)
{
    char back[1];

    encode(MK_CODEC_GZ, 0, (mk_str){0});
    ck_assert_uint_eq(gunzip(mk_buf_str(&out), back, sizeof(back)).len, 0);
    mk_buf_reset(&out);
    encode(MK_CODEC_ZST, 0, (mk_str){0});
    ck_assert_uint_gt(out.len, 0);
    ck_assert_uint_eq(ZSTD_decompress(back, sizeof(back), out.ptr, out.len), 0);
}
END_TEST

static void check_level_refused(mk_codec codec, int level, const char *text)
{
    mk_encoder *encoder = NULL;

    ck_assert_int_eq(mk_encoder_open(codec, level, &encoder, &error), MK_OPTION);
    ck_assert_str_eq(error.text, text);
    ck_assert_ptr_null(encoder);
}

START_TEST(refuses_levels_out_of_range)
{
    check_level_refused(MK_CODEC_GZ, 13, "gz level 13 is not in 1-12");
    check_level_refused(MK_CODEC_GZ, -1, "gz level -1 is not in 1-12");
    check_level_refused(MK_CODEC_ZST, 20, "zst level 20 is not in 1-19");
    check_level_refused(MK_CODEC_GZ_SINGLE, 10, "gz-single level 10 is not in 1-9");
    check_level_refused(MK_CODEC_ZST, -5, "zst level -5 is not in 1-19");
}
END_TEST

START_TEST(full_buffer_is_out_of_memory)
{
    static const mk_codec all[] = {MK_CODEC_NONE, MK_CODEC_GZ, MK_CODEC_GZ_SINGLE, MK_CODEC_ZST};
    mk_encoder *const encoder = open_encoder(all[_i], 0);
    mk_buf small = {.max = 1000};

    mk_buf_puts(&small, "x");
    ck_assert_int_eq(mk_encode(encoder, (mk_str){block, BLOCK_SIZE}, &small, &error), MK_NOMEM);
    ck_assert_int_eq(error.code, MK_NOMEM);
    ck_assert_mk_str_eq(mk_buf_str(&small), MK_STR("x"));
    mk_buf_clear(&small);
    mk_encoder_close(encoder);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("codec");
    TCase *const t = tcase_create("codec");

    tcase_set_timeout(t, 60); /* seconds: valgrind at the highest levels */
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, name_tells_the_codec);
    tcase_add_test(t, word_tells_the_codec_where_the_name_does_not);
    tcase_add_test(t, word_against_the_name_is_refused);
    tcase_add_test(t, none_appends_as_it_is);
    tcase_add_loop_test(t, encoder_that_is_used_again_gives_the_same_bytes, 0, 8);
    tcase_add_loop_test(t, parts_of_a_gz_single_are_one_member, 0, 10);
    tcase_add_loop_test(t, gz_reads_back_at_every_level, 0, 13);
    tcase_add_loop_test(t, zst_reads_back_at_every_level, 0, 20);
    tcase_add_test(t, gz_header_names_nothing_but_the_effort);
    tcase_add_test(t, gz_trailer_is_crc_and_length);
    tcase_add_test(t, zst_frame_knows_its_size_and_has_a_checksum);
    tcase_add_test(t, damaged_zst_frame_is_noticed);
    tcase_add_test(t, two_runs_give_the_same_bytes);
    tcase_add_test(t, level_0_is_the_usual_one);
    tcase_add_test(t, gz_members_read_as_one);
    tcase_add_test(t, zst_frames_read_as_one);
    tcase_add_test(t, empty_block_is_a_whole_member_or_frame);
    tcase_add_test(t, refuses_levels_out_of_range);
    tcase_add_loop_test(t, full_buffer_is_out_of_memory, 0, 4);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
