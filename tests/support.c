#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

int mk_test_run(Suite *s)
{
    SRunner *runner = srunner_create(s);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    const int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    if (folder[0])
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *mk_test_folder(void)
{
    if (!folder[0]) {
        strcpy(folder, "/tmp/minkhal-test-XXXXXX"); /* fits: a constant */
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
    }
    return folder;
}

const char *mk_test_path(const char *name)
{
    static char paths[8][512];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", mk_test_folder(), name);
    return path;
}

const char *mk_test_file(const char *name, mk_str bytes)
{
    const char *path = mk_test_path(name);
    FILE *file = fopen(path, "wb");
    if (!file || (bytes.len && fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len) ||
        fclose(file) != 0)
        abort();
    return path;
}

mk_str mk_test_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        abort();
    size_t len = 0, size = 1 << 16;
    char *bytes = malloc(size + 1);
    for (size_t n; bytes && (n = fread(bytes + len, 1, size - len, file)) > 0;) {
        len += n;
        if (len == size)
            bytes = realloc(bytes, (size *= 2) + 1);
    }
    fclose(file);
    if (!bytes)
        abort();
    bytes[len] = '\0';
    return (mk_str){bytes, len};
}
