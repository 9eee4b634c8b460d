/* support.h: what all unit tests share: Check with TAP on standard output, so
 * that meson counts every test. */
#ifndef MK_TEST_SUPPORT_H
#define MK_TEST_SUPPORT_H

#include <check.h>
#include <stdbool.h>

#include "minkhal/text.h"

/* Runs s (which it frees); the exit status of main. */
int mk_test_run(Suite *s);

/* The test's own folder, empty, removed at exit; NUL-ended, static. */
const char *mk_test_folder(void);

/* "folder/name" in a static buffer (eight of them, used in turn). */
const char *mk_test_path(const char *name);

/* Writes bytes to mk_test_path(name); returns that path. Aborts on failure. */
const char *mk_test_file(const char *name, mk_str bytes);

/* The content of path, NUL after it; owned by the caller. Aborts on failure. */
mk_str mk_test_read(const char *path);

/* Replaces the first `what` in a file; aborts if there is none. */
void mk_test_change(const char *path, const char *what, const char *with);

/* Gives every line of a journal the digest of the line before it. */
void mk_test_mend_journal(const char *path);

/* The next member of an object in JSON without spaces, however deep, from *at on (0 at first):
 * where its key and its value begin, and where the value ends. */
typedef struct mk_test_member {
    size_t key, value, end;
} mk_test_member;

bool mk_test_json_member(mk_str json, size_t *at, mk_test_member *ret);

#define ck_assert_mk_str_eq(got, want)                                                            \
    do {                                                                                          \
        const mk_str got_ = (got), want_ = (want);                                                \
        ck_assert_msg(mk_str_eq(got_, want_), "got '%.*s', want '%.*s'", (int)got_.len, got_.ptr, \
                      (int)want_.len, want_.ptr);                                                 \
    } while (0)

#endif
