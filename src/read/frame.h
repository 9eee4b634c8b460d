/* frame.h: a stream as a window of bytes, for formats whose records say how long they
 * are. The window begins at the record at hand; where each byte came from is known. A
 * piece of the stream is the window itself, as the stream lends it, till more is needed
 * than it holds: a record that is a compressed part by itself is not copied. */
#ifndef MK_FRAME_H
#define MK_FRAME_H

#include "base/buf.h"
#include "read/reader.h"

enum { MK_FRAME_HEAD = 64 * 1024 /* bytes: the longest header of a record */ };

/* Bytes of one piece of the stream. */
typedef struct mk_frame_span {
    uint64_t pos; /* in all decoded bytes, of the first */
    uint64_t unit, start, at, base;
    bool verified, packed;
    bool many; /* of more pieces than one: only the first is placed */
} mk_frame_span;

enum { MK_FRAME_SPANS = 4096 /* a record of more pieces remembers not where each began */ };

typedef struct mk_frame {
    mk_stream *stream;    /* lent */
    mk_str window;        /* what is not consumed: lent by the stream, or the end of held */
    mk_buf held;          /* of the pieces that one record needs */
    bool is_held;         /* the window lies there */
    uint64_t pos;         /* in all decoded bytes, of the window's first */
    mk_frame_span *spans; /* owned: n_spans, over the window */
    size_t n_spans;
    mk_err end; /* what the stream said last: MK_OK, MK_END, MK_DAMAGED */
    mk_error error;
} mk_frame;

mk_err mk_frame_init(mk_frame *f, mk_stream *stream, uint64_t max_doc, mk_error *reterr);
void mk_frame_clear(mk_frame *f);

/* Reads till the window has n bytes or the stream ends (f->end says how). MK_NOMEM
 * and the like only. */
mk_err mk_frame_need(mk_frame *f, size_t n, mk_error *reterr);

/* Reads till the window has a line, with its end, or MK_FRAME_HEAD bytes, or the stream
 * ends. */
mk_err mk_frame_need_line(mk_frame *f, mk_error *reterr);

static inline mk_str mk_frame_window(const mk_frame *f)
{
    return f->window;
}

/* Moves on by n bytes, which are in the window. */
void mk_frame_skip(mk_frame *f, size_t n);

/* What is known of the window's first n bytes (1 at least), for a record. */
void mk_frame_place(const mk_frame *f, size_t n, mk_record *ret);

/* True if the byte at window offset i begins a compressed unit. */
bool mk_frame_begins_unit(const mk_frame *f, size_t i);

/* The first offset above i at which a compressed unit begins; the window's length if
 * there is none. */
size_t mk_frame_next_unit(const mk_frame *f, size_t i);

/* Consumes up to what `is_start` takes for the beginning of a record: at the beginning
 * of a line or of a unit. It is asked with up to MK_FRAME_HEAD bytes. Stops at the
 * end, too. */
mk_err mk_frame_find(mk_frame *f, bool (*is_start)(mk_str s), mk_error *reterr);

/* Where the window begins. */
typedef struct mk_frame_where {
    uint64_t start, within;
    bool packed;
} mk_frame_where;
mk_frame_where mk_frame_here(const mk_frame *f);

/* "byte 12 of 'x'" or "byte 12 of what the part at byte 3 of 'x' holds". */
typedef struct mk_frame_words {
    char text[400];
} mk_frame_words;
mk_frame_words mk_frame_tell(const mk_frame *f, mk_frame_where where);

/* The stream is damaged: lets go of the window, goes on behind the damage if that can
 * be, and says so. ret->unit: what is void. MK_DAMAGED. */
mk_err mk_frame_damage(mk_frame *f, mk_record *ret, mk_error *reterr);

#endif
