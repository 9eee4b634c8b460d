/* chain.h: a profile or a list of words as steps that are ready to run. */
#ifndef MK_CHAIN_H
#define MK_CHAIN_H

#include "base/buf.h"
#include "base/checksum.h"
#include "doc/match.h"
#include "doc/sites.h"
#include "minkhal/minkhal.h"

typedef struct mk_step {
    const mk_filter *filter;
    void *config;         /* owned */
    mk_lexicon *lexicon;  /* owned; NULL if the filter has none */
    char *lexicon_option; /* owned; as given: FILE, +FILE; NULL: the built-in */
    mk_sites *sites;      /* owned; NULL without a file */
    char *sites_option;   /* owned; the file, or NULL */
    char lexicon_sha256[MK_SHA256_HEX + 1], sites_sha256[MK_SHA256_HEX + 1]; /* of the files */
    bool prepared;
} mk_step;

struct mk_chain {
    mk_step steps[MK_MAX_STEPS];
    size_t n_steps;
    mk_matcher *matcher; /* of all steps' lexicons */
    char *text;          /* mk_chain_text; owned */
    bool simd;           /* mk_has_simd() */
    bool gaps;           /* it judges lines: mk_segment is to find those of a page
                            without line breaks */
};

enum {
    MK_RULE_BREAK = 1, /* rules of the filter `lines`, which ends every chain: */
    MK_RULE_END = 2    /* what the writer does to line breaks is in their name */
};

/* Appends mk_chain_text, with the names of files alone: the same on every machine. */
void mk_chain_put(const mk_chain *chain, mk_buf *out);

/* The filter of that name, or NULL. */
const mk_filter *mk_filter_find(mk_str name);

#endif
