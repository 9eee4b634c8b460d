/* load.c: see load.h. Refuses lines that mk_flat_parse refuses. Blank lines, CR before
 * LF, a byte order mark and a missing last LF are mended: the load is not exact then.
 * Cases: tests/release/test_release.c. */
#include "release/load.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/digest.h"

enum {
    GZ_LEAST = 20,   /* bytes of a gzip member that holds anything */
    GZ_RATIO = 1100, /* deflate makes 1032 bytes of one at most */
};

mk_load *mk_load_new(const mk_load_rules *rules)
{
    mk_load *const load = calloc(1, sizeof(*load));

    if (!load)
        return NULL;
    load->rules = rules;
    load->arena = mk_arena_new();
    load->job.work = mk_load_work;
    if (!load->arena) {
        free(load);
        return NULL;
    }
    mk_load_reset(load);
    return load;
}

void mk_load_reset(mk_load *load)
{
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_portion *const p = &load->portions[i];
        mk_buf_reset(&p->lines);
        p->lines.max = MK_BUF_MAX;
        p->counts = (mk_flat_counts){0};
        p->content = 0;
    }
    mk_buf_reset(&load->stored);
    mk_buf_reset(&load->content);
    load->stored.max = load->content.max = MK_BUF_MAX;
    load->codec = MK_CODEC_NONE;
    load->first = load->last = load->torn = load->exact = false;
    load->n_lines = load->n_dropped = 0;
    load->whole = load->part = 0;
    load->err = MK_OK;
}

void mk_load_free(mk_load *load)
{
    if (!load)
        return;
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_buf_clear(&load->portions[i].lines);
        free(load->portions[i].hashes);
    }
    mk_buf_clear(&load->stored);
    mk_buf_clear(&load->content);
    if (load->inflater)
        libdeflate_free_decompressor(load->inflater);
    ZSTD_freeDCtx(load->unpacker);
    mk_arena_free(load->arena);
    free(load);
}

/* ---- unpacking ---- */

static uint32_t little_endian(const char *from)
{
    const unsigned char *const b = (const unsigned char *)from;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static mk_err inflate_member(mk_load *load, mk_str stored, mk_buf *out)
{
    size_t used = 0, made = 0, want;
    char *to;

    if (stored.len < GZ_LEAST)
        return MK_MISMATCH;
    want = little_endian(stored.ptr + stored.len - 4);
    if (want > MK_LINE_MAX || want / GZ_RATIO > stored.len)
        return MK_MISMATCH;
    if (!load->inflater)
        load->inflater = libdeflate_alloc_decompressor();
    to = mk_buf_room(out, want);
    if (!load->inflater || !to)
        return MK_NOMEM;
    if (libdeflate_gzip_decompress_ex(load->inflater, stored.ptr, stored.len, to, want, &used,
                                      &made) != LIBDEFLATE_SUCCESS ||
        used != stored.len || made != want)
        return MK_MISMATCH;
    out->len += made;
    return MK_OK;
}

static mk_err unpack_frame(mk_load *load, mk_str stored, mk_buf *out)
{
    const unsigned long long want = ZSTD_getFrameContentSize(stored.ptr, stored.len);
    char *to;

    if (want > MK_LINE_MAX || ZSTD_findFrameCompressedSize(stored.ptr, stored.len) != stored.len)
        return MK_MISMATCH;
    if (!load->unpacker)
        load->unpacker = ZSTD_createDCtx();
    to = mk_buf_room(out, (size_t)want);
    if (!load->unpacker || !to)
        return MK_NOMEM;
    const size_t n = ZSTD_decompressDCtx(load->unpacker, to, (size_t)want, stored.ptr, stored.len);
    if (ZSTD_isError(n) || n != want)
        return MK_MISMATCH;
    out->len += n;
    return MK_OK;
}

mk_err mk_load_unpack(mk_load *load, mk_str stored, mk_buf *out)
{
    if (load->codec == MK_CODEC_GZ)
        return inflate_member(load, stored, out);
    return load->codec == MK_CODEC_ZST ? unpack_frame(load, stored, out) : MK_MISMATCH;
}

/* ---- lines ---- */

static mk_err no_memory(mk_load *load)
{
    return mk_fail(&load->error, MK_NOMEM, "out of memory for documents");
}

static bool add_hash(mk_portion *p, uint64_t hash)
{
    const size_t n = (size_t)p->counts.documents;

    if (n == p->size) {
        const size_t size = n * 2 + 64;
        uint64_t *const hashes = realloc(p->hashes, size * sizeof(*hashes));
        if (!hashes)
            return false;
        p->hashes = hashes;
        p->size = size;
    }
    p->hashes[n] = hash;
    return true;
}

/* The split of a document; MK_MISMATCH if it is in another. */
static mk_err pick(mk_load *load, const mk_flat *flat, size_t *ret)
{
    const mk_load_rules *const rules = load->rules;
    mk_str key = {0};
    size_t split = 0;

    if (!rules->only || rules->check) {
        if (rules->splits->n > 1 && !mk_flat_group(flat, rules->group_field, load->arena, &key))
            return no_memory(load);
        if (!mk_splits_pick(rules->splits, rules->salt, key, &split))
            return no_memory(load);
    }
    *ret = rules->only ? rules->only[load->part] : split;
    if (rules->check && *ret != split)
        return mk_fail(&load->error, MK_MISMATCH, "a document of split '%s'",
                       rules->splits->items[split].name);
    return MK_OK;
}

/* One line, without LF. */
static mk_err take_line(mk_load *load, mk_str line)
{
    const mk_load_rules *const rules = load->rules;
    bool drop = false;
    mk_flat flat;
    mk_str id;
    size_t split = 0;
    mk_err err;

    mk_arena_reset(load->arena);
    err = mk_flat_parse(line, load->arena, &flat, &load->error);
    if (err != MK_OK)
        return err;
    if (rules->drop && !rules->drop(rules->arg, &flat, load->arena, &drop))
        return no_memory(load);
    if (drop) {
        load->n_dropped++;
        load->exact = false;
        return MK_OK;
    }
    err = mk_json_text(flat.values[MK_FLAT_ID], load->arena, &id, &load->error);
    if (err == MK_OK)
        err = pick(load, &flat, &split);
    if (err != MK_OK)
        return err;
    mk_portion *const p = &load->portions[split];
    if (!add_hash(p, mk_hash64(id)))
        return no_memory(load);
    mk_flat_count(flat.values[MK_FLAT_TEXT], &p->counts);
    if (rules->splits->n > 1 || !load->exact) {
        mk_buf_put(&p->lines, line);
        mk_buf_putc(&p->lines, '\n');
    }
    p->content += line.len + 1;
    return p->lines.failed ? no_memory(load) : MK_OK;
}

static bool is_blank(mk_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != ' ' && s.ptr[i] != '\t')
            return false;
    return true;
}

