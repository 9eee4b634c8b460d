/* explain_json.c: a document for programs, one JSON object on a line. Keys come
 * in the same order in every line; offsets and lengths are bytes of UTF-8. */
#include "command.h"
#include "explain_view.h"
#include "print.h"

static void key_str(cli_json *j, const char *key, mk_str value)
{
    cli_json_key(j, key);
    cli_json_str(j, value);
}

static void key_word(cli_json *j, const char *key, const char *value)
{
    key_str(j, key, mk_str_of(value));
}

static void key_number(cli_json *j, const char *key, uint64_t value)
{
    cli_json_key(j, key);
    cli_json_number(j, value);
}

static void key_bool(cli_json *j, const char *key, bool value)
{
    cli_json_key(j, key);
    cli_json_bool(j, value);
}

/* ---- why ---- */

static void put_rule(cli_json *j, const mk_chain *chain, size_t step, size_t rule)
{
    key_word(j, "filter", cli_step_name(chain, step));
    key_word(j, "rule", cli_rule_name(chain, step, rule));
}

static void put_whys(cli_json *j, const mk_chain *chain, const char *key, const mk_why *why)
{
    cli_json_key(j, key);
    cli_json_open(j, '[');
    for (; why; why = why->next) {
        cli_json_open(j, '{');
        put_rule(j, chain, why->step, why->rule);
        key_str(j, "evidence", why->evidence);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void put_why(cli_json *j, const mk_chain *chain, const mk_why *why)
{
    put_whys(j, chain, "why", why);
}

static void put_marks(cli_json *j, const mk_chain *chain, const mk_mark *mark)
{
    cli_json_key(j, "marks");
    cli_json_open(j, '[');
    for (; mark; mark = mark->next) {
        cli_json_open(j, '{');
        put_rule(j, chain, mark->step, mark->rule);
        key_word(j, "strength", cli_strength_name(mark->strength));
        key_word(j, "effect", cli_effect_name(mark->effect));
        key_number(j, "cover", mark->cover);
        key_str(j, "evidence", mark->evidence);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

static void put_changes(cli_json *j, const mk_chain *chain, const mk_doc *doc, const mk_line *line)
{
    cli_json_key(j, "changes");
    cli_json_open(j, '[');
    for (uint32_t i = 0; i < line->n_changes; i++) {
        const mk_change *c = &line->changes[i];

        cli_json_open(j, '{');
        key_number(j, "at", c->at);
        key_number(j, "source_at", c->src_at);
        key_str(j, "before", cli_change_before(doc, line, c));
        key_str(j, "after", cli_change_after(line, c));
        put_why(j, chain, c->why);
        cli_json_close(j, '}');
    }
    cli_json_close(j, ']');
}

/* ---- lines ---- */

static void put_features(cli_json *j, const mk_features *x)
{
    const struct {
        const char *name;
        uint32_t n;
    } counts[] = {
        {"code_points", x->n_cp}, {"letters", x->n_letters}, {"arabic", x->n_arabic},
        {"latin", x->n_latin},    {"digits", x->n_digits},   {"words", x->n_words},
        {"commas", x->n_commas},  {"stops", x->n_stops},
    };

    cli_json_key(j, "features");
    cli_json_open(j, '{');
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        key_number(j, counts[i].name, counts[i].n);
    key_word(j, "end", cli_end_name(x->end));
    key_bool(j, "bullet", x->bullet);
    key_bool(j, "quoted", x->quoted);
    key_bool(j, "url", x->has_url);
    cli_json_close(j, '}');
}

/* What the markup said; nothing where there was none. */
static void put_cues(cli_json *j, const mk_cues *cues)
{
    if (!cues)
        return;
    cli_json_key(j, "markup");
    cli_json_open(j, '{');
    key_word(j, "block", cli_block_name(cues->block));
    key_number(j, "heading", cues->heading);
    key_number(j, "link", cues->link);
    cli_json_key(j, "parts");
    cli_json_open(j, '[');
    for (unsigned bit = 0; bit < 32; bit++)
        if (cues->parts >> bit & 1)
            cli_json_str(j, mk_str_of(cli_part_name(bit)));
    cli_json_close(j, ']');
    cli_json_close(j, '}');
}

static void put_line(cli_json *j, const mk_chain *chain, const mk_doc *doc, size_t i)
{
    const mk_line *line = &doc->lines[i];

    cli_json_open(j, '{');
    key_number(j, "number", i + 1);
    key_str(j, "text", line->text);
    key_number(j, "source_offset", line->src_offset);
    key_number(j, "source_length", line->src_len);
    key_word(j, "label", cli_label_name(line->label));
    key_word(j, "zone", cli_zone_name(line->zone));
    key_bool(j, "guarded", line->guard != NULL);
    key_word(j, "guard", line->guard ? line->guard : "");
    key_bool(j, "kept", !line->gone);
    put_why(j, chain, line->gone);
    put_marks(j, chain, line->marks);
    put_changes(j, chain, doc, line);
    put_features(j, &line->features);
    put_cues(j, line->cues);
    cli_json_close(j, '}');
}

void cli_explain_json(const cli_view *view, const mk_doc *doc)
{
    cli_json json = {.f = view->f};
    cli_json *const j = &json;

    cli_json_open(j, '{');
    key_str(j, "id", doc->id);
    key_str(j, "source", doc->source);
    key_number(j, "number", doc->number);
    key_word(j, "verdict", cli_verdict_name(doc->verdict));
    put_why(j, view->chain, doc->gone);
    key_str(j, "reason", doc->reason);
    key_bool(j, "review", doc->review != NULL);
    put_whys(j, view->chain, "review_why", doc->review);
    key_str(j, "title", doc->title);
    key_str(j, "date", doc->date);
    key_str(j, "url", doc->url);
    key_str(j, "lang", doc->lang);
    cli_json_key(j, "lines");
    cli_json_open(j, '[');
    for (size_t i = 0; i < doc->n_lines; i++)
        put_line(j, view->chain, doc, i);
    cli_json_close(j, ']');
    cli_json_close(j, '}');
    fputc('\n', view->f);
}
