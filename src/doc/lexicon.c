/* lexicon.c: the parser of lexicon files; the format is in lexicon.h.
 * Cases: tests/doc/test_lexicon.c. */
#include "doc/lexicon.h"

#include <stdlib.h>

#include "doc/fold.h"
#include "text/screen.h"

enum {
    COVER = 42,               /* percent: the default of `~` */
    MAX_ENTRIES = UINT16_MAX, /* a hit numbers its entry in 16 bits */
    MAX_PHRASE = 1000,        /* bytes of a phrase */
    MAX_LINE = 4000,          /* bytes of one line of a file */
    MAX_SLOTS = 16,           /* slots that one file defines */
    BYTES_PER_PHRASE = 24,    /* of a file, about: for the first guess of their number */
};

/* {name} = word | word: what a phrase with {name} in it stands for. */
typedef struct slot {
    mk_str name;  /* braces included */
    mk_str words; /* with bars between them */
} slot;

/* What flags can say of a section or a phrase. */
typedef struct flags {
    mk_strength strength;
    mk_effect effect;
    unsigned cover;
} flags;

/* Where the parser stands. */
typedef struct parser {
    mk_lexicon *lexicon;
    const char *where;
    mk_str text;
    uint32_t line;
    const mk_rule *rules;
    int rule; /* of the section; -1 before the first */
    flags section;
    uint8_t file;
    slot slots[MAX_SLOTS];
    size_t n_slots;
    size_t room;                /* entries allocated */
    const unsigned char *folds; /* of the phrases to come; NULL: they are to be folded */
    bool simd;
    mk_error *reterr;
} parser;

mk_err mk_lexicon_new(const char *name, mk_lexicon **ret, mk_error *reterr)
{
    mk_lexicon *lexicon = calloc(1, sizeof(*lexicon));
    if (lexicon)
        lexicon->arena = mk_arena_new();
    if (!lexicon || !lexicon->arena) {
        free(lexicon);
        return mk_fail(reterr, MK_NOMEM, "out of memory for the lexicon '%s'", name);
    }
    lexicon->name = name;
    *ret = lexicon;
    return MK_OK;
}

void mk_lexicon_free(mk_lexicon *lexicon)
{
    if (!lexicon)
        return;
    free(lexicon->entries);
    mk_arena_free(lexicon->arena);
    free(lexicon);
}

/* The next word of *s up to a space or tab, which is taken off *s. */
static mk_str next_word(mk_str *s)
{
    size_t from = 0;
    while (from < s->len && (s->ptr[from] == ' ' || s->ptr[from] == '\t'))
        from++;
    size_t to = from;
    while (to < s->len && s->ptr[to] != ' ' && s->ptr[to] != '\t')
        to++;
    const mk_str word = mk_str_sub(*s, from, to);
    *s = mk_str_sub(*s, to, s->len);
    return word;
}

static mk_err complain(const parser *p, const char *what, mk_str subject)
{
    return mk_fail(p->reterr, MK_OPTION, "%s:%u: %s '%.*s'", p->where, p->line, what,
                   (int)subject.len, subject.ptr);
}

static mk_err no_memory(const parser *p)
{
    return mk_fail(p->reterr, MK_NOMEM, "out of memory for '%s'", p->where);
}

static bool set_cover(flags *f, mk_str word)
{
    if (word.len < 7 || word.len > 8 || memcmp(word.ptr, "cover=", 6) != 0)
        return false;
    unsigned n = 0;
    for (size_t i = 6; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9')
            return false;
        n = n * 10 + (unsigned)(word.ptr[i] - '0');
    }
    f->cover = n;
    return n > 0;
}

static mk_err read_flags(const parser *p, mk_str words, flags *ret)
{
    static const struct {
        const char *name;
        int strength, effect; /* -1: unchanged */
    } known[] = {
        {"weak", MK_WEAK, -1},
        {"strong", MK_STRONG, -1},
        {"certain", MK_CERTAIN, -1},
        {"drops", -1, MK_EFFECT_DROP},
        {"within", -1, MK_EFFECT_WITHIN},
        {"opens", -1, MK_EFFECT_OPENS},
        {"closes", -1, MK_EFFECT_CLOSES},
    };
    for (mk_str word = next_word(&words); word.len > 0; word = next_word(&words)) {
        size_t i = 0;
        while (i < sizeof(known) / sizeof(*known) && !mk_str_eq(word, mk_str_of(known[i].name)))
            i++;
        if (i < sizeof(known) / sizeof(*known)) {
            if (known[i].strength >= 0)
                ret->strength = (mk_strength)known[i].strength;
            if (known[i].effect >= 0)
                ret->effect = (mk_effect)known[i].effect;
        } else if (!set_cover(ret, word)) {
            return complain(p, "unknown flag", word);
        }
    }
    return MK_OK;
}

