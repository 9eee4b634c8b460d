/* html_lines.c: text of a page as lines. White space is collapsed as a browser
 * does (CSS Text, section 4.1), in pre it stands; line breaks of Unicode and
 * controls are spaces, so that a line is a line to everyone. The cells of a row
 * that are one line each become one line with tabs between them, unless most of it is links or
 * text: such a table lays out the page. Cases: tests/read/test_html.c */
#include "read/html_private.h"

enum { MAX_CELL = 80 /* letters of a cell of a table of data */ };

/* ---- gathering ---- */

/* Makes the line ready for text of context c. */
static void touch(html_lines *l, const html_context *c)
{
    if (!l->open) {
        l->open = true;
        l->space = false;
        l->line = (html_line){.from = l->out.len,
                              .parts = c->parts,
                              .row = c->row,
                              .cell = c->cell,
                              .block = c->block,
                              .heading = c->heading};
    }
    if (l->space)
        mk_buf_putc(&l->out, ' ');
    l->space = false;
    l->line.parts &= c->parts;
}

static void count(html_lines *l, const html_context *c, uint32_t n)
{
    l->line.letters += n;
    l->line.link_letters += c->link ? n : 0;
}

void mk_html_lines_break(html_lines *l)
{
    if (!l->open)
        return;
    l->open = false;
    const mk_str text = mk_str_sub(mk_buf_str(&l->out), l->line.from, l->out.len);
    if (l->out.failed || mk_str_trim(text).len == 0) {
        l->out.len = l->line.from;
        return;
    }
    l->line.to = l->out.len;
    mk_buf_put(&l->list, (mk_str){(const char *)&l->line, sizeof(l->line)});
}

/* White space that is none: a break or a control. */
static bool is_void(uint32_t cp)
{
    return cp < 0x20 || cp == 0x7F || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

static void put_cp(html_lines *l, const html_context *c, uint32_t cp)
{
    char bytes[4];
    if (is_void(cp) || cp == ' ') {
        if (c->pre && cp == '\n')
            mk_html_lines_break(l);
        else if (c->pre && l->open)
            mk_buf_putc(&l->out, ' ');
        else
            l->space = true;
        return;
    }
    touch(l, c);
    mk_buf_put(&l->out, (mk_str){bytes, mk_utf8_put(bytes, cp)});
    count(l, c,
          cp >= 0xC0 || (cp >= '0' && cp <= '9') || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'));
}

/* Bytes of the run at `at` that need no look: letters and signs in the middle of a
 * word. *ret_n: how many of them are letters or digits, near enough. */
static size_t plain_run(mk_str s, size_t at, uint32_t *ret_n)
{
    const size_t from = at;
    uint32_t n = 0;
    for (; at < s.len; at++) {
        const unsigned char c = (unsigned char)s.ptr[at];
        if (c <= ' ' || c == '&' || c == 0x7F || c == 0xC2 || c == 0xE2)
            break;
        n += c >= 0xC3 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    *ret_n = n;
    return at - from;
}

void mk_html_lines_text(html_lines *l, const html_context *c, mk_str text, bool refs)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t cps[2], n = 0;
        const size_t run = plain_run(text, at, &n);
        if (run > 0) {
            touch(l, c);
            mk_buf_put(&l->out, mk_str_sub(text, at, at + run));
            count(l, c, n);
            at += run;
            continue;
        }
        const unsigned found = refs && text.ptr[at] == '&' ? mk_html_ref(text, &at, false, cps) : 0;
        for (unsigned i = 0; i < found; i++)
            put_cp(l, c, cps[i]);
        if (found == 0)
            put_cp(l, c, mk_utf8_next(text, &at));
    }
}

void mk_html_lines_clear(html_lines *l)
{
    mk_buf_clear(&l->out);
    mk_buf_clear(&l->list);
}

/* ---- rows ---- */

/* Lines from i on that are of the row of line i. */
static size_t row_length(const html_line *lines, size_t n, size_t i)
{
    size_t k = i + 1;
    while (k < n && lines[i].row != 0 && lines[k].row == lines[i].row)
        k++;
    return k - i;
}

/* True if the n lines are a row of data: a line a cell, none of them long, few
 * links. */
static bool is_data(const html_line *lines, size_t n)
{
    uint64_t letters = 0, link = 0;
    for (size_t i = 0; i < n; i++) {
        if (lines[i].letters > MAX_CELL || (i > 0 && lines[i].cell == lines[i - 1].cell))
            return false;
        letters += lines[i].letters;
        link += lines[i].link_letters;
    }
    return link * 2 <= letters;
}

/* ---- the page ---- */

static mk_str text_of(const html_lines *l, const html_line *line)
{
    return mk_str_sub(mk_buf_str(&l->out), line->from, line->to);
}

/* True if s is one of the page's titles, or one without the name of the site: what
 * stands behind or before a bar, a dash or a colon. */
static bool is_title(mk_str s, mk_str title)
{
    static const char *const signs[] = {" - ", " | ",      " \u2013 ", " \u2014 ", " : ",
                                        ": ",  " \u00BB ", " \u00AB ", " :: "};
    if (s.len < title.len && s.len > 0) {
        const mk_str behind = mk_str_sub(title, s.len, title.len);
        const mk_str before = mk_str_sub(title, 0, title.len - s.len);
        for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
            const mk_str sign = mk_str_of(signs[i]);
            if (behind.len >= sign.len && before.len >= sign.len &&
                ((memcmp(behind.ptr, sign.ptr, sign.len) == 0 &&
                  memcmp(title.ptr, s.ptr, s.len) == 0) ||
                 (memcmp(before.ptr + before.len - sign.len, sign.ptr, sign.len) == 0 &&
                  memcmp(title.ptr + before.len, s.ptr, s.len) == 0)))
                return true;
        }
        return false;
    }
    return s.len > 0 && mk_str_eq(s, title);
}

