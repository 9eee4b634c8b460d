/* write_jsonl.c: one document as one line of our JSON. Refuses nothing: what
 * it gets has been checked where it was read. A line is whole or absent. */
#include "base/json.h"
#include "write/write_jsonl.h"

static void put_member(mk_buf *out, const char *key, mk_str value)
{
    mk_buf_printf(out, ",\"%s\":", key);
    mk_json_put(out, value);
}

/* The kept lines as one string. Each is put with its quotes; then the closing
 * one makes way for a backslash, and the next line's opening one becomes the n
 * of the line break. */
static void put_text(const mk_doc *doc, mk_buf *out)
{
    bool first = true;

    for (size_t i = 0; i < doc->n_lines && !out->failed; i++) {
        if (doc->lines[i].gone)
            continue;
        const size_t at = out->len;
        mk_json_put(out, doc->lines[i].text);
        if (!first && !out->failed) {
            out->ptr[at - 1] = '\\';
            out->ptr[at] = 'n';
        }
        first = false;
    }
    if (first)
        mk_buf_puts(out, "\"\"");
}

void mk_write_jsonl(const mk_doc *doc, mk_buf *out)
{
    const size_t start = out->len;
    const bool failed = out->failed;

    mk_buf_puts(out, "{\"id\":");
    mk_json_put(out, doc->id);
    mk_buf_puts(out, ",\"text\":");
    put_text(doc, out);
    put_member(out, "source", doc->source);
    put_member(out, "url", doc->url);
    put_member(out, "title", doc->title);
    put_member(out, "date", doc->date);
    put_member(out, "lang", doc->lang);
    put_member(out, "metadata", doc->members.len ? doc->members : MK_STR("{}"));
    mk_buf_puts(out, "}\n");
    if (out->failed && !failed)
        out->len = start;
}
