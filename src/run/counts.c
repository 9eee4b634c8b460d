/* counts.c: see counts.h. Entries stand in an array in the order in which they
 * came, and a table of numbers finds them; to forget is to close the gaps and to
 * fill the table anew. Cases: tests/run/test_counts.c. */
#include "run/counts.h"

#include <assert.h>
#include <stdlib.h>

enum {
    FIRST_ROOM = 1024,    /* entries */
    TEXT_OVERHEAD = 24,   /* bytes: what an allocation costs beside its own */
    MAX_ENTRIES = 1 << 30 /* entries: their numbers are 32-bit */
};

/* Numbers of entries (+ 1; 0: empty) by hash. */
typedef struct table {
    uint32_t *slots;
    size_t size; /* a power of two, at least twice the entries' room */
} table;

struct mk_counts {
    uint64_t memory, texts; /* bytes allowed; bytes of texts and names */
    uint32_t texts_at;
    uint32_t missed, pages_missed;
    mk_counted *lines;
    mk_counted_site *sites;
    size_t n_lines, room_lines, n_sites, room_sites;
    table by_key, by_name;
};

static uint32_t add(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* ---- the tables ---- */

static size_t hash_of_line(const mk_counted *line)
{
    return (size_t)(line->key.low + line->site * UINT64_C(0x9E3779B97F4A7C15));
}

static size_t hash_of_site(const mk_counted_site *site)
{
    return (size_t)mk_hash64((mk_str){site->name, site->len});
}

static void enter(table *t, size_t hash, size_t number)
{
    size_t at = hash & (t->size - 1);
    while (t->slots[at] != 0)
        at = (at + 1) & (t->size - 1);
    t->slots[at] = (uint32_t)number + 1;
}

static void index_lines(mk_counts *c)
{
    memset(c->by_key.slots, 0, c->by_key.size * sizeof(uint32_t));
    for (size_t i = 0; i < c->n_lines; i++)
        enter(&c->by_key, hash_of_line(&c->lines[i]), i);
}

static void index_sites(mk_counts *c)
{
    memset(c->by_name.slots, 0, c->by_name.size * sizeof(uint32_t));
    for (size_t i = 0; i < c->n_sites; i++)
        enter(&c->by_name, hash_of_site(&c->sites[i]), i);
}

/* Room for `room` entries in an array and its table. */
static bool resize(void **array, size_t size, size_t room, table *t)
{
    assert(room > 0);
    void *grown = realloc(*array, room * size);
    if (!grown)
        return false;
    *array = grown;
    uint32_t *slots = calloc(2 * room, sizeof(*slots));
    if (!slots)
        return false;
    free(t->slots);
    *t = (table){slots, 2 * room};
    return true;
}

static uint64_t room_bytes(size_t room, size_t size)
{
    return (uint64_t)room * (size + 2 * sizeof(uint32_t));
}

size_t mk_counts_size(const mk_counts *c)
{
    return (size_t)(room_bytes(c->room_lines, sizeof(*c->lines)) +
                    room_bytes(c->room_sites, sizeof(*c->sites)) + c->texts);
}

static bool grow_lines(mk_counts *c)
{
    const size_t room = 2 * c->room_lines;
    void *array = c->lines;
    const bool ok = resize(&array, sizeof(*c->lines), room, &c->by_key);
    c->lines = array;
    if (ok) {
        c->room_lines = room;
        index_lines(c);
    }
    return ok;
}

static bool grow_sites(mk_counts *c)
{
    const size_t room = 2 * c->room_sites;
    void *array = c->sites;
    const bool ok = resize(&array, sizeof(*c->sites), room, &c->by_name);
    c->sites = array;
    if (ok) {
        c->room_sites = room;
        index_sites(c);
    }
    return ok;
}

/* ---- forgetting ---- */

static uint64_t value_of(const mk_counted *line)
{
    return mk_counted_pages(line) + line->missed;
}

/* The least bound that half of the lines do not pass. */
static uint32_t median(const mk_counts *c)
{
    uint64_t low = (uint64_t)c->missed, step = 1;
    for (;;) {
        const uint64_t high = low + step;
        size_t n = 0;
        for (size_t i = 0; i < c->n_lines; i++)
            n += value_of(&c->lines[i]) <= high;
        if (2 * n < c->n_lines) {
            low = high;
            step *= 2;
        } else if (step == 1) {
            return high > UINT32_MAX ? UINT32_MAX : (uint32_t)high;
        } else {
            step = 1;
        }
    }
}

/* Forgets the lines that stand on no more pages than half of them do. */
static void forget_lines(mk_counts *c)
{
    const uint32_t bound = median(c);
    size_t n = 0;
    for (size_t i = 0; i < c->n_lines; i++) {
        mk_counted *line = &c->lines[i];
        if (value_of(line) > bound) {
            c->lines[n++] = *line;
            continue;
        }
        c->sites[line->site].n_lines--;
        c->texts -= line->text ? line->len + TEXT_OVERHEAD : 0;
        free(line->text);
    }
    c->n_lines = n;
    c->missed = bound;
    index_lines(c);
}

/* Forgets the sites without a line that have no more pages than bound; the lines'
 * numbers of sites follow. False if there was none. */
static bool forget_sites(mk_counts *c, uint64_t bound)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_sites; i++) {
        mk_counted_site *site = &c->sites[i];
        const uint64_t pages = (uint64_t)site->pages + site->missed;
        site->order = (uint32_t)n;
        if (site->n_lines > 0 || pages > bound) {
            n++;
            continue;
        }
        site->order = UINT32_MAX;
        if (pages > c->pages_missed)
            c->pages_missed = (uint32_t)(pages > UINT32_MAX ? UINT32_MAX : pages);
    }
    if (n == c->n_sites)
        return false;
    for (size_t i = 0; i < c->n_lines; i++)
        c->lines[i].site = c->sites[c->lines[i].site].order;
    n = 0;
    for (size_t i = 0; i < c->n_sites; i++) {
        mk_counted_site *site = &c->sites[i];
        if (site->order != UINT32_MAX) {
            c->sites[n++] = *site;
            continue;
        }
        c->texts -= site->len + TEXT_OVERHEAD;
        free(site->name);
    }
    c->n_sites = n;
    index_lines(c);
    index_sites(c);
    return true;
}

