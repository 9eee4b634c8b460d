/* simd.h: whether the ways that need AVX2 may be gone. Each has a twin without, which
 * gives the same. */
#ifndef MK_SIMD_H
#define MK_SIMD_H

#include <stdbool.h>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define MK_WITH_AVX2 1
#endif

/* True if the machine has AVX2 (and BMI, BMI2 and POPCNT, which came with it or before) and MINKHAL_SIMD is not "off". It looks into the
 * environment: ask once for some hundred bytes of work. */
bool mk_has_simd(void);

#endif
