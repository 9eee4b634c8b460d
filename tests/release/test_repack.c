/* test_repack.c: a release packed again is, byte for byte, what packing its inputs again
 * makes, and nothing in it that was changed gets into another. */
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "minkhal/minkhal.h"
#include "minkhal/release.h"
#include "release/assemble.h"
#include "support.h"

enum { N_DOCS = 300 };

int fsync(int fd);

/* The disk is not waited for: nothing cuts the power here. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

static char *keep(const char *path)
{
    char *const copy = strdup(path);

    ck_assert(copy);
    return copy;
}

/* Documents of some sites, some of whose ids and texts are there twice. */
static const char *docs_file(const char *name)
{
    mk_buf all = {.max = MK_BUF_MAX};

    for (int i = 0; i < N_DOCS; i++) {
        mk_buf_printf(&all, "{\"id\":\"d%d\",\"text\":\"", i % 290);
        for (int k = 0; k < 20 + i % 70; k++)
            mk_buf_printf(&all, "كلمة%d ", (i % 280 * 31 + k * 7) % 977);
        mk_buf_printf(&all,
                      "نهاية\\nسطر\",\"source\":\"s\",\"url\":\"http://h%d.example/%d\","
                      "\"title\":\"\",\"date\":\"\",\"lang\":\"%s\",\"metadata\":\"{}\"}\n",
                      i % 23, i, i % 5 ? "ar" : "");
    }
    const char *const path = mk_test_file(name, mk_buf_str(&all));
    mk_buf_clear(&all);
    return path;
}

/* Packs one input to mk_test_path(output). */
static mk_err try_pack(const char *input, const char *output, mk_pack_options o, mk_error *reterr)
{
    char *const in = keep(input), *const out = keep(mk_test_path(output));
    const char *const inputs[] = {in};
    mk_release_summary summary;

    o.inputs = inputs;
    o.n_inputs = 1;
    o.output = out;
    o.threads = o.threads ? o.threads : 2;
    const mk_err err = mk_pack(&o, &summary, reterr);
    free(in);
    free(out);
    return err;
}

