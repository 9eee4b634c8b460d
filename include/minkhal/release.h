/* release.h: from cleaned documents to a data set that others can load, check and trust
 * (docs/RELEASES.md). Nothing prints, nothing exits. What options need is marked as in
 * minkhal.h. */
#ifndef MINKHAL_RELEASE_H
#define MINKHAL_RELEASE_H

#include <signal.h>

#include "minkhal/minkhal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- pack ---- */

typedef struct mk_pack_options {
    const char *const *inputs; /* needed: JSONL files as mk_clean writes them, alone or compressed,
                                  and folders of runs, or one release; n_inputs of them */
    size_t n_inputs;
    const char *output;      /* needed: a folder, or .tar, .tar.gz, .tar.zst, .zip by its name */
    const char *metadata;    /* a file of YAML or JSON, or NULL */
    const char *split;       /* "train=98,validation=1,test=1"; NULL: all is train */
    const char *salt;        /* of the splits; NULL: "" */
    const char *group_field; /* what keeps documents in one split; NULL: "metadata.cluster" */
    const char *schema;    /* of the lines that are written: "flat", "dolma", ... (docs/FORMATS.md,
                                "Schemas"); inputs may be of it or of flat. NULL: "flat" */
    const char *croissant; /* "1.0", "1.1"; NULL: "1.0" */
    const char *codec;     /* "gz", "zst"; NULL: "gz" */
    const char *ledger;    /* a ledger to put in, the folder of a run, or "auto": those of the
                                inputs, which are runs; NULL: none */
    const char *audit;     /* verdicts of mk_audit_*: the card quotes how often a removal was wrong;
                          NULL: audit.jsonl of the one run that is packed, if it has one */
    uint64_t shard_size;   /* bytes as stored; 0: 256 MiB */
    int level;             /* of the codec; 0: its own, and members are copied where they can be */
    int64_t epoch;         /* seconds: the times in a tar, and the date where none is told */
    bool has_epoch;        /* else 0 and none */
    bool strict;           /* MK_OPTION where metadata is missing that only people know */
    bool force;            /* replace an output that is there: a file, or a release */
    unsigned threads;      /* as mk_clean */
    const volatile sig_atomic_t *stop;
    void (*on_message)(void *arg, const char *text); /* may be NULL */
    /* Now and then, on the calling thread: bytes_in, total_bytes, n_in and source. */
    void (*on_progress)(void *arg, const mk_progress *progress);
    void *arg;
} mk_pack_options;

typedef struct mk_release_summary {
    uint64_t n_documents, n_shards, n_members, n_files;
    uint64_t content_bytes, stored_bytes; /* of the shards */
    uint64_t n_copied;                    /* members that stayed as they were */
    uint64_t n_taken;                     /* documents that mk_takedown left out */
    uint64_t n_lacking;                   /* entries of its list that are of no document */
    uint64_t same_ids;                    /* documents whose id another one has too */
    uint64_t n_lacks;                     /* members of the metadata that the card asks for */
} mk_release_summary;

/* Makes a release. The same inputs and options make the same bytes, whatever the number
 * of threads, the folder, the time. MK_DAMAGED: an input cannot be read, or a line of it
 * is no document: the text names it. Nothing stands under the final name then.
 *
 * A release, alone, is packed again: its documents as they are, what it says of itself anew.
 * metadata, croissant and audit stay where none are given. MK_OPTION: an option asks for
 * other documents or shards. MK_MISMATCH: a file is not what the manifest says, or the
 * release is of another version. */
MK_API mk_err mk_pack(const mk_pack_options *options, mk_release_summary *ret, mk_error *reterr);

/* ---- verify ---- */

typedef struct mk_verify_options {
    const char *release; /* needed: a folder or an archive that mk_pack made */
    unsigned threads;    /* as mk_clean */
    const volatile sig_atomic_t *stop;
    void (*on_message)(void *arg, const char *text); /* may be NULL */
    void *arg;
} mk_verify_options;

/* Checks all that a release says of itself against what it holds: names, digests, sizes,
 * counts, members, splits, ids, the frame of an archive. MK_MISMATCH with the first thing
 * that is wrong, by name. Hidden names and empty folders in a folder are passed over, with a
 * message. */
MK_API mk_err mk_verify_release(const mk_verify_options *options, mk_release_summary *ret,
                                mk_error *reterr);

/* True if path may be a release: a folder with a manifest.json, a tar or a zip by its
 * content, a compressed tar by its name. */
MK_API bool mk_release_is(const char *path);

/* ---- get ---- */

/* Shows each document of these ids, as the line that it is, in the order of the ids,
 * until `show` returns false. An id that no document has is told to `lacks`. Reads the
 * members that hold them and no others. */
typedef struct mk_get_options {
    const char *release;    /* needed */
    const char *const *ids; /* n_ids of them */
    size_t n_ids;
    bool (*show)(void *arg, mk_str line);     /* needed: without LF; lent for the call */
    void (*lacks)(void *arg, const char *id); /* may be NULL */
    const volatile sig_atomic_t *stop;        /* as mk_clean */
    void *arg;
} mk_get_options;

/* *ret_lacking: ids that no document has. MK_MISMATCH: the release is damaged. */
MK_API mk_err mk_get(const mk_get_options *options, uint64_t *ret_lacking, mk_error *reterr);

/* ---- takedown ---- */

typedef struct mk_takedown_options {
    const char *release;            /* needed: the old one */
    const char *output;             /* needed: the new one, as that of mk_pack */
    const char *ids, *hosts, *urls; /* a file of lines (docs/RELEASES.md, "Take documents
                                       down"); one of the three is needed, and no more */
    const char *reason;             /* needed: words for people, kept in the manifest */
    int64_t epoch;                  /* as that of mk_pack */
    bool force;
    unsigned threads; /* as mk_clean */
    const volatile sig_atomic_t *stop;
    void (*on_message)(void *arg, const char *text);
    /* Told, when the release is there, each entry of the list that named no document, as it
     * stands in its line; may be NULL. */
    void (*lacks)(void *arg, uint64_t line, mk_str entry);
    void *arg;
} mk_takedown_options;

/* Makes a release of the documents that the list does not name. Members without any of
 * those stay as they are, and so do splits. MK_OPTION: the list is empty, has a line that is
 * no entry, names no document, or names all. */
MK_API mk_err mk_takedown(const mk_takedown_options *options, mk_release_summary *ret,
                          mk_error *reterr);

#ifdef __cplusplus
}
#endif

#endif
