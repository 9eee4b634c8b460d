#include "doc/edit.h"
#include "doc/segment.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

static mk_arena *arena;
static mk_line lines[8];
static mk_doc doc;
static mk_matcher *matcher;
static mk_edit edit;

static void setup(void)
{
    mk_error error;
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
    ck_assert_int_eq(mk_matcher_new(NULL, 0, &matcher, &error), MK_OK);
    memset(lines, 0, sizeof(lines));
    doc = (mk_doc){.lines = lines, .n_lines = 8};
    edit = (mk_edit){.doc = &doc, .arena = arena, .matcher = matcher, .step = 3};
    for (size_t i = 0; i < 8; i++)
        lines[i] = (mk_line){.text = MK_STR("abcdef"), .src_len = 6};
    ck_assert(mk_edit_begin(&edit));
}

static void teardown(void)
{
    mk_matcher_free(matcher);
    mk_arena_free(arena);
}

/* ---- whole lines ---- */

START_TEST(next_and_prev_skip_blank_and_gone_lines)
{
    mk_edit_label(&edit, 0, MK_LABEL_BLANK);
    mk_edit_label(&edit, 3, MK_LABEL_BLANK);
    mk_edit_drop(&edit, 4, 0, MK_STR(""));
    ck_assert_uint_eq(mk_edit_next(&edit, SIZE_MAX), 1);
    ck_assert_uint_eq(mk_edit_next(&edit, 2), 5);
    ck_assert_uint_eq(mk_edit_next(&edit, 7), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_prev(&edit, 8), 7);
    ck_assert_uint_eq(mk_edit_prev(&edit, 5), 2);
    ck_assert_uint_eq(mk_edit_prev(&edit, 1), SIZE_MAX);
}
END_TEST

START_TEST(a_page_without_lines_has_none_in_play)
{
    doc.n_lines = 0;
    ck_assert(mk_edit_begin(&edit));
    ck_assert_uint_eq(mk_edit_next(&edit, SIZE_MAX), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_prev(&edit, 0), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_PLAY), 0);
}
END_TEST

START_TEST(lines_are_walked_by_what_they_have)
{
    static const char *const texts[] = {"12:30", "name: a", "(b)", "- 7 c",
                                        "d:",    "e...",    "...", ""};
    for (size_t i = 0; i < 8; i++) {
        lines[i].text = mk_str_of(texts[i]);
        mk_edit_line(&edit, i);
    }
    ck_assert_uint_eq(mk_edit_count(&edit, MK_SIGN_COLON), 3);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_SIGN_COLON), 0);
    ck_assert_uint_eq(mk_edit_next_with(&edit, 1, MK_SIGN_COLON), 4);
    ck_assert_uint_eq(mk_edit_next_with(&edit, 4, MK_SIGN_COLON), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_SIGN_COLON | MK_TRAIT_DIGITS), 0);
    ck_assert_uint_eq(mk_edit_next_with(&edit, 0, MK_SIGN_COLON | MK_TRAIT_DIGITS), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_BRACKET), 2);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_BULLET), 3);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_COLON), 4);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_DOTS), 5);
    ck_assert_uint_eq(mk_edit_next_with(&edit, 0, MK_TRAIT_FIGURES), 6);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_LONG), SIZE_MAX);
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_HITS), SIZE_MAX);
}
END_TEST

START_TEST(lines_that_go_have_no_traits_and_those_that_change_may_have_all)
{
    for (size_t i = 0; i < 8; i++)
        mk_edit_line(&edit, i);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_DIGITS), 0);
    mk_edit_replace(&edit, 2, 0, 1, MK_STR("7"), 1, MK_STR(""));
    ck_assert_uint_eq(mk_edit_next_with(&edit, SIZE_MAX, MK_TRAIT_DIGITS), 2);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_BULLET), 1);
    mk_edit_line(&edit, 2);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_BULLET), 0);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_DIGITS), 1);
    mk_edit_drop(&edit, 2, 0, MK_STR(""));
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_DIGITS), 0);
    mk_edit_acquit(&edit, 2);
    ck_assert_uint_eq(mk_edit_count(&edit, MK_TRAIT_DIGITS), 1);
}
END_TEST

