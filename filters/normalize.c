/* normalize.c: the letters of each line, by the operations on text.
 *
 * The form says which operations run: train repairs and tidies what is certain,
 * search folds for matching as well, preserve leaves all that a reader could see
 * or want. Each operation can be switched by its name. Refuses what needs the
 * whole document: that is the filter `repair`. The language is the record's; where
 * it has none it is told by letters and words, and where that is not certain
 * letters stay as they are. What the operations do: src/text/operations.c. Cases:
 * fixtures/filters/normalize.cases. */
#include "minkhal/filter.h"

enum { MAX_OPERATIONS = 64 };
enum { LANG_AUTO, LANG_OTHER, LANG_AR }; /* and on, in the order of mk_language */

typedef struct config {
    int form, lang, diacritics, digits, mark_order, punctuation;
    int switches[MAX_OPERATIONS]; /* by the order below */
    mk_norm_options how;
} config;

#define CHOICE(field, word, words, text)                                \
    {                                                                   \
        .name = (word), .help = (text), .type = MK_OPTION_CHOICE,       \
        .offset = offsetof(config, field), .def = 0, .choices = (words) \
    }
#define SWITCH(i, word)                                                                 \
    {                                                                                   \
        .name = (word), .help = "the operation of that name", .type = MK_OPTION_CHOICE, \
        .offset = offsetof(config, switches) + (i) * sizeof(int), .def = 0,             \
        .choices = "form|on|off"                                                        \
    }

static const mk_option options[] = {
    CHOICE(form, "form", "train|search|preserve", "which operations run"),
    CHOICE(lang, "lang", "auto|other|ar|fa|ur|ckb|ug|ps",
           "auto: the record's, else what the text shows"),
    CHOICE(diacritics, "diacritics", "keep|strip|harakat|quran-only",
           "vowel signs; harakat: shadda stays; quran-only: they stay in the Quran"),
    CHOICE(digits, "digits", "form|keep|ascii|arabic|persian", "one kind of digits"),
    CHOICE(mark_order, "mark-order", "nfc|shadda-first", "shadda after its vowel, or before it"),
    CHOICE(punctuation, "punctuation", "form|keep|ascii|arabic",
           "one kind of comma and question mark"),
    SWITCH(0, "html_entities"),
    SWITCH(1, "mojibake"),
    SWITCH(2, "newline"),
    SWITCH(3, "control"),
    SWITCH(4, "nonchar"),
    SWITCH(5, "pua"),
    SWITCH(6, "spaces"),
    SWITCH(7, "code_protect"),
    SWITCH(8, "visual_order"),
    SWITCH(9, "pres_forms"),
    SWITCH(10, "allah_lig"),
    SWITCH(11, "bom"),
    SWITCH(12, "bidi"),
    SWITCH(13, "invisible"),
    SWITCH(14, "nfc"),
    SWITCH(15, "dup_marks"),
    SWITCH(16, "mark_cap"),
    SWITCH(17, "tashkeel"),
    SWITCH(18, "harakat"),
    SWITCH(19, "quran_protect"),
    SWITCH(20, "quran_only"),
    SWITCH(21, "zwnj"),
    SWITCH(22, "letters"),
    SWITCH(23, "zwj"),
    SWITCH(24, "tatweel"),
    SWITCH(25, "tanween_after"),
    SWITCH(26, "tanween_before"),
    SWITCH(27, "quote_repair"),
    SWITCH(28, "punct_space"),
    SWITCH(29, "repeat_punct"),
    SWITCH(30, "elongation_cap"),
    SWITCH(31, "word_lig"),
    SWITCH(32, "punct_arabic"),
    SWITCH(33, "punct_ascii"),
    SWITCH(34, "nfkc"),
    SWITCH(35, "casefold"),
    SWITCH(36, "zero_width"),
    SWITCH(37, "tatweel_all"),
    SWITCH(38, "quran_marks"),
    SWITCH(39, "all_marks"),
    SWITCH(40, "script_fold"),
    SWITCH(41, "alef_fold"),
    SWITCH(42, "alef_maksura_fold"),
    SWITCH(43, "teh_marbuta_fold"),
    SWITCH(44, "hamza_fold"),
    SWITCH(45, "number_sep"),
    SWITCH(46, "digits_ascii"),
    SWITCH(47, "digits_arab"),
    SWITCH(48, "digits_persian"),
    SWITCH(49, "elongation_fold"),
    SWITCH(50, "whitespace"),
    SWITCH(51, "shadda_first"),
    SWITCH(52, "qcf_flag"),
    {0},
};

/* The n-th of the words between bars. */
static mk_str word_of(const char *words, int n)
{
    for (; n > 0; n--)
        words += strcspn(words, "|") + 1;
    return (mk_str){words, strcspn(words, "|")};
}

static mk_err prepare(void *arg, mk_error *reterr)
{
    config *c = arg;

    for (const mk_option *o = options; o->name; o++) {
        const int value = *(const int *)(const void *)((const char *)arg + o->offset);
        const mk_str word = word_of(o->choices, value);
        if (value == 0 || o->offset == offsetof(config, lang))
            continue; /* the first word of each changes nothing */
        if (!mk_norm_set(&c->how, mk_str_of(o->name), word))
            return mk_fail(reterr, MK_BUG, "no choice '%s=%.*s'", o->name, (int)word.len, word.ptr);
    }
    c->how.is_line = true;
    return MK_OK;
}

static mk_language language_of(const config *c, const mk_doc *doc)
{
    if (c->lang != LANG_AUTO)
        return (mk_language)(c->lang - LANG_OTHER);
    if (doc->lang.len > 0 && !mk_str_eq(doc->lang, MK_STR("und")))
        return mk_language_of_tag(doc->lang);
    return mk_language_detect(doc->raw);
}

static mk_err normalize(const void *arg, mk_edit *edit)
{
    const config *c = arg;
    mk_norm_options how = c->how;

    how.language = language_of(c, mk_edit_doc(edit));
    mk_edit_normalize(edit, &how);
    return MK_OK;
}

const mk_filter mk_filter_normalize = {
    .abi = MK_FILTER_ABI,
    .name = "normalize",
    .summary = "letters, marks, signs and spaces, by the operations on text",
    .kind = MK_KIND_LETTERS,
    .rules = mk_operation_rules,
    .options = options,
    .config_size = sizeof(config),
    .prepare = prepare,
    .apply = normalize,
};
