/* replay.c: runs a fuzz target over the files of folders, in byte order of names, and
 * over each of them cut at every byte (of long ones, at some), as TAP. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

/* The content of folder/name; owned by the caller. */
static uint8_t *read_file(const char *folder, const char *name, size_t *ret_size)
{
    enum { MAX = 1 << 24 /* bytes */ };
    char path[1024];
    uint8_t *const bytes = malloc(MAX);

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *const file = fopen(path, "rb");
    must(bytes && file);
    *ret_size = fread(bytes, 1, MAX, file);
    fclose(file);
    return bytes;
}

/* A copy of its own size, so that a byte too far is seen. */
static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *const copy = malloc(size + 1);

    must(copy != NULL);
    memcpy(copy, bytes, size);
    uint8_t *const exact = realloc(copy, size > 0 ? size : 1);
    must(exact != NULL);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void replay(const char *folder, const char *name)
{
    size_t size = 0;
    uint8_t *const bytes = read_file(folder, name, &size);
    const size_t step = size / 400 + 1;

    run(bytes, size);
    for (size_t n = 0; n < size; n += step)
        run(bytes, n);
    free(bytes);
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    int n_files = 0;

    for (int i = 1; i < argc; i++) {
        const int n = scandir(argv[i], &names, NULL, alphasort);
        must(n >= 0);
        for (int k = 0; k < n; k++) {
            if (names[k]->d_name[0] != '.') {
                replay(argv[i], names[k]->d_name);
                printf("ok %d - %s\n", ++n_files, names[k]->d_name);
                fflush(stdout);
            }
            free(names[k]);
        }
        free(names);
    }
    printf("1..%d\n", n_files);
    return n_files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
