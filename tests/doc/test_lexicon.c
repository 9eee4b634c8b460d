#include "doc/lexicon.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "doc/fold.h"
#include "support.h"

static const mk_rule rules[] = {
    {"button", "share", "a button"},
    {"list", "related", "a list"},
    {0},
};

static mk_lexicon *lexicon;
static mk_error error;

static void setup(void)
{
    ck_assert_int_eq(mk_lexicon_new("share", &lexicon, &error), MK_OK);
}

static void teardown(void)
{
    mk_lexicon_free(lexicon);
}

static mk_err add(const char *text)
{
    return mk_lexicon_add(lexicon, "share.txt", mk_str_of(text), rules, &error);
}

/* The only entry of a lexicon of this text. */
static const mk_entry *only(const char *text)
{
    const mk_err err = add(text);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
    ck_assert_uint_eq(lexicon->n_entries, 1);
    return &lexicon->entries[0];
}

static mk_str phrase(size_t i)
{
    return mk_entry_phrase(lexicon, &lexicon->entries[i]);
}

static mk_str folded(size_t i)
{
    return mk_entry_folded(lexicon, &lexicon->entries[i]);
}

START_TEST(a_new_one_is_empty)
{
    ck_assert_uint_eq(lexicon->n_entries, 0);
    ck_assert_str_eq(lexicon->name, "share");
}
END_TEST

START_TEST(free_takes_null)
{
    mk_lexicon_free(NULL);
}
END_TEST

START_TEST(takes_an_empty_file_and_comments)
{
    ck_assert_int_eq(add(""), MK_OK);
    ck_assert_int_eq(add("# a comment\n\n  \n\t\r\n# no newline"), MK_OK);
    ck_assert_uint_eq(lexicon->n_entries, 0);
}
END_TEST

START_TEST(reads_a_phrase_with_its_place)
{
    const mk_entry *e = only("# head\n\n[list]\n= اقرأ أيضا\n");
    ck_assert_mk_str_eq(phrase(0), MK_STR("اقرأ أيضا"));
    ck_assert_uint_eq(e->line, 4);
    ck_assert_uint_eq(e->rule, 1);
    ck_assert_uint_eq(e->file, 0);
    ck_assert_int_eq(e->anchor, MK_ANCHOR_WHOLE);
}
END_TEST

START_TEST(folds_the_phrase)
{
    char want[64];
    const size_t n = mk_fold(MK_STR("اقرا ايضا"), want, NULL);
    only("[list]\n= إقرأْ  أيضًا\n");
    ck_assert_mk_str_eq(folded(0), ((mk_str){want, n}));
}
END_TEST

START_TEST(phrases_are_strong_and_drop_by_default)
{
    const mk_entry *e = only("[list]\n~ اقرأ أيضا\n");
    ck_assert_int_eq(e->strength, MK_STRONG);
    ck_assert_int_eq(e->effect, MK_EFFECT_DROP);
    ck_assert_uint_eq(e->cover, 42);
    ck_assert_int_eq(e->sign, '\0');
}
END_TEST

static const struct {
    const char *line;
    mk_anchor anchor;
} anchors[] = {
    {"[list]\n= a\n", MK_ANCHOR_WHOLE},  {"[list]\n^ a\n", MK_ANCHOR_PREFIX},
    {"[list]\n$ a\n", MK_ANCHOR_SUFFIX}, {"[list]\n~ a\n", MK_ANCHOR_ANY},
    {"[list]\n+ a\n", MK_ANCHOR_PIECE},  {"[list]\n> a\n", MK_ANCHOR_GLUED},
    {"[list]\n- a\n", MK_ANCHOR_INSIDE},
};

START_TEST(knows_the_anchors)
{
    ck_assert_int_eq(only(anchors[_i].line)->anchor, anchors[_i].anchor);
}
END_TEST

