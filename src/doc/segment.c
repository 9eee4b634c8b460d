#include "doc/segment.h"

/* First bytes of breaks; in text they may be more than that. */
static const char starts[] = {'\n', '\v', '\f', '\r', '\xC2', '\xE2'};
enum { N_STARTS = sizeof(starts) };

/* Where each of them stands next: most texts have one kind of break, and none of
 * the others is looked for twice. */
typedef struct scanner {
    mk_str s;
    size_t next[N_STARTS];
} scanner;

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

/* The first break at or after `at` that begins with the byte; s.len: none. */
static size_t find_break(mk_str s, size_t at, char start)
{
    while (at < s.len) {
        const char *p = memchr(s.ptr + at, start, s.len - at);
        if (!p)
            return s.len;
        at = (size_t)(p - s.ptr);
        if (break_at(s, at) > 0)
            return at;
        at++;
    }
    return s.len;
}

static scanner scan(mk_str s)
{
    scanner ret = {.s = s};
    for (size_t k = 0; k < N_STARTS; k++)
        ret.next[k] = find_break(s, 0, starts[k]);
    return ret;
}

/* The end of the line that begins at `at`, and its break's length. Lines are asked
 * for in their order. */
static size_t line_end(scanner *b, size_t at, size_t *ret_break)
{
    size_t end = b->s.len;
    for (size_t k = 0; k < N_STARTS; k++) {
        if (b->next[k] < at)
            b->next[k] = find_break(b->s, at, starts[k]);
        end = b->next[k] < end ? b->next[k] : end;
    }
    *ret_break = end < b->s.len ? break_at(b->s, end) : 0;
    return end;
}

mk_err mk_segment(mk_doc *doc, mk_arena *arena)
{
    const mk_str raw = doc->raw;
    size_t n = 0, brk = 0;
    scanner b = scan(raw);
    for (size_t at = 0; at < raw.len; at = line_end(&b, at, &brk) + brk)
        n++;
    doc->n_lines = n;
    doc->lines = n > 0 ? mk_arena_alloc(arena, n * sizeof(mk_line)) : NULL;
    if (n > 0 && !doc->lines)
        return MK_NOMEM;
    size_t at = 0;
    b = scan(raw);
    for (size_t i = 0; i < n; i++) {
        const size_t end = line_end(&b, at, &brk);
        mk_line *line = &doc->lines[i];
        line->text = mk_str_sub(raw, at, end);
        line->src_offset = at;
        line->src_len = (uint32_t)(end - at);
        line->break_len = (uint32_t)brk;
        line->label = mk_str_trim(line->text).len > 0 ? MK_LABEL_TEXT : MK_LABEL_BLANK;
        at = end + brk;
    }
    return MK_OK;
}
