/* json.c: a pull scanner and an escaper for JSON, by the letter of RFC 8259.
 *
 * Refuses what the grammar does not name (NaN, single quotes, comments, commas
 * too many, zeros in front), and of what it leaves open: bytes that are not
 * UTF-8, a byte order mark, more than MK_JSON_DEPTH levels. Lone surrogates are
 * grammar: they are refused where a string's text is asked for.
 *
 * Nothing recurses: open brackets are bits of a stack of fixed size. Numbers
 * stay text. Cases: tests/base/test_json.c. */
#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <string.h>

#include "base/json.h"

enum {               /* states of mk_json_object and mk_json_array */
       STATE_START,  /* before the bracket */
       STATE_INSIDE, /* past an element */
       STATE_END,
       STATE_FAILED /* `at` is where */
};

/* What is being read. A function that fails leaves at on the offending byte;
 * at == len says that the text ended too soon. */
typedef struct scan {
    const char *ptr;
    size_t len, at;
    const char *problem; /* static text, set on failure */
} scan;

/* Brackets that are open around the next byte. */
typedef struct brackets {
    uint64_t objects[MK_JSON_DEPTH / 64]; /* a bit a level: 1 is a brace */
    unsigned n;
} brackets;

static const char too_deep[] = "nested deeper than 256 levels";
_Static_assert(MK_JSON_DEPTH == 256, "too_deep says so");

/* ---- bytes ---- */

/* Bytes that end a run of plain ones, in a string as read. */
static inline bool stops_string(unsigned char c)
{
    static const bool stops[256] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* C0 */
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1,
    };

    return stops[c];
}

/* Eight bytes at once. Of the words that the next two return only the highest
 * bit of each byte counts: if none is set, no byte matches. (If one is, its
 * neighbour's may be set for nothing: a borrow.) */
enum { WORD = 8 /* bytes */ };
static const uint64_t ones = UINT64_C(0x0101010101010101);
static const uint64_t highest = UINT64_C(0x8080808080808080);

static inline uint64_t load_word(const char *ptr)
{
    uint64_t word;

    memcpy(&word, ptr, sizeof(word));
    return word;
}

static inline uint64_t bytes_below(uint64_t word, unsigned char bound)
{
    return (word - ones * bound) & ~word;
}

static inline uint64_t bytes_equal(uint64_t word, unsigned char c)
{
    return bytes_below(word ^ (ones * c), 1);
}

#ifdef __SSE2__
enum { BLOCK = 16 /* bytes */ };

/* Bits of the bytes of the block at ptr that stop a string. */
static inline __m128i stops_in_block(__m128i c)
{
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(c, _mm_set1_epi8(0x1F)), c);

    return _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('"')),
                                              _mm_cmpeq_epi8(c, _mm_set1_epi8('\\'))));
}
#endif

/* True if none of the 8 bytes at ptr stops a string. */
static inline bool is_plain_word(const char *ptr)
{
    const uint64_t word = load_word(ptr);

    return ((bytes_below(word, 0x20) | bytes_equal(word, '"') | bytes_equal(word, '\\')) &
            highest) == 0;
}

/* To a byte at or before the first that stops a string, from `at` on. */
static size_t skip_plain(const char *ptr, size_t at, size_t len)
{
#ifdef __SSE2__
    for (; len - at >= BLOCK; at += BLOCK) {
        const __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(ptr + at));
        const int stops = _mm_movemask_epi8(stops_in_block(c));
        if (stops)
            return at + (size_t)__builtin_ctz((unsigned)stops);
    }
#endif
    while (len - at >= WORD && is_plain_word(ptr + at))
        at += WORD;
    return at;
}

/* The value of a hex digit, or -1. */
static inline int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- the scanner ---- */

static bool fail(scan *s, size_t at, const char *problem)
{
    s->at = at;
    s->problem = problem;
    return false;
}

/* The next byte; NUL, which begins nothing in JSON, at the end. */
static inline char peek(const scan *s)
{
    return s->at < s->len ? s->ptr[s->at] : '\0';
}

static inline void skip_space(scan *s)
{
    while (s->at < s->len && (s->ptr[s->at] == ' ' || s->ptr[s->at] == '\n' ||
                              s->ptr[s->at] == '\t' || s->ptr[s->at] == '\r'))
        s->at++;
}

/* What may stand behind a backslash, but u. */
static bool is_escape(char c)
{
    return c == 'n' || c == '"' || c == '\\' || c == '/' || c == 't' || c == 'r' || c == 'b' ||
           c == 'f';
}

