/* test_pages.c: profile `web` on every page of fixtures/pages: NAME.txt, or
 * NAME.html with its markup, must come out as NAME.clean. A line of TAP a page, in byte order of names; the pages are
 * described in fixtures/pages/README.md.
 *
 * fixtures/pages/KNOWN lists pages that do not come out right yet, one
 * "NAME N" a line: N lines are lost or kept by mistake. It is a ratchet: such a
 * page may differ in N lines and no more, and one that matches must leave the
 * list. Pages are compared with all that `web` does to the letters of the lines
 * that it keeps (presentation forms become letters, a ZWNJ inside a Persian word
 * stays, ...), so a .clean file has those lines as the letter filters leave them.
 *
 * Each page is also given back by its ledger. With --known it prints what KNOWN
 * would have to say now. */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "doc/doc.h"
#include "minkhal/minkhal.h"
#include "read/html.h"
#include "chain/pipeline.h"
#include "support.h"
#include "write/ledger.h"

enum { MAX_NAME = 64, MAX_PAGES = 512, MAX_LINES = 2000 /* of a page */ };

typedef struct known {
    char name[MAX_NAME];
    unsigned n_lines;
    bool used;
} known;

typedef struct lines {
    mk_str items[MAX_LINES];
    size_t n;
} lines;

static void MK_PRINTF(1, 2) bail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("Bail out! ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    exit(2);
}

static mk_str read_fixture(const char *name, const char *ending, bool optional)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/pages/%s%s", MK_FIXTURES, name, ending);
    FILE *file = fopen(path, "rb");
    if (!file && optional)
        return (mk_str){NULL, 0};
    if (!file)
        bail("no file %s", path);
    fclose(file);
    return mk_test_read(path);
}

/* ---- which pages ---- */

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_pages(char **ret)
{
    DIR *folder = opendir(MK_FIXTURES "/pages");
    size_t n = 0;
    if (!folder)
        bail("no folder %s/pages", MK_FIXTURES);
    for (const struct dirent *e; (e = readdir(folder));) {
        const char *ending = strrchr(e->d_name, '.');
        const size_t len = ending ? (size_t)(ending - e->d_name) : 0;
        if (len == 0 || (strcmp(ending, ".txt") != 0 && strcmp(ending, ".html") != 0))
            continue;
        if (n == MAX_PAGES || len >= MAX_NAME)
            bail("too many pages or too long a name: %s", e->d_name);
        ret[n] = strndup(e->d_name, len);
        if (!ret[n++])
            bail("out of memory");
    }
    closedir(folder);
    qsort(ret, n, sizeof(*ret), by_bytes);
    if (n == 0)
        bail("no pages in %s/pages", MK_FIXTURES);
    return n;
}

static size_t read_known(known *ret)
{
    const mk_str file = read_fixture("KNOWN", "", true);
    size_t n = 0;
    unsigned number = 0;
    for (char *line = (char *)(uintptr_t)file.ptr; line && *line;) {
        char *lf = strchr(line, '\n');
        if (lf)
            *lf = '\0';
        number++;
        if (*line && *line != '#') {
            char end;
            if (n == MAX_PAGES ||
                sscanf(line, "%63s %u%c", ret[n].name, &ret[n].n_lines, &end) != 2 ||
                ret[n].n_lines == 0)
                bail("KNOWN:%u: expected a name and a number of lines", number);
            for (size_t i = 0; i < n; i++)
                if (strcmp(ret[i].name, ret[n].name) == 0)
                    bail("KNOWN:%u: '%s' again", number, ret[n].name);
            ret[n++].used = false;
        }
        line = lf ? lf + 1 : NULL;
    }
    free((char *)(uintptr_t)file.ptr);
    return n;
}

