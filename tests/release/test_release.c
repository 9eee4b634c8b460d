/* test_release.c: whole releases: the same bytes whatever makes them, what verify finds,
 * what get and takedown do. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "fail.h"
#include "minkhal/minkhal.h"
#include "minkhal/release.h"
#include "read/stream.h"
#include "release/manifest.h"
#include "release/assemble.h"
#include "support.h"
#include "write/codec.h"

enum { N_DOCS = 300 };

/* Documents from..to as JSONL. */
static void put_docs(mk_buf *out, int from, int to)
{
    for (int i = from; i < to; i++) {
        mk_buf_printf(out, "{\"id\":\"d%d\",\"text\":\"", i);
        for (int k = 0; k < 40 + i % 90; k++)
            mk_buf_printf(out, "كلمة%d ", (i * 31 + k * 7) % 977);
        mk_buf_printf(out,
                      "نهاية\\nسطر\",\"source\":\"s\",\"url\":\"http://h%d.example/%d\","
                      "\"title\":\"\",\"date\":\"\",\"lang\":\"ar\",\"metadata\":\"{}\"}\n",
                      i % 23, i);
    }
}

/* Appends one member, or the lines as they are. */
static void encode(mk_codec codec, mk_str lines, mk_buf *out)
{
    mk_encoder *encoder = NULL;

    ck_assert_int_eq(MK_OK, mk_encoder_open(codec, 0, &encoder, NULL));
    ck_assert_int_eq(MK_OK, mk_encode(encoder, lines, out, NULL));
    mk_encoder_close(encoder);
}

/* A file of documents; members of `each` each if packed. */
static const char *docs_file(const char *name, int from, int to, int each)
{
    mk_buf all = {.max = MK_BUF_MAX}, lines = {.max = MK_BUF_MAX};

    for (int i = from; i < to; i += each) {
        mk_buf_reset(&lines);
        put_docs(&lines, i, i + each < to ? i + each : to);
        encode(mk_codec_of(name), mk_buf_str(&lines), &all);
    }
    const char *path = mk_test_file(name, mk_buf_str(&all));
    mk_buf_clear(&all);
    mk_buf_clear(&lines);
    return path;
}

static char *keep(const char *path)
{
    char *const copy = strdup(path);

    ck_assert(copy);
    return copy;
}

/* Packs one input to mk_test_path(output). */
static mk_release_summary pack(const char *input, const char *output, mk_pack_options o)
{
    char *const in = keep(input), *const out = keep(mk_test_path(output));
    const char *const inputs[] = {in};
    mk_release_summary summary;
    mk_error error = {0};

    o.inputs = inputs;
    o.n_inputs = 1;
    o.output = out;
    if (o.threads == 0)
        o.threads = 2;
    ck_assert_msg(mk_pack(&o, &summary, &error) == MK_OK, "%s", error.text);
    free(in);
    free(out);
    return summary;
}

static mk_err verify(const char *name, mk_error *error)
{
    const mk_verify_options o = {.release = mk_test_path(name), .threads = 1};
    mk_release_summary summary;

    return mk_verify_release(&o, &summary, error);
}

static void assert_good(const char *name)
{
    mk_error error = {0};

    ck_assert_msg(verify(name, &error) == MK_OK, "%s: %s", name, error.text);
}

static void assert_same(const char *a, const char *b)
{
    mk_str x, y;

    x = mk_test_read(mk_test_path(a));
    y = mk_test_read(mk_test_path(b));
    ck_assert_msg(mk_str_eq(x, y), "%s and %s differ", a, b);
    free((char *)x.ptr);
    free((char *)y.ptr);
}

/* ---- the same bytes ---- */

START_TEST(same_bytes_for_every_number_of_threads)
{
    static const char *const outputs[][2] = {{"a.tar", "b.tar"},
                                             {"a.zip", "b.zip"},
                                             {"a.tar.gz", "b.tar.gz"},
                                             {"a.tar.zst", "b.tar.zst"}};
    char *const in = keep(docs_file("in.jsonl", 0, N_DOCS, N_DOCS));

    for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
        mk_pack_options o = {.split = "train=8,test=2", .shard_size = 20000, .threads = 1};
        pack(in, outputs[i][0], o);
        o.threads = 5;
        pack(in, outputs[i][1], o);
        assert_same(outputs[i][0], outputs[i][1]);
        assert_good(outputs[i][0]);
    }
    free(in);
}
END_TEST

