#include "chain/chain.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/index_tables.h"
#include "support.h"

static mk_chain *chain;
static mk_error error;

static void setup(void)
{
    chain = NULL;
}

static void teardown(void)
{
    mk_chain_close(chain);
}

static mk_err open_list(const char *filters)
{
    return mk_chain_open(&(mk_chain_options){.filters = filters}, &chain, &error);
}

static mk_err open_profile(const char *profile)
{
    return mk_chain_open(&(mk_chain_options){.profile = profile}, &chain, &error);
}

static mk_err open_set(const char *filters, const char *set)
{
    return mk_chain_open(&(mk_chain_options){.filters = filters, .sets = &set, .n_sets = 1}, &chain,
                         &error);
}

#define ck_assert_opened(err_)                                                       \
    do {                                                                             \
        const mk_err got_err_ = (err_);                                              \
        ck_assert_msg(got_err_ == MK_OK, "%s", got_err_ == MK_OK ? "" : error.text); \
    } while (0)

#define ck_assert_refused(err_, text_)           \
    do {                                         \
        ck_assert_int_eq((err_), MK_OPTION);     \
        ck_assert_int_eq(error.code, MK_OPTION); \
        ck_assert_str_eq(error.text, (text_));   \
        ck_assert_ptr_null(chain);               \
    } while (0)

/* "path: " and so on, in a static buffer. */
static const char *text_of(const char *format, const char *path)
{
    static char text[1024];
    snprintf(text, sizeof(text), format, path);
    return text;
}

/* The names of the steps, a space between. */
static const char *steps(void)
{
    static char names[4096];
    names[0] = '\0';
    for (size_t i = 0; i < mk_chain_length(chain); i++) {
        const size_t at = strlen(names);
        snprintf(names + at, sizeof(names) - at, "%s%s", i > 0 ? " " : "",
                 mk_chain_filter(chain, i)->name);
    }
    return names;
}

/* ---- what is built in ---- */

START_TEST(the_version_of_the_headers_is_that_of_the_library)
{
    char version[40];
    snprintf(version, sizeof(version), "%d.%d.%d", MK_VERSION_MAJOR, MK_VERSION_MINOR,
             MK_VERSION_PATCH);
    ck_assert_str_eq(version, mk_version());
}
END_TEST

START_TEST(every_filter_describes_itself)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        ck_assert_uint_eq((*f)->abi, MK_FILTER_ABI);
        ck_assert_uint_gt(strlen((*f)->name), 0);
        ck_assert_uint_gt(strlen((*f)->summary), 0);
        ck_assert_ptr_nonnull((*f)->rules);
        for (const mk_rule *r = (*f)->rules; r->name; r++)
            ck_assert_msg(*r->name && *r->category && *r->help, "%s:%s", (*f)->name, r->name);
        ck_assert_msg((*f)->apply != NULL, "%s", (*f)->name);
        for (const mk_option *o = (*f)->options; o && o->name; o++)
            ck_assert_msg(o->help && *o->help && o->offset < (*f)->config_size, "%s:%s", (*f)->name,
                          o->name);
    }
}
END_TEST

START_TEST(every_filter_has_a_name_of_its_own)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        ck_assert_ptr_eq(mk_filter_find(mk_str_of((*f)->name)), *f);
}
END_TEST

START_TEST(an_unknown_filter_is_not_found)
{
    ck_assert_ptr_null(mk_filter_find(MK_STR("nosuch")));
    ck_assert_ptr_null(mk_filter_find(MK_STR("")));
    ck_assert_ptr_null(mk_filter_find(MK_STR("shar")));
}
END_TEST

START_TEST(every_filter_opens_alone)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        ck_assert_opened(open_list((*f)->name));
        mk_chain_close(chain);
        chain = NULL;
    }
}
END_TEST

START_TEST(every_profile_opens)
{
    size_t n = 0;
    for (const mk_builtin *p = mk_profiles(); p->name; p++, n++) {
        ck_assert_opened(open_profile(p->name));
        mk_chain_close(chain);
        chain = NULL;
    }
    ck_assert_uint_gt(n, 0);
}
END_TEST