static const struct {
    const char *text;
    mk_strength strength;
    mk_effect effect;
    unsigned cover;
} flags[] = {
    {"[list]\n= a\tweak\n", MK_WEAK, MK_EFFECT_DROP, 42},
    {"[list]\n= a\tstrong\n", MK_STRONG, MK_EFFECT_DROP, 42},
    {"[list]\n= a\tcertain\n", MK_CERTAIN, MK_EFFECT_DROP, 42},
    {"[list]\n= a\topens\n", MK_STRONG, MK_EFFECT_OPENS, 42},
    {"[list]\n= a\tcloses\n", MK_STRONG, MK_EFFECT_CLOSES, 42},
    {"[list]\n= a\twithin\n", MK_STRONG, MK_EFFECT_WITHIN, 42},
    {"[list]\n= a\tcover=7\n", MK_STRONG, MK_EFFECT_DROP, 7},
    {"[list]\n~ a\tcover=60 weak opens\n", MK_WEAK, MK_EFFECT_OPENS, 60},
    {"[list weak opens]\n= a\n", MK_WEAK, MK_EFFECT_OPENS, 42},
    {"[list weak opens]\n= a\tcertain\n", MK_CERTAIN, MK_EFFECT_OPENS, 42},
    {"[list closes]\n= a\tdrops\n", MK_STRONG, MK_EFFECT_DROP, 42},
    {"[list cover=80]\n~ a\n", MK_STRONG, MK_EFFECT_DROP, 80},
    {"[list  weak\tcloses ]\n= a\n", MK_WEAK, MK_EFFECT_CLOSES, 42},
};

START_TEST(reads_flags)
{
    const mk_entry *e = only(flags[_i].text);
    ck_assert_int_eq(e->strength, flags[_i].strength);
    ck_assert_int_eq(e->effect, flags[_i].effect);
    ck_assert_uint_eq(e->cover, flags[_i].cover);
}
END_TEST

START_TEST(flags_of_a_section_end_with_it)
{
    ck_assert_int_eq(add("[list weak]\n= a\n[button]\n= b\n"), MK_OK);
    ck_assert_int_eq(lexicon->entries[0].strength, MK_WEAK);
    ck_assert_int_eq(lexicon->entries[1].strength, MK_STRONG);
    ck_assert_uint_eq(lexicon->entries[1].rule, 0);
}
END_TEST

START_TEST(flags_of_a_phrase_end_with_it)
{
    ck_assert_int_eq(add("[list]\n= a\tweak\n= b\n"), MK_OK);
    ck_assert_int_eq(lexicon->entries[1].strength, MK_STRONG);
}
END_TEST

START_TEST(a_slot_stands_for_a_number)
{
    char want[64];
    only("[list]\n= {n} تعليق\n");
    ck_assert_mk_str_eq(folded(0), ((mk_str){want, mk_fold(MK_STR("1,234 تعليق"), want, NULL)}));
    ck_assert_mk_str_eq(phrase(0), MK_STR("{n} تعليق"));
}
END_TEST

START_TEST(a_slot_of_words_makes_a_phrase_of_each)
{
    ck_assert_int_eq(add("{it} = ab | cd ef |gh\n[list weak]\n= see {it} now\n= x\n"), MK_OK);
    ck_assert_uint_eq(lexicon->n_entries, 4);
    ck_assert_mk_str_eq(phrase(0), MK_STR("see ab now"));
    ck_assert_mk_str_eq(phrase(1), MK_STR("see cd ef now"));
    ck_assert_mk_str_eq(folded(2), MK_STR("see gh now"));
    ck_assert_mk_str_eq(phrase(3), MK_STR("x"));
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(lexicon->entries[i].line, 3);
        ck_assert_int_eq(lexicon->entries[i].strength, MK_WEAK);
    }
}
END_TEST

START_TEST(a_slot_may_be_at_either_end)
{
    ck_assert_int_eq(add("{it} = ab: | cd\n[list]\n= {it}\n= x {it}\n"), MK_OK);
    ck_assert_uint_eq(lexicon->n_entries, 4);
    ck_assert_int_eq(lexicon->entries[0].sign, ':');
    ck_assert_int_eq(lexicon->entries[1].sign, '\0');
    ck_assert_mk_str_eq(phrase(3), MK_STR("x cd"));
}
END_TEST

START_TEST(a_slot_and_a_number_may_be_in_one_phrase)
{
    ck_assert_int_eq(add("{it} = ab | cd\n[list]\n= {n} {it}\n"), MK_OK);
    ck_assert_mk_str_eq(folded(1), MK_STR("0 cd"));
}
END_TEST

START_TEST(slots_of_a_file_end_with_it)
{
    ck_assert_int_eq(add("{it} = ab\n[list]\n= {it}\n"), MK_OK);
    ck_assert_int_eq(add("[list]\n= {it}\n"), MK_OPTION);
}
END_TEST

