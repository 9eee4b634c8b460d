/* fuzz_run_file.c: the report of a run, as `verify`, `restore` and `pack` read it. What is
 * accepted has shards that can be named, each of one kind; what is not says why. */
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "outputs/run_file.h"

/* In memory where that can be: a disk that is busy would look like a slow input. Both as long
 * as the process. */
static char folder[] = "/dev/shm/minkhal-fuzz-XXXXXX";
static char path[sizeof(folder) + sizeof("/run.json")];

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

static void make_folder(void)
{
    if (path[0])
        return;
    if (!mkdtemp(folder)) {
        snprintf(folder, sizeof(folder), "/tmp/minkhal-fuzz-XXXXXX");
        must(mkdtemp(folder) != NULL);
    }
    snprintf(path, sizeof(path), "%s/run.json", folder);
    must(atexit(remove_folder) == 0);
}

static void check(const mk_run_file *file)
{
    size_t n_all = 0;

    for (unsigned kind = 0; kind < MK_N_OUTS; kind++) {
        char **paths = NULL;
        size_t n = 0;
        mk_error error;
        must(mk_run_file_paths(file, (mk_out)kind, &paths, &n, &error) == MK_OK);
        must(paths[n] == NULL);
        mk_run_paths_free(paths);
        n_all += n;
    }
    must(n_all == file->n_shards);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_run_file *file = NULL;
    mk_error error = {.code = MK_OK};

    make_folder();
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
    const mk_err err = mk_run_file_open(folder, &file, &error);
    must(err == MK_OK || (err == MK_MISMATCH && error.text[0] && !file));
    if (err == MK_OK)
        check(file);
    mk_run_file_close(file);
    return 0;
}