/* Past the escape whose backslash is at s->at. */
static bool skip_escape(scan *s)
{
    const size_t start = s->at++;

    if (s->at == s->len)
        return fail(s, s->len, "bad escape");
    if (s->ptr[s->at] != 'u') {
        if (!is_escape(s->ptr[s->at]))
            return fail(s, start, "bad escape");
        s->at++;
        return true;
    }
    s->at++;
    for (int i = 0; i < 4; i++, s->at++) {
        if (s->at == s->len)
            return fail(s, s->len, "bad escape");
        if (hex_value(s->ptr[s->at]) < 0)
            return fail(s, start, "bad escape");
    }
    return true;
}

/* Past the string whose quote is at s->at. */
static bool skip_string(scan *s, mk_json_value *ret)
{
    bool plain = true, units = false;

    s->at++;
    for (;;) {
        s->at = skip_plain(s->ptr, s->at, s->len);
        while (s->at < s->len && !stops_string((unsigned char)s->ptr[s->at]))
            s->at++;
        if (s->at == s->len)
            return fail(s, s->len, "string without an end");
        if (s->ptr[s->at] == '"')
            break;
        if (s->ptr[s->at] != '\\')
            return fail(s, s->at, "control character");
        plain = false;
        units = units || (s->at + 1 < s->len && s->ptr[s->at + 1] == 'u');
        if (!skip_escape(s))
            return false;
    }
    s->at++;
    ret->plain = plain;
    ret->units = units;
    return true;
}

static bool skip_digits(scan *s)
{
    if (!is_digit(peek(s)))
        return fail(s, s->at, "expected a digit");
    while (is_digit(peek(s)))
        s->at++;
    return true;
}

static bool skip_number(scan *s)
{
    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0') {
        s->at++;
        if (is_digit(peek(s)))
            return fail(s, s->at - 1, "leading zero");
    } else if (!skip_digits(s)) {
        return false;
    }
    if (peek(s) == '.') {
        s->at++;
        if (!skip_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        return skip_digits(s);
    }
    return true;
}

/* Past word, of which the first byte is known to be there. */
static bool skip_word(scan *s, mk_str word)
{
    const size_t left = s->len - s->at;
    const size_t n = left < word.len ? left : word.len;

    if (memcmp(s->ptr + s->at, word.ptr, n) != 0)
        return fail(s, s->at, "expected a value");
    if (n < word.len)
        return fail(s, s->len, "expected a value");
    s->at += n;
    return true;
}

/* Past a string, number or word. Fills in all of *ret but raw. */
static bool skip_scalar(scan *s, mk_json_value *ret)
{
    const char c = peek(s);

    ret->plain = ret->units = false;
    if (c == '"') {
        ret->type = MK_JSON_STRING;
        return skip_string(s, ret);
    }
    if (c == '-' || is_digit(c)) {
        ret->type = MK_JSON_NUMBER;
        return skip_number(s);
    }
    switch (c) {
    case 't':
        ret->type = MK_JSON_TRUE;
        return skip_word(s, MK_STR("true"));
    case 'f':
        ret->type = MK_JSON_FALSE;
        return skip_word(s, MK_STR("false"));
    case 'n':
        ret->type = MK_JSON_NULL;
        return skip_word(s, MK_STR("null"));
    default:
        return fail(s, s->at, "expected a value");
    }
}

/* Past a key, its colon and the space around it. */
static bool skip_key(scan *s, mk_json_value *ret)
{
    const size_t start = s->at;

    if (peek(s) != '"')
        return fail(s, s->at, "expected a key");
    ret->type = MK_JSON_STRING;
    if (!skip_string(s, ret))
        return false;
    ret->raw = (mk_str){s->ptr + start, s->at - start};
    skip_space(s);
    if (peek(s) != ':')
        return fail(s, s->at, "expected ':'");
    s->at++;
    skip_space(s);
    return true;
}

static bool in_object(const brackets *open)
{
    const unsigned top = open->n - 1;

    return open->objects[top / 64] >> top % 64 & 1;
}

/* Past the opening bracket at s->at. What comes is the closing one if the
 * container is empty, else its first value. */
