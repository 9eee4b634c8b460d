/* operations.c: see operations.h. The one place where it is said which operations
 * there are, what each is, in which form it runs, and in which order. */
#include "text/operations.h"

#include "text/entities.h"
#include "text/visual_order.h"

/* ---- operations of the whole document, in the shape of a pass ---- */

static void html_entities(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    mk_op_html_entities(text, context->has_markup, context->drafts, patches);
}

static void mojibake(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    if (context->evidence)
        mk_op_mojibake(context->evidence, text, context->drafts, patches);
}

static void visual_order(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    mk_op_visual_order(text, context->drafts, patches);
}

/* ---- what there is ---- */

/* clang-format off: a table is read by its rows */
const mk_rule mk_operation_rules[MK_N_OPERATIONS + 1] = {
    [MK_OP_HTML_ENTITIES] = {"html_entities", "damage", "character references of HTML"},
    [MK_OP_MOJIBAKE] = {"mojibake", "damage", "text that was read in the wrong encoding"},
    [MK_OP_NEWLINE] = {"newline", "space", "line breaks of every kind become LF"},
    [MK_OP_CONTROL] = {"control", "invisible", "control characters, terminal sequences"},
    [MK_OP_NONCHAR] = {"nonchar", "invisible", "code points that are no characters"},
    [MK_OP_PUA] = {"pua", "invisible", "private use characters"},
    [MK_OP_SPACES] = {"spaces", "space", "no-break, wide and thin spaces and tabs become spaces"},
    [MK_OP_CODE_PROTECT] = {"code_protect", "protect",
                            "code, addresses and e-mail stay as they are"},
    [MK_OP_VISUAL_ORDER] = {"visual_order", "damage", "lines that run backwards"},
    [MK_OP_PRES_FORMS] = {"pres_forms", "glyph", "presentation forms become letters"},
    [MK_OP_ALLAH_LIG] = {"allah_lig", "glyph", "the sign of the word Allah becomes letters"},
    [MK_OP_BOM] = {"bom", "invisible", "byte order marks at the beginning"},
    [MK_OP_BIDI] = {"bidi", "invisible", "marks and controls of writing direction"},
    [MK_OP_INVISIBLE] = {"invisible", "invisible",
                         "soft hyphens, zero width spaces, byte order marks, stray selectors"},
    [MK_OP_NFC] = {"nfc", "mark", "marks in canonical order, joined with their letter"},
    [MK_OP_DUP_MARKS] = {"dup_marks", "mark", "the same mark twice on a letter"},
    [MK_OP_MARK_CAP] = {"mark_cap", "mark", "more than eight marks on a letter"},
    [MK_OP_TASHKEEL] = {"tashkeel", "mark", "vowel signs, shadda and dagger alef go"},
    [MK_OP_HARAKAT] = {"harakat", "mark", "vowel signs go, shadda stays"},
    [MK_OP_QURAN_PROTECT] = {"quran_protect", "protect", "text of the Quran stays as it is"},
    [MK_OP_QURAN_ONLY] = {"quran_only", "mark", "vowel signs go outside the Quran"},
    [MK_OP_ZWNJ] = {"zwnj", "invisible", "non-joiners that change nothing"},
    [MK_OP_LETTERS] = {"letters", "letter", "letters of another language's keyboard"},
    [MK_OP_ZWJ] = {"zwj", "invisible", "joiners that change nothing; the Hijri sign"},
    [MK_OP_TATWEEL] = {"tatweel", "tatweel", "strokes that stretch a word or stand for a dash"},
    [MK_OP_TANWEEN_AFTER] = {"tanween_after", "mark", "fathatan goes after its alef"},
    [MK_OP_TANWEEN_BEFORE] = {"tanween_before", "mark", "fathatan goes before its alef"},
    [MK_OP_QUOTE_REPAIR] = {"quote_repair", "punctuation",
                            "a prime or a turned mark in a quotation"},
    [MK_OP_PUNCT_SPACE] = {"punct_space", "punctuation", "no space before a comma, one after it"},
    [MK_OP_REPEAT_PUNCT] = {"repeat_punct", "punctuation", "a mark four times or more, three stay"},
    [MK_OP_ELONGATION_CAP] = {"elongation_cap", "letter", "a letter five times or more, four stay"},
    [MK_OP_WORD_LIG] = {"word_lig", "glyph", "words written as one sign become words"},
    [MK_OP_PUNCT_ARABIC] = {"punct_arabic", "punctuation", "comma and question mark of Arabic"},
    [MK_OP_PUNCT_ASCII] = {"punct_ascii", "punctuation", "punctuation as ASCII has it"},
    [MK_OP_NFKC] = {"nfkc", "fold", "Unicode form NFKC: compatible characters made equal"},
    [MK_OP_CASEFOLD] = {"casefold", "fold", "letters without case"},
    [MK_OP_ZERO_WIDTH] = {"zero_width", "fold", "joiners and non-joiners but in emoji"},
    [MK_OP_TATWEEL_ALL] = {"tatweel_all", "tatweel", "all tatweel"},
    [MK_OP_QURAN_MARKS] = {"quran_marks", "mark", "signs of recitation"},
    [MK_OP_ALL_MARKS] = {"all_marks", "mark", "all marks on letters"},
    [MK_OP_SCRIPT_FOLD] = {"script_fold", "fold",
                           "Persian, Urdu and Kurdish letters as Arabic ones"},
    [MK_OP_ALEF_FOLD] = {"alef_fold", "fold", "alef with hamza, madda or wasla as alef"},
    [MK_OP_ALEF_MAKSURA_FOLD] = {"alef_maksura_fold", "fold", "alef maksura as yeh"},
    [MK_OP_TEH_MARBUTA_FOLD] = {"teh_marbuta_fold", "fold", "teh marbuta as heh"},
    [MK_OP_HAMZA_FOLD] = {"hamza_fold", "fold", "hamza on waw and yeh as waw and yeh"},
    [MK_OP_NUMBER_SEP] = {"number_sep", "number", "Arabic separators and signs in numbers"},
    [MK_OP_DIGITS_ASCII] = {"digits_ascii", "number", "digits as 0 to 9"},
    [MK_OP_DIGITS_ARAB] = {"digits_arab", "number", "digits as Arabic-Indic ones"},
    [MK_OP_DIGITS_PERSIAN] = {"digits_persian", "number", "digits as Persian ones"},
    [MK_OP_ELONGATION_FOLD] = {"elongation_fold", "fold", "letters repeated for emphasis"},
    [MK_OP_WHITESPACE] = {"whitespace", "space", "several spaces, spaces at the ends of lines"},
    [MK_OP_SHADDA_FIRST] = {"shadda_first", "mark", "shadda before its vowel, as it is typed"},
    [MK_OP_QCF_FLAG] = {"qcf_flag", "damage",
                        "glyph codes of a printed Quran's pages: flagged, not changed"},
};