START_TEST(refuses_more_slots_than_there_may_be)
{
    char text[1024] = "";
    for (int i = 0; i < 17; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "{s%d} = a\n", i);
    ck_assert_int_eq(add(text), MK_OPTION);
    ck_assert_str_eq(error.text, "share.txt:17: too many slots: '{s16} = a'");
}
END_TEST

START_TEST(a_bracket_at_the_beginning_is_remembered)
{
    ck_assert_int_eq(add("[list]\n= (a)\n= [a]\n= a)\n"), MK_OK);
    ck_assert_int_eq(lexicon->entries[0].bracket, '(');
    ck_assert_int_eq(lexicon->entries[1].bracket, '[');
    ck_assert_int_eq(lexicon->entries[2].bracket, '\0');
}
END_TEST

START_TEST(a_colon_or_asterisk_at_the_end_is_a_sign)
{
    ck_assert_int_eq(add("[list]\n= a:\n= a *\n= a.\n= :a\n"), MK_OK);
    ck_assert_int_eq(lexicon->entries[0].sign, ':');
    ck_assert_int_eq(lexicon->entries[1].sign, '*');
    ck_assert_int_eq(lexicon->entries[2].sign, '\0');
    ck_assert_int_eq(lexicon->entries[3].sign, '\0');
}
END_TEST

START_TEST(takes_carriage_returns_and_spaces_at_line_ends)
{
    only("[list]\r\n= a b  \t \r\n");
    ck_assert_mk_str_eq(phrase(0), MK_STR("a b"));
}
END_TEST

START_TEST(takes_a_last_line_without_a_break)
{
    only("[list]\n= a");
    ck_assert_mk_str_eq(phrase(0), MK_STR("a"));
}
END_TEST

START_TEST(a_number_sign_may_stand_in_a_phrase)
{
    only("[list]\n= a # b\n");
    ck_assert_mk_str_eq(phrase(0), MK_STR("a # b"));
}
END_TEST

START_TEST(a_second_file_adds_and_is_marked)
{
    ck_assert_int_eq(add("[list]\n= a\n"), MK_OK);
    ck_assert_int_eq(mk_lexicon_add(lexicon, "mine.txt", MK_STR("[button]\n= b\n"), rules, &error),
                     MK_OK);
    ck_assert_uint_eq(lexicon->n_entries, 2);
    ck_assert_uint_eq(lexicon->entries[0].file, 0);
    ck_assert_uint_eq(lexicon->entries[1].file, 1);
    ck_assert_uint_eq(lexicon->entries[1].line, 2);
}
END_TEST

START_TEST(keeps_copies_of_the_text)
{
    char text[] = "[list]\n= abc\n";
    ck_assert_int_eq(add(text), MK_OK);
    memset(text, 'x', sizeof(text) - 1);
    ck_assert_mk_str_eq(phrase(0), MK_STR("abc"));
    ck_assert_mk_str_eq(folded(0), MK_STR("abc"));
}
END_TEST

/* One lexicon of a set, as the build makes them. */
static const mk_entry set_entries[] = {
    {.phrase = 0, .n_phrase = 3, .n_folded = 3, .line = 7, .strength = MK_STRONG},
    {.phrase = 3, .folded = 3, .n_phrase = 2, .n_folded = 2, .line = 9, .anchor = MK_ANCHOR_SUFFIX},
};
static const mk_lexicon_set set;
static const mk_lexicon set_lexicons[] = {{.name = "share",
                                           .entries = set_entries,
                                           .phrases = "Abcde",
                                           .folded = "abcde",
                                           .n_entries = 2,
                                           .n_phrases = 5,
                                           .n_folded = 5,
                                           .reach = {0, 7, 4},
                                           .set = &set}};
static const mk_lexicon_set set = {.lexicons = set_lexicons, .n = 1};

START_TEST(a_view_copies_nothing)
{
    mk_lexicon_free(lexicon);
    ck_assert_int_eq(mk_lexicon_view(&set_lexicons[0], &lexicon, &error), MK_OK);
    ck_assert_ptr_eq(lexicon->entries, set_entries);
    ck_assert_ptr_eq(lexicon->set, &set);
    ck_assert_mk_str_eq(phrase(0), MK_STR("Abc"));
    ck_assert_mk_str_eq(folded(1), MK_STR("de"));
}
END_TEST

