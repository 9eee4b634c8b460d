/* cmd_normalize.c: letter filters from standard input to standard output, line
 * by line. Line ends (LF, CR LF) are not part of a line and stay. A line that
 * is not UTF-8 passes unchanged and is named; one above MAX_LINE ends the run:
 * it could not be held. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "message.h"

enum {
    READ_SIZE = 256 << 10, /* bytes asked for at a time */
    MAX_LINE = 64 << 20    /* bytes: more is no line of text */
};

/* What has been read and not yet written: a part of a line, after a turn. */
typedef struct input {
    char *ptr; /* owned */
    size_t len, size;
} input;

typedef struct run {
    const mk_chain *chain;
    input in;
    mk_scratch scratch;
    uint64_t n_lines;
    bool damaged; /* a line was not UTF-8 */
} run;

static int put_line(run *r, mk_str line)
{
    const size_t valid = mk_utf8_valid(line);
    const bool cr = line.len > 0 && line.ptr[line.len - 1] == '\r';
    mk_str out;

    r->n_lines++;
    if (valid < line.len) {
        cli_say("line %" PRIu64 " is not UTF-8 at byte %zu: passed unchanged", r->n_lines,
                valid + 1);
        r->damaged = true;
        fwrite(line.ptr, 1, line.len, stdout);
        return CLI_DONE;
    }
    if (!mk_normalize(r->chain, mk_str_sub(line, 0, line.len - cr), &r->scratch, &out))
        return cli_say_nomem();
    if (out.len > 0)
        fwrite(out.ptr, 1, out.len, stdout);
    if (cr)
        putc('\r', stdout);
    return CLI_DONE;
}

/* Writes all whole lines that have been read; keeps the rest, which begins at
 * or after `from`, where the search for a line end goes on. */
static int put_lines(run *r, size_t from)
{
    size_t done = 0;

    for (;;) {
        const char *end = memchr(r->in.ptr + from, '\n', r->in.len - from);
        int status;

        if (!end)
            break;
        from = (size_t)(end - r->in.ptr);
        status = put_line(r, (mk_str){r->in.ptr + done, from - done});
        if (status)
            return status;
        putc('\n', stdout);
        done = ++from;
    }
    memmove(r->in.ptr, r->in.ptr + done, r->in.len - done);
    r->in.len -= done;
    if (ferror(stdout))
        return CLI_OUTPUT; /* said when it is closed */
    if (r->in.len <= MAX_LINE)
        return CLI_DONE;
    cli_say("line %" PRIu64 " is longer than %d bytes", r->n_lines + 1, MAX_LINE);
    return CLI_LIMIT;
}

/* Room for one more read. */
static bool grow(input *in)
{
    char *ptr;

    if (in->size - in->len >= READ_SIZE)
        return true;
    /* Below MAX_LINE, so that doubling cannot overflow. */
    ptr = realloc(in->ptr, 2 * in->size + 2 * READ_SIZE);
    if (!ptr)
        return false;
    in->ptr = ptr;
    in->size = 2 * in->size + 2 * READ_SIZE;
    return true;
}

static int normalize(run *r)
{
    int status = CLI_DONE;

    while (!status) {
        const size_t from = r->in.len;
        ssize_t n;

        if (!grow(&r->in))
            return cli_say_nomem();
        /* Who waits for an answer before writing on gets it. */
        if (fflush(stdout) != 0)
            return CLI_OUTPUT;
        n = read(STDIN_FILENO, r->in.ptr + r->in.len, READ_SIZE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            cli_say("cannot read standard input: %s", strerror(errno));
            return CLI_DAMAGED;
        }
        if (n == 0)
            break;
        r->in.len += (size_t)n;
        status = put_lines(r, from);
    }
    /* The last line needs no line end, and gets none. */
    if (!status && r->in.len > 0)
        status = put_line(r, (mk_str){r->in.ptr, r->in.len});
    return status ? status : r->damaged ? CLI_DAMAGED : CLI_DONE;
}

int cli_normalize(const cli_args *args)
{
    mk_chain *chain = NULL;
    run r = {0};
    int status;

    if (isatty(STDIN_FILENO)) {
        cli_usage_print(stderr, CLI_NORMALIZE);
        return cli_say_usage(CLI_NORMALIZE, "standard input is a terminal: "
                                            "lines are read from a file or a pipe");
    }
    status = cli_chain_open(args, "letters", &chain);
    if (!status) {
        r.chain = chain;
        status = normalize(&r);
    }
    free(r.scratch.ptr);
    free(r.in.ptr);
    mk_chain_close(chain);
    return status;
}