START_TEST(what_is_recompressed_does_not_depend_on_how_it_came)
{
    const mk_pack_options o = {.codec = "zst"};

    pack(docs_file("p.jsonl", 0, N_DOCS, N_DOCS), "p1", o);
    pack(docs_file("p.jsonl.gz", 0, N_DOCS, 17), "p2", o);
    assert_same("p1/data/train-00000-of-00001.jsonl.zst", "p2/data/train-00000-of-00001.jsonl.zst");
}
END_TEST

START_TEST(members_are_copied)
{
    char *const in = keep(docs_file("c.jsonl.gz", 0, 3000, 1000));
    const mk_release_summary s = pack(in, "c", (mk_pack_options){0});

    ck_assert_uint_eq(3, s.n_copied);
    ck_assert_uint_eq(3000, s.n_documents);
    assert_same("c.jsonl.gz", "c/data/train-00000-of-00001.jsonl.gz");
    assert_good("c");
    free(in);
}
END_TEST

/* A member that is not ours, in the middle, and one cut in the middle of a line. */
START_TEST(foreign_members_are_read_the_slow_way)
{
    mk_buf lines = {.max = MK_BUF_MAX}, all = {.max = MK_BUF_MAX};
    const char *path;

    put_docs(&lines, 0, 100);
    encode(MK_CODEC_GZ, mk_str_sub(mk_buf_str(&lines), 0, 3000), &all);
    const size_t second = all.len;
    encode(MK_CODEC_GZ, mk_str_sub(mk_buf_str(&lines), 3000, lines.len), &all);
    all.ptr[second + 9] = 3; /* made on Unix: another program's header */
    path = mk_test_file("f.jsonl.gz", mk_buf_str(&all));
    pack(path, "f", (mk_pack_options){0});
    pack(mk_test_file("g.jsonl", mk_buf_str(&lines)), "g", (mk_pack_options){0});
    assert_same("f/data/train-00000-of-00001.jsonl.gz", "g/data/train-00000-of-00001.jsonl.gz");
    mk_buf_clear(&lines);
    mk_buf_clear(&all);
}
END_TEST

START_TEST(nothing_is_left_of_what_failed)
{
    const char *const in = mk_test_file("bad.jsonl", MK_STR("{\"id\":\"a\"}\n"));
    const char *const inputs[] = {in};
    mk_pack_options o = {.inputs = inputs, .n_inputs = 1, .output = "/nonexistent/x"};
    mk_release_summary summary;
    mk_error error;
    char out[512];

    snprintf(out, sizeof(out), "%s", mk_test_path("bad"));
    ck_assert_int_eq(MK_OUTPUT, mk_pack(&o, &summary, &error));
    o.output = out;
    ck_assert_int_eq(MK_DAMAGED, mk_pack(&o, &summary, &error));
    ck_assert(strstr(error.text, "bad.jsonl:1: no member 'text'"));
    DIR *d = opendir(mk_test_folder());
    for (struct dirent *item; (item = readdir(d));)
        ck_assert_msg(!strstr(item->d_name, "making"), "%s", item->d_name);
    closedir(d);
    ck_assert(access(out, F_OK) != 0);
}
END_TEST

START_TEST(what_is_stopped_leaves_nothing)
{
    static const volatile sig_atomic_t stop = 1;
    const char *const inputs[] = {docs_file("stop.jsonl", 0, 50, 50)};
    char out[512];
    mk_release_summary summary;
    mk_error error;

    for (int i = 0; i < 2; i++) {
        snprintf(out, sizeof(out), "%s", mk_test_path(i ? "stopped.tar" : "stopped"));
        const mk_pack_options o = {.inputs = inputs, .n_inputs = 1, .output = out, .stop = &stop};
        ck_assert_int_eq(MK_STOPPED, mk_pack(&o, &summary, &error));
        ck_assert(access(out, F_OK) != 0);
    }
    DIR *d = opendir(mk_test_folder());
    for (struct dirent *item; (item = readdir(d));)
        ck_assert_msg(!strstr(item->d_name, "stopped"), "%s", item->d_name);
    closedir(d);
}
END_TEST

/* ---- splits ---- */

