/* test_takedown.c: what of documents that are taken down is left in the new release: nothing,
 * wherever their texts had gone before. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "minkhal/minkhal.h"
#include "minkhal/release.h"
#include "minkhal/report.h"
#include "read/stream.h"
#include "support.h"

enum { N_DOCS = 120, N_SECRETS = 64 };

/* What the documents of h3.example say, and no other: a mark in each place that something of a
 * record can be in. A mark is one run of letters, which no step cuts. */
typedef struct secrets {
    char marks[N_SECRETS * 8][24];
    size_t n;
    uint64_t state;
} secrets;

static const char *mark(secrets *s)
{
    char *const to = s->marks[s->n++];

    ck_assert_uint_le(s->n, N_SECRETS * 8);
    s->state = s->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    snprintf(to, sizeof(s->marks[0]), "zq%012llx", (unsigned long long)(s->state >> 16));
    return to;
}

/* A record of the site that will ask: written and changed, filtered, a copy, rejected,
 * skipped, by its number. */
static void put_secret(mk_buf *out, secrets *s, size_t i)
{
    static const char copy[] = "نص واحد في صفحتين من الموقع عن النخل والماء في الواحة";
    const char *const id = mark(s), *const path = mark(s), *const title = mark(s);

    mk_buf_printf(
        out, "{\"id\":\"%s\",\"url\":\"http://%sh3.example/%s\",\"title\":\"%s\",\"k\":\"%s\",", id,
        i % 2 ? "www." : "", path, title, mark(s));
    switch (i % 6) {
    case 0: /* edits in lines that hold marks, and marks in lines that go */
        mk_buf_printf(
            out,
            "\"text\":\"كتـاب %s فيه كلام طويل\\u00a0عن النخل %s والماء العذب في الواحة.\\n"
            "شارك على فيسبوك %s\\nجميع الحقوق محفوظة %s\"}\n",
            mark(s), mark(s), mark(s), mark(s));
        break;
    case 1: /* nothing is left of it */
        mk_buf_printf(out, "\"text\":\"شارك على فيسبوك\\nجميع الحقوق محفوظة %s\"}\n", mark(s));
        break;
    case 2: /* the same text in two records: the first, or a copy */
        mk_buf_printf(out, "\"text\":\"%s %s.\"}\n", copy, s->marks[0]);
        break;
    case 3: /* rejected */
        mk_buf_printf(out, "\"%s\":\"%s\"}\n", mark(s), mark(s));
        break;
    case 4:
        mk_buf_printf(out, "\"text\":\"%s \\ud800\", %s\n", mark(s), mark(s));
        break;
    default: /* for review, and much of it removed */
        mk_buf_puts(out, "\"text\":\"");
        for (int k = 0; k < 12; k++)
            mk_buf_printf(out, "اقرأ أيضا: %s\\n", k % 4 ? "خبر" : mark(s));
        mk_buf_puts(out, "هذا كل ما بقي من الصفحة بعد ذلك كله.\"}\n");
    }
}

static void put_documents(mk_buf *out, secrets *s)
{
    mark(s); /* of the copies */
    for (size_t i = 0; i < N_DOCS; i++) {
        if (i % 3 == 1)
            put_secret(out, s, i / 3);
        mk_buf_printf(
            out,
            "{\"id\":\"d%zu\",\"url\":\"http://h%zu.example/\",\"text\":\"كتـاب رقم %zu، فيه "
            "كلام طويل\\u00a0عن النخل والماء العذب.\\nشارك على فيسبوك\\nاقرأ أيضا: خبر\"}\n",
            i, i % 17 + 4, i);
    }
}

static void clean_and_pack(const char *input, const char *run, const char *release,
                           mk_pack_options pack)
{
    const char *const inputs[] = {input}, *const runs[] = {run};
    mk_chain *chain = NULL;
    mk_summary summary = {0};
    mk_release_summary packed;
    mk_error error = {0};
    const mk_chain_options web = {.profile = "web"};
    const mk_clean_options clean = {.inputs = inputs,
                                    .n_inputs = 1,
                                    .output = run,
                                    .ledger = "auto",
                                    .dedup = true,
                                    .threads = 1,
                                    .force = true};

    ck_assert_msg(mk_chain_open(&web, &chain, &error) == MK_OK, "%s", error.text);
    const mk_err err = mk_clean(chain, &clean, &summary, &error);
    ck_assert_msg(err == MK_OK, "%s", error.text);
    ck_assert_uint_gt(summary.n_filtered, 0);
    ck_assert_uint_gt(summary.n_duplicate, 0);
    ck_assert_uint_gt(summary.n_rejected, 0);
    mk_summary_clear(&summary);
    mk_chain_close(chain);
    pack.inputs = runs;
    pack.n_inputs = 1;
    pack.output = release;
    pack.force = true;
    pack.threads = 1;
    ck_assert_msg(mk_pack(&pack, &packed, &error) == MK_OK, "%s", error.text);
}

