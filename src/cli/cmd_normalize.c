/* cmd_normalize.c: operations on text from standard input to standard output.
 *
 * A line is a text, or with --jsonl a record. Line ends (LF, CR LF) are not part
 * of a line and stay. A line that is not UTF-8 passes unchanged and is named; one
 * above MAX_LINE ends the run: it could not be held. With --charset the input is
 * one text: it is read and decoded whole, then cut into lines. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "print.h"

enum {
    READ_SIZE = 256 << 10, /* bytes asked for at a time */
    MAX_LINE = 64 << 20,   /* bytes: more is no line of text */
    MAX_TEXT = 256 << 20   /* bytes that are decoded as one */
};

/* What has been read and not yet written: a part of a line, after a turn. */
typedef struct input {
    char *ptr; /* owned */
    size_t len, size;
} input;

typedef struct run {
    mk_normalizer *normalizer;
    mk_norm_options options;
    const char *charset; /* NULL: UTF-8, line by line */
    bool detect, jsonl, explain;
    input in;
    mk_scratch scratch;
    uint64_t n_lines;
    bool damaged; /* a line was not UTF-8, or no record */
} run;

/* ---- one line ---- */

/* "3:12: tatweel: 'before' -> 'after'": line, or the id of a record, byte, operations. */
static void put_changes(const run *r, const mk_norm_account *a)
{
    for (size_t i = 0; i < a->n_changes; i++) {
        const mk_norm_change *c = &a->changes[i];
        const char *before = "";
        if (a->id.len > 0)
            cli_put(stdout, a->id, 0, CLI_SHOW_ALL);
        else
            printf("%" PRIu64, r->n_lines);
        printf(":%" PRIu32 ": ", c->src_at + 1);
        for (unsigned op = 0; mk_operation_rules[op].name; op++) {
            if (!(c->operations >> op & 1))
                continue;
            printf("%s%s", before, mk_operation_rules[op].name);
            before = ",";
        }
        fputs(": '", stdout);
        cli_put(stdout, mk_str_sub(a->source, c->src_at, c->src_at + c->src_len), 0, CLI_SHOW_ALL);
        fputs("' -> '", stdout);
        cli_put(stdout, mk_str_sub(a->text, c->at, c->at + c->len), 0, CLI_SHOW_ALL);
        fputs("'\n", stdout);
    }
}

/* As it stands, with a word about it. */
static int pass_on(run *r, mk_str line, const char *why)
{
    cli_say("line %" PRIu64 " %s: passed unchanged", r->n_lines, why);
    r->damaged = true;
    if (!r->explain)
        fwrite(line.ptr, 1, line.len, stdout);
    return CLI_DONE;
}

static int put_text(run *r, mk_str line)
{
    mk_norm_account a = {.source = line};
    mk_norm_options options = r->options;
    mk_err err;

    if (r->detect)
        options.language = mk_language_detect(line);
    err = r->explain
              ? mk_norm_trace(r->normalizer, &options, line, &a.text, &a.changes, &a.n_changes)
              : mk_norm_text(r->normalizer, &options, line, &a.text);
    if (err)
        return cli_say_nomem();
    if (r->explain)
        put_changes(r, &a);
    else if (a.text.len > 0)
        fwrite(a.text.ptr, 1, a.text.len, stdout);
    return CLI_DONE;
}

static int put_record(run *r, mk_str line)
{
    mk_error error;
    mk_norm_account account;
    mk_str out;
    const mk_err err = r->explain ? mk_norm_record_trace(r->normalizer, &r->options, r->detect,
                                                         line, &r->scratch, &account, &error)
                                  : mk_norm_record(r->normalizer, &r->options, r->detect, line,
                                                   &r->scratch, &out, &error);

    if (err == MK_RECORD)
        return pass_on(r, line, error.text);
    if (err)
        return cli_say_error(&error);
    if (r->explain)
        put_changes(r, &account);
    else
        fwrite(out.ptr, 1, out.len, stdout);
    return CLI_DONE;
}

static int put_line(run *r, mk_str line)
{
    const size_t valid = mk_utf8_valid(line);
    const bool cr = line.len > 0 && line.ptr[line.len - 1] == '\r';
    const mk_str text = mk_str_sub(line, 0, line.len - cr);
    int status;

    r->n_lines++;
    if (valid < line.len) {
        char why[64];
        snprintf(why, sizeof(why), "is not UTF-8 at byte %zu", valid + 1);
        return pass_on(r, line, why);
    }
    status = r->jsonl && text.len > 0 ? put_record(r, text) : put_text(r, text);
    if (cr && !r->explain)
        putc('\r', stdout);
    return status;
}

/* ---- all lines ---- */

/* Writes all whole lines that have been read; keeps the rest, which begins at
 * or after `from`, where the search for a line end goes on. */
static int put_lines(run *r, size_t from)
{
    size_t done = 0;

    for (;;) {
        const size_t n = r->in.len - from; /* without any, there may be no bytes at all */
        const char *end = n > 0 ? memchr(r->in.ptr + from, '\n', n) : NULL;
        int status;

        if (!end)
            break;
        from = (size_t)(end - r->in.ptr);
        status = put_line(r, (mk_str){r->in.ptr + done, from - done});
        if (status)
            return status;
        if (!r->explain)
            putc('\n', stdout);
        done = ++from;
    }
    if (done > 0)
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
    /* Below MAX_TEXT, so that doubling cannot overflow. */
    ptr = realloc(in->ptr, 2 * in->size + 2 * READ_SIZE);
    if (!ptr)
        return false;
    in->ptr = ptr;
    in->size = 2 * in->size + 2 * READ_SIZE;
    return true;
}

