/* host.c: see host.h. Names are not resolved, and not told from numbers; punycode is not
 * undone. Cases: tests/read/test_select.c. */
#include "read/host.h"

#include <string.h>

/* The host of what stands between "://" and the path. */
static mk_str without_user_and_port(mk_str s)
{
    const char *const user = s.len > 0 ? memrchr(s.ptr, '@', s.len) : NULL;
    if (user)
        s = mk_str_sub(s, (size_t)(user - s.ptr) + 1, s.len);
    const char *const port = s.len > 0 ? memrchr(s.ptr, ':', s.len) : NULL;
    if (port && !memchr(port, ']', s.len - (size_t)(port - s.ptr)))
        s.len = (size_t)(port - s.ptr);
    while (s.len > 0 && s.ptr[s.len - 1] == '.')
        s.len--;
    return s;
}

/* What stands behind "://"; ptr NULL if there is no such sign. */
static mk_str behind_scheme(mk_str url)
{
    const char *const sign = url.len > 0 ? memmem(url.ptr, url.len, "://", 3) : NULL;

    return sign ? mk_str_sub(url, (size_t)(sign - url.ptr) + 3, url.len) : (mk_str){0};
}

static bool ends_host(char c)
{
    return c == '/' || c == '?' || c == '#' || c == '\\';
}

static size_t end_of_host(mk_str s)
{
    size_t end = 0;

    while (end < s.len && !ends_host(s.ptr[end]))
        end++;
    return end;
}

mk_str mk_host_of(mk_str url)
{
    const mk_str rest = behind_scheme(url);

    return rest.ptr ? without_user_and_port(mk_str_sub(rest, 0, end_of_host(rest)))
                    : (mk_str){"", 0};
}

mk_str mk_host_lower(mk_str host, char *out)
{
    if (host.len > MK_HOST_MAX)
        return (mk_str){"", 0};
    for (size_t i = 0; i < host.len; i++)
        out[i] = (char)(host.ptr[i] >= 'A' && host.ptr[i] <= 'Z' ? host.ptr[i] - 'A' + 'a'
                                                                 : host.ptr[i]);
    return (mk_str){out, host.len};
}

bool mk_host_listed(mk_str line, mk_str *ret)
{
    const mk_str rest = behind_scheme(line);
    mk_str host = rest.ptr ? rest : line;
    const size_t end = end_of_host(host);

    if (end < host.len && !mk_str_eq(mk_str_sub(host, end, host.len), MK_STR("/")))
        return false;
    host = without_user_and_port(mk_str_sub(host, 0, end));
    if (host.len > 2 && host.ptr[0] == '*' && host.ptr[1] == '.')
        host = mk_str_sub(host, 1, host.len);
    if (host.len > 1 && host.ptr[0] == '.')
        host = mk_str_sub(host, 1, host.len);
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.ptr[i] <= ' ' || host.ptr[i] == '*' || host.ptr[i] == ',')
            return false;
    if (host.len == 0 || host.len > MK_HOST_MAX)
        return false;
    *ret = host;
    return true;
}

bool mk_host_above(mk_str *host)
{
    const char *const point = host->len > 0 ? memchr(host->ptr, '.', host->len) : NULL;

    if (point)
        *host = mk_str_sub(*host, (size_t)(point - host->ptr) + 1, host->len);
    return point != NULL;
}
