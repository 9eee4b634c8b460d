/* lexicon.c: the parser of lexicon files; the format is in lexicon.h.
 * Cases: tests/doc/test_lexicon.c. */
#include "doc/lexicon.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/simd.h"
#include "doc/fold.h"
#include "text/screen.h"

enum {
    COVER = 42,               /* percent: the default of `~` */
    MAX_ENTRIES = UINT16_MAX, /* a hit numbers its entry in 16 bits */
    MAX_PHRASE = 1000,        /* bytes of a phrase */
    MAX_LINE = 4000,          /* bytes of one line of a file */
    MAX_SLOTS = 16,           /* slots that one file defines */
    MAX_TAIL = 250,           /* folded bytes after a glued phrase that matter */
    SHOWN_RULES = 8,          /* in a message: a look at them, not the list */
    MAX_KNOWN = 256,          /* bytes of those */
    MAX_SUBJECT = 100         /* bytes of what such a message is about */
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
    uint32_t line;
    const mk_rule *rules;
    int rule; /* of the section; -1 before the first */
    flags section;
    uint8_t file;
    slot slots[MAX_SLOTS];
    size_t n_slots;
    bool simd;
    mk_error *reterr;
} parser;

mk_err mk_lexicon_new(const char *name, mk_lexicon **ret, mk_error *reterr)
{
    mk_lexicon *const lexicon = calloc(1, sizeof(*lexicon));
    if (!lexicon)
        return mk_fail(reterr, MK_NOMEM, "out of memory for the lexicon '%s'", name);
    lexicon->name = name;
    lexicon->own.entries.max = lexicon->own.phrases.max = lexicon->own.folded.max = UINT32_MAX / 2;
    *ret = lexicon;
    return MK_OK;
}

mk_err mk_lexicon_view(const mk_lexicon *of, mk_lexicon **ret, mk_error *reterr)
{
    mk_lexicon *lexicon = NULL;
    const mk_err err = mk_lexicon_new(of->name, &lexicon, reterr);
    if (err != MK_OK)
        return err;
    const mk_lexicon empty = *lexicon;
    *lexicon = *of;
    lexicon->own = empty.own;
    *ret = lexicon;
    return MK_OK;
}

void mk_lexicon_free(mk_lexicon *lexicon)
{
    if (!lexicon)
        return;
    mk_buf_clear(&lexicon->own.entries);
    mk_buf_clear(&lexicon->own.phrases);
    mk_buf_clear(&lexicon->own.folded);
    free(lexicon);
}

/* Sees what is its own, to which entries were added. */
static void see_own(mk_lexicon *lexicon)
{
    lexicon->entries = (const mk_entry *)(const void *)lexicon->own.entries.ptr;
    lexicon->phrases = lexicon->own.phrases.ptr;
    lexicon->folded = lexicon->own.folded.ptr;
    lexicon->n_phrases = (uint32_t)lexicon->own.phrases.len;
    lexicon->n_folded = (uint32_t)lexicon->own.folded.len;
}

