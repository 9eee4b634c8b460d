/* base64.c: see base64.h. Refuses what an encoder cannot have written: missing or
 * surplus padding, other characters, bits behind the last byte. Cases:
 * tests/base/test_base64.c. */
#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void mk_base64_put(mk_buf *out, mk_str bytes)
{
    if (bytes.len > SIZE_MAX / 4 * 3 - 3) {
        out->failed = out->full = true;
        return;
    }
    const size_t size = (bytes.len + 2) / 3 * 4;
    char *to = size > 0 ? mk_buf_room(out, size) : NULL;

    if (!to)
        return;
    out->len += size;
    for (size_t i = 0; i < bytes.len; i += 3, to += 4) {
        const size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < n ? (uint8_t)bytes.ptr[i + k] : 0);
        for (unsigned k = 0; k < 4; k++)
            to[k] = k <= n ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
}

/* 0 to 63, or -1. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Up to three bytes of four digits; 0 if they are none. */
static size_t take_group(const char in[4], bool last, char out[3])
{
    const size_t n_pad = !last || in[3] != '=' ? 0 : in[2] != '=' ? 1 : 2;
    uint32_t group = 0;

    for (size_t k = 0; k < 4; k++) {
        const int value = k < 4 - n_pad ? value_of(in[k]) : 0;
        if (value < 0)
            return 0;
        group = group << 6 | (uint32_t)value;
    }
    if (group & ((UINT32_C(1) << 8 * n_pad) - 1))
        return 0;
    for (unsigned k = 0; k < 3 - n_pad; k++)
        out[k] = (char)(uint8_t)(group >> (16 - 8 * k));
    return 3 - n_pad;
}

bool mk_base64_take(mk_str text, char *out, size_t *ret_len)
{
    size_t len = 0;

    if (text.len % 4 != 0)
        return false;
    for (size_t i = 0; i < text.len; i += 4) {
        const size_t n = take_group(text.ptr + i, i + 4 == text.len, out + len);
        if (n == 0)
            return false;
        len += n;
    }
    *ret_len = len;
    return true;
}
