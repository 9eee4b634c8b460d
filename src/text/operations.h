/* operations.h: what operations there are, and in which order they run. */
#ifndef MK_OPERATIONS_H
#define MK_OPERATIONS_H

#include "text/pass.h"

/* In the order in which MK_FORM_ONLY runs them. */
typedef enum mk_operation {
    MK_OP_HTML_ENTITIES,
    MK_OP_MOJIBAKE,
    MK_OP_NEWLINE,
    MK_OP_CONTROL,
    MK_OP_NONCHAR,
    MK_OP_PUA,
    MK_OP_SPACES,
    MK_OP_CODE_PROTECT,
    MK_OP_VISUAL_ORDER,
    MK_OP_PRES_FORMS,
    MK_OP_ALLAH_LIG,
    MK_OP_BOM,
    MK_OP_BIDI,
    MK_OP_INVISIBLE,
    MK_OP_NFC,
    MK_OP_DUP_MARKS,
    MK_OP_MARK_CAP,
    MK_OP_TASHKEEL,
    MK_OP_HARAKAT,
    MK_OP_QURAN_PROTECT,
    MK_OP_QURAN_ONLY,
    MK_OP_ZWNJ,
    MK_OP_LETTERS,
    MK_OP_ZWJ,
    MK_OP_TATWEEL,
    MK_OP_TANWEEN_AFTER,
    MK_OP_TANWEEN_BEFORE,
    MK_OP_QUOTE_REPAIR,
    MK_OP_PUNCT_SPACE,
    MK_OP_REPEAT_PUNCT,
    MK_OP_ELONGATION_CAP,
    MK_OP_WORD_LIG,
    MK_OP_PUNCT_ARABIC,
    MK_OP_PUNCT_ASCII,
    MK_OP_NFKC,
    MK_OP_CASEFOLD,
    MK_OP_ZERO_WIDTH,
    MK_OP_TATWEEL_ALL,
    MK_OP_QURAN_MARKS,
    MK_OP_ALL_MARKS,
    MK_OP_SCRIPT_FOLD,
    MK_OP_ALEF_FOLD,
    MK_OP_ALEF_MAKSURA_FOLD,
    MK_OP_TEH_MARBUTA_FOLD,
    MK_OP_HAMZA_FOLD,
    MK_OP_NUMBER_SEP,
    MK_OP_DIGITS_ASCII,
    MK_OP_DIGITS_ARAB,
    MK_OP_DIGITS_PERSIAN,
    MK_OP_ELONGATION_FOLD,
    MK_OP_WHITESPACE,
    MK_OP_SHADDA_FIRST,
    MK_OP_QCF_FLAG, /* changes nothing: see doc/flags.h */
    MK_N_OPERATIONS
} mk_operation;

#define MK_OP_BIT(op) (UINT64_C(1) << (op))

enum { MK_MAX_PASSES = 4 /* of an operation */ };

/* What the engine does at a step beside running passes. */
typedef enum mk_step_kind {
    MK_STEP_PASSES,
    MK_STEP_HOLD,    /* passes find spans: placeholders take their place */
    MK_STEP_RELEASE, /* placeholders that this operation has put go */
    MK_STEP_END
} mk_step_kind;

typedef struct mk_norm_step {
    uint8_t op; /* mk_operation: what the ledger says */
    uint8_t kind;
    bool arabic_only; /* of text in Arabic */
    mk_pass *passes[MK_MAX_PASSES];
} mk_norm_step;

/* The steps of a form, MK_STEP_END ends. Those of search follow train's. */
extern const mk_norm_step mk_train_steps[], mk_wanted_steps[], mk_search_steps[],
    mk_preserve_steps[];

/* The passes of an operation that runs by itself. */
extern const mk_norm_step mk_single_steps[MK_N_OPERATIONS];

#endif
