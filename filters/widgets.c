/* widgets: boxes of weather, currencies, prayer times and polls, strings of
 * players, «was this useful». Refuses timetables and tables that are the
 * article: names and numbers are weak, but where rows of nothing else stand over the
 * first sentence of a page. Cases: fixtures/filters/widgets.cases. */
#include "minkhal/filter.h"

enum { WEATHER, CURRENCY, PRAYER, POLL, PLAYER, USEFUL };

static const mk_rule rules[] = {
    [WEATHER] = {"weather", "widget", "the weather box"},
    [CURRENCY] = {"currency", "widget", "currencies, gold, shares"},
    [PRAYER] = {"prayer", "widget", "the box of prayer times"},
    [POLL] = {"poll", "widget", "heads and buttons of a poll"},
    [PLAYER] = {"player", "widget", "strings of video and audio players"},
    [USEFUL] = {"useful", "widget", "was this useful"},
    {0},
};

enum {
    MAX_ABOVE = 60, /* lines over the text that are looked at */
    MIN_CELLS = 3,  /* in a row */
    CELL_WORDS = 5,
    CELL_LETTERS = 25,
    TEXT_WORDS = 8 /* words of a line that ends in a stop */
};

/* A place and its degrees: «25° Cairo». */
static bool is_degrees(const mk_line *line)
{
    const mk_features *f = &line->features;
    return f->n_digits > 0 && f->n_words <= CELL_WORDS && f->n_letters <= CELL_LETTERS &&
           f->end != MK_END_STOP && f->signs & MK_SIGN_DEGREE;
}

/* A number and a currency, or a name of the box: all of the line is known. */
static bool is_price(const mk_line *line, const mk_lexicon *lexicon)
{
    for (uint32_t h = 0; h < line->n_hits; h++)
        if (mk_hit_is_of(&line->hits[h], lexicon) && line->hits[h].cover == 100 &&
            mk_hit_rule(&line->hits[h], lexicon) == CURRENCY)
            return line->features.n_digits > 0;
    return false;
}

static void mark_cells(mk_edit *edit, const size_t *cells, unsigned n, const mk_lexicon *lexicon)
{
    for (unsigned k = 0; n >= MIN_CELLS && k < n; k++)
        mk_edit_mark(
            edit, cells[k],
            (mk_mark){.rule = is_price(mk_edit_line(edit, cells[k]), lexicon) ? CURRENCY : WEATHER,
                      .effect = MK_EFFECT_DROP,
                      .strength = MK_STRONG,
                      .cover = 100,
                      .evidence = mk_edit_format(edit, "one of %u figures in a row", n)});
}

/* Rows of degrees and prices that stand over the text, a date between them perhaps. */
static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_lexicon *lexicon = ((const mk_phrases *)config)->lexicon;
    const mk_err err = mk_phrases_apply(config, edit);
    size_t cells[MAX_ABOVE];
    unsigned n = 0, seen = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX && seen < MAX_ABOVE && !err;
         i = mk_edit_next(edit, i), seen++) {
        const mk_line *line = mk_edit_line(edit, i);
        if (line->features.end == MK_END_STOP && line->features.n_words >= TEXT_WORDS)
            break;
        if (line->features.n_digits > 0 && (is_degrees(line) || is_price(line, lexicon))) {
            cells[n++] = i;
        } else if (line->features.end == MK_END_COLON || line->features.n_words > CELL_WORDS) {
            mark_cells(edit, cells, n, lexicon);
            n = 0;
            if (line->features.end == MK_END_COLON)
                break; /* what follows is the text's own */
        }
    }
    if (!err)
        mark_cells(edit, cells, n, lexicon);
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("widgets"), {0}};

const mk_filter mk_filter_widgets = {
    .abi = MK_FILTER_ABI,
    .name = "widgets",
    .summary = "weather, currencies, prayer times, polls, players",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
