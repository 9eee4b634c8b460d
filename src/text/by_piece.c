/* by_piece.c: a line in pieces. Around each spot of work a piece is cut out and run as a
 * text; what lies between is copied, or folded by the table of the search form. Runs of
 * blanks, of which real text has most, are written at once.
 *
 * No operation that works on words looks further than past the next word: so a piece is
 * cut at spaces between Arabic letters, and goes from its spot over a plain word at least.
 * What looks at the whole of a line (MK_SCREEN_LINE, code between back quotes) makes the
 * line one piece. Cases: tests/text/test_screen.c. */
#include <assert.h>

#include "text/codepage.h"
#include "text/engine.h"

typedef struct piece {
    size_t from, to; /* of the line */
    uint64_t needs;
} piece;

/* ---- where to cut ---- */

/* True if the space at `at` stands between Arabic letters. */
static bool parts_words(mk_str line, size_t at)
{
    return at >= 2 && line.len - at >= 3 && mk_is_letter_before(line, at) &&
           mk_is_letter_before(line, at + 3);
}

/* True if line[from, to) is a word of two letters or more. */
static bool is_plain_word(mk_str line, size_t from, size_t to)
{
    enum { SHORTEST = 4 /* bytes */ };

    if (to - from < SHORTEST)
        return false;
    for (; to > from && to - from >= 2 && mk_is_letter_before(line, to); to -= 2)
        ;
    return to == from;
}

/* The last place to cut before `at`, or floor. */
static size_t cut_before(mk_str line, size_t at, size_t floor)
{
    size_t word_end = SIZE_MAX; /* the space after the word that was passed */

    while (at > floor) {
        const char *const found = memrchr(line.ptr + floor, ' ', at - floor);
        if (!found)
            break;
        at = (size_t)(found - line.ptr);
        if (word_end != SIZE_MAX && parts_words(line, at) && is_plain_word(line, at + 1, word_end))
            return at + 1;
        word_end = at;
    }
    return floor;
}

/* The first place to cut after `at`, or the end; *ret_word: where the word before it
 * begins. */
static size_t cut_after(mk_str line, size_t at, size_t *ret_word)
{
    bool passed = false;

    while (at < line.len) {
        const char *const found = memchr(line.ptr + at, ' ', line.len - at);
        if (!found)
            break;
        at = (size_t)(found - line.ptr);
        if (passed && parts_words(line, at) && is_plain_word(line, *ret_word, at))
            return at;
        passed = true;
        *ret_word = ++at;
    }
    *ret_word = line.len;
    return line.len;
}

static bool has_byte(mk_str s, char byte)
{
    return s.len > 0 && memchr(s.ptr, byte, s.len);
}

/* True if what line needs must be judged by the whole of it. */
static bool is_one(const mk_run *r, mk_str line, uint64_t needs)
{
    return r->always || needs & MK_SCREEN_LINE || (r->ticks && has_byte(line, '`')) ||
           (needs & MK_OP_BIT(MK_OP_MOJIBAKE) && mk_mojibake_by_line(line)) ||
           (r->traced && mk_may_be_code(line));
}

/* ---- train ---- */

/* Runs train over the piece. Appends what comes of it, and the document from *copied on
 * up to it, if that is something else. Returns all that it has needed. */
static uint64_t train_piece(mk_run *r, const mk_plan *p, const mk_line_work *w, piece it,
                            size_t *copied)
{
    mk_buf *const out = &r->n->lines;
    const size_t from = w->from + it.from, to = w->from + it.to;

    r->text = mk_str_sub(w->document, from, to);
    r->seen = r->needs = mk_run_needs(r, r->text, it.needs);
    r->line = false;
    if (r->always)
        mk_run_whole(r, p);
    else if (!mk_run_train(r, p)) {
        mk_buf_reset(&r->n->trace.changes); /* of what was held meanwhile */
        return r->seen;
    }
    mk_buf_put(out, mk_str_sub(w->document, *copied, from));
    if (r->traced)
        mk_trace_done(&r->n->trace, out->len, from);
    mk_buf_put(out, r->text);
    *copied = to;
    return r->seen;
}

/* True if all that a spot needs is done to runs of blanks. */
static bool is_blank_work(uint64_t needs)
{
    return !(needs & ~(MK_OP_BIT(MK_OP_SPACES) | MK_OP_BIT(MK_OP_WHITESPACE)));
}

/* Bytes of the space or no-break space at `at`, or 0. */
static inline size_t blank_at(mk_str line, size_t at)
{
    if (at >= line.len)
        return 0;
    if (line.ptr[at] == ' ')
        return 1;
    return line.ptr[at] == '\xC2' && line.ptr[at + 1] == '\xA0' ? 2 : 0;
}

/* Where the blanks from `at` on end. */
static size_t end_of_blanks(mk_str line, size_t at)
{
    size_t len;

    while ((len = blank_at(line, at)) > 0)
        at += len;
    return at;
}

/* True if the second character from `at` on is the same work, none, whether or not a no-break
 * space stands before `at`: that is a byte of windows-1256, of which a run could begin here. */
