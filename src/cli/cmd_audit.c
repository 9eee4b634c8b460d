/* cmd_audit.c: shows removals one by one, takes a person's verdict by key, and tells
 * what share of them was wrong. A verdict is in the file before the next removal is
 * shown, so that an audit can be left and taken up again. Keys come from standard
 * input: from a terminal one at a time, else as characters, white space passed over.
 * Cases: fixtures/cli/audit_*. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "print.h"
#include "minkhal/report.h"

enum { ID_MAX = 80 /* columns of an id */ };

typedef struct view {
    const cli_args *args;
    bool color;
    bool terminal;                     /* keys come one at a time */
    const volatile sig_atomic_t *stop; /* set by a signal */
} view;

/* ---- keys ---- */

/* A key; EOF at the end, or if a signal came. */
static int read_key(const view *v)
{
    struct termios was, now;
    int c;

    if (v->terminal && tcgetattr(STDIN_FILENO, &was) == 0) {
        now = was;
        now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        now.c_cc[VMIN] = 1;
        now.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
        c = getchar();
        tcsetattr(STDIN_FILENO, TCSADRAIN, &was);
        return c;
    }
    do
        c = getchar();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t');
    return c;
}

typedef enum answer {
    JUDGED_RIGHT = MK_JUDGED_RIGHT,
    JUDGED_WRONG = MK_JUDGED_WRONG,
    JUDGED_UNSURE = MK_JUDGED_UNSURE,
    GO_BACK, /* to the one before */
    QUIT     /* enough for now */
} answer;

static const struct {
    char key;
    answer answer;
} keys[] = {{'y', JUDGED_RIGHT},  {'Y', JUDGED_RIGHT},  {'n', JUDGED_WRONG}, {'N', JUDGED_WRONG},
            {'?', JUDGED_UNSURE}, {'u', JUDGED_UNSURE}, {'b', GO_BACK},      {'B', GO_BACK},
            {'q', QUIT},          {'Q', QUIT}};

static answer ask(const view *v)
{
    fputs("  [y] right  [n] wrong: content was lost  [?] unsure  [b] back  [q] quit ", stdout);
    for (;;) {
        fflush(stdout);
        const int c = read_key(v);

        fprintf(stdout, "%c\n", c > ' ' && c < 0x7F ? c : ' ');
        if (c == EOF)
            return QUIT;
        for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
            if (c == keys[i].key)
                return keys[i].answer;
        fputs("  y, n, ?, b or q ", stdout);
    }
}

/* ---- a removal ---- */

static void put_lines(const view *v, mk_str text, const char *sign, cli_style style)
{
    for (size_t at = 0; at < text.len;) {
        const char *const lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        const mk_str line = mk_str_trim(mk_str_sub(text, at, end));

        at = end + 1;
        if (line.len == 0)
            continue;
        cli_style_put(stdout, v->color, style);
        fputs(sign, stdout);
        cli_put(stdout, line, 0, CLI_SHOW_SAFE);
        cli_style_put(stdout, v->color, CLI_PLAIN);
        fputc('\n', stdout);
    }
}

/* What the rule is for, in the words of its filter; "" if it is not built in. */
static const char *help_of(mk_str rule)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        for (const mk_rule *r = (*f)->rules; r && r->name; r++) {
            const size_t n = strlen((*f)->name);
            if (rule.len == n + 1 + strlen(r->name) && memcmp(rule.ptr, (*f)->name, n) == 0 &&
                memcmp(rule.ptr + n + 1, r->name, strlen(r->name)) == 0)
                return r->help;
        }
    return "";
}

