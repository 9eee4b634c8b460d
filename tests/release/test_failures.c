/* test_failures.c: every command of the library while one of its calls fails, each call in
 * turn: it ends with a code that says so and leaves nothing half done under a final name.
 * Runs into folders are in tests/run/test_clean_fail.c. */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "fail.h"
#include "minkhal/release.h"
#include "minkhal/report.h"
#include "../read/packing.h"
#include "support.h"

int fsync(int fd);

/* The disk is not waited for: nothing cuts the power here. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

static mk_error error;
static mk_chain *chain;
static char files[30][300];
static unsigned n_files;

/* A path that stays. */
static const char *path_of(const char *name)
{
    char *const path = files[n_files++];

    ck_assert_uint_lt(n_files, 30);
    snprintf(path, sizeof(files[0]), "%s/%s", mk_test_folder(), name);
    return path;
}

static const char *in, *cleaned, *ledger, *summary, *run, *release, *archive, *labelled;
static const char *verdicts, *ids, *metadata, *out, *out_jsonl, *out_tar, *out_run;
static const char *tree, *foreign[3], *ledgered, *hosts;

/* ---- the commands ---- */

static bool show_doc(void *arg, const mk_doc *doc)
{
    mk_scratch scratch = {0};
    mk_str text;

    (void)arg;
    if (doc->verdict == MK_WRITTEN)
        (void)mk_doc_text(doc, &scratch, &text);
    free(scratch.ptr);
    return true;
}

static void quiet(void *arg, const char *text)
{
    (void)arg, (void)text;
}

static mk_err clean_to(const char *output, const char *schema)
{
    const mk_clean_options o = {.inputs = &in,
                                .n_inputs = 1,
                                .threads = 1,
                                .output = output,
                                .schema = schema,
                                .ledger = output == out_jsonl ? out_tar : ledger,
                                .summary = output == out_jsonl ? out_run : summary,
                                .dedup = true,
                                .on_message = quiet};
    mk_summary s = {0};
    const mk_err err = mk_clean(chain, &o, &s, &error);

    mk_summary_clear(&s);
    return err;
}

static mk_err clean(void)
{
    return clean_to(out_jsonl, NULL);
}

static mk_err cat(void)
{
    const mk_clean_options o = {.inputs = &in, .n_inputs = 1};
    mk_summary s = {0};
    const mk_err err = mk_cat(&o, show_doc, NULL, &s, &error);

    mk_summary_clear(&s);
    return err;
}

static mk_err explain(void)
{
    const mk_clean_options o = {.inputs = &in, .n_inputs = 1};

    return mk_explain(chain, &o, show_doc, NULL, &error);
}

/* Folders, archives and what is packed in them. */
static mk_err cat_tree(void)
{
    const mk_clean_options o = {
        .inputs = &tree, .n_inputs = 1, .on_message = quiet, .limits = {.max_depth = 1}};
    mk_summary s = {0};
    mk_err err = mk_cat(&o, show_doc, NULL, &s, &error);

    if (err == MK_OK && s.n_damaged > 1) /* one file in it is */
        err = mk_fail(&error, MK_DAMAGED, "damaged");
    mk_summary_clear(&s);
    return err;
}

static mk_err clean_tree(void)
{
    const mk_clean_options o = {.inputs = &tree,
                                .n_inputs = 1,
                                .threads = 1,
                                .output = out_jsonl,
                                .ledger = out_tar,
                                .rejects = out_run,
                                .on_message = quiet};
    mk_summary s = {0};
    mk_err err = mk_clean(chain, &o, &s, &error);

    mk_summary_clear(&s);
    return err;
}

static mk_err restore(void)
{
    const mk_restore_options o = {.cleaned = cleaned, .ledger = ledger, .output = out_jsonl};
    uint64_t n;

    return mk_restore(&o, &n, &error);
}

static mk_err restore_run(void)
{
    const mk_restore_options o = {.cleaned = run, .output = out_jsonl};
    uint64_t n;

    return mk_restore(&o, &n, &error);
}

static mk_err mine(void)
{
    const mk_mine_options o = {.inputs = &in, .n_inputs = 1, .output = out, .min_pages = 2};
    mk_mine_summary s;

    return mk_mine(&o, &s, &error);
}