/* In which forms they run. Operations of search run on what those of train leave. */
enum { T = 1 << MK_FORM_TRAIN, S = 1 << MK_FORM_SEARCH, P = 1 << MK_FORM_PRESERVE };

static const uint8_t forms[MK_N_OPERATIONS] = {
    [MK_OP_HTML_ENTITIES] = T | S,
    [MK_OP_MOJIBAKE] = T | S,
    [MK_OP_NEWLINE] = T | S | P,
    [MK_OP_CONTROL] = T | S | P,
    [MK_OP_NONCHAR] = T | S | P,
    [MK_OP_PUA] = T | S,
    [MK_OP_SPACES] = T | S,
    [MK_OP_CODE_PROTECT] = T | S,
    [MK_OP_VISUAL_ORDER] = T | S,
    [MK_OP_PRES_FORMS] = T | S,
    [MK_OP_ALLAH_LIG] = T | S,
    [MK_OP_BOM] = P,
    [MK_OP_BIDI] = T | S,
    [MK_OP_INVISIBLE] = T | S,
    [MK_OP_NFC] = T | S,
    [MK_OP_DUP_MARKS] = T | S,
    [MK_OP_MARK_CAP] = T | S,
    [MK_OP_QURAN_PROTECT] = T | S,
    [MK_OP_ZWNJ] = T | S,
    [MK_OP_LETTERS] = T | S,
    [MK_OP_ZWJ] = T | S,
    [MK_OP_TATWEEL] = T | S,
    [MK_OP_QUOTE_REPAIR] = T | S,
    [MK_OP_PUNCT_SPACE] = T | S,
    [MK_OP_REPEAT_PUNCT] = T | S,
    [MK_OP_ELONGATION_CAP] = T | S,
    [MK_OP_WORD_LIG] = S,
    [MK_OP_PUNCT_ASCII] = S,
    [MK_OP_NFKC] = S,
    [MK_OP_CASEFOLD] = S,
    [MK_OP_ZERO_WIDTH] = S,
    [MK_OP_TATWEEL_ALL] = S,
    [MK_OP_ALL_MARKS] = S,
    [MK_OP_SCRIPT_FOLD] = S,
    [MK_OP_ALEF_FOLD] = S,
    [MK_OP_ALEF_MAKSURA_FOLD] = S,
    [MK_OP_TEH_MARBUTA_FOLD] = S,
    [MK_OP_NUMBER_SEP] = S,
    [MK_OP_DIGITS_ASCII] = S,
    [MK_OP_ELONGATION_FOLD] = S,
    [MK_OP_WHITESPACE] = T | S,
};
/* clang-format on */