/* The filter whose lexicon that is. */
static const mk_filter *owner(const char *lexicon)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        for (const mk_option *o = (*f)->options; o && o->name; o++)
            if (o->type == MK_OPTION_LEXICON && strcmp(o->lexicon, lexicon) == 0)
                return *f;
    return NULL;
}

static void is_same_entry(const mk_lexicon *a, const mk_lexicon *b, size_t i)
{
    const mk_entry *const x = &a->entries[i], *const y = &b->entries[i];
    ck_assert_mk_str_eq(mk_entry_phrase(a, x), mk_entry_phrase(b, y));
    ck_assert_mk_str_eq(mk_entry_folded(a, x), mk_entry_folded(b, y));
    ck_assert_uint_eq(x->line, y->line);
    ck_assert_uint_eq(x->rule, y->rule);
    ck_assert_uint_eq(x->file, y->file);
    ck_assert_uint_eq(x->anchor, y->anchor);
    ck_assert_uint_eq(x->strength, y->strength);
    ck_assert_uint_eq(x->effect, y->effect);
    ck_assert_uint_eq(x->cover, y->cover);
    ck_assert_int_eq(x->sign, y->sign);
    ck_assert_int_eq(x->bracket, y->bracket);
}

static void is_same_lexicon(const mk_lexicon *a, const mk_lexicon *b)
{
    ck_assert_str_eq(a->name, b->name);
    ck_assert_uint_eq(a->n_entries, b->n_entries);
    ck_assert_uint_eq(a->n_phrases, b->n_phrases);
    ck_assert_uint_eq(a->n_folded, b->n_folded);
    ck_assert_uint_eq(a->reach.whole, b->reach.whole);
    ck_assert_uint_eq(a->reach.head, b->reach.head);
    ck_assert_uint_eq(a->reach.tail, b->reach.tail);
    for (size_t i = 0; i < a->n_entries; i++)
        is_same_entry(a, b, i);
}

#define CK_SAME(a, b, n) ck_assert_mem_eq((a), (b), (n) * sizeof(*(a)))

static void is_same_gate(const mk_index_gate *a, const mk_index_gate *b)
{
    ck_assert_uint_eq(a->bits, b->bits);
    CK_SAME(a->words, b->words, ((size_t)1 << a->bits) / 64);
}

static void is_same_words(const mk_index_words *a, const mk_index_words *b)
{
    ck_assert_uint_eq(a->single_bits, b->single_bits);
    ck_assert_uint_eq(a->pairs.bits, b->pairs.bits);
    CK_SAME(a->singles, b->singles, (size_t)1 << a->single_bits);
    CK_SAME(a->pairs.slots, b->pairs.slots, (size_t)1 << a->pairs.bits);
    is_same_gate(&a->begins, &b->begins);
}

static void is_same_index(const mk_index_tables *a, const mk_index_tables *b)
{
    ck_assert_uint_eq(a->n_phrases, b->n_phrases);
    ck_assert_uint_eq(a->n_letters, b->n_letters);
    ck_assert_uint_eq(a->labels.bits, b->labels.bits);
    CK_SAME(a->letters, b->letters, a->n_letters);
    CK_SAME(a->phrases, b->phrases, a->n_phrases);
    CK_SAME(a->labels.slots, b->labels.slots, (size_t)1 << a->labels.bits);
    is_same_words(&a->opening, &b->opening);
    is_same_words(&a->inner, &b->inner);
    is_same_gate(&a->is_glued, &b->is_glued);
    is_same_gate(&a->is_label, &b->is_label);
}