/* Documents that grow: of clusters over several hosts, of hosts, of nothing but an id. */
static const char *grown_file(const char *name, int from, int to, int step)
{
    mk_buf all = {.max = MK_BUF_MAX};

    for (int i = from; i != to; i += step)
        mk_buf_printf(&all,
                      "{\"id\":\"d%d\",\"text\":\"نص %d\",\"source\":\"s\",\"url\":\"%s%d%s\","
                      "\"title\":\"\",\"date\":\"\",\"lang\":\"ar\",\"metadata\":\"{%s%d%s}\"}\n",
                      i, i, i % 3 == 2 ? "x" : "http://h", i % 19, i % 3 == 2 ? "" : ".example/p",
                      i % 3 == 0 ? "\\\"cluster\\\":\\\"c" : "\\\"n\\\":\\\"", i % 11, "\\\"");
    const char *const path = mk_test_file(name, mk_buf_str(&all));
    mk_buf_clear(&all);
    return path;
}

/* What a shard unpacks to. Owned by the caller. */
static mk_buf lines_of(const char *release, const char *split)
{
    char path[512];
    mk_buf lines = {.max = MK_BUF_MAX};
    mk_stream *s = NULL;
    mk_str chunk;

    snprintf(path, sizeof(path), "%s/data/%s-00000-of-00001.jsonl.gz", release, split);
    ck_assert_int_eq(MK_OK, mk_stream_file(mk_test_path(path), &s, NULL));
    ck_assert_int_eq(MK_OK, mk_stream_decode(&s, NULL));
    while (s->read(s, &chunk, NULL) == MK_OK)
        mk_buf_put(&lines, chunk);
    mk_stream_close(s);
    return lines;
}

/* Every line of `small` is in `large`. Returns how many there are. */
static unsigned all_in(const mk_buf *small, const mk_buf *large)
{
    unsigned n = 0;

    for (size_t at = 0; at < small->len; n++) {
        const char *const end = memchr(small->ptr + at, '\n', small->len - at);
        const size_t to = (size_t)(end - small->ptr) + 1;
        const mk_str line = mk_str_sub(mk_buf_str(small), at, to);
        ck_assert_msg(mk_str_has(mk_buf_str(large), line), "moved: %.*s", (int)line.len, line.ptr);
        at = to;
    }
    return n;
}

/* The corpus grows before, between and behind what there was, and turns round. */
START_TEST(documents_stay_in_their_splits_when_the_corpus_grows)
{
    static const char *const names[] = {"train", "test", "dev"};
    const mk_pack_options o = {.split = "train=60,test=30,dev=10", .salt = "s"};
    unsigned n = 0;

    pack(grown_file("s1.jsonl", 200, 400, 1), "s1", o);
    pack(grown_file("s2.jsonl", 999, -1, -1), "s2", o);
    assert_good("s1"); /* each document's split is computed anew */
    assert_good("s2");
    for (size_t i = 0; i < 3; i++) {
        mk_buf small = lines_of("s1", names[i]), large = lines_of("s2", names[i]);
        const unsigned in_split = all_in(&small, &large);
        ck_assert_uint_gt(in_split, 0);
        n += in_split;
        mk_buf_clear(&small);
        mk_buf_clear(&large);
    }
    ck_assert_uint_eq(200, n);
}
END_TEST

/* Counts in how many of two splits something stands. */
static int splits_with(const char *release, const char *what)
{
    mk_buf a = lines_of(release, "train"), b = lines_of(release, "test");
    const int n = mk_str_has(mk_buf_str(&a), mk_str_of(what)) +
                  mk_str_has(mk_buf_str(&b), mk_str_of(what));

    mk_buf_clear(&a);
    mk_buf_clear(&b);
    return n;
}

START_TEST(no_split_parts_a_cluster_or_a_host)
{
    char what[64];

    pack(grown_file("g.jsonl", 0, 600, 1), "g", (mk_pack_options){.split = "train=1,test=1"});
    for (int i = 0; i < 11; i++) { /* clusters over hosts */
        snprintf(what, sizeof(what), "cluster\\\":\\\"c%d\\", i);
        ck_assert_int_eq(1, splits_with("g", what));
    }
    pack(grown_file("h.jsonl", 0, 600, 1), "h",
         (mk_pack_options){.split = "train=1,test=1", .group_field = ""});
    for (int i = 0; i < 19; i++) {
        snprintf(what, sizeof(what), "http://h%d.example", i);
        ck_assert_int_eq(1, splits_with("h", what));
    }
}
END_TEST

START_TEST(a_split_without_documents_is_named)
{
    const char *const inputs[] = {docs_file("e.jsonl", 0, 1, 1)};
    char out[512];
    mk_release_summary summary;
    mk_error error;

    snprintf(out, sizeof(out), "%s", mk_test_path("e"));
    const mk_pack_options o = {
        .inputs = inputs, .n_inputs = 1, .output = out, .split = "train=1,test=1"};
    ck_assert_int_eq(MK_OPTION, mk_pack(&o, &summary, &error));
    ck_assert(strstr(error.text, "has no documents"));
}
END_TEST