int mk_operation_find(mk_str name)
{
    for (int i = 0; i < MK_N_OPERATIONS; i++)
        if (mk_str_eq(name, mk_str_of(mk_operation_rules[i].name)))
            return i;
    return -1;
}

uint64_t mk_form_operations(mk_form form)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < MK_N_OPERATIONS; i++)
        if (forms[i] >> form & 1)
            mask |= MK_OP_BIT(i);
    return mask;
}

/* ---- words for people ---- */

#define B(op) MK_OP_BIT(MK_OP_##op)
#define VOWELS (B(TASHKEEL) | B(HARAKAT) | B(QURAN_ONLY))
#define DIGITS (B(DIGITS_ASCII) | B(DIGITS_ARAB) | B(DIGITS_PERSIAN))
#define SIGNS (B(PUNCT_ASCII) | B(PUNCT_ARABIC))

static const struct choice {
    const char *name, *value;
    uint64_t all; /* what the name speaks of */
    uint64_t on;  /* of which these run */
    bool form;    /* as the form has it */
} choices[] = {
    {"diacritics", "keep", VOWELS, 0, true},
    {"diacritics", "strip", VOWELS, B(TASHKEEL), false},
    {"diacritics", "harakat", VOWELS, B(HARAKAT), false},
    {"diacritics", "quran-only", VOWELS, B(QURAN_ONLY), false},
    {"digits", "form", DIGITS, 0, true},
    {"digits", "keep", DIGITS, 0, false},
    {"digits", "ascii", DIGITS, B(DIGITS_ASCII) | B(NUMBER_SEP), false},
    {"digits", "arabic", DIGITS, B(DIGITS_ARAB), false},
    {"digits", "persian", DIGITS, B(DIGITS_PERSIAN), false},
    {"mark-order", "nfc", B(SHADDA_FIRST), 0, true},
    {"mark-order", "shadda-first", B(SHADDA_FIRST), B(SHADDA_FIRST), false},
    {"punctuation", "form", SIGNS, 0, true},
    {"punctuation", "keep", SIGNS, 0, false},
    {"punctuation", "ascii", SIGNS, B(PUNCT_ASCII), false},
    {"punctuation", "arabic", SIGNS, B(PUNCT_ARABIC), false},
};

static void take(mk_norm_options *o, uint64_t all, uint64_t on, bool form)
{
    o->on = (o->on & ~all) | on;
    o->off = form ? o->off & ~all : (o->off & ~on) | (all & ~on);
}

static bool set_form(mk_norm_options *options, mk_str value)
{
    static const char *const names[] = {
        [MK_FORM_TRAIN] = "train", [MK_FORM_SEARCH] = "search", [MK_FORM_PRESERVE] = "preserve"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!mk_str_eq(value, mk_str_of(names[i])))
            continue;
        options->form = (mk_form)i;
        return true;
    }
    return false;
}

static bool set_language(mk_norm_options *options, mk_str value)
{
    for (unsigned i = MK_LANGUAGE_OTHER; i <= MK_LANGUAGE_PS; i++) {
        const char *code = i == MK_LANGUAGE_OTHER ? "other" : mk_language_code((mk_language)i);
        if (!mk_str_eq(value, mk_str_of(code)))
            continue;
        options->language = (mk_language)i;
        return true;
    }
    return false;
}

