/* load.h: some lines of documents on their way: unpacked, checked one by one, counted
 * and parted into splits. A job for the pool; pure. */
#ifndef MK_LOAD_H
#define MK_LOAD_H

#include "base/pool.h"
#include "release/flat.h"
#include "release/splits.h"
#include "release/stats.h"
#include "write/codec.h"

enum {
    MK_LOAD_BYTES = 1 << 20, /* bytes of lines gathered to one load */
    MK_LINE_MAX = 256 << 20, /* bytes of one line, and of one member unpacked */
};

/* What all loads have in common. Lent by their owner. */
typedef struct mk_load_rules {
    const mk_schema *schema; /* of the release */
    bool convert;            /* lines may be of our own schema instead */
    bool figures;            /* what stats counts is wanted */
    const mk_splits *splits;
    mk_str salt, group_field;
    /* Says in *ret_drop if this document is to be left out; NULL: none is. Any thread. */
    bool (*drop)(const void *arg, const mk_flat *flat, mk_arena *arena, bool *ret_drop);
    const void *arg;
    const size_t *only; /* all are of this split; NULL: the rules tell */
    bool check;         /* and MK_MISMATCH if the rules tell another than *only */
} mk_load_rules;

/* A document, in the order of content. */
typedef struct mk_load_doc {
    size_t at, len; /* its line in content, without LF */
    size_t split;
    bool is_dropped;
    mk_stats_found found; /* if figures are wanted and it stays */
} mk_load_doc;

/* What of a load is of one split. */
typedef struct mk_portion {
    mk_buf lines;     /* with their LF; empty where the load is exact */
    uint64_t *hashes; /* of ids: counts.documents of them, owned */
    size_t size;
    mk_flat_counts counts;
    uint64_t content; /* bytes of its lines */
} mk_portion;

typedef struct mk_load {
    mk_job job; /* must be first */
    const mk_load_rules *rules;
    /* in */
    mk_buf stored;   /* as stored, if codec is one */
    mk_codec codec;  /* NONE: content is given */
    bool first;      /* a byte order mark may stand here */
    bool last;       /* of its file */
    uint64_t offset; /* of stored in its file: the caller's */
    size_t part;     /* of a release: the caller's */
    /* out */
    mk_buf content; /* what stored unpacks to */
    bool torn;      /* stored is not one member or frame that can be read alone */
    bool exact;     /* all of content's lines are of the split `whole`, and nothing else */
    size_t whole;
    uint64_t n_lines;   /* of content; where err is set, the number of the bad one */
    uint64_t n_dropped; /* documents */
    uint64_t n_grouped; /* documents that have the field they are grouped by */
    mk_load_doc *docs;  /* n_docs of them, owned */
    size_t n_docs, docs_size;
    mk_portion portions[MK_SPLITS_MAX];
    mk_err err;
    mk_error error; /* without the file's name */
    /* kept from use to use */
    mk_arena *arena, *names; /* of a line, of all lines */
    const mk_schema *found;  /* of the line before */
    mk_census_table table;
    void *inflater, *unpacker;
    struct mk_load *next, *older; /* the caller's */
} mk_load;

mk_load *mk_load_new(const mk_load_rules *rules); /* NULL: out of memory */
void mk_load_reset(mk_load *load);                /* ready for use again */
void mk_load_free(mk_load *load);                 /* takes NULL */

/* The work of the job. */
void mk_load_work(mk_job *job);

/* The lines of a split, wherever they are, and their number of documents. */
mk_str mk_load_lines(const mk_load *load, size_t split);

/* Adds the figures of its documents. MK_NOMEM. */
mk_err mk_load_figures(const mk_load *load, mk_stats *stats, mk_error *reterr);

/* Unpacks one member or frame. MK_MISMATCH: it is none that can be read alone, or is too
 * large; MK_NOMEM. Uses inflater and unpacker of load. */
mk_err mk_load_unpack(mk_load *load, mk_str stored, mk_buf *out);

#endif
