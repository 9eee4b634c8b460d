/* What filter language finds, read off the document. */
#include "base/arena.h"
#include "chain/pipeline.h"
#include "support.h"

#define ARABIC "أعلنت الوزارة اليوم عن موعد التسجيل في الجامعات.\n"
#define PERSIAN \
    "وی در سال گذشته به این شهر آمد و از آن زمان در دانشگاه تدریس می‌کند.\n"
#define ENGLISH "The ministry announced today that registration opens next week.\n"
#define FURNITURE "شارك على فيسبوك\nشارك على تويتر\nجميع الحقوق محفوظة للموقع\n"

static mk_arena *arena;

static void setup(void)
{
    arena = mk_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    mk_arena_free(arena);
}

/* text, of a record that says lang, through the filters. */
static mk_doc run(const char *filters, const char *keep, const char *text, const char *lang)
{
    const mk_chain_options options = {.filters = filters, .sets = &keep, .n_sets = keep ? 1 : 0};
    mk_chain *chain = NULL;
    mk_error error;
    mk_doc doc = {.raw = mk_str_of(text), .lang = mk_str_of(lang)};

    ck_assert_int_eq(mk_chain_open(&options, &chain, &error), MK_OK);
    ck_assert_int_eq(mk_pipeline_run(chain, &doc, arena), MK_OK);
    mk_chain_close(chain);
    return doc;
}

static const struct {
    const char *text, *record, *lang;
} found[] = {
    {ARABIC, "", "ar"},          {PERSIAN, "", "fa"},
    {ENGLISH, "", ""},           {ENGLISH "أعلنت الوزارة اليوم\n", "", ""},
    {"محمد رضا", "", ""},        {PERSIAN, "ar", "ar"}, /* the record wins */
    {PERSIAN, "en-US", "en-US"},
};

START_TEST(notes_the_language_where_the_record_has_none)
{
    const mk_doc doc = run("language", NULL, found[_i].text, found[_i].record);
    ck_assert_mk_str_eq(doc.lang, mk_str_of(found[_i].lang));
    ck_assert_int_eq(doc.verdict, MK_WRITTEN);
}
END_TEST

START_TEST(looks_at_what_is_kept)
{
    const char *const page = FURNITURE FURNITURE FURNITURE FURNITURE FURNITURE PERSIAN;
    ck_assert_mk_str_eq(run("language", NULL, page, "").lang, MK_STR("ar"));
    ck_assert_mk_str_eq(run("share,footer,verdict,language", NULL, page, "").lang, MK_STR("fa"));
}
END_TEST

START_TEST(looks_far_enough)
{
    mk_buf text = {.max = 1 << 20};
    for (size_t i = 0; i < 200; i++)
        mk_buf_puts(&text, i % 2 ? ENGLISH : ARABIC);
    mk_buf_putc(&text, '\0');
    ck_assert_mk_str_eq(run("language", NULL, text.ptr, "").lang, MK_STR("ar"));
    mk_buf_clear(&text);
}
END_TEST

static const struct {
    const char *keep, *text, *record, *evidence; /* NULL: it stays */
} kept[] = {
    {"language:keep=ar", ARABIC, "", NULL},
    {"language:keep=ar", PERSIAN, "", "fa, by its text"},
    {"language:keep=ar", PERSIAN, "ar", "fa, by its text"},
    {"language:keep=ar", ARABIC, "en-US", NULL}, /* templates say so */
    {"language:keep=ar", ARABIC, "fa", NULL},
    {"language:keep=ar", "محمد رضا", "", NULL},
    {"language:keep=ar", "محمد رضا", "en", NULL},
    {"language:keep=ar", "محمد رضا", "und", NULL},
    {"language:keep=ar", "محمد رضا", "fa-IR", "fa, by its record"},
    {"language:keep=fa,ar", "محمد رضا", "fa-IR", NULL},
    {"language:keep=ar", ENGLISH, "ar", "0 of 54 letters are Arabic"},
    {"language:keep=ar,other", ENGLISH, "", NULL},
};

START_TEST(keeps_what_is_asked_for)
{
    const mk_doc doc = run("language", kept[_i].keep, kept[_i].text, kept[_i].record);
    ck_assert_int_eq(doc.verdict, kept[_i].evidence ? MK_FILTERED : MK_WRITTEN);
    if (kept[_i].evidence)
        ck_assert_mk_str_eq(doc.gone->evidence, mk_str_of(kept[_i].evidence));
}
END_TEST

/* Kaf as Persian writes it stays in Persian, whoever told the language. */
START_TEST(normalize_takes_the_language_from_the_document)
{
    const char *const page = FURNITURE FURNITURE FURNITURE FURNITURE FURNITURE PERSIAN;
    const mk_doc doc = run("share,footer,verdict,language,normalize", NULL, page, "");
    ck_assert_mk_str_eq(mk_str_trim(doc.lines[doc.n_lines - 1].text), mk_str_trim(MK_STR(PERSIAN)));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("page_language");
    TCase *const t = tcase_create("language");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, notes_the_language_where_the_record_has_none, 0,
                        (int)(sizeof(found) / sizeof(*found)));
    tcase_add_test(t, looks_at_what_is_kept);
    tcase_add_test(t, looks_far_enough);
    tcase_add_loop_test(t, keeps_what_is_asked_for, 0, (int)(sizeof(kept) / sizeof(*kept)));
    tcase_add_test(t, normalize_takes_the_language_from_the_document);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
