/* codepage.h: characters as the bytes of the code page through which they came,
 * and runs of them as the UTF-8 that the bytes may be. */
#ifndef MK_CODEPAGE_H
#define MK_CODEPAGE_H

#include "minkhal/text.h"

/* The four through which UTF-8 is seen in the wild, and Latin-1, which has no
 * characters for the bytes 80 to 9F. */
typedef enum mk_codepage {
    MK_PAGE_1252,
    MK_PAGE_1256,
    MK_PAGE_1250,
    MK_PAGE_MAC,
    MK_PAGE_LATIN1
} mk_codepage;

/* The byte, 80 to FF, that page shows as cp; 0: there is none. Bytes that a page
 * leaves undefined are themselves, and so are C1 controls in windows-1252. */
uint8_t mk_page_byte(mk_codepage page, uint32_t cp);

/* True if the character that ends at `at`, which is 2 or more, is one of the 36 letters
 * of Arabic. */
static inline bool mk_is_letter_before(mk_str text, size_t at)
{
    const unsigned char *const p = (const unsigned char *)text.ptr + at - 2;

    return (p[0] == 0xD8 && p[1] >= 0xA1 && p[1] <= 0xBA) ||
           (p[0] == 0xD9 && p[1] >= 0x81 && p[1] <= 0x8A);
}

/* True if the two characters before `at` are such letters: bytes of windows-1256, so
 * that what follows them is no second byte of a run. */
static inline bool mk_follows_letters(mk_str text, size_t at)
{
    return at >= 4 && mk_is_letter_before(text, at) && mk_is_letter_before(text, at - 2);
}

/* A maximal run of characters that page has bytes for. */
typedef struct mk_page_run {
    size_t from, to; /* in the text */
    size_t n_arabic; /* letters and marks of Arabic, or signs that one more
                          reading would make of them, if the bytes are UTF-8 */
    bool utf8;       /* the bytes are */
} mk_page_run;

/* The first run at or after `at`; false if there is none. */
bool mk_page_next_run(mk_codepage page, mk_str text, size_t at, mk_page_run *ret);

#endif