START_TEST(a_line_is_scanned_when_it_is_asked_for)
{
    ck_assert_ptr_null(lines[2].seen.ptr);
    ck_assert_mk_str_eq(mk_edit_line(&edit, 2)->folded, MK_STR("abcdef"));
}
END_TEST

START_TEST(drop_names_step_rule_and_evidence)
{
    mk_edit_drop(&edit, 1, 2, MK_STR("why"));
    ck_assert_ptr_nonnull(lines[1].gone);
    ck_assert_uint_eq(lines[1].gone->step, 3);
    ck_assert_uint_eq(lines[1].gone->rule, 2);
    ck_assert_mk_str_eq(lines[1].gone->evidence, MK_STR("why"));
    ck_assert_ptr_null(lines[1].gone->next);
}
END_TEST

START_TEST(a_line_that_is_gone_keeps_its_first_reason)
{
    mk_edit_drop(&edit, 1, 2, MK_STR("why"));
    edit.step = 4;
    mk_edit_drop(&edit, 1, 5, MK_STR("again"));
    ck_assert_uint_eq(lines[1].gone->step, 3);
    ck_assert_uint_eq(lines[1].gone->rule, 2);
}
END_TEST

START_TEST(convict_drops_in_the_name_of_the_mark)
{
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 7, .evidence = MK_STR("phrase")});
    edit.step = 9;
    mk_edit_convict(&edit, 1, lines[1].marks);
    ck_assert_uint_eq(lines[1].gone->step, 3);
    ck_assert_uint_eq(lines[1].gone->rule, 7);
    ck_assert_mk_str_eq(lines[1].gone->evidence, MK_STR("phrase"));
}
END_TEST

START_TEST(acquit_takes_a_drop_back)
{
    mk_edit_drop(&edit, 1, 2, MK_STR("why"));
    mk_edit_acquit(&edit, 1);
    ck_assert_ptr_null(lines[1].gone);
}
END_TEST

START_TEST(marks_are_listed_newest_first)
{
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 1, .step = 77});
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 2});
    ck_assert_uint_eq(lines[1].marks->rule, 2);
    ck_assert_uint_eq(lines[1].marks->next->rule, 1);
    ck_assert_uint_eq(lines[1].marks->next->step, 3);
    ck_assert_ptr_null(lines[1].marks->next->next);
}
END_TEST

START_TEST(line_mark_is_the_strongest)
{
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 1, .strength = MK_STRONG, .cover = 10});
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 2, .strength = MK_CERTAIN, .cover = 1});
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 3, .strength = MK_WEAK, .cover = 100});
    ck_assert_uint_eq(mk_line_mark(&lines[1], MK_WEAK)->rule, 2);
}
END_TEST

START_TEST(of_equal_marks_the_one_that_covers_most_counts)
{
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 1, .strength = MK_STRONG, .cover = 90});
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 2, .strength = MK_STRONG, .cover = 10});
    ck_assert_uint_eq(mk_line_mark(&lines[1], MK_WEAK)->rule, 1);
}
END_TEST

START_TEST(of_marks_equal_in_all_the_earliest_counts)
{
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 1, .strength = MK_STRONG, .cover = 10});
    mk_edit_mark(&edit, 1, (mk_mark){.rule = 2, .strength = MK_STRONG, .cover = 10});
    ck_assert_uint_eq(mk_line_mark(&lines[1], MK_WEAK)->rule, 1);
}
END_TEST

START_TEST(marks_that_are_too_weak_do_not_count)
{
    mk_edit_mark(&edit, 1, (mk_mark){.strength = MK_WEAK});
    ck_assert_ptr_null(mk_line_mark(&lines[1], MK_STRONG));
    ck_assert_ptr_null(mk_line_mark(&lines[0], MK_WEAK));
}
END_TEST

