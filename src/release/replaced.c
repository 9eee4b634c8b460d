/* replaced.c: see replaced.h. Digests of files are not compared: a card that was edited by
 * hand is replaced. Cases: tests/release/test_release.c, fixtures/cli/pack_replace. */
#include "release/replaced.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "release/walk.h"

struct mk_replaced {
    mk_container *c; /* its names are files, of folders that are no links */
    int fd;          /* of the folder */
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}

static mk_err cannot(const char *what, const char *path, mk_error *reterr)
{
    char text[128];

    return mk_fail(reterr, MK_OUTPUT, "cannot %s '%s': %s", what, path,
                   strerror_r(errno, text, sizeof(text)));
}

/* Why it is no release, in the words of who reads one. */
static mk_err no_release(const char *path, mk_error *reterr)
{
    const mk_error why = *reterr;

    if (why.code == MK_NOMEM)
        return MK_NOMEM;
    return mk_fail(reterr, why.code == MK_DAMAGED ? MK_OUTPUT : MK_EXISTS,
                   "'%s' is a folder that holds no release: %s", path, why.text);
}

static mk_err foreign(const char *path, const char *name, mk_error *reterr)
{
    return mk_fail(reterr, MK_EXISTS,
                   "cannot replace '%s': it holds '%s', which is no file of the release", path,
                   name);
}

/* The container holds a release and nothing else. */
static mk_err check(mk_container *c, const char *path, mk_error *reterr)
{
    mk_buf text = {.max = MK_BUF_MAX};
    mk_manifest m = {0};
    mk_err err = mk_walk_manifest(c, &m, &text, reterr);

    if (err != MK_OK)
        err = no_release(path, reterr);
    else if (c->passed)
        err = foreign(path, c->passed, reterr);
    for (size_t i = 0; err == MK_OK && i < c->n; i++)
        if (!mk_walk_lists(&m, c->items[i].name))
            err = foreign(path, c->items[i].name, reterr);
    mk_manifest_clear(&m);
    mk_buf_clear(&text);
    return err;
}

mk_err mk_replaced_open(const char *path, mk_replaced **ret, mk_error *reterr)
{
    mk_replaced *const old = calloc(1, sizeof(*old));
    mk_err err = MK_OK;

    if (!old)
        return no_memory(reterr);
    old->fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (old->fd < 0)
        err = cannot("open", path, reterr);
    else if (mk_container_open(path, NULL, &old->c, reterr) != MK_OK)
        err = no_release(path, reterr);
    if (err == MK_OK)
        err = check(old->c, path, reterr);
    if (err == MK_OK)
        *ret = old;
    else
        mk_replaced_close(old);
    return err;
}

/* Removes the folders above name that are empty. */
static void remove_above(int fd, const char *name)
{
    char folder[1024]; /* names of a container are shorter */
    char *slash;

    snprintf(folder, sizeof(folder), "%s", name);
    while ((slash = strrchr(folder, '/')) != NULL) {
        *slash = '\0';
        if (unlinkat(fd, folder, AT_REMOVEDIR) != 0)
            return;
    }
}

mk_err mk_replaced_remove(const mk_replaced *old, const char *path, mk_error *reterr)
{
    for (size_t i = 0; i < old->c->n; i++)
        unlinkat(old->fd, old->c->items[i].name, 0);
    for (size_t i = 0; i < old->c->n; i++)
        remove_above(old->fd, old->c->items[i].name);
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR) == 0 ? MK_OK : cannot("remove", path, reterr);
}

void mk_replaced_close(mk_replaced *old)
{
    if (!old)
        return;
    mk_container_close(old->c);
    if (old->fd >= 0)
        close(old->fd);
    free(old);
}
