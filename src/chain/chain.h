/* chain.h: a profile or a list of words as steps that are ready to run. */
#ifndef MK_CHAIN_H
#define MK_CHAIN_H

#include "base/buf.h"
#include "base/checksum.h"
#include "doc/match.h"
#include "doc/sites.h"
#include "minkhal/minkhal.h"

/* A file that an option of a step names. */
typedef struct mk_step_file {
    char *option; /* owned; as given: FILE, of lexicons also +FILE; NULL: none */
    char sha256[MK_SHA256_HEX + 1];
} mk_step_file;

typedef struct mk_step {
    const mk_filter *filter;
    void *config;           /* owned */
    mk_lexicon *lexicon;    /* owned; NULL if the filter has none */
    mk_step_file *lexicons; /* owned; n_lexicons of them. A first one without + stands in the
                               place of the built-in lexicon, all others are added */
    size_t n_lexicons;
    mk_sites *sites; /* owned; NULL without a file */
    mk_step_file rules;
    bool prepared;
} mk_step;

struct mk_chain {
    mk_step steps[MK_MAX_STEPS];
    size_t n_steps;
    mk_matcher *matcher; /* of all steps' lexicons */
    char *text;          /* mk_chain_text; owned */
    char *profile;       /* the file of the profile, owned; NULL: it is built in */
    const char **files;  /* n_files that were read to open it; owned, the paths are lent */
    size_t n_files;
    bool simd; /* mk_has_simd() */
    bool gaps; /* it judges lines: mk_segment is to find those of a page
                            without line breaks */
};

enum {
    MK_RULE_BREAK = 1, /* rules of the filter `lines`, which ends every chain: */
    MK_RULE_END = 2    /* what the writer does to line breaks is in their name */
};

/* The file of an option of a step, without its +. */
const char *mk_step_path(const mk_step_file *file);

/* True if the built-in lexicon is read: there is no file, or they are added to it. */
bool mk_step_has_builtin(const mk_step *step);

/* Appends mk_chain_text, with the names of files alone: the same on every machine. */
void mk_chain_put(const mk_chain *chain, mk_buf *out);

/* The filter of that name, or NULL. */
const mk_filter *mk_filter_find(mk_str name);

#endif