/* All lines are of one split and stand in content as they are. */
static void settle(mk_load *load)
{
    size_t n_splits = 0;

    for (size_t i = 0; i < load->rules->splits->n; i++)
        if (load->portions[i].counts.documents > 0) {
            load->whole = i;
            n_splits++;
        }
    load->exact = load->exact && n_splits == 1;
}

static mk_err take_lines(mk_load *load, mk_str s)
{
    mk_err err = MK_OK;

    while (err == MK_OK && s.len > 0) {
        const char *const end = memchr(s.ptr, '\n', s.len);
        const size_t n = end ? (size_t)(end - s.ptr) : s.len;
        mk_str line = mk_str_sub(s, 0, n);
        load->n_lines++;
        s = mk_str_sub(s, end ? n + 1 : n, s.len);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
            line.len--;
            load->exact = false;
        }
        if (is_blank(line))
            load->exact = false;
        else
            err = take_line(load, line);
    }
    return err;
}

/* A load that turned out not to be exact: its lines are needed after all. */
static mk_err take_again(mk_load *load, mk_str s)
{
    for (size_t i = 0; i < MK_SPLITS_MAX; i++) {
        mk_portion *const p = &load->portions[i];
        mk_buf_reset(&p->lines);
        p->counts = (mk_flat_counts){0};
        p->content = 0;
    }
    load->n_lines = load->n_dropped = 0;
    return take_lines(load, s);
}

void mk_load_work(mk_job *job)
{
    mk_load *const load = (mk_load *)(void *)job;
    mk_str s;

    if (load->codec != MK_CODEC_NONE) {
        const mk_err err = mk_load_unpack(load, mk_buf_str(&load->stored), &load->content);
        load->torn = err == MK_MISMATCH;
        if (err == MK_NOMEM)
            load->err = no_memory(load);
        if (err != MK_OK)
            return;
    }
    s = mk_buf_str(&load->content);
    load->exact = s.len > 0 && s.ptr[s.len - 1] == '\n';
    if (load->first && s.len >= 3 && memcmp(s.ptr, "\xEF\xBB\xBF", 3) == 0) {
        s = mk_str_sub(s, 3, s.len);
        load->exact = false;
    }
    const bool was_exact = load->exact;
    load->err = take_lines(load, s);
    if (load->err == MK_OK && was_exact && !load->exact && load->rules->splits->n < 2)
        load->err = take_again(load, s);
    if (load->err == MK_OK)
        settle(load);
}

mk_str mk_load_lines(const mk_load *load, size_t split)
{
    const mk_portion *const p = &load->portions[split];

    if (load->exact)
        return split == load->whole ? mk_buf_str(&load->content) : (mk_str){"", 0};
    return mk_buf_str(&p->lines);
}
