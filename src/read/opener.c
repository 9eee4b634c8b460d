/* opener.c: groups of inputs in a ring. While one group is read, jobs of the pool
 * open the files of the next; of each group small files alone, since what was
 * peeked at lies in memory. A large file is opened when its turn comes, and read
 * ahead in itself (read/ahead.h).
 *
 * Memory: the heads of 24 files; a compressed one may hold a unit of 4 MiB.
 *
 * Refuses to open standard input ahead: it may be waited for, and only the main
 * thread hears signals. Cases: tests/read/test_opener.c. */
#include "read/opener.h"

#include <stdlib.h>
#include <string.h>

#include "read/ahead.h"

enum {
    GROUP = 8,        /* files of a job */
    N_GROUPS = 3,     /* one being read, two ahead: 24 open files at most */
    SMALL = 64 * 1024 /* bytes of a file as stored */
};

typedef struct group {
    mk_job job; /* must be first */
    const mk_opener *opener;
    const mk_input *inputs; /* lent, n of them */
    size_t n;
    mk_opened opened[GROUP];
} group;

struct mk_opener {
    const mk_inputs *inputs;
    const mk_limits *limits; /* with stop: what each stream is told */
    const volatile sig_atomic_t *stop;
    mk_pool *pool;
    group groups[N_GROUPS]; /* of number g: groups[g % N_GROUPS] */
    size_t n_started;       /* groups */
    size_t at;              /* input that comes next */
};

/* May be opened ahead. A size of 0 is not known: what has it is no file with much in it. */
static bool is_small(const mk_input *input)
{
    return input->size <= SMALL && strcmp(input->path, "-") != 0;
}

static mk_opened open_input(const mk_opener *by, const mk_input *input, mk_pool *ahead)
{
    mk_opened o = {.err = MK_OK};
    mk_stream *reader = NULL;
    mk_str head;

    o.err = mk_stream_file(input->path, &o.stream, &o.error);
    if (o.err == MK_OK) {
        mk_stream_limit(o.stream, by->limits, by->stop);
        o.err = mk_stream_decode(&o.stream, &o.error);
    }
    if (o.err == MK_OK && ahead && o.stream->packed) {
        o.err = mk_ahead_open(o.stream, true, ahead, &reader, &o.error);
        if (o.err == MK_OK)
            o.stream = reader;
    }
    if (o.err == MK_OK)
        o.err = mk_stream_peek(o.stream, MK_OPENER_HEAD, &head, &o.error);
    return o;
}

static void open_group(mk_job *job)
{
    group *const g = (group *)(void *)job;

    for (size_t i = 0; i < g->n; i++)
        if (is_small(&g->inputs[i]))
            g->opened[i] = open_input(g->opener, &g->inputs[i], NULL);
}

/* Starts what may be under way while group `reading` is read. */
static void start_groups(mk_opener *o, size_t reading)
{
    while (o->n_started * GROUP < o->inputs->n && o->n_started < reading + N_GROUPS) {
        group *const g = &o->groups[o->n_started % N_GROUPS];
        const size_t from = o->n_started++ * GROUP, rest = o->inputs->n - from;

        *g = (group){.job.work = open_group,
                     .opener = o,
                     .inputs = o->inputs->items + from,
                     .n = rest < GROUP ? rest : GROUP};
        mk_pool_start(o->pool, &g->job);
    }
}

mk_err mk_opener_open(const mk_inputs *inputs, const mk_limits *limits,
                      const volatile sig_atomic_t *stop, mk_pool *pool, mk_opener **ret,
                      mk_error *reterr)
{
    mk_opener *const o = calloc(1, sizeof(*o));

    if (!o)
        return mk_fail(reterr, MK_NOMEM, "out of memory for the inputs");
    o->inputs = inputs;
    o->limits = limits;
    o->stop = stop;
    o->pool = pool;
    *ret = o;
    return MK_OK;
}

mk_opened mk_opener_next(mk_opener *o)
{
    const size_t i = o->at++;
    const mk_input *const input = &o->inputs->items[i];
    group *const g = &o->groups[i / GROUP % N_GROUPS];

    if (!o->pool)
        return open_input(o, input, NULL);
    if (i % GROUP == 0) {
        start_groups(o, i / GROUP);
        mk_pool_finish(o->pool, &g->job);
    }
    if (is_small(input)) {
        const mk_opened opened = g->opened[i % GROUP];
        g->opened[i % GROUP].stream = NULL; /* the caller's */
        return opened;
    }
    return open_input(o, input, strcmp(input->path, "-") == 0 ? NULL : o->pool);
}

void mk_opener_close(mk_opener *o)
{
    if (!o)
        return;
    for (size_t g = (o->at + GROUP - 1) / GROUP; g < o->n_started; g++)
        mk_pool_finish(o->pool, &o->groups[g % N_GROUPS].job);
    for (size_t g = 0; g < N_GROUPS; g++)
        for (size_t i = 0; i < GROUP; i++)
            mk_stream_close(o->groups[g].opened[i].stream);
    free(o);
}
