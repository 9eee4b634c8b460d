/* fuzz_option.c: options of all filters, NAME=VALUE a line: what is set reads back as the
 * same. Files are left out. */
#include "fuzz.h"
#include "minkhal/minkhal.h"
#include "chain/option.h"

enum { CONFIG = 4096 /* bytes: more than any filter's options */ };

static void check(const mk_filter *filter, const mk_option *option, mk_str value)
{
    uint64_t config[CONFIG / 8] = {0}, again[CONFIG / 8] = {0};
    mk_buf buf = {.max = MK_BUF_MAX}, buf2 = {.max = MK_BUF_MAX};
    mk_error error = {.code = MK_OK};

    must(filter->config_size <= CONFIG);
    mk_option_defaults(filter, config);
    mk_option_defaults(filter, again);
    const mk_err err = mk_option_set(filter, option, value, config, &error);
    must(err == MK_OK || (err == MK_OPTION && error.text[0]));
    if (err == MK_OK) {
        mk_option_put(option, config, &buf);
        must(mk_option_set(filter, option, mk_buf_str(&buf), again, &error) == MK_OK);
        mk_option_put(option, again, &buf2);
        must(mk_str_eq(mk_buf_str(&buf), mk_buf_str(&buf2)));
    }
    mk_buf_clear(&buf);
    mk_buf_clear(&buf2);
}

static void check_line(mk_str line)
{
    const char *const equals = line.len > 0 ? memchr(line.ptr, '=', line.len) : NULL;
    const size_t n = equals ? (size_t)(equals - line.ptr) : line.len;
    const mk_str name = mk_str_sub(line, 0, n);
    const mk_str value = equals ? mk_str_sub(line, n + 1, line.len) : (mk_str){"", 0};

    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        const mk_option *option = NULL;
        mk_error error;
        if (mk_option_find(*f, name, &option, &error) == MK_OK &&
            option->type != MK_OPTION_LEXICON && option->type != MK_OPTION_SITES)
            check(*f, option, value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_str rest = {(const char *)data, size};

    for (int n = 0; rest.len > 0 && n < 20; n++) {
        const char *const lf = memchr(rest.ptr, '\n', rest.len);
        const size_t len = lf ? (size_t)(lf - rest.ptr) : rest.len;
        check_line(mk_str_sub(rest, 0, len));
        rest = mk_str_sub(rest, lf ? len + 1 : len, rest.len);
    }
    return 0;
}