/* ---- over another ---- */

/* Names in a folder of the test's. */
static unsigned n_names(const char *name)
{
    DIR *const dir = opendir(mk_test_path(name));
    unsigned n = 0;

    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

START_TEST(what_cannot_be_opened_leaves_no_replaced_release_behind)
{
    const char *const inputs[] = {keep(docs_file("o.jsonl", 0, 20, 1))};
    char *const out = keep(mk_test_path("over/o"));
    const mk_pack_options o = {
        .inputs = inputs, .n_inputs = 1, .output = out, .force = true, .threads = 1};
    mk_release_summary summary;
    mk_error error = {0};
    bool came = true;

    ck_assert_int_eq(0, mkdir(mk_test_path("over"), 0777));
    ck_assert_int_eq(MK_OK, mk_pack(&o, &summary, &error));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_OPEN, at, EMFILE);
        mk_pack(&o, &summary, &error);
        came = mk_test_failed();
        ck_assert_msg(n_names("over") == 1, "call %u: %s", at, error.text);
        assert_good("over/o");
    }
    free((char *)(uintptr_t)inputs[0]);
    free(out);
}
END_TEST

/* On a file system without flags each of them is EINVAL, and another way is found. */
START_TEST(a_release_is_replaced_without_flags_of_renaming)
{
    const char *const inputs[] = {keep(docs_file("f.jsonl", 0, 20, 1))};
    char *const out = keep(mk_test_path("over/f"));
    const mk_pack_options o = {
        .inputs = inputs, .n_inputs = 1, .output = out, .force = true, .threads = 1};
    mk_release_summary summary;
    mk_error error = {0};
    unsigned n_good = 0;
    bool came = true;

    ck_assert_int_eq(0, mkdir(mk_test_path("over"), 0777));
    for (unsigned at = 1; came; at++) {
        mk_test_fail(MK_CALL_RENAME, at, EINVAL);
        const mk_err err = mk_pack(&o, &summary, &error);
        came = mk_test_failed();
        n_good += came && err == MK_OK;
        if (err == MK_OK)
            assert_good("over/f");
        ck_assert_msg(n_names("over") <= 1, "call %u: %s", at, error.text);
    }
    ck_assert_uint_ge(n_good, 2); /* the first name, and the exchange */
    assert_good("over/f");
    free((char *)(uintptr_t)inputs[0]);
    free(out);
}
END_TEST

/* ---- verify ---- */

/* Flips a bit of every step-th byte of the file; each must be found. */
static void flip_all(const char *release, const char *file, size_t step)
{
    char path[512];
    snprintf(path, sizeof(path), "%s", mk_test_path(file));
    mk_str s = mk_test_read(path);
    char *const bytes = (char *)s.ptr;

    for (size_t i = 0; i<s.len; i += s.len> 4000 ? step : step / 4 + 1) {
        FILE *f = fopen(path, "r+b");
        mk_error error = {0};
        ck_assert(f);
        fseek(f, (long)i, SEEK_SET);
        fputc(bytes[i] ^ 1 << i % 8, f);
        fclose(f);
        const mk_err err = verify(release, &error);
        ck_assert_msg(err == MK_MISMATCH || err == MK_DAMAGED, "%s, byte %zu: %d", file, i,
                      (int)err);
        ck_assert(error.text[0]);
        f = fopen(path, "r+b");
        fseek(f, (long)i, SEEK_SET);
        fputc(bytes[i], f);
        fclose(f);
    }
    free(bytes);
    assert_good(release);
}

START_TEST(verify_finds_any_flipped_byte)
{
    static const char *const files[] = {"v/README.md",
                                        "v/LICENSE",
                                        "v/CITATION.cff",
                                        "v/croissant.json",
                                        "v/manifest.json",
                                        "v/SHA256SUMS",
                                        "v/stats.json",
                                        "v/ids.idx",
                                        "v/data/train-00000-of-00001.jsonl.gz",
                                        "v/data/test-00000-of-00001.jsonl.gz"};
    char *const in = keep(docs_file("v.jsonl", 0, 60, 60));
    const mk_pack_options o = {.split = "train=8,test=2"};

    pack(in, "v", o);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        flip_all("v", files[i], 97);
    free(in);
}
END_TEST