static void pack(const char *input, const char *output, mk_pack_options o)
{
    mk_error error = {0};

    ck_assert_msg(try_pack(input, output, o, &error) == MK_OK, "%s", error.text);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Likewise, as "r", where a damaged release may be: that is not replaced. */
static void pack_anew(const char *input, mk_pack_options o)
{
    nftw(mk_test_path("r"), remove_one, 8, FTW_DEPTH | FTW_PHYS);
    pack(input, "r", o);
}

static void assert_good(const char *name)
{
    const mk_verify_options o = {.release = mk_test_path(name), .threads = 1};
    mk_release_summary summary;
    mk_error error = {0};

    ck_assert_msg(mk_verify_release(&o, &summary, &error) == MK_OK, "%s: %s", name, error.text);
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

/* Nothing half made lies about, and nothing under that name. */
static void assert_nothing(const char *name)
{
    DIR *const d = opendir(mk_test_folder());

    ck_assert(access(mk_test_path(name), F_OK) != 0);
    for (struct dirent *item; (item = readdir(d));)
        ck_assert_msg(!strstr(item->d_name, "making"), "%s", item->d_name);
    closedir(d);
}

static char *metadata_file(const char *name, const char *license)
{
    char text[256];

    snprintf(text, sizeof(text), "name: waha\npretty_name: Waha\nlicense: %s\n", license);
    return keep(mk_test_file(name, mk_str_of(text)));
}

/* A run with a ledger. */
static char *run_folder(const char *name)
{
    char *const run = keep(mk_test_path(name)), *const in = keep(docs_file("raw.jsonl"));
    const char *const inputs[] = {in};
    const mk_chain_options chain_options = {.filters = "normalize"};
    const mk_clean_options o = {
        .inputs = inputs, .n_inputs = 1, .output = run, .ledger = "auto", .threads = 1};
    mk_chain *chain = NULL;
    mk_summary summary = {0};
    mk_error error = {0};

    ck_assert_msg(mk_chain_open(&chain_options, &chain, &error) == MK_OK, "%s", error.text);
    ck_assert_msg(mk_clean(chain, &o, &summary, &error) == MK_OK, "%s", error.text);
    mk_summary_clear(&summary);
    mk_chain_close(chain);
    free(in);
    return run;
}

/* ---- the same bytes ---- */

/* What is packed with one licence and then another is what is packed with the other. */
static void check_same(const char *in, mk_pack_options o)
{
    char *const first = metadata_file("first.yaml", "MIT");
    char *const second = metadata_file("second.yaml", "CC-BY-4.0");

    o.force = true;
    o.metadata = first;
    pack(in, "first", o);
    o.metadata = second;
    pack(in, "want.tar", o);
    char *const release = keep(mk_test_path("first"));
    pack(release, "got.tar", (mk_pack_options){.metadata = second, .force = true});
    assert_same("want.tar", "got.tar");
    assert_good("got.tar");
    free(release);
    free(first);
    free(second);
}

START_TEST(is_what_packing_the_inputs_again_makes)
{
    static const char *const schemas[] = {"flat",     "datatrove", "dolma",
                                          "fineweb2", "culturax",  "oscar"};
    char *const in = keep(docs_file("in.jsonl"));

    for (size_t i = 0; i < 6; i++) {
        check_same(in, (mk_pack_options){.schema = schemas[i]});
        check_same(in, (mk_pack_options){.schema = schemas[i],
                                         .split = "train=8,test=2",
                                         .codec = i % 2 ? "zst" : "gz",
                                         .shard_size = 4000,
                                         .croissant = "1.0"});
    }
    free(in);
}
END_TEST

START_TEST(keeps_what_stands_beside_the_documents)
{
    char *const run = run_folder("run/");

    check_same(run, (mk_pack_options){0}); /* with a report alone */
    check_same(run, (mk_pack_options){.ledger = "auto", .split = "train=1,test=1"});
    check_same(run,
               (mk_pack_options){.ledger = "auto", .schema = "dolma", .split = "train=1,test=1"});
    free(run);
}
END_TEST

START_TEST(stays_as_it_is_where_nothing_is_asked_for)
{
    static const char *const names[] = {"a.tar", "a.zip", "a.tar.gz", "a.tar.zst", "a"};
    char *const in = keep(docs_file("in.jsonl")), *const about = metadata_file("m.yaml", "MIT");
    const mk_pack_options o = {.metadata = about, .split = "train=8,test=2", .shard_size = 4000};

    pack(in, "want.tar", o);
    pack(in, "a", o);
    for (size_t i = 0; i < 5; i++) { /* from each kind to the next, and back over itself */
        char *const from = keep(mk_test_path(names[(i + 4) % 5]));
        pack(from, names[i], (mk_pack_options){.force = true, .threads = (unsigned)i + 1});
        assert_good(names[i]);
        free(from);
    }
    char *const last = keep(mk_test_path("a"));
    pack(last, "got.tar", (mk_pack_options){0});
    assert_same("want.tar", "got.tar");
    free(last);
    free(about);
    free(in);
}
END_TEST

START_TEST(gives_what_was_taken_down_another_card)
{
    char *const in = keep(docs_file("in.jsonl")), *const about = metadata_file("m.yaml", "MIT");
    char *const list = keep(mk_test_file("list", MK_STR("d7\nd9\n")));

    pack(in, "old", (mk_pack_options){.split = "train=8,test=2"});
    char *const old = keep(mk_test_path("old")), *const less = keep(mk_test_path("less"));
    const mk_takedown_options down = {
        .release = old, .output = less, .ids = list, .reason = "asked", .threads = 1};
    mk_release_summary summary;
    mk_error error = {0};
    ck_assert_msg(mk_takedown(&down, &summary, &error) == MK_OK, "%s", error.text);
    pack(less, "again", (mk_pack_options){.metadata = about});
    assert_good("again");
    mk_str manifest = mk_test_read(mk_test_path("again/manifest.json"));
    ck_assert(strstr(manifest.ptr, "\"reason\":\"asked\""));
    ck_assert(strstr(manifest.ptr, "\"license\":\"MIT\""));
    free((char *)manifest.ptr);
    free(list);
    free(old);
    free(less);
    free(about);
    free(in);
}
END_TEST

/* ---- what is not so ---- */

/* Packing `release` again fails with that code, says that, and leaves nothing. */
static void check_refused(const char *release, mk_err code, const char *text, mk_pack_options o)
{
    char *const from = keep(mk_test_path(release));
    mk_error error = {0};

    ck_assert_int_eq(code, try_pack(from, "none", o, &error));
    ck_assert_msg(strstr(error.text, text), "'%s' is not in '%s'", text, error.text);
    assert_nothing("none");
    free(from);
}

/* Flips a bit of every step-th byte of the file; each must be found. */
static void flip_all(const char *file, const char *text, size_t from, size_t to, size_t step)
{
    char *const path = keep(mk_test_path(file));
    mk_str s = mk_test_read(path);
    char *const bytes = (char *)s.ptr;

    for (size_t i = from; i < (to ? to : s.len); i += step) {
        bytes[i] ^= (char)(1 << i % 7);
        mk_test_file(file, s);
        check_refused("r", MK_MISMATCH, text, (mk_pack_options){.threads = 1});
        bytes[i] ^= (char)(1 << i % 7);
    }
    mk_test_file(file, s);
    free(bytes);
    free(path);
}

START_TEST(any_changed_byte_is_named)
{
    char *const run = run_folder("run/");

    pack(run, "r",
         (mk_pack_options){.ledger = "auto", .schema = "dolma", .split = "train=1,test=1"});
    flip_all("r/manifest.json", "manifest.json", 0, 0, 61);
    flip_all("r/stats.json", "stats.json", 0, 0, 61);
    flip_all("r/ids.idx", "ids.idx", 0, 0, 61);
    flip_all("r/report.html", "report.html", 0, 0, 997);
    flip_all("r/documents/train-00000-of-00001.jsonl.gz", "train-00000", 0, 0, 97);
    flip_all("r/documents/test-00000-of-00001.jsonl.gz", "test-00000", 0, 0, 97);
    flip_all("r/ledger/train.jsonl.gz", "ledger/train", 0, 0, 97);
    flip_all("r/attributes/minkhal/test-00000-of-00001.jsonl.gz", "minkhal/test", 0, 0, 97);
    pack(mk_test_path("r"), "good", (mk_pack_options){0});
    assert_good("good");
    free(run);
}
END_TEST

START_TEST(missing_and_other_files_are_named)
{
    static const char *const files[] = {"stats.json", "ids.idx", "SHA256SUMS", "manifest.json",
                                        "data/train-00000-of-00001.jsonl.gz"};
    char *const in = keep(docs_file("in.jsonl"));

    for (size_t i = 0; i < 5; i++) {
        char name[128];
        pack_anew(in, (mk_pack_options){0});
        snprintf(name, sizeof(name), "r/%s", files[i]);
        if (strcmp(files[i], "manifest.json") != 0) { /* else it is no release */
            mk_test_file(name, MK_STR(""));
            check_refused("r", MK_MISMATCH, i == 2 ? "manifest.json" : files[i],
                          (mk_pack_options){0});
        }
        ck_assert_int_eq(0, unlink(mk_test_path(name)));
        check_refused("r", strcmp(files[i], "manifest.json") == 0 ? MK_DAMAGED : MK_MISMATCH,
                      i == 3 ? "run.json" : files[i], (mk_pack_options){0});
    }
    free(in);
}
END_TEST

/* SHA256SUMS for a manifest that was edited: as someone would who wants to deceive. */
static void put_manifest(mk_str manifest)
{
    char digest[MK_SHA256_HEX + 1];
    mk_str sums = mk_test_read(mk_test_path("r/SHA256SUMS"));
    char *const line = strstr((char *)sums.ptr, "  manifest.json");

    ck_assert(line);
    ck_assert_int_eq(MK_OK, mk_assemble_digest(manifest, digest, NULL));
    memcpy(line - MK_SHA256_HEX, digest, MK_SHA256_HEX);
    mk_test_file("r/SHA256SUMS", sums);
    mk_test_file("r/manifest.json", manifest);
    free((char *)sums.ptr);
}

/* Changes the manifest and mends the sums. */
static void change_manifest(const char *what, const char *with)
{
    mk_test_change(mk_test_path("r/manifest.json"), what, with);
    mk_str text = mk_test_read(mk_test_path("r/manifest.json"));
    put_manifest(text);
    free((char *)text.ptr);
}

START_TEST(another_version_is_refused)
{
    char *const in = keep(docs_file("in.jsonl"));

    pack(in, "r", (mk_pack_options){0});
    change_manifest("\"version\":\"", "\"version\":\"9");
    check_refused("r", MK_MISMATCH, "was made by minkhal 9", (mk_pack_options){0});
    free(in);
}
END_TEST

START_TEST(names_that_lead_elsewhere_are_refused)
{
    char *const in = keep(docs_file("in.jsonl"));

    pack(in, "r", (mk_pack_options){0});
    change_manifest("\"name\":\"ids.idx\"", "\"name\":\"../ids.i\"");
    check_refused("r", MK_MISMATCH, "'../ids.i' is no file of a release", (mk_pack_options){0});
    pack_anew(in, (mk_pack_options){0});
    change_manifest("\"data/train-00000", "\"../train-000000");
    check_refused("r", MK_MISMATCH, "'../train-000000", (mk_pack_options){0});
    free(in);
}
END_TEST

/* Puts other bytes in the place of a file, with its digest and size in the manifest, and that
 * of the manifest in the sums. */
static void forge(const char *file, mk_str bytes)
{
    char digest[MK_SHA256_HEX + 1], name[256], entry[512];
    mk_buf out = {.max = MK_BUF_MAX};

    snprintf(name, sizeof(name), "r/%s", file);
    mk_test_file(name, bytes);
    ck_assert_int_eq(MK_OK, mk_assemble_digest(bytes, digest, NULL));
    mk_str text = mk_test_read(mk_test_path("r/manifest.json"));
    snprintf(entry, sizeof(entry), "{\"name\":\"%s\"", file);
    const char *const from = strstr(text.ptr, entry), *const to = strchr(from, '}');
    mk_buf_put(&out, (mk_str){text.ptr, (size_t)(from - text.ptr)});
    mk_buf_printf(&out, "%s,\"bytes\":%zu,\"sha256\":\"%s\"", entry, bytes.len, digest);
    mk_buf_puts(&out, to);
    put_manifest(mk_buf_str(&out));
    free((char *)text.ptr);
    mk_buf_clear(&out);
}

/* Changes a file and all digests. */
static void forge_change(const char *file, const char *what, const char *with)
{
    char name[256];

    snprintf(name, sizeof(name), "r/%s", file);
    mk_test_change(mk_test_path(name), what, with);
    mk_str text = mk_test_read(mk_test_path(name));
    forge(file, text);
    free((char *)text.ptr);
}

START_TEST(forged_figures_that_disagree_are_found)
{
    static const char *const changes[][3] = {
        {"\"documents\": 300", "\"documents\": 301", "counts other documents"},
        {"\"bytes\": ", "\"bytes\": 1", "counts other documents"},
        {"\"letters\": ", "\"letters\": 1", "counts other documents"},
        {"\"p50\": ", "\"p50\": 1", "is not as minkhal writes it"},
        {"\"sampled\": ", "\"sampled\": 1", "is not as minkhal writes it"},
        {"\"bins\": [0", "\"bins\": [7", "wrong bins"},
        {"\"digests\"", "\"digest\"", "is not as minkhal writes it"},
        {"{\n\"stats\": 1", "[\n\"stats\": 1", "'stats.json'"}};
    char *const in = keep(docs_file("in.jsonl"));

    for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
        pack_anew(in, (mk_pack_options){0});
        forge_change("stats.json", changes[i][0], changes[i][1]);
        check_refused("r", MK_MISMATCH, changes[i][2], (mk_pack_options){0});
    }
    free(in);
}
END_TEST

/* What agrees with the manifest and has all its digests is found by who counts anew. */
START_TEST(verify_finds_forged_figures_that_agree)
{
    static const char *const before[] = {"\"digests\": [\n  \"", "\"words\": ", "\"letters\": "};
    char *const in = keep(docs_file("in.jsonl"));

    for (size_t i = 0; i < 3; i++) {
        mk_error error = {0};
        pack_anew(in, (mk_pack_options){.split = "train=8,test=2"});
        const mk_verify_options o = {.release = mk_test_path("r"), .threads = 2};
        mk_release_summary summary;
        mk_str text = mk_test_read(mk_test_path("r/stats.json"));
        char *const at = strstr((char *)text.ptr, before[i]) + strlen(before[i]) + (i ? 0 : 15);
        ck_assert_int_eq(MK_OK, mk_verify_release(&o, &summary, &error));
        *at = *at == '1' ? '2' : '1';
        forge("stats.json", text);
        ck_assert_int_eq(MK_MISMATCH, mk_verify_release(&o, &summary, &error));
        ck_assert_str_eq("'stats.json' counts other documents", error.text);
        free((char *)text.ptr);
    }
    free(in);
}
END_TEST

START_TEST(options_of_documents_are_refused_by_name)
{
    static const struct {
        const char *name;
        mk_pack_options o;
    } cases[] = {{"--split", {.split = "train=1,test=1"}},
                 {"--salt", {.salt = "s"}},
                 {"--group-field", {.group_field = "id"}},
                 {"--schema", {.schema = "flat"}},
                 {"--codec", {.codec = "gz"}},
                 {"--level", {.level = 3}},
                 {"--shard-size", {.shard_size = 9}},
                 {"--ledger", {.ledger = "auto"}}};
    char *const in = keep(docs_file("in.jsonl"));

    pack(in, "r", (mk_pack_options){0});
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check_refused("r", MK_OPTION, cases[i].name, cases[i].o);
    check_refused("r", MK_OPTION, "Croissant '2'", (mk_pack_options){.croissant = "2"});
    check_refused("r", MK_OPTION, "lacks", (mk_pack_options){.strict = true});
    free(in);
}
END_TEST

START_TEST(what_is_stopped_leaves_nothing)
{
    static const volatile sig_atomic_t stop = 1;
    char *const in = keep(docs_file("in.jsonl"));

    pack(in, "r", (mk_pack_options){0});
    check_refused("r", MK_STOPPED, "interrupted", (mk_pack_options){.stop = &stop});
    check_refused("r", MK_STOPPED, "interrupted", (mk_pack_options){.stop = &stop, .threads = 1});
    free(in);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("repack");
    TCase *t = tcase_create("repack");

    tcase_set_timeout(t, 120);
    tcase_add_test(t, is_what_packing_the_inputs_again_makes);
    tcase_add_test(t, keeps_what_stands_beside_the_documents);
    tcase_add_test(t, stays_as_it_is_where_nothing_is_asked_for);
    tcase_add_test(t, gives_what_was_taken_down_another_card);
    tcase_add_test(t, any_changed_byte_is_named);
    tcase_add_test(t, missing_and_other_files_are_named);
    tcase_add_test(t, another_version_is_refused);
    tcase_add_test(t, names_that_lead_elsewhere_are_refused);
    tcase_add_test(t, forged_figures_that_disagree_are_found);
    tcase_add_test(t, verify_finds_forged_figures_that_agree);
    tcase_add_test(t, options_of_documents_are_refused_by_name);
    tcase_add_test(t, what_is_stopped_leaves_nothing);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