START_TEST(label_zone_and_guard_are_set)
{
    mk_edit_label(&edit, 1, MK_LABEL_VERSE);
    mk_edit_zone(&edit, 1, MK_ZONE_TAIL);
    mk_edit_guard(&edit, 1, "verse");
    ck_assert_int_eq(lines[1].label, MK_LABEL_VERSE);
    ck_assert_int_eq(lines[1].zone, MK_ZONE_TAIL);
    ck_assert_str_eq(lines[1].guard, "verse");
    mk_edit_guard(&edit, 1, NULL);
    ck_assert_ptr_null(lines[1].guard);
}
END_TEST

/* ---- documents ---- */

START_TEST(drop_doc_filters_it_for_its_first_reason)
{
    mk_edit_drop_doc(&edit, 1, MK_STR("empty"));
    mk_edit_drop_doc(&edit, 2, MK_STR("again"));
    ck_assert_int_eq(doc.verdict, MK_FILTERED);
    ck_assert_uint_eq(doc.gone->rule, 1);
    ck_assert_uint_eq(doc.gone->step, 3);
    ck_assert_mk_str_eq(doc.gone->evidence, MK_STR("empty"));
}
END_TEST

START_TEST(review_keeps_each_reason_the_newest_first)
{
    ck_assert_ptr_null(doc.review);
    mk_edit_review(&edit, 2, MK_STR("why"));
    edit.step = 4;
    mk_edit_review(&edit, 5, MK_STR("again"));
    ck_assert_uint_eq(doc.review->step, 4);
    ck_assert_uint_eq(doc.review->rule, 5);
    ck_assert_mk_str_eq(doc.review->next->evidence, MK_STR("why"));
    ck_assert_ptr_null(doc.review->next->next);
}
END_TEST

START_TEST(meta_fills_in_what_is_unknown)
{
    mk_edit_meta(&edit, "title", MK_STR("T"));
    mk_edit_meta(&edit, "date", MK_STR("D"));
    mk_edit_meta(&edit, "url", MK_STR("U"));
    mk_edit_meta(&edit, "lang", MK_STR("L"));
    ck_assert_mk_str_eq(doc.title, MK_STR("T"));
    ck_assert_mk_str_eq(doc.date, MK_STR("D"));
    ck_assert_mk_str_eq(doc.url, MK_STR("U"));
    ck_assert_mk_str_eq(doc.lang, MK_STR("L"));
}
END_TEST

START_TEST(meta_of_the_record_stays)
{
    doc.title = MK_STR("record's");
    mk_edit_meta(&edit, "title", MK_STR("page's"));
    ck_assert_mk_str_eq(doc.title, MK_STR("record's"));
}
END_TEST

START_TEST(scratch_is_zeroed)
{
    const char *mem = mk_edit_scratch(&edit, 1000);
    ck_assert_ptr_nonnull(mem);
    for (size_t i = 0; i < 1000; i++)
        ck_assert_int_eq(mem[i], 0);
}
END_TEST

START_TEST(format_of_nothing_is_no_want_of_memory)
{
    ck_assert_uint_eq(mk_edit_format(&edit, "%s", "").len, 0);
    ck_assert(!edit.nomem);
}
END_TEST

START_TEST(format_writes_evidence)
{
    ck_assert_mk_str_eq(mk_edit_format(&edit, "%d of %s", 3, "x"), MK_STR("3 of x"));
    ck_assert(!edit.nomem);
}
END_TEST

/* ---- inside a line ---- */

static void ck_assert_change(const mk_change *c, uint32_t at, uint32_t len, uint32_t src_at,
                             uint32_t src_len)
{
    ck_assert_uint_eq(c->at, at);
    ck_assert_uint_eq(c->len, len);
    ck_assert_uint_eq(c->src_at, src_at);
    ck_assert_uint_eq(c->src_len, src_len);
}

START_TEST(replace_says_what_stood_there)
{
    mk_edit_replace(&edit, 0, 1, 2, MK_STR("XYZ"), 4, MK_STR("why"));
    ck_assert_mk_str_eq(lines[0].text, MK_STR("aXYZdef"));
    ck_assert_uint_eq(lines[0].n_changes, 1);
    ck_assert_change(lines[0].changes, 1, 3, 1, 2);
    ck_assert_uint_eq(lines[0].changes->why->step, 3);
    ck_assert_uint_eq(lines[0].changes->why->rule, 4);
    ck_assert_mk_str_eq(lines[0].changes->why->evidence, MK_STR("why"));
}
END_TEST