static bool fits(const mk_counts *c, uint64_t more)
{
    return mk_counts_size(c) + more <= c->memory;
}

/* Room for one more line and its text. Arrays take half the memory at most. */
static bool make_line_room(mk_counts *c, size_t text)
{
    while (c->n_lines == c->room_lines || !fits(c, text)) {
        const uint64_t grown = room_bytes(2 * c->room_lines, sizeof(*c->lines));
        if (fits(c, text) && grown <= c->memory / 2 && c->room_lines < MAX_ENTRIES / 2 &&
            fits(c, text + grown - grown / 2)) {
            if (!grow_lines(c))
                return false;
            continue;
        }
        if (c->n_lines == 0)
            break; /* names of sites take it all: mk_counts_site forgets them */
        forget_lines(c);
    }
    return true;
}

static bool make_site_room(mk_counts *c, size_t name)
{
    const uint64_t more = room_bytes(c->room_sites, sizeof(*c->sites));
    uint64_t bound = c->missed;
    while (!fits(c, name + (c->n_sites == c->room_sites ? more : 0))) {
        if (c->n_lines > 0)
            forget_lines(c);
        bound = c->n_lines > 0 ? c->missed : 2 * bound + 1;
        const bool some = forget_sites(c, bound);
        if (!some && c->n_sites == 0)
            return true;
        if (some && c->n_sites < c->room_sites / 2 && fits(c, name))
            return true;
    }
    return c->n_sites < c->room_sites || grow_sites(c);
}

/* ---- public ---- */

mk_err mk_counts_new(uint64_t memory, uint32_t texts_at, mk_counts **ret, mk_error *reterr)
{
    mk_counts *c = calloc(1, sizeof(*c));
    if (!c)
        return mk_fail(reterr, MK_NOMEM, "out of memory for counts");
    c->memory = memory < MK_COUNTS_MIN ? MK_COUNTS_MIN : memory;
    c->texts_at = texts_at;
    c->room_lines = FIRST_ROOM / 2;
    c->room_sites = FIRST_ROOM / 8;
    if (!grow_lines(c) || !grow_sites(c)) {
        mk_counts_free(c);
        return mk_fail(reterr, MK_NOMEM, "out of memory for counts");
    }
    *ret = c;
    return MK_OK;
}

void mk_counts_free(mk_counts *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_lines; i++)
        free(c->lines[i].text);
    for (size_t i = 0; i < c->n_sites; i++)
        free(c->sites[i].name);
    free(c->lines);
    free(c->sites);
    free(c->by_key.slots);
    free(c->by_name.slots);
    free(c);
}

static mk_counted_site *find_site(const mk_counts *c, mk_str name)
{
    size_t at = (size_t)mk_hash64(name) & (c->by_name.size - 1);
    for (uint32_t n; (n = c->by_name.slots[at]) != 0; at = (at + 1) & (c->by_name.size - 1)) {
        mk_counted_site *site = &c->sites[n - 1];
        if (mk_str_eq((mk_str){site->name, site->len}, name))
            return site;
    }
    return NULL;
}

bool mk_counts_site(mk_counts *c, mk_str name, uint32_t pages, uint32_t *ret_site)
{
    mk_counted_site *site = find_site(c, name);
    if (!site) {
        if (!make_site_room(c, name.len + TEXT_OVERHEAD))
            return false;
        char *copy = strndup(name.ptr, name.len);
        if (!copy)
            return false;
        site = &c->sites[c->n_sites];
        *site = (mk_counted_site){.name = copy, .len = name.len, .missed = c->pages_missed};
        enter(&c->by_name, hash_of_site(site), c->n_sites++);
        c->texts += name.len + TEXT_OVERHEAD;
    }
    site->pages = add(site->pages, pages);
    *ret_site = (uint32_t)(site - c->sites);
    return true;
}