static void put_case(const view *v, const mk_audit_case *c, size_t number, size_t n)
{
    printf("\n%zu of %zu  ", number, n);
    cli_style_put(stdout, v->color, CLI_BOLD);
    cli_put(stdout, c->rule, 0, CLI_SHOW_SAFE);
    cli_style_put(stdout, v->color, CLI_PLAIN);
    const char *const help = help_of(c->rule);
    printf("%s%s\n", *help ? "  " : "", help);
    if (c->evidence.len > 0) {
        fputs("  because: ", stdout);
        cli_put(stdout, c->evidence, 0, CLI_SHOW_SAFE);
        fputc('\n', stdout);
    }
    fputs("  in ", stdout);
    cli_put(stdout, c->id, ID_MAX, CLI_SHOW_SAFE);
    fputs(c->whole ? ", of which nothing was kept\n" : "\n", stdout);
    put_lines(v, c->before, "    ", CLI_DIM);
    put_lines(v, c->removed, "  - ", CLI_RED);
    put_lines(v, c->after, "    ", CLI_DIM);
}

/* ---- the audit ---- */

static int say_output(const char *path)
{
    cli_say("cannot write '%s': %s", path, strerror(errno));
    return CLI_OUTPUT;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t done = write(fd, bytes, n);
        if (done <= 0 && (done == 0 || errno != EINTR)) {
            errno = done == 0 ? ENOSPC : errno;
            return false;
        }
        bytes += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

/* To the disk: a verdict is a person's work. Nothing is left of one that could not be written,
 * so that others can follow. */
static bool write_line(int fd, mk_str line)
{
    const off_t before = lseek(fd, 0, SEEK_END);
    int status;

    if (!write_all(fd, line.ptr, line.len)) {
        const int reason = errno;
        if (before >= 0)
            (void)!ftruncate(fd, before);
        errno = reason;
        return false;
    }
    do
        status = fsync(fd);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

static int judge_all(const view *v, const mk_audit *audit)
{
    const char *const path = v->args->output;
    const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    mk_scratch scratch = {0};
    int status = fd >= 0 ? CLI_DONE : errno == ENOMEM ? cli_say_nomem() : say_output(path);

    for (size_t i = 0; i < audit->n_cases && !status;) {
        mk_str line;

        put_case(v, &audit->cases[i], i + 1, audit->n_cases);
        const answer a = ask(v);
        if (a == QUIT)
            break;
        if (a == GO_BACK) { /* a second verdict takes the place of the first */
            i -= i > 0;
            continue;
        }
        if (!mk_audit_line(&audit->cases[i++], (mk_judgement)a, &scratch, &line))
            status = cli_say_nomem();
        else if (!write_line(fd, line))
            status = say_output(path);
    }
    free(scratch.ptr);
    if (fd >= 0 && close(fd) != 0 && errno != EINTR && !status)
        status = say_output(path);
    return status;
}

/* ---- the report ---- */

static void add_share(cli_table *table, double share)
{
    char text[CLI_NUMBER];

    snprintf(text, sizeof(text), "%.2f%%", 100 * share);
    cli_table_add(table, text);
}

static void add_rate(cli_table *table, const char *name, const mk_audit_rate *r)
{
    const bool decided = r->judged[MK_JUDGED_RIGHT] + r->judged[MK_JUDGED_WRONG] > 0;

    cli_table_add(table, name);
    cli_table_number(table, r->population);
    for (int i = 0; i < MK_JUDGED_COUNT; i++)
        cli_table_number(table, r->judged[i]);
    if (decided) {
        add_share(table, r->rate);
        add_share(table, r->low);
        add_share(table, r->high);
    } else {
        for (int i = 0; i < 3; i++)
            cli_table_add(table, "-");
    }
}

/* 0, or an exit status. */
static int put_report(const view *v, const mk_audit_report *report)
{
    static const char *const heads[] = {"rule",   "removals", "right", "wrong",
                                        "unsure", "rate",     "from",  "to"};
    cli_table table = {.n_columns = 8, .right = 0xFE};

    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
        cli_table_add(&table, heads[i]);
    add_rate(&table, "all, by weight", &report->all);
    for (size_t i = 0; i < report->n_rules; i++) {
        char name[128];

        snprintf(name, sizeof(name), "%.*s",
                 (int)(report->rules[i].rule.len < 100 ? report->rules[i].rule.len : 100),
                 report->rules[i].rule.ptr);
        add_rate(&table, name, &report->rules[i]);
    }
    const bool printed = cli_table_print(stdout, &table, v->color);
    cli_table_clear(&table);
    return printed ? CLI_DONE : cli_say_nomem();
}

static void put_json_rate(cli_json *j, const mk_audit_rate *r)
{
    static const char *const names[] = {"right", "wrong", "unsure"};

    cli_json_open(j, '{');
    cli_json_key(j, "rule");
    cli_json_str(j, r->rule);
    cli_json_key(j, "removals");
    cli_json_number(j, r->population);
    for (int i = 0; i < MK_JUDGED_COUNT; i++) {
        cli_json_key(j, names[i]);
        cli_json_number(j, r->judged[i]);
    }
    cli_json_key(j, "rate");
    cli_json_real(j, r->rate);
    cli_json_key(j, "low");
    cli_json_real(j, r->low);
    cli_json_key(j, "high");
    cli_json_real(j, r->high);
    cli_json_close(j, '}');
}

static void put_json(const mk_audit_report *report)
{
    cli_json json = {.f = stdout};
    cli_json *const j = &json;

    cli_json_open(j, '{');
    cli_json_key(j, "all");
    put_json_rate(j, &report->all);
    cli_json_key(j, "rules");
    cli_json_open(j, '[');
    for (size_t i = 0; i < report->n_rules; i++)
        put_json_rate(j, &report->rules[i]);
    cli_json_close(j, ']');
    cli_json_close(j, '}');
    fputc('\n', stdout);
}

static int report(const view *v, const char *path)
{
    mk_audit_report report;
    mk_error error = {0};
    int status = CLI_DONE;

    if (mk_audit_read(path, &report, &error))
        status = cli_say_error(&error);
    else if (v->args->json)
        put_json(&report);
    else
        status = put_report(v, &report);
    mk_audit_report_clear(&report);
    return status;
}

/* ---- the command ---- */

static int audit(const view *v)
{
    const cli_args *const args = v->args;
    const mk_audit_options options = {
        .inputs = args->operands.items,
        .n_inputs = args->operands.n,
        .verdicts = args->output,
        .n_sample = (size_t)args->samples,
        .seed = args->seed,
        .stop = v->stop,
    };
    mk_audit drawn;
    mk_error error = {0};
    char n[CLI_NUMBER];
    int status = CLI_DONE;

    if (mk_audit_draw(&options, &drawn, &error)) {
        status = cli_say_error(&error);
    } else {
        printf("%s %s; %zu drawn, %zu of them judged before\n", cli_number(n, drawn.population),
               cli_plural(drawn.population, "removal", "removals"), drawn.n_cases + drawn.n_judged,
               drawn.n_judged);
        status = judge_all(v, &drawn);
    }
    mk_audit_clear(&drawn);
    if (!status && *v->stop)
        status = CLI_STOPPED;
    if (status)
        return status;
    fputc('\n', stdout);
    return report(v, args->output);
}

int cli_audit(const cli_args *args)
{
    const view v = {args, cli_color(args->color, stdout), isatty(STDIN_FILENO) == 1,
                    cli_catch_signals()};

    if (args->report && (args->operands.n > 0 || args->output))
        return cli_say_usage(CLI_AUDIT, "'--report' takes neither LEDGER nor '-o'");
    if (args->report)
        return report(&v, args->report);
    if (args->json)
        return cli_say_usage(CLI_AUDIT, "'--json' needs '--report'");
    if (args->operands.n == 0)
        return cli_say_usage(CLI_AUDIT, "audit needs LEDGER and CLEANED, or the folder of a run");
    if (!args->output)
        return cli_say_usage(CLI_AUDIT, "audit needs -o FILE");
    return audit(&v);
}