START_TEST(a_line_may_become_empty)
{
    mk_edit_replace(&edit, 0, 0, 6, MK_STR(""), 0, MK_STR(""));
    ck_assert_uint_eq(lines[0].text.len, 0);
    ck_assert_change(lines[0].changes, 0, 0, 0, 6);
}
END_TEST

START_TEST(changes_apart_stay_apart)
{
    mk_edit_replace(&edit, 0, 0, 1, MK_STR(""), 0, MK_STR(""));
    edit.step = 4;
    mk_edit_replace(&edit, 0, 3, 1, MK_STR("XX"), 1, MK_STR(""));
    ck_assert_mk_str_eq(lines[0].text, MK_STR("bcdXXf"));
    ck_assert_uint_eq(lines[0].n_changes, 2);
    ck_assert_change(&lines[0].changes[0], 0, 0, 0, 1);
    ck_assert_change(&lines[0].changes[1], 3, 2, 4, 1);
    ck_assert_uint_eq(lines[0].changes[0].why->step, 3);
    ck_assert_uint_eq(lines[0].changes[1].why->step, 4);
}
END_TEST

START_TEST(changes_that_only_touch_stay_apart)
{
    mk_edit_replace(&edit, 0, 1, 2, MK_STR("X"), 0, MK_STR(""));
    mk_edit_replace(&edit, 0, 2, 1, MK_STR("Y"), 0, MK_STR(""));
    ck_assert_mk_str_eq(lines[0].text, MK_STR("aXYef"));
    ck_assert_uint_eq(lines[0].n_changes, 2);
}
END_TEST

START_TEST(a_change_of_a_change_is_one_and_names_both)
{
    mk_edit_replace(&edit, 0, 1, 2, MK_STR("XYZ"), 4, MK_STR("first"));
    edit.step = 5;
    mk_edit_replace(&edit, 0, 3, 2, MK_STR("!"), 6, MK_STR("second"));
    ck_assert_mk_str_eq(lines[0].text, MK_STR("aXY!ef"));
    ck_assert_uint_eq(lines[0].n_changes, 1);
    ck_assert_change(lines[0].changes, 1, 3, 1, 3);
    const mk_why *why = lines[0].changes->why;
    ck_assert_uint_eq(why->step, 5);
    ck_assert_uint_eq(why->rule, 6);
    ck_assert_uint_eq(why->next->step, 3);
    ck_assert_uint_eq(why->next->rule, 4);
    ck_assert_ptr_null(why->next->next);
}
END_TEST

START_TEST(patches_that_follow_one_another_are_two_changes)
{
    const mk_patch_item items[] = {{1, 1, MK_STR(""), 0, 0}, {2, 1, MK_STR(""), 1, 0}};
    mk_edit_patch(&edit, 0, items, 2, MK_STR(""));
    ck_assert_mk_str_eq(lines[0].text, MK_STR("adef"));
    ck_assert_uint_eq(lines[0].n_changes, 2);
    ck_assert_change(&lines[0].changes[0], 1, 0, 1, 1);
    ck_assert_change(&lines[0].changes[1], 1, 0, 2, 1);
}
END_TEST

START_TEST(no_patches_change_nothing)
{
    const mk_str before = lines[0].text;
    mk_edit_patch(&edit, 0, NULL, 0, MK_STR(""));
    ck_assert_ptr_eq(lines[0].text.ptr, before.ptr);
    ck_assert_uint_eq(lines[0].n_changes, 0);
}
END_TEST

START_TEST(patches_copy_what_is_written)
{
    mk_patches patches = {.arena = arena};
    char with[] = "XY";
    for (uint32_t i = 0; i < 100; i++) {
        with[0] = (char)('A' + i % 26);
        mk_patch(&patches, i * 2, 1, mk_str_of(with), i);
    }
    ck_assert(!patches.nomem);
    ck_assert_uint_eq(patches.n, 100);
    ck_assert_mk_str_eq(patches.items[0].with, MK_STR("AY"));
    ck_assert_mk_str_eq(patches.items[99].with, MK_STR("VY"));
    ck_assert_uint_eq(patches.items[99].rule, 99);
    ck_assert_uint_eq(patches.items[99].at, 198);
}
END_TEST

