/* cmd_cat.c: records as they are read. In text: a line with the record's number, what
 * is known of it, an empty line, its text. With --json: an object a line, with its keys
 * in the same order; `metadata` is what the record has beside them. */
#include "command.h"
#include "message.h"
#include "print.h"

typedef struct cat {
    const cli_args *args;
    uint64_t n_shown;
} cat;

static const char *verdict_of(const mk_doc *doc)
{
    return doc->verdict == MK_REJECTED  ? "rejected"
           : doc->verdict == MK_SKIPPED ? "skipped"
                                        : "document";
}

/* ---- JSON ---- */

static void key_str(cli_json *j, const char *key, mk_str value)
{
    cli_json_key(j, key);
    cli_json_str(j, value);
}

static void put_json(const mk_doc *doc)
{
    cli_json j = {.f = stdout};

    cli_json_open(&j, '{');
    cli_json_key(&j, "number");
    cli_json_number(&j, doc->number);
    key_str(&j, "verdict", mk_str_of(verdict_of(doc)));
    key_str(&j, "reason", doc->reason);
    key_str(&j, "id", doc->id);
    key_str(&j, "text", doc->raw);
    key_str(&j, "source", doc->source);
    key_str(&j, "url", doc->url);
    key_str(&j, "title", doc->title);
    key_str(&j, "date", doc->date);
    key_str(&j, "lang", doc->lang);
    cli_json_key(&j, "metadata");
    fwrite(doc->members.ptr, 1, doc->members.len, stdout); /* an object, whole */
    cli_json_close(&j, '}');
    fputc('\n', stdout);
}

/* ---- text ---- */

static void put_known(const char *name, mk_str value)
{
    if (value.len == 0)
        return;
    fprintf(stdout, "%s: ", name);
    cli_put(stdout, value, 0, CLI_SHOW_SAFE);
    fputc('\n', stdout);
}

/* Line by line, so that no escape of a terminal is in it. */
static void put_lines(mk_str text)
{
    while (text.len > 0) {
        const char *const lf = memchr(text.ptr, '\n', text.len);
        size_t n = lf ? (size_t)(lf - text.ptr) : text.len;
        const size_t next = lf ? n + 1 : n;

        if (n > 0 && text.ptr[n - 1] == '\r')
            n--;
        cli_put(stdout, mk_str_sub(text, 0, n), 0, CLI_SHOW_SAFE);
        fputc('\n', stdout);
        text = mk_str_sub(text, next, text.len);
    }
}

static void put_text(const mk_doc *doc)
{
    fprintf(stdout, "== %llu %s", (unsigned long long)doc->number, verdict_of(doc));
    if (doc->reason.len > 0) {
        fputs(": ", stdout);
        cli_put(stdout, doc->reason, 0, CLI_SHOW_SAFE);
    }
    fputc('\n', stdout);
    put_known("id", doc->id);
    put_known("source", doc->source);
    put_known("url", doc->url);
    put_known("title", doc->title);
    put_known("date", doc->date);
    put_known("lang", doc->lang);
    if (!mk_str_eq(doc->members, MK_STR("{}")))
        put_known("metadata", doc->members);
    fputc('\n', stdout);
    if (doc->raw.len > 0) {
        put_lines(doc->raw);
        fputc('\n', stdout);
    }
}

/* ---- the run ---- */

static bool show(void *arg, const mk_doc *doc)
{
    cat *const c = arg;

    if (c->n_shown >= c->args->head)
        return false;
    if (c->args->json)
        put_json(doc);
    else
        put_text(doc);
    c->n_shown++;
    /* A full disk, a reader that has gone: said when the stream is closed. */
    return c->n_shown < c->args->head && !ferror(stdout);
}

static void on_message(void *arg, const char *text)
{
    (void)arg;
    fflush(stdout);
    cli_say("%s", text);
}

int cli_cat(const cli_args *args)
{
    cat c = {.args = args};
    const mk_clean_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .select = cli_selection(args),
        .verify_digests = args->verify_digests,
        .text_field = args->text_field,
        .html_field = args->html_field,
        .id_field = args->id_field,
        .max_doc = args->max_doc,
        .limits = cli_limits(args),
        .stop = cli_catch_signals(),
        .on_message = on_message,
        .arg = &c,
    };
    mk_summary summary;
    mk_error error = {0};
    mk_err err;

    err = mk_cat(&options, show, &c, &summary, &error);
    if (!ferror(stdout)) /* or it could wait again */
        fflush(stdout);
    if (err)
        return cli_say_error(&error);
    return summary.n_damaged > 0 ? CLI_DAMAGED : CLI_DONE;
}
