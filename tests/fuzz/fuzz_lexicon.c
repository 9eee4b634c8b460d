/* fuzz_lexicon.c: files that users write: lexicons and site rules. What is accepted has
 * phrases within the bytes of the lexicon; what is not has a message with a line. */
#include "fuzz.h"
#include "doc/lexicon.h"
#include "doc/sites.h"

static const mk_rule rules[] = {{"button", "c", "h"}, {"list", "c", "h"}, {0}};

static void check_lexicon(mk_str text)
{
    mk_lexicon *lexicon = NULL;
    mk_error error = {.code = MK_OK};

    must(mk_lexicon_new("share", &lexicon, &error) == MK_OK);
    const mk_err err = mk_lexicon_add(lexicon, "in", text, rules, &error);
    must(err == MK_OK || (err == MK_OPTION && error.text[0]));
    for (size_t i = 0; err == MK_OK && i < lexicon->n_entries; i++) {
        const mk_entry *const e = &lexicon->entries[i];
        const mk_str phrase = mk_entry_phrase(lexicon, e);
        must(e->n_folded > 0 && phrase.len <= 1000 && e->rule < 2 && e->line > 0);
        must(e->phrase + e->n_phrase <= lexicon->n_phrases);
        must(e->folded + e->n_folded <= lexicon->n_folded);
        must(mk_utf8_valid(phrase) == phrase.len);
    }
    mk_lexicon_free(lexicon);
}

static void check_sites(mk_str text)
{
    mk_site_reader reader;
    mk_site_item item;
    mk_sites *sites = NULL;
    mk_error error = {.code = MK_OK};
    mk_err err = mk_site_read("in", text, &reader, &error);
    uint32_t line = 0;

    while (err == MK_OK && (err = mk_site_next(&reader, &item, &error)) == MK_OK) {
        must(item.line > line && item.text.len <= MK_SITE_TEXT);
        line = item.line;
    }
    must(err == MK_END || (err == MK_OPTION && error.text[0]));
    err = mk_sites_new("in", text, &sites, &error);
    must(err == MK_OK || (err == MK_OPTION && error.text[0]));
    mk_sites_free(sites);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mk_str text = {(const char *)data, size};

    check_lexicon(text);
    check_sites(text);
    return 0;
}