/* ---- any patches by any steps ---- */

enum { MAX_TEXT = 400, MAX_PATCHES = 12 };

static uint32_t next_random(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    return *x;
}

/* Patches in order and apart, some empty, some touching. */
static size_t random_patches(uint32_t *x, size_t len, mk_patch_item *items)
{
    static const char *const with[] = {"", "", "X", "YZ", "UVWXYZ"};
    size_t n = 0, at = 0;
    while (n < MAX_PATCHES && next_random(x) % 5 != 0) {
        at += next_random(x) % 4 == 0 ? 0 : next_random(x) % 9;
        const size_t size = next_random(x) % 4;
        if (at + size > len)
            break;
        if (n > 0 && size == 0 && items[n - 1].len == 0 && items[n - 1].at == at)
            at++; /* two insertions at one place are one patch */
        if (at + size > len)
            break;
        const mk_str s = mk_str_of(with[next_random(x) % 5]);
        items[n++] = (mk_patch_item){(uint32_t)at, (uint32_t)size, s,
                                     (uint16_t)(next_random(x) % 4), 0};
        at += size;
    }
    return n;
}

/* The patches applied the simple way: from the last to the first. */
static size_t apply(char *text, size_t len, const mk_patch_item *items, size_t n)
{
    while (n-- > 0) {
        const mk_patch_item *p = &items[n];
        memmove(text + p->at + p->with.len, text + p->at + p->len, len - p->at - p->len);
        memcpy(text + p->at, p->with.ptr, p->with.len);
        len = len - p->len + p->with.len;
        ck_assert_uint_le(len, MAX_TEXT);
    }
    return len;
}

/* What the line's changes say was read is what was read. */
static void ck_assert_undone(const mk_line *line, mk_str source)
{
    char back[MAX_TEXT];
    size_t n = 0, at = 0, src_at = 0;
    for (uint32_t i = 0; i < line->n_changes; i++) {
        const mk_change *c = &line->changes[i];
        ck_assert_uint_ge(c->at, at);
        ck_assert_uint_ge(c->src_at, src_at);
        ck_assert_uint_le(c->src_at + c->src_len, source.len);
        ck_assert_uint_le(c->at + c->len, line->text.len);
        memcpy(back + n, line->text.ptr + at, c->at - at);
        n += c->at - at;
        ck_assert_uint_eq(n, c->src_at);
        memcpy(back + n, source.ptr + c->src_at, c->src_len);
        n += c->src_len;
        at = c->at + c->len;
        src_at = c->src_at + c->src_len;
    }
    memcpy(back + n, line->text.ptr + at, line->text.len - at);
    n += line->text.len - at;
    ck_assert_mk_str_eq(((mk_str){back, n}), source);
}

static bool names(const mk_change *c, unsigned step, unsigned rule)
{
    for (const mk_why *why = c->why; why; why = why->next)
        if (why->step == step && why->rule == rule)
            return true;
    return false;
}

static bool names_all(const mk_change *c, const mk_why *why)
{
    bool all = true;
    for (; why; why = why->next)
        all &= names(c, why->step, why->rule);
    return all;
}

/* True if a change of the line that spans [from, to) names step and rule, and
 * all that old (may be NULL) names. */
static bool is_named(const mk_line *line, int64_t from, int64_t to, unsigned step, unsigned rule,
                     const mk_change *old)
{
    for (uint32_t i = 0; i < line->n_changes; i++) {
        const mk_change *c = &line->changes[i];
        if (c->at <= from && (int64_t)c->at + c->len >= to && names(c, step, rule) &&
            (!old || names_all(c, old->why)))
            return true;
    }
    return false;
}

/* Each patch lies in a change that names it and what it changed again; nothing
 * that was named before is forgotten. */
