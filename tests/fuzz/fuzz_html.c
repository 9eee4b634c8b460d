/* fuzz_html.c: any bytes are a page. The first byte says what the transfer said of the
 * encoding and which limits hold. What is read must be text whose lines have a cue
 * each, and where the first byte asks for it, small pages go through the whole chain
 * (that is costly). */
#include <stdint.h>
#include <stdlib.h>

#include "minkhal/minkhal.h"
#include "read/html.h"
#include "chain/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SMALL = 2048 /* bytes of a page that is worth a run of the chain */ };

static const char *const labels[] = {"",           "utf-8", "windows-1256", "utf-16le",
                                     "iso-8859-6", "none",  "windows-1252", "gbk"};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_page(const mk_html_page *page)
{
    size_t n_lines = page->text.len > 0;
    check(mk_utf8_valid(page->text) == page->text.len);
    check(mk_utf8_valid(page->title) == page->title.len);
    check(mk_utf8_valid(page->date) == page->date.len);
    check(mk_utf8_valid(page->url) == page->url.len);
    check(mk_utf8_valid(page->lang) == page->lang.len);
    for (size_t i = 0; i < page->text.len; i++) {
        check((unsigned char)page->text.ptr[i] >= ' ' || page->text.ptr[i] == '\n' ||
              page->text.ptr[i] == '\t');
        n_lines += page->text.ptr[i] == '\n';
    }
    check(n_lines == page->n_lines);
    for (size_t i = 0; i < page->n_lines; i++)
        check(page->cues[i].link <= 100 && page->cues[i].heading <= 9 &&
              page->cues[i].block <= MK_BLOCK_PRE);
}

static void run_chain(const mk_html_page *page, mk_arena *arena)
{
    static mk_chain *chain;
    static const mk_chain_options options = {.profile = "web"};
    mk_doc doc = {.id = MK_STR("page"), .source = MK_STR("page"), .members = MK_STR("{}")};
    if (!chain)
        check(mk_chain_open(&options, &chain, NULL) == MK_OK);
    check(mk_html_fill(page, arena, &doc, NULL) == MK_OK);
    check(mk_pipeline_run(chain, &doc, arena) == MK_OK);
    check(doc.n_lines == page->n_lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t way = size > 0 ? data[0] : 0;
    const mk_html_limits limits = {.max_depth = way & 8 ? 5 : 0, .max_elements = way & 16 ? 9 : 0};
    const mk_str bytes = {(const char *)data + (size > 0), size - (size > 0)};
    mk_html_page page;
    mk_arena *arena = mk_arena_new();
    check(arena != NULL);
    (void)mk_html_is(bytes);
    if (mk_html_text(bytes, mk_str_of(labels[way & 7]), &limits, arena, &page, NULL) == MK_OK) {
        check_page(&page);
        if (size <= SMALL && way >> 5 == 7)
            run_chain(&page, arena);
    }
    mk_arena_free(arena);
    return 0;
}