/* A run with a ledger, packed with all that can stand beside documents. */
static void pack_all(const char *name)
{
    char in[512], run[512];
    mk_chain *chain = NULL;
    mk_summary summary = {0};
    mk_error error = {0};

    snprintf(in, sizeof(in), "%s", docs_file("run.jsonl", 0, 40, 40));
    snprintf(run, sizeof(run), "%s", mk_test_path("run/"));
    const char *const inputs[] = {in};
    const mk_chain_options web = {.filters = "normalize"};
    const mk_clean_options o = {.inputs = inputs,
                                .n_inputs = 1,
                                .output = run,
                                .ledger = "auto",
                                .threads = 1,
                                .force = true};
    ck_assert_msg(mk_chain_open(&web, &chain, &error) == MK_OK, "%s", error.text);
    ck_assert_msg(mk_clean(chain, &o, &summary, &error) == MK_OK, "%s", error.text);
    mk_summary_clear(&summary);
    mk_chain_close(chain);
    pack(run, name,
         (mk_pack_options){.split = "train=1,test=1", .schema = "dolma", .ledger = "auto"});
    assert_good(name);
}

START_TEST(verify_finds_any_flipped_byte_beside_the_documents)
{
    static const char *const files[] = {
        "all/report.html",
        "all/stats.json",
        "all/manifest.json",
        "all/ledger/train.jsonl.gz",
        "all/ledger/test.jsonl.gz",
        "all/attributes/minkhal/train-00000-of-00001.jsonl.gz",
        "all/attributes/minkhal/test-00000-of-00001.jsonl.gz",
        "all/documents/train-00000-of-00001.jsonl.gz",
    };

    pack_all("all");
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        flip_all("all", files[i], 293);
}
END_TEST

static void mend_sums(const char *release, mk_str manifest);

/* Puts other lines in the place of a file, with its digest and size in the manifest and that
 * of the manifest in the sums: as someone would who wants to deceive. */
static void forge(const char *release, const char *file, mk_str lines)
{
    char path[512], digest[MK_SHA256_HEX + 1], entry[512];
    mk_buf bytes = {.max = MK_BUF_MAX}, manifest = {.max = MK_BUF_MAX};

    encode(mk_codec_of(file), lines, &bytes);
    snprintf(path, sizeof(path), "%s/%s", release, file);
    mk_test_file(path, mk_buf_str(&bytes));
    ck_assert_int_eq(MK_OK, mk_assemble_digest(mk_buf_str(&bytes), digest, NULL));
    snprintf(path, sizeof(path), "%s/manifest.json", release);
    mk_str text = mk_test_read(mk_test_path(path));
    snprintf(entry, sizeof(entry), "{\"name\":\"%s\"", file);
    const char *const from = strstr(text.ptr, entry), *const to = strchr(from, '}');
    mk_buf_put(&manifest, (mk_str){text.ptr, (size_t)(from - text.ptr)});
    mk_buf_printf(&manifest, "%s,\"bytes\":%zu,\"sha256\":\"%s\"", entry, bytes.len, digest);
    mk_buf_puts(&manifest, to);
    mk_test_file(path, mk_buf_str(&manifest));
    mend_sums(release, mk_buf_str(&manifest));
    /* and its own line of the sums */
    snprintf(path, sizeof(path), "%s/SHA256SUMS", release);
    mk_str sums = mk_test_read(mk_test_path(path));
    char *const line = strstr((char *)sums.ptr, file);
    ck_assert(line);
    memcpy(line - 2 - MK_SHA256_HEX, digest, MK_SHA256_HEX);
    mk_test_file(path, sums);
    free((char *)sums.ptr);
    free((char *)text.ptr);
    mk_buf_clear(&bytes);
    mk_buf_clear(&manifest);
}

static mk_buf unpacked(const char *file)
{
    mk_buf lines = {.max = MK_BUF_MAX};
    mk_stream *s = NULL;
    mk_str chunk;

    ck_assert_int_eq(MK_OK, mk_stream_file(mk_test_path(file), &s, NULL));
    ck_assert_int_eq(MK_OK, mk_stream_decode(&s, NULL));
    while (s->read(s, &chunk, NULL) == MK_OK)
        mk_buf_put(&lines, chunk);
    mk_stream_close(s);
    return lines;
}