static bool enter(scan *s, brackets *open, bool *ret_empty)
{
    const uint64_t bit = UINT64_C(1) << open->n % 64;
    const bool object = peek(s) == '{';
    mk_json_value key;

    if (open->n == MK_JSON_DEPTH)
        return fail(s, s->at, too_deep);
    if (object)
        open->objects[open->n / 64] |= bit;
    else
        open->objects[open->n / 64] &= ~bit;
    open->n++;
    s->at++;
    skip_space(s);
    *ret_empty = peek(s) == (object ? '}' : ']');
    return *ret_empty || !object || skip_key(s, &key);
}

/* Past closing brackets down to level `floor`, or past the comma (and key) of a
 * next element above it. */
static bool leave(scan *s, brackets *open, unsigned floor)
{
    mk_json_value key;

    while (open->n > floor) {
        const bool object = in_object(open);
        skip_space(s);
        if (peek(s) == ',') {
            s->at++;
            skip_space(s);
            return !object || skip_key(s, &key);
        }
        if (peek(s) != (object ? '}' : ']'))
            return fail(s, s->at, object ? "expected ',' or '}'" : "expected ',' or ']'");
        s->at++;
        open->n--;
    }
    return true;
}

/* Past the array or object at s->at, all that is in it checked. */
static bool skip_nested(scan *s)
{
    enum { FLOOR = 1 /* levels: the container that the caller walks */ };
    brackets open = {.n = FLOOR};
    mk_json_value inner;

    do {
        const char c = peek(s);
        bool ended = true;
        if (c == '{' || c == '[') {
            if (!enter(s, &open, &ended))
                return false;
        } else if (!skip_scalar(s, &inner)) {
            return false;
        }
        if (ended && !leave(s, &open, FLOOR))
            return false;
    } while (open.n > FLOOR);
    return true;
}

/* Past a value of any type. */
static bool skip_value(scan *s, mk_json_value *ret)
{
    const size_t start = s->at;
    const char first = peek(s);

    if (first == '{' || first == '[') {
        ret->type = first == '{' ? MK_JSON_OBJECT : MK_JSON_ARRAY;
        ret->plain = ret->units = false;
        if (!skip_nested(s))
            return false;
    } else if (!skip_scalar(s, ret)) {
        return false;
    }
    ret->raw = (mk_str){s->ptr + start, s->at - start};
    return true;
}

/* ---- containers ---- */

/* Bytes and white space before the container, and its bracket. */
static bool begin(scan *s, char bracket)
{
    const mk_str text = {s->ptr, s->len};
    const size_t n_valid = mk_utf8_valid(text);

    if (n_valid < s->len)
        return fail(s, n_valid, "not valid UTF-8");
    if (s->len >= 3 && memcmp(s->ptr, "\xEF\xBB\xBF", 3) == 0)
        return fail(s, 0, "byte order mark");
    skip_space(s);
    if (peek(s) != bracket)
        return fail(s, s->at, bracket == '{' ? "expected '{'" : "expected '['");
    s->at++;
    skip_space(s);
    return true;
}

/* To where the next key or element of the container begins, or past its end. */
static bool advance(scan *s, bool object, int *state)
{
    const bool first = *state == STATE_START;

    if (first && !begin(s, object ? '{' : '['))
        return false;
    skip_space(s);
    if (peek(s) == (object ? '}' : ']')) {
        s->at++;
        skip_space(s);
        if (s->at < s->len)
            return fail(s, s->at, "bytes after the value");
        *state = STATE_END;
        return true;
    }
    if (!first) {
        if (peek(s) != ',')
            return fail(s, s->at, object ? "expected ',' or '}'" : "expected ',' or ']'");
        s->at++;
        skip_space(s);
    }
    *state = STATE_INSIDE;
    return true;
}

static mk_err report(const scan *s, mk_error *reterr)
{
    return mk_fail(reterr, MK_RECORD, "%s at byte %zu",
                   s->at == s->len ? "unexpected end" : s->problem, s->at + 1);
}

/* One step of either walk; ret->key is filled in for objects. */
static mk_err next(mk_str text, size_t *at, int *state, bool object, mk_json_member *ret,
                   mk_error *reterr)
{
    scan s = {.ptr = text.ptr, .len = text.len, .at = *at};
    mk_json_member found = {0};
    int after = *state;

    if (after == STATE_END)
        return MK_END;
    if (after == STATE_FAILED)
        return mk_fail(reterr, MK_RECORD, "unreadable from byte %zu on", *at + 1);
    if (!advance(&s, object, &after) ||
        (after == STATE_INSIDE &&
         ((object && !skip_key(&s, &found.key)) || !skip_value(&s, &found.value)))) {
        *at = s.at;
        *state = STATE_FAILED;
        return report(&s, reterr);
    }
    *at = s.at;
    *state = after;
    if (after == STATE_END)
        return MK_END;
    *ret = found;
    return MK_OK;
}