/* The tables of the build are what reading the texts gives. */
START_TEST(built_in_lexicons_are_what_their_texts_say)
{
    const mk_lexicon_set *const set = mk_builtin_set();
    mk_lexicon *read[MK_MAX_STEPS];
    const mk_lexicon *lent[MK_MAX_STEPS];
    size_t n = 0;
    for (const mk_builtin *b = mk_lexicons(); b->name; b++, n++) {
        const mk_filter *filter = owner(b->name);
        ck_assert_msg(filter != NULL, "no filter for %s", b->name);
        ck_assert_uint_lt(n, set->n);
        ck_assert_int_eq(mk_lexicon_new(b->name, &read[n], &error), MK_OK);
        ck_assert_opened(
            mk_lexicon_add(read[n], b->name, mk_str_of(b->text), filter->rules, &error));
        ck_assert_uint_gt(read[n]->n_entries, 0);
        ck_assert_uint_eq(set->lexicons[n].place, n);
        ck_assert_ptr_eq(set->lexicons[n].set, set);
        is_same_lexicon(&set->lexicons[n], read[n]);
        lent[n] = read[n];
    }
    ck_assert_uint_eq(n, set->n);
    mk_index_tables *const tables = mk_index_build(lent, n);
    ck_assert_ptr_nonnull(tables);
    is_same_index(set->tables, tables);
    mk_index_tables_free(tables);
    while (n > 0)
        mk_lexicon_free(read[--n]);
}
END_TEST

START_TEST(web_is_the_default_profile)
{
    ck_assert_opened(open_profile("web"));
    char *web = strdup(mk_chain_text(chain));
    mk_chain_close(chain);
    chain = NULL;
    ck_assert_opened(mk_chain_open(&(mk_chain_options){0}, &chain, &error));
    ck_assert_str_eq(mk_chain_text(chain), web);
    free(web);
}
END_TEST

/* ---- lists ---- */

START_TEST(close_takes_null)
{
    mk_chain_close(NULL);
}
END_TEST

START_TEST(lines_ends_every_chain)
{
    ck_assert_opened(open_list("repeats,guards"));
    ck_assert_str_eq(steps(), "repeats guards lines");
}
END_TEST

START_TEST(an_empty_list_is_lines_alone)
{
    ck_assert_opened(open_list(""));
    ck_assert_str_eq(steps(), "lines");
}
END_TEST

START_TEST(lines_is_not_added_twice)
{
    ck_assert_opened(open_list("guards,lines"));
    ck_assert_str_eq(steps(), "guards lines");
}
END_TEST

START_TEST(accusations_get_a_judge)
{
    ck_assert_opened(open_list("prose,share,nav,repeats"));
    ck_assert_str_eq(steps(), "prose share nav verdict repeats lines");
}
END_TEST

START_TEST(a_judge_that_is_there_stays_where_it_is)
{
    ck_assert_opened(open_list("share,prose,verdict"));
    ck_assert_str_eq(steps(), "share prose verdict lines");
}
END_TEST

START_TEST(empty_items_of_a_list_are_nothing)
{
    ck_assert_opened(open_list(",repeats,,guards,"));
    ck_assert_str_eq(steps(), "repeats guards lines");
}
END_TEST

START_TEST(a_filter_may_stand_twice)
{
    ck_assert_opened(open_list("heads,repeats,heads"));
    ck_assert_str_eq(steps(), "heads repeats heads lines");
}
END_TEST

START_TEST(a_list_sets_options)
{
    ck_assert_opened(open_list("rails:max-prose=33:furniture=7,guards"));
    ck_assert_str_eq(mk_chain_text(chain),
                     "rails max-prose=33 max-place=15 furniture=7\nguards\nlines\n");
}
END_TEST

START_TEST(a_list_replaces_the_profile)
{
    const mk_chain_options options = {.profile = "web", .filters = "guards"};
    ck_assert_opened(mk_chain_open(&options, &chain, &error));
    ck_assert_str_eq(steps(), "guards lines");
}
END_TEST