START_TEST(what_is_added_to_a_view_comes_after_its_entries)
{
    mk_lexicon_free(lexicon);
    ck_assert_int_eq(mk_lexicon_view(&set_lexicons[0], &lexicon, &error), MK_OK);
    ck_assert_int_eq(add("[list]\n$ Fghij\n"), MK_OK);
    ck_assert_ptr_null(lexicon->set);
    ck_assert_uint_eq(lexicon->n_entries, 3);
    ck_assert_mk_str_eq(phrase(0), MK_STR("Abc"));
    ck_assert_mk_str_eq(folded(1), MK_STR("de"));
    ck_assert_uint_eq(lexicon->entries[1].line, 9);
    ck_assert_mk_str_eq(phrase(2), MK_STR("Fghij"));
    ck_assert_mk_str_eq(folded(2), MK_STR("fghij"));
    ck_assert_uint_eq(lexicon->entries[2].file, 1);
    ck_assert_uint_eq(lexicon->reach.head, 9);
    ck_assert_uint_eq(lexicon->reach.tail, 7);
}
END_TEST

START_TEST(holds_thousands_of_phrases_in_order)
{
    mk_buf text = {.max = MK_BUF_MAX};
    mk_buf_puts(&text, "[list]\n");
    for (int i = 0; i < 5000; i++)
        mk_buf_printf(&text, "= w%c%c%c\n", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
    ck_assert_int_eq(mk_lexicon_add(lexicon, "big.txt", mk_buf_str(&text), rules, &error), MK_OK);
    ck_assert_uint_eq(lexicon->n_entries, 5000);
    ck_assert_mk_str_eq(phrase(4999), MK_STR("whkh"));
    ck_assert_uint_eq(lexicon->entries[4999].line, 5001);
    mk_buf_clear(&text);
}
END_TEST

START_TEST(refuses_more_phrases_than_a_hit_can_number)
{
    mk_buf text = {.max = MK_BUF_MAX};
    mk_buf_puts(&text, "[list]\n");
    for (int i = 0; i < 65536; i++)
        mk_buf_puts(&text, "= a\n");
    const mk_err err = mk_lexicon_add(lexicon, "big.txt", mk_buf_str(&text), rules, &error);
    mk_buf_clear(&text);
    ck_assert_int_eq(err, MK_OPTION);
    ck_assert_str_eq(error.text, "big.txt:65537: more than 65535 phrases");
}
END_TEST

static const struct {
    const char *text, *error;
} bad[] = {
    {"[buton]\n", "share.txt:1: unknown rule 'buton' (rules: button, list)"},
    {"# c\n[]\n", "share.txt:2: unknown rule '' (rules: button, list)"},
    {"[list\n", "share.txt:1: no ']' at the end of the section '[list'"},
    {"[\n", "share.txt:1: no ']' at the end of the section '['"},
    {"[list wek]\n", "share.txt:1: unknown flag 'wek'"},
    {"[list]\n= a\tweak wek\n", "share.txt:2: unknown flag 'wek'"},
    {"[list]\n= a\tcover=\n", "share.txt:2: unknown flag 'cover='"},
    {"[list]\n= a\tcover=0\n", "share.txt:2: unknown flag 'cover=0'"},
    {"[list]\n= a\tcover=101\n", "share.txt:2: unknown flag 'cover=101'"},
    {"[list]\n= a\tcover=4x\n", "share.txt:2: unknown flag 'cover=4x'"},
    {"[list]\n= a\t# note\n", "share.txt:2: unknown flag '#'"},
    {"= a\n", "share.txt:1: no line [RULE] before '= a' (rules: button, list)"},
    {"[list]\na b\n", "share.txt:2: no anchor (= ^ $ ~ + > -) and space before 'a b'"},
    {"[list]\n=a\n", "share.txt:2: no anchor (= ^ $ ~ + > -) and space before '=a'"},
    {"[list]\n=\n", "share.txt:2: no anchor (= ^ $ ~ + > -) and space before '='"},
    {"[list]\n= -\n", "share.txt:2: no letter in '-'"},
    {"[list]\n= \tweak\n", "share.txt:2: no phrase, or too long a one: '= \tweak'"},
    {"[list]\n= a {it}\n", "share.txt:2: unknown slot in 'a {it}'"},
    {"{it} = x\n[list]\n= {it} {it}\n", "share.txt:3: unknown slot in 'x {it}'"},
    {"{it} = x\n{of} = y\n[list]\n= {it} {of}\n", "share.txt:4: unknown slot in 'x {of}'"},
    {"{it}\n", "share.txt:1: not {name} = word | word: '{it}'"},
    {"{} = a\n", "share.txt:1: not {name} = word | word: '{} = a'"},
    {"{it = a\n", "share.txt:1: not {name} = word | word: '{it = a'"},
    {"[list]\n= a\n\xFF\n", "share.txt: not valid UTF-8 at byte 12"},
};

START_TEST(says_what_is_wrong_and_where)
{
    const mk_err err = add(bad[_i].text);
    ck_assert_int_eq(err, MK_OPTION);
    ck_assert_str_eq(error.text, bad[_i].error);
    ck_assert_int_eq(error.code, MK_OPTION);
}
END_TEST

/* A filter may have more of them than a line has room for. */
START_TEST(names_the_first_rules_of_many)
{
    static const mk_rule many[] = {{"a", "", ""}, {"b", "", ""}, {"c", "", ""}, {"d", "", ""},
                                   {"e", "", ""}, {"f", "", ""}, {"g", "", ""}, {"h", "", ""},
                                   {"i", "", ""}, {"j", "", ""}, {"k", "", ""}, {0}};

    ck_assert_int_eq(mk_lexicon_add(lexicon, "m.txt", MK_STR("[x]\n"), many, &error), MK_OPTION);
    ck_assert_str_eq(error.text,
                     "m.txt:1: unknown rule 'x' (rules: a, b, c, d, e, f, g, h and 3 more)");
}
END_TEST

START_TEST(refuses_a_phrase_of_more_than_1000_bytes)
{
    char text[1100] = "[list]\n= ";
    memset(text + 9, 'a', 1000);
    ck_assert_int_eq(add(text), MK_OK);
    memset(text + 9, 'a', 1001);
    ck_assert_int_eq(add(text), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "too long a one"));
}
END_TEST

