/* error.h: how a call fails.
 *
 * A function that can fail returns an mk_err and, on failure only, fills the
 * mk_error it was given. Nothing below src/cli prints. */
#ifndef MINKHAL_ERROR_H
#define MINKHAL_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MK_API __attribute__((visibility("default")))
#define MK_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MK_API
#define MK_PRINTF(fmt, args)
#endif

typedef enum mk_err {
    MK_OK,
    MK_END,      /* no more input; not a failure */
    MK_RECORD,   /* one record is bad; the next can be read */
    MK_DAMAGED,  /* an input is damaged or unreadable; the next can be read */
    MK_OPTION,   /* the caller asked for what does not exist */
    MK_NOMEM,    /* out of memory */
    MK_LIMIT,    /* a stated limit was reached */
    MK_OUTPUT,   /* an output could not be written */
    MK_CLOSED,   /* who read an output, a pipe, has gone: no failure of ours */
    MK_EXISTS,   /* an output exists already, or is in use */
    MK_MISMATCH, /* two things that must agree do not */
    MK_STOPPED,  /* asked to stop by a signal */
    MK_BUG       /* a promise of our own is broken */
} mk_err;

typedef struct mk_error {
    mk_err code;
    char text[512]; /* lower case, failure first, names its subject; NUL ends */
} mk_error;

/* Sets *reterr (which may be NULL) to code and a printf-formatted text, cut at
 * a UTF-8 boundary where too long. Returns code. */
MK_API mk_err mk_fail(mk_error *reterr, mk_err code, const char *format, ...) MK_PRINTF(3, 4);

#ifdef __clang_analyzer__ /* which does not look into other files: it is never MK_OK */
#define mk_fail(reterr, code, ...) (mk_fail(reterr, code, __VA_ARGS__), (code))
#endif

#ifdef __cplusplus
}
#endif

#endif
