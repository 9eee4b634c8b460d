/* tree.c: see tree.h. A tree of the beginnings of phrases, a table from first words
 * into it, and a bit for each word that may be one. A run builds it each time it
 * starts, so building is done in time that is linear in the phrases' letters, and
 * nothing is sorted.
 *
 * The nodes are the beginnings of phrases, numbered breadth first: the root is 0,
 * children follow one another. A beginning that one phrase alone has is the last
 * node of that phrase: the rest of it is compared when the beginning was found. That
 * saves two nodes of three.
 * Cases: tests/doc/test_tree.c. */
#include "doc/tree.h"

#include <stdlib.h>

#include "doc/fold.h"

enum {
    WORD = 8,       /* letters of a first word that count: one load */
    GATE_BITS = 16, /* the gate fits the first-level cache */
    PAIR_BITS = 17,
    FIRST_BITS = 8,      /* slots for first words, to begin with */
    NOWHERE = UINT32_MAX /* no phrase: the end of a list */
};

typedef struct phrase {
    const mk_entry *entry;
    uint32_t next; /* phrase of the same node, in the order of the files */
    uint16_t lexicon;
    uint16_t rest; /* letters that no node stands for */
} phrase;

typedef struct node {
    uint32_t child;  /* the first of its children; the next node's is the end */
    uint32_t phrase; /* the first of those that it stands for; while building, of all
                        that begin so */
} node;

/* A first word, as the tree has it. */
typedef struct start {
    uint64_t word; /* its first letters; 0: an empty slot */
    uint32_t node; /* the last for its letters */
    uint8_t depth; /* letters that this stands for */
    bool alone;    /* a phrase has no other word */
} start;

struct mk_tree {
    const mk_lexicon *const *lexicons;
    phrase *phrases;
    uint32_t n_phrases;
    node *nodes;
    uint8_t *letters; /* of each node the last */
    uint32_t n_nodes;
    uint32_t first[MK_FOLD_CODES];                 /* the root's child for a letter; 0: none */
    start *starts;                                 /* open addressing */
    unsigned start_bits;                           /* of their number */
    uint64_t gate[((size_t)1 << GATE_BITS) / 64];  /* first words */
    uint64_t pairs[((size_t)1 << PAIR_BITS) / 64]; /* first two words */
};

/* ---- words ---- */

