/* splits.h: which part of a release a document belongs to. A function of the salt and
 * the document's group alone: other documents, their order and number do not matter,
 * so a document stays where it is when the corpus grows. */
#ifndef MK_SPLITS_H
#define MK_SPLITS_H

#include "base/arena.h"

enum {
    MK_SPLITS_MAX = 32,      /* splits: more than anyone keeps apart */
    MK_SPLIT_NAME = 32,      /* bytes with NUL: they are parts of file names */
    MK_SPLIT_UNIT = 1000000, /* parts of 1: fractions have six places */
};

typedef struct mk_splits {
    struct {
        char name[MK_SPLIT_NAME];
        uint32_t part; /* of MK_SPLIT_UNIT; the sum is MK_SPLIT_UNIT */
    } items[MK_SPLITS_MAX];
    size_t n;
} mk_splits;

/* "train=98,validation=1,test=1": shares of their sum. NULL: all is train. Names are
 * lower-case letters, digits, _ and points between them. MK_OPTION. */
mk_err mk_splits_parse(const char *text, mk_splits *ret, mk_error *reterr);

/* True for a name as it says there. */
bool mk_splits_is_name(mk_str name);

/* The first 64 bits of SHA-256(salt, key), big-endian, over 2^64 against the sums of
 * the parts. False if the digest cannot be computed. */
bool mk_splits_pick(const mk_splits *splits, mk_str salt, mk_str key, size_t *ret);

#endif