static bool begins_no_run(mk_str line, size_t at)
{
    if (at == line.len || (unsigned char)line.ptr[at] < 0x80)
        return true;
    mk_take(line, &at);
    return at == line.len || (unsigned char)line.ptr[at] < 0x80 ||
           mk_is_letter_before(line, at + 2);
}

/* True if the blanks of a spot can be written at once: it needs no more, and the next spot's
 * piece is another. What stands beside spaces sees no difference between one and more, so
 * that there is nothing to look at again. */
static bool is_blank_spot(const mk_run *r, const mk_plan *p, const mk_line_work *w, size_t i)
{
    const mk_str line = mk_str_sub(w->document, w->from, w->to);
    const mk_spot *const s = &w->spots[i];
    const size_t to = s->to - w->from;

    if (r->traced || !is_blank_work(s->needs) || s->needs & ~p->train)
        return false;
    for (size_t at = s->from - w->from; at <= to && at < line.len; at++) {
        if (line.ptr[at] == '\t' || (unsigned char)line.ptr[at] >= 0xE0)
            return false; /* another space, after which a comma would be looked at anew */
        if (line.ptr[at] == '\xC2' && !begins_no_run(line, end_of_blanks(line, at)))
            return false;
    }
    return i + 1 == w->n_spots || cut_before(line, w->spots[i + 1].from - w->from, to) > to;
}

/* Runs of blanks of the spot become a space, and nothing at the line's ends. Returns where
 * the last one ends. */
static size_t write_blanks(mk_run *r, const mk_line_work *w, const mk_spot *s, size_t *copied)
{
    const mk_str line = mk_str_sub(w->document, w->from, w->to);
    const size_t last = s->to - w->from;
    mk_buf *const out = &r->n->lines;
    size_t from = s->from - w->from, to = from;

    while (from > 0 && line.ptr[from - 1] == ' ')
        from--;
    for (size_t at = from; at <= last && at < line.len; at = to + 1) {
        from = at;
        to = end_of_blanks(line, at);
        const bool edge = from == 0 || to == line.len;
        if (to == from || (to == from + 1 && !edge))
            continue;
        assert(*copied <= w->from + from); /* no piece ends beside more than one blank */
        mk_buf_put(out, mk_str_sub(w->document, *copied, w->from + from));
        if (!edge)
            mk_buf_putc(out, ' ');
        *copied = w->from + to;
    }
    return to;
}

/* The piece around the spots from *next on, up to which pieces end at `end`. A trace says
 * which changes met while steps ran over the line: there is one piece for all of them. */
static piece next_piece(const mk_run *r, const mk_plan *p, const mk_line_work *w, size_t end,
                        size_t *next)
{
    const mk_str line = mk_str_sub(w->document, w->from, w->to);
    const mk_spot *s = &w->spots[*next];
    piece it = {.from = cut_before(line, s->from - w->from, end), .needs = s->needs};
    size_t word;

    it.to = cut_after(line, s->to - w->from, &word);
    while (++*next < w->n_spots) {
        s = &w->spots[*next];
        const size_t from = s->from - w->from;
        if (!r->traced && (cut_before(line, from, it.to) > it.to ||
                           (from > it.to && is_blank_spot(r, p, w, *next))))
            break;
        it.needs |= s->needs;
        if (s->to - w->from >= word)
            it.to = cut_after(line, s->to - w->from, &word);
    }
    return it;
}

/* The pieces around the spots. False: one of them shows that the line must be run as
 * one. */
static bool train_pieces(mk_run *r, const mk_plan *p, const mk_line_work *w, size_t *copied)
{
    piece it = {.to = 0};

    for (size_t i = 0; i < w->n_spots && r->err == MK_OK;) {
        if (is_blank_spot(r, p, w, i)) {
            it.to = write_blanks(r, w, &w->spots[i++], copied);
            continue;
        }
        it = next_piece(r, p, w, it.to, &i);
        const uint64_t seen = train_piece(r, p, w, it, copied);
        r->letters |= (seen & MK_OP_BIT(MK_OP_LETTERS)) != 0;
        if (seen & MK_SCREEN_LINE || r->line)
            return false;
    }
    return true;
}

void mk_run_train_line(mk_run *r, const mk_plan *p, const mk_line_work *w, size_t *copied)
{
    const uint64_t beyond = MK_OP_BIT(MK_OP_NEWLINE) | MK_OP_BIT(MK_OP_PRES_FORMS);
    const mk_str line = mk_str_sub(w->document, w->from, w->to);
    const size_t len = r->n->lines.len, done = r->n->trace.done.len, was_copied = *copied;

    if (!is_one(r, line, w->needs)) {
        r->never = MK_OP_BIT(MK_OP_QUOTE_REPAIR); /* they are in order: a piece cannot know */
        const bool could = train_pieces(r, p, w, copied);
        r->never = 0;
        if (could)
            return;
    }
    r->n->lines.len = len;
    r->n->trace.done.len = done;
    *copied = was_copied;
    const uint64_t seen = train_piece(r, p, w, (piece){0, line.len, w->needs}, copied);
    r->letters |= (seen & MK_OP_BIT(MK_OP_LETTERS)) != 0;
    r->whole |= (seen & beyond & ~w->needs) != 0;
}

