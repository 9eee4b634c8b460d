/* chain.h: a profile or a list of words as steps that are ready to run. */
#ifndef MK_CHAIN_H
#define MK_CHAIN_H

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
    bool prepared;
} mk_step;

struct mk_chain {
    mk_step steps[MK_MAX_STEPS];
    size_t n_steps;
    mk_matcher *matcher; /* of all steps' lexicons */
    char *text;          /* mk_chain_text; owned */
    bool gaps;           /* it judges lines: mk_segment is to find those of a page
                            without line breaks */
};

enum {
    MK_RULE_BREAK = 1, /* rules of the filter `lines`, which ends every chain: */
    MK_RULE_END = 2    /* what the writer does to line breaks is in their name */
};

/* The filter of that name, or NULL. */
const mk_filter *mk_filter_find(mk_str name);

#endif
