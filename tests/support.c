#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checksum.h"

static char folder[64];

int mk_test_run(Suite *s)
{
    SRunner *runner = srunner_create(s);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    const int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
/* Check tells its parent process with this what came of a test, and is not built for
 * MemorySanitizer (see msan.c). The library under test writes by other calls, but in
 * container.c. */
void __msan_unpoison(const volatile void *ptr, size_t size);
size_t __real_fwrite(const void *from, size_t size, size_t n, FILE *to);
size_t __wrap_fwrite(const void *from, size_t size, size_t n, FILE *to);
size_t __wrap_fwrite(const void *from, size_t size, size_t n, FILE *to)
{
    __msan_unpoison(from, size * n);
    return __real_fwrite(from, size, n, to);
}
#endif
#endif

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    if (folder[0])
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *mk_test_folder(void)
{
    if (!folder[0]) {
        strcpy(folder, "/tmp/minkhal-test-XXXXXX"); /* fits: a constant */
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
    }
    return folder;
}

const char *mk_test_path(const char *name)
{
    static char paths[8][512];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", mk_test_folder(), name);
    return path;
}

const char *mk_test_file(const char *name, mk_str bytes)
{
    const char *path = mk_test_path(name);
    FILE *file = fopen(path, "wb");
    if (!file || (bytes.len && fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len) ||
        fclose(file) != 0)
        abort();
    return path;
}

mk_str mk_test_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        abort();
    size_t len = 0, size = 1 << 16;
    char *bytes = malloc(size + 1);
    for (size_t n; bytes && (n = fread(bytes + len, 1, size - len, file)) > 0;) {
        len += n;
        if (len == size)
            bytes = realloc(bytes, (size *= 2) + 1);
    }
    fclose(file);
    if (!bytes)
        abort();
    bytes[len] = '\0';
    return (mk_str){bytes, len};
}

static void write_file(const char *path, mk_str a, mk_str b, mk_str c)
{
    FILE *const file = fopen(path, "wb");

    if (!file || fwrite(a.ptr, 1, a.len, file) != a.len || fwrite(b.ptr, 1, b.len, file) != b.len ||
        fwrite(c.ptr, 1, c.len, file) != c.len || fclose(file) != 0)
        abort();
}

void mk_test_change(const char *path, const char *what, const char *with)
{
    const mk_str s = mk_test_read(path);
    const char *const at = strstr(s.ptr, what);

    if (!at)
        abort();
    const size_t begin = (size_t)(at - s.ptr);
    write_file(path, mk_str_sub(s, 0, begin), mk_str_of(with),
               mk_str_sub(s, begin + strlen(what), s.len));
    free((char *)(uintptr_t)s.ptr);
}

void mk_test_mend_journal(const char *path)
{
    const mk_str s = mk_test_read(path);
    unsigned char digest[MK_CHECKSUM_MAX];
    char hex[2 * MK_CHECKSUM_MAX + 1] = "";

    for (size_t at = 0; at < s.len;) {
        const char *const lf = strchr(s.ptr + at, '\n');
        const size_t end = lf ? (size_t)(lf - s.ptr) + 1 : s.len;
        char *const prev = strstr((char *)(uintptr_t)s.ptr + at, "\"prev\":\"") + 8;
        memcpy(prev, hex, strlen(hex));
        mk_hex(digest, mk_checksum(MK_SHA256, mk_str_sub(s, at, end), digest), hex);
        at = end;
    }
    write_file(path, s, (mk_str){"", 0}, (mk_str){"", 0});
    free((char *)(uintptr_t)s.ptr);
}

/* ---- JSON ---- */

/* Behind the string that begins at `at`. */
static size_t behind_string(mk_str s, size_t at)
{
    for (at++; at < s.len && s.ptr[at] != '"'; at++)
        at += s.ptr[at] == '\\';
    return at + 1;
}

static size_t behind_value(mk_str s, size_t at)
{
    size_t depth = 0;

    while (at < s.len) {
        const char c = s.ptr[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at = c == '"' ? behind_string(s, at) : at + 1;
    }
    return at;
}

bool mk_test_json_member(mk_str json, size_t *at, mk_test_member *ret)
{
    while (*at < json.len) {
        const size_t key = *at;
        *at = json.ptr[key] == '"' ? behind_string(json, key) : key + 1;
        if (json.ptr[key] != '"' || *at >= json.len || json.ptr[*at] != ':')
            continue;
        ++*at;
        *ret = (mk_test_member){key, *at, behind_value(json, *at)};
        return true;
    }
    return false;
}
