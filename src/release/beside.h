/* beside.h: what goes beside the documents of a release, in step with them: the ledger, a
 * file a split; attributes, a file a shard; the report. What is read of a ledger is checked
 * against the documents: each of its lines is of one of them or of a record that was
 * not written, and gives the text back that was read. */
#ifndef MK_BESIDE_H
#define MK_BESIDE_H

#include <signal.h>

#include "run/attributes.h"
#include "release/container.h"
#include "release/load.h"
#include "release/manifest.h"
#include "release/report_count.h"
#include "release/sources.h"
#include "release/stage.h"

#define MK_REPORT_NAME "report.html"

typedef struct mk_beside mk_beside;

typedef struct mk_beside_options {
    mk_stage *stage; /* takes what is made; NULL: it is checked only */
    const mk_splits *splits;
    mk_codec codec;
    bool ledger, report; /* to be made, of the ledger that is read */
    bool attributes;     /* likewise, or those that are read */
    bool takedown;       /* texts that are not in the release leave all of it */
    const volatile sig_atomic_t *stop;
} mk_beside_options;

mk_err mk_beside_open(const mk_beside_options *options, mk_beside **ret, mk_error *reterr);
void mk_beside_close(mk_beside *beside); /* takes NULL */

/* From here on documents are those of this ledger. files is lent till the next. */
mk_err mk_beside_ledger(mk_beside *beside, mk_pair_files files, mk_error *reterr);

/* No document of it is left. MK_MISMATCH: but in the ledger. */
mk_err mk_beside_ledger_end(mk_beside *beside, mk_error *reterr);

/* From here on documents have these attributes, a line each. Takes stream. */
mk_err mk_beside_lines(mk_beside *beside, mk_stream *stream, const char *name, mk_error *reterr);
mk_err mk_beside_lines_end(mk_beside *beside, mk_error *reterr); /* likewise */

/* The same for a part of a release: its documents come next. Both of it if it has them. */
mk_err mk_beside_part(mk_beside *beside, mk_container *c, const mk_manifest *m, size_t part,
                      mk_error *reterr);
mk_err mk_beside_part_end(mk_beside *beside, mk_error *reterr); /* behind its last load */

/* Behind the last part. */
mk_err mk_beside_parts_end(mk_beside *beside, mk_error *reterr);

/* True if the release has a ledger, or attributes. */
bool mk_beside_has_ledger(const mk_manifest *m);
bool mk_beside_has_attributes(const mk_manifest *m);

/* The documents of a load, in order. name: of the file, for errors; before: its lines
 * before the load. MK_MISMATCH: they do not belong to ledger or attributes. */
mk_err mk_beside_load(mk_beside *beside, const mk_load *load, const char *name, uint64_t before,
                      mk_error *reterr);

/* n documents of a split went to that shard. For mk_volumes_options. */
mk_err mk_beside_block(void *beside, size_t split, size_t shard, uint64_t n, mk_error *reterr);

/* Files are whole, named and listed in m; so are the numbers of the ledger. name: what the
 * release is called, for the report; or empty. */
mk_err mk_beside_finish(mk_beside *beside, mk_manifest *m, mk_str name, mk_error *reterr);

/* Records of the ledger: in, written, ... */
const uint64_t *mk_beside_counts(const mk_beside *beside);

/* "ledger/train.jsonl.gz" */
int mk_beside_ledger_name(const char *split, mk_codec codec, char *out, size_t size);

/* "attributes/minkhal": the folder of attributes. */
#define MK_ATTRIBUTES_FOLDER "attributes/minkhal"

#endif