static void ck_assert_named(const mk_line *line, const mk_change *old, size_t n_old,
                            const mk_patch_item *items, size_t n, unsigned step)
{
    int64_t shift = 0;
    for (size_t i = 0; i < n; i++) {
        const mk_patch_item *p = &items[i];
        const int64_t from = p->at + shift, to = from + (int64_t)p->with.len;
        shift += (int64_t)p->with.len - p->len;
        ck_assert(is_named(line, from, to, step, p->rule, NULL));
        for (size_t o = 0; o < n_old; o++)
            if (old[o].at < p->at + p->len && p->at < old[o].at + old[o].len)
                ck_assert(is_named(line, from, to, step, p->rule, &old[o]));
    }
    for (size_t o = 0; o < n_old; o++) {
        bool found = false;
        for (uint32_t c = 0; c < line->n_changes; c++)
            found |= names_all(&line->changes[c], old[o].why);
        ck_assert(found);
    }
}

START_TEST(any_sequence_of_patches_can_be_undone)
{
    uint32_t x = 2463534242u + (uint32_t)_i;
    for (unsigned round = 0; round < 150; round++) {
        char source[64], text[MAX_TEXT];
        const size_t n_source = next_random(&x) % sizeof(source);
        for (size_t i = 0; i < n_source; i++)
            source[i] = (char)('a' + next_random(&x) % 26);
        memcpy(text, source, n_source);
        size_t len = n_source;
        mk_line *line = &lines[0];
        *line = (mk_line){.text = {source, n_source}, .src_len = (uint32_t)n_source};
        ck_assert(mk_edit_begin(&edit));
        for (uint8_t step = 0; step < 6; step++) {
            mk_patch_item items[MAX_PATCHES];
            const size_t n = random_patches(&x, len, items);
            const mk_change *old = line->changes;
            const size_t n_old = line->n_changes;
            edit.step = step;
            mk_edit_patch(&edit, 0, items, n, MK_STR(""));
            len = apply(text, len, items, n);
            ck_assert_mk_str_eq(line->text, ((mk_str){text, len}));
            ck_assert_undone(line, (mk_str){source, n_source});
            ck_assert_named(line, old, n_old, items, n, step);
        }
        mk_arena_reset(arena);
    }
}
END_TEST

/* ---- letters ---- */

/* Texts whose lines need nothing, something, or look as if they did. */
static const char *const letters[] = {
    "كلمة\nكلمة أخرى",
    "كلمة  هنا\n كلمة \n\n\tكلمة\nكلمة\t",
    "أَوَّل\nوَّأل\nمرحبااااااا بكم\n!!!!!!\n؟",
    "قال : نعم ،وهذا\n\u201Cاقتباس\nثان\u201D\n»",
    "\u200Fنص\u200F\nسطر\u00A0آخر\nس\u0640\u0640ر",
    "a\r\nب  ت\r\nث\n\n\n\nج  ح\u2028خ  د",
    "ﻻ ﻟﻠ\n\uFD3Eآية\uFD3F\nسطر  بعدها",
};

/* The line as it reads when it is run by itself. */
static void is_as_alone(mk_normalizer *alone, const mk_norm_options *options, mk_str was, mk_str is)
{
    mk_str want;
    ck_assert_int_eq(mk_norm_text(alone, options, was, &want), MK_OK);
    ck_assert_mk_str_eq(is, want);
}

START_TEST(letters_of_a_page_read_as_those_of_each_line_alone)
{
    mk_normalizer *alone = mk_normalizer_new(), *used = NULL;
    for (mk_form form = MK_FORM_TRAIN; form <= MK_FORM_PRESERVE; form++)
        for (int gone = -1; gone < 3; gone++) {
            const mk_norm_options options = {
                .form = form, .language = MK_LANGUAGE_AR, .is_line = true};
            doc = (mk_doc){.raw = mk_str_of(letters[_i])};
            ck_assert_int_eq(mk_segment(&doc, false, arena), MK_OK);
            edit = (mk_edit){.doc = &doc, .arena = arena, .matcher = matcher, .normalizer = &used};
            ck_assert(mk_edit_begin(&edit));
            if (gone >= 0 && (size_t)gone < doc.n_lines)
                mk_edit_drop(&edit, (size_t)gone, 0, MK_STR(""));
            mk_edit_normalize(&edit, &options);
            ck_assert(!edit.nomem);
            for (size_t i = 0; i < doc.n_lines; i++) {
                const mk_line *const line = &doc.lines[i];
                const mk_str was = mk_str_sub(doc.raw, line->src_offset,
                                              line->src_offset + line->src_len);
                if (line->gone)
                    ck_assert_mk_str_eq(line->text, was);
                else
                    is_as_alone(alone, &options, was, line->text);
            }
        }
    mk_normalizer_free(used);
    mk_normalizer_free(alone);
}
END_TEST

