#include "chain/tally.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/json.h"

static size_t count_rules(const mk_filter *filter)
{
    size_t n = 0;
    while (filter->rules[n].name)
        n++;
    return n;
}

mk_err mk_tallies_init(mk_tallies *tallies, const mk_chain *chain, mk_error *reterr)
{
    *tallies = (mk_tallies){.chain = chain};
    for (size_t i = 0; i < chain->n_steps; i++) {
        tallies->first[i] = tallies->n_rules;
        tallies->n_rules += count_rules(chain->steps[i].filter);
    }
    tallies->rules = calloc(tallies->n_rules + 1, sizeof(*tallies->rules));
    return tallies->rules ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for the tally");
}

void mk_tallies_reset(mk_tallies *tallies)
{
    memset(tallies->rules, 0, tallies->n_rules * sizeof(*tallies->rules));
}

void mk_tallies_clear(mk_tallies *tallies)
{
    free(tallies->rules);
    *tallies = (mk_tallies){0};
}

static mk_rule_counts *counts_of(mk_tallies *tallies, const mk_why *why)
{
    return &tallies->rules[tallies->first[why->step] + why->rule];
}

/* Letters of a line as it was read: counted once, when features were asked for,
 * or now. */
static uint64_t letters_of(const mk_line *line)
{
    if (line->seen.ptr)
        return line->features.n_letters;
    uint64_t n = 0;
    for (size_t at = 0; at < line->text.len;)
        n += mk_is_letter(mk_utf8_next(line->text, &at));
    return n;
}

void mk_tallies_count(mk_tallies *tallies, const mk_doc *doc, mk_doc_counts *ret)
{
    *ret = (mk_doc_counts){.text_in = doc->raw.len};
    bool first = true; /* no line is written yet */
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        const bool blank = line->label == MK_LABEL_BLANK;
        const bool kept = !line->gone && doc->verdict == MK_WRITTEN;
        const uint64_t letters = letters_of(line);
        ret->lines_in += !blank;
        ret->lines_out += kept && !blank;
        ret->letters_in += letters;
        if (kept) {
            ret->letters_out += letters;
            ret->text_out += line->text.len + !first;
            first = false;
            for (uint32_t c = 0; c < line->n_changes; c++)
                for (const mk_why *why = line->changes[c].why; why; why = why->next)
                    counts_of(tallies, why)->spans++;
        } else if (line->gone) {
            mk_rule_counts *counts = counts_of(tallies, line->gone);
            counts->lines++;
            counts->letters += letters;
        }
    }
    if (doc->gone)
        counts_of(tallies, doc->gone)->docs++;
}

/* True if an earlier of its whys is by the same rule. */
static bool is_again(const mk_why *why, const mk_doc *doc)
{
    for (const mk_why *w = doc->review; w != why; w = w->next)
        if (w->step == why->step && w->rule == why->rule)
            return true;
    return false;
}

void mk_tallies_review(mk_tallies *tallies, const mk_doc *doc)
{
    for (const mk_why *why = doc->review; why; why = why->next)
        counts_of(tallies, why)->review += !is_again(why, doc);
}

void mk_tallies_add(mk_tallies *to, const mk_tallies *from)
{
    for (size_t i = 0; i < to->n_rules; i++) {
        to->rules[i].lines += from->rules[i].lines;
        to->rules[i].spans += from->rules[i].spans;
        to->rules[i].docs += from->rules[i].docs;
        to->rules[i].letters += from->rules[i].letters;
        to->rules[i].review += from->rules[i].review;
    }
}

mk_err mk_tallies_report(const mk_tallies *tallies, mk_summary *ret, mk_error *reterr)
{
    ret->tallies = calloc(tallies->n_rules + 1, sizeof(*ret->tallies));
    ret->n_tallies = 0;
    if (!ret->tallies)
        return mk_fail(reterr, MK_NOMEM, "out of memory for the summary");
    for (size_t step = 0; step < tallies->chain->n_steps; step++) {
        const mk_filter *filter = tallies->chain->steps[step].filter;
        for (size_t r = 0; filter->rules[r].name; r++) {
            const mk_rule_counts *c = &tallies->rules[tallies->first[step] + r];
            if (c->lines + c->spans + c->docs + c->review == 0)
                continue;
            ret->tallies[ret->n_tallies++] = (mk_tally){filter->name,
                                                        filter->rules[r].name,
                                                        filter->rules[r].category,
                                                        c->lines,
                                                        c->spans,
                                                        c->docs,
                                                        c->letters,
                                                        c->review};
        }
    }
    return MK_OK;
}