bool mk_norm_set(mk_norm_options *options, mk_str name, mk_str value)
{
    const int op = mk_operation_find(name);

    if (mk_str_eq(name, MK_STR("form")))
        return set_form(options, value);
    if (mk_str_eq(name, MK_STR("lang")))
        return set_language(options, value);
    if (op >= 0) {
        const bool on = mk_str_eq(value, MK_STR("on")), form = mk_str_eq(value, MK_STR("form"));
        if (!on && !form && !mk_str_eq(value, MK_STR("off")))
            return false;
        take(options, MK_OP_BIT(op), on ? MK_OP_BIT(op) : 0, form);
        return true;
    }
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
        const struct choice *c = &choices[i];
        if (!mk_str_eq(name, mk_str_of(c->name)) || !mk_str_eq(value, mk_str_of(c->value)))
            continue;
        take(options, c->all, c->on, c->form);
        return true;
    }
    return false;
}

/* ---- the order ---- */

/* Why it is so:
 * - References before mojibake: &Oslash;&sect; is mojibake in references. Both
 *   before all that removes what bytes of Arabic may look like: NBSP, soft hyphen,
 *   C1 controls, ZWNJ, curly quotes.
 * - NFC before what depends on context, or canonically equal texts would come out
 *   otherwise; again after what removes characters (one that goes may have kept a
 *   mark from its letter) and after letters and tatweel (marks may meet).
 * - Forms before tatweel, letters and joiners, which know no forms. Letters before
 *   joiners: heh doachashmee and joiner is the Hijri sign too.
 * - Placeholders stand for what is held from the first step that could harm it to
 *   the last; the Quran's go in when it is in form C.
 * - Vowel signs go before tatweel is judged, which may bear one of them.
 * - Spaces last: what was removed may have stood between two. */
/* clang-format off: a step a line */
#define PASS(name, ...)                               \
    {                                                 \
        .op = MK_OP_##name, .passes = { __VA_ARGS__ } \
    }
#define ARABIC(name, ...)                                                  \
    {                                                                      \
        .op = MK_OP_##name, .arabic_only = true, .passes = { __VA_ARGS__ } \
    }
#define HOLD(name, ...)                                                     \
    {                                                                       \
        .op = MK_OP_##name, .kind = MK_STEP_HOLD, .passes = { __VA_ARGS__ } \
    }
#define RELEASE(name)                               \
    {                                               \
        .op = MK_OP_##name, .kind = MK_STEP_RELEASE \
    }
#define END                 \
    {                       \
        .kind = MK_STEP_END \
    }

#define UNSEEN mk_pass_unseen, mk_pass_zwsp, mk_pass_tags, mk_pass_selectors

const mk_norm_step mk_train_steps[] = {
    PASS(NONCHAR, mk_pass_nonchar),
    PASS(PUA, mk_pass_pua),
    PASS(HTML_ENTITIES, html_entities),
    PASS(NFC, mk_pass_nfc),
    PASS(MOJIBAKE, mojibake),
    PASS(NEWLINE, mk_pass_newline),
    PASS(CONTROL, mk_pass_control),
    PASS(PUA, mk_pass_pua),
    PASS(NONCHAR, mk_pass_nonchar),
    PASS(SPACES, mk_pass_spaces),
    PASS(NFC, mk_pass_nfc),
    HOLD(CODE_PROTECT, mk_pass_find_code),
    PASS(VISUAL_ORDER, visual_order),
    PASS(PRES_FORMS, mk_pass_forms),
    PASS(ALLAH_LIG, mk_pass_allah),
    PASS(BIDI, mk_pass_bidi),
    PASS(INVISIBLE, UNSEEN),
    PASS(NFC, mk_pass_nfc),
    PASS(DUP_MARKS, mk_pass_dup_marks),
    PASS(MARK_CAP, mk_pass_mark_cap),
    PASS(TASHKEEL, mk_pass_tashkeel),
    PASS(HARAKAT, mk_pass_harakat),
    HOLD(QURAN_ONLY, mk_pass_find_ayah_turned),
    HOLD(QURAN_PROTECT, mk_pass_find_ayah, mk_pass_find_verse, mk_pass_find_quran_word),
    PASS(QURAN_ONLY, mk_pass_tashkeel),
    PASS(LETTERS, mk_pass_heh_zwnj),
    PASS(ZWNJ, mk_pass_zwnj),
    PASS(LETTERS, mk_pass_letters),
    PASS(ZWJ, mk_pass_zwj),
    PASS(TATWEEL, mk_pass_tatweel),
    PASS(NFC, mk_pass_nfc),
    PASS(DUP_MARKS, mk_pass_dup_marks),
    PASS(TANWEEN_AFTER, mk_pass_tanween_after),
    PASS(TANWEEN_BEFORE, mk_pass_tanween_before),
    PASS(QUOTE_REPAIR, mk_pass_quotes),
    PASS(PUNCT_SPACE, mk_pass_space_before, mk_pass_space_after),
    PASS(REPEAT_PUNCT, mk_pass_repeat_punct),
    PASS(ELONGATION_CAP, mk_pass_elongation_cap),
    PASS(WHITESPACE, mk_pass_whitespace),
    RELEASE(QURAN_PROTECT),
    PASS(NFC, mk_pass_nfc),
    END,
};