static mk_err report(void)
{
    const mk_report_options o = {
        .cleaned = cleaned, .ledger = ledger, .output = out, .max_samples = 3, .max_sites = 5};
    uint64_t n;

    return mk_report(&o, &n, &error);
}

static mk_err sweep(void)
{
    const mk_sweep_options o = {.inputs = &labelled,
                                .n_inputs = 1,
                                .by = "kind",
                                .n_worst = 2,
                                .n_folds = 2,
                                .intervals = true};
    mk_sweep s;
    const mk_err err = mk_sweep_run(chain, &o, &s, &error);

    if (err == MK_OK)
        mk_sweep_clear(&s);
    return err;
}

static mk_err stats_of(const char *const *inputs, size_t n)
{
    const mk_stats_options o = {.inputs = inputs, .n_inputs = n, .threads = 1, .on_message = quiet};
    mk_stats s;
    mk_scratch scratch = {0};
    mk_str text;
    mk_err err = mk_stats_run(&o, &s, &error);

    if (err == MK_OK && !mk_stats_json(&s, &scratch, &text))
        err = mk_fail(&error, MK_NOMEM, "out of memory");
    if (err == MK_OK && s.n_damaged > 0)
        err = mk_fail(&error, MK_DAMAGED, "damaged");
    mk_stats_clear(&s);
    free(scratch.ptr);
    return err;
}

static mk_err stats(void)
{
    const char *const inputs[] = {in, ledger, summary};

    return stats_of(inputs, 3);
}

static mk_err stats_run(void)
{
    return stats_of(&run, 1);
}

static mk_err diff(void)
{
    const mk_diff_options o = {.old_path = in,
                               .new_path = cleaned,
                               .new_ledger = ledger,
                               .threads = 1,
                               .n_samples = 2,
                               .on_message = quiet};
    mk_diff d;
    mk_err err = mk_diff_run(&o, &d, &error);

    if (err == MK_OK && d.n_damaged > 0)
        err = mk_fail(&error, MK_DAMAGED, "damaged");
    mk_diff_clear(&d);
    return err;
}

static mk_err audit(void)
{
    const char *const inputs[] = {ledger, cleaned};
    const mk_audit_options o = {
        .inputs = inputs, .n_inputs = 2, .n_sample = 4, .verdicts = verdicts};
    mk_audit a;
    const mk_err err = mk_audit_draw(&o, &a, &error);

    mk_audit_clear(&a);
    return err;
}

static mk_err audit_report(void)
{
    mk_audit_report r;
    const mk_err err = mk_audit_read(verdicts, &r, &error);

    mk_audit_report_clear(&r);
    return err;
}

static mk_err attributes(void)
{
    const mk_attributes_options o = {.cleaned = cleaned, .ledger = ledger, .output = out_jsonl};
    uint64_t n;

    return mk_attributes(&o, &n, &error);
}

static mk_err pack_to(const char *input, const char *output)
{
    const mk_pack_options o = {.inputs = &input,
                               .n_inputs = 1,
                               .output = output,
                               .metadata = metadata,
                               .split = "train=7,test=3",
                               .ledger = input == run ? run : NULL,
                               .shard_size = 900,
                               .threads = 1,
                               .on_message = quiet};
    mk_release_summary s;

    return mk_pack(&o, &s, &error);
}

static mk_err pack(void)
{
    return pack_to(cleaned, out);
}

static mk_err pack_run(void)
{
    return pack_to(run, out_tar);
}

/* Lines that others wrote and compressed. */
static mk_err pack_foreign(void)
{
    const mk_pack_options o = {.inputs = foreign,
                               .n_inputs = 3,
                               .output = out_tar,
                               .metadata = metadata,
                               .codec = "zst",
                               .threads = 1,
                               .on_message = quiet};
    mk_release_summary s;

    return mk_pack(&o, &s, &error);
}

/* Releases, a folder and an archive, to the kind that they are not. */
static mk_err repack_to(const char *what, const char *output)
{
    const mk_pack_options o = {.inputs = &what,
                               .n_inputs = 1,
                               .output = output,
                               .metadata = metadata,
                               .croissant = "1.1",
                               .threads = 1,
                               .on_message = quiet};
    mk_release_summary s;

    return mk_pack(&o, &s, &error);
}

static mk_err repack(void)
{
    return repack_to(ledgered, out_tar);
}

static mk_err repack_archive(void)
{
    return repack_to(archive, out);
}

