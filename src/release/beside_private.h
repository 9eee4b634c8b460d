/* beside_private.h: what the files of beside.h share. */
#ifndef MK_BESIDE_PRIVATE_H
#define MK_BESIDE_PRIVATE_H

#include "read/reader.h"
#include "release/beside.h"
#include "release/side.h"

/* A file of attributes that is whole, under its name while it was made. */
typedef struct mk_beside_done {
    size_t split, shard;
    mk_file file;
} mk_beside_done;

typedef struct mk_beside_split {
    mk_side ledger, attributes;
    mk_buf waiting; /* lines of attributes */
    size_t shard;   /* that attributes are of */
    size_t n_shards;
} mk_beside_split;

struct mk_beside {
    mk_beside_options o;
    mk_side_to to;           /* its encoder is owned */
    mk_beside_split *splits; /* o.splits->n of them, owned */
    mk_pairs *pairs;
    mk_arena *arena;
    mk_attributes_maker *maker;
    mk_report_count report;
    mk_buf stub; /* the line of a record that has left */
    uint64_t counts[MK_RUN_COUNTS];
    mk_beside_done *done; /* n_done of them, owned */
    size_t n_done, done_size;
    struct {
        mk_stream *stream;
        void *reader;
        mk_record record;
        const char *name;
    } lines;
    mk_container *c; /* of the ledger */
    const mk_container_entry *entry;
};

mk_err mk_beside_no_memory(mk_error *reterr);

/* The records up to a document, which was fed, or with NULL those that are left: MK_END then. */
mk_err mk_beside_records(mk_beside *beside, const mk_load_doc *doc, mk_error *reterr);

/* The next line of the attributes that are read: it is that document's. */
mk_err mk_beside_take_line(mk_beside *beside, const mk_load *load, const mk_load_doc *doc,
                           mk_error *reterr);
void mk_beside_close_lines(mk_beside *beside);

/* Files are whole, and listed in m. */
mk_err mk_beside_end_attributes(mk_beside *beside, mk_manifest *m, mk_error *reterr);
mk_err mk_beside_end_ledger(mk_beside *beside, mk_manifest *m, mk_error *reterr);

/* Adds a file to those of m. */
mk_err mk_beside_list(mk_manifest *m, const char *name, const mk_file *file, mk_error *reterr);

#endif
