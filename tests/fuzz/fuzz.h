/* fuzz.h: what a fuzz target is: a function of libFuzzer's. Without libFuzzer replay.c
 * calls it with the files of a folder. A target aborts where a promise is broken. */
#ifndef MK_FUZZ_H
#define MK_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(int condition)
{
    if (!condition)
        abort();
}

#endif
