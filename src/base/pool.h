/* pool.h: the only threads. Jobs are done in any order and handed back in the
 * order in which they were pushed, so that the bytes of a run do not depend on
 * their number. With 0 workers a job is done where it is pushed. */
#ifndef MK_POOL_H
#define MK_POOL_H

#include "minkhal/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct mk_pool mk_pool;

/* A job is the caller's; work is called on some thread, once. */
typedef struct mk_job {
    void (*work)(struct mk_job *job);
    struct mk_job *next; /* the pool's */
    bool done;           /* the pool's */
} mk_job;

/* n_workers threads; 0: none. *ret is owned by the caller. MK_NOMEM. */
mk_err mk_pool_open(unsigned n_workers, mk_pool **ret, mk_error *reterr);

/* Gives job to the workers. Never blocks: the caller bounds what it pushes. */
void mk_pool_push(mk_pool *pool, mk_job *job);

/* Jobs pushed and not yet pulled. */
size_t mk_pool_pending(const mk_pool *pool);

/* The oldest job not yet pulled, done (waits for it); NULL if there is none. */
mk_job *mk_pool_pull(mk_pool *pool);

/* True if pull would not wait. */
bool mk_pool_ready(mk_pool *pool);

void mk_pool_close(mk_pool *pool); /* finishes what was pushed; takes NULL */

#endif