mk_json_object mk_json_object_of(mk_str text)
{
    return (mk_json_object){.text = text, .state = STATE_START};
}

mk_err mk_json_object_next(mk_json_object *it, mk_json_member *ret, mk_error *reterr)
{
    return next(it->text, &it->at, &it->state, true, ret, reterr);
}

bool mk_json_is_key(const mk_json_member *m, const char *key)
{
    return m->key.raw.len == strlen(key) + 2 &&
           memcmp(m->key.raw.ptr + 1, key, m->key.raw.len - 2) == 0;
}

mk_json_array mk_json_array_of(mk_str text)
{
    return (mk_json_array){.text = text, .state = STATE_START};
}

mk_err mk_json_array_next(mk_json_array *it, mk_json_value *ret, mk_error *reterr)
{
    mk_json_member member;
    const mk_err err = next(it->text, &it->at, &it->state, false, &member, reterr);

    if (err == MK_OK)
        *ret = member.value;
    return err;
}

/* ---- values ---- */

/* The four hex digits at ptr, which the scanner has checked. */
static uint32_t hex4(const char *ptr)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 4 | (uint32_t)hex_value(ptr[i]);
    return value;
}

/* The byte that a short escape stands for. */
static char short_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default: /* " \ / */
        return c;
    }
}

/* The code point of the \u escape at s[*at], which is advanced past it and, if
 * it is the first half of a pair, past the second. A half alone: false. */
static bool unicode_escape(mk_str s, size_t *at, uint32_t *ret)
{
    const uint32_t unit = hex4(s.ptr + *at + 2);

    if (unit < 0xD800 || unit > 0xDFFF) {
        *at += 6;
        *ret = unit;
        return true;
    }
    if (unit < 0xDC00 && s.len - *at >= 12 && s.ptr[*at + 6] == '\\' && s.ptr[*at + 7] == 'u') {
        const uint32_t low = hex4(s.ptr + *at + 8);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *at += 12;
            *ret = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
    }
    return false;
}

mk_err mk_json_text(mk_json_value value, mk_arena *arena, mk_str *ret, mk_error *reterr)
{
    assert(value.type == MK_JSON_STRING && value.raw.len >= 2);
    const mk_str s = mk_str_sub(value.raw, 1, value.raw.len - 1);
    size_t at = 0, len = 0;
    char *out;

    if (value.plain) {
        *ret = s;
        return MK_OK;
    }
    out = mk_arena_bytes(arena, s.len); /* no escape is shorter than its text */
    if (!out)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a JSON string");
    while (at < s.len) {
        const char *const slash = memchr(s.ptr + at, '\\', s.len - at);
        const size_t n = slash ? (size_t)(slash - s.ptr) - at : s.len - at;
        memcpy(out + len, s.ptr + at, n);
        at += n;
        len += n;
        if (!slash)
            break;
        if (s.ptr[at + 1] == 'u') {
            uint32_t cp;
            if (!unicode_escape(s, &at, &cp))
                return mk_fail(reterr, MK_RECORD, "escape %.6s is half of a pair", s.ptr + at);
            len += mk_utf8_put(out + len, cp);
        } else {
            out[len++] = short_escape(s.ptr[at + 1]);
            at += 2;
        }
    }
    *ret = (mk_str){out, len};
    return MK_OK;
}

