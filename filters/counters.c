/* counters: how often a page was seen, shared or commented on. A number that
 * stands alone is a weak sign: it may be a page number or a cell of a table.
 * Cases: fixtures/filters/counters.cases */
#include "minkhal/filter.h"

enum { COUNTER };

static const mk_rule rules[] = {
    [COUNTER] = {"counter", "counter", "views, visits, votes, downloads"},
    {0},
};

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_features *f = &mk_edit_line(edit, i)->features;
        if (f->n_letters == 0 && f->n_digits > 0)
            mk_edit_mark(edit, i,
                         (mk_mark){.rule = COUNTER,
                                   .effect = MK_EFFECT_DROP,
                                   .strength = MK_WEAK,
                                   .cover = 100,
                                   .evidence = MK_STR("numbers alone")});
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("counters"), {0}};

const mk_filter mk_filter_counters = {
    .abi = MK_FILTER_ABI,
    .name = "counters",
    .summary = "views, shares, votes and other counts",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
