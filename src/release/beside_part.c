/* beside_part.c: ledger and attributes that a release has, read with its shards.
 * Cases: tests/release/test_release.c, fixtures/cli/takedown_ledger. */
#include <stdio.h>

#include "release/beside_private.h"

bool mk_beside_has_ledger(const mk_manifest *m)
{
    return mk_manifest_has(m, "ledger/");
}

bool mk_beside_has_attributes(const mk_manifest *m)
{
    return mk_manifest_has(m, MK_ATTRIBUTES_FOLDER "/");
}

static mk_err open_entry(void *arg, size_t i, mk_stream **ret, mk_error *reterr)
{
    const mk_beside *const b = arg;

    (void)i;
    return mk_container_stream(b->c, b->entry, ret, reterr);
}

static mk_err find_entry(mk_container *c, const char *name, const mk_container_entry **ret,
                         mk_error *reterr)
{
    *ret = mk_container_find(c, name);
    return *ret ? MK_OK : mk_fail(reterr, MK_MISMATCH, "'%s' is missing", name);
}

static mk_err next_ledger(mk_beside *b, mk_container *c, const mk_manifest *m, size_t split,
                          mk_error *reterr)
{
    char name[96];
    mk_err err = b->pairs ? mk_beside_ledger_end(b, reterr) : MK_OK;

    mk_beside_ledger_name(m->splits.items[split].name, m->codec, name, sizeof(name));
    b->c = c;
    if (err == MK_OK)
        err = find_entry(c, name, &b->entry, reterr);
    if (err != MK_OK)
        return err;
    const mk_pair_files files = {.paths = &b->entry->name, .n = 1, .open = open_entry, .arg = b};
    return mk_beside_ledger(b, files, reterr);
}

mk_err mk_beside_part(mk_beside *b, mk_container *c, const mk_manifest *m, size_t part,
                      mk_error *reterr)
{
    const mk_part *const p = &m->parts[part];
    char name[128];
    const mk_container_entry *entry = NULL;
    mk_stream *stream = NULL;
    mk_err err = MK_OK;

    if (mk_beside_has_ledger(m) && (part == 0 || m->parts[part - 1].split != p->split))
        err = next_ledger(b, c, m, p->split, reterr);
    if (err != MK_OK || !mk_beside_has_attributes(m))
        return err;
    snprintf(name, sizeof(name), MK_ATTRIBUTES_FOLDER "/%s", strchr(p->name, '/') + 1);
    err = find_entry(c, name, &entry, reterr);
    if (err == MK_OK)
        err = mk_container_stream(c, entry, &stream, reterr);
    return err == MK_OK ? mk_beside_lines(b, stream, entry->name, reterr) : err;
}

mk_err mk_beside_part_end(mk_beside *b, mk_error *reterr)
{
    return b->lines.reader ? mk_beside_lines_end(b, reterr) : MK_OK;
}

mk_err mk_beside_parts_end(mk_beside *b, mk_error *reterr)
{
    return b->pairs ? mk_beside_ledger_end(b, reterr) : MK_OK;
}
