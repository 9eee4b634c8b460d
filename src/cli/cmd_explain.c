/* cmd_explain.c: finds the document that is asked for and shows it. */
#include "command.h"
#include "explain_view.h"
#include "message.h"

/* ---- words ---- */

static const char *word(const char *const *words, size_t n, unsigned i)
{
    return i < n ? words[i] : "?";
}

#define WORD(words, i) word((words), sizeof(words) / sizeof(*(words)), (i))

const char *cli_label_name(unsigned label)
{
    static const char *const words[] = {
        [MK_LABEL_TEXT] = "text",   [MK_LABEL_BLANK] = "blank",     [MK_LABEL_PROSE] = "prose",
        [MK_LABEL_TITLE] = "title", [MK_LABEL_HEADING] = "heading", [MK_LABEL_LIST] = "list",
        [MK_LABEL_VERSE] = "verse", [MK_LABEL_TALK] = "talk",       [MK_LABEL_TABLE] = "table",
    };

    _Static_assert(sizeof(words) / sizeof(*words) == MK_LABEL_COUNT, "all labels");
    return WORD(words, label);
}

const char *cli_zone_name(unsigned zone)
{
    static const char *const words[] = {
        [MK_ZONE_NONE] = "none",
        [MK_ZONE_HEAD] = "head",
        [MK_ZONE_BODY] = "body",
        [MK_ZONE_TAIL] = "tail",
    };

    return WORD(words, zone);
}

const char *cli_part_name(unsigned bit)
{
    static const char *const words[] = {
        "content", "body",    "title",    "header",  "nav",   "crumbs", "footer",
        "aside",   "related", "comments", "share",   "ad",    "widget", "notice",
        "form",    "tags",    "byline",   "caption", "pager",
    };

    return WORD(words, bit);
}

const char *cli_block_name(unsigned block)
{
    static const char *const words[] = {
        [MK_BLOCK_TEXT] = "text", [MK_BLOCK_HEADING] = "heading", [MK_BLOCK_ITEM] = "item",
        [MK_BLOCK_ROW] = "row",   [MK_BLOCK_CELL] = "cell",       [MK_BLOCK_QUOTE] = "quote",
        [MK_BLOCK_PRE] = "pre",
    };

    return WORD(words, block);
}

const char *cli_end_name(unsigned end)
{
    static const char *const words[] = {
        [MK_END_NONE] = "none",         [MK_END_STOP] = "stop",   [MK_END_DOTS] = "dots",
        [MK_END_QUESTION] = "question", [MK_END_COLON] = "colon", [MK_END_COMMA] = "comma",
        [MK_END_OTHER] = "other",
    };

    return WORD(words, end);
}

const char *cli_strength_name(unsigned strength)
{
    static const char *const words[] = {
        [MK_WEAK] = "weak", [MK_STRONG] = "strong", [MK_CERTAIN] = "certain"};

    return WORD(words, strength);
}

const char *cli_effect_name(unsigned effect)
{
    static const char *const words[] = {
        [MK_EFFECT_DROP] = "drop",
        [MK_EFFECT_OPENS] = "opens",
        [MK_EFFECT_CLOSES] = "closes",
    };

    return WORD(words, effect);
}

const char *cli_verdict_name(unsigned verdict)
{
    static const char *const words[] = {
        [MK_WRITTEN] = "written",   [MK_FILTERED] = "filtered", [MK_DUPLICATE] = "duplicate",
        [MK_REJECTED] = "rejected", [MK_SKIPPED] = "skipped",
    };

    return WORD(words, verdict);
}

/* ---- spans ---- */

/* s[at, at+len), as much of it as there is. */
static mk_str span(mk_str s, uint64_t at, uint64_t len)
{
    if (at > s.len)
        at = s.len;
    if (len > s.len - at)
        len = s.len - at;
    return (mk_str){s.ptr ? s.ptr + at : NULL, (size_t)len};
}

mk_str cli_change_before(const mk_doc *doc, const mk_line *line, const mk_change *change)
{
    const mk_str read = span(doc->raw, line->src_offset, line->src_len);

    return span(read, change->src_at, change->src_len);
}

mk_str cli_change_after(const mk_line *line, const mk_change *change)
{
    return span(line->text, change->at, change->len);
}

/* ---- the run ---- */

typedef struct search {
    const cli_args *args;
    cli_view view;
    uint64_t n_shown;
} search;

static bool show(void *arg, const mk_doc *doc)
{
    search *s = arg;

    if (s->n_shown > 0 && !s->args->all)
        return false;
    if (s->args->id && !mk_str_eq(doc->id, mk_str_of(s->args->id)))
        return true;
    if (s->args->json)
        cli_explain_json(&s->view, doc);
    else
        cli_explain_text(&s->view, doc);
    s->n_shown++;
    /* A full disk, a reader that has gone: said when the stream is closed. */
    return s->args->all && !ferror(s->view.f);
}

static void on_message(void *arg, const char *text)
{
    search *s = arg;

    fflush(s->view.f);
    cli_say("%s", text);
}

static int finish(const search *s)
{
    if (s->n_shown > 0)
        return CLI_DONE;
    if (s->args->id)
        cli_say("no document has the id '%s'", s->args->id);
    else
        cli_say("no document in the input");
    return CLI_REJECTS;
}

static int explain(const cli_args *args, const mk_chain *chain)
{
    search s = {
        .args = args,
        .view = {.chain = chain,
                 .f = stdout,
                 .color = cli_color(args->color, stdout),
                 .width = cli_terminal_width(stdout),
                 .features = args->features},
    };
    const mk_clean_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .verify_digests = args->verify_digests,
        .text_field = args->text_field,
        .html_field = args->html_field,
        .id_field = args->id_field,
        .charset = args->charset,
        .max_doc = args->max_doc,
        .limits = cli_limits(args),
        .stop = cli_catch_signals(),
        .on_message = on_message,
        .arg = &s,
    };
    mk_error error = {0};
    const mk_err err = mk_explain(chain, &options, show, &s, &error);

    /* What was shown before an input proved damaged comes before the message. */
    if (!ferror(stdout)) /* or it could wait again */
        fflush(stdout);
    return err && err != MK_END ? cli_say_error(&error) : finish(&s);
}

int cli_explain(const cli_args *args)
{
    mk_chain *chain = NULL;
    int status = cli_chain_open(args, &chain);

    if (!status)
        status = explain(args, chain);
    mk_chain_close(chain);
    return status;
}
