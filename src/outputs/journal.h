/* journal.h: an append-only file of JSON lines, each with its number and the SHA-256 of
 * the line before, so that nothing in it can be changed or left out unseen:
 *
 *   {"n":0,"prev":"",...}
 *   {"n":1,"prev":"64 hex digits",...}
 *
 * A line counts when it is on disk. What a killed run left half written at the end is
 * cut off. */
#ifndef MK_JOURNAL_H
#define MK_JOURNAL_H

#include "base/buf.h"
#include "outputs/folder.h"

typedef struct mk_journal mk_journal;

/* Opens the journal in folder and checks what is in it, line by line; makes an empty one if
 * there is none. MK_MISMATCH: a line in it was changed; MK_OUTPUT, MK_NOMEM. */
mk_err mk_journal_open(const mk_folder *folder, mk_journal **ret, mk_error *reterr);

uint64_t mk_journal_count(const mk_journal *journal); /* lines */

/* Makes out line n, LF included. MK_OUTPUT, MK_NOMEM; MK_MISMATCH: the file was cut off
 * since it was opened. */
mk_err mk_journal_line(const mk_journal *journal, uint64_t n, mk_buf *out, mk_error *reterr);

/* Adds a line with these members (",\"key\":value" each) and waits for the disk. */
mk_err mk_journal_append(mk_journal *journal, mk_str members, mk_error *reterr);

/* Keeps the first n lines. */
mk_err mk_journal_cut(mk_journal *journal, uint64_t n, mk_error *reterr);

void mk_journal_close(mk_journal *journal); /* takes NULL */

/* ---- for those who only read ---- */

/* Begins as {.read, .arg, .text.max = MK_BUF_MAX}, and ends with mk_journal_scan_clear. */
typedef struct mk_journal_scan {
    /* The next bytes of the journal, lent till the next call; MK_END: no more. */
    mk_err (*read)(void *arg, mk_str *ret, mk_error *reterr);
    void *arg;
    mk_buf text;   /* what was read, a line and some bytes; owned */
    size_t at;     /* of text: what was not given yet */
    uint64_t size; /* bytes of the lines that were given */
    uint64_t n;    /* of the next line */
    char prev[65]; /* of the line before it; "" at the beginning */
} mk_journal_scan;

/* The next line, with its LF, lent till the next call. MK_END: no more whole lines
 * (mk_journal_rest is what is behind them). MK_MISMATCH: this line does not follow the one
 * before, or is no JSON object; MK_NOMEM, and what read gives. */
mk_err mk_journal_next(mk_journal_scan *scan, mk_str *ret, mk_error *reterr);

static inline mk_str mk_journal_rest(const mk_journal_scan *scan)
{
    return mk_str_sub(mk_buf_str(&scan->text), scan->at, scan->text.len);
}
void mk_journal_scan_clear(mk_journal_scan *scan);

#endif
