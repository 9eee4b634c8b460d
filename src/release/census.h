/* census.h: what is in one text, counted in one pass. */
#ifndef MK_CENSUS_H
#define MK_CENSUS_H

#include "minkhal/report.h"

typedef struct mk_census {
    uint64_t letters, words, lines;
    uint64_t scripts[MK_SCRIPT_COUNT]; /* letters */
    uint64_t signs[MK_SIGN_COUNT];     /* code points */
} mk_census;

enum { MK_CENSUS_LOW = 0x800 /* code points of one or two bytes */ };

/* What those code points are: made once, const after. */
typedef struct mk_census_table {
    uint8_t of[MK_CENSUS_LOW];
} mk_census_table;

void mk_census_table_init(mk_census_table *table);
void mk_census_take(const mk_census_table *table, mk_str text, mk_census *ret);

#endif
