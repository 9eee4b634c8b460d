/* manifest.h: what a release says of itself (docs/FORMATS.md, "Manifest"): how it came
 * about and what it holds, to the byte. */
#ifndef MK_MANIFEST_H
#define MK_MANIFEST_H

#include "base/arena.h"
#include "base/checksum.h"
#include "release/flat.h"
#include "release/splits.h"
#include "write/codec.h"

#define MK_MANIFEST_NAME "manifest.json"
#define MK_SUMS_NAME "SHA256SUMS"
#define MK_MANIFEST_FORMAT "minkhal release 1"

/* A gzip member or zstd frame of a shard. It ends where a line does. */
typedef struct mk_member {
    uint64_t offset, length; /* in the shard as stored */
    uint64_t content;        /* bytes of JSONL */
    uint64_t documents;
    uint64_t first; /* number of its first document in the shard, from 0 */
} mk_member;

typedef struct mk_part {
    char name[96]; /* "data/train-00000-of-00002.jsonl.gz" */
    size_t split;
    uint64_t bytes, content, documents;
    char sha256[MK_SHA256_HEX + 1], content_sha256[MK_SHA256_HEX + 1];
    mk_member *members; /* n_members of them, owned */
    size_t n_members, members_size;
} mk_part;

/* A file that was read, or one of the release that is no shard. */
typedef struct mk_file {
    mk_str name; /* without folders of the machine */
    uint64_t bytes, documents;
    char sha256[MK_SHA256_HEX + 1];
} mk_file;

typedef struct mk_files {
    mk_file *items; /* n of them, owned; names are the manifest's arena's */
    size_t n, size;
} mk_files;

/* What a takedown did. */
typedef struct mk_takedown_note {
    mk_str by, reason;  /* "ids", "hosts" or "urls"; words for people */
    uint64_t listed;    /* entries of the list */
    uint64_t documents; /* taken down */
    char list_sha256[MK_SHA256_HEX + 1], manifest_sha256[MK_SHA256_HEX + 1]; /* of the old one */
} mk_takedown_note;

/* The run that made inputs. */
typedef struct mk_run_note {
    mk_str report; /* run.json, an object */
    char sha256[MK_SHA256_HEX + 1];
} mk_run_note;

/* What people said of removals: verdicts, and how many of them were wrong, in millionths
 * with the bounds of 95 %. */
typedef struct mk_audit_note {
    uint64_t removals, right, wrong, unsure; /* removals by the rules that were judged */
    uint64_t rate, low, high;
    char sha256[MK_SHA256_HEX + 1]; /* of the file of verdicts; empty: there is none */
} mk_audit_note;

typedef struct mk_manifest {
    mk_arena *arena;           /* owned: of all text */
    mk_str version, libraries; /* of the program that made it; the latter an object */
    mk_str metadata;           /* an object: what --metadata said */
    mk_run_note *runs;         /* n_runs of them, owned: of the run folders */
    size_t n_runs;
    mk_str schema, croissant, salt, group_field;
    mk_codec codec;
    uint64_t level, shard_size;
    mk_splits splits;
    mk_flat_counts counts[MK_SPLITS_MAX]; /* of each split */
    uint64_t content[MK_SPLITS_MAX];      /* bytes of JSONL of each */
    uint64_t same_ids;                    /* documents whose id another one has too */
    uint64_t ledger[6]; /* its records, as in mk_run_count_names; zeros: there is none */
    mk_audit_note audit;
    mk_files inputs, files;
    mk_part *parts; /* n_parts of them, owned: by split, then by number */
    size_t n_parts, parts_size;
    mk_takedown_note *takedowns; /* n_takedowns of them, owned: the oldest first */
    size_t n_takedowns;
} mk_manifest;

mk_err mk_manifest_init(mk_manifest *m, mk_error *reterr);
void mk_manifest_clear(mk_manifest *m); /* takes {0} */

/* A file at the end of the list, zeroed, its name copied. NULL if out of memory. */
mk_file *mk_manifest_file(mk_manifest *m, mk_files *files, mk_str name);
mk_part *mk_manifest_part(mk_manifest *m); /* likewise */
mk_takedown_note *mk_manifest_takedown(mk_manifest *m);
mk_run_note *mk_manifest_run(mk_manifest *m);
mk_member *mk_part_member(mk_part *part);

/* The sum over all splits. */
mk_flat_counts mk_manifest_counts(const mk_manifest *m);

/* Of its lines: one there is, in what was read or made. */
const mk_schema *mk_manifest_schema(const mk_manifest *m);

/* "gz", "zst". */
const char *mk_manifest_codec(mk_codec codec);

/* Appends the file's text. */
void mk_manifest_put(const mk_manifest *m, mk_buf *out);

/* Reads one; *ret must be cleared either way. MK_MISMATCH: text is none, and why. */
mk_err mk_manifest_read(mk_str text, mk_manifest *ret, mk_error *reterr);

/* What must hold between its numbers: offsets follow one another, sums are right,
 * what came in is there or was taken down. MK_MISMATCH with what is wrong. */
mk_err mk_manifest_check(const mk_manifest *m, mk_error *reterr);

/* True if one of its files has a name that begins so. */
bool mk_manifest_has(const mk_manifest *m, const char *prefix);

#endif
