/* messages.h: what is said of records. Of a unit of input that is not verified yet it
 * waits: should the unit prove damaged, its records never were, and what was said of
 * them would mislead. Bounded: of an input the first hundred are told, of the rest their
 * number, so that each input that lost something is named. */
#ifndef MK_MESSAGES_H
#define MK_MESSAGES_H

#include "base/buf.h"

typedef struct mk_messages {
    void (*tell)(void *arg, const char *text); /* or NULL */
    void *arg;
    bool waiting;
    mk_buf input;                        /* its name, of which was spoken last */
    mk_buf held;                         /* NUL after each */
    uint64_t n_held;                     /* in held */
    uint64_t n_over;                     /* of this unit, that found no room there */
    uint64_t n_told;                     /* of the input */
    uint64_t n_quiet;                    /* that were not told */
    uint64_t n_no_text, n_first_no_text; /* records without a member for their text: of all,
                                            and of the input, before any other record */
    bool no_text;                        /* an input begins with enough of them */
} mk_messages;

void mk_messages_init(mk_messages *m, void (*tell)(void *arg, const char *text), void *arg);
void mk_messages_clear(mk_messages *m); /* takes {0}; drops what waits */

void mk_messages_say(mk_messages *m, const char *text);

/* Says that record `number` of the input called `where` is bad, and why. */
void mk_messages_reject(mk_messages *m, mk_str where, uint64_t number, mk_str why);

/* True if inputs begin with records that have no member for their text, or none of the
 * n records that were read has one: it is called otherwise, then. */
bool mk_messages_no_text(const mk_messages *m, uint64_t n);

/* What is said from now on waits; what waited is told. */
void mk_messages_hold(mk_messages *m);

/* The unit is whole: what waits is told, and nothing waits any more. */
void mk_messages_release(mk_messages *m);

/* The unit is damaged: what waits is forgotten. */
void mk_messages_drop(mk_messages *m);

/* All is read: as mk_messages_release, then how many were not told. */
void mk_messages_end(mk_messages *m);

#endif