static mk_err verify_of(const char *what)
{
    const mk_verify_options o = {.release = what, .threads = 1};
    mk_release_summary s;

    return mk_verify_release(&o, &s, &error);
}

static mk_err verify(void)
{
    return verify_of(release);
}

static mk_err verify_archive(void)
{
    return verify_of(archive);
}

static bool show_line(void *arg, mk_str line)
{
    (void)arg, (void)line;
    return true;
}

static mk_err get(void)
{
    const char *const wanted[] = {"3", "none"};
    const mk_get_options o = {
        .release = archive, .ids = wanted, .n_ids = 2, .show = show_line, .lacks = quiet};
    uint64_t lacking;

    return mk_get(&o, &lacking, &error);
}

static mk_err takedown(void)
{
    const mk_takedown_options o = {.release = release,
                                   .output = out,
                                   .ids = ids,
                                   .reason = "asked",
                                   .threads = 1,
                                   .on_message = quiet};
    mk_release_summary s;

    return mk_takedown(&o, &s, &error);
}

static mk_err takedown_hosts(void)
{
    const mk_takedown_options o = {.release = ledgered,
                                   .output = out_tar,
                                   .hosts = hosts,
                                   .reason = "asked",
                                   .threads = 1,
                                   .on_message = quiet};
    mk_release_summary s;

    return mk_takedown(&o, &s, &error);
}

static mk_err verify_ledgered(void)
{
    return verify_of(ledgered);
}

static mk_err stats_release(void)
{
    return stats_of(&ledgered, 1);
}

static mk_err open_chain(void)
{
    const char *const sets[] = {"verdict:level=certain"};
    const mk_chain_options o = {.filters = "share,verdict,normalize", .sets = sets, .n_sets = 1};
    mk_chain *c = NULL;
    const mk_err err = mk_chain_open(&o, &c, &error);

    mk_chain_close(c);
    return err;
}

static const struct {
    const char *name;
    mk_err (*run)(void);
} commands[] = {
    {"clean", clean},
    {"cat", cat},
    {"explain", explain},
    {"restore", restore},
    {"restore a run", restore_run},
    {"mine", mine},
    {"report", report},
    {"sweep", sweep},
    {"stats", stats},
    {"stats of a run", stats_run},
    {"diff", diff},
    {"audit", audit},
    {"audit, its report", audit_report},
    {"attributes", attributes},
    {"pack", pack},
    {"pack a run", pack_run},
    {"verify", verify},
    {"verify an archive", verify_archive},
    {"get", get},
    {"takedown", takedown},
    {"a chain", open_chain},
    {"cat of a tree", cat_tree},
    {"clean of a tree", clean_tree},
    {"pack of others' files", pack_foreign},
    {"pack of a release", repack},
    {"pack of an archive", repack_archive},
    {"takedown of hosts", takedown_hosts},
    {"verify with a ledger", verify_ledgered},
    {"stats of a release", stats_release},
};

enum { N_COMMANDS = sizeof(commands) / sizeof(*commands) };

/* ---- what they work on ---- */

static void put_records(void)
{
    mk_buf text = {.max = MK_BUF_MAX};

    for (int i = 0; i < 12; i++)
        mk_buf_printf(&text,
                      "{\"id\":\"%d\",\"url\":\"https://h%d.example/%d\",\"text\":\"نــص الصفحة %d "
                      "من الواحة الكبيرة.\\nشارك هذا المقال\\nسطر من كل صفحة\"}\n",
                      i, i % 3, i, i % 5 ? i : 0);
    mk_buf_puts(&text, "{\"id\":\"bad\"}\n");
    mk_test_file("in.jsonl", mk_buf_str(&text));
    mk_buf_reset(&text);
    for (int i = 0; i < 4; i++)
        mk_buf_printf(&text,
                      "{\"id\":\"%d\",\"site\":\"s%d\",\"kind\":\"k%d\",\"lines\":[{\"l\":\"K\","
                      "\"t\":\"نص الصفحة من الواحة الكبيرة.\"},{\"l\":\"D\",\"c\":"
                      "\"share\",\"t\":\"شارك هذا المقال\"}]}\n",
                      i, i % 3, i % 2);
    mk_test_file("labelled.jsonl", mk_buf_str(&text));
    mk_test_file("verdicts.jsonl",
                 MK_STR("{\"doc\":1,\"src\":0,\"rule\":\"a/x\",\"of\":9,\"verdict\":\"right\"}\n"));
    mk_test_file("ids", MK_STR("3\n# none\n7\n"));
    mk_test_file("m.yaml",
                 MK_STR("name: waha\nversion: 1.0.0\nlicense: MIT\nauthors:\n- name: Sami\n"
                        "language: [ar]\n"));
    mk_buf_clear(&text);
}

