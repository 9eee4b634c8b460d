/* sites.c: see sites.h. Refuses what it cannot read to the last byte, with the
 * number of the line: a rule that is passed over in silence is worse than none.
 * Cases: tests/doc/test_sites.c. */
#include "doc/sites.h"

#include <stdlib.h>

#include "doc/edit.h"
#include "doc/fold.h"

static const char rules_head[] = "# minkhal site rules 1";
static const char counts_head[] = "# minkhal site counts 1";

mk_digest mk_site_key(mk_str folded, mk_str text)
{
    if (folded.len == 0 || !memchr(folded.ptr, MK_FOLD_OTHER, folded.len))
        return mk_hash128(folded);
    mk_digest key = mk_hash128(mk_str_trim(text));
    key.high ^= UINT64_MAX; /* apart from the folded forms */
    return key;
}

/* ---- reading the file ---- */

static bool begins(mk_str s, mk_str with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

static mk_str without_mark(mk_str s)
{
    return begins(s, MK_STR("\xEF\xBB\xBF")) ? mk_str_sub(s, 3, s.len) : s;
}

bool mk_site_file_is(mk_str bytes)
{
    const mk_str s = without_mark(bytes);
    return begins(s, MK_STR("# minkhal site rules ")) ||
           begins(s, MK_STR("# minkhal site counts "));
}

/* The next line, without its end; editors may have put a CR there. */
static bool next_line(mk_site_reader *r, mk_str *ret)
{
    if (r->rest.len == 0)
        return false;
    const char *lf = memchr(r->rest.ptr, '\n', r->rest.len);
    const size_t end = lf ? (size_t)(lf - r->rest.ptr) : r->rest.len;
    *ret = mk_str_sub(r->rest, 0, end);
    r->rest = mk_str_sub(r->rest, lf ? end + 1 : end, r->rest.len);
    if (ret->len > 0 && ret->ptr[ret->len - 1] == '\r')
        ret->len--;
    r->line++;
    return true;
}

/* Digits from s[*at] on; false if there are none or the number is too large. */
static bool read_count(mk_str s, size_t *at, uint32_t *ret)
{
    uint64_t n = 0;
    const size_t from = *at;
    for (; *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; (*at)++) {
        n = n * 10 + (uint64_t)(s.ptr[*at] - '0');
        if (n > MK_SITE_COUNT_MAX)
            return false;
    }
    *ret = (uint32_t)n;
    return *at > from;
}

static mk_err fail_at(const mk_site_reader *r, const char *what, mk_error *reterr)
{
    return mk_fail(reterr, MK_OPTION, "%s:%u: %s", r->where, (unsigned)r->line, what);
}

/* " missed=3 pages-missed=1 site-field=NAME", the last to the end of the line. */
static bool read_words(mk_site_reader *r, mk_str words)
{
    static const mk_str missed = {" missed=", 8}, pages = {" pages-missed=", 14},
                        field = {" site-field=", 12};
    while (words.len > 0) {
        const bool of_pages = begins(words, pages);
        size_t at = of_pages ? pages.len : missed.len;
        if (begins(words, field)) {
            r->site_field = mk_str_trim(mk_str_sub(words, field.len, words.len));
            return r->site_field.len > 0;
        }
        if ((!of_pages && !begins(words, missed)) ||
            !read_count(words, &at, of_pages ? &r->pages_missed : &r->missed))
            return false;
        words = mk_str_sub(words, at, words.len);
    }
    return true;
}

mk_err mk_site_read(const char *where, mk_str bytes, mk_site_reader *ret, mk_error *reterr)
{
    mk_site_reader r = {.where = where, .rest = without_mark(bytes)};
    mk_str line;
    if (!next_line(&r, &line) || !mk_site_file_is(line)) {
        r.line = 1;
        return fail_at(&r, "expected '# minkhal site rules 1'", reterr);
    }
    r.counts = begins(line, mk_str_of(counts_head));
    const size_t n = strlen(r.counts ? counts_head : rules_head);
    if (!r.counts && !begins(line, mk_str_of(rules_head)))
        return fail_at(&r, "a later version of this file's form", reterr);
    if (!read_words(&r, mk_str_sub(line, n, line.len)))
        return fail_at(&r, "expected missed=N, pages-missed=N or site-field=NAME after the version",
                       reterr);
    *ret = r;
    return MK_OK;
}

/* "[NAME pages=N]". The name may hold anything, so it is read from its end. */
static mk_err read_site(mk_site_reader *r, mk_str line, mk_site_item *ret, mk_error *reterr)
{
    static const mk_str pages = {" pages=", 7};
    size_t mark = line.len;
    for (size_t i = line.len; i-- > 0 && mark == line.len;)
        if (begins(mk_str_sub(line, i, line.len), pages))
            mark = i;
    size_t at = mark + pages.len;
    uint32_t n = 0;
    if (mark == line.len || mark < 2 || !read_count(line, &at, &n) || at + 1 != line.len ||
        line.ptr[at] != ']')
        return fail_at(r, "expected [SITE pages=N]", reterr);
    r->site = mk_str_sub(line, 1, mark);
    *ret = (mk_site_item){.is_site = true, .site = r->site, .pages = n, .line = r->line};
    return MK_OK;
}

/* "PAGES FIRST/MIDDLE/LAST<TAB>TEXT"; the places may be left out. */
static mk_err read_rule(const mk_site_reader *r, mk_str line, mk_site_item *ret, mk_error *reterr)
{
    mk_site_item item = {.site = r->site, .line = r->line};
    uint32_t n = 0;
    size_t at = 0;
    bool ok = read_count(line, &at, &n) && at < line.len;
    item.pages = n;
    item.at[1] = n;
    if (ok && line.ptr[at] == ' ') {
        for (size_t i = 0; i < 3 && ok; i++) {
            at++;
            ok = read_count(line, &at, &item.at[i]) && at < line.len &&
                 line.ptr[at] == (i < 2 ? '/' : '\t');
        }
        ok = ok && (uint64_t)item.at[0] + item.at[1] + item.at[2] == n;
        if (!ok)
            return fail_at(r, "expected PAGES FIRST/MIDDLE/LAST, which add up to PAGES, and a tab",
                           reterr);
    }
    if (!ok || line.ptr[at] != '\t' || n == 0)
        return fail_at(r, "expected the number of pages, a tab and the line", reterr);
    item.text = mk_str_trim(mk_str_sub(line, at + 1, line.len));
    if (item.text.len > MK_SITE_TEXT)
        return mk_fail(reterr, MK_OPTION, "%s:%u: a line longer than %d bytes", r->where,
                       (unsigned)r->line, MK_SITE_TEXT);
    if (mk_utf8_valid(item.text) < item.text.len)
        return fail_at(r, "not valid UTF-8", reterr);
    if (item.text.len == 0 || mk_fold(item.text, NULL, NULL) == 0)
        return fail_at(r, "a line without a letter would go everywhere", reterr);
    if (!r->site.ptr)
        return fail_at(r, "a line before the first [SITE pages=N]", reterr);
    *ret = item;
    return MK_OK;
}

mk_err mk_site_next(mk_site_reader *r, mk_site_item *ret, mk_error *reterr)
{
    mk_str line;
    while (next_line(r, &line)) {
        if (line.len == 0 || line.ptr[0] == '#' || mk_str_trim(line).len == 0)
            continue;
        if (line.ptr[0] == '[')
            return read_site(r, mk_str_trim(line), ret, reterr);
        return read_rule(r, line, ret, reterr);
    }
    return MK_END;
}

/* ---- the table ---- */

typedef struct rule {
    mk_digest key;
    uint32_t site;  /* number + 1; 0: an empty slot */
    uint32_t pages; /* that have it */
} rule;

struct mk_sites {
    mk_site *sites; /* size_sites slots by hash of their names; name.ptr NULL: empty */
    rule *rules;    /* size_rules slots */
    size_t size_sites, size_rules; /* powers of two */
    mk_str site_field;
    mk_arena *arena; /* owned: names */
};

static size_t size_for(size_t n)
{
    size_t size = 8;
    while (size < 2 * n)
        size *= 2;
    return size;
}

/* The slot of that name, or the empty one where it belongs. */
static mk_site *site_slot(const mk_sites *sites, mk_str name)
{
    size_t at = (size_t)mk_hash64(name) & (sites->size_sites - 1);
    while (sites->sites[at].name.ptr && !mk_str_eq(sites->sites[at].name, name))
        at = (at + 1) & (sites->size_sites - 1);
    return &sites->sites[at];
}

static rule *rule_slot(const mk_sites *sites, uint32_t site, mk_digest key)
{
    size_t at = (size_t)(key.low + site * UINT64_C(0x9E3779B97F4A7C15)) & (sites->size_rules - 1);
    for (;; at = (at + 1) & (sites->size_rules - 1)) {
        rule *r = &sites->rules[at];
        if (r->site == 0 || (r->site == site && r->key.low == key.low && r->key.high == key.high))
            return r;
    }
}

static mk_err put_site(mk_sites *sites, const mk_site_reader *r, const mk_site_item *item,
                       mk_site **ret, mk_error *reterr)
{
    mk_site *slot = site_slot(sites, item->site);
    if (slot->name.ptr)
        return fail_at(r, "this site stands here a second time", reterr);
    const mk_str name = mk_arena_str(sites->arena, item->site);
    if (!name.ptr)
        return mk_fail(reterr, MK_NOMEM, "out of memory for site rules");
    *slot = (mk_site){.sites = sites, .name = name, .n_pages = item->pages};
    *ret = slot;
    return MK_OK;
}

static void put_rule(mk_sites *sites, const mk_site *site, const mk_site_item *item)
{
    char folded[2 * MK_SITE_TEXT];
    const size_t n = mk_fold(item->text, folded, NULL);
    const mk_digest key = mk_site_key((mk_str){folded, n}, item->text);
    const uint32_t number = (uint32_t)(site - sites->sites) + 1;
    rule *slot = rule_slot(sites, number, key);
    if (slot->site == 0)
        *slot = (rule){.key = key, .site = number, .pages = (uint32_t)item->pages};
}

/* The first time counts (and finds all mistakes), the second fills in. */
static mk_err count_items(mk_site_reader r, size_t *ret_sites, size_t *ret_rules, mk_error *reterr)
{
    mk_site_item item = {0};
    mk_err err;
    while ((err = mk_site_next(&r, &item, reterr)) == MK_OK)
        ++*(item.is_site ? ret_sites : ret_rules);
    return err == MK_END ? MK_OK : err;
}

static mk_err fill(mk_sites *sites, mk_site_reader r, mk_error *reterr)
{
    mk_site_item item = {0};
    mk_site *site = NULL;
    mk_err err;
    while ((err = mk_site_next(&r, &item, reterr)) == MK_OK) {
        if (!item.is_site)
            put_rule(sites, site, &item);
        else if ((err = put_site(sites, &r, &item, &site, reterr)) != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : err;
}

mk_err mk_sites_new(const char *where, mk_str text, mk_sites **ret, mk_error *reterr)
{
    mk_site_reader r = {0};
    size_t n_sites = 0, n_rules = 0;
    mk_err err = mk_site_read(where, text, &r, reterr);
    if (err == MK_OK && r.counts)
        err = fail_at(&r, "counts of a part, no rules yet: `minkhal mine` makes rules of them",
                      reterr);
    if (err == MK_OK)
        err = count_items(r, &n_sites, &n_rules, reterr);
    if (err != MK_OK)
        return err;
    mk_sites *sites = calloc(1, sizeof(*sites));
    if (!sites)
        return mk_fail(reterr, MK_NOMEM, "out of memory for site rules");
    sites->size_sites = size_for(n_sites);
    sites->size_rules = size_for(n_rules);
    sites->arena = mk_arena_new();
    sites->sites = calloc(sites->size_sites, sizeof(*sites->sites));
    sites->rules = calloc(sites->size_rules, sizeof(*sites->rules));
    if (sites->arena && r.site_field.len > 0)
        sites->site_field = mk_arena_str(sites->arena, r.site_field);
    if (!sites->arena || !sites->sites || !sites->rules ||
        (r.site_field.len > 0 && !sites->site_field.ptr))
        err = mk_fail(reterr, MK_NOMEM, "out of memory for site rules");
    if (err == MK_OK)
        err = fill(sites, r, reterr);
    if (err != MK_OK) {
        mk_sites_free(sites);
        return err;
    }
    *ret = sites;
    return MK_OK;
}

void mk_sites_free(mk_sites *sites)
{
    if (!sites)
        return;
    mk_arena_free(sites->arena);
    free(sites->sites);
    free(sites->rules);
    free(sites);
}

/* ---- for filters ---- */

const mk_site *mk_edit_site(mk_edit *edit, const mk_sites *sites)
{
    mk_str name;
    if (!mk_site_name(edit->doc, sites->site_field, edit->arena, &name)) {
        edit->nomem = true;
        return NULL;
    }
    const mk_site *site = name.len > 0 ? site_slot(sites, name) : NULL;
    return site && site->name.ptr ? site : NULL;
}

uint64_t mk_site_line(const mk_site *site, const mk_line *line)
{
    if (line->folded.len == 0)
        return 0;
    const uint32_t number = (uint32_t)(site - site->sites->sites) + 1;
    const rule *r = rule_slot(site->sites, number, mk_site_key(line->folded, line->seen));
    return r->site == 0 ? 0 : r->pages;
}
