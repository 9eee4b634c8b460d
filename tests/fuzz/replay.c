/* replay.c: the main of a fuzz target that runs it on the files of a folder, as an
 * ordinary test: what fuzzing has found stays found. TAP on standard output. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BYTES = 1 << 20 /* bytes of a file */ };

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    char *bytes = malloc(MAX_BYTES);
    int ret = -1;
    if (f && bytes) {
        const size_t n = fread(bytes, 1, MAX_BYTES, f);
        uint8_t *exact = malloc(n > 0 ? n : 1); /* so that a read past the end is seen */
        if (exact) {
            memcpy(exact, bytes, n);
            ret = LLVMFuzzerTestOneInput(exact, n);
        }
        free(exact);
    }
    free(bytes);
    if (f)
        fclose(f);
    return ret;
}

int main(int argc, char **argv)
{
    struct dirent **names = NULL;
    const int n = argc == 2 ? scandir(argv[1], &names, is_input, alphasort) : -1;
    int bad = n <= 0;
    if (n <= 0)
        puts("Bail out! no folder of inputs");
    else
        printf("1..%d\n", n);
    for (int i = 0; i < n; i++) {
        const int failed = replay(argv[1], names[i]->d_name) != 0;
        printf("%sok %d - %s\n", failed ? "not " : "", i + 1, names[i]->d_name);
        bad |= failed;
        free(names[i]);
    }
    free(names);
    return bad;
}
