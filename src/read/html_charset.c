/* html_charset.c: in which encoding a page is, as browsers find it (HTML Standard,
 * section 13.2.3): a byte order mark, the header of the transfer, a declaration
 * in the first 1024 bytes, the bytes themselves. A declaration that names UTF-16
 * means UTF-8, since it was read. Cases: tests/read/test_html_charset.c */
#include "read/html_private.h"
#include "text/charset.h"

enum { PRESCAN = 1024 /* bytes that are searched for a declaration */ };

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* The value of charset in the content of a declaration ("text/html; charset=x");
 * empty: there is none. */
static mk_str charset_of_content(mk_str s)
{
    for (size_t at = 0; at + 7 <= s.len; at++) {
        if (!mk_html_name_is(mk_str_sub(s, at, at + 7), "charset"))
            continue;
        size_t from = at + 7;
        while (from < s.len && is_space(s.ptr[from]))
            from++;
        if (from >= s.len || s.ptr[from] != '=')
            continue;
        from++;
        while (from < s.len && is_space(s.ptr[from]))
            from++;
        const char quote = from < s.len ? s.ptr[from] : '\0';
        const bool quoted = quote == '"' || quote == '\'';
        size_t end = from += quoted;
        while (end < s.len &&
               (quoted ? s.ptr[end] != quote : !is_space(s.ptr[end]) && s.ptr[end] != ';'))
            end++;
        return quoted && end == s.len ? (mk_str){"", 0} : mk_str_sub(s, from, end);
    }
    return (mk_str){"", 0};
}

/* What one meta element declares; NULL: nothing known. */
static const mk_charset *declared_by(mk_str attributes)
{
    mk_str name, value, charset = {"", 0}, content = {"", 0};
    bool pragma = false, has_charset = false;
    for (size_t at = 0; mk_html_attribute_next(attributes, &at, &name, &value);) {
        if (mk_html_name_is(name, "charset") && !has_charset) {
            charset = value;
            has_charset = true;
        } else if (mk_html_name_is(name, "content") && content.len == 0) {
            content = value;
        } else if (mk_html_name_is(name, "http-equiv")) {
            pragma = mk_html_name_is(mk_str_trim(value), "content-type");
        }
    }
    if (!has_charset && pragma)
        charset = charset_of_content(content);
    return charset.len > 0 ? mk_charset_by_label(charset) : NULL;
}

static const mk_charset *prescan(mk_str bytes)
{
    html_tokens tokens = html_tokens_of(
        mk_str_sub(bytes, 0, bytes.len < PRESCAN ? bytes.len : PRESCAN));
    html_token token;
    while (mk_html_token_next(&tokens, &token)) {
        if (token.type != HTML_START || !mk_html_name_is(token.name, "meta"))
            continue;
        const mk_charset *found = declared_by(token.attributes);
        if (!found)
            continue;
        const char *name = mk_charset_name(found);
        if (strncmp(name, "utf-16", 6) == 0)
            return mk_charset_by_label(MK_STR("utf-8"));
        return strcmp(name, "x-user-defined") == 0 ? mk_charset_by_label(MK_STR("windows-1252"))
                                                   : found;
    }
    return NULL;
}

static const mk_charset *find_charset(mk_str bytes, mk_str http, const char **ret_told_by)
{
    size_t mark = 0;
    const mk_charset *found = mk_charset_bom(bytes, &mark);
    *ret_told_by = "bom";
    if (!found) {
        *ret_told_by = "http";
        found = http.len > 0 ? mk_charset_by_label(http) : NULL;
    }
    if (!found) {
        *ret_told_by = "meta";
        found = prescan(bytes);
    }
    if (!found) {
        *ret_told_by = "guess";
        found = mk_charset_detect(bytes);
    }
    return found;
}

mk_err mk_html_decode(mk_str bytes, mk_str http_charset, mk_buf *out, mk_str *ret,
                      mk_html_page *page, mk_error *reterr)
{
    const mk_charset *charset = find_charset(bytes, http_charset, &page->told_by);
    const char *name = mk_charset_name(charset);
    page->charset = mk_str_of(name);
    if (strcmp(name, "utf-8") == 0 && mk_utf8_valid(bytes) == bytes.len) {
        const size_t mark = bytes.len >= 3 && memcmp(bytes.ptr, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        *ret = mk_str_sub(bytes, mark, bytes.len);
        return MK_OK;
    }
    const mk_err err = mk_charset_decode(charset, bytes, out, &page->n_bad, reterr);
    if (err == MK_OPTION)
        return MK_RECORD; /* the text names the charset */
    *ret = mk_buf_str(out);
    return err;
}
