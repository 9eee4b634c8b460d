/* language: which language a document is in. Where the record names none, what the lines
 * show that are kept is noted as a fact; with `keep` a document in a language that was not
 * asked for goes whole.
 *
 * For that the text counts more than the record: the markup of many Arabic pages says
 * `en`. The record is asked where the text does not tell, and believed if it names one
 * of the six. `other` is another script: next to no letter is Arabic. What is in between,
 * a name alone, and languages of the script that are none of the six cannot be told:
 * such documents stay, and the fact stays empty. How a text tells: src/text/language.c.
 * Runs behind all that removes lines, and before the letters, which then have the
 * language. Cases: fixtures/filters/language.cases, tests/filters/test_page_language.c */
#include <inttypes.h>

#include "minkhal/filter.h"

enum { OTHER };

static const mk_rule rules[] = {
    [OTHER] = {"other", "language", "a document in a language that was not asked for"},
    {0},
};

enum { ALL = 0x7F }; /* a bit for each word of choices, which are in the order of mk_language */
enum { ANOTHER_SCRIPT = MK_LANGUAGE_PS + 1, UNKNOWN = 0 };

typedef struct config {
    uint32_t keep;
} config;

static const mk_option options[] = {
    {.name = "keep",
     .help = "languages whose documents stay; other: another script than the Arabic",
     .type = MK_OPTION_WORDS,
     .offset = offsetof(config, keep),
     .def = ALL,
     .choices = "ar|fa|ur|ckb|ug|ps|other"},
    {0},
};

enum {
    SAMPLE = 4096,    /* bytes of the kept lines: detection looks at a thousand letters */
    MIN_ARABIC = 4,   /* of so many letters one: articles on programs quote them */
    MAX_FOREIGN = 20, /* in another script at most one of so many is Arabic */
    MIN_LETTERS = 40  /* of a text that is said to be in another script */
};

/* The letters of the kept lines, and the beginning of those lines that have Arabic ones. */
typedef struct sample {
    uint64_t n_letters, n_arabic;
    size_t len;
    char text[SAMPLE];
} sample;

/* line and a line break, as far as there is room. */
static void add(sample *s, mk_str line)
{
    size_t n = line.len < SAMPLE - s->len ? line.len : SAMPLE - s->len;

    while (n > 0 && n < line.len && ((unsigned char)line.ptr[n] & 0xC0) == 0x80)
        n--; /* not through a letter */
    if (n > 0)
        memcpy(s->text + s->len, line.ptr, n);
    s->len += n;
    if (s->len < SAMPLE)
        s->text[s->len++] = '\n';
}

static void take_sample(mk_edit *edit, sample *s)
{
    s->n_letters = s->n_arabic = s->len = 0;
    for (size_t i = mk_edit_next(edit, SIZE_MAX); i != SIZE_MAX; i = mk_edit_next(edit, i)) {
        const mk_line *const line = mk_edit_line(edit, i);
        s->n_letters += line->features.n_letters;
        s->n_arabic += line->features.n_arabic;
        if (line->features.n_arabic > 0 && s->len < SAMPLE)
            add(s, line->text);
    }
}

static unsigned language_of(const sample *s)
{
    if (s->n_arabic * MAX_FOREIGN <= s->n_letters && s->n_letters >= MIN_LETTERS)
        return ANOTHER_SCRIPT;
    if (s->n_arabic == 0 || s->n_arabic * MIN_ARABIC < s->n_letters)
        return UNKNOWN;
    return mk_language_detect((mk_str){s->text, s->len});
}

static mk_err apply(const void *opaque, mk_edit *edit)
{
    const config *const cf = opaque;
    const mk_str told = mk_edit_doc(edit)->lang;
    sample s;

    if (told.len > 0 && cf->keep == ALL)
        return MK_OK;
    take_sample(edit, &s);
    const unsigned seen = language_of(&s);
    if (seen != UNKNOWN && seen != ANOTHER_SCRIPT)
        mk_edit_meta(edit, "lang", mk_str_of(mk_language_code((mk_language)seen)));
    const unsigned found = seen != UNKNOWN ? seen : mk_language_of_tag(told);
    if (found == UNKNOWN || cf->keep >> (found - 1) & 1)
        return MK_OK;
    if (found == ANOTHER_SCRIPT)
        mk_edit_drop_doc(edit, OTHER,
                         mk_edit_format(edit, "%" PRIu64 " of %" PRIu64 " letters are Arabic",
                                        s.n_arabic, s.n_letters));
    else
        mk_edit_drop_doc(edit, OTHER,
                         mk_edit_format(edit, "%s, by its %s", mk_language_code((mk_language)found),
                                        seen != UNKNOWN ? "text" : "record"));
    return MK_OK;
}

const mk_filter mk_filter_language = {
    .abi = MK_FILTER_ABI,
    .name = "language",
    .summary = "note the document's language, keep those asked for (--keep-lang)",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(config),
    .apply = apply,
};
