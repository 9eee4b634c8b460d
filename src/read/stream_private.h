/* stream_private.h: what all streams are made of. A kind of stream (a file, a
 * decoder, a member of an archive) gives pieces; the body hands them out one by
 * one and keeps those that were peeked at.
 *
 * Units. One number runs through a chain of decoders: `*unit` of its uppermost
 * one. It steps on where a unit has ended well and what is underneath is
 * verified too; so while anything underneath may still turn out damaged, the
 * number stays, and whoever takes back a unit takes back all that depends on
 * it. When read fails, pub.unit is the unit that failed: bytes of it that were
 * lent are void, those of earlier units are good. */
#ifndef MK_STREAM_PRIVATE_H
#define MK_STREAM_PRIVATE_H

#include "base/buf.h"
#include "read/stream.h"

typedef struct mk_piece {
    mk_str bytes; /* lent till the next pull */
    uint64_t unit;
    uint64_t start, at; /* unit_start, unit_at */
    bool verified;
} mk_piece;

/* Peeked bytes of one unit. */
typedef struct mk_span {
    size_t len;
    uint64_t unit;
    uint64_t start, at, base;
    bool verified;
} mk_span;

typedef struct mk_body mk_body;
struct mk_body {
    mk_stream pub; /* first, so that a stream is its body */
    /* The next bytes, at least one; MK_END; a failure. Not called again after
     * anything but MK_OK. Sets pub.stored. */
    mk_err (*pull)(mk_body *body, mk_piece *ret, mk_error *reterr);
    void (*finish)(mk_body *body); /* frees what the kind owns; half-built too */
    /* Makes ready to pull what follows a damage; NULL: cannot. */
    void (*resume)(mk_body *body);
    /* As mk_stream_seek; NULL: cannot. */
    mk_err (*seek)(mk_body *body, const mk_place *place, mk_error *reterr);
    char *name;     /* owned; pub.name */
    uint64_t *unit; /* lent: own_unit, or an archive's */
    uint64_t own_unit;

    mk_str lent;    /* all that is held, still where pull lent it; or empty */
    mk_buf held;    /* else held here, from held_at */
    size_t held_at; /* bytes of held already handed out */
    mk_span *spans; /* owned: n_spans from first_span, over what is held */
    size_t n_spans, first_span, max_spans;

    uint64_t base; /* of the piece pulled last: unit_base; set by pull */

    mk_err end; /* what comes after what is held; MK_OK: more */
    uint64_t end_unit;
    uint64_t *unpacked; /* lent: bytes so far, own_unpacked or those of all of an archive */
    uint64_t own_unpacked;
    const mk_limits *limits;           /* lent; never NULL */
    const volatile sig_atomic_t *stop; /* lent; or NULL */
    bool was_damaged;                  /* end was MK_DAMAGED, and has been told */
    bool cut;                          /* as pub.cut, of end; set by pull */
    mk_error error;                    /* of end */
};

/* size bytes, zeroed, that begin with a body, named by name (copied; fit for
 * messages already). NULL if out of memory. */
void *mk_body_new(size_t size, mk_str name);

/* Copies s as valid UTF-8. U+FFFD and two hexadecimal digits stand for each byte that
 * is not UTF-8, for each of a U+FFFD, and with controls for those of C0 and DEL: so that
 * no two names become one. NULL if out of memory. Owned by the caller. */
char *mk_name_clean(mk_str s, bool controls);

/* For seek: forgets what is held and how the stream ended; the next bytes are of that unit. */
void mk_body_begin(mk_body *body, uint64_t unit);

/* And consumes what stands before the place in its unit. */
mk_err mk_body_drop(mk_body *body, const mk_place *place, mk_error *reterr);

/* MK_STOPPED, in words, if the caller has been asked to stop; else MK_OK. */
mk_err mk_body_stopped(const mk_body *body, mk_error *reterr);

/* MK_DAMAGED if *body->unpacked is more than the limits allow for that many stored
 * bytes. */
mk_err mk_body_check(const mk_body *body, uint64_t stored, mk_error *reterr);

/* MK_NOMEM, in words. */
mk_err mk_stream_nomem(mk_error *reterr);

/* Bytes in memory, lent while the stream is open, at most step of them at a time. For tests. */
mk_err mk_stream_bytes_by(const char *name, mk_str bytes, size_t step, mk_stream **ret,
                          mk_error *reterr);

/* ---- decoders: streams out of streams ---- */

/* A stream whose bytes come in units that can be checked. fill makes them; the
 * decoder holds back a unit up to MK_STREAM_VERIFY till it is known whole. */
