/* sniff.c: see sniff.h. Source: WHATWG MIME Sniffing, 6 and 7.1. HTML is what html.h takes
 * for a page, which asks for more than one tag; text is what has no binary byte near its
 * beginning. Cases: tests/read/test_sniff.c. */
#include "read/sniff.h"

#include <string.h>

#include "read/html.h"

enum { HEADER = 1445 /* bytes of a resource that are looked at */ };

typedef struct magic {
    mk_str type, bytes;
    size_t at; /* where they stand */
} magic;

static const magic magics[] = {
    {{"application/pdf", 15}, {"%PDF-", 5}, 0},
    {{"application/postscript", 22}, {"%!PS-Adobe-", 11}, 0},
    {{"image/gif", 9}, {"GIF8", 4}, 0},
    {{"image/png", 9}, {"\x89PNG\r\n\x1A\n", 8}, 0},
    {{"image/jpeg", 10}, {"\xFF\xD8\xFF", 3}, 0},
    {{"image/webp", 10}, {"WEBPVP", 6}, 8},
    {{"image/bmp", 9}, {"BM", 2}, 0},
    {{"image/x-icon", 12}, {"\0\0\1\0", 4}, 0},
    {{"audio/wave", 10}, {"WAVE", 4}, 8},
    {{"audio/mpeg", 10}, {"ID3", 3}, 0},
    {{"application/ogg", 15}, {"OggS\0", 5}, 0},
    {{"video/avi", 9}, {"AVI ", 4}, 8},
    {{"video/mp4", 9}, {"ftyp", 4}, 4},
    {{"video/webm", 10}, {"\x1A\x45\xDF\xA3", 4}, 0},
    {{"application/x-gzip", 18}, {"\x1F\x8B\x08", 3}, 0},
    {{"application/zip", 15}, {"PK\3\4", 4}, 0},
    {{"application/x-rar-compressed", 28}, {"Rar!\x1A\7", 6}, 0},
    {{"font/woff", 9}, {"wOFF", 4}, 0},
    {{"font/woff2", 10}, {"wOF2", 4}, 0},
    {{"text/xml", 8}, {"<?xml", 5}, 0},
};

static bool has_magic(mk_str body, const magic *m)
{
    return body.len >= m->at + m->bytes.len &&
           memcmp(body.ptr + m->at, m->bytes.ptr, m->bytes.len) == 0;
}

/* A control that no text has: all but tab, line breaks and escape. */
static bool is_binary(unsigned char byte)
{
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\f' && byte != '\r' &&
           byte != 0x1B;
}

/* A byte order mark: UTF-16's too, whose bytes are binary. */
static bool has_mark(mk_str s)
{
    return (s.len >= 3 && memcmp(s.ptr, "\xEF\xBB\xBF", 3) == 0) ||
           (s.len >= 2 && (memcmp(s.ptr, "\xFE\xFF", 2) == 0 || memcmp(s.ptr, "\xFF\xFE", 2) == 0));
}

mk_str mk_sniff(mk_str body)
{
    const mk_str head = mk_str_sub(body, 0, body.len < HEADER ? body.len : HEADER);

    if (mk_html_is(head))
        return MK_STR("text/html");
    for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
        if (has_magic(head, &magics[i]))
            return magics[i].type;
    for (size_t i = 0; i < head.len && !has_mark(head); i++)
        if (is_binary((unsigned char)head.ptr[i]))
            return (mk_str){"", 0};
    return head.len > 0 ? MK_STR("text/plain") : (mk_str){"", 0};
}
