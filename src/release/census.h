/* census.h: what is in one text, counted in one pass. */
#ifndef MK_CENSUS_H
#define MK_CENSUS_H

#include "minkhal/report.h"

typedef struct mk_census {
    uint64_t bytes; /* of UTF-8 */
    uint64_t letters, words, lines;
    uint64_t parted;                    /* words as white space parts them */
    uint64_t scripts[MK_SCRIPT_COUNT];  /* letters */
    uint64_t signs[MK_TEXT_SIGN_COUNT]; /* code points */
} mk_census;

enum { MK_CENSUS_LOW = 0x800 /* code points of one or two bytes */ };

/* What those code points are: made once, const after. */
typedef struct mk_census_table {
    uint8_t of[MK_CENSUS_LOW];
    bool has_simd; /* the processor's */
} mk_census_table;

void mk_census_table_init(mk_census_table *table);
void mk_census_take(const mk_census_table *table, mk_str text, mk_census *ret);

/* The same of a text as a JSON string, without its quotes, that was checked. */
void mk_census_string(const mk_census_table *table, mk_str string, mk_census *ret);

#endif
