/* test_cases.c: the cases of one filter, fixtures/filters/NAME.cases; NAME is the
 * first argument. A line of TAP a case. A file is a sequence of blocks:
 *
 *   ### title
 *   opt: option=value          none or more; FILTER:option=value for another step
 *   chain: nav,verdict         none or one; `lines` ends every chain by itself
 *   review: rule: evidence     none or more: why the document is for review, and the
 *                              filter says so for no other reason
 *   <<<
 *   input lines
 *   >>>
 *   expected lines             up to the next ### or the end of the file
 *
 * \uXXXX stands for a code point in both texts (pairs of surrogates for those
 * above U+FFFF). The break after a text's last line is not part of it, blank
 * lines at the end of what is expected are not either. Lines that begin with a
 * number sign before the first block are comments.
 *
 * Without `chain:` a filter of letters runs alone, an evidence filter with the
 * verdict, a page filter alone. Besides the text each case checks that it is
 * UTF-8, that a letter filter finds nothing more to do in it, and that the
 * ledger gives the input back. A file that is malformed or without a case
 * bails out. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "doc/doc.h"
#include "minkhal/minkhal.h"
#include "chain/pipeline.h"
#include "support.h"
#include "write/ledger.h"

enum { MAX_OPTS = 8, MAX_TEXT = 1 << 20 /* bytes of a case's text */ };

typedef struct test_case {
    char *title;
    char *chain; /* NULL: the filter's default */
    char *opts[MAX_OPTS];
    size_t n_opts;
    char *reviews[MAX_OPTS];
    size_t n_reviews;
    mk_buf input, want;
} test_case;

typedef struct parser {
    const char *path;
    unsigned line;
    mk_str rest;
} parser;

static void MK_PRINTF(2, 3) bail(const parser *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("Bail out! %s:%u: ", p->path, p->line);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    exit(2);
}

static void *must(void *mem)
{
    if (!mem) {
        puts("Bail out! out of memory");
        exit(2);
    }
    return mem;
}

/* ---- reading a file of cases ---- */

/* False at the end of the file. */
static bool next_line(parser *p, mk_str *ret)
{
    if (p->rest.len == 0)
        return false;
    const char *lf = memchr(p->rest.ptr, '\n', p->rest.len);
    const size_t end = lf ? (size_t)(lf - p->rest.ptr) : p->rest.len;
    *ret = mk_str_sub(p->rest, 0, end);
    p->rest = mk_str_sub(p->rest, lf ? end + 1 : end, p->rest.len);
    p->line++;
    return true;
}

static bool begins(mk_str s, const char *with)
{
    const size_t n = strlen(with);
    return s.len >= n && memcmp(s.ptr, with, n) == 0;
}

/* What follows the first n bytes, spaces around it gone; owned. */
static char *value_after(mk_str line, size_t n)
{
    const mk_str value = mk_str_trim(mk_str_sub(line, n, line.len));
    return must(strndup(value.ptr ? value.ptr : "", value.len));
}

