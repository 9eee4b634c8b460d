/* splits.c: see splits.h. Integers alone, so that no rounding differs between
 * machines. Refuses names that Hugging Face loaders would not take for a split.
 * Cases: tests/release/test_splits.c. */
#include "release/splits.h"

#include "base/checksum.h"

bool mk_splits_is_name(mk_str name)
{
    bool open = true; /* a point may not stand here */

    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        if (c == '.' && open)
            return false;
        if (c != '.' && c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
        open = c == '.';
    }
    return !open && name.len < MK_SPLIT_NAME;
}

/* A positive number with at most six places, in millionths. */
static bool parse_weight(mk_str s, uint64_t *ret)
{
    uint64_t n = 0;
    int places = -1;

    if (s.len == 0 || s.len > 16)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' && places < 0 && i > 0) {
            places = 0;
            continue;
        }
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || places == 6 || n > UINT32_MAX)
            return false;
        n = n * 10 + (uint64_t)(s.ptr[i] - '0');
        places += places >= 0;
    }
    if (places == 0)
        return false;
    for (int i = places < 0 ? 0 : places; i < 6; i++)
        n *= 10;
    *ret = n;
    return n > 0 && n <= UINT64_C(1000000) * MK_SPLIT_UNIT;
}

static mk_err parse_one(mk_str item, mk_splits *splits, uint64_t *weight, mk_error *reterr)
{
    const char *const sign = memchr(item.ptr, '=', item.len);
    const mk_str name = mk_str_sub(item, 0, sign ? (size_t)(sign - item.ptr) : item.len);

    if (splits->n == MK_SPLITS_MAX)
        return mk_fail(reterr, MK_OPTION, "more than %d splits", MK_SPLITS_MAX);
    if (!sign || !mk_splits_is_name(name))
        return mk_fail(reterr, MK_OPTION,
                       "bad split '%.*s': NAME=SHARE is needed, NAME of a-z, 0-9 and _",
                       (int)item.len, item.ptr);
    if (!parse_weight(mk_str_sub(item, name.len + 1, item.len), weight))
        return mk_fail(reterr, MK_OPTION, "bad split '%.*s': a share above 0 is needed",
                       (int)item.len, item.ptr);
    for (size_t i = 0; i < splits->n; i++)
        if (mk_str_eq(name, mk_str_of(splits->items[i].name)))
            return mk_fail(reterr, MK_OPTION, "split '%.*s' twice", (int)name.len, name.ptr);
    memcpy(splits->items[splits->n].name, name.ptr, name.len);
    splits->items[splits->n].name[name.len] = '\0';
    splits->n++;
    return MK_OK;
}

mk_err mk_splits_parse(const char *text, mk_splits *ret, mk_error *reterr)
{
    mk_str rest = text ? mk_str_of(text) : MK_STR("train=1");
    mk_splits splits = {0};
    uint64_t weights[MK_SPLITS_MAX] = {0}, sum = 0;
    uint32_t given = 0;

    if (rest.len > 4096)
        return mk_fail(reterr, MK_OPTION, "too long a list of splits");
    for (bool more = true; more;) {
        const char *const comma = memchr(rest.ptr, ',', rest.len);
        const size_t n = comma ? (size_t)(comma - rest.ptr) : rest.len;
        uint64_t weight = 0;
        const mk_err err = parse_one(mk_str_sub(rest, 0, n), &splits, &weight, reterr);
        if (err != MK_OK)
            return err;
        weights[splits.n - 1] = weight;
        sum += weight; /* 32 times 10^12 at most */
        more = comma != NULL;
        rest = mk_str_sub(rest, more ? n + 1 : n, rest.len);
    }
    for (size_t i = 1; i < splits.n; i++) {
        splits.items[i].part = (uint32_t)((weights[i] * MK_SPLIT_UNIT + sum / 2) /
                                          sum); /* below 2^60 */
        if (splits.items[i].part == 0)
            return mk_fail(reterr, MK_OPTION, "split '%s' is less than a millionth",
                           splits.items[i].name);
        given += splits.items[i].part;
    }
    if (given >= MK_SPLIT_UNIT)
        return mk_fail(reterr, MK_OPTION, "split '%s' is less than a millionth",
                       splits.items[0].name);
    splits.items[0].part = MK_SPLIT_UNIT - given;
    *ret = splits;
    return MK_OK;
}

bool mk_splits_pick(const mk_splits *splits, mk_str salt, mk_str key, size_t *ret)
{
    unsigned char digest[MK_CHECKSUM_MAX];
    mk_checksum_run *run = NULL;
    uint64_t at = 0, sum = 0;
    size_t i = 0;

    *ret = 0;
    if (splits->n < 2)
        return true;
    if (mk_checksum_open(MK_SHA256, &run, NULL) != MK_OK)
        return false;
    mk_checksum_add(run, salt);
    mk_checksum_add(run, key);
    const bool good = mk_checksum_end(run, digest) != 0;
    mk_checksum_close(run);
    for (int byte = 0; byte < 8; byte++)
        at = at << 8 | digest[byte];
    for (; i + 1 < splits->n; i++) {
        sum += splits->items[i].part;
        /* at / 2^64 < sum / MK_SPLIT_UNIT, without loss: sum < MK_SPLIT_UNIT here. */
        const uint64_t bound = UINT64_MAX / MK_SPLIT_UNIT * sum +
                               (UINT64_MAX % MK_SPLIT_UNIT + 1) * sum / MK_SPLIT_UNIT;
        if (at < bound)
            break;
    }
    *ret = i;
    return good;
}
