/* doc.h: the thing that flows. A record becomes a document; its text becomes
 * lines; filters mark and edit lines; what is kept is written.
 *
 * All memory is the batch's arena's and lives until the batch is done. Filters
 * read these structures and change them through the pen (filter.h) alone. */
#ifndef MINKHAL_DOC_H
#define MINKHAL_DOC_H

#include "minkhal/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a line is, as far as a filter could tell. */
typedef enum mk_label {
    MK_LABEL_TEXT,    /* nothing known */
    MK_LABEL_BLANK,   /* no letter, digit or sign */
    MK_LABEL_PROSE,   /* running text for certain: an anchor of the body */
    MK_LABEL_TITLE,   /* the page's title */
    MK_LABEL_HEADING, /* stands over what follows */
    MK_LABEL_LIST,    /* an item of a list, or under a line with a colon */
    MK_LABEL_VERSE,   /* poetry, lyrics */
    MK_LABEL_TALK,    /* dialogue, questions and answers */
    MK_LABEL_TABLE,   /* rows of figures, key and value */
    MK_LABEL_COUNT
} mk_label;

typedef enum mk_zone { MK_ZONE_NONE, MK_ZONE_HEAD, MK_ZONE_BODY, MK_ZONE_TAIL } mk_zone;

/* The last sign of a line, closing quotes and brackets skipped. */
typedef enum mk_end {
    MK_END_NONE,     /* a letter or digit */
    MK_END_STOP,     /* . U+06D4 */
    MK_END_DOTS,     /* ... U+2026 */
    MK_END_QUESTION, /* ? U+061F ! */
    MK_END_COLON,    /* : */
    MK_END_COMMA,    /* , U+060C ; U+061B */
    MK_END_OTHER
} mk_end;

/* Signs that rules ask for: most lines have none, which one look at `signs` says. */
enum {
    MK_SIGN_ANGLE = 1 << 0, /* < > U+00AB U+00BB U+2039 U+203A */
    MK_SIGN_BAR = 1 << 1,   /* | U+00A6 U+00B7 U+2022 U+2502 ] */
    MK_SIGN_SLASH = 1 << 2,
    MK_SIGN_COLON = 1 << 3,
    MK_SIGN_AT = 1 << 4,
    MK_SIGN_DASH = 1 << 5,      /* - U+2013 */
    MK_SIGN_COPYRIGHT = 1 << 6, /* U+00A9 */
    MK_SIGN_DEGREE = 1 << 7,    /* U+00B0 */
    MK_SIGN_STOP = 1 << 8,      /* . */
    MK_SIGN_BLANKS = 1 << 9,    /* two spaces side by side */
    MK_SIGN_COLONS = 1 << 10    /* :: */
};

/* Counted once a line, in code points and words, never bytes. */
typedef struct mk_features {
    uint32_t n_cp;      /* code points, spaces included, ends trimmed */
    uint32_t n_letters; /* letters of any script, marks and tatweel excluded */
    uint32_t n_arabic;  /* of those, Arabic-script */
    uint32_t n_latin;   /* of those, ASCII and Latin-1 */
    uint32_t n_digits;
    uint32_t n_words;  /* runs of letters and digits */
    uint32_t n_commas; /* , U+060C ; U+061B inside the line */
    uint32_t n_stops;  /* . U+06D4 ? U+061F ! between words or at the end */
    uint16_t signs;    /* MK_SIGN_: those that stand anywhere in the line */
    uint8_t end;       /* mk_end */
    bool bullet;       /* begins with a bullet, a dash or a number and a sign */
    bool quoted;       /* begins with an opening quotation mark */
    bool has_url;      /* holds http(s)://, www. or an e-mail address */
} mk_features;

typedef enum mk_strength {
    MK_WEAK,   /* counts only beside other evidence */
    MK_STRONG, /* boilerplate, unless the page's shape speaks against it */
    MK_CERTAIN /* boilerplate wherever it stands */
} mk_strength;

typedef enum mk_effect {
    MK_EFFECT_WITHIN, /* this line is furniture that stands between pieces of
                         content: heads of forum posts, stars over reviews */
    MK_EFFECT_DROP,   /* this line is boilerplate */
    MK_EFFECT_OPENS,  /* and it heads a list: headline-like lines follow */
    MK_EFFECT_CLOSES  /* and it ends the body: prose after it is not the page's */
} mk_effect;

/* A phrase of a lexicon found in a line, its anchor's conditions met. */
typedef struct mk_hit {
    uint16_t lexicon;  /* its number in the chain */
    uint16_t entry;    /* its number in the lexicon */
    uint32_t from, to; /* in the folded line, bytes (one a letter) */
    uint8_t cover;     /* percent of the line's letters and digits it matches */
    uint8_t strength;  /* mk_strength of the phrase, or of the row */
    bool composite;    /* the line is a row of labels, of which this is one */
} mk_hit;

/* An accusation against a line, made by an evidence filter. */
typedef struct mk_mark {
    const struct mk_mark *next; /* an earlier mark on the same line, or NULL */
    mk_str evidence;            /* for people: the phrase and where it stands */
    uint32_t from, to;          /* in the folded line: what it speaks of */
    uint16_t rule;              /* of that step's filter */
    uint8_t step;               /* number of the step in the chain */
    uint8_t strength;           /* mk_strength */
    uint8_t effect;             /* mk_effect */
    uint8_t cover;              /* percent of the line */
} mk_mark;

/* Why something changed: a step of the chain and a rule of its filter. Several
 * where later steps changed what earlier ones had written. */