/* Run with train, when a user asks for them: before what is held comes back. */
const mk_norm_step mk_wanted_steps[] = {
    PASS(WORD_LIG, mk_pass_allah, mk_pass_words),
    PASS(TATWEEL_ALL, mk_pass_tatweel_all),
    PASS(QURAN_MARKS, mk_pass_quran_marks),
    PASS(ALL_MARKS, mk_pass_quran_marks, mk_pass_marks),
    PASS(SCRIPT_FOLD, mk_pass_script),
    PASS(ALEF_FOLD, mk_pass_alef),
    PASS(ALEF_MAKSURA_FOLD, mk_pass_maksura),
    PASS(TEH_MARBUTA_FOLD, mk_pass_marbuta),
    PASS(HAMZA_FOLD, mk_pass_hamza),
    PASS(NUMBER_SEP, mk_pass_number_sep),
    PASS(DIGITS_ASCII, mk_pass_digits_ascii),
    PASS(DIGITS_ARAB, mk_pass_digits_arabic),
    PASS(DIGITS_PERSIAN, mk_pass_digits_persian),
    PASS(PUNCT_ARABIC, mk_pass_punct_arabic),
    PASS(PUNCT_ASCII, mk_pass_punct_ascii),
    PASS(ELONGATION_FOLD, mk_pass_elongation_fold),
    END,
};

/* After train. Punctuation before NFKC, which would make two primes of one; word
 * signs before it too, whose decompositions are not what is written today. */
const mk_norm_step mk_search_steps[] = {
    PASS(WORD_LIG, mk_pass_allah, mk_pass_words),
    PASS(LETTERS, mk_pass_letters),
    PASS(PUNCT_ASCII, mk_pass_punct_ascii),
    PASS(NFKC, mk_pass_nfkc),
    PASS(CASEFOLD, mk_pass_casefold),
    PASS(NFKC, mk_pass_nfkc),
    PASS(ZERO_WIDTH, mk_pass_joiners_all),
    PASS(NFC, mk_pass_nfc),
    PASS(TATWEEL_ALL, mk_pass_tatweel_all),
    PASS(ALL_MARKS, mk_pass_quran_marks, mk_pass_marks),
    ARABIC(SCRIPT_FOLD, mk_pass_script),
    ARABIC(ALEF_FOLD, mk_pass_alef),
    ARABIC(ALEF_MAKSURA_FOLD, mk_pass_maksura),
    ARABIC(TEH_MARBUTA_FOLD, mk_pass_marbuta),
    ARABIC(HAMZA_FOLD, mk_pass_hamza),
    PASS(NUMBER_SEP, mk_pass_number_sep),
    PASS(DIGITS_ASCII, mk_pass_digits_ascii),
    PASS(DIGITS_ARAB, mk_pass_digits_arabic),
    PASS(DIGITS_PERSIAN, mk_pass_digits_persian),
    PASS(PUNCT_ASCII, mk_pass_punct_ascii),
    PASS(ELONGATION_FOLD, mk_pass_elongation_fold),
    PASS(WHITESPACE, mk_pass_whitespace),
    PASS(NFKC, mk_pass_nfkc),
    END,
};

