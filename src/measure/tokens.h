/* tokens.h: text as labelled pages are compared: words of letters and digits, so
 * folded that no choice of letters, marks or signs is a difference.
 *
 * Unlike mk_fold (doc/fold.h) it knows every script and keeps numbers apart.
 *   - NFKC, then full case folding
 *   - alef with hamza, madda, wasla -> alef; alef maksura, yeh with hamza, Persian
 *     yehs -> yeh; teh marbuta and Persian hehs -> heh; waw with hamza -> waw;
 *     keheh, swash kaf -> kaf
 *   - marks, tatweel, format characters and Quranic signs vanish
 *   - a decimal digit of any script is the ASCII one
 *   - what is left and neither letter nor digit parts words
 * Source: Unicode 14.0 by utf8proc. */
#ifndef MK_TOKENS_H
#define MK_TOKENS_H

#include "base/buf.h"

/* Appends the words of text (valid UTF-8) to out with one space between them.
 * scratch is working memory for many calls. False if out of memory. */
bool mk_tokens_put(mk_str text, mk_buf *scratch, mk_buf *out);

#endif
