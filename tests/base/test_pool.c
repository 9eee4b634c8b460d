/* test_pool.c: jobs done in any order, handed back in one. Also built with
 * -fsanitize=thread. */
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "base/pool.h"
#include "minkhal/minkhal.h"
#include "support.h"

static const unsigned workers[] = {0, 1, 2, 7};
enum { N_WORKERS = 4 };

typedef struct count_job {
    mk_job job; /* first: a pointer to it is one to this */
    unsigned length;
    unsigned n_done;
    uint64_t sum;
} count_job;

static void count(mk_job *job)
{
    count_job *const self = (count_job *)job;
    volatile uint64_t sum = 0;

    for (unsigned i = 1; i <= self->length; i++)
        sum += i;
    self->sum = sum;
    self->n_done++;
}

/* A length below 2^bits, the same in every run, mostly short. */
static unsigned next_length(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) & ((1u << (*state >> 60)) - 1);
}

static mk_pool *open_pool(unsigned n_workers)
{
    mk_pool *pool = NULL;
    mk_error error;

    ck_assert_int_eq(mk_pool_open(n_workers, &pool, &error), MK_OK);
    ck_assert_ptr_nonnull(pool);
    return pool;
}

enum { N_JOBS = 10000 };
static count_job jobs[N_JOBS];

static void setup(void)
{
    uint64_t state = 1;

    for (size_t i = 0; i < N_JOBS; i++)
        jobs[i] = (count_job){.job.work = count, .length = next_length(&state)};
}

static void check_done_once(const count_job *job)
{
    ck_assert_uint_eq(job->n_done, 1);
    ck_assert_uint_eq(job->sum, (uint64_t)job->length * (job->length + 1) / 2);
}

START_TEST(hands_back_in_push_order)
{
    mk_pool *const pool = open_pool(workers[_i]);

    for (size_t i = 0; i < N_JOBS; i++)
        mk_pool_push(pool, &jobs[i].job);
    for (size_t i = 0; i < N_JOBS; i++) {
        ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[i].job);
        check_done_once(&jobs[i]);
    }
    ck_assert_ptr_null(mk_pool_pull(pool));
    mk_pool_close(pool);
}
END_TEST

START_TEST(keeps_order_while_pushing_and_pulling)
{
    enum { BOUND = 20 };
    mk_pool *const pool = open_pool(workers[_i]);
    size_t n_pulled = 0;

    for (size_t i = 0; i < N_JOBS; i++) {
        mk_pool_push(pool, &jobs[i].job);
        while (mk_pool_pending(pool) > 0 &&
               (mk_pool_pending(pool) >= BOUND || mk_pool_ready(pool))) {
            ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[n_pulled].job);
            check_done_once(&jobs[n_pulled++]);
        }
    }
    while (mk_pool_pending(pool) > 0)
        ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[n_pulled++].job);
    ck_assert_uint_eq(n_pulled, N_JOBS);
    mk_pool_close(pool);
}
END_TEST

START_TEST(jobs_can_be_pushed_again)
{
    mk_pool *const pool = open_pool(workers[_i]);

    for (unsigned round = 1; round <= 500; round++) {
        mk_pool_push(pool, &jobs[0].job);
        mk_pool_push(pool, &jobs[1].job);
        ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[0].job);
        ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[1].job);
        ck_assert_uint_eq(jobs[1].n_done, round);
    }
    mk_pool_close(pool);
}
END_TEST

START_TEST(close_finishes_what_was_pushed)
{
    mk_pool *const pool = open_pool(workers[_i]);

    for (size_t i = 0; i < N_JOBS; i++)
        mk_pool_push(pool, &jobs[i].job);
    for (size_t i = 0; i < 10; i++)
        mk_pool_pull(pool);
    mk_pool_close(pool);
    for (size_t i = 0; i < N_JOBS; i++)
        check_done_once(&jobs[i]);
}
END_TEST