typedef struct mk_decoder mk_decoder;
struct mk_decoder {
    mk_body body;
    /* Writes at most room (> 0) bytes to `to`. *ret_whole: with these the unit
     * ended and was found good. MK_END: there are no more units (only between
     * two). */
    mk_err (*fill)(mk_decoder *d, char *to, size_t room, size_t *ret_n, bool *ret_whole,
                   mk_error *reterr);
    void (*release)(mk_decoder *d); /* what the codec owns; half-built too */
    /* To go on behind a damage: the bytes that every unit begins with (empty:
     * cannot). */
    mk_str magic;
    /* Makes fill begin with a unit at the next byte. */
    mk_err (*restart)(mk_decoder *d, mk_error *reterr);
    mk_stream *source;
    bool owns_source;
    mk_str in;          /* of the source, not yet consumed; lent by it */
    uint64_t in_offset; /* bytes of the source consumed */
    bool in_end;        /* the source has no more than in */
    bool in_failed;     /* the source has failed, which says so itself */
    mk_buf window;      /* in lies here after gathering */
    mk_str next;        /* of the piece that the source lends: what follows in */
    size_t n_joined;    /* bytes before next, of the same piece, that end the window too */
    mk_err late;        /* what the source has said behind in; MK_OK: nothing */
    mk_error late_error;
    char *unit_bytes; /* owned, unit_size */
    size_t unit_size;
    bool large;          /* part of this unit was handed on unverified */
    bool between;        /* a unit has ended, the next has not begun */
    uint64_t unit_start; /* set by fill: in_offset where the unit began */
    uint64_t unit_at;    /* bytes of the unit handed on */
    uint64_t unit_base;  /* bytes unpacked before it */
    bool cut;            /* the unit was cut off: told once its bytes were handed on */
    mk_error cut_error;  /* in these words */
    bool lost;           /* behind a damage: seek first */
    bool seeking;        /* for a whole unit behind a damage */
    bool marked;         /* what is consumed is kept in history */
    mk_buf history;      /* consumed bytes from the mark on */
    mk_buf replay;       /* in lies here after going back */
};

/* A decoder of `size` bytes in front of source, which it owns from now on.
 * NULL if out of memory (source stays the caller's). */
void *mk_decoder_new(size_t size, mk_stream *source);

/* For mk_decoder and for streams that embed one: pull and finish of the body. */
mk_err mk_decoder_pull(mk_body *body, mk_piece *ret, mk_error *reterr);
void mk_decoder_finish(mk_body *body);

/* If in is empty: reads more of the source, or sets in_end. */
mk_err mk_decoder_more(mk_decoder *d, mk_error *reterr);
/* Reads on till in has want bytes, if the source has them: what it says instead is
 * told when in is used up. No more than want are copied. */
mk_err mk_decoder_gather(mk_decoder *d, size_t want, mk_error *reterr);
void mk_decoder_keep(mk_decoder *d, size_t n);
static inline void mk_decoder_consume(mk_decoder *d, size_t n)
{
    if (n == 0) /* in.ptr may be NULL */
        return;
    if (d->marked)
        mk_decoder_keep(d, n);
    d->in = mk_str_sub(d->in, n, d->in.len);
    d->in_offset += n;
}

/* A unit begins at the next byte: should it be damaged, the search for another
 * one begins behind this byte. */
void mk_decoder_mark(mk_decoder *d);
void mk_decoder_unmark(mk_decoder *d); /* and ends well */

/* Consumes up to the next magic, or all if there is none (or no magic). */
mk_err mk_decoder_find(mk_decoder *d, mk_error *reterr);

/* Goes back to the mark, then finds what may be a unit behind it. */
mk_err mk_decoder_seek(mk_decoder *d, mk_error *reterr);

/* body.resume of decoders with a magic. */
void mk_decoder_resume(mk_body *body);

/* Codecs: each puts its decoder in front of source and owns it on success. */
mk_err mk_gunzip_open(mk_stream *source, mk_stream **ret, mk_error *reterr);
mk_err mk_unzstd_open(mk_stream *source, mk_stream **ret, mk_error *reterr);
mk_err mk_unxz_open(mk_stream *source, mk_stream **ret, mk_error *reterr);
mk_err mk_unbzip2_open(mk_stream *source, mk_stream **ret, mk_error *reterr);

/* The first frame of a zstd source, which begins with 0x5D: loads the dictionary that
 * it holds, if it holds one. dctx: a ZSTD_DCtx. */
struct ZSTD_DCtx_s;
mk_err mk_zstd_dict_take(mk_decoder *d, struct ZSTD_DCtx_s *dctx, mk_error *reterr);

/* ---- archives ---- */

/* The end of an archive's bytes, watched as they go by: libarchive is content
 * with an archive that stops too early or goes on too long. */
typedef struct mk_archive_end {
    uint64_t total;   /* bytes so far */
    uint64_t nonzero; /* bytes up to the last that is not zero */
    char *tail;       /* the last bytes, in a ring; owned */
} mk_archive_end;

mk_err mk_archive_end_init(mk_archive_end *end, mk_error *reterr);
void mk_archive_end_clear(mk_archive_end *end);
void mk_archive_end_see(mk_archive_end *end, mk_str bytes);

typedef enum mk_zip_part { MK_ZIP_MEMBER, MK_ZIP_DIRECTORY } mk_zip_part;

/* True if that part of a zip begins at byte `at`, a little while ago. */
bool mk_archive_end_sees(const mk_archive_end *end, uint64_t at, mk_zip_part part);

/* A tar whose end was found at byte `at`: MK_END if an end mark and nothing
 * else stands there. */
mk_err mk_archive_end_tar(const mk_archive_end *end, uint64_t at, const char *name,
                          mk_error *reterr);

/* A zip in which n members were found: MK_END if its directory agrees. */
mk_err mk_archive_end_zip(const mk_archive_end *end, uint64_t n, const char *name,
                          mk_error *reterr);

#endif