bool mk_json_uint(mk_json_value value, uint64_t *ret)
{
    uint64_t sum = 0;

    if (value.type != MK_JSON_NUMBER)
        return false;
    for (size_t i = 0; i < value.raw.len; i++) {
        if (!is_digit(value.raw.ptr[i]))
            return false;
        const unsigned digit = (unsigned)(value.raw.ptr[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *ret = sum;
    return true;
}

/* ---- the escaper ---- */

/* True if nothing that must be escaped begins in the 8 bytes at ptr. */
static inline bool is_unescaped_word(const char *ptr)
{
    const uint64_t word = load_word(ptr);

    /* C2 begins U+0085, E2 begins U+2028 and U+2029: they differ by one bit. */
    return ((bytes_below(word, 0x20) | bytes_equal(word, '"') | bytes_equal(word, '\\') |
             bytes_equal(word, 0x7F) | bytes_equal(word | (ones * 0x20), 0xE2)) &
            highest) == 0;
}

#ifdef __SSE2__
/* Bits of the bytes of the block at ptr that begin what must be escaped. */
static inline unsigned escapes_in_block(const char *ptr)
{
    const __m128i c = _mm_loadu_si128((const __m128i *)(const void *)ptr);
    const __m128i del = _mm_cmpeq_epi8(c, _mm_set1_epi8(0x7F));
    const __m128i leads = _mm_cmpeq_epi8(_mm_or_si128(c, _mm_set1_epi8(0x20)),
                                         _mm_set1_epi8((char)0xE2)); /* C2, E2 */

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(stops_in_block(c), _mm_or_si128(del, leads)));
}
#endif

/* To a byte at or before the first that begins what must be escaped, from `at` on. */
static size_t skip_unescaped(mk_str s, size_t at)
{
#ifdef __SSE2__
    for (; s.len - at >= BLOCK; at += BLOCK) {
        const unsigned found = escapes_in_block(s.ptr + at);
        if (found)
            return at + (size_t)__builtin_ctz(found);
    }
    if (s.len >= BLOCK) { /* the last block again, of which the first bytes are known */
        const unsigned known = (unsigned)(BLOCK - (s.len - at));
        const unsigned found = escapes_in_block(s.ptr + s.len - BLOCK) >> known;
        return found ? at + (size_t)__builtin_ctz(found) : s.len;
    }
#endif
    while (s.len - at >= WORD && is_unescaped_word(s.ptr + at))
        at += WORD;
    /* Less than a word is left: once more with what stands before it. */
    if (s.len >= WORD && s.len - at < WORD && is_unescaped_word(s.ptr + s.len - WORD))
        return s.len;
    return at;
}

/* Bytes of the character at s[at] if it must be escaped, else 0. */
static inline size_t must_escape(mk_str s, size_t at, uint32_t *ret_cp)
{
    const char *const ptr = s.ptr + at;
    const size_t left = s.len - at;

    if (stops_string((unsigned char)ptr[0]) || ptr[0] == 0x7F) {
        *ret_cp = (unsigned char)ptr[0];
        return 1;
    }
    if (left >= 2 && memcmp(ptr, "\xC2\x85", 2) == 0) {
        *ret_cp = 0x0085; /* next line */
        return 2;
    }
    if (left >= 3 && memcmp(ptr, "\xE2\x80", 2) == 0 && (ptr[2] == '\xA8' || ptr[2] == '\xA9')) {
        *ret_cp = ptr[2] == '\xA8' ? 0x2028 : 0x2029; /* separators */
        return 3;
    }
    return 0;
}

static void put_escape(mk_buf *out, uint32_t cp)
{
    static const char hex[] = "0123456789abcdef";
    static const char shorts[128] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n',  ['\r'] = 'r',
        ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\',
    };
    char escape[6] = {'\\', 'u'};

    if (cp < sizeof(shorts) && shorts[cp]) {
        escape[1] = shorts[cp];
        mk_buf_put(out, (mk_str){escape, 2});
        return;
    }
    for (int i = 0; i < 4; i++)
        escape[2 + i] = hex[cp >> (12 - 4 * i) & 15];
    mk_buf_put(out, (mk_str){escape, 6});
}

/* s, which nothing in needs an escape. */
static void put_plain(mk_buf *out, mk_str s)
{
    char *const to = mk_buf_room(out, s.len + 2);

    if (!to)
        return;
    to[0] = '"';
    if (s.len > 0)
        memcpy(to + 1, s.ptr, s.len);
    to[s.len + 1] = '"';
    out->len += s.len + 2;
}

void mk_json_put(mk_buf *out, mk_str s)
{
    size_t from = 0, at = skip_unescaped(s, 0);

    if (at == s.len) { /* as most short texts: in one go */
        put_plain(out, s);
        return;
    }
    mk_buf_putc(out, '"');
    for (; at < s.len; at = skip_unescaped(s, at)) {
        uint32_t cp;
        const size_t n = must_escape(s, at, &cp);
        if (n > 0) {
            mk_buf_put(out, mk_str_sub(s, from, at));
            put_escape(out, cp);
            from = at + n;
        }
        at += n > 0 ? n : 1;
    }
    if (from < s.len)
        mk_buf_put(out, mk_str_sub(s, from, s.len));
    mk_buf_putc(out, '"');
}
