/* explain_text.c: a document for people. A line of the page is a line here:
 * number, mark, label, zone, text; what the filters said stands under it. */
#include <inttypes.h>

#include "command.h"
#include "explain_view.h"
#include "message.h"
#include "print.h"

enum {
    TEXT_AT = 23,    /* column of a line's text */
    MAX_CHANGES = 4, /* shown a line: --json has them all */
    MAX_SPAN = 24    /* columns shown of what a change took away or put in */
};

/* ---- the head ---- */

static void put_count(FILE *f, size_t n, const char *what)
{
    char number[CLI_NUMBER];

    if (n > 0)
        fprintf(f, ", %s %s", cli_number(number, n), what);
}

static bool is_changed(const mk_line *line)
{
    return !line->gone && line->n_changes > 0;
}

static void put_counts(FILE *f, const mk_doc *doc)
{
    size_t n_dropped = 0, n_changed = 0, n_blank = 0;
    char number[CLI_NUMBER];

    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];

        n_dropped += line->gone != NULL;
        n_changed += is_changed(line);
        n_blank += line->label == MK_LABEL_BLANK && !line->gone;
    }
    fprintf(f, "%s %s", cli_number(number, doc->n_lines), doc->n_lines == 1 ? "line" : "lines");
    put_count(f, n_dropped, "dropped");
    put_count(f, n_changed, "changed");
    put_count(f, n_blank, "blank");
}

static void put_member(const cli_view *v, const char *name, mk_str value)
{
    if (value.len == 0)
        return;
    cli_style_put(v->f, v->color, CLI_DIM);
    fprintf(v->f, "  %-8s", name);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    cli_put(v->f, value, v->width > 20 ? v->width - 10 : 0, CLI_SHOW_SAFE);
    fputc('\n', v->f);
}

/* "filter.rule" of each step that had a part in it, the last one first. */
static void put_rules(const cli_view *v, const mk_why *why)
{
    for (const mk_why *w = why; w; w = w->next)
        fprintf(v->f, "%s%s.%s", w == why ? "" : " after ", cli_step_name(v->chain, w->step),
                cli_rule_name(v->chain, w->step, w->rule));
}

static void put_why(const cli_view *v, const mk_why *why)
{
    put_rules(v, why);
    if (why->evidence.len > 0) {
        fputs(": ", v->f);
        cli_put(v->f, why->evidence, 0, CLI_SHOW_ALL);
    }
    fputc('\n', v->f);
}

static void put_verdict(const cli_view *v, const mk_doc *doc)
{
    static const cli_style styles[] = {
        [MK_WRITTEN] = CLI_GREEN,
        [MK_FILTERED] = CLI_RED,
        [MK_DUPLICATE] = CLI_YELLOW,
        [MK_REJECTED] = CLI_RED,
    };

    fputs("  verdict ", v->f);
    cli_style_put(v->f, v->color, doc->verdict <= MK_REJECTED ? styles[doc->verdict] : CLI_PLAIN);
    fputs(cli_verdict_name(doc->verdict), v->f);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    if (doc->verdict == MK_DUPLICATE)
        fprintf(v->f, " of document %" PRIu64 " of the input", doc->twin + 1);
    if (doc->verdict == MK_REJECTED && doc->reason.len > 0) {
        fputs(": ", v->f);
        cli_put(v->f, doc->reason, 0, CLI_SHOW_SAFE);
    }
    if (doc->verdict != MK_REJECTED) {
        fputs("; ", v->f);
        put_counts(v->f, doc);
    }
    fputc('\n', v->f);
    if (doc->gone) {
        fputs("  by      ", v->f);
        put_why(v, doc->gone);
    }
}

/* One of the reasons why a person should look. */
static void put_review(const cli_view *v, const mk_why *why)
{
    cli_style_put(v->f, v->color, CLI_YELLOW);
    fprintf(v->f, "  review  %s.%s", cli_step_name(v->chain, why->step),
            cli_rule_name(v->chain, why->step, why->rule));
    if (why->evidence.len > 0) {
        fputs(": ", v->f);
        cli_put(v->f, why->evidence, 0, CLI_SHOW_ALL);
    }
    cli_style_put(v->f, v->color, CLI_PLAIN);
    fputc('\n', v->f);
}

static void put_head(const cli_view *v, const mk_doc *doc)
{
    cli_style_put(v->f, v->color, CLI_BOLD);
    fputs("document ", v->f);
    cli_put(v->f, doc->id, 0, CLI_SHOW_SAFE);
    cli_style_put(v->f, v->color, CLI_PLAIN);
    fputs("\n  source  ", v->f);
    cli_put(v->f, doc->source, 0, CLI_SHOW_SAFE);
    fprintf(v->f, ":%" PRIu64 "\n", doc->number);
    put_verdict(v, doc);
    put_member(v, "title", doc->title);
    put_member(v, "date", doc->date);
    put_member(v, "url", doc->url);
    put_member(v, "lang", doc->lang);
    for (const mk_why *why = doc->review; why; why = why->next)
        put_review(v, why);
}

/* ---- what stands under a line ---- */

static void begin_note(const cli_view *v, const char *word)
{
    fprintf(v->f, "%*s%s ", TEXT_AT, "", word);
}

