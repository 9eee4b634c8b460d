/* engine.h: a text while operations run over it. Private to the engine: steps.c runs
 * steps, placeholders.c holds spans, rounds.c runs a form over a text as one, by_piece.c
 * over pieces of a line, by_line.c over the lines; engine.c has the functions of text.h. */
#ifndef MK_ENGINE_H
#define MK_ENGINE_H

#include "text/operations.h"
#include "text/screen.h"
#include "text/search.h"
#include "text/trace.h"

/* Which of train's steps are an operation's, and which hold and release: bit i is step i. */
typedef struct mk_step_bits {
    uint64_t of[64], hold;
} mk_step_bits;

struct mk_normalizer {
    mk_arena *arena;
    mk_buf text[2];
    mk_buf spans, held_bytes;
    mk_buf document;      /* after the steps of the whole document, where there are such */
    mk_buf lines, folded; /* results, where lines are run by themselves: of train, of search */
    mk_buf spots;         /* mk_spot: where there is work */
    mk_drafts drafts;
    mk_trace trace;
    mk_screen screen;
    mk_search_table folds[2]; /* of other languages; of Arabic */
    bool simd;
    bool whole;                        /* texts are run as one always: for tests */
    bool has_screen, has_folds;        /* of the last language; made when first asked for */
    uint64_t operations[MK_FORM_ONLY]; /* of each form */
    mk_step_bits steps;
};

typedef struct mk_run {
    mk_normalizer *n;
    const mk_norm_options *options;
    mk_pass_context context;
    mk_str text;
    uint64_t needs;  /* operations that may change text as it reads now */
    uint64_t seen;   /* all that a part has needed */
    uint64_t always; /* operations that the screen does not know */
    uint64_t never;  /* operations that what stands around text speaks against */
    unsigned other;  /* the buffer that text is not in */
    bool traced, changed;
    bool is_part;     /* text is a line of a document, or less */
    bool ticks;       /* there may be back quotes in the document */
    bool ampersand;   /* train has begun with one */
    bool line;        /* a part shows that its line must be run as one */
    bool blank_lines; /* there may be too many */
    bool whole;       /* a part shows that the document must be run as one */
    bool letters;     /* a part shows letters that depend on others */
    mk_err err;
} mk_run;

/* What runs of train and what beside it. */
typedef struct mk_plan {
    uint64_t train, wanted, search;
} mk_plan;

/* ---- engine.c ---- */

/* Where in text, which is lines parted by LF, options may find work, *ret_n spots of it, lent
 * till the next call: lines without one, and without blanks at their ends, stay as they
 * are. False: only running each line can tell. */
bool mk_norm_find(mk_normalizer *normalizer, const mk_norm_options *options, mk_str text,
                  const mk_spot **ret, size_t *ret_n);

/* ---- steps.c ---- */

/* True if there may be code or addresses in text. */
bool mk_may_be_code(mk_str text);

/* Writes run's text with patches applied into the other buffer, in the name of
 * operations (bits; none: nobody is told). */
void mk_run_apply(mk_run *run, const mk_patches *patches, uint64_t operations);

/* What text, or a part of it, needs, of what the screen has found in it. */
uint64_t mk_run_needs(const mk_run *run, mk_str text, uint64_t screened);

/* Sets what the text needs as it reads now. */
void mk_run_screen(mk_run *run);

/* True if the pass had something to patch. */
bool mk_run_patch(mk_run *run, mk_pass *pass, unsigned op);

/* One step, or those up to MK_STEP_END that are enabled (bits), as far as the text
 * needs them. */
void mk_run_step(mk_run *run, const mk_norm_step *step);
void mk_run_steps(mk_run *run, const mk_norm_step *steps, uint64_t enabled);

/* ---- placeholders.c ---- */

/* Replaces the spans that pass finds by placeholders. Private characters that stand
 * in the text although nobody removed them must be held before. */
void mk_run_hold(mk_run *run, mk_pass *pass);
void mk_run_hold_private(mk_run *run);

/* Puts back what placeholders stand for; true if there were any. */
bool mk_run_release(mk_run *run);

/* The steps that look at the whole document: the first ones of train. */
void mk_run_document_steps(mk_run *run, const mk_plan *plan);

/* ---- rounds.c ---- */

void mk_step_bits_init(mk_step_bits *bits);

mk_plan mk_plan_of(const uint64_t *operations, const mk_norm_options *options);

/* Train's steps until a round changes nothing, of a text whose needs are known. True if
 * there was something to change. */
bool mk_run_train(mk_run *run, const mk_plan *plan);

/* The text as one. */
void mk_run_whole(mk_run *run, const mk_plan *plan);

/* ---- by_piece.c ---- */

/* A line with work in it. */
typedef struct mk_line_work {
    mk_str document;
    size_t from, to;      /* the line */
    const mk_spot *spots; /* on it */
    size_t n_spots;
    uint64_t needs; /* of all of these */
} mk_line_work;

/* Runs train over the line. If that changes it, what stands in the document from *copied
 * on and what came of the line are appended to lines. */
void mk_run_train_line(mk_run *run, const mk_plan *plan, const mk_line_work *work, size_t *copied);

/* Appends the search form of a line, of which train has nothing more to change, to
 * folded. slow: not by the table. */
void mk_run_fold_line(mk_run *run, const mk_plan *plan, mk_str line, bool slow);

/* ---- by_line.c ---- */

/* The text line by line where it can be, else as one. */
void mk_run_form(mk_run *run);

#endif
