/* test_tally.c: what a run counts, against what its documents show. Needs the
 * pages of fixtures/pages. */
#include "chain/tally.h"

#include <stdio.h>
#include <stdlib.h>

#include "chain/pipeline.h"
#include "support.h"

enum { MAX_RULES = 1024 };

static mk_arena *arena;
static mk_chain *chain;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    chain = NULL;
}

static void teardown(void)
{
    mk_chain_close(chain);
    mk_arena_free(arena);
}

static void open_chain(const char *filters)
{
    const mk_chain_options options = {.filters = filters};
    const mk_err err = mk_chain_open(&options, &chain, &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
}

static mk_doc_counts count(mk_tallies *tallies, const char *raw)
{
    mk_doc doc = {.raw = mk_str_of(raw)};
    mk_doc_counts counts;
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
    mk_tallies_count(tallies, &doc, &counts);
    return counts;
}

/* The tally of that rule in summary, or NULL. */
static const mk_tally *find(const mk_summary *s, const char *filter, const char *rule)
{
    for (size_t i = 0; i < s->n_tallies; i++)
        if (strcmp(s->tallies[i].filter, filter) == 0 && strcmp(s->tallies[i].rule, rule) == 0)
            return &s->tallies[i];
    return NULL;
}

START_TEST(counts_lines_and_their_letters_by_rule)
{
    mk_tallies tallies;
    mk_summary summary = {0};
    open_chain("share,verdict");
    ck_assert_int_eq(mk_tallies_init(&tallies, chain, &error), MK_OK);
    const mk_doc_counts c = count(&tallies, "شارك هذا الخبر\nنص\n");
    ck_assert_uint_eq(c.lines_in, 2);
    ck_assert_uint_eq(c.lines_out, 1);
    ck_assert_uint_eq(c.letters_in, 14);
    ck_assert_uint_eq(c.letters_out, 2);
    ck_assert_uint_eq(c.text_out, 4);
    ck_assert_int_eq(mk_tallies_report(&tallies, &summary, &error), MK_OK);
    const mk_tally *t = find(&summary, "share", "button");
    ck_assert_ptr_nonnull(t);
    ck_assert_uint_eq(t->lines, 1);
    ck_assert_uint_eq(t->letters, 12);
    ck_assert_uint_eq(t->spans + t->docs, 0);
    ck_assert_str_eq(t->category, "share");
    mk_summary_clear(&summary);
    mk_tallies_clear(&tallies);
}
END_TEST

START_TEST(counts_spans_by_rule)
{
    mk_tallies tallies;
    mk_summary summary = {0};
    open_chain("normalize");
    ck_assert_int_eq(mk_tallies_init(&tallies, chain, &error), MK_OK);
    count(&tallies, "كتـاب  كتـاب\n");
    ck_assert_int_eq(mk_tallies_report(&tallies, &summary, &error), MK_OK);
    uint64_t spans = 0;
    for (size_t i = 0; i < summary.n_tallies; i++)
        spans += summary.tallies[i].spans;
    ck_assert_uint_eq(spans, 3);
    ck_assert_uint_eq(find(&summary, "normalize", "whitespace")->spans, 1);
    mk_summary_clear(&summary);
    mk_tallies_clear(&tallies);
}
END_TEST

START_TEST(counts_documents_by_rule)
{
    mk_tallies tallies;
    mk_summary summary = {0};
    open_chain("");
    ck_assert_int_eq(mk_tallies_init(&tallies, chain, &error), MK_OK);
    count(&tallies, "\n\n");
    count(&tallies, "");
    count(&tallies, "a");
    ck_assert_int_eq(mk_tallies_report(&tallies, &summary, &error), MK_OK);
    ck_assert_uint_eq(find(&summary, "lines", "empty")->docs, 2);
    ck_assert_uint_eq(find(&summary, "lines", "blank")->lines, 2);
    mk_summary_clear(&summary);
    mk_tallies_clear(&tallies);
}
END_TEST

START_TEST(rules_that_did_nothing_are_left_out)
{
    mk_tallies tallies;
    mk_summary summary = {0};
    open_chain("share,verdict");
    ck_assert_int_eq(mk_tallies_init(&tallies, chain, &error), MK_OK);
    count(&tallies, "نص");
    ck_assert_int_eq(mk_tallies_report(&tallies, &summary, &error), MK_OK);
    ck_assert_uint_eq(summary.n_tallies, 0);
    mk_summary_clear(&summary);
    mk_tallies_clear(&tallies);
}
END_TEST

START_TEST(tallies_add_up_and_are_reset)
{
    mk_tallies a, b;
    mk_summary summary = {0};
    open_chain("share,verdict");
    ck_assert_int_eq(mk_tallies_init(&a, chain, &error), MK_OK);
    ck_assert_int_eq(mk_tallies_init(&b, chain, &error), MK_OK);
    count(&a, "شارك هذا الخبر\nنص");
    count(&b, "شارك هذا الخبر\nنص");
    const mk_why again = {.rule = 0}, first = {.next = &again, .rule = 0};
    mk_tallies_review(&b, &(mk_doc){.review = &first});
    mk_tallies_add(&a, &b);
    mk_tallies_add(&a, &b);
    ck_assert_int_eq(mk_tallies_report(&a, &summary, &error), MK_OK);
    ck_assert_uint_eq(find(&summary, "share", "button")->lines, 3);
    ck_assert_uint_eq(find(&summary, "share", "button")->review, 2);
    mk_summary_clear(&summary);
    mk_tallies_reset(&a);
    ck_assert_int_eq(mk_tallies_report(&a, &summary, &error), MK_OK);
    ck_assert_uint_eq(summary.n_tallies, 0);
    mk_summary_clear(&summary);
    mk_tallies_clear(&a);
    mk_tallies_clear(&b);
}
END_TEST

START_TEST(summary_is_one_json_object)
{
    mk_tallies tallies;
    mk_summary summary = {.n_in = 3, .n_written = 2};
    mk_buf out = {.max = MK_BUF_MAX};
    open_chain("share,verdict");
    ck_assert_int_eq(mk_tallies_init(&tallies, chain, &error), MK_OK);
    count(&tallies, "شارك هذا الخبر\nنص");
    ck_assert_int_eq(mk_tallies_report(&tallies, &summary, &error), MK_OK);
    mk_summary_put(&summary, chain, &out);
    mk_buf_putc(&out, '\0');
    ck_assert(!out.failed);
    ck_assert_ptr_nonnull(strstr(out.ptr, "\"in\": 3,"));
    ck_assert_ptr_nonnull(strstr(out.ptr, "\"written\": 2,"));
    ck_assert_ptr_nonnull(strstr(out.ptr, "{\"filter\": \"share\", \"rule\": \"button\", "
                                          "\"category\": \"share\", \"lines\": 1, "));
    ck_assert_str_eq(out.ptr + out.len - 5, "]\n}\n");
    mk_buf_clear(&out);
    mk_summary_clear(&summary);
    mk_tallies_clear(&tallies);
}
END_TEST

START_TEST(clear_takes_an_empty_summary)
{
    mk_summary summary = {0};
    mk_summary_clear(&summary);
    mk_summary_clear(&summary);
}
END_TEST

/* ---- a run over pages, against what explain shows of it ---- */

typedef struct shown {
    mk_rule_counts rules[MK_MAX_STEPS][64];
    mk_summary sums;
    uint64_t lines_of_filtered; /* not gone by themselves, with their letters: */
    uint64_t letters_of_filtered;
} shown;

/* As filters saw them, where one looked: a ligature may count as its letters. */
static uint64_t letters_of(const mk_line *line)
{
    uint64_t n = 0;
    if (line->seen.ptr)
        return line->features.n_letters;
    for (size_t at = 0; at < line->text.len;)
        n += mk_is_letter(mk_utf8_next(line->text, &at));
    return n;
}

/* Of each rule once, however often it asked. */
static void add_up_review(shown *s, const mk_doc *doc)
{
    bool asked[MK_MAX_STEPS][64] = {{false}};
    for (const mk_why *why = doc->review; why; why = why->next)
        asked[why->step][why->rule] = true;
    for (size_t step = 0; step < MK_MAX_STEPS; step++)
        for (size_t r = 0; r < 64; r++)
            s->rules[step][r].review += asked[step][r];
}

/* Adds up a document line by line. */
static bool add_up(void *arg, const mk_doc *doc)
{
    shown *s = arg;
    mk_scratch scratch = {0};
    mk_str text;
    s->sums.n_in++;
    s->sums.n_written += doc->verdict == MK_WRITTEN;
    s->sums.n_filtered += doc->verdict == MK_FILTERED;
    s->sums.n_review += doc->review && doc->verdict == MK_WRITTEN;
    s->sums.text_in += doc->raw.len;
    ck_assert(mk_doc_text(doc, &scratch, &text));
    s->sums.text_out += text.len;
    for (size_t at = 0; at < text.len;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        s->sums.lines_out += end > at;
        at = end + 1;
    }
    free(scratch.ptr);
    if (doc->gone)
        s->rules[doc->gone->step][doc->gone->rule].docs++;
    if (doc->verdict == MK_WRITTEN)
        add_up_review(s, doc);
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        const bool blank = line->label == MK_LABEL_BLANK;
        s->sums.lines_in += !blank;
        s->sums.letters_in += letters_of(line);
        if (line->gone) {
            s->rules[line->gone->step][line->gone->rule].lines++;
            s->rules[line->gone->step][line->gone->rule].letters += letters_of(line);
        } else if (doc->gone) {
            s->lines_of_filtered += !blank;
            s->letters_of_filtered += letters_of(line);
        } else {
            for (uint32_t c = 0; c < line->n_changes; c++)
                for (const mk_why *why = line->changes[c].why; why; why = why->next)
                    s->rules[why->step][why->rule].spans++;
        }
    }
    return true;
}