void mk_summary_skip(mk_summary *s, mk_str name, uint64_t records)
{
    const size_t room = sizeof(s->skips[0].name) - 1;
    size_t i = 0;
    if (name.len > room)
        name.len = mk_utf8_valid(mk_str_sub(name, 0, room));
    while (i < s->n_skips && !mk_str_eq(mk_str_of(s->skips[i].name), name))
        i++;
    if (i == s->n_skips && i == MK_MAX_SKIPS - 1)
        name = MK_STR("others");
    if (i == MK_MAX_SKIPS)
        i--;
    if (i == s->n_skips) {
        s->skips[s->n_skips++] = (mk_skip){.records = 0};
        memcpy(s->skips[i].name, name.ptr, name.len);
    }
    s->skips[i].records += records;
}

void mk_summary_clear(mk_summary *summary)
{
    free(summary->tallies);
    *summary = (mk_summary){0};
}

#define NUMBER(field) offsetof(mk_summary, field)

const mk_summary_number mk_summary_numbers[] = {
    {"in", NUMBER(n_in)},
    {"written", NUMBER(n_written)},
    {"filtered", NUMBER(n_filtered)},
    {"duplicate", NUMBER(n_duplicate)},
    {"rejected", NUMBER(n_rejected)},
    {"skipped", NUMBER(n_skipped)},
    {"review", NUMBER(n_review)},
    {"sources", NUMBER(n_sources)},
    {"damaged", NUMBER(n_damaged)},
    {"bytes_in", NUMBER(bytes_in)},
    {"bytes_out", NUMBER(bytes_out)},
    {"text_in", NUMBER(text_in)},
    {"text_out", NUMBER(text_out)},
    {"lines_in", NUMBER(lines_in)},
    {"lines_out", NUMBER(lines_out)},
    {"letters_in", NUMBER(letters_in)},
    {"letters_out", NUMBER(letters_out)},
    {NULL, 0},
};

static void put_skips(const mk_summary *s, mk_buf *out)
{
    mk_buf_puts(out, "\"skips\": [");
    for (size_t i = 0; i < s->n_skips; i++) {
        mk_buf_printf(out, "%s\n    {\"reason\": ", i > 0 ? "," : "");
        mk_json_put(out, mk_str_of(s->skips[i].name));
        mk_buf_printf(out, ", \"records\": %" PRIu64 "}", s->skips[i].records);
    }
    mk_buf_puts(out, s->n_skips > 0 ? "\n  ]" : "]");
}

static void put_rules(const mk_summary *s, mk_buf *out)
{
    mk_buf_puts(out, "\"rules\": [");
    for (size_t i = 0; i < s->n_tallies; i++) {
        const mk_tally *t = &s->tallies[i];
        mk_buf_printf(out,
                      "%s\n    {\"filter\": \"%s\", \"rule\": \"%s\", \"category\": \"%s\", "
                      "\"lines\": %" PRIu64 ", \"spans\": %" PRIu64 ", \"docs\": %" PRIu64
                      ", \"letters\": %" PRIu64 ", \"review\": %" PRIu64 "}",
                      i > 0 ? "," : "", t->filter, t->rule, t->category, t->lines, t->spans,
                      t->docs, t->letters, t->review);
    }
    mk_buf_puts(out, s->n_tallies > 0 ? "\n  ]" : "]");
}

void mk_summary_put_details(const mk_summary *s, mk_buf *out)
{
    put_skips(s, out);
    mk_buf_puts(out, ",\n  ");
    put_rules(s, out);
}

void mk_summary_put(const mk_summary *s, const mk_chain *chain, mk_buf *out)
{
    mk_buf_puts(out, "{\n  \"version\": ");
    mk_json_put(out, mk_str_of(mk_version()));
    for (const mk_summary_number *n = mk_summary_numbers; n->name; n++)
        mk_buf_printf(out, ",\n  \"%s\": %" PRIu64, n->name, mk_summary_get(s, n));
    mk_buf_puts(out, ",\n  ");
    put_skips(s, out);
    mk_buf_puts(out, ",\n  \"chain\": ");
    mk_json_put(out, mk_str_of(mk_chain_text(chain)));
    mk_buf_puts(out, ",\n  ");
    put_rules(s, out);
    mk_buf_puts(out, "\n}\n");
}
