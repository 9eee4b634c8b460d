/* error.c: fills an mk_error. Refuses nothing: a text that cannot be formatted
 * is replaced by its format, one that is too long is cut. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "minkhal/error.h"

#undef mk_fail

/* Bytes of the sequence that lead begins; 1 for what begins none. */
static size_t sequence_length(unsigned char lead)
{
    if (lead >= 0xF0)
        return 4;
    if (lead >= 0xE0)
        return 3;
    return lead >= 0xC0 ? 2 : 1;
}

/* len, less a sequence that text[0, len) holds only the beginning of. */
static size_t whole_characters(const char *text, size_t len)
{
    size_t back = 1;

    while (back < 4 && back < len && ((unsigned char)text[len - back] & 0xC0) == 0x80)
        back++;
    if (back <= len && sequence_length((unsigned char)text[len - back]) > back)
        return len - back;
    return len;
}

mk_err mk_fail(mk_error *reterr, mk_err code, const char *format, ...)
{
    /* Beside reterr, because its old text is often an argument of the new. */
    char text[sizeof(reterr->text)];
    va_list args;
    int n;

    if (!reterr)
        return code;
    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0)
        n = snprintf(text, sizeof(text), "%s", format);
    if (n >= (int)sizeof(text))
        text[whole_characters(text, sizeof(text) - 1)] = '\0';
    memcpy(reterr->text, text, strlen(text) + 1);
    reterr->code = code;
    return code;
}
