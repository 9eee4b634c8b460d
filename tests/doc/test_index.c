#include "doc/index_tables.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

static const mk_rule rules[] = {{"first", "share", "a rule"}, {0}};

static mk_arena *arena;
static mk_lexicon *lexicons[2];
static size_t n_lexicons;
static mk_index *all;
static mk_error error;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    n_lexicons = 0;
    all = NULL;
}

static void teardown(void)
{
    mk_index_free(all);
    for (size_t i = 0; i < n_lexicons; i++)
        mk_lexicon_free(lexicons[i]);
    mk_arena_free(arena);
}

/* A lexicon of these lines. */
static void add(const char *phrases)
{
    static char texts[2][1 << 16]; /* lent to the lexicons */
    char *const text = texts[n_lexicons];
    snprintf(text, sizeof(*texts), "[first]\n%s\n", phrases);
    ck_assert_int_eq(mk_lexicon_new("test", &lexicons[n_lexicons], &error), MK_OK);
    const mk_err err = mk_lexicon_add(lexicons[n_lexicons++], "test.txt", mk_str_of(text), rules,
                                      &error);
    ck_assert_msg(err == MK_OK, "%s", err == MK_OK ? "" : error.text);
}

/* Folded bytes as the matcher makes them: spaces stand behind them. */
static mk_str padded(const char *folded)
{
    static char bytes[1024];
    const size_t n = strlen(folded);
    ck_assert_uint_le(n + MK_INDEX_PAD, sizeof(bytes));
    memcpy(bytes, folded, n);
    memset(bytes + n, ' ', MK_INDEX_PAD);
    return (mk_str){bytes, n};
}

static mk_finds find_between(const char *folded, size_t from, size_t to)
{
    static const mk_lexicon *lent[2];
    for (size_t i = 0; i < n_lexicons; i++)
        lent[i] = lexicons[i];
    if (!all)
        all = mk_index_new(lent, n_lexicons);
    ck_assert_ptr_nonnull(all);
    mk_finds finds = {.arena = arena};
    mk_index_find(all, padded(folded), from, to, &finds);
    ck_assert(!finds.failed);
    return finds;
}

static mk_finds find(const char *folded)
{
    return find_between(folded, 0, strlen(folded));
}

static void ck_find(mk_finds f, size_t i, unsigned lexicon, unsigned number, size_t from, size_t to)
{
    ck_assert_uint_lt(i, f.n);
    ck_assert_uint_eq(f.items[i].lexicon, lexicon);
    ck_assert_uint_eq(f.items[i].number, number);
    ck_assert_ptr_eq(f.items[i].entry, &lexicons[lexicon]->entries[number]);
    ck_assert_uint_eq(f.items[i].from, from);
    ck_assert_uint_eq(f.items[i].to, to);
}

START_TEST(finds_nothing_without_phrases)
{
    ck_assert_uint_eq(find("abc").n, 0);
    ck_assert_uint_eq(find("").n, 0);
}
END_TEST

START_TEST(free_takes_null)
{
    mk_index_free(NULL);
}
END_TEST

START_TEST(a_phrase_that_shares_no_beginning_is_found_whole)
{
    add("~ share this");
    ck_find(find("x share this y"), 0, 0, 0, 2, 12);
    ck_assert_uint_eq(find("share thi").n, 0);
    ck_assert_uint_eq(find("share thus").n, 0);
    ck_assert_uint_eq(find("s").n, 0);
}
END_TEST

START_TEST(equal_phrases_are_found_in_the_order_of_the_files)
{
    add("~ abc\n~ abc");
    add("~ abc");
    const mk_finds f = find("abc");
    ck_assert_uint_eq(f.n, 3);
    ck_find(f, 0, 0, 0, 0, 3);
    ck_find(f, 1, 0, 1, 0, 3);
    ck_find(f, 2, 1, 0, 0, 3);
}
END_TEST

START_TEST(finds_are_ordered_by_their_end_then_by_length)
{
    add("~ a b c d e f\n~ c\n~ e f\n~ f\n~ b c d");
    const mk_finds f = find("a b c d e f");
    ck_assert_uint_eq(f.n, 5);
    ck_find(f, 0, 0, 1, 4, 5);
    ck_find(f, 1, 0, 4, 2, 7);
    ck_find(f, 2, 0, 0, 0, 11);
    ck_find(f, 3, 0, 2, 8, 11);
    ck_find(f, 4, 0, 3, 10, 11);
}
END_TEST