static mk_counted *find_line(const mk_counts *c, uint32_t site, mk_digest key)
{
    const mk_counted probe = {.key = key, .site = site};
    size_t at = hash_of_line(&probe) & (c->by_key.size - 1);
    for (uint32_t n; (n = c->by_key.slots[at]) != 0; at = (at + 1) & (c->by_key.size - 1)) {
        mk_counted *line = &c->lines[n - 1];
        if (line->site == site && line->key.low == key.low && line->key.high == key.high)
            return line;
    }
    return NULL;
}

static mk_counted *new_line(mk_counts *c, uint32_t site, mk_digest key)
{
    mk_counted *line = &c->lines[c->n_lines];
    *line = (mk_counted){.key = key, .site = site, .missed = c->missed};
    enter(&c->by_key, hash_of_line(line), c->n_lines++);
    c->sites[site].n_lines++;
    return line;
}

static bool keep_text(mk_counts *c, mk_counted *line, mk_str text)
{
    char *copy = strndup(text.ptr, text.len);
    if (!copy)
        return false;
    c->texts -= line->text ? line->len + TEXT_OVERHEAD : 0;
    free(line->text);
    line->text = copy;
    line->len = (uint32_t)text.len;
    c->texts += text.len + TEXT_OVERHEAD;
    return true;
}

bool mk_counts_line(mk_counts *c, uint32_t site, mk_digest key, const uint32_t at[3], uint64_t doc,
                    mk_str text)
{
    mk_counted *line = find_line(c, site, key);
    if (line && doc != 0 && line->last == doc)
        return true;
    const uint64_t pages = (line ? mk_counted_pages(line) : 0) + at[0] + at[1] + at[2];
    const bool keeps = pages >= c->texts_at &&
                       (!line || !line->text ||
                        mk_str_cmp(text, (mk_str){line->text, line->len}) < 0);
    if (!line || keeps) {
        if (!make_line_room(c, keeps ? text.len + TEXT_OVERHEAD : 0))
            return false;
        line = find_line(c, site, key); /* it may have moved, or gone */
        line = line ? line : new_line(c, site, key);
    }
    if (keeps && !keep_text(c, line, text))
        return false;
    for (size_t i = 0; i < 3; i++)
        line->at[i] = add(line->at[i], at[i]);
    line->last = doc;
    return true;
}

void mk_counts_miss(mk_counts *c, uint32_t missed, uint32_t pages_missed)
{
    c->missed = add(c->missed, missed);
    c->pages_missed = add(c->pages_missed, pages_missed);
    for (size_t i = 0; i < c->n_lines && missed > 0; i++)
        c->lines[i].missed = add(c->lines[i].missed, missed);
    for (size_t i = 0; i < c->n_sites && pages_missed > 0; i++)
        c->sites[i].missed = add(c->sites[i].missed, pages_missed);
}

uint32_t mk_counts_missed(const mk_counts *c)
{
    return c->missed;
}

uint32_t mk_counts_pages_missed(const mk_counts *c)
{
    return c->pages_missed;
}

/* ---- order ---- */

static int compare_sites(const void *a, const void *b)
{
    const mk_counted_site *x = a, *y = b;
    return mk_str_cmp((mk_str){x->name, x->len}, (mk_str){y->name, y->len});
}

static int compare_lines(const void *a, const void *b)
{
    const mk_counted *x = a, *y = b;
    const uint64_t n = mk_counted_pages(x), m = mk_counted_pages(y);
    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    if (n != m)
        return n > m ? -1 : 1;
    return mk_str_cmp((mk_str){x->text, x->len}, (mk_str){y->text, y->len});
}

void mk_counts_sort(mk_counts *c, const mk_counted_site **ret_sites, size_t *ret_n_sites,
                    const mk_counted **ret_lines, size_t *ret_n_lines)
{
    /* by_name is of no use any more: it holds where each site goes */
    for (size_t i = 0; i < c->n_sites; i++)
        c->sites[i].order = (uint32_t)i;
    qsort(c->sites, c->n_sites, sizeof(*c->sites), compare_sites);
    for (size_t i = 0; i < c->n_sites; i++)
        c->by_name.slots[c->sites[i].order] = (uint32_t)i;
    for (size_t i = 0; i < c->n_lines; i++)
        c->lines[i].site = c->by_name.slots[c->lines[i].site];
    qsort(c->lines, c->n_lines, sizeof(*c->lines), compare_lines);
    *ret_sites = c->sites;
    *ret_n_sites = c->n_sites;
    *ret_lines = c->lines;
    *ret_n_lines = c->n_lines;
}