START_TEST(counts_what_is_pending)
{
    mk_pool *const pool = open_pool(workers[_i]);

    ck_assert_uint_eq(mk_pool_pending(pool), 0);
    for (size_t i = 0; i < 5; i++)
        mk_pool_push(pool, &jobs[i].job);
    ck_assert_uint_eq(mk_pool_pending(pool), 5);
    mk_pool_pull(pool);
    ck_assert_uint_eq(mk_pool_pending(pool), 4);
    mk_pool_close(pool);
}
END_TEST

START_TEST(empty_pool_is_ready_with_nothing)
{
    mk_pool *const pool = open_pool(workers[_i]);

    ck_assert(mk_pool_ready(pool));
    ck_assert_ptr_null(mk_pool_pull(pool));
    mk_pool_close(pool);
}
END_TEST

START_TEST(close_takes_null)
{
    mk_pool_close(NULL);
}
END_TEST

/* ---- which thread, and when ---- */

typedef struct thread_job {
    mk_job job;
    pthread_t thread;
    sigset_t blocked;
} thread_job;

static void note_thread(mk_job *job)
{
    thread_job *const self = (thread_job *)job;

    self->thread = pthread_self();
    pthread_sigmask(SIG_SETMASK, NULL, &self->blocked);
}

START_TEST(no_workers_means_at_once_and_here)
{
    mk_pool *const pool = open_pool(0);
    thread_job job = {.job.work = note_thread};

    mk_pool_push(pool, &job.job);
    ck_assert(pthread_equal(job.thread, pthread_self()));
    ck_assert(mk_pool_ready(pool));
    mk_pool_close(pool);
}
END_TEST

START_TEST(workers_block_signals)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGUSR1, SIGPIPE};
    mk_pool *const pool = open_pool(1);
    thread_job job = {.job.work = note_thread};

    mk_pool_push(pool, &job.job);
    mk_pool_pull(pool);
    ck_assert(!pthread_equal(job.thread, pthread_self()));
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        ck_assert_int_eq(sigismember(&job.blocked, signals[i]), 1);
    ck_assert_int_eq(sigismember(&job.blocked, SIGSEGV), 0);
    mk_pool_close(pool);
}
END_TEST

START_TEST(open_leaves_the_callers_signals)
{
    sigset_t before, after;

    pthread_sigmask(SIG_SETMASK, NULL, &before);
    mk_pool *const pool = open_pool(2);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    for (int signal = 1; signal < 32; signal++)
        ck_assert_int_eq(sigismember(&after, signal), sigismember(&before, signal));
    mk_pool_close(pool);
}
END_TEST

/* With a stack larger than any address space no thread can be started. */
START_TEST(does_without_threads_that_cannot_start)
{
    pthread_attr_t attributes;
    thread_job job = {.job.work = note_thread};

    pthread_attr_init(&attributes);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, (size_t)1 << 52), 0);
    ck_assert_int_eq(pthread_setattr_default_np(&attributes), 0);
    mk_pool *const pool = open_pool(3);
    mk_pool_push(pool, &job.job);
    ck_assert_ptr_eq(mk_pool_pull(pool), &job.job);
    ck_assert(pthread_equal(job.thread, pthread_self()));
    mk_pool_close(pool);
}
END_TEST

typedef struct meeting_job {
    mk_job job;
    pthread_barrier_t *meeting;
} meeting_job;

static void meet(mk_job *job)
{
    pthread_barrier_wait(((meeting_job *)job)->meeting);
}

START_TEST(workers_work_at_the_same_time)
{
    mk_pool *const pool = open_pool(3);
    pthread_barrier_t meeting;
    meeting_job three[3];

    pthread_barrier_init(&meeting, NULL, 3);
    for (size_t i = 0; i < 3; i++) {
        three[i] = (meeting_job){.job.work = meet, .meeting = &meeting};
        mk_pool_push(pool, &three[i].job);
    }
    for (size_t i = 0; i < 3; i++)
        ck_assert_ptr_eq(mk_pool_pull(pool), &three[i].job);
    mk_pool_close(pool);
    pthread_barrier_destroy(&meeting);
}
END_TEST