/* What no reader can see or want: bytes are kept otherwise. */
const mk_norm_step mk_preserve_steps[] = {
    PASS(NEWLINE, mk_pass_newline_cr),
    PASS(CONTROL, mk_pass_control_c0),
    PASS(NONCHAR, mk_pass_nonchar),
    PASS(BOM, mk_pass_bom),
    END,
};

#define SINGLE(name, ...) [MK_OP_##name] = PASS(name, __VA_ARGS__)

const mk_norm_step mk_single_steps[MK_N_OPERATIONS] = {
    SINGLE(HTML_ENTITIES, html_entities),
    SINGLE(MOJIBAKE, mojibake),
    SINGLE(NEWLINE, mk_pass_newline),
    SINGLE(CONTROL, mk_pass_control),
    SINGLE(NONCHAR, mk_pass_nonchar),
    SINGLE(PUA, mk_pass_pua),
    SINGLE(SPACES, mk_pass_spaces),
    [MK_OP_CODE_PROTECT] = HOLD(CODE_PROTECT, mk_pass_find_code),
    SINGLE(VISUAL_ORDER, visual_order),
    SINGLE(PRES_FORMS, mk_pass_forms),
    SINGLE(ALLAH_LIG, mk_pass_allah),
    SINGLE(BOM, mk_pass_bom),
    SINGLE(BIDI, mk_pass_bidi),
    SINGLE(INVISIBLE, UNSEEN),
    SINGLE(NFC, mk_pass_nfc),
    SINGLE(DUP_MARKS, mk_pass_dup_marks),
    SINGLE(MARK_CAP, mk_pass_mark_cap),
    SINGLE(TASHKEEL, mk_pass_tashkeel),
    SINGLE(HARAKAT, mk_pass_harakat),
    [MK_OP_QURAN_PROTECT] = HOLD(QURAN_PROTECT, mk_pass_find_ayah, mk_pass_find_verse,
                                 mk_pass_find_quran_word),
    SINGLE(QURAN_ONLY, mk_pass_tashkeel),
    SINGLE(ZWNJ, mk_pass_zwnj),
    SINGLE(LETTERS, mk_pass_letters),
    SINGLE(ZWJ, mk_pass_zwj),
    SINGLE(TATWEEL, mk_pass_tatweel),
    SINGLE(TANWEEN_AFTER, mk_pass_tanween_after),
    SINGLE(TANWEEN_BEFORE, mk_pass_tanween_before),
    SINGLE(QUOTE_REPAIR, mk_pass_quotes),
    SINGLE(PUNCT_SPACE, mk_pass_space_before, mk_pass_space_after),
    SINGLE(REPEAT_PUNCT, mk_pass_repeat_punct),
    SINGLE(ELONGATION_CAP, mk_pass_elongation_cap),
    SINGLE(WORD_LIG, mk_pass_allah, mk_pass_words),
    SINGLE(PUNCT_ARABIC, mk_pass_punct_arabic),
    SINGLE(PUNCT_ASCII, mk_pass_punct_ascii),
    SINGLE(NFKC, mk_pass_nfkc),
    SINGLE(CASEFOLD, mk_pass_casefold),
    SINGLE(ZERO_WIDTH, mk_pass_joiners_all),
    SINGLE(TATWEEL_ALL, mk_pass_tatweel_all),
    SINGLE(QURAN_MARKS, mk_pass_quran_marks),
    SINGLE(ALL_MARKS, mk_pass_quran_marks, mk_pass_marks),
    SINGLE(SCRIPT_FOLD, mk_pass_script),
    SINGLE(ALEF_FOLD, mk_pass_alef),
    SINGLE(ALEF_MAKSURA_FOLD, mk_pass_maksura),
    SINGLE(TEH_MARBUTA_FOLD, mk_pass_marbuta),
    SINGLE(HAMZA_FOLD, mk_pass_hamza),
    SINGLE(NUMBER_SEP, mk_pass_number_sep),
    SINGLE(DIGITS_ASCII, mk_pass_digits_ascii),
    SINGLE(DIGITS_ARAB, mk_pass_digits_arabic),
    SINGLE(DIGITS_PERSIAN, mk_pass_digits_persian),
    SINGLE(ELONGATION_FOLD, mk_pass_elongation_fold),
    SINGLE(WHITESPACE, mk_pass_whitespace),
    SINGLE(SHADDA_FIRST, mk_pass_nfc, mk_pass_shadda_first),
};
/* clang-format on */
