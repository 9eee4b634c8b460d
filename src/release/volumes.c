/* volumes.c: see volumes.h. Where members and shards end depends on the documents and the
 * options alone. Names tell how many shards there are, so they are given at the end.
 * Cases: tests/release/test_release.c. */
#include "release/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "release/lane.h"

enum {
    COPY_LEAST = 64 << 10, /* bytes: smaller members compress worse */
    COPY_MOST = 64 << 20,  /* bytes: larger ones are no help to who reads one document */
    MAX_SHARDS = 99999,    /* shards of a split: five digits */
    SYNC_EVERY = 8 << 20,  /* bytes after which the disk is set to work */
};

/* A member on its way, and what it became. */
typedef struct block {
    mk_job job; /* must be first */
    mk_volumes *volumes;
    size_t split;
    bool cut; /* no member: the shard ends here */
    mk_buf lines, stored;
    bool is_stored; /* no work is needed */
    uint64_t *hashes;
    size_t n_hashes, hashes_size;
    mk_err err;
    mk_error error;
    struct block *next, *older;
} block;

/* Of one split. */
typedef struct volume {
    block *current; /* gathered */
    size_t n;       /* shards begun */
    mk_part *parts; /* of the shards, owned; members too until they are given away */
    size_t parts_size;
    int fd; /* of the one being written, or -1 */
    mk_lane *stored, *content;
    uint64_t synced;
    mk_flat_counts counts;
} volume;

struct mk_volumes {
    mk_volumes_options o;
    volume volumes[MK_SPLITS_MAX];
    block *spare, *all;
    mk_encoder **encoders; /* owned, n_encoders: one for each worker of the pool, or NULL */
    unsigned n_encoders;
    mk_ids ids; /* shard: of the split; see `finish` */
    uint64_t n_copied;
};

static void block_work(mk_job *job)
{
    block *const b = (block *)(void *)job;
    mk_volumes *const s = b->volumes;
    mk_encoder **const encoder = &s->encoders[job->worker]; /* no other job has it now */

    if (b->is_stored || b->cut)
        return;
    if (!*encoder)
        b->err = mk_encoder_open(s->o.codec, s->o.level, encoder, &b->error);
    if (b->err == MK_OK)
        b->err = mk_encode(*encoder, mk_buf_str(&b->lines), &b->stored, &b->error);
}

static block *new_block(mk_volumes *s, size_t split)
{
    block *b = s->spare;

    if (b) {
        s->spare = b->next;
    } else {
        b = calloc(1, sizeof(*b));
        if (!b)
            return NULL;
        b->older = s->all;
        s->all = b;
    }
    mk_buf_reset(&b->lines);
    mk_buf_reset(&b->stored);
    b->lines.max = b->stored.max = MK_BUF_MAX;
    b->volumes = s;
    b->split = split;
    b->is_stored = b->cut = false;
    b->n_hashes = 0;
    b->err = MK_OK;
    b->job.work = block_work;
    return b;
}

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a shard");
}

mk_err mk_volumes_open(const mk_volumes_options *options, mk_volumes **ret, mk_error *reterr)
{
    mk_volumes *const s = calloc(1, sizeof(*s));
    mk_err err = s ? MK_OK : no_memory(reterr);

    if (!s)
        return err;
    s->o = *options;
    for (size_t i = 0; i < options->splits->n; i++)
        s->volumes[i].fd = -1;
    s->n_encoders = mk_pool_width(options->pool);
    s->encoders = calloc(s->n_encoders, sizeof(*s->encoders));
    if (!s->encoders)
        err = no_memory(reterr);
    for (size_t i = 0; err == MK_OK && i < options->splits->n; i++) {
        volume *const v = &s->volumes[i];
        err = mk_lane_open(options->pool, &v->stored, reterr);
        if (err == MK_OK)
            err = mk_lane_open(options->pool, &v->content, reterr);
    }
    if (err == MK_OK)
        *ret = s;
    else
        mk_volumes_close(s);
    return err;
}

/* ---- gathering ---- */