/* A line as of a release. */
#define FLAT(id)                                                                           \
    "{\"id\":\"" id "\",\"text\":\"نص\",\"source\":\"s\",\"url\":\"https://h1.example/" id \
    "\",\"title\":\"\",\"date\":\"\",\"lang\":\"ar\",\"metadata\":\"{}\"}"

static void put(const char *name, mk_str bytes)
{
    mk_test_file(name, bytes);
    drop(bytes);
}

static void put_foreign(void)
{
    const mk_str lines = MK_STR(FLAT("d") "\n" FLAT("e") "\n");

    mk_test_file("plain.jsonl",
                 MK_STR("\xEF\xBB\xBF" FLAT("a") "\r\n \t\n" FLAT("b") "\n" FLAT("c")));
    put("packed.jsonl.gz", pack_gzip(lines));
    put("framed.jsonl.zst", join(pack_zstd(MK_STR(FLAT("f") "\n")), pack_zstd(lines)));
    mk_test_file("hosts", MK_STR("h1.example\n"));
}

/* An archive with a file of each kind, one of them in another archive. */
static mk_str pack_archive(const char *format)
{
    packer p = pack_begin(format, NULL, 1 << 16);

    pack_open(&p);

    pack_file(&p, "in/a.jsonl", MK_STR("{\"id\":\"y\",\"text\":\"نــص\"}\n{\"id\":\"bad\"}\n"));
    pack_file(&p, "b.txt", MK_STR("نص الصفحة\n"));
    return pack_end(&p);
}

static void put_tree(void)
{
    static const char *const folders[] = {"tree", "tree/in", "tree/in/deep"};
    const mk_str line = MK_STR("{\"id\":\"z\",\"text\":\"نــص\"}\n");

    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(mkdir(mk_test_path(folders[i]), 0777), 0);
    mk_test_file("tree/a.jsonl", line);
    mk_test_file("tree/in/deep/page.txt", MK_STR("نص الصفحة\n"));
    mk_test_file("tree/in/.hidden", line);
    put("tree/in/b.jsonl.gz", pack_gzip(line));
    put("tree/in/c.zip", pack_archive("zip"));
    put("tree/in/d.tar", pack_archive("ustar"));
    mk_test_file("tree/in/e.jsonl.gz", MK_STR("\x1F\x8B\x08"));
}

static void ck_ok(mk_err err)
{
    ck_assert_msg(err == MK_OK, "%d: %s", (int)err, error.text);
}

static void run_to_folder(void)
{
    const mk_clean_options o = {.inputs = &in,
                                .n_inputs = 1,
                                .threads = 1,
                                .output = run,
                                .ledger = "auto",
                                .on_message = quiet};
    mk_summary s = {0};

    ck_ok(mk_clean(chain, &o, &s, &error));
    mk_summary_clear(&s);
}

static void setup(void)
{
    const mk_chain_options o = {.filters = "share,verdict,normalize"};

    n_files = 0;
    in = path_of("in.jsonl"), cleaned = path_of("c.jsonl.gz"), ledger = path_of("l.jsonl");
    summary = path_of("s.json"), run = path_of("run/"), release = path_of("rel");
    archive = path_of("rel.tar.gz"), labelled = path_of("labelled.jsonl");
    verdicts = path_of("verdicts.jsonl"), ids = path_of("ids"), metadata = path_of("m.yaml");
    out = path_of("out/x"), out_jsonl = path_of("out/x.jsonl.gz"), out_tar = path_of("out/x.tar");
    out_run = path_of("out/x.json");
    tree = path_of("tree"), hosts = path_of("hosts"), ledgered = path_of("ledgered");
    foreign[0] = path_of("plain.jsonl"), foreign[1] = path_of("packed.jsonl.gz");
    foreign[2] = path_of("framed.jsonl.zst");
    ck_assert_int_eq(mkdir(mk_test_path("out"), 0777), 0);
    put_records();
    put_foreign();
    put_tree();
    ck_ok(mk_chain_open(&o, &chain, &error));
    ck_ok(clean_to(cleaned, NULL));
    run_to_folder();
    ck_ok(pack_to(cleaned, release));
    ck_ok(pack_to(cleaned, archive));
    ck_ok(pack_to(run, ledgered));
}

