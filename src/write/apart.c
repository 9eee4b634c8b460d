/* apart.c: see apart.h. Cases: fixtures/cli/output_is_input */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "write/apart.h"

/* A file, by device and inode; one that is not there, by those of its folder and its name. */
typedef struct identity {
    dev_t device;
    ino_t inode;
    const char *name; /* of what is not there; else NULL */
    bool is_folder, none;
} identity;

static const char *last_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* stat of the folder that path lies in. */
static bool stat_folder(const char *path, struct stat *ret)
{
    const size_t len = (size_t)(last_name(path) - path);
    if (len == 0)
        return stat(".", ret) == 0;
    char *folder = strndup(path, len);
    const bool found = folder && stat(folder, ret) == 0;
    free(folder);
    return found;
}

static identity identify(const char *path)
{
    const identity none = {.none = true};
    struct stat st;

    if (!path || strcmp(path, "-") == 0)
        return none;
    const bool there = stat(path, &st) == 0;
    if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return none;
    if (!there && !stat_folder(path, &st))
        return none;
    return (identity){.device = st.st_dev,
                      .inode = st.st_ino,
                      .name = there ? NULL : last_name(path),
                      .is_folder = there && S_ISDIR(st.st_mode)};
}

static bool are_same(const identity *a, const identity *b)
{
    if (a->none || b->none || a->device != b->device || a->inode != b->inode)
        return false;
    return a->name && b->name ? strcmp(a->name, b->name) == 0 : !a->name && !b->name;
}

/* True if path, which is there, lies in folder, however deep. */
static bool lies_in(const char *path, const identity *folder)
{
    char real[PATH_MAX]; /* a longer one cannot be opened */
    char *slash;
    struct stat st;

    if (!folder->is_folder || !realpath(path, real))
        return false;
    while ((slash = strrchr(real, '/')) != NULL) {
        *slash = '\0';
        if (stat(*real ? real : "/", &st) == 0 && st.st_dev == folder->device &&
            st.st_ino == folder->inode)
            return true;
    }
    return false;
}

mk_err mk_apart(const char *const outputs[], size_t n_outputs, const char *const inputs[],
                size_t n_inputs, mk_error *reterr)
{
    for (size_t i = 0; i < n_outputs; i++) {
        const identity own = identify(outputs[i]);
        for (size_t k = i + 1; k < n_outputs && !own.none; k++) {
            const identity other = identify(outputs[k]);
            if (are_same(&own, &other))
                return mk_fail(reterr, MK_OPTION, "two outputs are the same file: '%s' and '%s'",
                               outputs[i], outputs[k]);
        }
        for (size_t k = 0; k < n_inputs && !own.none; k++) {
            const identity input = identify(inputs[k]);
            if (are_same(&own, &input) || (!own.name && lies_in(outputs[i], &input)))
                return mk_fail(reterr, MK_OPTION,
                               "cannot write '%s': it is, or lies in, what is read: '%s'",
                               outputs[i], inputs[k]);
            if (!input.none && !input.name && lies_in(inputs[k], &own))
                return mk_fail(reterr, MK_OPTION,
                               "cannot replace '%s': it holds what is read: '%s'", outputs[i],
                               inputs[k]);
        }
    }
    return MK_OK;
}
