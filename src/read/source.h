/* source.h: every record of all inputs, in order: files, folders, archives and
 * what is compressed in them. Calls back on the calling thread. */
#ifndef MK_SOURCE_H
#define MK_SOURCE_H

#include "minkhal/minkhal.h"
#include "read/input.h"
#include "read/reader.h"

/* A place between two events. It depends on the inputs alone. */
typedef struct mk_position {
    uint64_t file;   /* number of the input file, from 0 */
    uint64_t source; /* in it: 0 the file itself; members of an archive, and damages
                        between them, from 1 */
    uint64_t event;  /* in it, from 0: records and damages */
    /* Of a record behind the first event of a file that is no archive; else place.unit is
     * MK_NO_UNIT: */
    mk_place place;
    uint64_t number;    /* of the record */
    uint64_t n_damaged; /* damages of the file before it */
} mk_position;

/* A file or archive member being read. */
typedef struct mk_source {
    mk_position at;    /* of the event that is told of; file UINT64_MAX: of no file */
    const char *name;  /* portable: what `source` of a document says */
    mk_stream *stream; /* its name is for messages; NULL: could not be opened */
    const mk_reader *reader;
    uint64_t stored_before; /* bytes of the files before this one */
    uint64_t n_damaged;     /* damages of this file or member that were told of */
} mk_source;

/* Where progress says that reading is: a copy, for sources come and go. */
typedef struct mk_source_place {
    char name[256]; /* cut at a code point; NUL ends */
} mk_source_place;

void mk_source_show(const mk_source *source, mk_source_place *place, mk_progress *progress);

typedef struct mk_source_events {
    /* A record; reason not NULL: it cannot be used. Anything but MK_OK ends the
     * walk with that code; MK_END ends it well. */
    mk_err (*record)(void *arg, const mk_source *source, const mk_record *record,
                     const char *reason);
    /* The source (or its archive) is damaged or cannot be read: what came of the
     * unverified bytes of this unit of it (MK_NO_UNIT: none) is void. More of it may
     * follow: source->n_damaged is 0 the first time. */
    mk_err (*damage)(void *arg, const mk_source *source, uint64_t unit, const char *text);
    /* Something that a person may want to know. */
    void (*note)(void *arg, const char *text);
    void *arg;
} mk_source_events;

/* What readers are told; opens the selection. MK_OPTION, MK_NOMEM. */
mk_err mk_source_options(const mk_clean_options *options, mk_read_options *ret, mk_error *reterr);
void mk_source_options_clear(mk_read_options *read); /* takes {0} */

/* All files of the inputs. *ret is cleared by the caller. MK_DAMAGED: there are none. */
mk_err mk_source_list(const mk_clean_options *options, const mk_read_options *read,
                      const mk_source_events *events, mk_inputs *ret, mk_error *reterr);

/* Tells of all that is in these files from `from` on: a record that was told of before. What
 * is before it is neither told nor counted, and not read where its file can be sought (else
 * as far as is needed to find it; files before it are not opened); a source that `from` lies
 * in was counted before. NULL: from the beginning. MK_MISMATCH: there is no such record. */
mk_err mk_source_walk(const mk_clean_options *options, const mk_inputs *inputs,
                      const mk_position *from, const mk_read_options *read,
                      const mk_source_events *events, mk_summary *summary, mk_error *reterr);

/* Both. Counts sources, damages and bytes into summary. *ret_total: bytes of all
 * inputs as stored, 0 if unknown. */
mk_err mk_source_each(const mk_clean_options *options, const mk_read_options *read,
                      const mk_source_events *events, mk_summary *summary, uint64_t *ret_total,
                      mk_error *reterr);

/* Makes a document of a record: copies its bytes, sets seq, number, source and
 * the default id. ret_bytes NULL: no copy, since they are parsed at once. MK_NOMEM. */
mk_err mk_source_doc(const mk_source *source, const mk_record *record, const char *reason,
                     uint64_t seq, mk_arena *arena, mk_str *ret_bytes, mk_str *ret_where,
                     mk_doc *ret);

#endif