START_TEST(looks_no_further_than_it_is_told)
{
    add("~ ab cd\n~ cd");
    ck_assert_uint_eq(find_between("ab cd ab cd", 0, 4).n, 0);
    const mk_finds f = find_between("ab cd ab cd", 1, 7);
    ck_assert_uint_eq(f.n, 1);
    ck_find(f, 0, 0, 1, 3, 5);
}
END_TEST

START_TEST(finds_whole_words_alone)
{
    add("~ abc\n~ abcdefghij klm");
    ck_assert_uint_eq(find("abcd xabc zabc").n, 0);
    ck_assert_uint_eq(find("abcdefghij klmn").n, 0);
    ck_assert_uint_eq(find("abcdefgh klm").n, 0);
    ck_find(find("x abcdefghij klm"), 0, 0, 1, 2, 16);
}
END_TEST

/* A waw is 0xA8: see fold.h. */
START_TEST(finds_long_phrases_after_a_waw)
{
    add("~ abcde\n~ abcdef");
    ck_assert_uint_eq(find("\xA8"
                           "abcde")
                          .n,
                      0);
    ck_find(find("x \xA8"
                 "abcdef"),
            0, 0, 1, 3, 9);
    ck_assert_uint_eq(find("x\xA8"
                           "abcdef")
                          .n,
                      0);
    ck_find(find_between("x \xA8"
                         "abcdef",
                         3, 9),
            0, 0, 1, 3, 9);
}
END_TEST

START_TEST(what_begins_a_line_is_found_where_it_begins)
{
    add("= abc\n^ abc\n+ abc\n~ abc\n= abc de");
    mk_finds f = find("abc");
    ck_assert_uint_eq(f.n, 3);
    ck_find(f, 0, 0, 0, 0, 3);
    ck_find(f, 1, 0, 1, 0, 3);
    ck_find(f, 2, 0, 3, 0, 3);
    f = find("abc de");
    ck_assert_uint_eq(f.n, 3); /* the first is not the whole line */
    ck_find(f, 0, 0, 1, 0, 3);
    ck_find(f, 1, 0, 3, 0, 3);
    ck_find(f, 2, 0, 4, 0, 6);
    f = find("de abc");
    ck_assert_uint_eq(f.n, 1);
    ck_find(f, 0, 0, 3, 3, 6);
    f = find("0 abc 0"); /* a number at either end does not count */
    ck_assert_uint_eq(f.n, 3);
    ck_find(f, 0, 0, 0, 2, 5);
}
END_TEST

/* Runs of the same words, of labels and of what is none, one in the other. */
START_TEST(phrases_with_the_same_beginning_are_told_apart)
{
    add("^ ab cd\n= ab cd\n= ab ce\n= ab cd ef\n^ ab cdefghijk\n= ab cdefghijl\n+ ab cd\n= ab");
    mk_finds f = find("ab cd ef");
    ck_assert_uint_eq(f.n, 2);
    ck_find(f, 0, 0, 0, 0, 5);
    ck_find(f, 1, 0, 3, 0, 8);
    f = find("ab cdefghijl");
    ck_assert_uint_eq(f.n, 1);
    ck_find(f, 0, 0, 5, 0, 12);
    f = (mk_finds){.arena = arena};
    mk_index_labels(all, padded("ab cd ef"), 0, &f);
    ck_assert_uint_eq(f.n, 4);
    ck_find(f, 0, 0, 7, 0, 2);
    ck_find(f, 1, 0, 1, 0, 5);
    ck_find(f, 2, 0, 6, 0, 5);
    ck_find(f, 3, 0, 3, 0, 8);
}
END_TEST