static known *find_known(known *all, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* ---- comparing ---- */

static void split(mk_str text, lines *ret)
{
    ret->n = 0;
    for (size_t at = 0; at < text.len;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        if (ret->n == MAX_LINES)
            bail("more than %d lines in a page", MAX_LINES);
        ret->items[ret->n++] = mk_str_sub(text, at, end);
        at = end + 1;
    }
}

/* Appends the lines that only one of both has, in order: "-" lost, "+" kept by
 * mistake. Returns their number. */
static unsigned diff(const lines *want, const lines *got, mk_buf *out)
{
    /* common[i][j]: lines in common of want from i and got from j */
    const size_t width = got->n + 1;
    unsigned *common = calloc((want->n + 1) * width, sizeof(*common));
    unsigned n_lines = 0;
    if (!common)
        bail("out of memory");
    for (size_t i = want->n; i-- > 0;)
        for (size_t j = got->n; j-- > 0;) {
            const unsigned down = common[(i + 1) * width + j], right = common[i * width + j + 1];
            common[i * width + j] = mk_str_eq(want->items[i], got->items[j])
                                        ? common[(i + 1) * width + j + 1] + 1
                                    : down > right ? down
                                                   : right;
        }
    for (size_t i = 0, j = 0; i < want->n || j < got->n;) {
        if (i < want->n && j < got->n && mk_str_eq(want->items[i], got->items[j])) {
            i++;
            j++;
            continue;
        }
        const bool lost = j == got->n ||
                          (i < want->n && common[(i + 1) * width + j] >= common[i * width + j + 1]);
        const mk_str line = lost ? want->items[i++] : got->items[j++];
        mk_buf_printf(out, "#   %s%.*s\n", lost ? "- " : "+ ", (int)line.len, line.ptr);
        n_lines++;
    }
    free(common);
    return n_lines;
}

/* ---- a page ---- */

/* True if the ledger gives raw back. */
static bool is_restored(const mk_chain *chain, const mk_doc *doc, mk_str text, mk_arena *arena)
{
    const mk_filter *filters[MK_MAX_STEPS + 1] = {NULL};
    for (size_t i = 0; i < mk_chain_length(chain); i++)
        filters[i] = mk_chain_filter(chain, i);
    mk_buf line = {.max = MK_BUF_MAX}, back = {.max = MK_BUF_MAX};
    mk_ledger_record record;
    mk_error error;
    mk_ledger_put(doc, filters, &line);
    const bool ok = mk_ledger_parse(mk_buf_str(&line), arena, &record, &error) == MK_OK &&
                    mk_ledger_undo(text, &record, arena, &back, &error) == MK_OK &&
                    mk_str_eq(mk_buf_str(&back), doc->raw);
    mk_buf_clear(&line);
    mk_buf_clear(&back);
    return ok;
}

/* The page as a reader leaves it. */
static mk_doc parse(const char *name, mk_str text, mk_str html, mk_arena *arena)
{
    mk_doc doc = {.raw = text, .id = mk_str_of(name), .members = MK_STR("{}")};
    mk_html_page page;
    mk_error error;
    if (html.ptr && (mk_html_text(html, (mk_str){"", 0}, NULL, arena, &page, &error) != MK_OK ||
                     mk_html_fill(&page, arena, &doc, &error) != MK_OK))
        bail("%s.html: %s", name, error.text);
    return doc;
}

/* The lines that differ between the page's text and its .clean. */
static unsigned compare(const mk_chain *chain, const char *name, mk_buf *notes, bool *ret_restored)
{
    static lines want, got;
    const mk_str html = read_fixture(name, ".html", true);
    const mk_str raw = read_fixture(name, ".txt", html.ptr != NULL);
    const mk_str clean = read_fixture(name, ".clean", false);
    mk_buf text = {.max = MK_BUF_MAX};
    mk_arena *arena = mk_arena_new();
    mk_doc doc = {0};
    if (arena)
        doc = parse(name, raw, html, arena);
    if (!arena || mk_pipeline_run(chain, &doc, arena) != MK_OK)
        bail("out of memory");
    mk_doc_put_text(&doc, &text);
    split(clean, &want);
    split(mk_buf_str(&text), &got);
    const unsigned n = diff(&want, &got, notes);
    *ret_restored = is_restored(chain, &doc, mk_buf_str(&text), arena);
    mk_arena_free(arena);
    mk_buf_clear(&text);
    free((char *)(uintptr_t)html.ptr);
    free((char *)(uintptr_t)raw.ptr);
    free((char *)(uintptr_t)clean.ptr);
    return n;
}

/* True if the page is as it must be; a line of TAP. */
static bool check_page(const mk_chain *chain, const char *name, known *listed, unsigned number)
{
    mk_buf notes = {.max = MK_BUF_MAX};
    bool restored = false;
    const unsigned n = compare(chain, name, &notes, &restored);
    const bool ok = restored && (listed ? n > 0 && n <= listed->n_lines : n == 0);
    printf("%s %u - %s", ok ? "ok" : "not ok", number, name);
    if (ok && listed)
        printf(": %u of %u known lines differ", n, listed->n_lines);
    putchar('\n');
    if (!restored)
        puts("# its ledger does not give the page back");
    if (listed && n == 0)
        printf("# it comes out right now: take '%s' out of fixtures/pages/KNOWN\n", name);
    else if (listed && n > listed->n_lines)
        printf("# %u lines differ, %u of them are known (- lost, + kept):\n", n, listed->n_lines);
    else if (!listed && n > 0)
        printf("# %u lines differ (- lost, + kept):\n", n);
    if (!ok && notes.len > 0)
        printf("%.*s", (int)notes.len, notes.ptr);
    mk_buf_clear(&notes);
    return ok;
}

/* The pages that differ, as lines of KNOWN. */
static int print_known(const mk_chain *chain, char **names, size_t n)
{
    puts("# Pages that profile web does not get right yet, and how many lines differ.");
    for (size_t i = 0; i < n; i++) {
        mk_buf notes = {.max = MK_BUF_MAX};
        bool restored = false;
        const unsigned n_lines = compare(chain, names[i], &notes, &restored);
        if (n_lines > 0)
            printf("%s %u\n", names[i], n_lines);
        mk_buf_clear(&notes);
        free(names[i]);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static char *names[MAX_PAGES];
    static known all[MAX_PAGES];
    const size_t n = list_pages(names), n_known = read_known(all);
    mk_chain *chain = NULL;
    mk_error error;
    const mk_chain_options options = {.profile = "web"};
    if (mk_chain_open(&options, &chain, &error) != MK_OK)
        bail("%s", error.text);
    if (argc == 2 && strcmp(argv[1], "--known") == 0) {
        const int status = print_known(chain, names, n);
        mk_chain_close(chain);
        return status;
    }
    bool ok = true;
    printf("1..%zu\n", n + 1);
    for (size_t i = 0; i < n; i++) {
        known *listed = find_known(all, n_known, names[i]);
        if (listed)
            listed->used = true;
        ok &= check_page(chain, names[i], listed, (unsigned)i + 1);
        free(names[i]);
    }
    bool all_used = true;
    for (size_t i = 0; i < n_known; i++) {
        if (!all[i].used)
            printf("# KNOWN: there is no page '%s'\n", all[i].name);
        all_used &= all[i].used;
    }
    printf("%s %zu - KNOWN lists pages that exist\n", all_used ? "ok" : "not ok", n + 1);
    mk_chain_close(chain);
    return ok && all_used ? EXIT_SUCCESS : EXIT_FAILURE;
}
