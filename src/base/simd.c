/* simd.c: see simd.h. */
#include "base/simd.h"

#include <stdlib.h>
#include <string.h>

bool mk_has_simd(void)
{
#ifdef MK_WITH_AVX2
    const char *const word = getenv("MINKHAL_SIMD");

    return (!word || strcmp(word, "off") != 0) && __builtin_cpu_supports("avx2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
    return false;
#endif
}
