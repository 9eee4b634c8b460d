/* html_doc.c: a page as a document, and whether bytes are a page at all. Cases:
 * tests/read/test_html.c */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "read/html_private.h"

/* ---- a document ---- */

static void fill(mk_str *field, mk_str value)
{
    if (field->len == 0)
        *field = value;
}

const char *mk_html_removed_json(const mk_html_removed *removed, char out[MK_HTML_REMOVED])
{
    snprintf(out, MK_HTML_REMOVED,
             "{\"scripts\":%" PRIu64 ",\"hidden\":%" PRIu64 ",\"forms\":%" PRIu64
             ",\"media\":%" PRIu64 "}",
             removed->scripts, removed->hidden, removed->forms, removed->media);
    return out;
}

mk_err mk_html_fill(const mk_html_page *page, mk_arena *arena, mk_doc *doc, mk_error *reterr)
{
    mk_buf members = {.max = MK_BUF_MAX};
    mk_buf_puts(&members, "{\"charset\":");
    mk_json_put(&members, page->charset);
    mk_buf_printf(&members, ",\"charset_by\":\"%s\"", page->told_by);
    if (page->n_bad > 0)
        mk_buf_printf(&members, ",\"undecodable\":%" PRIu64, page->n_bad);
    char removed[MK_HTML_REMOVED];
    mk_buf_printf(&members, ",\"removed\":%s", mk_html_removed_json(&page->removed, removed));
    if (page->alternates.len > 0) {
        mk_buf_puts(&members, ",\"alternates\":");
        mk_buf_put(&members, page->alternates);
    }
    mk_buf_putc(&members, '}');
    const mk_str copy = members.failed ? (mk_str){0} : mk_arena_str(arena, mk_buf_str(&members));
    mk_buf_clear(&members);
    if (!copy.ptr)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    doc->members = copy;
    doc->raw = page->text;
    doc->cues = page->cues;
    doc->n_cues = page->n_lines;
    fill(&doc->title, page->title);
    fill(&doc->date, page->date);
    fill(&doc->lang, page->lang);
    fill(&doc->url, page->url);
    return MK_OK;
}

/* ---- is it a page ---- */

/* The ASCII letters of UTF-16 with a mark: enough to see a tag. */
static mk_str narrow(mk_str head, char *to, size_t room)
{
    const size_t from = head.ptr[0] == '\xFF' ? 2 : 3;
    size_t n = 0;
    for (size_t i = from; i < head.len && n < room; i += 2)
        to[n++] = head.ptr[i];
    return (mk_str){to, n};
}

static bool is_utf16(mk_str head)
{
    return head.len >= 4 &&
           (memcmp(head.ptr, "\xFF\xFE", 2) == 0 || memcmp(head.ptr, "\xFE\xFF", 2) == 0);
}

bool mk_html_is(mk_str head)
{
    char ascii[1024];
    if (is_utf16(head))
        head = narrow(head, ascii, sizeof(ascii));
    html_tokens tokens = html_tokens_of(head);
    html_token token;
    size_t at = head.len >= 3 && memcmp(head.ptr, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < head.len && (unsigned char)head.ptr[at] <= ' ')
        at++;
    if (at >= head.len || head.ptr[at] != '<')
        return false;
    if (head.len - at >= 9 && mk_html_name_is(mk_str_sub(head, at, at + 9), "<!doctype"))
        return head.len - at >= 14 &&
               mk_html_name_is(mk_str_sub(head, at, at + 14), "<!doctype html");
    tokens.at = at;
    while (mk_html_token_next(&tokens, &token)) {
        if (token.type == HTML_TEXT && mk_str_trim(token.text).len == 0)
            continue;
        const html_element *e = token.type == HTML_START ? mk_html_element_of(token.name) : NULL;
        return e && (e->kind != HTML_INLINE || e->skip == HTML_SCRIPT);
    }
    return false;
}
