/* bench_read.c: how fast inputs become documents, before any filter: streams, records,
 * parse, on one thread. Build: ninja -C build bench/bench_read. Usage: bench_read FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "minkhal/minkhal.h"

typedef struct counts {
    uint64_t n_docs, n_bytes;
} counts;

static bool count(void *arg, const mk_doc *doc)
{
    counts *const c = arg;

    c->n_docs += doc->raw.len > 0;
    c->n_bytes += doc->raw.len;
    return true;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    const mk_clean_options options = {.inputs = (const char *const *)argv + 1,
                                      .n_inputs = argc > 1 ? (size_t)argc - 1 : 0};
    counts c = {0};
    mk_summary summary;
    mk_error error;
    const double begin = seconds();

    if (mk_cat(&options, count, &c, &summary, &error) != MK_OK) {
        fprintf(stderr, "bench_read: %s\n", error.text);
        return EXIT_FAILURE;
    }
    const double took = seconds() - begin;
    printf("%llu records, %llu documents, %.1f MB of text, %.3f s of processor, %.0f MB/s\n",
           (unsigned long long)summary.n_in, (unsigned long long)c.n_docs, (double)c.n_bytes / 1e6,
           took, (double)c.n_bytes / 1e6 / took);
    return EXIT_SUCCESS;
}