/* [rule flags] */
static mk_err read_section(parser *p, mk_str line)
{
    if (line.ptr[line.len - 1] != ']')
        return complain(p, "no ']' at the end of the section", line);
    mk_str words = mk_str_sub(line, 1, line.len - 1);
    const mk_str name = next_word(&words);
    p->rule = 0;
    while (p->rules && p->rules[p->rule].name &&
           !mk_str_eq(name, mk_str_of(p->rules[p->rule].name)))
        p->rule++;
    if (p->rules && !p->rules[p->rule].name)
        return complain(p, "unknown rule", name);
    p->section = (flags){MK_STRONG, MK_EFFECT_DROP, COVER};
    return read_flags(p, words, &p->section);
}

/* Copies phrase with each {n} as the digit that a number folds to. */
static mk_str fill_slots(mk_str phrase, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < phrase.len; i++) {
        if (phrase.len - i >= 3 && memcmp(phrase.ptr + i, "{n}", 3) == 0) {
            out[n++] = '0';
            i += 2;
        } else {
            out[n++] = phrase.ptr[i];
        }
    }
    return (mk_str){out, n};
}

static mk_err grow(parser *p)
{
    mk_lexicon *lexicon = p->lexicon;
    if (lexicon->n_entries >= MAX_ENTRIES)
        return mk_fail(p->reterr, MK_OPTION, "%s:%u: more than %d phrases", p->where, p->line,
                       MAX_ENTRIES);
    if (lexicon->n_entries < p->room)
        return MK_OK;
    const size_t least = p->text.len / BYTES_PER_PHRASE + 16;
    const size_t room = lexicon->n_entries < least ? lexicon->n_entries + least
                                                   : lexicon->n_entries * 2;
    mk_entry *entries = realloc(lexicon->entries, room * sizeof(*entries));
    if (!entries)
        return no_memory(p);
    lexicon->entries = entries;
    p->room = room;
    return MK_OK;
}

/* True if folded bytes are more than numbers. */
static bool has_letter(mk_str folded)
{
    for (size_t i = 0; i < folded.len; i++)
        if (folded.ptr[i] != '0' && folded.ptr[i] != ' ')
            return true;
    return false;
}

/* The folded form of plain, which lives as long as the lexicon; one without a letter if
 * plain has none. NULL: out of memory. */
static mk_str fold_phrase(parser *p, mk_str plain)
{
    if (p->folds) {
        const mk_str known = {(const char *)p->folds + 2, p->folds[0] | (size_t)p->folds[1] << 8};
        p->folds += 2 + known.len;
        return known;
    }
    char folded[2 * MAX_PHRASE];
    const mk_str made = {folded, mk_fold_fast(plain, p->simd, folded, NULL)};
    return has_letter(made) ? mk_arena_str(p->lexicon->arena, made) : (mk_str){"", 0};
}

/* Adds an entry for text, which is the phrase without slots: one that is left is
 * unknown, or the second of a phrase. text is lent while the lexicon lives. */
static mk_err add_entry(parser *p, mk_entry entry, mk_str text)
{
    char filled[MAX_PHRASE];
    const mk_err err = grow(p);
    if (err != MK_OK)
        return err;
    mk_str plain = text;
    const char *brace = memchr(text.ptr, '{', text.len);
    if (brace) {
        plain = fill_slots(text, filled);
        brace = memchr(plain.ptr, '{', plain.len);
    }
    if (brace && plain.ptr + plain.len - brace >= 3)
        return complain(p, "unknown slot in", text);
    entry.folded = fold_phrase(p, plain);
    if (!entry.folded.ptr)
        return no_memory(p);
    if (entry.folded.len == 0 || plain.len == 0)
        return complain(p, "no letter in", text);
    const char last = plain.ptr[plain.len - 1];
    entry.sign = last == ':' || last == '*' ? last : '\0';
    entry.bracket = plain.ptr[0] == '(' || plain.ptr[0] == '[' ? plain.ptr[0] : '\0';
    entry.phrase = text;
    p->lexicon->entries[p->lexicon->n_entries++] = entry;
    return MK_OK;
}

/* The next word between bars, trimmed; false after the last. */
static bool next_choice(mk_str *words, mk_str *ret)
{
    if (!words->ptr)
        return false;
    const char *bar = words->len > 0 ? memchr(words->ptr, '|', words->len) : NULL;
    const size_t n = bar ? (size_t)(bar - words->ptr) : words->len;
    *ret = mk_str_trim(mk_str_sub(*words, 0, n));
    *words = bar ? mk_str_sub(*words, n + 1, words->len) : (mk_str){NULL, 0};
    return true;
}

/* The slot that text has, and where; NULL if it has none. */
static const slot *find_slot(const parser *p, mk_str text, size_t *ret_at)
{
    const char *brace = memchr(text.ptr, '{', text.len);
    if (!brace)
        return NULL;
    for (size_t i = 0; i < p->n_slots; i++) {
        const mk_str name = p->slots[i].name;
        for (size_t at = (size_t)(brace - text.ptr); at + name.len <= text.len; at++)
            if (memcmp(text.ptr + at, name.ptr, name.len) == 0) {
                *ret_at = at;
                return &p->slots[i];
            }
    }
    return NULL;
}

