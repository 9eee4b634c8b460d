/* html.c: a page from its tags: which elements are open, what of their text is read,
 * where lines end. The stack follows the tree construction of the HTML Standard
 * (section 13.2.6) as far as text can tell: paragraphs, items and cells that are
 * not closed, end tags that have no start, links across blocks. Its depth has a
 * bound; what is deeper is flattened. Cases: tests/read/test_html.c,
 * fixtures/pages/html-*.html */
#include "read/html.h"

#include <stdlib.h>

#include "read/html_private.h"

enum {
    MAX_ALTERNATES = 64 << 10, /* bytes of addresses in other languages */
    MAX_DEPTH = 512,           /* open elements: as browsers have it */
    MAX_BYTES = 64 << 20,      /* of a page */
    MAX_ELEMENTS = 4 << 20,    /* of a page: 16 bytes of a page each */
    FEW_LETTERS = 200,         /* of a page that may be hidden as a whole */
    NAME_LEN = 24              /* bytes of a name that are told apart */
};

/* The name of an element. The hash is compared first: a page may ask for the same
 * name under hundreds of others, millions of times. */
typedef struct element_name {
    uint32_t hash;
    char text[NAME_LEN]; /* in lower case, cut, NUL-ended */
} element_name;

/* An open element. */
typedef struct open_element {
    element_name name;
    const html_element *element;
    html_context before; /* the context around it */
} open_element;

typedef struct page_reader {
    html_tokens tokens;
    html_lines lines;
    html_meta meta;
    html_context context;
    mk_html_page *page;
    open_element *open; /* owned: n_open of max_depth */
    size_t n_open, max_depth;
    size_t n_elements, max_elements;
    size_t n_flat; /* start tags that found no room */
    uint32_t n_rows, n_cells;
    uint64_t hidden; /* bytes of hidden text */
    bool show_hidden;
    bool json;  /* the text at hand is JSON-LD */
    bool title; /* the text at hand is the page's title */
} page_reader;

