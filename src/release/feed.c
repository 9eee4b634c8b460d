/* feed.c: see feed.h. What is under way is bounded, so memory is. */
#include "release/feed.h"

#include <stdlib.h>

struct mk_feed {
    mk_feed_options o;
    mk_pool *pool;
    mk_volumes *volumes;
    size_t most; /* jobs under way */
    mk_load *spare, *all;
};

mk_err mk_feed_open(const mk_feed_options *options, mk_feed **ret, mk_error *reterr)
{
    mk_feed *const f = calloc(1, sizeof(*f));
    mk_err err;

    if (!f)
        return mk_fail(reterr, MK_NOMEM, "out of memory for documents");
    f->o = *options;
    f->most = options->threads < 2 ? 1 : 4 * (size_t)options->threads;
    err = mk_pool_open(options->threads < 2 ? 0 : options->threads, &f->pool, reterr);
    if (err == MK_OK)
        *ret = f;
    else
        mk_feed_close(f);
    return err;
}

mk_pool *mk_feed_pool(mk_feed *f)
{
    return f->pool;
}

void mk_feed_volumes(mk_feed *f, mk_volumes *volumes)
{
    f->volumes = volumes;
}

mk_load *mk_feed_load(mk_feed *f)
{
    mk_load *load = f->spare;

    if (load) {
        f->spare = load->next;
        mk_load_reset(load);
        return load;
    }
    load = mk_load_new(f->o.rules);
    if (load) {
        load->older = f->all;
        f->all = load;
    }
    return load;
}

void mk_feed_spare(mk_feed *f, mk_load *load)
{
    load->next = f->spare;
    f->spare = load;
}

static mk_err pull(mk_feed *f, mk_error *reterr)
{
    mk_job *const job = mk_pool_pull(f->pool);
    mk_load *load;
    mk_error error = {0};
    mk_err err;

    if (f->volumes && mk_volumes_take(f->volumes, job, &error)) {
        if (error.code == MK_OK)
            return MK_OK;
        return mk_fail(reterr, error.code, "%s", error.text);
    }
    load = (mk_load *)(void *)job;
    err = f->o.done(f->o.arg, load, reterr);
    mk_feed_spare(f, load);
    return err;
}

mk_err mk_feed_push(mk_feed *f, mk_load *load, mk_error *reterr)
{
    mk_err err = MK_OK;

    mk_pool_push(f->pool, &load->job);
    while (err == MK_OK && mk_pool_pending(f->pool) >= f->most)
        err = pull(f, reterr);
    if (err == MK_OK && f->o.stop && *f->o.stop)
        err = mk_fail(reterr, MK_STOPPED, "interrupted");
    return err;
}

mk_err mk_feed_drain(mk_feed *f, mk_error *reterr)
{
    mk_err err = MK_OK;

    while (err == MK_OK && mk_pool_pending(f->pool) > 0)
        err = pull(f, reterr);
    return err;
}

void mk_feed_stop(mk_feed *f)
{
    if (!f)
        return;
    while (f->pool && mk_pool_pending(f->pool) > 0)
        mk_pool_pull(f->pool);
    mk_pool_close(f->pool);
    f->pool = NULL;
}

void mk_feed_close(mk_feed *f)
{
    if (!f)
        return;
    mk_feed_stop(f);
    for (mk_load *load = f->all, *older; load; load = older) {
        older = load->older;
        mk_load_free(load);
    }
    free(f);
}
