#include "text/mojibake.h"
#include "text/language.h"
mk_language mk_language_detect(mk_str text){(void)text;return MK_LANGUAGE_OTHER;}
bool mk_mojibake_evidence(mk_str text, mk_mojibake *evidence){(void)text;(void)evidence;return false;}
void mk_op_mojibake(const mk_mojibake *evidence, mk_str text, mk_patches *patches){(void)text;(void)evidence;(void)patches;}
void mk_op_html_entities(mk_str text, bool has_markup, mk_patches *patches){(void)text;(void)has_markup;(void)patches;}
void mk_op_visual_order(mk_str line, mk_patches *patches){(void)line;(void)patches;}
bool mk_has_page_glyphs(mk_str text){(void)text;return false;}
#include <string.h>
mk_language mk_language_of_tag(mk_str t){static const char*const c[]={"","ar","fa","ur","ckb","ug","ps"};for(int i=1;i<7;i++)if(mk_str_eq(t,mk_str_of(c[i])))return (mk_language)i;return 0;}
const char *mk_language_code(mk_language l){static const char*const c[]={"","ar","fa","ur","ckb","ug","ps"};return c[l];}