/* One entry, or one for each word of the slot that the phrase has. */
static mk_err add_phrase(parser *p, mk_entry entry, mk_str text)
{
    size_t at = 0;
    const slot *s = find_slot(p, text, &at);
    if (!s)
        return add_entry(p, entry, text);
    const mk_str before = mk_str_sub(text, 0, at);
    const mk_str after = mk_str_sub(text, at + s->name.len, text.len);
    mk_str words = s->words, word;
    mk_err err = MK_OK;
    while (err == MK_OK && next_choice(&words, &word)) {
        const size_t n = before.len + word.len + after.len;
        if (n >= MAX_PHRASE)
            return complain(p, "too long a phrase:", text);
        char *phrase = mk_arena_bytes(p->lexicon->arena, n + 1);
        if (!phrase)
            return no_memory(p);
        memcpy(phrase, before.ptr, before.len);
        memcpy(phrase + before.len, word.ptr, word.len);
        memcpy(phrase + before.len + word.len, after.ptr, after.len);
        err = add_entry(p, entry, mk_str_trim((mk_str){phrase, n}));
    }
    return err;
}

/* {name} = word | word */
static mk_err read_slot(parser *p, mk_str line)
{
    const char *brace = memchr(line.ptr, '}', line.len);
    const char *equals = memchr(line.ptr, '=', line.len);
    if (!brace || !equals || equals < brace || brace == line.ptr + 1)
        return complain(p, "not {name} = word | word:", line);
    if (p->n_slots == MAX_SLOTS)
        return complain(p, "too many slots:", line);
    const size_t n = (size_t)(equals - line.ptr) + 1;
    p->slots[p->n_slots++] = (slot){{line.ptr, (size_t)(brace - line.ptr) + 1},
                                    mk_str_sub(line, n, line.len)};
    return MK_OK;
}

/* An anchor, a space, the phrase, perhaps a tab and flags. */
static mk_err read_phrase(parser *p, mk_str line)
{
    static const char anchors[] = "=^$~+>-"; /* in the order of mk_anchor */
    const char *anchor = memchr(anchors, line.ptr[0], sizeof(anchors) - 1);
    if (!anchor || line.len < 3 || line.ptr[1] != ' ')
        return complain(p, "no anchor (= ^ $ ~ + > -) and space before", line);
    if (p->rule < 0)
        return complain(p, "no [section] before", line);
    const char *tab = memchr(line.ptr, '\t', line.len);
    const size_t end = tab ? (size_t)(tab - line.ptr) : line.len;
    flags f = p->section;
    const mk_err err = read_flags(p, mk_str_sub(line, end, line.len), &f);
    const mk_str text = mk_str_trim(mk_str_sub(line, 2, end));
    if (err != MK_OK)
        return err;
    if (text.len == 0 || text.len > MAX_PHRASE)
        return complain(p, "no phrase, or too long a one:", line);
    const mk_entry entry = {
        .line = p->line,
        .rule = (uint16_t)p->rule,
        .file = p->file,
        .anchor = (uint8_t)(anchor - anchors),
        .strength = (uint8_t)f.strength,
        .effect = (uint8_t)f.effect,
        .cover = (uint8_t)f.cover,
    };
    return add_phrase(p, entry, text);
}

static mk_err read_line(parser *p, mk_str line)
{
    if (line.len > MAX_LINE)
        return mk_fail(p->reterr, MK_OPTION, "%s:%u: longer than %d bytes", p->where, p->line,
                       MAX_LINE);
    while (line.len > 0 && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\t' ||
                            line.ptr[line.len - 1] == '\r'))
        line.len--;
    if (line.len == 0 || line.ptr[0] == '#')
        return MK_OK;
    if (line.ptr[0] == '{')
        return read_slot(p, line);
    return line.ptr[0] == '[' ? read_section(p, line) : read_phrase(p, line);
}

mk_err mk_lexicon_add(mk_lexicon *lexicon, const char *where, mk_str text, const mk_rule *rules,
                      mk_error *reterr)
{
    return mk_lexicon_add_folded(lexicon, where, text, NULL, rules, reterr);
}

mk_err mk_lexicon_add_folded(mk_lexicon *lexicon, const char *where, mk_str text,
                             const unsigned char *folds, const mk_rule *rules, mk_error *reterr)
{
    const size_t valid = folds ? text.len : mk_utf8_valid(text);
    if (valid < text.len)
        return mk_fail(reterr, MK_OPTION, "%s: not valid UTF-8 at byte %zu", where, valid + 1);
    parser p = {
        .lexicon = lexicon,
        .where = where,
        .text = text,
        .rules = rules,
        .rule = -1,
        .file = lexicon->n_entries > 0,
        .room = lexicon->n_entries, /* may be more: grow finds out */
        .folds = folds,
        .simd = mk_screen_has_simd(),
        .reterr = reterr,
    };
    for (size_t at = 0; at < text.len;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        p.line++;
        const mk_err err = read_line(&p, mk_str_sub(text, at, end));
        if (err != MK_OK)
            return err;
        at = end + 1;
    }
    return MK_OK;
}