static bool add_hashes(block *b, const uint64_t *hashes, size_t n)
{
    if (b->n_hashes + n > b->hashes_size) {
        const size_t size = (b->n_hashes + n) * 2;
        uint64_t *const more = realloc(b->hashes, size * sizeof(*more));
        if (!more)
            return false;
        b->hashes = more;
        b->hashes_size = size;
    }
    if (n > 0)
        memcpy(b->hashes + b->n_hashes, hashes, n * sizeof(*hashes));
    b->n_hashes += n;
    return true;
}

static void flush(mk_volumes *s, size_t split)
{
    volume *const v = &s->volumes[split];

    if (v->current && v->current->lines.len > 0) {
        mk_pool_push(s->o.pool, &v->current->job);
        v->current = NULL;
    }
}

void mk_volumes_flush(mk_volumes *s)
{
    for (size_t i = 0; i < s->o.splits->n; i++)
        flush(s, i);
}

mk_err mk_volumes_cut(mk_volumes *s, size_t split, mk_error *reterr)
{
    block *b;

    flush(s, split);
    b = new_block(s, split);
    if (!b)
        return no_memory(reterr);
    b->cut = true;
    mk_pool_push(s->o.pool, &b->job);
    return MK_OK;
}

static void swap(mk_buf *a, mk_buf *b)
{
    const mk_buf c = *a;

    *a = *b;
    *b = c;
}

static mk_err put_stored(mk_volumes *s, mk_load *load, mk_error *reterr)
{
    const mk_portion *const p = &load->portions[load->whole];
    block *b;

    flush(s, load->whole);
    b = new_block(s, load->whole);
    if (!b || !add_hashes(b, p->hashes, (size_t)p->counts.documents))
        return no_memory(reterr);
    swap(&b->lines, &load->content);
    swap(&b->stored, &load->stored);
    b->is_stored = true;
    s->n_copied++;
    mk_pool_push(s->o.pool, &b->job);
    return MK_OK;
}

/* Lines one by one, so that members end where they would whatever they came in. */
static mk_err put_lines(mk_volumes *s, size_t split, mk_str lines, const uint64_t *hashes,
                        mk_error *reterr)
{
    volume *const v = &s->volumes[split];
    size_t n = 0;

    while (lines.len > 0) {
        const char *const end = memchr(lines.ptr, '\n', lines.len);
        const size_t len = end ? (size_t)(end - lines.ptr) + 1 : lines.len;
        if (!v->current)
            v->current = new_block(s, split);
        if (!v->current || !add_hashes(v->current, hashes + n, 1))
            return no_memory(reterr);
        mk_buf_put(&v->current->lines, mk_str_sub(lines, 0, len));
        if (v->current->lines.failed)
            return no_memory(reterr);
        lines = mk_str_sub(lines, len, lines.len);
        n++;
        if (v->current->lines.len >= mk_codec_block(s->o.codec))
            flush(s, split);
    }
    return MK_OK;
}

mk_err mk_volumes_put(mk_volumes *s, mk_load *load, bool copy, mk_error *reterr)
{
    const size_t size = load->content.len;
    mk_err err = MK_OK;

    for (size_t i = 0; i < s->o.splits->n; i++) {
        const mk_flat_counts *const c = &load->portions[i].counts;
        s->volumes[i].counts.documents += c->documents;
        s->volumes[i].counts.bytes += c->bytes;
        s->volumes[i].counts.letters += c->letters;
        s->volumes[i].counts.words += c->words;
    }
    if (copy && load->exact && size <= COPY_MOST && (size >= COPY_LEAST || load->last))
        return put_stored(s, load, reterr);
    for (size_t i = 0; err == MK_OK && i < s->o.splits->n; i++)
        err = put_lines(s, i, mk_load_lines(load, i), load->portions[i].hashes, reterr);
    return err;
}

/* ---- writing ---- */

static mk_err cannot_write(const mk_volumes *s, const mk_part *p, int number, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, number == ENOMEM ? MK_NOMEM : MK_OUTPUT, "cannot write '%s/%s': %s",
                   s->o.folder, p->name, strerror_r(number, text, sizeof(text)));
}