START_TEST(finds_labels_that_begin_at_a_place)
{
    add("= bcde\n= bcdefg hi\n= bcd\n+ bcde\n= bcdefg\n= bcdefgh\n^ bcde\n= bcdefghijkl");
    mk_finds f = find("");
    mk_index_labels(all, padded("abcdefg hij"), 1, &f);
    ck_assert_uint_eq(f.n, 4); /* three letters are too few inside a word */
    ck_find(f, 0, 0, 0, 1, 5);
    ck_find(f, 1, 0, 3, 1, 5);
    ck_find(f, 2, 0, 4, 1, 7);
    ck_find(f, 3, 0, 1, 1, 10);
    f = find("");
    mk_index_labels(all, padded("abcd"), 1, &f);
    ck_assert_uint_eq(f.n, 1);
    ck_find(f, 0, 0, 2, 1, 4);
    f = find("");
    mk_index_labels(all, padded("bcdefghijklmnop"), 0, &f);
    ck_assert_uint_eq(f.n, 5);
    ck_find(f, 4, 0, 7, 0, 11);
}
END_TEST

static uint32_t next_random(uint32_t *x)
{
    *x ^= *x << 13, *x ^= *x >> 17, *x ^= *x << 5;
    return *x;
}

/* True if a phrase with that anchor may stand there. */
static bool may_stand(const mk_entry *entry, mk_str line, size_t from, size_t to)
{
    const bool first = line.len > 2 && line.ptr[0] == '0' && line.ptr[1] == ' ';
    const bool last = line.len > 2 && line.ptr[line.len - 1] == '0' &&
                      line.ptr[line.len - 2] == ' ';
    const size_t after = from > 0 && line.ptr[from - 1] == '\xA8'; /* a waw before it */
    const bool opens = from - after == 0 || (first && from - after == 2);
    switch (entry->anchor) {
    case MK_ANCHOR_WHOLE:
        return opens && to >= (last ? line.len - 2 : line.len);
    case MK_ANCHOR_PREFIX:
        return opens;
    case MK_ANCHOR_PIECE:
        return false;
    default:
        return true;
    }
}

static bool stands_alone(mk_str line, size_t from, size_t to)
{
    const bool begins = from == 0 || line.ptr[from - 1] == ' ' ||
                        (line.ptr[from - 1] == '\xA8' && to - from >= 6 &&
                         (from == 1 || line.ptr[from - 2] == ' '));
    return begins && (to == line.len || line.ptr[to] == ' ');
}

/* Against a search without an index: phrases that share beginnings and ends. */
START_TEST(finds_what_a_slow_search_finds)
{
    static const char *const letters[] = {"a", "a", "b", "c", " ", "و"};
    uint32_t x = 88172645u + (uint32_t)_i;
    char text[4096] = "", line[65];
    for (int i = 0; i < 40; i++) {
        const size_t at = strlen(text);
        char phrase[32] = "";
        const unsigned n = 1 + next_random(&x) % 12;
        for (unsigned k = 0; k < n; k++)
            snprintf(phrase + strlen(phrase), sizeof(phrase) - strlen(phrase), "%s",
                     letters[next_random(&x) % (k > 0 ? 6 : 4)]);
        snprintf(text + at, sizeof(text) - at, "%c %s\n", "~=^+-"[next_random(&x) % 5], phrase);
    }
    add(text);
    for (unsigned round = 0; round < 200; round++) {
        const unsigned len = round % 64;
        for (unsigned k = 0; k < len; k++)
            line[k] = "aabcd  \xA8"[next_random(&x) % (k > 0 ? 8 : 5)];
        if (len > 6 && round % 3 == 0)
            memcpy(line, "0 ", 2);
        if (len > 6 && round % 5 == 0)
            memcpy(line + len - 2, " 0", 2);
        line[len] = '\0';
        const mk_finds f = find(line);
        size_t n = 0;
        for (size_t to = 1; to <= len; to++)
            for (size_t from = 0; from < to; from++)
                for (unsigned e = 0; e < lexicons[0]->n_entries; e++)
                    if (mk_str_eq(mk_entry_folded(lexicons[0], &lexicons[0]->entries[e]),
                                  ((mk_str){line + from, to - from})) &&
                        stands_alone(mk_str_of(line), from, to) &&
                        may_stand(&lexicons[0]->entries[e], mk_str_of(line), from, to))
                        ck_find(f, n++, 0, e, from, to);
        ck_assert_uint_eq(f.n, n);
        mk_arena_reset(arena);
    }
}
END_TEST