START_TEST(verify_finds_what_does_not_belong_to_its_documents)
{
    static const char *const files[] = {"ledger/train.jsonl.gz", "ledger/test.jsonl.gz",
                                        "attributes/minkhal/train-00000-of-00001.jsonl.gz"};

    pack_all("forged");
    for (size_t i = 0; i < 3; i++) {
        char path[256];
        mk_error error = {0};
        snprintf(path, sizeof(path), "forged/%s", files[i]);
        mk_buf lines = unpacked(path);
        const mk_str all = mk_buf_str(&lines);
        const size_t first = (size_t)((const char *)memchr(all.ptr, '\n', all.len) - all.ptr) + 1;
        forge("forged", files[i], mk_str_sub(all, first, all.len)); /* one is missing */
        ck_assert_msg(verify("forged", &error) == MK_MISMATCH, "%s: %s", files[i], error.text);
        mk_buf more = {.max = MK_BUF_MAX}; /* one is there twice, at the end */
        mk_buf_put(&more, all);
        mk_buf_put(&more, mk_str_sub(all, 0, first));
        forge("forged", files[i], mk_buf_str(&more));
        ck_assert_msg(verify("forged", &error) == MK_MISMATCH, "%s: %s", files[i], error.text);
        mk_buf_reset(&more); /* two are in each other's place */
        mk_buf_put(&more, mk_str_sub(all, first, all.len));
        mk_buf_put(&more, mk_str_sub(all, 0, first));
        forge("forged", files[i], mk_buf_str(&more));
        ck_assert_msg(verify("forged", &error) == MK_MISMATCH, "%s: %s", files[i], error.text);
        forge("forged", files[i], all);
        assert_good("forged");
        mk_buf_clear(&more);
        mk_buf_clear(&lines);
    }
}
END_TEST

START_TEST(verify_finds_any_flipped_byte_of_an_archive)
{
    char *const in = keep(docs_file("va.jsonl", 0, 20, 20));

    pack(in, "va.tar", (mk_pack_options){0});
    flip_all("va.tar", "va.tar", 61);
    pack(in, "va.zip", (mk_pack_options){0});
    flip_all("va.zip", "va.zip", 61);
    free(in);
}
END_TEST

START_TEST(verify_finds_missing_extra_and_renamed_files)
{
    char from[512], to[512];
    mk_error error;

    pack(docs_file("w.jsonl", 0, 20, 20), "w", (mk_pack_options){0});
    snprintf(from, sizeof(from), "%s", mk_test_path("w/data/train-00000-of-00001.jsonl.gz"));
    snprintf(to, sizeof(to), "%s", mk_test_path("w/data/train-00001-of-00001.jsonl.gz"));
    ck_assert_int_eq(0, rename(from, to));
    ck_assert_int_eq(MK_MISMATCH, verify("w", &error));
    ck_assert_str_eq("'data/train-00000-of-00001.jsonl.gz' is missing", error.text);
    ck_assert_int_eq(0, rename(to, from));
    mk_test_file("w/data/extra.txt", MK_STR(""));
    ck_assert_int_eq(MK_MISMATCH, verify("w", &error));
    ck_assert_str_eq("'data/extra.txt' is no file of the release", error.text);
    unlink(mk_test_path("w/data/extra.txt"));
    snprintf(from, sizeof(from), "%s", mk_test_path("w/LICENSE"));
    unlink(from);
    ck_assert_int_eq(MK_MISMATCH, verify("w", &error));
    ck_assert_str_eq("'LICENSE' is missing", error.text);
}
END_TEST

/* SHA256SUMS for a manifest that was edited: as someone would who wants to deceive. */
static void mend_sums(const char *release, mk_str manifest)
{
    char path[512], digest[MK_SHA256_HEX + 1];
    snprintf(path, sizeof(path), "%s/SHA256SUMS", release);
    mk_str sums = mk_test_read(mk_test_path(path));
    char *const line = strstr((char *)sums.ptr, "  manifest.json");

    ck_assert(line);
    ck_assert_int_eq(MK_OK, mk_assemble_digest(manifest, digest, NULL));
    memcpy(line - MK_SHA256_HEX, digest, MK_SHA256_HEX);
    mk_test_file(path, sums);
    free((char *)sums.ptr);
}

/* Numbers that nothing in the release can tell better than the manifest. */
static bool is_beyond_proof(mk_str text, size_t at)
{
    static const char *const names[] = {
        "\"level\":",        "\"shard_size\":", "minkhal release ",  "\"croissant\":\"",
        "\"libdeflate\":\"", "\"zstd\":\"",     "\"libarchive\":\"", "\"version\":\"",
        "sha256\":\"",       "\"name\":\"in",   "\"bytes\":"};
    size_t from = at;

    while (from > 0 && text.ptr[from - 1] != ',' && text.ptr[from - 1] != '{')
        from--;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (mk_str_has(mk_str_sub(text, from, at), mk_str_of(names[i])))
            return true;
    return false;
}

