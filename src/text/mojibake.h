/* stub */
#ifndef MK_MOJIBAKE_H
#define MK_MOJIBAKE_H
#include "text/patch.h"
typedef struct mk_mojibake { int rounds; } mk_mojibake;
bool mk_mojibake_evidence(mk_str text, mk_mojibake *evidence);
void mk_op_mojibake(const mk_mojibake *evidence, mk_str text, mk_patches *patches);
void mk_op_html_entities(mk_str text, bool has_markup, mk_patches *patches);
void mk_op_visual_order(mk_str line, mk_patches *patches);
bool mk_has_page_glyphs(mk_str text);
#endif