/* The bytes of a file, unpacked if it is packed. */
static void read_unpacked(const char *path, mk_buf *out)
{
    mk_stream *s = NULL;
    mk_str chunk;
    mk_error error = {0};

    out->max = MK_BUF_MAX;
    ck_assert_msg(mk_stream_file(path, &s, &error) == MK_OK, "%s", error.text);
    ck_assert_msg(mk_stream_decode(&s, &error) == MK_OK, "%s", error.text);
    while (s->read(s, &chunk, &error) == MK_OK)
        mk_buf_put(out, chunk);
    mk_stream_close(s);
}

/* How many of the marks are somewhere in the release: in its files, or in their names. */
static size_t found_in(const char *release, const secrets *s)
{
    char path[768];
    mk_buf sums = {0};
    size_t n = 0;

    snprintf(path, sizeof(path), "%s/SHA256SUMS", release);
    read_unpacked(path, &sums);
    ck_assert(!mk_str_has(mk_buf_str(&sums), MK_STR("zq")));
    mk_buf_putc(&sums, '\0');
    for (char *line = sums.ptr; *line;) {
        char *const end = strchr(line, '\n');
        mk_buf file = {0};
        *end = '\0';
        snprintf(path, sizeof(path), "%s/%s", release, line + 66);
        read_unpacked(path, &file);
        for (size_t i = 0; i < s->n; i++)
            n += mk_str_has(mk_buf_str(&file), mk_str_of(s->marks[i]));
        mk_buf_clear(&file);
        line = end + 1;
    }
    mk_buf_clear(&sums);
    return n;
}

/* The report is what anybody makes of the new release. */
static void assert_report_is_its_own(const char *release)
{
    char path[768], other[512];
    mk_error error = {0};
    uint64_t docs;
    mk_str a, b;

    snprintf(other, sizeof(other), "%s", mk_test_path("own.html"));
    const mk_report_options o = {
        .cleaned = release, .output = other, .max_samples = 10, .max_sites = 200, .force = true};
    ck_assert_msg(mk_report(&o, &docs, &error) == MK_OK, "%s", error.text);
    snprintf(path, sizeof(path), "%s/report.html", release);
    a = mk_test_read(path);
    b = mk_test_read(other);
    ck_assert_msg(mk_str_eq(a, b), "the report is another");
    ck_assert(mk_str_has(a, MK_STR("taken down")));
    free((char *)a.ptr);
    free((char *)b.ptr);
}

static void take_down(mk_pack_options pack)
{
    char input[512], list[512], run[512], old[512], new[512];
    secrets s = {.state = 8};
    mk_buf lines = {.max = MK_BUF_MAX};
    mk_release_summary summary;
    mk_error error = {0};

    put_documents(&lines, &s);
    snprintf(input, sizeof(input), "%s", mk_test_file("in.jsonl", mk_buf_str(&lines)));
    snprintf(list, sizeof(list), "%s", mk_test_file("hosts", MK_STR("h3.example\n")));
    snprintf(run, sizeof(run), "%s", mk_test_path("run/"));
    snprintf(old, sizeof(old), "%s", mk_test_path("old"));
    snprintf(new, sizeof(new), "%s", mk_test_path("new"));
    clean_and_pack(input, run, old, pack);
    ck_assert_uint_gt(found_in(old, &s), s.n / 4); /* it was there */
    const mk_takedown_options o = {.release = old,
                                   .output = new,
                                   .hosts = list,
                                   .reason = "asked",
                                   .threads = 1,
                                   .force = true};
    ck_assert_msg(mk_takedown(&o, &summary, &error) == MK_OK, "%s", error.text);
    ck_assert_uint_gt(summary.n_taken, 0);
    ck_assert_uint_eq(0, found_in(new, &s));
    const mk_verify_options v = {.release = new, .threads = 1};
    ck_assert_msg(mk_verify_release(&v, &summary, &error) == MK_OK, "%s", error.text);
    if (pack.ledger)
        assert_report_is_its_own(new);
    mk_buf_clear(&lines);
}

START_TEST(nothing_of_a_document_is_left)
{
    static const char *const codecs[] = {"gz", "zst"};

    take_down((mk_pack_options){
        .codec = codecs[_i], .split = "train=3,test=1", .salt = "s", .ledger = "auto"});
}
END_TEST

START_TEST(nothing_of_a_document_is_left_in_attributes)
{
    take_down((mk_pack_options){.schema = "dolma", .ledger = "auto", .shard_size = 2000});
}
END_TEST

START_TEST(nothing_of_a_document_is_left_where_the_ledger_is_not_released)
{
    take_down((mk_pack_options){.schema = "oscar"});
    take_down((mk_pack_options){.schema = "dolma"});
}
END_TEST

int main(void)
{
    Suite *s = suite_create("takedown");
    TCase *t = tcase_create("takedown");

    tcase_add_loop_test(t, nothing_of_a_document_is_left, 0, 2);
    tcase_add_test(t, nothing_of_a_document_is_left_in_attributes);
    tcase_add_test(t, nothing_of_a_document_is_left_where_the_ledger_is_not_released);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