static const struct {
    const char *list, *error;
} bad_lists[] = {
    {"repeat", "unknown filter 'repeat' (did you mean 'repeats'?)"},
    {"shares", "unknown filter 'shares' (did you mean 'share'?)"},
    {"xyzzyxyzzy", "unknown filter 'xyzzyxyzzy' (`minkhal filters` lists them)"},
    {"guards,Repeats", "unknown filter 'Repeats' (did you mean 'repeats'?)"},
    {"rails:max-prose", "'max-prose' is not option=value (filter 'rails')"},
    {"rails:maxprose=3", "filter 'rails' has no option 'maxprose' (did you mean 'max-prose'?)"},
    {"rails:max-prose=101", "rails:max-prose is a number from 0 to 100, not '101'"},
    {"verdict:level=all", "verdict:level is one of certain|balanced|strict, not 'all'"},
};

START_TEST(refuses_a_bad_list)
{
    ck_assert_refused(open_list(bad_lists[_i].list), bad_lists[_i].error);
}
END_TEST

START_TEST(an_error_need_not_be_asked_for)
{
    ck_assert_int_eq(mk_chain_open(&(mk_chain_options){.filters = "nosuch"}, &chain, NULL),
                     MK_OPTION);
    ck_assert_int_eq(mk_chain_open(&(mk_chain_options){.profile = "./nosuch"}, &chain, NULL),
                     MK_OPTION);
}
END_TEST

/* n times "guards". */
static mk_err open_many(size_t n)
{
    char list[8 * 100] = "";
    for (size_t i = 0; i < n; i++)
        memcpy(list + i * 7, "guards,", 8); /* the last NUL ends it */
    return open_list(list);
}

START_TEST(takes_as_many_steps_as_there_may_be)
{
    ck_assert_opened(open_many(MK_MAX_STEPS - 1));
    ck_assert_uint_eq(mk_chain_length(chain), MK_MAX_STEPS);
}
END_TEST

START_TEST(refuses_more_steps)
{
    ck_assert_refused(open_many(MK_MAX_STEPS), "more than 64 steps");
    ck_assert_refused(open_many(MK_MAX_STEPS + 1), "more than 64 steps");
}
END_TEST

/* ---- sets ---- */

START_TEST(a_set_wins_over_the_list)
{
    ck_assert_opened(open_set("rails:max-prose=33", "rails:max-prose=44"));
    ck_assert_str_eq(mk_chain_text(chain), "rails max-prose=44 max-place=15 furniture=25\nlines\n");
}
END_TEST

START_TEST(a_set_is_for_all_steps_of_the_filter)
{
    ck_assert_opened(open_set("rails,rails", "rails:furniture=1"));
    ck_assert_str_eq(mk_chain_text(chain), "rails max-prose=20 max-place=15 furniture=1\n"
                                           "rails max-prose=20 max-place=15 furniture=1\nlines\n");
}
END_TEST

START_TEST(a_set_reaches_a_step_that_was_added)
{
    ck_assert_opened(open_set("cookies", "verdict:level=certain"));
    ck_assert_ptr_nonnull(strstr(mk_chain_text(chain), "verdict level=certain\n"));
}
END_TEST

START_TEST(the_last_set_wins)
{
    const char *const sets[] = {"rails:furniture=1", "rails:furniture=2"};
    const mk_chain_options options = {.filters = "rails", .sets = sets, .n_sets = 2};
    ck_assert_opened(mk_chain_open(&options, &chain, &error));
    ck_assert_ptr_nonnull(strstr(mk_chain_text(chain), "furniture=2\n"));
}
END_TEST

static const struct {
    const char *set, *error;
} bad_sets[] = {
    {"", "'' is not filter:option=value"},
    {"rails", "'rails' is not filter:option=value"},
    {"rail:furniture=1", "unknown filter 'rail' (did you mean 'rails'?)"},
    {"guards:x=1", "filter 'guards' is not in the chain"},
    {"rails:furniture", "'furniture' is not option=value (filter 'rails')"},
    {"rails:", "'' is not option=value (filter 'rails')"},
    {"rails:furnture=1", "filter 'rails' has no option 'furnture' (did you mean 'furniture'?)"},
    {"rails:furniture=x", "rails:furniture is a number from 0 to 100, not 'x'"},
    {"lines:x=1", "filter 'lines' has no option 'x'"},
};