/* The four hexadecimal digits of an escape at s[at]. */
static uint32_t read_hex(const parser *p, mk_str s, size_t at)
{
    uint32_t n = 0;
    if (s.len < at + 4)
        bail(p, "an escape is \\u and four hexadecimal digits");
    for (size_t i = at; i < at + 4; i++) {
        const char c = s.ptr[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            bail(p, "an escape is \\u and four hexadecimal digits");
        n = n << 4 | (uint32_t)digit;
    }
    return n;
}

/* Appends line to a text, escapes expanded. */
static void put_line(const parser *p, mk_str line, bool first, mk_buf *out)
{
    if (!first)
        mk_buf_putc(out, '\n');
    for (size_t at = 0; at < line.len;) {
        if (line.ptr[at] != '\\' || at + 1 == line.len || line.ptr[at + 1] != 'u') {
            mk_buf_putc(out, line.ptr[at++]);
            continue;
        }
        uint32_t cp = read_hex(p, line, at + 2);
        at += 6;
        if (cp >= 0xD800 && cp <= 0xDBFF && at + 1 < line.len && line.ptr[at] == '\\' &&
            line.ptr[at + 1] == 'u') {
            const uint32_t low = read_hex(p, line, at + 2);
            if (low < 0xDC00 || low > 0xDFFF)
                bail(p, "a lone surrogate");
            cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
            at += 6;
        }
        if (cp >= 0xD800 && cp <= 0xDFFF)
            bail(p, "a lone surrogate");
        char bytes[4];
        mk_buf_put(out, (mk_str){bytes, mk_utf8_put(bytes, cp)});
    }
    if (out->failed)
        bail(p, "text larger than %d bytes", MAX_TEXT);
}

/* The lines between a title and <<<. */
static void read_head(parser *p, test_case *c)
{
    mk_str line;
    while (next_line(p, &line)) {
        if (mk_str_eq(line, MK_STR("<<<")))
            return;
        if (begins(line, "opt:") && c->n_opts < MAX_OPTS)
            c->opts[c->n_opts++] = value_after(line, 4);
        else if (begins(line, "chain:") && !c->chain)
            c->chain = value_after(line, 6);
        else if (begins(line, "review:") && c->n_reviews < MAX_OPTS)
            c->reviews[c->n_reviews++] = value_after(line, 7);
        else if (mk_str_trim(line).len > 0)
            bail(p, "expected opt:, chain:, review: or <<<, got '%.*s'", (int)line.len, line.ptr);
    }
    bail(p, "no <<< in '%s'", c->title);
}

static void read_input(parser *p, test_case *c)
{
    mk_str line;
    for (bool first = true; next_line(p, &line); first = false) {
        if (mk_str_eq(line, MK_STR(">>>")))
            return;
        if (begins(line, "###") || mk_str_eq(line, MK_STR("<<<")))
            bail(p, "no >>> in '%s'", c->title);
        put_line(p, line, first, &c->input);
    }
    bail(p, "no >>> in '%s'", c->title);
}

static void read_want(parser *p, test_case *c)
{
    size_t n_blank = 0;
    bool first = true;
    while (p->rest.len > 0 && !begins(p->rest, "###")) {
        mk_str line;
        next_line(p, &line);
        if (mk_str_eq(line, MK_STR("<<<")) || mk_str_eq(line, MK_STR(">>>")))
            bail(p, "'%.*s' in what '%s' expects", (int)line.len, line.ptr, c->title);
        if (line.len == 0) {
            n_blank++;
            continue;
        }
        for (; n_blank > 0; n_blank--) {
            put_line(p, MK_STR(""), first, &c->want);
            first = false;
        }
        put_line(p, line, first, &c->want);
        first = false;
    }
}

static bool next_case(parser *p, test_case *ret)
{
    mk_str line;
    *ret = (test_case){.input.max = MAX_TEXT, .want.max = MAX_TEXT};
    while (next_line(p, &line)) {
        if (begins(line, "### ") && mk_str_trim(line).len > 4) {
            ret->title = value_after(line, 4);
            read_head(p, ret);
            read_input(p, ret);
            read_want(p, ret);
            return true;
        }
        if (mk_str_trim(line).len > 0 && (line.ptr[0] != '#' || begins(line, "###")))
            bail(p, "expected ### and a title, got '%.*s'", (int)line.len, line.ptr);
    }
    return false;
}

static void clear_case(test_case *c)
{
    for (size_t i = 0; i < c->n_opts; i++)
        free(c->opts[i]);
    for (size_t i = 0; i < c->n_reviews; i++)
        free(c->reviews[i]);
    free(c->title);
    free(c->chain);
    mk_buf_clear(&c->input);
    mk_buf_clear(&c->want);
}

/* ---- running one ---- */

/* What went wrong, in lines of TAP diagnostics. */
static void put_note(mk_buf *notes, const char *what, mk_str text)
{
    mk_buf_printf(notes, "# %s\n", what);
    for (size_t at = 0; at <= text.len && text.len > 0;) {
        const char *lf = at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        mk_buf_printf(notes, "#   |%.*s|\n", (int)(end - at), text.ptr + at);
        at = end + 1;
    }
}

static mk_chain *open_chain(const mk_filter *filter, const test_case *c, mk_buf *notes)
{
    char filters[512], sets[MAX_OPTS][256];
    const char *all[MAX_OPTS];
    snprintf(filters, sizeof(filters), "%s%s", c->chain ? c->chain : filter->name,
             !c->chain && filter->kind == MK_KIND_EVIDENCE ? ",verdict" : "");
    for (size_t i = 0; i < c->n_opts; i++) {
        const size_t n = strcspn(c->opts[i], ":=");
        if (c->opts[i][n] == ':')
            snprintf(sets[i], sizeof(sets[i]), "%s", c->opts[i]);
        else
            snprintf(sets[i], sizeof(sets[i]), "%s:%s", filter->name, c->opts[i]);
        all[i] = sets[i];
    }
    const mk_chain_options options = {.filters = filters, .sets = all, .n_sets = c->n_opts};
    mk_chain *chain = NULL;
    mk_error error;
    if (mk_chain_open(&options, &chain, &error) != MK_OK)
        put_note(notes, "the chain does not open:", mk_str_of(error.text));
    return chain;
}

/* The text of raw as the chain leaves it, in the arena. */
static mk_doc run_chain(const mk_chain *chain, mk_str raw, mk_arena *arena, mk_str *ret)
{
    mk_doc doc = {.raw = raw, .id = MK_STR("case"), .members = MK_STR("{}")};
    mk_buf text = {.max = MK_BUF_MAX};
    if (mk_pipeline_run(chain, &doc, arena) != MK_OK) {
        puts("Bail out! out of memory");
        exit(2);
    }
    mk_doc_put_text(&doc, &text);
    *ret = mk_arena_str(arena, mk_buf_str(&text));
    mk_buf_clear(&text);
    return doc;
}

static void check_ledger(const mk_chain *chain, const mk_doc *doc, mk_str text, mk_arena *arena,
                         mk_buf *notes)
{
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < mk_chain_length(chain); i++)
        filters[i] = mk_chain_filter(chain, i);
    mk_buf line = {.max = MK_BUF_MAX}, back = {.max = MK_BUF_MAX};
    mk_ledger_record record;
    mk_error error;
    mk_ledger_put(doc, filters, &line);
    mk_err err = mk_ledger_parse(mk_buf_str(&line), arena, &record, &error);
    if (err == MK_OK)
        err = mk_ledger_undo(text, &record, arena, &back, &error);
    if (err != MK_OK)
        put_note(notes, "the ledger cannot be undone:", mk_str_of(error.text));
    else if (!mk_str_eq(mk_buf_str(&back), doc->raw))
        put_note(notes, "the ledger gives back:", mk_buf_str(&back));
    mk_buf_clear(&line);
    mk_buf_clear(&back);
}

