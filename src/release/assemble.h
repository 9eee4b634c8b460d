/* assemble.h: what stands beside the shards of a release, and its end. */
#ifndef MK_ASSEMBLE_H
#define MK_ASSEMBLE_H

#include "minkhal/release.h"
#include "release/ids.h"
#include "release/metadata.h"
#include "release/papers.h"
#include "release/stage.h"

/* Writes ids.idx, the papers, the manifest and the checksums, and commits. m has its
 * shards; its list of files (of which some may be written already) is completed. ids NULL:
 * ids.idx is among those.
 * strict: MK_OPTION where metadata is missing. *ret_lacks: how much of it is. */
mk_err mk_assemble(mk_stage *stage, const mk_papers *given, mk_manifest *m, const mk_ids *ids,
                   int64_t epoch, bool strict, uint64_t *ret_lacks, mk_error *reterr);

/* True for the files that mk_assemble makes of the manifest, metadata and figures. */
bool mk_assemble_is_paper(mk_str name);

/* The program and the libraries that decide about bytes. */
mk_err mk_assemble_program(mk_manifest *m, mk_error *reterr);

/* The digest of bytes, in hexadecimal. */
mk_err mk_assemble_digest(mk_str bytes, char out[MK_SHA256_HEX + 1], mk_error *reterr);

/* SHA256SUMS of all files but itself: sums of the manifest's bytes and of what it lists. */
mk_err mk_assemble_sums(const mk_manifest *m, mk_str manifest, mk_buf *out, mk_error *reterr);

/* What a release of that manifest is in figures. */
void mk_assemble_summary(const mk_manifest *m, mk_release_summary *ret);

/* Adds what the runs say of their rules to the figures and finishes them. MK_DAMAGED. */
mk_err mk_assemble_figures(const mk_manifest *m, mk_stats *stats, mk_error *reterr);

#endif