START_TEST(verify_finds_any_wrong_count_even_with_mended_sums)
{
    char *const in = keep(docs_file("in.jsonl", 0, 60, 60));
    unsigned n = 0;

    pack(in, "m", (mk_pack_options){.split = "train=8,test=2", .salt = ""});
    mk_str text = mk_test_read(mk_test_path("m/manifest.json"));
    char *const bytes = (char *)text.ptr;
    for (size_t i = 0; i < text.len; i++) {
        mk_error error = {0};
        const char was = bytes[i];
        if (was < '0' || was > '9' || bytes[i - 1] == '"' || is_beyond_proof(text, i) ||
            (bytes[i + 1] >= '0' && bytes[i + 1] <= '9'))
            continue;
        bool number = true; /* not in a name or a digest */
        for (size_t k = i; k-- > 0 && number;) {
            if (bytes[k] == ',' || bytes[k] == ':' || bytes[k] == '[')
                break;
            number = bytes[k] >= '0' && bytes[k] <= '9';
        }
        if (!number)
            continue;
        bytes[i] = was == '9' ? '8' : (char)(was + 1);
        mk_test_file("m/manifest.json", text);
        mend_sums("m", text);
        ck_assert_msg(verify("m", &error) == MK_MISMATCH, "byte %zu: %.*s", i, 40, bytes + i - 20);
        bytes[i] = was;
        n++;
    }
    mk_test_file("m/manifest.json", text);
    mend_sums("m", text);
    assert_good("m");
    ck_assert_uint_gt(n, 30);
    free(bytes);
    free(in);
}
END_TEST

/* ---- get ---- */

typedef struct seen {
    unsigned n, n_lacking;
    char last[64];
} seen;

static bool see(void *arg, mk_str line)
{
    seen *const s = arg;

    s->n++;
    snprintf(s->last, sizeof(s->last), "%.*s", (int)(line.len < 12 ? line.len : 12), line.ptr);
    return true;
}

static void miss(void *arg, const char *id)
{
    (void)id;
    ((seen *)arg)->n_lacking++;
}

START_TEST(get_finds_every_document_and_no_other)
{
    static const char *const forms[] = {"r", "r.tar", "r.zip", "r.tar.gz"};
    char *const in = keep(docs_file("r.jsonl.gz", 0, N_DOCS, 50));

    for (size_t form = 0; form < sizeof(forms) / sizeof(*forms); form++) {
        char ids[N_DOCS + 1][16], want[64];
        const char *list[N_DOCS + 1];
        seen s = {0};
        uint64_t lacking;
        mk_error error = {0};
        pack(in, forms[form], (mk_pack_options){.split = "train=8,test=2", .shard_size = 9000});
        for (int i = 0; i <= N_DOCS; i++) {
            snprintf(ids[i], sizeof(ids[i]), "d%d", i);
            list[i] = ids[i];
        }
        const mk_get_options o = {.release = mk_test_path(forms[form]),
                                  .ids = list,
                                  .n_ids = N_DOCS + 1,
                                  .show = see,
                                  .lacks = miss,
                                  .arg = &s};
        ck_assert_msg(mk_get(&o, &lacking, &error) == MK_OK, "%s", error.text);
        ck_assert_uint_eq(N_DOCS, s.n);
        ck_assert_uint_eq(1, lacking);
        ck_assert_uint_eq(1, s.n_lacking);
        snprintf(want, sizeof(want), "{\"id\":\"d%d\"", N_DOCS - 1);
        ck_assert_str_eq(want, s.last);
    }
    free(in);
}
END_TEST

START_TEST(a_signal_ends_get)
{
    static const char *const forms[] = {"g", "g.tar.gz"};
    static const char *const ids[] = {"d1"};
    static const volatile sig_atomic_t stop = 1;
    char *const in = keep(docs_file("g.jsonl.gz", 0, 5, 50));

    for (size_t form = 0; form < sizeof(forms) / sizeof(*forms); form++) {
        seen s = {0};
        uint64_t lacking;
        mk_error error = {0};
        pack(in, forms[form], (mk_pack_options){0});
        const mk_get_options o = {.release = mk_test_path(forms[form]),
                                  .ids = ids,
                                  .n_ids = 1,
                                  .show = see,
                                  .stop = &stop,
                                  .arg = &s};
        ck_assert_int_eq(MK_STOPPED, mk_get(&o, &lacking, &error));
        ck_assert_str_eq("stopped by a signal", error.text);
        ck_assert_uint_eq(0, s.n);
    }
    free(in);
}
END_TEST

