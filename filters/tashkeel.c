/* tashkeel.c: vowel signs, on request.
 *
 * Off unless mode=strip: vowels are the writer's. Refuses to touch hamza marks
 * (U+0653 to U+0655), which are spelling, and the signs of the Quran. Set:
 * U+064B to U+0652 and U+0670, the ones of ordinary vocalised text (Unicode
 * 15.0 chapter 9.2). Cases: fixtures/filters/tashkeel.cases. */
#include "minkhal/filter.h"

enum { STRIP };

static const mk_rule rules[] = {
    [STRIP] = {"strip", "mark", "fatha to sukun, tanween, shadda and dagger alef"},
    {0},
};

enum { MODE_KEEP, MODE_STRIP };

typedef struct config {
    int mode;
} config;

static const mk_option options[] = {
    {.name = "mode",
     .help = "strip: remove vowel signs; keep: leave them",
     .type = MK_OPTION_CHOICE,
     .offset = offsetof(config, mode),
     .def = MODE_KEEP,
     .choices = "keep|strip"},
    {0},
};

static bool is_tashkeel(uint32_t cp)
{
    return (cp >= 0x064B && cp <= 0x0652) || cp == 0x0670;
}

static void strip(const void *arg, mk_str text, mk_patches *patches)
{
    const config *conf = arg;
    size_t at = 0;

    if (conf->mode == MODE_KEEP)
        return;
    while (at < text.len) {
        const size_t from = at;
        size_t to = at;
        while (is_tashkeel(mk_utf8_next(text, &at)))
            to = at;
        if (to > from)
            mk_patch(patches, from, to - from, (mk_str){0}, STRIP);
    }
}

const mk_filter mk_filter_tashkeel = {
    .abi = MK_FILTER_ABI,
    .name = "tashkeel",
    .summary = "vowel signs: kept, or removed",
    .kind = MK_KIND_LETTERS,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .touches = MK_HAS_TASHKEEL,
    .letters = strip,
};
