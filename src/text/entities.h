/* entities.h: character references of HTML that are left in text: &nbsp;
 * &#1575; &amp;quot;. */
#ifndef MK_ENTITIES_H
#define MK_ENTITIES_H

#include "text/draft.h"

/* A named reference that ends in a semicolon, and its one or two characters. */
typedef struct mk_entity {
    char name[32];  /* NUL ends */
    uint32_t cp[2]; /* the second may be 0: none */
} mk_entity;

/* In byte order of names; made from entities.txt. */
extern const mk_entity mk_entities[];
extern const size_t mk_n_entities;

/* True if something in text looks like a reference. */
bool mk_has_reference(mk_str text);

/* Patches references into what they stand for, to the least fixed point (&amp;
 * of &amp;amp; of ...). has_markup: the whole document holds a literal `<`; then
 * those of < > & " ' stay, because they are text beside live markup. */
void mk_op_html_entities(mk_str text, bool has_markup, mk_drafts *drafts, mk_patches *patches);

#endif