static void put_marks(const cli_view *v, const mk_line *line)
{
    for (const mk_mark *m = line->marks; m; m = m->next) {
        begin_note(v, "accused by");
        fprintf(v->f, "%s.%s (%s, covers %u%%), kept%s%s", cli_step_name(v->chain, m->step),
                cli_rule_name(v->chain, m->step, m->rule), cli_strength_name(m->strength), m->cover,
                line->guard ? ", guarded as " : "", line->guard ? line->guard : "");
        if (m->evidence.len > 0) {
            fputs(": ", v->f);
            cli_put(v->f, m->evidence, 0, CLI_SHOW_ALL);
        }
        fputc('\n', v->f);
    }
}

static void put_feature(const cli_view *v, const char *before, uint64_t n, const char *one,
                        const char *many)
{
    fprintf(v->f, "%s%" PRIu64 " %s", before, n, cli_plural(n, one, many));
}

/* What rules count, and what shape speaks for the line. */
static void put_features(const cli_view *v, const mk_line *line)
{
    const mk_features *f = &line->features;
    begin_note(v, "has");
    put_feature(v, "", f->n_words, "word", "words");
    put_feature(v, ", ", f->n_letters, "letter", "letters");
    if (f->n_letters > f->n_arabic)
        fprintf(v->f, " (%u Arabic, %u Latin)", f->n_arabic, f->n_latin);
    put_feature(v, ", ", f->n_digits, "digit", "digits");
    put_feature(v, ", ", f->n_commas, "comma", "commas");
    put_feature(v, ", ", f->n_stops, "stop", "stops");
    fprintf(v->f, ", ends in %s%s%s%s", cli_end_name(f->end), f->bullet ? ", bullet" : "",
            f->quoted ? ", quoted" : "", f->has_url ? ", address" : "");
    if (line->guard)
        fprintf(v->f, "; guarded as %s", line->guard);
    fputc('\n', v->f);
}

static void put_quoted(const cli_view *v, mk_str s)
{
    fputc('"', v->f);
    cli_put(v->f, s, MAX_SPAN, CLI_SHOW_ALL);
    fputc('"', v->f);
}

static void put_change(const cli_view *v, const mk_doc *doc, const mk_line *line,
                       const mk_change *change)
{
    const mk_str before = cli_change_before(doc, line, change);
    const mk_str after = cli_change_after(line, change);

    begin_note(v, "changed by");
    put_rules(v, change->why);
    fputs(": ", v->f);
    put_quoted(v, before);
    if (after.len > 0) {
        fputs(" now reads ", v->f);
        put_quoted(v, after);
    } else {
        fputs(" taken out", v->f);
    }
    if (change->why && change->why->evidence.len > 0) {
        fputs(" (", v->f);
        cli_put(v->f, change->why->evidence, 0, CLI_SHOW_ALL);
        fputc(')', v->f);
    }
    fputc('\n', v->f);
}

static void put_changes(const cli_view *v, const mk_doc *doc, const mk_line *line)
{
    const uint32_t n = line->n_changes;
    const uint32_t shown = n > MAX_CHANGES ? MAX_CHANGES - 1 : n;

    for (uint32_t i = 0; i < shown; i++)
        put_change(v, doc, line, &line->changes[i]);
    if (shown < n) {
        begin_note(v, "and");
        fprintf(v->f, "%" PRIu32 " changes more (--json shows all)\n", n - shown);
    }
}

/* ---- lines ---- */

static void put_text(const cli_view *v, const mk_line *line)
{
    const cli_style style = line->gone ? CLI_RED : CLI_PLAIN;
    const bool blank = mk_str_trim(line->text).len == 0;

    cli_style_put(v->f, v->color && (line->gone || blank), blank ? CLI_DIM : style);
    if (blank)
        fputs(line->text.len == 0 ? "(empty)" : "(blank)", v->f);
    else
        cli_put(v->f, line->text, v->width > TEXT_AT + 8 ? v->width - TEXT_AT : 0, CLI_SHOW_SAFE);
    cli_style_put(v->f, v->color && (line->gone || blank), CLI_PLAIN);
    fputc('\n', v->f);
}

static void put_line(const cli_view *v, const mk_doc *doc, size_t i)
{
    const mk_line *line = &doc->lines[i];
    const char *mark = line->gone ? "- " : is_changed(line) ? "~ " : "  ";

    fprintf(v->f, "%6zu  %s%-8s%-5s", i + 1, mark, cli_label_name(line->label),
            line->zone == MK_ZONE_NONE ? "-" : cli_zone_name(line->zone));
    put_text(v, line);
    const bool features = v->features && line->label != MK_LABEL_BLANK;
    if (!line->gone && !line->marks && line->n_changes == 0 && !features)
        return;
    cli_style_put(v->f, v->color, CLI_DIM);
    if (features)
        put_features(v, line);
    if (line->gone) {
        begin_note(v, "dropped by");
        put_why(v, line->gone);
    } else {
        put_marks(v, line);
        put_changes(v, doc, line);
    }
    cli_style_put(v->f, v->color, CLI_PLAIN);
}

void cli_explain_text(const cli_view *view, const mk_doc *doc)
{
    put_head(view, doc);
    fputc('\n', view->f);
    for (size_t i = 0; i < doc->n_lines; i++)
        put_line(view, doc, i);
    if (doc->n_lines > 0)
        fputc('\n', view->f);
}
