/* filters.h: what filters are, to list them: their kinds, rules and options.
 *
 * A filter is a const descriptor, of one of three kinds:
 *   letters   changes letters inside lines, by operations on text (text.h),
 *             which are its rules.
 *   evidence  accuses lines: phrases of its lexicon, patterns of its own. It
 *             drops nothing.
 *   page      looks at the whole page: labels lines, sets zones, and (the one
 *             named verdict) decides which accused lines go. */
#ifndef MINKHAL_FILTERS_H
#define MINKHAL_FILTERS_H

#include "minkhal/doc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MK_FILTER_ABI = 1, /* of mk_filter, for who reads it with other headers than the library's */
    MK_MAX_STEPS = 64  /* steps in a chain: more is a mistake in a profile */
};

typedef enum mk_kind { MK_KIND_LETTERS, MK_KIND_EVIDENCE, MK_KIND_PAGE } mk_kind;

typedef enum mk_option_type {
    MK_OPTION_BOOL,    /* bool in the config; on, off */
    MK_OPTION_INT,     /* int64_t */
    MK_OPTION_REAL,    /* double */
    MK_OPTION_CHOICE,  /* int: the place of the word in choices */
    MK_OPTION_LEXICON, /* const mk_lexicon *: the built-in of that name, a file
                          beside it (NAME=+file) or instead of it (NAME=file) */
    MK_OPTION_SITES,   /* const mk_sites *: a file that `minkhal mine` wrote; NULL
                          without one */
    MK_OPTION_WORDS    /* uint32_t: a bit for each word of choices; words with commas
                          between them, or "all" */
} mk_option_type;

typedef struct mk_option {
    const char *name; /* NULL ends the table */
    const char *help;
    mk_option_type type;
    size_t offset;        /* of the field in the filter's config */
    double def, min, max; /* bool: 0 or 1; choice: a place in choices; words: the bits */
    const char *choices;  /* CHOICE, WORDS: words with | between them; of WORDS 32 at most */
    const char *lexicon;  /* LEXICON: the built-in to start from */
} mk_option;

typedef struct mk_lexicon mk_lexicon; /* phrases; see src/doc/lexicon.h */
typedef struct mk_sites mk_sites;     /* site rules; see src/doc/sites.h */
typedef struct mk_edit mk_edit;       /* one step's pen on one document */

/* To be listed and asked for its name, rules and options. What it does is for chains to call:
 * see filter.h in the sources. */
typedef struct mk_filter {
    uint32_t abi; /* MK_FILTER_ABI */
    const char *name, *summary;
    mk_kind kind;
    const mk_rule *rules;
    const mk_option *options; /* may be NULL */
    size_t config_size;       /* bytes; zeroed, then the options' defaults */

    /* Once, after the options are set; may be NULL. */
    mk_err (*prepare)(void *config, mk_error *reterr);
    /* Works on a document. MK_OK or MK_NOMEM. */
    mk_err (*apply)(const void *config, mk_edit *edit);
    /* Undoes prepare; may be NULL. */
    void (*release)(void *config);
} mk_filter;

#ifdef __cplusplus
}
#endif

#endif
