/* about.c: see about.h. Cases: tests/release/test_metadata.c, fixtures/cli/pack_folder,
 * pack_croissant_prov. */
#include "release/about.h"

#include <stdio.h>

#include "read/file_bytes.h"

enum { METADATA_MAX = 2 << 20 /* bytes: more than its parser takes */ };

/* The day of seconds since 1970, by the civil calendar (Howard Hinnant's days_from_civil,
 * the other way round). */
static void day_of(int64_t seconds, char out[11])
{
    const int64_t days = (seconds < 0 ? 0 : seconds / 86400) + 719468;
    const int64_t era = days / 146097, of_era = days % 146097;
    const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t m = (5 * of_year + 2) / 153;
    const int64_t day = of_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;

    snprintf(out, 11, "%04u-%02u-%02u", (unsigned)(year + era * 400 + (month <= 2)) % 10000,
             (unsigned)month % 100, (unsigned)day % 100);
}

mk_err mk_about_read(const mk_pack_options *o, mk_manifest *m, mk_metadata *ret, mk_error *reterr)
{
    mk_buf text = {.max = METADATA_MAX}, out = {.max = MK_BUF_MAX};
    mk_err err = MK_OK;

    if (o->metadata) {
        err = mk_file_option(o->metadata, MK_FILE_STORED, &text, reterr);
        if (err == MK_OK)
            err = mk_metadata_parse(o->metadata, mk_buf_str(&text), m->arena, ret, reterr);
    }
    if (err == MK_OK && o->has_epoch && ret->values[MK_META_DATE].n == 0) {
        char day[11];
        day_of(o->epoch, day);
        ret->values[MK_META_DATE].items[0] = mk_arena_str(m->arena, mk_str_of(day));
        ret->values[MK_META_DATE].n = 1;
    }
    if (err == MK_OK) {
        mk_metadata_put(ret, &out);
        m->metadata = mk_arena_str(m->arena, mk_buf_str(&out));
        if (out.failed || !m->metadata.ptr)
            err = mk_fail(reterr, MK_NOMEM, "out of memory for metadata");
    }
    mk_buf_clear(&text);
    mk_buf_clear(&out);
    return err;
}

mk_err mk_about_croissant(const mk_pack_options *o, mk_manifest *m, mk_error *reterr)
{
    if (!o->croissant)
        return MK_OK;
    if (strcmp(o->croissant, "1.0") != 0 && strcmp(o->croissant, "1.1") != 0)
        return mk_fail(reterr, MK_OPTION,
                       "unknown version of Croissant '%s': 1.0 and 1.1 are known", o->croissant);
    m->croissant = mk_arena_str(m->arena, mk_str_of(o->croissant));
    return m->croissant.ptr ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for a release");
}
