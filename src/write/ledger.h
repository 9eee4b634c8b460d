/* ledger.h: what was done to a document, so that it can be checked and undone.
 * One JSON object a document and line:
 *
 *   {"doc":N,"id":S,"source":S,"verdict":"written|filtered|duplicate|rejected",
 *    "reason":S,"review":B,"review_why":[...],"bytes":N,"crc32":"8 hex digits",
 *    "bom":B,"stored":"base64","stored_crc32":"8 hex digits","edits":[...]}
 *
 * review_why stands only where review is true; its elements are those of why, see
 * below. bytes and crc32 are of the text as read. stored, with its digest, are the
 * bytes of plain text that had to be decoded; bom is true where a byte order mark
 * stood before text in UTF-8; both stand only there. An edit says that len bytes at
 * `at` of the written text stand for the bytes `was`, which began at src of the text
 * as read:
 *
 *   {"at":N,"len":N,"src":N,"was":S,"why":[{"filter":S,"rule":S,"evidence":S}]}
 *
 * Edits are in order; between them both texts are equal. A document that is not
 * written has an empty written text. A rejected one has no edits. */
#ifndef MK_LEDGER_H
#define MK_LEDGER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "minkhal/filter.h"

/* The reason of a record whose text has left a release (docs/RELEASES.md). */
#define MK_LEDGER_TAKEN_DOWN "taken down"

/* Appends doc's line. filters: of the chain's steps, by number. Pure. */
void mk_ledger_put(const mk_doc *doc, const mk_filter *const *filters, mk_buf *out);

/* A ledger's line. Lent by line and arena. */
typedef struct mk_ledger_record {
    mk_str id, source, reason;
    mk_verdict verdict;
    bool review;
    uint64_t bytes;
    uint32_t crc32;
    mk_str stored; /* ptr NULL: the text is all that was read */
    bool bom;      /* but for a byte order mark of UTF-8 before it */
    uint32_t stored_crc32;
    mk_str edits;   /* a JSON array */
    mk_str reviews; /* another, of whys: why it is for review; ptr NULL: it is not */
} mk_ledger_record;

/* MK_RECORD: line is not a ledger's; MK_MISMATCH: its stored bytes are not those that
 * were read; MK_NOMEM. */
mk_err mk_ledger_parse(mk_str line, mk_arena *arena, mk_ledger_record *ret, mk_error *reterr);

/* False for rejected and skipped records, which never were texts, and for what was taken down:
 * there is nothing to undo. */
bool mk_ledger_has_text(const mk_ledger_record *record);

/* One edit: was stands at src of the text as read, len bytes at `at` of the written
 * one stand for it. */
typedef struct mk_ledger_edit {
    uint64_t at, len, src;
    mk_str was;
    mk_str whys; /* a JSON array */
} mk_ledger_edit;

typedef struct mk_ledger_why {
    mk_str filter, rule, evidence;
} mk_ledger_why;

/* Walk a record's edits and an edit's whys: next gives MK_END behind the last,
 * MK_RECORD where the text is no ledger's, MK_NOMEM. */
mk_json_array mk_ledger_edits(const mk_ledger_record *record);
mk_err mk_ledger_edit_next(mk_json_array *it, mk_arena *arena, mk_ledger_edit *ret,
                           mk_error *reterr);
mk_json_array mk_ledger_whys(const mk_ledger_edit *edit);
mk_json_array mk_ledger_reviews(const mk_ledger_record *record); /* whys too */
mk_err mk_ledger_why_next(mk_json_array *it, mk_arena *arena, mk_ledger_why *ret, mk_error *reterr);

/* Appends the text as read, from the written one and a record's edits.
 * MK_MISMATCH if they do not fit together; MK_RECORD, MK_NOMEM. */
mk_err mk_ledger_undo(mk_str written, const mk_ledger_record *record, mk_arena *arena, mk_buf *out,
                      mk_error *reterr);

/* "filter/rule" in the arena; ptr NULL if out of memory. */
mk_str mk_rule_name(mk_str filter, mk_str rule, mk_arena *arena);

#endif
