/* plain.h: bytes of plain text, in whatever charset, as a document's text. */
#ifndef MK_PLAIN_H
#define MK_PLAIN_H

#include "base/arena.h"
#include "minkhal/doc.h"
#include "text/charset.h"

/* Sets doc's raw, and its members where bytes were decoded. charset NULL: by the
 * bytes. A byte order mark is not part of the text. MK_RECORD: no text, or a charset
 * that cannot be decoded here; MK_NOMEM. */
mk_err mk_plain_take(mk_str bytes, const mk_charset *charset, mk_arena *arena, mk_doc *doc,
                     mk_error *reterr);

/* As mk_plain_take for bytes whose server named their charset, which may be empty, not known
 * or wrong: a byte order mark and valid UTF-8 count for more. */
mk_err mk_plain_take_declared(mk_str bytes, mk_str label, mk_arena *arena, mk_doc *doc,
                              mk_error *reterr);

#endif
