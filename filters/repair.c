/* repair.c: damage to whole documents: references of HTML, text that was read in
 * the wrong encoding, lines that run backwards.
 *
 * Evidence is looked for in the whole document, and only then is a line touched. What
 * shows that its text is none, and cannot be repaired, marks the document for review.
 * Stands at the top of a chain: what accuses lines must see them repaired. Cases:
 * fixtures/filters/repair.cases. */
#include "minkhal/filter.h"

typedef struct config {
    bool html_entities, mojibake, visual_order, qcf_flag, pua, bidi;
    uint64_t operations; /* those of them that are on */
} config;

#define SWITCH(field, text)                                                                        \
    {                                                                                              \
        .name = #field, .help = (text), .type = MK_OPTION_BOOL, .offset = offsetof(config, field), \
        .def = 1                                                                                   \
    }

static const mk_option options[] = {
    SWITCH(html_entities, "character references of HTML become characters"),
    SWITCH(mojibake, "text that was read in the wrong encoding"),
    SWITCH(visual_order, "lines of presentation forms that run backwards"),
    SWITCH(qcf_flag, "glyph codes of a printed Quran's pages: for review"),
    SWITCH(pua, "private characters above 1 percent: for review"),
    SWITCH(bidi, "letters of Arabic under an override of direction: for review"),
    {0},
};

static uint64_t bit_of(bool wanted, const char *operation)
{
    const int i = mk_operation_find(mk_str_of(operation));

    return wanted && i >= 0 ? UINT64_C(1) << i : 0;
}

static mk_err prepare(void *arg, mk_error *reterr)
{
    config *c = arg;

    (void)reterr;
    c->operations = bit_of(c->html_entities, "html_entities") | bit_of(c->mojibake, "mojibake") |
                    bit_of(c->visual_order, "visual_order") | bit_of(c->qcf_flag, "qcf_flag") |
                    bit_of(c->pua, "pua") | bit_of(c->bidi, "bidi");
    return MK_OK;
}

static mk_err repair(const void *arg, mk_edit *edit)
{
    mk_edit_repair(edit, ((const config *)arg)->operations);
    return MK_OK;
}

const mk_filter mk_filter_repair = {
    .abi = MK_FILTER_ABI,
    .name = "repair",
    .summary = "damage to whole documents: references, wrong encodings, lines that run backwards",
    .kind = MK_KIND_LETTERS,
    .rules = mk_operation_rules,
    .options = options,
    .config_size = sizeof(config),
    .prepare = prepare,
    .apply = repair,
};
