/* html_stated.c: which lines of a page are in the text of the article as the page's
 * own data state it (articleBody of JSON-LD, schema.org). The statement may lack the
 * paragraphs' ends, tags, and words; so a line counts by its runs of three words,
 * nearly all of which must be there. Linear in both. Cases: tests/read/test_html.c */
#include "read/html_private.h"

enum {
    RUN = 3,       /* words */
    MIN_WORDS = 5, /* of a line: fewer may stand anywhere */
    MIN_BODY = 40, /* words of a body that is more than a teaser */
    ENOUGH = 85    /* percent of a line's runs */
};

/* Hashes of runs of words; 0 is a free slot. */
typedef struct run_set {
    uint64_t *slots; /* n_slots of them, a power of two */
    size_t n_slots;
} run_set;

/* The last words read. */
typedef struct run_reader {
    mk_str text;
    size_t at;
    uint64_t words[RUN];
    size_t n; /* words read */
} run_reader;

/* The next word of letters and digits; empty at the end. */
static mk_str next_word(mk_str text, size_t *at)
{
    size_t from = *at, end;
    uint32_t cp = 0;
    for (end = from; end < text.len; from = end) {
        cp = mk_utf8_next(text, &end);
        if (mk_is_letter(cp) || mk_digit_value(cp) >= 0)
            break;
    }
    if (from >= text.len) {
        *at = text.len;
        return (mk_str){"", 0};
    }
    for (size_t next = end; next < text.len; end = next) {
        cp = mk_utf8_next(text, &next);
        if (!mk_is_letter(cp) && mk_digit_value(cp) < 0 && !mk_is_arabic_mark(cp)) {
            *at = next;
            return mk_str_sub(text, from, end);
        }
    }
    *at = text.len;
    return mk_str_sub(text, from, text.len);
}

/* The hash of the next run; 0 at the end. */
static uint64_t next_run(run_reader *r)
{
    do {
        const mk_str word = next_word(r->text, &r->at);
        if (word.len == 0)
            return 0;
        for (size_t i = 1; i < RUN; i++)
            r->words[i - 1] = r->words[i];
        r->words[RUN - 1] = mk_hash64(word);
    } while (++r->n < RUN);
    const uint64_t hash = mk_hash64((mk_str){(const char *)r->words, sizeof(r->words)});
    return hash ? hash : 1;
}

static uint64_t *slot_of(const run_set *set, uint64_t hash)
{
    size_t i = (size_t)hash & (set->n_slots - 1);
    while (set->slots[i] && set->slots[i] != hash)
        i = (i + 1) & (set->n_slots - 1);
    return &set->slots[i];
}

static bool fill(run_set *set, mk_str body, mk_arena *arena)
{
    run_reader r = {.text = body};
    set->n_slots = 64;
    while (set->n_slots < body.len / 2 + 1) /* a word and its space have two bytes at least */
        set->n_slots *= 2;
    set->slots = mk_arena_alloc(arena, set->n_slots * sizeof(*set->slots));
    if (!set->slots)
        return false;
    for (uint64_t hash; (hash = next_run(&r)) != 0;)
        *slot_of(set, hash) = hash;
    return true;
}

static bool is_stated(const run_set *set, mk_str line)
{
    run_reader r = {.text = line};
    size_t n = 0, found = 0;
    for (uint64_t hash; (hash = next_run(&r)) != 0; n++)
        found += *slot_of(set, hash) == hash;
    return r.n >= MIN_WORDS && found * 100 >= n * ENOUGH;
}

bool mk_html_stated_mark(html_lines *l, mk_str body, mk_arena *arena)
{
    run_set set = {0};
    run_reader words = {.text = body};
    while (words.n < MIN_BODY && next_run(&words))
        ;
    if (words.n < MIN_BODY || l->out.failed || l->list.failed)
        return true;
    if (!fill(&set, body, arena))
        return false;
    html_line *lines = html_lines_at(l);
    for (size_t i = 0; i < html_lines_n(l); i++) {
        const mk_str text = {l->out.ptr + lines[i].from, lines[i].to - lines[i].from};
        if (is_stated(&set, text))
            lines[i].parts |= MK_PART_BODY;
    }
    return true;
}
