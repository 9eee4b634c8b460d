/* walk.c: see walk.h. Sizes that the manifest tells are believed as far as the file is
 * long. Cases: tests/release/test_release.c. */
#include "release/walk.h"

#include <stdio.h>

#include "release/assemble.h"

enum { MANIFEST_MAX = MK_BUF_MAX /* bytes */ };

/* The line of SHA256SUMS for name begins with digest. */
static bool has_sum(mk_str sums, const char *digest, const char *name)
{
    char line[256];
    const int n = snprintf(line, sizeof(line), "%s  %s\n", digest, name);

    return n > 0 && n < (int)sizeof(line) && mk_str_has(sums, (mk_str){line, (size_t)n});
}

mk_err mk_walk_manifest(mk_container *c, mk_manifest *ret, mk_buf *text, mk_error *reterr)
{
    char digest[MK_SHA256_HEX + 1];
    mk_buf sums = {.max = MANIFEST_MAX};
    mk_err err = mk_container_load(c, MK_MANIFEST_NAME, MANIFEST_MAX, text, reterr);

    *ret = (mk_manifest){0};
    if (err == MK_OK)
        err = mk_container_load(c, MK_SUMS_NAME, MANIFEST_MAX, &sums, reterr);
    if (err == MK_OK)
        err = mk_assemble_digest(mk_buf_str(text), digest, reterr);
    if (err == MK_OK && !has_sum(mk_buf_str(&sums), digest, MK_MANIFEST_NAME))
        err = mk_fail(reterr, MK_MISMATCH,
                      "'" MK_MANIFEST_NAME "' is not what '" MK_SUMS_NAME "' has the digest of");
    if (err == MK_OK)
        err = mk_manifest_read(mk_buf_str(text), ret, reterr);
    if (err == MK_OK)
        err = mk_manifest_check(ret, reterr);
    mk_buf_clear(&sums);
    return err;
}

mk_err mk_walk_names(const mk_manifest *m, mk_error *reterr)
{
    size_t n[MK_SPLITS_MAX] = {0};

    for (size_t i = 0; i < m->n_parts; i++)
        n[m->parts[i].split]++;
    for (size_t i = 0, at = 0; i < m->n_parts; i++) {
        const mk_part *const p = &m->parts[i];
        char want[sizeof(p->name)];
        at = i > 0 && m->parts[i - 1].split == p->split ? at + 1 : 0;
        mk_volume_name(mk_flat_folder(mk_manifest_schema(m)), m->splits.items[p->split].name, at,
                       n[p->split], m->codec, want, sizeof(want));
        if (strcmp(want, p->name) != 0 || (i > 0 && m->parts[i - 1].split > p->split))
            return mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": '%s' where '%s' is needed",
                           p->name, want);
    }
    return MK_OK;
}

bool mk_walk_lists(const mk_manifest *m, const char *name)
{
    const mk_str s = mk_str_of(name);

    if (mk_str_eq(s, MK_STR(MK_MANIFEST_NAME)) || mk_str_eq(s, MK_STR(MK_SUMS_NAME)))
        return true;
    for (size_t i = 0; i < m->files.n; i++)
        if (mk_str_eq(s, m->files.items[i].name))
            return true;
    for (size_t i = 0; i < m->n_parts; i++)
        if (strcmp(name, m->parts[i].name) == 0)
            return true;
    return false;
}

static mk_err push_member(const mk_walk *w, const mk_container_entry *entry, size_t part, size_t i,
                          mk_error *reterr)
{
    const mk_member *const b = &w->m->parts[part].members[i];
    mk_load *const load = mk_feed_load(w->feed);
    char *to;
    mk_err err;

    if (!load)
        return mk_fail(reterr, MK_NOMEM, "out of memory for documents");
    load->codec = w->m->codec;
    load->part = part;
    load->offset = i;
    load->last = true; /* so that it may be copied whatever its size */
    if (b->length > entry->size) {
        mk_feed_spare(w->feed, load);
        if (b->length <= entry->size && b->length <= load->stored.max)
            return mk_fail(reterr, MK_NOMEM, "out of memory for documents");
        return mk_fail(reterr, MK_MISMATCH, "'%s' ends before its member %zu", entry->name, i + 1);
    }
    to = mk_buf_room(&load->stored, (size_t)b->length);
    err = to ? mk_container_read(w->c, entry, b->offset, to, (size_t)b->length, reterr)
             : mk_fail(reterr, MK_NOMEM, "out of memory for documents");
    load->stored.len = (size_t)b->length;
    if (err == MK_OK)
        return mk_feed_push(w->feed, load, reterr);
    mk_feed_spare(w->feed, load);
    return err;
}

mk_err mk_walk_parts(const mk_walk *w, mk_error *reterr)
{
    mk_err err = MK_OK;

    for (size_t p = 0; err == MK_OK && p < w->m->n_parts; p++) {
        const mk_part *const part = &w->m->parts[p];
        const mk_container_entry *const entry = mk_container_find(w->c, part->name);
        if (!entry)
            return mk_fail(reterr, MK_MISMATCH, "'%s' is missing", part->name);
        for (size_t i = 0; err == MK_OK && i < part->n_members; i++)
            err = push_member(w, entry, p, i, reterr);
        if (err == MK_OK)
            err = mk_feed_drain(w->feed, reterr);
        if (err == MK_OK && w->part_done)
            err = w->part_done(w->arg, p, reterr);
    }
    return err;
}