/* Marks the lines that say the title, and gives page the title. */
static void find_title(const html_lines *l, const html_meta *meta, mk_html_page *page)
{
    enum { MIN_SITE_FREE = 15 /* bytes: what is shorter is rather a section */ };
    html_line *lines = html_lines_at(l);
    const mk_str titles[] = {meta->headline, meta->og_title, meta->title};
    const html_line *best = NULL;
    for (size_t i = 0; i < html_lines_n(l); i++) {
        const mk_str text = mk_str_trim(text_of(l, &lines[i]));
        for (size_t k = 0; k < 3; k++) {
            const bool whole = mk_str_eq(text, titles[k]);
            if (text.len == 0 ||
                (!whole && (text.len < MIN_SITE_FREE || !is_title(text, titles[k]))))
                continue;
            lines[i].parts |= MK_PART_TITLE;
            if (!best || (best->heading == 0 && lines[i].heading > 0))
                best = &lines[i];
        }
    }
    page->title = best ? mk_str_trim(text_of(l, best)) : (mk_str){"", 0};
    for (size_t k = 0; k < 3 && page->title.len == 0; k++)
        page->title = titles[k];
}

typedef struct assembly {
    char *text;
    size_t len;
    mk_cues *cues;
    size_t n;
} assembly;

/* Appends the n lines, joined. */
static void put_row(assembly *a, const html_lines *l, const html_line *lines, size_t n)
{
    uint64_t letters = 0, link = 0;
    mk_cues *cues = &a->cues[a->n];
    *cues = (mk_cues){.parts = lines->parts, .block = lines->block, .heading = lines->heading};
    if (a->n++ > 0)
        a->text[a->len++] = '\n';
    for (size_t i = 0; i < n; i++) {
        const mk_str text = text_of(l, &lines[i]);
        if (i > 0)
            a->text[a->len++] = '\t';
        memcpy(a->text + a->len, text.ptr, text.len);
        a->len += text.len;
        letters += lines[i].letters;
        link += lines[i].link_letters;
        cues->parts &= lines[i].parts;
    }
    if (n > 1)
        cues->block = MK_BLOCK_ROW;
    cues->link = (uint8_t)(letters > 0 ? link * 100 / letters : 0);
}

mk_err mk_html_lines_finish(html_lines *l, const html_meta *meta, mk_arena *arena,
                            mk_html_page *page, mk_error *reterr)
{
    mk_html_lines_break(l);
    if (l->out.failed || l->list.failed)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    const size_t n = html_lines_n(l);
    const html_line *lines = html_lines_at(l);
    assembly a = {.text = mk_arena_bytes(arena, l->out.len + n + 1),
                  .cues = mk_arena_alloc(arena, (n + 1) * sizeof(*a.cues))};
    if (!a.text || !a.cues)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    find_title(l, meta, page);
    if (page->title.len > 0) {
        page->title = mk_arena_str(arena, page->title);
        if (!page->title.ptr)
            return mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    }
    for (size_t i = 0; i < n;) {
        const size_t row = row_length(lines, n, i), end = i + row;
        const size_t step = is_data(&lines[i], row) ? row : 1;
        for (; i < end; i += step)
            put_row(&a, l, &lines[i], step);
    }
    page->text = (mk_str){a.text, a.len};
    page->cues = a.cues;
    page->n_lines = a.n;
    return MK_OK;
}