int mk_volume_name(const char *folder, const char *split, size_t i, size_t n, mk_codec codec,
                   char *out, size_t size)
{
    if (n == 0)
        return snprintf(out, size, "%s/%s-%05zu.part", folder, split, i);
    return snprintf(out, size, "%s/%s-%05zu-of-%05zu.jsonl.%s", folder, split, i, n,
                    mk_manifest_codec(codec));
}

static void name_of(const mk_volumes *s, size_t split, size_t i, size_t n, char *out, size_t size)
{
    mk_volume_name(mk_flat_folder(s->o.schema), s->o.splits->items[split].name, i, n, s->o.codec,
                   out, size);
}

static mk_err open_shard(mk_volumes *s, size_t split, mk_error *reterr)
{
    volume *const v = &s->volumes[split];
    char path[4096];

    if (v->n == MAX_SHARDS)
        return mk_fail(reterr, MK_LIMIT, "more than %d shards: --shard-size is too small",
                       MAX_SHARDS);
    if (v->n == v->parts_size) {
        const size_t size = v->parts_size * 2 + 16;
        mk_part *const parts = realloc(v->parts, size * sizeof(*parts));
        if (!parts)
            return no_memory(reterr);
        v->parts = parts;
        v->parts_size = size;
    }
    mk_part *const p = &v->parts[v->n];
    *p = (mk_part){.split = split};
    name_of(s, split, v->n, 0, p->name, sizeof(p->name));
    if (snprintf(path, sizeof(path), "%s/%s", s->o.folder, p->name) >= (int)sizeof(path))
        return cannot_write(s, p, ENAMETOOLONG, reterr);
    v->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (v->fd < 0)
        return cannot_write(s, p, errno, reterr);
    v->n++;
    v->synced = 0;
    return MK_OK;
}

static mk_err close_shard(const mk_volumes *s, volume *v, mk_error *reterr)
{
    mk_part *const p = &v->parts[v->n - 1];
    const int fd = v->fd;

    if (fd < 0)
        return MK_OK;
    v->fd = -1;
    if (!mk_lane_end_hex(v->stored, p->sha256) || !mk_lane_end_hex(v->content, p->content_sha256)) {
        close(fd);
        return no_memory(reterr);
    }
    const int number = mk_fd_sync(fd);
    if (number != 0) {
        close(fd);
        return cannot_write(s, p, number, reterr);
    }
    return close(fd) == 0 || errno == EINTR ? MK_OK : cannot_write(s, p, errno, reterr);
}

static mk_err write_block(mk_volumes *s, block *b, mk_error *reterr)
{
    volume *const v = &s->volumes[b->split];
    const mk_str stored = mk_buf_str(&b->stored);
    mk_err err = MK_OK;

    if (b->cut)
        return close_shard(s, v, reterr);
    if (v->fd >= 0 && v->parts[v->n - 1].bytes + stored.len > s->o.shard_size)
        err = close_shard(s, v, reterr);
    if (err == MK_OK && v->fd < 0)
        err = open_shard(s, b->split, reterr);
    if (err != MK_OK)
        return err;
    mk_part *const p = &v->parts[v->n - 1];
    const int number = mk_fd_write(v->fd, stored);
    if (number != 0)
        return cannot_write(s, p, number, reterr);
    mk_member *const m = mk_part_member(p);
    if (!m ||
        !mk_ids_add(&s->ids, b->hashes, b->n_hashes, b->split << 24 | (v->n - 1), p->n_members - 1))
        return no_memory(reterr);
    *m = (mk_member){.offset = p->bytes,
                     .length = stored.len,
                     .content = b->lines.len,
                     .documents = b->n_hashes,
                     .first = p->documents};
    p->bytes += stored.len;
    p->content += b->lines.len;
    p->documents += b->n_hashes;
    mk_lane_put(v->stored, &b->stored);
    mk_lane_put(v->content, &b->lines);
#ifdef SYNC_FILE_RANGE_WRITE /* so that fsync finds little to wait for */
    if (p->bytes - v->synced >= SYNC_EVERY) {
        sync_file_range(v->fd, (off_t)v->synced, (off_t)(p->bytes - v->synced),
                        SYNC_FILE_RANGE_WRITE);
        v->synced = p->bytes;
    }
#endif
    return s->o.on_block ? s->o.on_block(s->o.arg, b->split, v->n - 1, b->n_hashes, reterr) : MK_OK;
}