static element_name name_of(mk_str name)
{
    element_name ret = {.hash = 0};
    for (size_t i = 0; i < name.len && i < NAME_LEN - 1; i++) {
        const char c = name.ptr[i];
        ret.text[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        ret.hash = ret.hash * 31 + (unsigned char)ret.text[i];
    }
    return ret;
}

static bool is_block(const html_element *e)
{
    switch ((html_kind)e->kind) {
    case HTML_INLINE:
    case HTML_VOID:
    case HTML_BREAK:
    case HTML_ROOT:
    case HTML_META:
    case HTML_TITLE:
        return false;
    case HTML_BLOCK:
    case HTML_ITEM:
    case HTML_HEADING:
    case HTML_QUOTE:
    case HTML_PRE:
    case HTML_TABLE:
    case HTML_GROUP:
    case HTML_ROW:
    case HTML_CELL:
        return true;
    }
    return false;
}

/* ---- the stack ---- */

/* Closes open elements till n are left. */
static void close_to(page_reader *r, size_t n)
{
    bool block = false;
    if (n >= r->n_open)
        return;
    for (size_t i = n; i < r->n_open; i++)
        block = block || is_block(r->open[i].element);
    if (block)
        mk_html_lines_break(&r->lines);
    r->context = r->open[n].before;
    r->n_open = n;
    r->n_flat = 0; /* what found no room stood above */
}

/* The innermost open element for which `is` holds, above any for which `bars` holds;
 * SIZE_MAX: none. */
static size_t find_open(const page_reader *r, bool (*is)(const open_element *, const void *),
                        const void *arg, bool (*bars)(const html_element *))
{
    for (size_t i = r->n_open; i-- > 0;) {
        if (is(&r->open[i], arg))
            return i;
        if (bars(r->open[i].element))
            break;
    }
    return SIZE_MAX;
}

static bool is_named(const open_element *o, const void *arg)
{
    const element_name *name = arg;
    return o->name.hash == name->hash && strcmp(o->name.text, name->text) == 0;
}

static bool is_kind(const open_element *o, const void *kind)
{
    return o->element->kind == *(const html_kind *)kind;
}

static bool bars_table(const html_element *e)
{
    return e->kind == HTML_TABLE;
}

static bool bars_cell(const html_element *e)
{
    return e->kind == HTML_TABLE || e->kind == HTML_CELL;
}

/* What an item that begins does not close. */
static bool bars_item(const html_element *e)
{
    return bars_cell(e) || strcmp(e->name, "ul") == 0 || strcmp(e->name, "ol") == 0 ||
           strcmp(e->name, "dl") == 0 || strcmp(e->name, "menu") == 0 ||
           strcmp(e->name, "section") == 0 || strcmp(e->name, "article") == 0;
}

static bool bars_inline(const html_element *e)
{
    return is_block(e);
}

static void close_kind(page_reader *r, html_kind kind, bool (*bars)(const html_element *))
{
    const size_t i = find_open(r, is_kind, &kind, bars);
    if (i != SIZE_MAX)
        close_to(r, i);
}

static void close_named(page_reader *r, mk_str text, bool (*bars)(const html_element *))
{
    const element_name name = name_of(text);
    const size_t i = find_open(r, is_named, &name, bars);
    if (i != SIZE_MAX)
        close_to(r, i);
}

/* Closes what the start of an element implies to be over. */
static void close_implied(page_reader *r, const html_element *e)
{
    if (e->closes_p)
        close_named(r, MK_STR("p"), bars_cell);
    switch ((html_kind)e->kind) {
    case HTML_ITEM:
        close_kind(r, HTML_ITEM, bars_item);
        break;
    case HTML_HEADING:
        if (r->n_open > 0 && r->open[r->n_open - 1].element->kind == HTML_HEADING)
            close_to(r, r->n_open - 1);
        break;
    case HTML_GROUP:
        close_kind(r, HTML_GROUP, bars_table);
        break;
    case HTML_ROW:
        close_kind(r, HTML_ROW, bars_table);
        break;
    case HTML_CELL:
        close_kind(r, HTML_CELL, bars_table);
        break;
    case HTML_INLINE:
        if (strcmp(e->name, "a") == 0)
            close_named(r, MK_STR("a"), bars_cell);
        break;
    case HTML_BLOCK:
    case HTML_VOID:
    case HTML_BREAK:
    case HTML_QUOTE:
    case HTML_PRE:
    case HTML_TABLE:
    case HTML_ROOT:
    case HTML_META:
    case HTML_TITLE:
        break;
    }
}

/* ---- start tags ---- */

/* What the attributes of an element say. */
static void read_attributes(page_reader *r, const html_token *t, html_context *c)
{
    mk_str name, value;
    uint32_t parts = 0;
    bool hides = false;
    for (size_t at = 0; mk_html_attribute_next(t->attributes, &at, &name, &value);) {
        if (mk_html_name_is(name, "class")) {
            parts |= mk_html_parts_of_class(value);
            hides = hides || mk_html_class_hides(value);
        } else if (mk_html_name_is(name, "id")) {
            parts |= mk_html_parts_of_class(value);
        } else if (mk_html_name_is(name, "role")) {
            parts |= mk_html_parts_of_role(value);
        } else if (mk_html_name_is(name, "itemprop")) {
            parts |= mk_html_name_is(mk_str_trim(value), "articlebody") ? MK_PART_BODY : 0;
        } else if (mk_html_name_is(name, "hidden")) {
            hides = !mk_html_name_is(value, "until-found");
        } else if (mk_html_name_is(name, "aria-hidden")) {
            hides = hides || mk_html_name_is(value, "true");
        } else if (mk_html_name_is(name, "style")) {
            hides = hides || mk_html_style_hides(value);
        } else if (mk_html_name_is(name, "href")) {
            /* a place on the page itself is no link */
            c->link = c->link ||
                      (mk_html_name_is(t->name, "a") && !(value.len > 0 && value.ptr[0] == '#'));
        }
    }
    c->parts |= parts;
    if (hides && !r->show_hidden && c->skip == HTML_SHOWN)
        c->skip = HTML_HIDDEN;
}

static void count_removed(mk_html_removed *removed, html_skip skip)
{
    switch (skip) {
    case HTML_SHOWN:
        break;
    case HTML_SCRIPT:
        removed->scripts++;
        break;
    case HTML_HIDDEN:
        removed->hidden++;
        break;
    case HTML_FORM:
        removed->forms++;
        break;
    case HTML_MEDIA:
        removed->media++;
        break;
    }
}

/* The block that a line in the element is. */
static void set_block(page_reader *r, const html_token *t, const html_element *e, html_context *c)
{
    switch ((html_kind)e->kind) {
    case HTML_HEADING:
        c->block = MK_BLOCK_HEADING;
        c->heading = (uint8_t)(t->name.ptr[1] - '0');
        break;
    case HTML_ITEM:
        c->block = MK_BLOCK_ITEM;
        break;
    case HTML_QUOTE:
        c->block = MK_BLOCK_QUOTE;
        break;
    case HTML_PRE:
        c->block = MK_BLOCK_PRE;
        c->pre = true;
        break;
    case HTML_TABLE:
        c->row = c->cell = 0;
        break;
    case HTML_ROW:
        c->row = ++r->n_rows;
        break;
    case HTML_CELL:
        c->block = MK_BLOCK_CELL;
        c->cell = ++r->n_cells;
        break;
    case HTML_BLOCK:
        if (c->block == MK_BLOCK_CELL)
            c->block = MK_BLOCK_TEXT;
        break;
    case HTML_INLINE:
    case HTML_VOID:
    case HTML_BREAK:
    case HTML_GROUP:
    case HTML_ROOT:
    case HTML_META:
    case HTML_TITLE:
        break;
    }
}

/* The context inside an element. */
static html_context context_in(page_reader *r, const html_token *t, const html_element *e)
{
    html_context c = r->context;
    if (c.skip == HTML_SHOWN)
        c.skip = e->skip;
    /* the header of an article is where its title stands */
    if (!((e->parts & MK_PART_HEADER) && (c.parts & MK_PART_CONTENT)))
        c.parts |= e->parts;
    if (e->kind != HTML_ROOT)
        read_attributes(r, t, &c);
    set_block(r, t, e, &c);
    return c;
}

static bool is_void(const html_element *e)
{
    return e->kind == HTML_VOID || e->kind == HTML_BREAK || e->kind == HTML_META;
}

/* True if the innermost of the media that hold markup of another kind is open: there a slash
 * closes an element. */
static bool is_foreign(const page_reader *r, const html_token *t)
{
    return t->self_closing && (r->context.skip == HTML_MEDIA || mk_html_name_is(t->name, "svg"));
}

static void start_element(page_reader *r, const html_token *t)
{
    const html_element *const e = mk_html_element_of(t->name);
    mk_html_meta_element(&r->meta, t->name, t->attributes);
    if (e->kind == HTML_ROOT || e->kind == HTML_META)
        return;
    r->title = e->kind == HTML_TITLE && r->context.skip == HTML_SHOWN;
    if (e->kind == HTML_TITLE)
        return;
    close_implied(r, e);
    if (is_block(e) || e->kind == HTML_BREAK)
        mk_html_lines_break(&r->lines);
    const html_context c = context_in(r, t, e);
    if (c.skip != r->context.skip)
        count_removed(&r->page->removed, c.skip);
    if (is_void(e) || is_foreign(r, t))
        return;
    if (r->n_open == r->max_depth) {
        r->n_flat++;
        r->page->flattened = true;
        return;
    }
    open_element *o = &r->open[r->n_open++];
    *o = (open_element){.name = name_of(t->name), .element = e, .before = r->context};
    r->context = c;
}

/* ---- end tags ---- */

/* A link that ends across blocks that are still open: their text is outside of it. */
static void end_link(page_reader *r)
{
    const element_name a = name_of(MK_STR("a"));
    size_t i = find_open(r, is_named, &a, bars_cell);
    if (i == SIZE_MAX)
        return;
    const bool link = r->open[i].before.link;
    for (i++; i < r->n_open; i++)
        r->open[i].before.link = link;
    r->context.link = link;
}

static void end_element(page_reader *r, const html_token *t)
{
    const html_element *const e = mk_html_element_of(t->name);
    const element_name name = name_of(t->name);
    r->title = r->title && e->kind != HTML_TITLE;
    if (e->kind == HTML_BREAK || mk_html_name_is(t->name, "p"))
        mk_html_lines_break(&r->lines); /* an end without a start makes an empty one */
    if (e->kind == HTML_ROOT || e->kind == HTML_TITLE || is_void(e))
        return;
    if (r->n_flat > 0) {
        r->n_flat--;
        if (is_block(e))
            mk_html_lines_break(&r->lines);
        return;
    }
    if (e->kind == HTML_HEADING) {
        close_kind(r, HTML_HEADING, bars_cell);
        return;
    }
    const size_t i = find_open(r, is_named, &name,
                               !is_block(e)            ? bars_inline
                               : e->kind == HTML_ITEM  ? bars_item
                               : e->kind >= HTML_TABLE ? bars_table
                                                       : bars_cell);
    if (i != SIZE_MAX)
        close_to(r, i);
    else if (strcmp(name.text, "a") == 0)
        end_link(r);
}

/* ---- the page ---- */

static void read_text(page_reader *r, const html_token *t)
{
    if (r->title)
        mk_html_meta_title(&r->meta, t->text, t->refs);
    else if (r->json)
        mk_html_meta_json(&r->meta, t->text);
    else if (r->context.skip == HTML_SHOWN)
        mk_html_lines_text(&r->lines, &r->context, t->text, t->refs);
    else if (r->context.skip == HTML_HIDDEN)
        r->hidden += t->text.len;
}

static bool is_json_script(const html_token *t)
{
    mk_str name, value;
    if (t->type != HTML_START || !mk_html_name_is(t->name, "script"))
        return false;
    for (size_t at = 0; mk_html_attribute_next(t->attributes, &at, &name, &value);)
        if (mk_html_name_is(name, "type"))
            return mk_html_name_is(mk_str_trim(value), "application/ld+json");
    return false;
}

/* Reads all of s. False: it has too many elements. */
static bool read_page(page_reader *r, mk_str s)
{
    html_token t;
    r->tokens = html_tokens_of(s);
    while (mk_html_token_next(&r->tokens, &t)) {
        switch (t.type) {
        case HTML_TEXT:
            read_text(r, &t);
            break;
        case HTML_START:
            if (r->n_elements++ == r->max_elements)
                return false;
            r->json = is_json_script(&t);
            start_element(r, &t);
            break;
        case HTML_CLOSE:
            r->json = false;
            end_element(r, &t);
            break;
        }
    }
    close_to(r, 0);
    mk_html_lines_break(&r->lines);
    return true;
}

/* Letters of the lines gathered. */
static uint64_t count_letters(const html_lines *l)
{
    uint64_t n = 0;
    for (size_t i = 0; i < html_lines_n(l); i++)
        n += html_lines_at(l)[i].letters;
    return n;
}

/* Reads s, and once more with what is hidden where nearly all of it is. */
static mk_err read_shown(page_reader *r, mk_str s, mk_error *reterr)
{
    const page_reader empty = *r;
    for (;;) {
        if (!read_page(r, s))
            return mk_fail(reterr, MK_RECORD, "more than %zu elements", r->max_elements);
        const uint64_t letters = count_letters(&r->lines);
        if (r->show_hidden || letters >= FEW_LETTERS || r->hidden < FEW_LETTERS * 8)
            return MK_OK;
        mk_html_lines_clear(&r->lines);
        mk_html_meta_clear(&r->meta);
        *r = empty;
        r->show_hidden = r->page->shows_hidden = true;
        r->page->removed = (mk_html_removed){0};
    }
}

static size_t or_default(size_t n, size_t most)
{
    return n > 0 && n < most ? n : most;
}

/* Too many to keep are none. */
static mk_err take_alternates(html_meta *m, mk_arena *arena, mk_html_page *page, mk_error *reterr)
{
    mk_buf_putc(&m->alternates, '}');
    if (m->n_alternates == 0 || m->alternates.failed)
        return MK_OK;
    page->alternates = mk_arena_str(arena, mk_buf_str(&m->alternates));
    return page->alternates.ptr ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for a page");
}

static mk_err read_decoded(mk_str s, const mk_html_limits *limits, mk_arena *arena,
                           mk_html_page *page, mk_error *reterr)
{
    page_reader r = {.lines = {.out = {.max = MK_BUF_MAX}, .list = {.max = MK_BUF_MAX}},
                     .meta = {.arena = arena, .alternates = {.max = MAX_ALTERNATES}},
                     .page = page,
                     .max_depth = or_default(limits->max_depth, MAX_DEPTH),
                     .max_elements = limits->max_elements ? limits->max_elements : MAX_ELEMENTS};
    r.open = malloc(r.max_depth * sizeof(*r.open));
    mk_err err = r.open ? read_shown(&r, s, reterr)
                        : mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    if (err == MK_OK && r.meta.nomem)
        err = mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    mk_html_lines_break(&r.lines);
    if (err == MK_OK && !mk_html_stated_mark(&r.lines, r.meta.body, arena))
        err = mk_fail(reterr, MK_NOMEM, "out of memory for a page");
    if (err == MK_OK)
        err = mk_html_lines_finish(&r.lines, &r.meta, arena, page, reterr);
    if (err == MK_OK)
        err = take_alternates(&r.meta, arena, page, reterr);
    page->date = r.meta.date;
    page->lang = r.meta.lang;
    page->url = r.meta.url;
    mk_html_meta_clear(&r.meta);
    mk_html_lines_clear(&r.lines);
    free(r.open);
    return err;
}

mk_err mk_html_text(mk_str bytes, mk_str http_charset, const mk_html_limits *limits,
                    mk_arena *arena, mk_html_page *ret, mk_error *reterr)
{
    static const mk_html_limits defaults = {0};
    mk_html_page page = {.told_by = ""};
    mk_buf decoded = {.max = MK_BUF_MAX};
    mk_str s = {"", 0};
    limits = limits ? limits : &defaults;
    const size_t max_bytes = limits->max_bytes ? limits->max_bytes : MAX_BYTES;
    if (bytes.len > max_bytes)
        return mk_fail(reterr, MK_RECORD, "longer than %zu bytes", max_bytes);
    mk_err err = mk_html_decode(bytes, http_charset, &decoded, &s, &page, reterr);
    if (err == MK_OK)
        err = read_decoded(s, limits, arena, &page, reterr);
    mk_buf_clear(&decoded);
    if (err == MK_OK)
        *ret = page;
    return err;
}
