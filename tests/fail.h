/* fail.h: calls of the C library that fail when a test asks for it. Unit tests are linked so
 * that the calls of the library under test come by here (--wrap, see meson.build), but not
 * those of other libraries. tests/faults/shim.c does the same to the whole command. */
#ifndef MK_TEST_FAIL_H
#define MK_TEST_FAIL_H

#include <stdbool.h>

typedef enum mk_test_call {
    MK_CALL_ALLOC = 1,     /* malloc, calloc, realloc, strdup, strndup, asprintf */
    MK_CALL_OPEN = 2,      /* open, openat, fcntl that duplicates, realpath, opendir, mkdir */
    MK_CALL_READ = 4,      /* read, pread, readdir */
    MK_CALL_WRITE = 8,     /* write, pwrite */
    MK_CALL_SYNC = 16,     /* fsync */
    MK_CALL_CUT = 32,      /* ftruncate */
    MK_CALL_SEEK = 64,     /* lseek */
    MK_CALL_RENAME = 128,  /* rename, renameat, renameat2, linkat */
    MK_CALL_UNLINK = 256,  /* unlinkat */
    MK_CALL_STAT = 512,    /* fstat, fstatat, stat, lstat */
    MK_CALL_THREAD = 1024, /* pthread_create, pthread_mutex_init, pthread_cond_init */
    MK_CALL_LIBRARY = 2048 /* what codecs, libarchive and libcrypto need memory for */
} mk_test_call;

/* The at-th call (from 1) of these kinds fails with that errno; the others do not. With
 * error 0 a read or write moves nothing. */
void mk_test_fail(unsigned calls, unsigned at, int error);

/* Ends that. True if the call came. */
bool mk_test_failed(void);

#endif
