#include "doc/segment.h"

/* First bytes of breaks other than LF; in text they may be more than that. */
static const char starts[] = {'\v', '\f', '\r', '\xC2', '\xE2'};
enum { N_STARTS = sizeof(starts) };

enum {
    MIN_GAP = 4,     /* blanks side by side: a gap */
    MIN_GAPS = 8,    /* in a line that is a page */
    MIN_PAGE = 1000, /* bytes of such a line: tables and verse are narrower */
    GAP_EVERY = 400  /* bytes of it, in the mean, that hold a gap at least */
};

/* Where each of them stands next: most texts have LF alone, and none of the others is
 * looked for twice. */
typedef struct scanner {
    mk_str s;
    size_t next[N_STARTS];
    size_t soonest;  /* of next */
    bool gaps;       /* are breaks in lines that are pages */
    size_t page_end; /* of the line that is one; 0: none is */
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

/* Bytes of the blank at `at`, 0 if it is none: space, tab, U+00A0. */
static size_t blank_at(mk_str s, size_t at, size_t end)
{
    if (s.ptr[at] == ' ' || s.ptr[at] == '\t')
        return 1;
    return s.ptr[at] == '\xC2' && at + 1 < end && s.ptr[at + 1] == '\xA0' ? 2 : 0;
}

/* A byte of a blank. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\xC2' || c == '\xA0';
}

/* The first gap between at and end; end: there is none. A gap has MIN_GAP bytes or
 * more: one byte in so many is looked at, and its neighbours if it is a blank's. */
static size_t find_gap(mk_str s, size_t at, size_t end, size_t *ret_len)
{
    *ret_len = 0;
    for (size_t i = at + MIN_GAP - 1; i < end;) {
        if (!is_blank(s.ptr[i])) {
            i += MIN_GAP;
            continue;
        }
        size_t from = i, n = 0;
        while (from > at && is_blank(s.ptr[from - 1]))
            from--;
        while (from < end && blank_at(s, from, end) == 0) /* the tail of a letter */
            from++;
        size_t to = from;
        for (size_t len; to < end && (len = blank_at(s, to, end)) > 0; n++)
            to += len;
        if (n >= MIN_GAP) {
            *ret_len = to - from;
            return from;
        }
        i = (to > i ? to : i) + MIN_GAP;
    }
    return end;
}

/* True if the line is a whole page, whose blocks only wide gaps part: markup was
 * taken out of it, and line breaks with it. */
static bool is_page(mk_str s, size_t at, size_t end)
{
    size_t n = 0, len;
    if (end - at < MIN_PAGE)
        return false;
    const size_t wanted = (end - at) / GAP_EVERY > MIN_GAPS ? (end - at) / GAP_EVERY : MIN_GAPS;
    for (size_t i = find_gap(s, at, end, &len); i < end && n < wanted;
         i = find_gap(s, i + len, end, &len))
        n++;
    return n >= wanted;
}

/* The breaks that are no LF, from `at` on. */
static void find_others(scanner *b, size_t at)
{
    const bool first = at == 0;
    b->soonest = b->s.len;
    for (size_t k = 0; k < N_STARTS; k++) {
        if (first || b->next[k] < at)
            b->next[k] = find_break(b->s, at, starts[k]);
        b->soonest = b->next[k] < b->soonest ? b->next[k] : b->soonest;
    }
}

static scanner scan(mk_str s, bool gaps)
{
    scanner ret = {.s = s, .gaps = gaps};
    find_others(&ret, 0);
    return ret;
}

/* The end of the line that begins at `at`, and its break's length. Lines are asked
 * for in their order. */
static size_t line_end(scanner *b, size_t at, size_t *ret_break)
{
    if (b->soonest < at)
        find_others(b, at);
    const char *const lf = memchr(b->s.ptr + at, '\n', b->soonest - at);
    const size_t end = lf ? (size_t)(lf - b->s.ptr) : b->soonest;
    *ret_break = end < b->s.len ? break_at(b->s, end) : 0;
    if (b->gaps && at >= b->page_end)
        b->page_end = is_page(b->s, at, end) ? end : 0;
    if (at >= b->page_end)
        return end;
    size_t len;
    const size_t gap = find_gap(b->s, at, end, &len);
    if (gap < end)
        *ret_break = len;
    return gap;
}

/* Lines of the text, whose scanner is new. */
static size_t count_lines(scanner b)
{
    const mk_str s = b.s;
    size_t n = 0, brk = 0;

    if (b.soonest == s.len && !b.gaps) { /* most texts: a line feed ends each */
        const char *at = s.ptr, *const end = at + s.len, *lf;
        for (; at < end && (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1)
            n++;
        return n + (at < end);
    }
    for (size_t at = 0; at < s.len; at = line_end(&b, at, &brk) + brk)
        n++;
    return n;
}

/* True if a line may be a whole page: most texts have none so long. */
static bool may_be_page(mk_str s)
{
    size_t from = 0;

    while (s.len - from >= MIN_PAGE) { /* a break in so many bytes, the last of which is first */
        const char *const lf = memrchr(s.ptr + from, '\n', MIN_PAGE);
        if (!lf)
            return true;
        from = (size_t)(lf - s.ptr) + 1;
    }
    return false;
}

/* Most lines begin with a letter of ASCII or Arabic. */
static inline bool is_blank_line(mk_str text)
{
    const unsigned char first = text.len > 0 ? (unsigned char)text.ptr[0] : 0;

    if (first == 0xD9 || (first > ' ' && first < 0x7F) ||
        (first == 0xD8 && text.len > 1 && (unsigned char)text.ptr[1] >= 0xA0))
        return false;
    return mk_str_trim(text).len == 0;
}

mk_err mk_segment(mk_doc *doc, bool gaps, mk_arena *arena)
{
    const mk_str raw = doc->raw;
    gaps = gaps && doc->n_cues == 0 && may_be_page(raw); /* with cues lines are known */
    scanner b = scan(raw, gaps);
    const size_t n = count_lines(b);
    size_t at = 0, brk = 0;
    doc->n_lines = n;
    doc->lines = n > 0 ? mk_arena_room(arena, n * sizeof(mk_line)) : NULL;
    if (n > 0 && !doc->lines)
        return MK_NOMEM;
    for (size_t i = 0; i < n; i++) {
        const size_t end = line_end(&b, at, &brk);
        const mk_str text = mk_str_sub(raw, at, end);
        doc->lines[i] = (mk_line){
            .text = text,
            .src_offset = at,
            .src_len = (uint32_t)(end - at),
            .break_len = (uint32_t)brk,
            .cues = i < doc->n_cues ? &doc->cues[i] : NULL,
            .label = is_blank_line(text) ? MK_LABEL_BLANK : MK_LABEL_TEXT,
        };
        at = end + brk;
    }
    return MK_OK;
}