/* Copies what it lends, to be added to. False if out of memory. */
static bool own_all(mk_lexicon *lexicon)
{
    if (!lexicon->set)
        return true;
    const size_t n = lexicon->n_entries * sizeof(*lexicon->entries);
    mk_buf_put(&lexicon->own.entries, (mk_str){(const char *)lexicon->entries, n});
    mk_buf_put(&lexicon->own.phrases, (mk_str){lexicon->phrases, lexicon->n_phrases});
    mk_buf_put(&lexicon->own.folded, (mk_str){lexicon->folded, lexicon->n_folded});
    lexicon->set = NULL;
    see_own(lexicon);
    return !lexicon->own.entries.failed && !lexicon->own.phrases.failed &&
           !lexicon->own.folded.failed;
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

/* The same, with the rules that a section may be of. */
static mk_err complain_of_rule(const parser *p, const char *what, mk_str subject)
{
    char known[MAX_KNOWN] = "", more[32] = "";
    size_t n = 0, len = 0;

    for (; p->rules && p->rules[n].name; n++)
        if (n < SHOWN_RULES && len < sizeof(known))
            len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s", n == 0 ? "" : ", ",
                                    p->rules[n].name);
    if (n > SHOWN_RULES)
        snprintf(more, sizeof(more), " and %zu more", n - SHOWN_RULES);
    if (subject.len > MAX_SUBJECT)
        subject.len = mk_utf8_valid(mk_str_sub(subject, 0, MAX_SUBJECT));
    return mk_fail(p->reterr, MK_OPTION, "%s:%u: %s '%.*s'%s%s%s%s", p->where, p->line, what,
                   (int)subject.len, subject.ptr, n > 0 ? " (rules: " : "", known, more,
                   n > 0 ? ")" : "");
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
        return complain_of_rule(p, "unknown rule", name);
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

/* True if folded bytes are more than numbers. */
static bool has_letter(mk_str folded)
{
    for (size_t i = 0; i < folded.len; i++)
        if (folded.ptr[i] != '0' && folded.ptr[i] != ' ')
            return true;
    return false;
}

/* Notes how much of a line the entry makes it necessary to read. */
static void stretch(mk_reach *reach, const mk_entry *entry)
{
    const uint32_t n = entry->n_folded + 2u; /* a number or a waw in front */
    uint32_t whole = 0, tail = 0;
    switch ((mk_anchor)entry->anchor) {
    case MK_ANCHOR_ANY: /* spaces in the line come on top of its letters */
        whole = n * 100 / entry->cover * 5 / 4;
        break;
    case MK_ANCHOR_SUFFIX:
        tail = n;
        break;
    case MK_ANCHOR_GLUED:
        tail = n + MAX_TAIL;
        break;
    case MK_ANCHOR_WHOLE:
    case MK_ANCHOR_PREFIX:
    case MK_ANCHOR_PIECE:
    case MK_ANCHOR_INSIDE:
        break;
    }
    reach->head = n + 2 > reach->head ? n + 2 : reach->head;
    reach->tail = tail > reach->tail ? tail : reach->tail;
    reach->whole = whole > reach->whole ? whole : reach->whole;
}

/* Appends an entry whose phrase is text and, folded, `folded`. */
static mk_err put_entry(parser *p, mk_entry entry, mk_str text, mk_str folded)
{
    mk_lexicon *const lexicon = p->lexicon;
    if (lexicon->n_entries == MAX_ENTRIES)
        return mk_fail(p->reterr, MK_OPTION, "%s:%u: more than %d phrases", p->where, p->line,
                       MAX_ENTRIES);
    entry.phrase = (uint32_t)lexicon->own.phrases.len;
    entry.folded = (uint32_t)lexicon->own.folded.len;
    entry.n_phrase = (uint16_t)text.len;
    entry.n_folded = (uint16_t)folded.len;
    mk_buf_put(&lexicon->own.phrases, text);
    mk_buf_put(&lexicon->own.folded, folded);
    mk_buf_put(&lexicon->own.entries, (mk_str){(const char *)&entry, sizeof(entry)});
    if (lexicon->own.phrases.failed || lexicon->own.folded.failed || lexicon->own.entries.failed)
        return no_memory(p);
    lexicon->n_entries++;
    stretch(&lexicon->reach, &entry);
    return MK_OK;
}

/* Adds an entry for text, which is the phrase without slots: one that is left is
 * unknown, or the second of a phrase. */
static mk_err add_entry(parser *p, mk_entry entry, mk_str text)
{
    char filled[MAX_PHRASE], folds[2 * MAX_PHRASE + MK_FOLD_PAD];
    mk_str plain = text;
    const char *brace = memchr(text.ptr, '{', text.len);
    if (brace) {
        plain = fill_slots(text, filled);
        brace = memchr(plain.ptr, '{', plain.len);
    }
    if (brace && plain.ptr + plain.len - brace >= 3)
        return complain(p, "unknown slot in", text);
    const mk_str folded = {folds, mk_fold_fast(mk_str_trim(plain), p->simd, folds, NULL)};
    if (plain.len == 0 || !has_letter(folded))
        return complain(p, "no letter in", text);
    const char last = plain.ptr[plain.len - 1];
    entry.sign = last == ':' || last == '*' ? last : '\0';
    entry.bracket = plain.ptr[0] == '(' || plain.ptr[0] == '[' ? plain.ptr[0] : '\0';
    return put_entry(p, entry, text, folded);
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
    char phrase[MAX_PHRASE];
    mk_err err = MK_OK;
    while (err == MK_OK && next_choice(&words, &word)) {
        const size_t n = before.len + word.len + after.len;
        if (n >= MAX_PHRASE)
            return complain(p, "too long a phrase:", text);
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
        return complain_of_rule(p, "no line [RULE] before", line);
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
    const size_t valid = mk_utf8_valid(text);
    if (valid < text.len)
        return mk_fail(reterr, MK_OPTION, "%s: not valid UTF-8 at byte %zu", where, valid + 1);
    parser p = {
        .lexicon = lexicon,
        .where = where,
        .rules = rules,
        .rule = -1,
        .file = lexicon->n_entries > 0,
        .simd = mk_has_simd(),
        .reterr = reterr,
    };
    mk_err err = own_all(lexicon) ? MK_OK : no_memory(&p);
    for (size_t at = 0; at < text.len && err == MK_OK;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        p.line++;
        err = read_line(&p, mk_str_sub(text, at, end));
        at = end + 1;
    }
    see_own(lexicon);
    return err;
}