static void teardown(void)
{
    mk_chain_close(chain);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type;
    return ftw->level > 0 ? remove(path) : 0;
}

/* Names in out, and removes them. */
static int clear_out(void)
{
    const char *const folder = mk_test_path("out");
    DIR *const dir = opendir(folder);
    int n = -2; /* "." and ".." */

    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return n;
}

/* ---- failures ---- */

static const struct {
    unsigned calls;
    int error;
    unsigned codes; /* bits of mk_err that it may end with, MK_OK aside */
} failures[] = {
    {MK_CALL_ALLOC, ENOMEM, 1U << MK_NOMEM},
    {MK_CALL_OPEN, EIO,
     1U << MK_OUTPUT | 1U << MK_DAMAGED | 1U << MK_MISMATCH | 1U << MK_OPTION | 1U << MK_LIMIT},
    {MK_CALL_READ, EIO, 1U << MK_OUTPUT | 1U << MK_DAMAGED | 1U << MK_MISMATCH | 1U << MK_OPTION},
    {MK_CALL_WRITE | MK_CALL_CUT | MK_CALL_SEEK, ENOSPC, 1U << MK_OUTPUT | 1U << MK_DAMAGED},
    {MK_CALL_SYNC, EIO, 1U << MK_OUTPUT},
    {MK_CALL_RENAME, EIO, 1U << MK_OUTPUT},
    {MK_CALL_STAT, EIO, 1U << MK_OUTPUT | 1U << MK_DAMAGED | 1U << MK_MISMATCH | 1U << MK_OPTION},
    {MK_CALL_THREAD, EAGAIN, 1U << MK_NOMEM},
    {MK_CALL_LIBRARY, ENOMEM, 1U << MK_NOMEM},
};

enum { N_FAILURES = sizeof(failures) / sizeof(*failures), MANY = 100000 };

/* What has a final name although a call failed: beside the output of clean, which is named
 * last; or a release, if all that failed is to see that its name is on disk. */
static bool is_whole(void)
{
    const mk_error kept = error;
    bool whole;

    if (access(out_run, F_OK) == 0 || access(out_tar, F_OK) == 0)
        whole = access(out_jsonl, F_OK) != 0;
    else
        whole = access(out, F_OK) == 0 && verify_of(out) == MK_OK;
    error = kept;
    return whole;
}

/* What is left are outputs under their final names, which were whole before they got them: the
 * sync that failed was that of a name. */
static bool are_named(void)
{
    static const char *const names[] = {".", "..", "x", "x.jsonl.gz", "x.tar", "x.json"};
    DIR *const dir = opendir(mk_test_path("out"));
    bool all = true;

    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        bool known = false;
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
            known = known || strcmp(e->d_name, names[i]) == 0;
        all = all && known;
    }
    closedir(dir);
    return all;
}

START_TEST(a_call_that_fails_is_told_and_leaves_nothing_half_done)
{
    const unsigned f = (unsigned)_i / N_COMMANDS, c = (unsigned)_i % N_COMMANDS;
    bool came = true;

    /* The first calls one by one, later ones, which are much the same, not all. */
    for (unsigned at = 1; came; at += 1 + at / 64) {
        mk_test_fail(failures[f].calls, at, failures[f].error);
        const mk_err err = commands[c].run();
        came = mk_test_failed();
        ck_assert_msg(err == MK_OK || (came && failures[f].codes & 1U << err),
                      "%s, kind %u, call %u: %d: %s", commands[c].name, f, at, (int)err,
                      error.text);
        const bool whole = err == MK_OK || is_whole() ||
                           (failures[f].calls == MK_CALL_SYNC && are_named());
        const int n_left = clear_out();
        ck_assert_msg(whole || n_left == 0, "%s, kind %u, call %u: %d files are left: %s",
                      commands[c].name, f, at, n_left, error.text);
        ck_assert_uint_lt(at, MANY);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("failures");
    TCase *const t = tcase_create("failures");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 240);
    tcase_add_loop_test(t, a_call_that_fails_is_told_and_leaves_nothing_half_done, 0,
                        N_COMMANDS * N_FAILURES);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