/* ---- sets ---- */

static mk_lexicon members[2];
static mk_lexicon_set set;
static mk_index_tables *tables;

/* The lexicons as a set with tables. */
static void make_set(void)
{
    const mk_lexicon *lent[2];
    for (size_t i = 0; i < n_lexicons; i++) {
        members[i] = *lexicons[i];
        members[i].place = (uint16_t)i;
        members[i].set = &set;
        lent[i] = &members[i];
    }
    tables = mk_index_build(lent, n_lexicons);
    ck_assert_ptr_nonnull(tables);
    set = (mk_lexicon_set){members, n_lexicons, tables};
}

static mk_finds find_in_members(const mk_lexicon *const *which, size_t n, const char *folded)
{
    mk_finds finds = {.arena = arena};
    mk_index_free(all);
    all = mk_index_new(which, n);
    ck_assert_ptr_nonnull(all);
    mk_index_find(all, padded(folded), 0, strlen(folded), &finds);
    ck_assert(!finds.failed);
    return finds;
}

START_TEST(lexicons_of_a_set_are_found_in_the_order_asked_for)
{
    const mk_lexicon *const turned[] = {&members[1], &members[0]};
    add("~ ab\n~ abc\n~ x abc");
    add("~ abc\n~ abc");
    make_set();
    const mk_finds f = find_in_members(turned, 2, "x abc");
    ck_assert_uint_eq(f.n, 4);
    ck_assert_ptr_eq(f.items[0].entry, &members[0].entries[2]); /* the longest first */
    ck_assert_ptr_eq(f.items[1].entry, &members[1].entries[0]);
    ck_assert_ptr_eq(f.items[2].entry, &members[1].entries[1]);
    ck_assert_ptr_eq(f.items[3].entry, &members[0].entries[1]);
    ck_assert_uint_eq(f.items[1].lexicon, 0);
    ck_assert_uint_eq(f.items[3].lexicon, 1);
    mk_index_tables_free(tables);
}
END_TEST

START_TEST(what_is_not_asked_for_of_a_set_is_not_found)
{
    const mk_lexicon *const second[] = {&members[1]};
    add("~ ab\n~ cd");
    add("~ cd ef");
    make_set();
    const mk_finds f = find_in_members(second, 1, "ab cd ef");
    ck_assert_uint_eq(f.n, 1);
    ck_assert_ptr_eq(f.items[0].entry, &members[1].entries[0]);
    ck_assert_uint_eq(f.items[0].lexicon, 0);
    mk_index_tables_free(tables);
}
END_TEST

START_TEST(a_lexicon_twice_is_found_twice)
{
    const mk_lexicon *const twice[] = {&members[0], &members[0]};
    add("~ ab");
    make_set();
    const mk_finds f = find_in_members(twice, 2, "ab");
    ck_assert_uint_eq(f.n, 2);
    ck_assert_uint_eq(f.items[0].lexicon, 0);
    ck_assert_uint_eq(f.items[1].lexicon, 1);
    mk_index_tables_free(tables);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("index");
    TCase *const t = tcase_create("index");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, finds_nothing_without_phrases);
    tcase_add_test(t, free_takes_null);
    tcase_add_test(t, a_phrase_that_shares_no_beginning_is_found_whole);
    tcase_add_test(t, equal_phrases_are_found_in_the_order_of_the_files);
    tcase_add_test(t, finds_are_ordered_by_their_end_then_by_length);
    tcase_add_test(t, looks_no_further_than_it_is_told);
    tcase_add_test(t, finds_whole_words_alone);
    tcase_add_test(t, finds_long_phrases_after_a_waw);
    tcase_add_test(t, what_begins_a_line_is_found_where_it_begins);
    tcase_add_test(t, phrases_with_the_same_beginning_are_told_apart);
    tcase_add_test(t, finds_labels_that_begin_at_a_place);
    tcase_add_test(t, lexicons_of_a_set_are_found_in_the_order_asked_for);
    tcase_add_test(t, what_is_not_asked_for_of_a_set_is_not_found);
    tcase_add_test(t, a_lexicon_twice_is_found_twice);
    tcase_add_loop_test(t, finds_what_a_slow_search_finds, 0, 20);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
