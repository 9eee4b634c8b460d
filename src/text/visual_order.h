/* visual_order.h: presentation forms as old programs left them: lines that run
 * backwards, and page glyphs that are no letters. */
#ifndef MK_VISUAL_ORDER_H
#define MK_VISUAL_ORDER_H

#include "text/draft.h"

/* Patches text into reading order if the forms of its letters join backwards
 * and not forwards. Text with line feeds is taken line by line. */
void mk_op_visual_order(mk_str text, mk_drafts *drafts, mk_patches *patches);

/* True if text holds glyph codes of a printed Quran's page fonts, where codes of
 * presentation forms follow one another and stand for whole words, or what is
 * left of them when they were taken for letters; *ret_at is then where they begin. has_ef:
 * text may hold the byte that such forms begin with. */
bool mk_has_page_glyphs(mk_str text, bool has_ef, size_t *ret_at);

#endif