typedef struct waiting_job {
    mk_job job;
    sem_t *wait, *post; /* either may be NULL */
} waiting_job;

static void wait_and_post(mk_job *job)
{
    waiting_job *const self = (waiting_job *)job;

    if (self->wait)
        sem_wait(self->wait);
    if (self->post)
        sem_post(self->post);
}

START_TEST(is_not_ready_before_the_oldest_is_done)
{
    mk_pool *const pool = open_pool(2);
    sem_t go, second_done;
    waiting_job first = {{.work = wait_and_post}, &go, NULL};
    waiting_job second = {{.work = wait_and_post}, NULL, &second_done};

    sem_init(&go, 0, 0);
    sem_init(&second_done, 0, 0);
    mk_pool_push(pool, &first.job);
    mk_pool_push(pool, &second.job);
    sem_wait(&second_done);
    ck_assert(!mk_pool_ready(pool));
    sem_post(&go);
    ck_assert_ptr_eq(mk_pool_pull(pool), &first.job);
    ck_assert_ptr_eq(mk_pool_pull(pool), &second.job);
    mk_pool_close(pool);
    sem_destroy(&go);
    sem_destroy(&second_done);
}
END_TEST

/* ---- jobs beside the order ---- */

START_TEST(started_jobs_are_done_once_when_finished)
{
    mk_pool *const pool = open_pool(workers[_i]);

    for (size_t i = 0; i < N_JOBS; i += 2) {
        mk_pool_start(pool, &jobs[i].job);
        mk_pool_push(pool, &jobs[i + 1].job);
        if (i >= 20) {
            mk_pool_finish(pool, &jobs[i - 20].job);
            check_done_once(&jobs[i - 20]);
            ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[i - 19].job);
        }
    }
    for (size_t i = N_JOBS - 20; i < N_JOBS; i += 2)
        mk_pool_finish(pool, &jobs[i].job);
    mk_pool_close(pool);
    for (size_t i = 0; i < N_JOBS; i++)
        check_done_once(&jobs[i]);
}
END_TEST

START_TEST(no_workers_means_done_where_it_is_finished)
{
    mk_pool *const pool = open_pool(0);
    thread_job job = {.job.work = note_thread};

    mk_pool_start(pool, &job.job);
    ck_assert(!job.job.done);
    mk_pool_finish(pool, &job.job);
    ck_assert(pthread_equal(job.thread, pthread_self()));
    mk_pool_close(pool);
}
END_TEST

static void post_and_wait(mk_job *job)
{
    waiting_job *const self = (waiting_job *)job;

    sem_post(self->post);
    sem_wait(self->wait);
}

START_TEST(a_job_nobody_has_begun_is_done_by_who_wants_it)
{
    mk_pool *const pool = open_pool(1);
    sem_t go, begun;
    waiting_job busy = {{.work = post_and_wait}, &go, &begun};
    thread_job job = {.job.work = note_thread};

    sem_init(&go, 0, 0);
    sem_init(&begun, 0, 0);
    mk_pool_push(pool, &busy.job);
    sem_wait(&begun); /* the only worker is in it */
    mk_pool_start(pool, &job.job);
    mk_pool_finish(pool, &job.job);
    ck_assert(pthread_equal(job.thread, pthread_self()));
    sem_post(&go);
    ck_assert_ptr_eq(mk_pool_pull(pool), &busy.job);
    mk_pool_close(pool);
    sem_destroy(&go);
    sem_destroy(&begun);
}
END_TEST

typedef struct outer_job {
    mk_job job;
    mk_pool *pool;
    count_job inner;
} outer_job;