/* ---- search ---- */

static uint64_t needs_of(const mk_run *r, mk_str s)
{
    return mk_run_needs(r, s, mk_screen_text(&r->n->screen, s));
}

/* The search form of s by the table. False: train may have work in it; an ampersand may
 * begin a reference now. *ret_read: how much of s was read; less than all: nothing was
 * written. */
static bool put_plain(mk_run *r, mk_str s, size_t *ret_read)
{
    mk_buf *const out = &r->n->folded;
    char *const to = mk_buf_room(out, s.len + 1);
    size_t len;
    bool odd;

    *ret_read = 0;
    if (!to)
        return true;
    *ret_read = mk_search_plain(&r->n->folds[r->context.language == MK_LANGUAGE_AR], s, to, &len,
                                &odd);
    if (*ret_read < s.len)
        return true;
    out->len += len;
    if (!odd && !has_byte(s, '&'))
        return true;
    return !(needs_of(r, (mk_str){to, len}) & ~MK_SCREEN_CONTEXT);
}

static void put_slow(mk_run *r, const mk_plan *p, mk_str s)
{
    r->text = s;
    r->seen = 0;
    r->line = false;
    mk_run_whole(r, p);
    mk_buf_put(&r->n->folded, r->text);
}

enum {
    FORMS = MK_OP_BIT(MK_OP_PRES_FORMS) | MK_OP_BIT(MK_OP_VISUAL_ORDER) |
            MK_OP_BIT(MK_OP_ALLAH_LIG) | MK_SCREEN_CONTEXT
};

/* True if the forms in line are ornate brackets and words as one sign, in which train
 * finds no letters and no glyph codes. */
static bool has_signs_alone(mk_str line)
{
    for (size_t at = 0; at < line.len;) {
        const char *const found = memchr(line.ptr + at, '\xEF', line.len - at);
        if (!found)
            break;
        at = (size_t)(found - line.ptr);
        const uint32_t cp = mk_take(line, &at);
        if (cp != 0xFD3E && cp != 0xFD3F && !(cp > 0xFDF2 && cp <= 0xFDFF))
            return false;
    }
    return true;
}

/* What the pieces of a line must not need in train, of which the line has no more to do:
 * none may do what it would not. */
static uint64_t forbidden(const mk_run *r, mk_str line)
{
    const uint64_t needs = needs_of(r, line);

    if (is_one(r, line, needs & ~(uint64_t)FORMS))
        return UINT64_MAX;
    if (!(needs & FORMS))
        return MK_SCREEN_LINE;
    /* verses are held from train: nothing but spaces, which search has too, may be left */
    const uint64_t allowed = FORMS | MK_OP_BIT(MK_OP_WHITESPACE);
    return needs & ~(uint64_t)FORMS || !has_signs_alone(line)
               ? UINT64_MAX
               : r->n->operations[MK_FORM_TRAIN] & ~allowed;
}

/* Pieces around what the table refuses; the rest by the table. False: as above. */
static bool fold_pieces(mk_run *r, const mk_plan *p, mk_str line)
{
    mk_buf *const out = &r->n->folded;
    uint64_t never = 0;

    for (size_t from = 0; from < line.len && r->err == MK_OK && !out->failed;) {
        const mk_str rest = mk_str_sub(line, from, line.len);
        size_t read, word;
        if (!put_plain(r, rest, &read))
            return false;
        if (read == rest.len)
            break;
        never = never ? never : forbidden(r, line);
        if (never == UINT64_MAX)
            return false;
        const piece it = {.from = cut_before(rest, read, 0), .to = cut_after(rest, read, &word)};
        if (it.from > 0) {
            if (!put_plain(r, mk_str_sub(rest, 0, it.from - 1), &read) || read < it.from - 1)
                return false;
            mk_buf_putc(out, ' ');
        }
        put_slow(r, p, mk_str_sub(rest, it.from, it.to));
        if (r->seen & never || r->line)
            return false;
        if (it.to < rest.len)
            mk_buf_putc(out, ' ');
        from += it.to + (it.to < rest.len);
    }
    return true;
}

void mk_run_fold_line(mk_run *r, const mk_plan *p, mk_str line, bool slow)
{
    const uint64_t beyond = MK_OP_BIT(MK_OP_NEWLINE) | MK_OP_BIT(MK_OP_PRES_FORMS);
    const size_t len = r->n->folded.len;

    if (line.len == 0)
        return;
    if (!slow) {
        r->never = MK_OP_BIT(MK_OP_QUOTE_REPAIR); /* train has left them as they are */
        const bool could = fold_pieces(r, p, line);
        r->never = 0;
        if (could)
            return;
    }
    r->n->folded.len = len;
    put_slow(r, p, line);
    if (r->seen & beyond)
        r->whole |= (r->seen & beyond & ~needs_of(r, line)) != 0;
}