/* ---- words of a body ---- */

START_TEST(words_of_a_body_are_gathered_again_when_it_has_changed)
{
    const mk_str other = MK_STR("ghijkl");
    lines[7].text = other;
    for (size_t i = 0; i < 8; i++)
        mk_edit_zone(&edit, i, MK_ZONE_BODY);
    for (int change = 0; change < 4; change++) {
        mk_vocabulary v = {.edit = &edit};
        const double want[] = {1, 0, 1, 0};
        if (change == 1)
            mk_edit_drop(&edit, 7, 0, MK_STR(""));
        else if (change == 2)
            mk_edit_acquit(&edit, 7);
        else if (change == 3)
            mk_edit_zone(&edit, 7, MK_ZONE_TAIL);
        ck_assert_double_eq(mk_vocabulary_share(&v, mk_edit_line(&edit, 7), 0), want[change]);
        mk_vocabulary again = {.edit = &edit};
        ck_assert_uint_eq(mk_vocabulary_words(&again), v.n);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("edit");
    TCase *const t = tcase_create("edit");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, next_and_prev_skip_blank_and_gone_lines);
    tcase_add_test(t, a_page_without_lines_has_none_in_play);
    tcase_add_test(t, lines_are_walked_by_what_they_have);
    tcase_add_test(t, lines_that_go_have_no_traits_and_those_that_change_may_have_all);
    tcase_add_loop_test(t, letters_of_a_page_read_as_those_of_each_line_alone, 0,
                        sizeof(letters) / sizeof(*letters));
    tcase_add_test(t, words_of_a_body_are_gathered_again_when_it_has_changed);
    tcase_add_test(t, a_line_is_scanned_when_it_is_asked_for);
    tcase_add_test(t, drop_names_step_rule_and_evidence);
    tcase_add_test(t, a_line_that_is_gone_keeps_its_first_reason);
    tcase_add_test(t, convict_drops_in_the_name_of_the_mark);
    tcase_add_test(t, acquit_takes_a_drop_back);
    tcase_add_test(t, marks_are_listed_newest_first);
    tcase_add_test(t, line_mark_is_the_strongest);
    tcase_add_test(t, of_equal_marks_the_one_that_covers_most_counts);
    tcase_add_test(t, of_marks_equal_in_all_the_earliest_counts);
    tcase_add_test(t, marks_that_are_too_weak_do_not_count);
    tcase_add_test(t, label_zone_and_guard_are_set);
    tcase_add_test(t, drop_doc_filters_it_for_its_first_reason);
    tcase_add_test(t, review_keeps_each_reason_the_newest_first);
    tcase_add_test(t, meta_fills_in_what_is_unknown);
    tcase_add_test(t, meta_of_the_record_stays);
    tcase_add_test(t, scratch_is_zeroed);
    tcase_add_test(t, format_writes_evidence);
    tcase_add_test(t, format_of_nothing_is_no_want_of_memory);
    tcase_add_test(t, replace_says_what_stood_there);
    tcase_add_test(t, a_line_may_become_empty);
    tcase_add_test(t, changes_apart_stay_apart);
    tcase_add_test(t, changes_that_only_touch_stay_apart);
    tcase_add_test(t, a_change_of_a_change_is_one_and_names_both);
    tcase_add_test(t, patches_that_follow_one_another_are_two_changes);
    tcase_add_test(t, no_patches_change_nothing);
    tcase_add_test(t, patches_copy_what_is_written);
    tcase_add_loop_test(t, any_sequence_of_patches_can_be_undone, 0, 8);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
