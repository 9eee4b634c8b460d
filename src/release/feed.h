/* feed.h: loads on their way through the pool: pushed in order, handed back in order. */
#ifndef MK_FEED_H
#define MK_FEED_H

#include <signal.h>

#include "release/load.h"
#include "release/volumes.h"

typedef struct mk_feed mk_feed;

typedef struct mk_feed_options {
    const mk_load_rules *rules; /* lent till close, as all here */
    unsigned threads;
    const volatile sig_atomic_t *stop; /* or NULL */
    /* A load came back, its work done; it is used again afterwards. */
    mk_err (*done)(void *arg, mk_load *load, mk_error *reterr);
    void *arg;
} mk_feed_options;

mk_err mk_feed_open(const mk_feed_options *options, mk_feed **ret, mk_error *reterr);
mk_pool *mk_feed_pool(mk_feed *feed);

/* Blocks for the pool come back to volumes. */
void mk_feed_volumes(mk_feed *feed, mk_volumes *volumes);

/* A load to be filled; NULL: out of memory. */
mk_load *mk_feed_load(mk_feed *feed);
void mk_feed_spare(mk_feed *feed, mk_load *load); /* it is not needed after all */

/* Gives it to the workers, takes back what is done. MK_STOPPED. */
mk_err mk_feed_push(mk_feed *feed, mk_load *load, mk_error *reterr);

/* Waits for all that is under way. */
mk_err mk_feed_drain(mk_feed *feed, mk_error *reterr);

/* Ends the threads, so that what jobs are of may be freed. */
void mk_feed_stop(mk_feed *feed);
void mk_feed_close(mk_feed *feed); /* takes NULL */

#endif