START_TEST(refuses_a_bad_set)
{
    ck_assert_refused(open_set("rails", bad_sets[_i].set), bad_sets[_i].error);
}
END_TEST

/* ---- profiles ---- */

START_TEST(reads_a_profile_from_a_file)
{
    const char *path = mk_test_file("mine.profile", MK_STR("# mine\n\n  repeats # stretched\r\n"
                                                           "rails\tmax-prose=5  furniture=6\n"
                                                           "guards"));
    ck_assert_opened(open_profile(path));
    ck_assert_str_eq(mk_chain_text(chain),
                     "repeats\nrails max-prose=5 max-place=15 furniture=6\nguards\nlines\n");
}
END_TEST

START_TEST(an_error_in_a_profile_names_its_line)
{
    const char *path = mk_test_file("bad.profile", MK_STR("# mine\nguards\n\nrepeat\n"));
    ck_assert_refused(
        open_profile(path),
        text_of("profile %s:4: unknown filter 'repeat' (did you mean 'repeats'?)", path));
}
END_TEST

START_TEST(an_unknown_profile_is_told_the_known_ones)
{
    ck_assert_int_eq(open_profile("wed"), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, "unknown profile 'wed' (known: "));
    for (const mk_builtin *p = mk_profiles(); p->name; p++)
        ck_assert_ptr_nonnull(strstr(error.text, p->name));
}
END_TEST

START_TEST(a_profile_file_that_is_missing_is_named)
{
    const char *path = mk_test_path("missing.profile");
    ck_assert_int_eq(open_profile(path), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, path));
}
END_TEST

START_TEST(a_folder_is_no_profile)
{
    ck_assert_int_eq(open_profile(mk_test_folder()), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, mk_test_folder()));
}
END_TEST

START_TEST(the_text_of_a_chain_is_a_profile_for_it)
{
    for (const mk_builtin *p = mk_profiles(); p->name; p++) {
        ck_assert_opened(open_profile(p->name));
        char *text = strdup(mk_chain_text(chain));
        ck_assert_ptr_nonnull(text);
        const char *path = mk_test_file("again.profile", mk_str_of(text));
        mk_chain_close(chain);
        chain = NULL;
        ck_assert_opened(open_profile(path));
        ck_assert_str_eq(mk_chain_text(chain), text);
        free(text);
        mk_chain_close(chain);
        chain = NULL;
    }
}
END_TEST

/* ---- lexicons ---- */

/* Numbers of phrases of step 0's lexicon. */
static size_t n_phrases(void)
{
    return chain->steps[0].lexicon->n_entries;
}

/* "share:phrases=" and so on before path, in a static buffer. */
static const char *phrases_option(const char *before, const char *path)
{
    static char set[1024];
    snprintf(set, sizeof(set), "%s%s", before, path);
    return set;
}

START_TEST(a_file_replaces_a_lexicon)
{
    const char *path = mk_test_file("my.txt", MK_STR("[button]\n= a\n= b\n"));
    ck_assert_opened(open_list(phrases_option("share:phrases=", path)));
    ck_assert_uint_eq(n_phrases(), 2);
}
END_TEST

START_TEST(a_file_is_added_to_a_lexicon)
{
    const char *path = mk_test_file("my.txt", MK_STR("[button]\n= a\n= b\n"));
    ck_assert_opened(open_list("share"));
    const size_t n = n_phrases();
    mk_chain_close(chain);
    chain = NULL;
    ck_assert_opened(open_list(phrases_option("share:phrases=+", path)));
    ck_assert_uint_eq(n_phrases(), n + 2);
    ck_assert_uint_eq(chain->steps[0].lexicon->entries[n].file, 1);
}
END_TEST

