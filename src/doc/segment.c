#include "doc/segment.h"

/* Bytes of the line break at `at`, 0 if there is none. */
static size_t break_at(mk_str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    const size_t left = s.len - at;
    if (*p == '\r')
        return left > 1 && p[1] == '\n' ? 2 : 1;
    if (*p >= '\n' && *p <= '\r')
        return 1;
    if (*p == 0xC2)
        return left > 1 && p[1] == 0x85 ? 2 : 0;
    if (*p == 0xE2)
        return left > 2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9) ? 3 : 0;
    return 0;
}

/* The next byte at or after `at` that may begin a break. */
static size_t next_candidate(mk_str s, size_t at)
{
    while (at < s.len) {
        const unsigned char c = (unsigned char)s.ptr[at];
        if ((c >= '\n' && c <= '\r') || c == 0xC2 || c == 0xE2)
            break;
        at++;
    }
    return at;
}

/* The end of the line that begins at `at`, and its break's length. */
static size_t line_end(mk_str s, size_t at, size_t *ret_break)
{
    *ret_break = 0;
    for (at = next_candidate(s, at); at < s.len; at = next_candidate(s, at + 1)) {
        *ret_break = break_at(s, at);
        if (*ret_break > 0)
            break;
    }
    return at;
}

mk_err mk_segment(mk_doc *doc, mk_arena *arena)
{
    const mk_str raw = doc->raw;
    size_t n = 0, brk = 0;
    for (size_t at = 0; at < raw.len; at = line_end(raw, at, &brk) + brk)
        n++;
    doc->n_lines = n;
    doc->lines = n > 0 ? mk_arena_alloc(arena, n * sizeof(mk_line)) : NULL;
    if (n > 0 && !doc->lines)
        return MK_NOMEM;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t end = line_end(raw, at, &brk);
        mk_line *line = &doc->lines[i];
        line->text = mk_str_sub(raw, at, end);
        line->src_offset = at;
        line->src_len = (uint32_t)(end - at);
        line->break_len = (uint32_t)brk;
        line->has = mk_text_has(line->text);
        line->label = mk_str_trim(line->text).len > 0 ? MK_LABEL_TEXT : MK_LABEL_BLANK;
        at = end + brk;
    }
    return MK_OK;
}