typedef struct mk_why {
    const struct mk_why *next; /* the step before, or NULL */
    mk_str evidence;           /* may be empty */
    uint16_t rule;
    uint8_t step;
} mk_why;

/* A span of a kept line that no longer reads as it was read. Between changes
 * the line equals its source byte for byte. */
typedef struct mk_change {
    uint32_t at, len;         /* in the line's text as it reads now, bytes */
    uint32_t src_at, src_len; /* in the line as it was read, bytes */
    const mk_why *why;
} mk_change;

/* What the page's markup says of a line, where it had any. Bits, or-ed: the line
 * stands, whole, in an element that is called so by its tag, role, class or id. */
enum {
    MK_PART_CONTENT = 1 << 0, /* main, article */
    MK_PART_BODY = 1 << 1,    /* articleBody, entry-content, ... */
    MK_PART_TITLE = 1 << 2,   /* the line says what the page's metadata call its title */
    MK_PART_HEADER = 1 << 3,  /* of the page, not of an article */
    MK_PART_NAV = 1 << 4,
    MK_PART_CRUMBS = 1 << 5,
    MK_PART_FOOTER = 1 << 6,
    MK_PART_ASIDE = 1 << 7,
    MK_PART_RELATED = 1 << 8,
    MK_PART_COMMENTS = 1 << 9,
    MK_PART_SHARE = 1 << 10,
    MK_PART_AD = 1 << 11,
    MK_PART_WIDGET = 1 << 12,
    MK_PART_NOTICE = 1 << 13, /* cookies, consent */
    MK_PART_FORM = 1 << 14,   /* search, login, newsletter */
    MK_PART_TAGS = 1 << 15,
    MK_PART_BYLINE = 1 << 16, /* author, date, counts */
    MK_PART_CAPTION = 1 << 17,
    MK_PART_PAGER = 1 << 18
};

/* The element that made it a line. */
typedef enum mk_block {
    MK_BLOCK_TEXT, /* p, div, or no block of its own */
    MK_BLOCK_HEADING,
    MK_BLOCK_ITEM,
    MK_BLOCK_ROW,  /* of a table; cells are parted by a tab */
    MK_BLOCK_CELL, /* of a table that lays out the page */
    MK_BLOCK_QUOTE,
    MK_BLOCK_PRE
} mk_block;

typedef struct mk_cues {
    uint32_t parts;  /* MK_PART_ bits */
    uint8_t link;    /* percent of the line's letters inside links */
    uint8_t block;   /* mk_block */
    uint8_t heading; /* 1 to 6; 0: none */
} mk_cues;

typedef struct mk_line {
    mk_str text;              /* as it reads now, no line break */
    uint64_t src_offset;      /* where it began in the document's raw text, bytes */
    uint32_t src_len;         /* its length there, bytes, without the break */
    uint32_t break_len;       /* bytes of the line break after it: 0 on the last line */
    const mk_change *changes; /* n_changes of them, in order, apart */
    uint32_t n_changes;
    const mk_why *gone;   /* why it is not written; NULL: it is kept */
    const mk_mark *marks; /* the newest first */
    mk_features features; /* of seen */
    mk_str folded;        /* one byte a letter; see src/doc/fold.h */
    const mk_hit *hits;   /* n_hits of them, ordered by position */
    uint32_t n_hits;
    uint8_t label;       /* mk_label */
    uint8_t zone;        /* mk_zone */
    const char *guard;   /* the shape of the page that speaks for it ("verse"); static;
                            NULL: none does */
    mk_str seen;         /* what features, folded and hits speak of: the text when they
                       were last asked for; ptr NULL: not asked for yet */
    mk_str trimmed;      /* seen, without what mk_str_trim takes */
    const mk_cues *cues; /* of the markup; NULL: there was none */
} mk_line;

/* What became of a document. Each input record ends as exactly one. */
typedef enum mk_verdict {
    MK_WRITTEN,
    MK_FILTERED,  /* a rule removed it whole */
    MK_DUPLICATE, /* an earlier document has the same text */
    MK_REJECTED,  /* it could not be read as a document */
    MK_SKIPPED    /* it is no document, or was not asked for */
} mk_verdict;

typedef struct mk_doc {
    uint64_t seq;    /* number in the whole input, from 0: the only sort key */
    uint64_t number; /* of the record in its source, from 1 */
    uint64_t offset; /* of a crawl file's record, or of the compressed part it begins in, in
                        its source as stored; elsewhere 0 */
    uint64_t inner;  /* and where in what that part holds */
    mk_str id;
    mk_str source;                 /* file, or archive!member; never a path of this machine */
    mk_str raw;                    /* the text as read; src_offset counts in it */
    mk_str stored;                 /* of plain text that was decoded: the bytes that were
                                      read, lent as raw is; ptr NULL: raw is all of them */
    bool bom;                      /* but for a byte order mark of UTF-8 before it */
    mk_str url, title, date, lang; /* empty where unknown; date: of publication */
    mk_str members;                /* the record's other members: a JSON object, byte for byte */
    const mk_cues *cues;           /* one a line of raw; NULL: raw had no markup */
    size_t n_cues;
    mk_line *lines; /* n_lines of them */
    size_t n_lines;
    const mk_why *gone;   /* MK_FILTERED: the rule. NULL otherwise */
    mk_str reason;        /* MK_REJECTED: why, for people; MK_SKIPPED: what skips it */
    uint64_t twin;        /* MK_DUPLICATE: seq of the document that was kept */
    uint8_t verdict;      /* mk_verdict */
    const mk_why *review; /* why a person should look at it, the newest first; NULL:
                             nobody need */
} mk_doc;

#ifdef __cplusplus
}
#endif

#endif
