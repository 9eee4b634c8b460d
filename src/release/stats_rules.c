/* stats_rules.c: which rules fired: the rules of summaries, and those of ledgers, whose
 * edits are counted. A dropped line and a cut span look alike there: what ended with a
 * line break or with the text was a line.
 * Cases: fixtures/cli/stats_ledger. */
#include "release/keys.h"
#include "release/stats.h"
#include "write/ledger.h"

/* ---- summaries ---- */

static mk_err bad_rules(mk_error *reterr)
{
    return mk_fail(reterr, MK_RECORD, "bad rules");
}

static mk_err put_rule(mk_stats *s, const mk_ledger_why *why, const uint64_t n[4], mk_arena *arena,
                       mk_error *reterr)
{
    const mk_str name = mk_rule_name(why->filter, why->rule, arena);
    return name.ptr && mk_top_table_put(s->memory->rules, name, n)
               ? MK_OK
               : mk_fail(reterr, MK_NOMEM, "out of memory");
}

/* {"filter":S,"rule":S, and numbers}. */
static mk_err read_rule(mk_json_value value, mk_stats *s, mk_arena *arena, mk_error *reterr)
{
    static const char *const keys[] = {"lines", "spans", "docs", "letters"};
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_ledger_why why = {{"", 0}, {"", 0}, {"", 0}};
    uint64_t n[4] = {0};
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK) {
        const bool is_text = m.value.type == MK_JSON_STRING;
        if (is_text && mk_json_is_key(&m, "filter"))
            err = mk_json_text(m.value, arena, &why.filter, reterr);
        else if (is_text && mk_json_is_key(&m, "rule"))
            err = mk_json_text(m.value, arena, &why.rule, reterr);
        for (size_t k = 0; k < 4 && err == MK_OK; k++)
            if (mk_json_is_key(&m, keys[k]) && !mk_json_add(&m, &n[k]))
                err = bad_rules(reterr);
        if (err != MK_OK)
            return err;
    }
    if (err == MK_END)
        err = MK_OK;
    return err == MK_OK ? put_rule(s, &why, n, arena, reterr) : err;
}

static mk_err read_rules(mk_json_value value, mk_stats *s, mk_arena *arena, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value item;
    mk_err err;
    while ((err = mk_json_array_next(&it, &item, reterr)) == MK_OK) {
        if (item.type != MK_JSON_OBJECT)
            return bad_rules(reterr);
        if ((err = read_rule(item, s, arena, reterr)) != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

/* The array `rules` of an object; *ret stays as it is if there is none. */
static mk_err find_rules(mk_str json, mk_json_value *ret, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(json);
    mk_json_member m;
    mk_err err;
    while ((err = mk_json_object_next(&it, &m, reterr)) == MK_OK)
        if (mk_json_is_key(&m, "rules") && m.value.type == MK_JSON_ARRAY)
            *ret = m.value;
    return err == MK_END ? MK_OK : err;
}

mk_err mk_stats_summary(mk_stats *s, mk_str json, mk_arena *arena, mk_error *reterr)
{
    mk_json_value rules = {0};
    const mk_err err = find_rules(json, &rules, reterr);
    if (err == MK_OK && !rules.raw.ptr)
        return mk_fail(reterr, MK_DAMAGED, "neither statistics nor the summary of a run");
    return err == MK_OK ? read_rules(rules, s, arena, reterr) : err;
}

mk_err mk_stats_rules(mk_stats *s, mk_str json, mk_arena *arena, mk_error *reterr)
{
    mk_json_value rules = {0};
    const mk_err err = find_rules(json, &rules, reterr);

    return err == MK_OK && rules.raw.ptr ? read_rules(rules, s, arena, reterr) : err;
}

/* ---- ledgers ---- */

static uint64_t letters_of(mk_str text)
{
    uint64_t n = 0;
    for (size_t at = 0; at < text.len;)
        n += mk_is_letter(mk_utf8_next(text, &at));
    return n;
}

/* True for the edits that a tally of rules leaves out: line breaks. */
static bool is_break(const mk_ledger_why *r)
{
    return mk_str_eq(r->filter, MK_STR("lines")) &&
           (mk_str_eq(r->rule, MK_STR("break")) || mk_str_eq(r->rule, MK_STR("end")));
}

/* A line that went, or a span: of a line that went nothing is left, and it ended with
 * a break or with the text. */
static mk_err add_edit(mk_stats *s, const mk_ledger_edit *e, const mk_ledger_record *record,
                       mk_arena *arena, mk_error *reterr)
{
    const bool at_end = e->was.len > 0 && (e->was.ptr[e->was.len - 1] == '\n' ||
                                           e->src + e->was.len == record->bytes);
    const bool is_line = e->len == 0 && (record->verdict != MK_WRITTEN || at_end);
    mk_json_array it = mk_ledger_whys(e);
    mk_ledger_why r;
    mk_err err;
    while ((err = mk_ledger_why_next(&it, arena, &r, reterr)) == MK_OK) {
        const uint64_t n[4] = {is_line, !is_line, 0, is_line ? letters_of(e->was) : 0};
        if (!is_break(&r))
            err = put_rule(s, &r, n, arena, reterr);
        if (err != MK_OK || is_line)
            return err; /* of a line the first is who did it */
    }
    return err == MK_END ? MK_OK : err;
}

mk_err mk_stats_ledger(mk_stats *s, mk_str line, mk_arena *arena, mk_error *reterr)
{
    mk_ledger_record record = {0};
    mk_err err = mk_ledger_parse(line, arena, &record, reterr);
    if (err != MK_OK)
        return err;
    mk_json_array it = mk_ledger_edits(&record);
    mk_ledger_edit e;
    while ((err = mk_ledger_edit_next(&it, arena, &e, reterr)) == MK_OK)
        if ((err = add_edit(s, &e, &record, arena, reterr)) != MK_OK)
            return err;
    return err == MK_END ? MK_OK : err;
}
