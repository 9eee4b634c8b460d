/* fuzz_charset.c: any bytes, in any encoding that there is a label for: what is
 * decoded is UTF-8, and the detector always has an answer. */
#include <stdint.h>
#include <stdlib.h>

#include "text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const labels[] = {
    "utf-8",        "utf-16le",     "utf-16be",     "windows-1256", "iso-8859-6",
    "windows-1252", "windows-1251", "macintosh",    "koi8-r",       "gbk",
    "gb18030",      "big5",         "shift_jis",    "iso-2022-jp",  "euc-jp",
    "euc-kr",       "latin1",       "x-mac-arabic", "iso-8859-8-i", "replacement",
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void decode(const mk_charset *charset, mk_str bytes)
{
    mk_buf out = {.max = MK_BUF_MAX};
    uint64_t n_bad = 0;
    if (mk_charset_decode(charset, bytes, &out, &n_bad, NULL) == MK_OK) {
        check(mk_utf8_valid(mk_buf_str(&out)) == out.len);
        check(n_bad <= bytes.len);
    }
    mk_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t n = sizeof(labels) / sizeof(*labels);
    const mk_str bytes = {(const char *)data + (size > 0), size - (size > 0)};
    const mk_charset *charset = mk_charset_by_label(mk_str_of(labels[size > 0 ? data[0] % n : 0]));
    const mk_charset *found = mk_charset_detect(bytes);
    size_t mark = 0;
    check(found != NULL);
    decode(found, bytes);
    if (charset)
        decode(charset, bytes);
    if (mk_charset_bom(bytes, &mark))
        check(mark >= 2 && mark <= bytes.len);
    (void)mk_charset_by_label(bytes);
    return 0;
}