static void finish_inner(mk_job *job)
{
    outer_job *const self = (outer_job *)job;

    mk_pool_start(self->pool, &self->inner.job);
    mk_pool_finish(self->pool, &self->inner.job);
}

START_TEST(a_job_can_start_and_finish_another)
{
    mk_pool *const pool = open_pool(workers[_i]);
    outer_job outer[50];

    for (size_t i = 0; i < 50; i++) {
        outer[i] = (outer_job){{.work = finish_inner}, pool, {.job.work = count, .length = 1000}};
        mk_pool_start(pool, &outer[i].job);
    }
    for (size_t i = 50; i-- > 0;) {
        mk_pool_finish(pool, &outer[i].job);
        check_done_once(&outer[i].inner);
    }
    mk_pool_close(pool);
}
END_TEST

static void note_worker(mk_job *job)
{
    ((count_job *)job)->sum = job->worker;
}

START_TEST(workers_have_numbers_below_the_width)
{
    mk_pool *const pool = open_pool(workers[_i]);
    const unsigned width = mk_pool_width(pool);

    ck_assert_uint_eq(mk_pool_threads(pool), workers[_i]);
    ck_assert_uint_eq(width, workers[_i] ? workers[_i] : 1);
    for (size_t i = 0; i < 1000; i++) {
        jobs[i].job.work = note_worker;
        mk_pool_push(pool, &jobs[i].job);
    }
    for (size_t i = 0; i < 1000; i++) {
        ck_assert_ptr_eq(mk_pool_pull(pool), &jobs[i].job);
        ck_assert_uint_lt(jobs[i].sum, width);
    }
    mk_pool_close(pool);
}
END_TEST

START_TEST(no_more_threads_than_the_most)
{
    ck_assert_uint_ge(mk_pool_threads_for(0), 1);
    ck_assert_uint_le(mk_pool_threads_for(0), MK_MAX_THREADS);
    ck_assert_uint_eq(mk_pool_threads_for(7), 7);
    ck_assert_uint_eq(mk_pool_threads_for(100000), MK_MAX_THREADS);
    ck_assert_uint_eq(mk_pool_threads_for(UINT_MAX), MK_MAX_THREADS);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("pool");
    TCase *const t = tcase_create("pool");

    tcase_set_timeout(t, 60); /* seconds: valgrind and thread sanitizer */
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_loop_test(t, hands_back_in_push_order, 0, N_WORKERS);
    tcase_add_loop_test(t, keeps_order_while_pushing_and_pulling, 0, N_WORKERS);
    tcase_add_loop_test(t, jobs_can_be_pushed_again, 0, N_WORKERS);
    tcase_add_loop_test(t, close_finishes_what_was_pushed, 0, N_WORKERS);
    tcase_add_loop_test(t, counts_what_is_pending, 0, N_WORKERS);
    tcase_add_loop_test(t, empty_pool_is_ready_with_nothing, 0, N_WORKERS);
    tcase_add_test(t, close_takes_null);
    tcase_add_test(t, no_workers_means_at_once_and_here);
    tcase_add_test(t, workers_block_signals);
    tcase_add_test(t, open_leaves_the_callers_signals);
    tcase_add_test(t, does_without_threads_that_cannot_start);
    tcase_add_test(t, workers_work_at_the_same_time);
    tcase_add_test(t, is_not_ready_before_the_oldest_is_done);
    tcase_add_loop_test(t, started_jobs_are_done_once_when_finished, 0, N_WORKERS);
    tcase_add_test(t, no_workers_means_done_where_it_is_finished);
    tcase_add_test(t, a_job_nobody_has_begun_is_done_by_who_wants_it);
    tcase_add_loop_test(t, a_job_can_start_and_finish_another, 0, N_WORKERS);
    tcase_add_loop_test(t, workers_have_numbers_below_the_width, 0, N_WORKERS);
    tcase_add_test(t, no_more_threads_than_the_most);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