START_TEST(refuses_a_line_of_more_than_4000_bytes)
{
    static char text[5000] = "[list]\n= a\t";
    memset(text + 11, ' ', 3997);
    text[11 + 3997] = 'x';
    ck_assert_int_eq(add(text), MK_OPTION);
    ck_assert_str_eq(error.text, "share.txt:2: longer than 4000 bytes");
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("lexicon");
    TCase *const t = tcase_create("lexicon");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_new_one_is_empty);
    tcase_add_test(t, free_takes_null);
    tcase_add_test(t, takes_an_empty_file_and_comments);
    tcase_add_test(t, reads_a_phrase_with_its_place);
    tcase_add_test(t, folds_the_phrase);
    tcase_add_test(t, phrases_are_strong_and_drop_by_default);
    tcase_add_loop_test(t, knows_the_anchors, 0, ROWS(anchors));
    tcase_add_loop_test(t, reads_flags, 0, ROWS(flags));
    tcase_add_test(t, flags_of_a_section_end_with_it);
    tcase_add_test(t, flags_of_a_phrase_end_with_it);
    tcase_add_test(t, a_slot_stands_for_a_number);
    tcase_add_test(t, a_slot_of_words_makes_a_phrase_of_each);
    tcase_add_test(t, a_slot_may_be_at_either_end);
    tcase_add_test(t, a_slot_and_a_number_may_be_in_one_phrase);
    tcase_add_test(t, slots_of_a_file_end_with_it);
    tcase_add_test(t, refuses_more_slots_than_there_may_be);
    tcase_add_test(t, a_bracket_at_the_beginning_is_remembered);
    tcase_add_test(t, a_colon_or_asterisk_at_the_end_is_a_sign);
    tcase_add_test(t, takes_carriage_returns_and_spaces_at_line_ends);
    tcase_add_test(t, takes_a_last_line_without_a_break);
    tcase_add_test(t, a_number_sign_may_stand_in_a_phrase);
    tcase_add_test(t, a_second_file_adds_and_is_marked);
    tcase_add_test(t, keeps_copies_of_the_text);
    tcase_add_test(t, a_view_copies_nothing);
    tcase_add_test(t, what_is_added_to_a_view_comes_after_its_entries);
    tcase_add_test(t, holds_thousands_of_phrases_in_order);
    tcase_add_test(t, refuses_more_phrases_than_a_hit_can_number);
    tcase_add_loop_test(t, says_what_is_wrong_and_where, 0, ROWS(bad));
    tcase_add_test(t, names_the_first_rules_of_many);
    tcase_add_test(t, refuses_a_phrase_of_more_than_1000_bytes);
    tcase_add_test(t, refuses_a_line_of_more_than_4000_bytes);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
