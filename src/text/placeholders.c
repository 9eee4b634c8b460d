/* placeholders.c: spans that no operation may touch. A private character stands for
 * each until it is put back; what stood there is kept beside the text. */
#include "text/engine.h"

enum {
    FIRST_PLACEHOLDER = 0xF0000, /* private use: all that stood in the text is gone */
    MAX_HELD = 0x20000,          /* spans: as many as there are placeholders */
    MAX_NESTED = 4               /* spans in spans: an address in a verse */
};

/* A span that is held. */
typedef struct held {
    size_t at, len; /* in held_bytes */
} held;

/* Remembers what stands in text[at, at+len) and writes its placeholder. False:
 * there are no more of them. */
static bool put_held(mk_run *r, size_t at, size_t len, char out[4])
{
    const size_t k = r->n->spans.len / sizeof(held);
    const held h = {r->n->held_bytes.len, len};

    if (k == MAX_HELD)
        return false;
    mk_buf_put(&r->n->held_bytes, mk_str_sub(r->text, at, at + len));
    mk_buf_put(&r->n->spans, (mk_str){(const char *)(const void *)&h, sizeof(h)});
    if (r->n->held_bytes.failed || r->n->spans.failed)
        r->err = MK_NOMEM;
    mk_utf8_put(out, FIRST_PLACEHOLDER + (uint32_t)k);
    return true;
}

void mk_run_hold(mk_run *r, mk_pass *pass)
{
    mk_patches patches = {.arena = r->n->arena}, held_ones = {.arena = r->n->arena};
    char bytes[4];

    pass(&r->context, r->text, &patches);
    for (size_t i = 0; i < patches.n && r->err == MK_OK; i++) {
        const mk_patch_item *p = &patches.items[i];
        if (!put_held(r, p->at, p->len, bytes))
            break;
        mk_patch(&held_ones, p->at, p->len, (mk_str){bytes, 4}, 0);
    }
    if (patches.nomem || held_ones.nomem)
        r->err = MK_NOMEM;
    if (r->err == MK_OK && held_ones.n > 0)
        mk_run_apply(r, &held_ones, 0);
    mk_arena_reset(r->n->arena);
}

/* Private characters that stand in the text although nobody removed them. */
static void find_private(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        if (mk_take(text, &at) >= FIRST_PLACEHOLDER)
            mk_patch_away(patches, from, at);
    }
}

void mk_run_hold_private(mk_run *r)
{
    mk_run_hold(r, find_private);
}

/* Puts back what placeholders stand for, once. */
static void release_once(mk_run *r)
{
    const held *spans = (const held *)(const void *)r->n->spans.ptr;
    const size_t n = r->n->spans.len / sizeof(held);
    mk_patches patches = {.arena = r->n->arena};

    for (size_t at = 0; at < r->text.len;) {
        const char *p = memchr(r->text.ptr + at, '\xF3', r->text.len - at);
        const char *q = memchr(r->text.ptr + at, '\xF4', r->text.len - at);
        p = !p || (q && q < p) ? q : p;
        if (!p)
            break;
        const size_t from = (size_t)(p - r->text.ptr);
        at = from;
        const size_t k = mk_take(r->text, &at) - FIRST_PLACEHOLDER;
        if (k < n)
            mk_patch(&patches, from, 4, (mk_str){r->n->held_bytes.ptr + spans[k].at, spans[k].len},
                     0);
    }
    if (patches.nomem)
        r->err = MK_NOMEM;
    else if (patches.n > 0)
        mk_run_apply(r, &patches, 0);
    mk_arena_reset(r->n->arena);
}

bool mk_run_release(mk_run *r)
{
    if (r->n->spans.len == 0)
        return false;
    for (int i = 0; i < MAX_NESTED && r->err == MK_OK; i++)
        release_once(r);
    mk_buf_reset(&r->n->spans);
    mk_buf_reset(&r->n->held_bytes);
    return true;
}
