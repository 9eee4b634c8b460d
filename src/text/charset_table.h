/* charset_table.h: the tables that make_charsets.c makes of charsets.txt, for
 * those who decode and for those who undo a wrong decoding. */
#ifndef MK_CHARSET_TABLE_H
#define MK_CHARSET_TABLE_H

#include "text/charset.h"

typedef enum mk_charset_kind {
    MK_CHARSET_UTF8,
    MK_CHARSET_UTF16LE,
    MK_CHARSET_UTF16BE,
    MK_CHARSET_TABLE,  /* one byte a character */
    MK_CHARSET_ICONV,  /* by the C library, under the name `code` */
    MK_CHARSET_REFUSED /* known, and not decoded */
} mk_charset_kind;

typedef struct mk_charset_pair {
    uint16_t cp; /* 0: there is none for byte */
    uint8_t byte;
} mk_charset_pair;

struct mk_charset {
    const char *name, *code;
    const uint16_t *table;        /* code points of the bytes 80 to FF; 0: none */
    const mk_charset_pair *pairs; /* the same 128 by code point */
    const uint8_t *arabic;        /* the bytes of U+0600 to U+06FF; 0: none */
    mk_charset_kind kind;
};

typedef struct mk_charset_label {
    char text[32]; /* NUL ends */
    int charset;   /* its place in mk_charsets */
} mk_charset_label;

extern const mk_charset mk_charsets[];
extern const mk_charset *const mk_charset_utf_8,
    *const mk_charset_utf_16le, *const mk_charset_utf_16be,
                                    *const mk_charset_windows_1256,
                                        *const mk_charset_iso_8859_6,
                                            *const mk_charset_windows_1252,
                                                *const mk_charset_windows_1250,
                                                    *const mk_charset_macintosh;
extern const mk_charset_label mk_charset_labels[]; /* in byte order */
extern const size_t mk_n_charset_labels;

#endif