static void ck_assert_run_is_as_shown(const char *profile, const char *input)
{
    static shown s;
    mk_summary summary;
    const char *const inputs[] = {input};
    const mk_clean_options options = {
        .inputs = inputs, .n_inputs = 1, .threads = 2, .output = mk_test_path("out.jsonl")};
    const mk_chain_options chain_options = {.profile = profile};
    memset(&s, 0, sizeof(s));
    ck_assert_int_eq(mk_chain_open(&chain_options, &chain, &error), MK_OK);
    mk_err err = mk_clean(chain, &options, &summary, &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
    ck_assert_int_eq(mk_explain(chain, &options, add_up, &s, &error), MK_OK);

    ck_assert_uint_gt(summary.n_in, 0);
    ck_assert_uint_eq(summary.n_in, s.sums.n_in);
    ck_assert_uint_eq(summary.n_written, s.sums.n_written);
    ck_assert_uint_eq(summary.n_filtered, s.sums.n_filtered);
    ck_assert_uint_eq(summary.n_review, s.sums.n_review);
    ck_assert_uint_eq(summary.n_rejected, 0);
    ck_assert_uint_eq(summary.text_in, s.sums.text_in);
    ck_assert_uint_eq(summary.text_out, s.sums.text_out);
    ck_assert_uint_eq(summary.lines_in, s.sums.lines_in);
    ck_assert_uint_eq(summary.lines_out, s.sums.lines_out);
    ck_assert_uint_eq(summary.letters_in, s.sums.letters_in);

    size_t n = 0;
    uint64_t lines = 0, letters = 0;
    for (size_t step = 0; step < mk_chain_length(chain); step++)
        for (size_t r = 0; mk_chain_filter(chain, step)->rules[r].name; r++) {
            const mk_rule_counts *want = &s.rules[step][r];
            if (want->lines + want->spans + want->docs + want->review == 0)
                continue;
            ck_assert_uint_lt(n, summary.n_tallies);
            const mk_tally *got = &summary.tallies[n++];
            ck_assert_str_eq(got->filter, mk_chain_filter(chain, step)->name);
            ck_assert_str_eq(got->rule, mk_chain_filter(chain, step)->rules[r].name);
            ck_assert_uint_eq(got->lines, want->lines);
            ck_assert_uint_eq(got->spans, want->spans);
            ck_assert_uint_eq(got->docs, want->docs);
            ck_assert_uint_eq(got->letters, want->letters);
            ck_assert_uint_eq(got->review, want->review);
            lines += strcmp(got->rule, "blank") == 0 ? 0 : got->lines;
            letters += got->letters;
        }
    ck_assert_uint_eq(n, summary.n_tallies);
    /* nothing goes without a rule */
    ck_assert_uint_eq(summary.lines_in, summary.lines_out + lines + s.lines_of_filtered);
    ck_assert_uint_eq(summary.letters_in, summary.letters_out + letters + s.letters_of_filtered);
    mk_summary_clear(&summary);
}

START_TEST(a_run_counts_what_explain_shows)
{
    static const char *const profiles[] = {"web",    "careful",  "strict", "train",
                                           "search", "preserve", "plain"};
    ck_assert_run_is_as_shown(profiles[_i], MK_FIXTURES "/pages");
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("tally");
    TCase *const t = tcase_create("tally");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, counts_lines_and_their_letters_by_rule);
    tcase_add_test(t, counts_spans_by_rule);
    tcase_add_test(t, counts_documents_by_rule);
    tcase_add_test(t, rules_that_did_nothing_are_left_out);
    tcase_add_test(t, tallies_add_up_and_are_reset);
    tcase_add_test(t, summary_is_one_json_object);
    tcase_add_test(t, clear_takes_an_empty_summary);
    tcase_add_loop_test(t, a_run_counts_what_explain_shows, 0, 6);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
