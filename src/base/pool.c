/* pool.c: one list of jobs in push order, under one mutex. The pool's owner
 * appends at its end and takes from its start; workers walk it with a pointer
 * to the oldest job that nobody has taken. The owner is one thread: it alone
 * opens, pushes, pulls and closes. Refuses nothing: a thread that cannot be
 * started is done without, and the result is the same.
 *
 * Started jobs stand in a list of their own till somebody takes them. Who wants
 * one that nobody has taken does it himself, so that nobody ever waits for a job
 * that has not begun: jobs that finish others cannot lock each other out. */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/pool.h"
#include "minkhal/minkhal.h"

struct mk_pool {
    pthread_mutex_t lock;     /* of all that workers see */
    pthread_cond_t has_work;  /* untaken or closing was set */
    pthread_cond_t has_first; /* first is done */
    pthread_cond_t has_side;  /* a started job is done */
    mk_job *first, *last;     /* pushed, not pulled; NULL: none */
    mk_job *untaken;          /* of those, the oldest that no worker has */
    mk_job *side;             /* started, not taken, the oldest first; few */
    bool closing;
    unsigned n_running; /* workers that have a number */
    size_t n_pending;   /* the owner's alone, like n_threads */
    unsigned n_threads;
    pthread_t *threads; /* owned; room for as many as were asked for */
};

/* Does a started job that was just taken off its list. With the lock held. */
static void do_side(mk_pool *pool, mk_job *job)
{
    job->taken = true;
    pthread_mutex_unlock(&pool->lock);
    job->work(job);
    pthread_mutex_lock(&pool->lock);
    job->done = true;
    pthread_cond_broadcast(&pool->has_side);
}

static void do_pushed(mk_pool *pool, mk_job *job, unsigned number)
{
    job->worker = number;
    pthread_mutex_unlock(&pool->lock);
    job->work(job);
    pthread_mutex_lock(&pool->lock);
    job->done = true;
    if (job == pool->first)
        pthread_cond_signal(&pool->has_first);
}

static void *worker(void *arg)
{
    mk_pool *const pool = arg;
    unsigned number;

    pthread_mutex_lock(&pool->lock);
    number = pool->n_running++;
    for (;;) {
        while (!pool->side && !pool->untaken && !pool->closing)
            pthread_cond_wait(&pool->has_work, &pool->lock);
        mk_job *const side = pool->side, *const job = pool->untaken;
        if (side) {
            pool->side = side->next;
            do_side(pool, side);
        } else if (job) {
            pool->untaken = job->next;
            do_pushed(pool, job, number);
        } else {
            break; /* closing, and nothing is left to do */
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Starts up to n_workers threads, without the signals that are sent to the
 * process: the owner is to get those. A fault stays with the thread it is of. */
static void start_threads(mk_pool *pool, unsigned n_workers)
{
    static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, SIGSYS};
    sigset_t blocked, before;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        sigdelset(&blocked, faults[i]);
    if (pthread_sigmask(SIG_SETMASK, &blocked, &before) != 0)
        return;
    while (pool->n_threads < n_workers &&
           pthread_create(&pool->threads[pool->n_threads], NULL, worker, pool) == 0)
        pool->n_threads++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

mk_err mk_pool_open(unsigned n_workers, mk_pool **ret, mk_error *reterr)
{
    mk_pool *const pool = calloc(1, sizeof(*pool));

    if (!pool)
        goto failed;
    if (n_workers > 0) {
        pool->threads = calloc(n_workers, sizeof(*pool->threads));
        if (!pool->threads)
            goto free_pool;
    }
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        goto free_pool;
    if (pthread_cond_init(&pool->has_work, NULL) != 0)
        goto free_lock;
    if (pthread_cond_init(&pool->has_first, NULL) != 0)
        goto free_has_work;
    if (pthread_cond_init(&pool->has_side, NULL) != 0)
        goto free_has_first;
    start_threads(pool, n_workers);
    *ret = pool;
    return MK_OK;

free_has_first:
    pthread_cond_destroy(&pool->has_first);
free_has_work:
    pthread_cond_destroy(&pool->has_work);
free_lock:
    pthread_mutex_destroy(&pool->lock);
free_pool:
    free(pool->threads);
    free(pool);
failed:
    return mk_fail(reterr, MK_NOMEM, "out of memory for %u workers", n_workers);
}

unsigned mk_pool_threads_for(unsigned n)
{
    const long have = n > 0 ? (long)n : sysconf(_SC_NPROCESSORS_ONLN);

    return have < 1 ? 1 : have > MK_MAX_THREADS ? MK_MAX_THREADS : (unsigned)have;
}

unsigned mk_pool_threads(const mk_pool *pool)
{
    return pool->n_threads;
}

unsigned mk_pool_width(const mk_pool *pool)
{
    return pool->n_threads > 0 ? pool->n_threads : 1;
}

void mk_pool_push(mk_pool *pool, mk_job *job)
{
    job->next = NULL;
    job->done = false;
    job->worker = 0;
    if (pool->n_threads == 0) {
        job->work(job);
        job->done = true;
    }
    pthread_mutex_lock(&pool->lock);
    assert(!pool->closing);
    if (pool->last)
        pool->last->next = job;
    else
        pool->first = job;
    pool->last = job;
    if (!job->done) {
        if (!pool->untaken)
            pool->untaken = job;
        pthread_cond_signal(&pool->has_work);
    }
    pthread_mutex_unlock(&pool->lock);
    pool->n_pending++;
}

size_t mk_pool_pending(const mk_pool *pool)
{
    return pool->n_pending;
}

mk_job *mk_pool_pull(mk_pool *pool)
{
    mk_job *job;

    pthread_mutex_lock(&pool->lock);
    job = pool->first;
    if (job) {
        while (!job->done)
            pthread_cond_wait(&pool->has_first, &pool->lock);
        pool->first = job->next;
        if (!pool->first)
            pool->last = NULL;
        job->next = NULL;
        pool->n_pending--;
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

bool mk_pool_ready(mk_pool *pool)
{
    bool ready;

    pthread_mutex_lock(&pool->lock);
    ready = !pool->first || pool->first->done;
    pthread_mutex_unlock(&pool->lock);
    return ready;
}

void mk_pool_start(mk_pool *pool, mk_job *job)
{
    mk_job **at;

    job->next = NULL;
    job->taken = job->done = false;
    pthread_mutex_lock(&pool->lock);
    for (at = &pool->side; *at; at = &(*at)->next)
        continue;
    *at = job;
    if (pool->n_threads > 0)
        pthread_cond_signal(&pool->has_work);
    pthread_mutex_unlock(&pool->lock);
}

void mk_pool_finish(mk_pool *pool, mk_job *job)
{
    mk_job **at;

    pthread_mutex_lock(&pool->lock);
    if (!job->taken) {
        for (at = &pool->side; *at != job; at = &(*at)->next)
            continue;
        *at = job->next;
        do_side(pool, job);
    }
    while (!job->done)
        pthread_cond_wait(&pool->has_side, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void mk_pool_close(mk_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->has_work);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->has_side);
    pthread_cond_destroy(&pool->has_first);
    pthread_cond_destroy(&pool->has_work);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
}