bool mk_volumes_take(mk_volumes *s, mk_job *job, mk_error *reterr)
{
    block *const b = (block *)(void *)job;

    if (job->work != block_work)
        return false;
    reterr->code = MK_OK;
    if (b->err != MK_OK)
        *reterr = b->error;
    else
        write_block(s, b, reterr);
    b->next = s->spare;
    s->spare = b;
    return true;
}

/* ---- the end ---- */

static mk_err rename_shard(mk_volumes *s, size_t split, size_t i, mk_error *reterr)
{
    volume *const v = &s->volumes[split];
    mk_part *const p = &v->parts[i];
    char from[4096], to[4096], name[sizeof(p->name)];

    name_of(s, split, i, v->n, name, sizeof(name));
    if (snprintf(from, sizeof(from), "%s/%s", s->o.folder, p->name) >= (int)sizeof(from) ||
        snprintf(to, sizeof(to), "%s/%s", s->o.folder, name) >= (int)sizeof(to))
        return cannot_write(s, p, ENAMETOOLONG, reterr);
    if (rename(from, to) != 0)
        return cannot_write(s, p, errno, reterr);
    memcpy(p->name, name, sizeof(name));
    return MK_OK;
}

/* Shards are numbered through in the manifest. */
static mk_err give_parts(mk_volumes *s, size_t split, mk_manifest *m, mk_error *reterr)
{
    volume *const v = &s->volumes[split];
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < v->n; i++) {
        mk_part *part;
        err = rename_shard(s, split, i, reterr);
        if (err != MK_OK)
            break;
        part = mk_manifest_part(m);
        if (!part)
            return no_memory(reterr);
        *part = v->parts[i];
        v->parts[i].members = NULL;
        m->content[split] += part->content;
    }
    m->counts[split] = v->counts;
    return err;
}

mk_err mk_volumes_finish(mk_volumes *s, bool may_lack, mk_manifest *m, mk_ids *ids,
                         mk_error *reterr)
{
    size_t first[MK_SPLITS_MAX] = {0};
    mk_err err = MK_OK;

    for (size_t i = 0; err == MK_OK && i < s->o.splits->n; i++) {
        if (s->volumes[i].counts.documents == 0 && !may_lack)
            return mk_fail(reterr, MK_OPTION,
                           "split '%s' has no documents: those of a group, by default a host, "
                           "stay together (see --group-field and --salt)",
                           s->o.splits->items[i].name);
        err = close_shard(s, &s->volumes[i], reterr);
        first[i] = m->n_parts;
        if (err == MK_OK)
            err = give_parts(s, i, m, reterr);
    }
    if (err != MK_OK)
        return err;
    for (size_t i = 0; i < s->ids.n; i++) {
        mk_id *const id = &s->ids.items[i];
        id->shard = (uint32_t)(first[id->shard >> 24] + (id->shard & 0xFFFFFF));
    }
    if (ids) {
        *ids = s->ids;
        s->ids = (mk_ids){0};
        m->same_ids = mk_ids_sort(ids);
        if (!mk_schema_has(s->o.schema, MK_SCHEMA_ID))
            m->same_ids = 0; /* there is none to be the same */
    }
    return MK_OK;
}

uint64_t mk_volumes_copied(const mk_volumes *s)
{
    return s->n_copied;
}

void mk_volumes_close(mk_volumes *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->o.splits->n; i++) {
        volume *const v = &s->volumes[i];
        if (v->fd >= 0)
            close(v->fd);
        mk_lane_close(v->stored);
        mk_lane_close(v->content);
        for (size_t p = 0; p < v->n; p++)
            free(v->parts[p].members);
        free(v->parts);
    }
    for (block *b = s->all, *older; b; b = older) {
        older = b->older;
        mk_buf_clear(&b->lines);
        mk_buf_clear(&b->stored);
        free(b->hashes);
        free(b);
    }
    for (unsigned i = 0; s->encoders && i < s->n_encoders; i++)
        mk_encoder_close(s->encoders[i]);
    free(s->encoders);
    mk_ids_clear(&s->ids);
    free(s);
}