/* Up to eight bytes, the first in the lowest bits, zeros after the last. */
static inline uint64_t load(mk_str folded, size_t at)
{
    uint64_t bytes = 0;

    if (folded.len - at >= WORD)
        memcpy(&bytes, folded.ptr + at, WORD);
    else
        memcpy(&bytes, folded.ptr + at, folded.len - at);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* The first letters of the word at `at`, eight at most; how many they are. */
static inline uint64_t word_at(mk_str folded, size_t at, size_t *ret_len)
{
    const uint64_t bytes = load(folded, at), ones = UINT64_C(0x0101010101010101);
    const uint64_t spaces = bytes ^ ones * ' ';
    const uint64_t found = (spaces - ones) & ~spaces & ones << 7;
    const size_t left = folded.len - at;
    size_t n = found ? (size_t)__builtin_ctzll(found) / 8 : WORD;

    n = n < left ? n : left;
    *ret_len = n;
    return n < WORD ? bytes & ((UINT64_C(1) << 8 * n) - 1) : bytes;
}

static inline uint64_t mix(uint64_t word)
{
    return word * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t bit_of_word(uint64_t word)
{
    return mix(word) >> (64 - GATE_BITS);
}

static inline uint64_t bit_of_pair(uint64_t word, uint64_t next)
{
    return mix(word ^ mix(next) >> 7) >> (64 - PAIR_BITS);
}

static inline void set_bit(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i & 63);
}

static inline bool has_bit(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> (i & 63) & 1;
}

/* The word after the one at `at`, of which a load showed len letters; 0: none. */
static inline uint64_t word_after(mk_str folded, size_t at, size_t len)
{
    const char *space = folded.ptr + at + len;

    if (at + len < folded.len && *space != ' ')
        space = memchr(space, ' ', folded.len - at - len);
    if (!space || space + 1 >= folded.ptr + folded.len)
        return 0;
    return word_at(folded, (size_t)(space - folded.ptr) + 1, &len);
}

/* The slot that has the word, or the empty one where it would be. */
static start *slot_of(const mk_tree *t, uint64_t word)
{
    const size_t last = ((size_t)1 << t->start_bits) - 1;
    size_t at = (size_t)(mix(word) >> (64 - t->start_bits));

    while (t->starts[at].word != 0 && t->starts[at].word != word)
        at = (at + 1) & last;
    return &t->starts[at];
}

/* ---- building ---- */

/* The child of a node for a letter; 0: it has none. */
static inline uint32_t child_of(const mk_tree *t, uint32_t n, uint8_t letter)
{
    if (n == 0)
        return t->first[letter];
    for (uint32_t to = t->nodes[n].child; to < t->nodes[n + 1].child; to++)
        if (t->letters[to] == letter)
            return to;
    return 0;
}

/* Phrases in lists by the letter that comes next. */
typedef struct parts {
    uint32_t first[MK_FOLD_CODES], last[MK_FOLD_CODES]; /* NOWHERE */
    uint8_t letters[MK_FOLD_CODES];                     /* that have a list */
    uint16_t n;
} parts;

/* Parts the phrases of node n, which is `depth` letters long. Those that end here stay
 * with it; so does one that nobody shares its beginning with. */
static void part_phrases(mk_tree *t, uint32_t n, size_t depth, parts *ret)
{
    phrase *const phrases = t->phrases;
    uint32_t *stays = &t->nodes[n].phrase;
    uint32_t i = *stays, n_letters = 0;

    if (i != NOWHERE && phrases[i].next == NOWHERE && n > 0) {
        phrases[i].rest = (uint16_t)(phrases[i].entry->folded.len - depth);
        i = NOWHERE;
    }
    while (i != NOWHERE) {
        phrase *const p = &phrases[i];
        const uint32_t next = p->next;
        if (p->entry->folded.len == depth) {
            *stays = i;
            stays = &p->next;
        } else {
            const uint8_t letter = (uint8_t)p->entry->folded.ptr[depth];
            if (ret->first[letter] == NOWHERE) {
                ret->first[letter] = i;
                ret->letters[n_letters++] = letter;
            } else {
                phrases[ret->last[letter]].next = i;
            }
            ret->last[letter] = i;
            p->next = NOWHERE;
        }
        i = next;
    }
    if (n_letters > 0)
        *stays = NOWHERE;
    ret->n = (uint16_t)n_letters;
}

/* Makes the children of node n, which is `depth` letters long. Leaves the lists of p
 * empty. */
static void add_children(mk_tree *t, uint32_t n, size_t depth, parts *p)
{
    part_phrases(t, n, depth, p);
    for (uint16_t i = 0; i < p->n; i++) {
        const uint8_t letter = p->letters[i];
        t->letters[t->n_nodes] = letter;
        t->nodes[t->n_nodes++].phrase = p->first[letter];
        p->first[letter] = NOWHERE;
    }
    t->nodes[n + 1].child = t->n_nodes; /* the end; where the next one's begin */
}

/* From the root, whose phrases are all. */
static void make_nodes(mk_tree *t)
{
    parts p;
    uint32_t n = 0;

    memset(p.first, 0xFF, sizeof(p.first)); /* NOWHERE */
    t->nodes[0] = (node){.child = 1, .phrase = t->n_phrases > 0 ? 0 : NOWHERE};
    t->n_nodes = 1;
    for (size_t depth = 0; n < t->n_nodes; depth++) {
        const uint32_t end = t->n_nodes; /* of the nodes of this length */
        for (; n < end; n++)
            add_children(t, n, depth, &p);
    }
    for (uint32_t to = 1; to < t->nodes[1].child; to++)
        t->first[t->letters[to]] = to;
}

/* The node that the tree has for the first letters of a phrase. */
static start find_start(const mk_tree *t, uint64_t word, size_t len)
{
    start ret = {.word = word};

    while (ret.depth < len) {
        const uint32_t to = child_of(t, ret.node, (uint8_t)(word >> 8 * ret.depth));
        if (to == 0)
            break;
        ret.node = to;
        ret.depth++;
    }
    return ret;
}

/* Twice the slots, or the first. False if out of memory. */
static bool grow_starts(mk_tree *t)
{
    const size_t n = t->starts ? (size_t)1 << t->start_bits : 0;
    start *const old = t->starts;

    t->start_bits = old ? t->start_bits + 1 : FIRST_BITS;
    t->starts = calloc((size_t)1 << t->start_bits, sizeof(*t->starts));
    for (size_t i = 0; i < n && t->starts; i++)
        if (old[i].word != 0)
            *slot_of(t, old[i].word) = old[i];
    free(old);
    return t->starts != NULL;
}

/* Notes how all phrases begin. False if out of memory. */
static bool make_starts(mk_tree *t)
{
    size_t n = 0;

    if (!grow_starts(t))
        return false;
    for (uint32_t i = 0; i < t->n_phrases; i++) {
        const mk_str folded = t->phrases[i].entry->folded;
        size_t len;
        const uint64_t word = word_at(folded, 0, &len), next = word_after(folded, 0, len);
        start *const slot = slot_of(t, word);
        const bool is_new = slot->word == 0;
        if (is_new) {
            *slot = find_start(t, word, len);
            set_bit(t->gate, bit_of_word(word));
        }
        if (next == 0)
            slot->alone = true;
        else
            set_bit(t->pairs, bit_of_pair(word, next));
        if (is_new && 2 * ++n > (size_t)1 << t->start_bits && !grow_starts(t))
            return false;
    }
    return true;
}

/* Phrases share beginnings: there are fewer nodes than letters. */
static void shrink(mk_tree *t)
{
    node *nodes = realloc(t->nodes, ((size_t)t->n_nodes + 1) * sizeof(*nodes));
    uint8_t *letters = realloc(t->letters, t->n_nodes);

    t->nodes = nodes ? nodes : t->nodes;
    t->letters = letters ? letters : t->letters;
}

/* Lists all phrases. Returns the number of their letters. */
static size_t take_phrases(mk_tree *t, const mk_lexicon *const *lexicons, size_t n)
{
    size_t n_letters = 0;

    for (size_t l = 0; l < n; l++)
        for (size_t e = 0; e < lexicons[l]->n_entries; e++) {
            const mk_entry *entry = &lexicons[l]->entries[e];
            t->phrases[t->n_phrases] = (phrase){entry, t->n_phrases + 1, (uint16_t)l, 0};
            t->n_phrases++;
            n_letters += entry->folded.len;
        }
    if (t->n_phrases > 0)
        t->phrases[t->n_phrases - 1].next = NOWHERE;
    return n_letters;
}

mk_tree *mk_tree_new(const mk_lexicon *const *lexicons, size_t n)
{
    size_t n_entries = 0;

    for (size_t l = 0; l < n; l++)
        n_entries += lexicons[l]->n_entries;
    mk_tree *t = calloc(1, sizeof(*t));
    if (!t)
        return NULL;
    t->lexicons = lexicons;
    t->phrases = malloc((n_entries + 1) * sizeof(*t->phrases));
    if (!t->phrases)
        goto nomem;
    const size_t n_letters = take_phrases(t, lexicons, n);
    t->nodes = malloc((n_letters + 2) * sizeof(*t->nodes)); /* the root; the end */
    t->letters = malloc(n_letters + 1);
    if (!t->nodes || !t->letters)
        goto nomem;
    make_nodes(t);
    shrink(t);
    if (!make_starts(t))
        goto nomem;
    return t;
nomem:
    mk_tree_free(t);
    return NULL;
}

void mk_tree_free(mk_tree *tree)
{
    if (!tree)
        return;
    free(tree->phrases);
    free(tree->nodes);
    free(tree->letters);
    free(tree->starts);
    free(tree);
}

/* ---- finding ---- */

/* Appends a find, or NULL: out of memory. */
static mk_find *append(mk_finds *f)
{
    if (f->n == f->room) {
        const size_t room = f->room ? f->room * 2 : 16;
        mk_find *items = mk_arena_alloc(f->arena, room * sizeof(*items));
        if (!items) {
            f->failed = true;
            return NULL;
        }
        if (f->n > 0)
            memcpy(items, f->items, f->n * sizeof(*items));
        f->items = items;
        f->room = room;
    }
    return &f->items[f->n++];
}

/* Puts item at its place among those from the first on, which begin before it or where
 * it does. */
static void insert(mk_finds *f, size_t first, mk_find item)
{
    mk_find *at = append(f);

    if (!at)
        return;
    for (; at > f->items + first && at[-1].to > item.to; at--)
        *at = at[-1];
    *at = item;
}

/* What is looked for in a line. */
typedef struct search {
    const mk_tree *tree;
    mk_str folded;
    size_t end;   /* of the bytes that count */
    size_t least; /* letters of a phrase, at least */
    bool words;   /* none that ends inside a word */
    mk_finds *ret;
    size_t first; /* find of this search */
} search;

/* The phrases that begin at `from` and whose first letters, up to `at`, are those of
 * node n; all but those that are shorter. */
static void walk(const search *s, size_t from, uint32_t n, size_t at)
{
    const mk_tree *const t = s->tree;

    for (;;) {
        for (uint32_t i = t->nodes[n].phrase; i != NOWHERE; i = t->phrases[i].next) {
            const phrase *p = &t->phrases[i];
            const mk_str whole = p->entry->folded;
            const size_t to = at + p->rest;
            if (p->rest > s->end - at || to - from < s->least ||
                (s->words && to < s->folded.len && s->folded.ptr[to] != ' ') ||
                (p->rest > 0 &&
                 memcmp(s->folded.ptr + at, whole.ptr + whole.len - p->rest, p->rest) != 0))
                continue;
            const uint16_t number = (uint16_t)(p->entry - t->lexicons[p->lexicon]->entries);
            insert(s->ret, s->first,
                   (mk_find){p->entry, p->lexicon, number, (uint32_t)from, (uint32_t)to});
        }
        n = at < s->end ? child_of(t, n, (uint8_t)s->folded.ptr[at++]) : 0;
        if (n == 0)
            return;
    }
}

/* The phrases from `from` on, which begins a word or follows its waw. Returns how many
 * letters it has, as far as one load shows. */
static inline size_t find_at(const search *s, size_t from)
{
    size_t len;
    const uint64_t word = word_at(s->folded, from, &len);

    if (word == 0 || !has_bit(s->tree->gate, bit_of_word(word)))
        return len;
    const start *const found = slot_of(s->tree, word);
    if (found->word != word || found->depth > s->end - from)
        return len;
    if (found->alone ||
        has_bit(s->tree->pairs, bit_of_pair(word, word_after(s->folded, from, len))))
        walk(s, from, found->node, from + found->depth);
    return len;
}

/* The beginning of the next word after `at`; end if there is none. */
static inline size_t next_word(mk_str folded, size_t at, size_t end)
{
    const char *space = at < end ? memchr(folded.ptr + at, ' ', end - at) : NULL;

    return space ? (size_t)(space - folded.ptr) + 1 : end;
}

void mk_tree_find(const mk_tree *tree, mk_str folded, size_t from, size_t to, mk_finds *ret)
{
    enum { AFTER_WAW = 6 /* letters: a shorter one may be the tail of another word */ };
    const search s = {
        .tree = tree, .folded = folded, .end = to, .words = true, .ret = ret, .first = ret->n};
    search after = s;
    size_t at = from;

    after.least = AFTER_WAW;
    if (from > 0 && from < to && folded.ptr[from - 1] != ' ') { /* inside a word */
        if ((uint8_t)folded.ptr[from - 1] == MK_FOLD_WAW &&
            (from == 1 || folded.ptr[from - 2] == ' '))
            find_at(&after, from);
        at = next_word(folded, from, to);
    }
    while (at < to) {
        const size_t len = find_at(&s, at);
        if ((uint8_t)folded.ptr[at] == MK_FOLD_WAW && at + 1 < to)
            find_at(&after, at + 1);
        at = len < WORD ? at + len + 1 : next_word(folded, at + len, to);
    }
}

void mk_tree_at(const mk_tree *tree, mk_str folded, size_t at, mk_finds *ret)
{
    const search s = {
        .tree = tree, .folded = folded, .end = folded.len, .ret = ret, .first = ret->n};

    walk(&s, at, 0, at);
}