START_TEST(an_error_in_a_lexicon_names_its_line)
{
    const char *path = mk_test_file("my.txt", MK_STR("[button]\nx\n"));
    ck_assert_refused(open_list(phrases_option("share:phrases=", path)),
                      text_of("%s:2: no anchor (= ^ $ ~ + > -) and space before 'x'", path));
}
END_TEST

START_TEST(a_lexicon_file_that_is_missing_is_named)
{
    const char *path = mk_test_path("missing.txt");
    ck_assert_int_eq(open_list(phrases_option("share:phrases=+", path)), MK_OPTION);
    ck_assert_ptr_nonnull(strstr(error.text, path));
}
END_TEST

START_TEST(the_text_of_a_chain_names_its_lexicon_files)
{
    const char *path = mk_test_file("my.txt", MK_STR("[button]\n= a\n"));
    ck_assert_opened(open_list(phrases_option("share:phrases=+", path)));
    char *text = strdup(mk_chain_text(chain));
    ck_assert_ptr_nonnull(strstr(text, phrases_option("phrases=+", path)));
    mk_chain_close(chain);
    chain = NULL;
    ck_assert_opened(open_profile(mk_test_file("again.profile", mk_str_of(text))));
    ck_assert_str_eq(mk_chain_text(chain), text);
    free(text);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
    Suite *const s = suite_create("chain");
    TCase *const t = tcase_create("chain");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_version_of_the_headers_is_that_of_the_library);
    tcase_add_test(t, every_filter_describes_itself);
    tcase_add_test(t, every_filter_has_a_name_of_its_own);
    tcase_add_test(t, an_unknown_filter_is_not_found);
    tcase_add_test(t, every_filter_opens_alone);
    tcase_add_test(t, every_profile_opens);
    tcase_add_test(t, built_in_lexicons_are_what_their_texts_say);
    tcase_add_test(t, web_is_the_default_profile);
    tcase_add_test(t, close_takes_null);
    tcase_add_test(t, lines_ends_every_chain);
    tcase_add_test(t, an_empty_list_is_lines_alone);
    tcase_add_test(t, lines_is_not_added_twice);
    tcase_add_test(t, accusations_get_a_judge);
    tcase_add_test(t, a_judge_that_is_there_stays_where_it_is);
    tcase_add_test(t, empty_items_of_a_list_are_nothing);
    tcase_add_test(t, a_filter_may_stand_twice);
    tcase_add_test(t, a_list_sets_options);
    tcase_add_test(t, a_list_replaces_the_profile);
    tcase_add_loop_test(t, refuses_a_bad_list, 0, ROWS(bad_lists));
    tcase_add_test(t, an_error_need_not_be_asked_for);
    tcase_add_test(t, takes_as_many_steps_as_there_may_be);
    tcase_add_test(t, refuses_more_steps);
    tcase_add_test(t, a_set_wins_over_the_list);
    tcase_add_test(t, a_set_is_for_all_steps_of_the_filter);
    tcase_add_test(t, a_set_reaches_a_step_that_was_added);
    tcase_add_test(t, the_last_set_wins);
    tcase_add_loop_test(t, refuses_a_bad_set, 0, ROWS(bad_sets));
    tcase_add_test(t, reads_a_profile_from_a_file);
    tcase_add_test(t, an_error_in_a_profile_names_its_line);
    tcase_add_test(t, an_unknown_profile_is_told_the_known_ones);
    tcase_add_test(t, a_profile_file_that_is_missing_is_named);
    tcase_add_test(t, a_folder_is_no_profile);
    tcase_add_test(t, the_text_of_a_chain_is_a_profile_for_it);
    tcase_add_test(t, a_file_replaces_a_lexicon);
    tcase_add_test(t, a_file_is_added_to_a_lexicon);
    tcase_add_test(t, an_error_in_a_lexicon_names_its_line);
    tcase_add_test(t, a_lexicon_file_that_is_missing_is_named);
    tcase_add_test(t, the_text_of_a_chain_names_its_lexicon_files);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