/* ---- takedown ---- */

START_TEST(takedown_leaves_the_rest_as_it_was)
{
    char list[512], old[512], new[512];
    char *const in = keep(docs_file("t.jsonl.gz", 0, 3000, 500));
    mk_release_summary s;
    mk_error error = {0};

    pack(in, "t", (mk_pack_options){0});
    snprintf(list, sizeof(list), "%s", mk_test_file("list", MK_STR("# two\nd7\n\nd2999\nnone\n")));
    snprintf(old, sizeof(old), "%s", mk_test_path("t"));
    snprintf(new, sizeof(new), "%s", mk_test_path("t2.tar"));
    const mk_takedown_options o = {.release = old, .output = new, .ids = list, .reason = "asked"};
    ck_assert_msg(mk_takedown(&o, &s, &error) == MK_OK, "%s", error.text);
    ck_assert_uint_eq(2, s.n_taken);
    ck_assert_uint_eq(2998, s.n_documents);
    ck_assert_uint_eq(4, s.n_copied); /* of six members */
    assert_good("t2.tar");
    free(in);
}
END_TEST

START_TEST(takedown_of_hosts_and_urls)
{
    char list[512], old[512], new[512];
    char *const in = keep(docs_file("u.jsonl", 0, 230, 230));
    mk_release_summary s;
    mk_error error = {0};

    pack(in, "u", (mk_pack_options){.split = "train=8,test=2"});
    snprintf(old, sizeof(old), "%s", mk_test_path("u"));
    snprintf(list, sizeof(list), "%s", mk_test_file("hosts", MK_STR("h3.example\n")));
    snprintf(new, sizeof(new), "%s", mk_test_path("u2"));
    mk_takedown_options o = {.release = old, .output = new, .hosts = list, .reason = "asked"};
    ck_assert_msg(mk_takedown(&o, &s, &error) == MK_OK, "%s", error.text);
    ck_assert_uint_eq(10, s.n_taken);
    assert_good("u2");
    snprintf(list, sizeof(list), "%s", mk_test_file("urls", MK_STR("http://h4.example/4\n")));
    snprintf(old, sizeof(old), "%s", mk_test_path("u2"));
    snprintf(new, sizeof(new), "%s", mk_test_path("u3"));
    o.hosts = NULL;
    o.urls = list;
    ck_assert_msg(mk_takedown(&o, &s, &error) == MK_OK, "%s", error.text);
    ck_assert_uint_eq(1, s.n_taken);
    assert_good("u3");
    o.output = mk_test_path("u4");
    o.release = mk_test_path("u3");
    ck_assert_int_eq(MK_OPTION, mk_takedown(&o, &s, &error)); /* it is gone already */
    ck_assert(strstr(error.text, "names no document"));
    free(in);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("release");
    TCase *t = tcase_create("release");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, same_bytes_for_every_number_of_threads);
    tcase_add_test(t, what_is_recompressed_does_not_depend_on_how_it_came);
    tcase_add_test(t, members_are_copied);
    tcase_add_test(t, foreign_members_are_read_the_slow_way);
    tcase_add_test(t, nothing_is_left_of_what_failed);
    tcase_add_test(t, documents_stay_in_their_splits_when_the_corpus_grows);
    tcase_add_test(t, no_split_parts_a_cluster_or_a_host);
    tcase_add_test(t, what_is_stopped_leaves_nothing);
    tcase_add_test(t, a_release_is_replaced_without_flags_of_renaming);
    tcase_add_test(t, verify_finds_any_flipped_byte_beside_the_documents);
    tcase_add_test(t, verify_finds_what_does_not_belong_to_its_documents);
    tcase_add_test(t, a_split_without_documents_is_named);
    tcase_add_test(t, what_cannot_be_opened_leaves_no_replaced_release_behind);
    tcase_add_test(t, verify_finds_any_flipped_byte);
    tcase_add_test(t, verify_finds_any_flipped_byte_of_an_archive);
    tcase_add_test(t, verify_finds_missing_extra_and_renamed_files);
    tcase_add_test(t, verify_finds_any_wrong_count_even_with_mended_sums);
    tcase_add_test(t, get_finds_every_document_and_no_other);
    tcase_add_test(t, a_signal_ends_get);
    tcase_add_test(t, takedown_leaves_the_rest_as_it_was);
    tcase_add_test(t, takedown_of_hosts_and_urls);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
