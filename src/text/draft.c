/* draft.c: see draft.h. Cases: tests/text/test_entities.c, test_mojibake.c. */
#include "text/draft.h"

static void begin(mk_draft *draft, bool traced)
{
    mk_buf_reset(&draft->text);
    mk_buf_reset(&draft->origin);
    draft->text.max = UINT32_MAX - 1;
    draft->origin.max = (PTRDIFF_MAX - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    draft->traced = traced;
}

static void put_origin(mk_draft *draft, uint32_t origin)
{
    mk_buf_put(&draft->origin, (mk_str){(const char *)&origin, sizeof(origin)});
}

static uint32_t origin_at(const mk_draft *draft, size_t at)
{
    uint32_t origin;

    memcpy(&origin, draft->origin.ptr + at * sizeof(origin), sizeof(origin));
    return origin;
}

void mk_drafts_begin(mk_drafts *drafts, mk_str source, bool traced)
{
    mk_draft *const draft = &drafts->draft;

    begin(draft, traced);
    begin(&drafts->next, traced);
    mk_buf_put(&draft->text, source);
    for (size_t i = 0; traced && i < source.len && !mk_draft_failed(draft); i++)
        put_origin(draft, (uint32_t)i);
}

void mk_draft_keep(mk_draft *draft, const mk_draft *from, size_t a, size_t b)
{
    if (a == b)
        return;
    mk_buf_put(&draft->text, mk_str_sub(mk_buf_str(&from->text), a, b));
    if (draft->traced)
        mk_buf_put(&draft->origin, mk_str_sub(mk_buf_str(&from->origin), a * sizeof(uint32_t),
                                              b * sizeof(uint32_t)));
}

void mk_draft_add(mk_draft *draft, mk_str with)
{
    mk_buf_put(&draft->text, with);
    for (size_t i = 0; draft->traced && i < with.len; i++)
        put_origin(draft, MK_DRAFT_INSIDE);
}

void mk_draft_put(mk_draft *draft, const mk_draft *from, size_t a, mk_str with)
{
    const size_t n = draft->origin.len;
    const uint32_t origin = draft->traced ? origin_at(from, a) : 0;

    mk_draft_add(draft, with);
    if (draft->traced && !draft->origin.failed)
        memcpy(draft->origin.ptr + n, &origin, sizeof(origin));
}

void mk_draft_turn(mk_draft *draft, mk_draft *next)
{
    const mk_draft old = *draft;

    *draft = *next;
    *next = old;
    mk_buf_reset(&next->text);
    mk_buf_reset(&next->origin);
}

void mk_draft_patch(const mk_draft *draft, mk_str source, size_t at, mk_patches *patches)
{
    const mk_str text = mk_buf_str(&draft->text);

    if (mk_draft_failed(draft)) {
        patches->nomem = true;
        return;
    }
    for (size_t from = 0, to; from < text.len; from = to) {
        to = from + 1;
        while (to < text.len && origin_at(draft, to) == MK_DRAFT_INSIDE)
            to++;
        const size_t begin = origin_at(draft, from);
        const size_t end = to < text.len ? origin_at(draft, to) : source.len;
        const mk_str with = mk_str_sub(text, from, to);
        if (!mk_str_eq(with, mk_str_sub(source, begin, end)))
            mk_patch(patches, at + begin, end - begin, with, 0);
    }
}

void mk_drafts_clear(mk_drafts *drafts)
{
    mk_buf_clear(&drafts->draft.text);
    mk_buf_clear(&drafts->draft.origin);
    mk_buf_clear(&drafts->next.text);
    mk_buf_clear(&drafts->next.origin);
}
