/* buf.c: growable bytes. Refuses to grow past max; sizes are checked before
 * they are added. One byte more than size is always allocated, so that printf
 * has a place for its NUL even in a buffer that is full to max. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { FIRST_SIZE = 256 /* bytes: a line of JSON without its text */ };

/* Makes size at least want, which is not above max. */
static bool grow(mk_buf *buf, size_t want)
{
    size_t size = buf->size < FIRST_SIZE ? FIRST_SIZE : buf->size;
    char *ptr;

    while (size < want)
        size = size > buf->max / 2 ? buf->max : size * 2;
    if (size > buf->max)
        size = buf->max;
    if (size >= PTRDIFF_MAX)
        return false;
    ptr = realloc(buf->ptr, size + 1);
    if (!ptr)
        return false;
    buf->ptr = ptr;
    buf->size = size;
    return true;
}

char *mk_buf_room(mk_buf *buf, size_t n)
{
    if (buf->failed)
        return NULL;
    buf->full = n > buf->max - buf->len;
    if (buf->full || ((!buf->ptr || n > buf->size - buf->len) && !grow(buf, buf->len + n))) {
        buf->failed = true;
        return NULL;
    }
    return buf->ptr + buf->len;
}

void mk_buf_put(mk_buf *buf, mk_str s)
{
    char *const to = s.len ? mk_buf_room(buf, s.len) : NULL;

    if (!to)
        return;
    memcpy(to, s.ptr, s.len);
    buf->len += s.len;
}

void mk_buf_putc(mk_buf *buf, char c)
{
    char *const to = mk_buf_room(buf, 1);

    if (!to)
        return;
    *to = c;
    buf->len++;
}

size_t mk_digits(uint64_t n, char out[MK_DIGITS])
{
    char digits[MK_DIGITS];
    size_t at = MK_DIGITS;

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    memcpy(out, digits + at, MK_DIGITS - at);
    return MK_DIGITS - at;
}

void mk_buf_put_number(mk_buf *buf, uint64_t n)
{
    char digits[MK_DIGITS];

    mk_buf_put(buf, (mk_str){digits, mk_digits(n, digits)});
}

void mk_buf_printf(mk_buf *buf, const char *format, ...)
{
    char *const to = mk_buf_room(buf, 0);
    va_list args;
    size_t room, n;
    int written;

    if (!to)
        return;
    room = buf->size - buf->len;
    va_start(args, format);
    written = vsnprintf(to, room + 1, format, args);
    va_end(args);
    if (written < 0) {
        buf->failed = true;
        return;
    }
    n = (size_t)written;
    if (n > room) {
        char *const larger = mk_buf_room(buf, n);
        if (!larger)
            return;
        va_start(args, format);
        vsnprintf(larger, n + 1, format, args);
        va_end(args);
    }
    buf->len += n;
}

void mk_buf_clear(mk_buf *buf)
{
    free(buf->ptr);
    *buf = (mk_buf){.max = buf->max};
}
