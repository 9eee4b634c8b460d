/* pool.h: the only threads. Jobs are done in any order and handed back in the
 * order in which they were pushed, so that the bytes of a run do not depend on
 * their number. With 0 workers a job is done where it is pushed.
 *
 * Beside that order stand jobs that are started and finished one by one: what is
 * wanted soon, read ahead of the rest. */
#ifndef MK_POOL_H
#define MK_POOL_H

#include "minkhal/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct mk_pool mk_pool;

/* How many threads options ask for with n: 0, as many as the machine runs. 1 to
 * MK_MAX_THREADS. */
unsigned mk_pool_threads_for(unsigned n);

/* A job is the caller's; work is called on some thread, once. */
typedef struct mk_job {
    void (*work)(struct mk_job *job);
    unsigned worker;     /* of a job that was pushed, while it works: a number below
                    mk_pool_width, of no other job at that time */
    struct mk_job *next; /* the pool's */
    bool taken, done;    /* the pool's */
} mk_job;

/* n_workers threads; 0: none. *ret is owned by the caller. MK_NOMEM. */
mk_err mk_pool_open(unsigned n_workers, mk_pool **ret, mk_error *reterr);

unsigned mk_pool_threads(const mk_pool *pool); /* that could be started */
unsigned mk_pool_width(const mk_pool *pool);   /* the same, at least 1 */

/* Gives job to the workers. Never blocks: the caller bounds what it pushes. */
void mk_pool_push(mk_pool *pool, mk_job *job);

/* Jobs pushed and not yet pulled. */
size_t mk_pool_pending(const mk_pool *pool);

/* The oldest job not yet pulled, done (waits for it); NULL if there is none. */
mk_job *mk_pool_pull(mk_pool *pool);

/* True if pull would not wait. */
bool mk_pool_ready(mk_pool *pool);

/* Gives job to the workers, which take it before all that was pushed. Each job
 * that was started must be finished: waits for it, or does it here if no worker
 * has begun it. Any thread may call them, also from within a job. */
void mk_pool_start(mk_pool *pool, mk_job *job);
void mk_pool_finish(mk_pool *pool, mk_job *job);

void mk_pool_close(mk_pool *pool); /* finishes what was pushed; takes NULL */

#endif