/* One read more; *ret_end: there was nothing left. */
static int read_more(input *in, bool *ret_end)
{
    ssize_t n;

    if (!grow(in))
        return cli_say_nomem();
    do
        n = read(STDIN_FILENO, in->ptr + in->len, READ_SIZE);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        cli_say("cannot read standard input: %s", strerror(errno));
        return CLI_DAMAGED;
    }
    in->len += (size_t)n;
    *ret_end = n == 0;
    return CLI_DONE;
}

/* The input read whole, in UTF-8. */
static int read_decoded(run *r)
{
    mk_error error;
    mk_str text;
    uint64_t n_bad = 0;
    bool end = false;
    int status = CLI_DONE;

    while (!status && !end) {
        status = read_more(&r->in, &end);
        if (!status && r->in.len > MAX_TEXT) {
            cli_say("standard input is longer than %d bytes", MAX_TEXT);
            status = CLI_LIMIT;
        }
    }
    if (status)
        return status;
    if (mk_decode((mk_str){r->in.ptr, r->in.len}, r->charset, &r->scratch, &text, &n_bad, &error))
        return cli_say_error(&error);
    if (n_bad > 0)
        cli_say("%" PRIu64 " %s could not be decoded: U+FFFD stands for %s", n_bad,
                n_bad == 1 ? "sequence" : "sequences", n_bad == 1 ? "it" : "each");
    free(r->in.ptr);
    r->in = (input){r->scratch.ptr, text.len, r->scratch.size};
    r->scratch = (mk_scratch){NULL, 0};
    return text.len > 0 ? put_lines(r, 0) : CLI_DONE;
}

static int read_lines(run *r)
{
    bool end = false;
    int status = CLI_DONE;

    while (!status && !end) {
        const size_t from = r->in.len;
        /* Who waits for an answer before writing on gets it. */
        if (fflush(stdout) != 0)
            return CLI_OUTPUT;
        status = read_more(&r->in, &end);
        if (!status && !end)
            status = put_lines(r, from);
    }
    return status;
}

static int normalize(run *r)
{
    int status = r->charset ? read_decoded(r) : read_lines(r);

    /* The last line needs no line end, and gets none. */
    if (!status && r->in.len > 0)
        status = put_line(r, (mk_str){r->in.ptr, r->in.len});
    return status ? status : r->damaged ? CLI_DAMAGED : CLI_DONE;
}

/* ---- options ---- */

/* Switches operations, names with commas between them. `decode_bytes` is the one that
 * works on bytes: it is --charset auto by another name. 0, or an exit status. */
static int switch_list(const char *list, const char *value, run *r)
{
    while (list && *list) {
        const mk_str name = {list, strcspn(list, ",")};
        cli_nearest nearest = {.word = list};
        if (mk_str_eq(name, MK_STR("decode_bytes"))) {
            const char *const charset = r->charset ? r->charset : "auto";
            r->charset = strcmp(value, "on") == 0 ? charset : NULL;
        } else if (mk_operation_find(name) < 0) {
            for (const mk_rule *op = mk_operation_rules; op->name; op++)
                cli_nearest_try(&nearest, op->name);
            return cli_say_usage(CLI_NORMALIZE, "unknown operation '%.*s'%s%s%s", (int)name.len,
                                 name.ptr, nearest.best ? " (did you mean '" : "",
                                 nearest.best ? nearest.best : "", nearest.best ? "'?)" : "");
        }
        mk_norm_set(&r->options, name, mk_str_of(value));
        list += name.len + (list[name.len] == ',');
    }
    return CLI_DONE;
}

static int read_options(const cli_args *args, run *r)
{
    const cli_word form = cli_choice("profile", args->form);
    int status;

    if (args->only && (args->form || args->on || args->off))
        return cli_say_usage(CLI_NORMALIZE, "--only takes no profile and no other operations");
    r->charset = args->charset;
    r->detect = args->lang == 0;
    r->jsonl = args->jsonl;
    r->explain = args->explain;
    if (form.len > 0)
        mk_norm_set(&r->options, MK_STR("form"), (mk_str){form.ptr, form.len});
    cli_norm_choices(args, &r->options);
    if (args->only)
        r->options.form = MK_FORM_ONLY;
    status = switch_list(args->only, "on", r);
    if (!status)
        status = switch_list(args->on, "on", r);
    if (!status)
        status = switch_list(args->off, "off", r);
    if (!status && r->charset && r->jsonl)
        return cli_say_usage(CLI_NORMALIZE, "JSONL is UTF-8: --jsonl takes no charset");
    return status;
}

int cli_normalize(const cli_args *args)
{
    run r = {.normalizer = NULL};
    int status = read_options(args, &r);

    if (status)
        return status;
    if (isatty(STDIN_FILENO)) {
        cli_usage_print(stderr, CLI_NORMALIZE);
        return cli_say_usage(CLI_NORMALIZE, "standard input is a terminal: "
                                            "lines are read from a file or a pipe");
    }
    r.normalizer = mk_normalizer_new();
    status = r.normalizer ? normalize(&r) : cli_say_nomem();
    mk_normalizer_free(r.normalizer);
    free(r.scratch.ptr);
    free(r.in.ptr);
    return status;
}
