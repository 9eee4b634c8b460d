/* lane.c: see lane.h. A few pieces are gathered while those before them are worked on: so
 * a lane holds twice AT_ONCE of them, and who puts seldom waits. Without threads nothing is
 * held. Cases: tests/release/test_release.c. */
#include "release/lane.h"

#include <stdlib.h>

enum { AT_ONCE = 2 /* pieces of a MiB or two */ };

struct mk_lane {
    mk_job job; /* must be first */
    mk_pool *pool;
    mk_checksum_run *sum;
    mk_buf next[AT_ONCE], now[AT_ONCE]; /* n_next of them to be done, and the job's */
    size_t n_next, n_now;
    bool begun; /* the job is started and not finished */
};

static void add_all(mk_lane *lane, mk_buf *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mk_checksum_add(lane->sum, mk_buf_str(&bytes[i]));
        mk_buf_reset(&bytes[i]);
    }
}

static void work(mk_job *job)
{
    mk_lane *const lane = (mk_lane *)(void *)job;

    add_all(lane, lane->now, lane->n_now);
}

mk_err mk_lane_open(mk_pool *pool, mk_lane **ret, mk_error *reterr)
{
    mk_lane *const lane = calloc(1, sizeof(*lane));
    mk_err err;

    if (!lane)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a checksum");
    lane->pool = pool;
    lane->job.work = work;
    for (size_t i = 0; i < AT_ONCE; i++)
        lane->next[i].max = lane->now[i].max = MK_BUF_MAX;
    err = mk_checksum_open(MK_SHA256, &lane->sum, reterr);
    if (err == MK_OK)
        *ret = lane;
    else
        mk_lane_close(lane);
    return err;
}

static void swap(mk_buf *a, mk_buf *b)
{
    const mk_buf c = *a;

    *a = *b;
    *b = c;
}

static void wait_for_job(mk_lane *lane)
{
    if (lane->begun)
        mk_pool_finish(lane->pool, &lane->job);
    lane->begun = false;
}

/* What was gathered becomes the job's. */
static void turn(mk_lane *lane)
{
    wait_for_job(lane);
    for (size_t i = 0; i < lane->n_next; i++)
        swap(&lane->next[i], &lane->now[i]);
    lane->n_now = lane->n_next;
    lane->n_next = 0;
    lane->begun = true;
    mk_pool_start(lane->pool, &lane->job);
}

void mk_lane_put(mk_lane *lane, mk_buf *bytes)
{
    if (mk_pool_threads(lane->pool) == 0) {
        add_all(lane, bytes, 1);
        return;
    }
    swap(&lane->next[lane->n_next++], bytes);
    if (lane->n_next == AT_ONCE)
        turn(lane);
}

bool mk_lane_end_hex(mk_lane *lane, char out[MK_SHA256_HEX + 1])
{
    wait_for_job(lane);
    add_all(lane, lane->next, lane->n_next);
    lane->n_next = 0;
    return mk_checksum_end_hex(lane->sum, out);
}

void mk_lane_close(mk_lane *lane)
{
    if (!lane)
        return;
    for (size_t i = 0; i < AT_ONCE; i++) {
        mk_buf_clear(&lane->next[i]);
        mk_buf_clear(&lane->now[i]);
    }
    mk_checksum_close(lane->sum);
    free(lane);
}