/* Why filter wants a person to look. */
static void check_review(const mk_filter *filter, const mk_chain *chain, const mk_doc *doc,
                         const test_case *c, mk_buf *notes)
{
    size_t n = 0;
    for (const mk_why *why = doc->review; why; why = why->next) {
        char got[256];
        if (mk_chain_filter(chain, why->step) != filter)
            continue;
        snprintf(got, sizeof(got), "%s: %.*s", filter->rules[why->rule].name,
                 (int)why->evidence.len, why->evidence.ptr);
        if (n >= c->n_reviews || strcmp(c->reviews[n], got) != 0)
            put_note(notes, "unexpected reason for review:", mk_str_of(got));
        n++;
    }
    if (n < c->n_reviews)
        put_note(notes, "no review for:", mk_str_of(c->reviews[n]));
}

/* Notes stay empty if all is well. */
static void run_case(const mk_filter *filter, const test_case *c, mk_buf *notes)
{
    const mk_str input = mk_buf_str(&c->input), want = mk_buf_str(&c->want);
    mk_chain *chain = open_chain(filter, c, notes);
    if (!chain)
        return;
    mk_arena *arena = must(mk_arena_new());
    mk_str text, again;
    const mk_doc doc = run_chain(chain, input, arena, &text);
    if (!mk_str_eq(text, want)) {
        put_note(notes, "expected:", want);
        put_note(notes, "got:", text);
    }
    if (mk_utf8_valid(text) != text.len)
        put_note(notes, "not valid UTF-8:", text);
    if (filter->kind == MK_KIND_LETTERS) {
        run_chain(chain, text, arena, &again);
        if (!mk_str_eq(text, again))
            put_note(notes, "run on its own output it changes that to:", again);
    }
    check_ledger(chain, &doc, text, arena, notes);
    check_review(filter, chain, &doc, c, notes);
    mk_arena_free(arena);
    mk_chain_close(chain);
}

int main(int argc, char **argv)
{
    char path[1024];
    const mk_filter *filter = argc == 2 ? mk_filter_find(mk_str_of(argv[1])) : NULL;
    if (!filter) {
        printf("Bail out! unknown filter '%s'\n", argc == 2 ? argv[1] : "");
        return 2;
    }
    snprintf(path, sizeof(path), "%s/filters/%s.cases", MK_FIXTURES, filter->name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("Bail out! no file %s\n", path);
        return 2;
    }
    fclose(file);
    const mk_str bytes = mk_test_read(path);
    parser p = {.path = path, .rest = bytes};
    if (mk_utf8_valid(bytes) != bytes.len)
        bail(&p, "not valid UTF-8 at byte %zu", mk_utf8_valid(bytes) + 1);
    unsigned n = 0, n_failed = 0;
    test_case c;
    while (next_case(&p, &c)) {
        mk_buf notes = {.max = MK_BUF_MAX};
        run_case(filter, &c, &notes);
        printf("%s %u - %s: %s\n%.*s", notes.len > 0 ? "not ok" : "ok", ++n, filter->name, c.title,
               (int)notes.len, notes.len > 0 ? notes.ptr : "");
        n_failed += notes.len > 0;
        mk_buf_clear(&notes);
        clear_case(&c);
    }
    free((char *)(uintptr_t)bytes.ptr);
    if (n == 0)
        bail(&p, "no case in it");
    printf("1..%u\n", n);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
