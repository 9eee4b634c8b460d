/* test_nfc_unicode.c: the filter nfc against Unicode's NormalizationTest.txt.
 *
 * MK_UNICODE_DATA, which the build gives, is that file or the folder it is in,
 * plain or with .bz2 (Debian: package unicode-data). Without it the test says in
 * TAP that it is skipped. */
#include <stdio.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "minkhal/minkhal.h"
#include "support.h"

#ifndef MK_UNICODE_DATA
#define MK_UNICODE_DATA ""
#endif

enum { MAX_FILE = 16 << 20 /* bytes; 15.0 has 2.7 million */ };

static char *data; /* the file, NUL-ended */

/* ---- the file ---- */

static char *read_stream(struct archive *a)
{
    struct archive_entry *entry;
    char *bytes = malloc(MAX_FILE + 1);
    size_t len = 0;
    la_ssize_t n = -1;

    if (!bytes || archive_read_next_header(a, &entry) != ARCHIVE_OK) {
        free(bytes);
        return NULL;
    }
    while (len < MAX_FILE && (n = archive_read_data(a, bytes + len, MAX_FILE - len)) > 0)
        len += (size_t)n;
    bytes[len] = '\0';
    if (n == 0)
        return bytes;
    free(bytes);
    return NULL;
}

static char *read_file(const char *path)
{
    struct archive *a = archive_read_new();
    char *bytes = NULL;

    if (a && archive_read_support_format_raw(a) == ARCHIVE_OK &&
        archive_read_support_filter_bzip2(a) >= ARCHIVE_WARN &&
        archive_read_open_filename(a, path, 1 << 16) == ARCHIVE_OK)
        bytes = read_stream(a);
    archive_read_free(a);
    return bytes;
}

static char *find_data(void)
{
    static const char *const ends[] = {"", ".bz2", "/NormalizationTest.txt",
                                       "/NormalizationTest.txt.bz2"};
    char *bytes = NULL;

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends) && !bytes; i++) {
        char path[512];
        snprintf(path, sizeof(path), "%s%s", MK_UNICODE_DATA, ends[i]);
        bytes = *MK_UNICODE_DATA ? read_file(path) : NULL;
    }
    return bytes;
}

/* ---- its lines ---- */

enum { N_COLUMNS = 5, MAX_COLUMN = 128 /* bytes of UTF-8 */ };

typedef struct row {
    char bytes[N_COLUMNS][MAX_COLUMN];
    mk_str columns[N_COLUMNS];
    uint32_t first; /* code point of the first column, if it is the only one */
} row;

/* Code points in hexadecimal, up to the semicolon. Returns what is after it. */
static const char *read_column(const char *p, char *bytes, mk_str *ret, uint32_t *ret_only)
{
    size_t len = 0;
    int n = 0;

    while (*p && *p != ';' && *p != '\n') {
        char *end;
        const uint32_t cp = (uint32_t)strtoul(p, &end, 16);
        if (end == p || len + 4 > MAX_COLUMN)
            return NULL;
        len += mk_utf8_put(bytes + len, cp);
        *ret_only = n++ == 0 ? cp : 0;
        p = end + (*end == ' ');
    }
    *ret = (mk_str){bytes, len};
    return *p == ';' ? p + 1 : NULL;
}

/* False on lines that are no rows. */
static bool read_row(const char *line, row *r)
{
    uint32_t only;

    if (*line == '#' || *line == '@' || *line == '\n')
        return false;
    for (int i = 0; i < N_COLUMNS; i++) {
        line = read_column(line, r->bytes[i], &r->columns[i], i == 0 ? &r->first : &only);
        if (!line)
            return false;
    }
    return true;
}

static const char *next_line(const char *line)
{
    const char *const lf = strchr(line, '\n');

    return lf ? lf + 1 : line + strlen(line);
}

/* ---- the operations ---- */

static mk_normalizer *normalizer;

static bool becomes(const char *operation, mk_str in, mk_str want)
{
    mk_norm_options options = {.form = MK_FORM_ONLY};
    mk_str got;

    ck_assert(mk_norm_set(&options, mk_str_of(operation), MK_STR("on")));
    return mk_norm_text(normalizer, &options, in, &got) == MK_OK && mk_str_eq(got, want);
}

static void setup(void)
{
    normalizer = mk_normalizer_new();
    ck_assert_ptr_nonnull(normalizer);
}

static void teardown(void)
{
    mk_normalizer_free(normalizer);
}

START_TEST(every_row_holds)
{
    int n_rows = 0, number = 0;

    for (const char *line = data; *line; line = next_line(line)) {
        row r;
        number++;
        if (!read_row(line, &r))
            continue;
        n_rows++;
        for (int i = 0; i < N_COLUMNS; i++) {
            const mk_str want = r.columns[i < 3 ? 1 : 3];
            if (!becomes("nfc", r.columns[i], want))
                ck_abort_msg("line %d, column %d", number, i + 1);
            if (!becomes("nfkc", r.columns[i], r.columns[3]))
                ck_abort_msg("line %d, column %d, nfkc", number, i + 1);
        }
    }
    ck_assert_int_gt(n_rows, 18000);
}
END_TEST

START_TEST(characters_that_are_not_in_part_1_stay)
{
    static bool listed[0x110000];
    bool part1 = false;

    for (const char *line = data; *line; line = next_line(line)) {
        row r;
        if (*line == '@')
            part1 = strncmp(line, "@Part1", 6) == 0;
        if (part1 && read_row(line, &r) && r.first < sizeof(listed))
            listed[r.first] = true;
    }
    ck_assert(listed[0x212B]);
    for (uint32_t cp = 1; cp < sizeof(listed); cp++) {
        char bytes[4];
        if (listed[cp] || (cp >= 0xD800 && cp <= 0xDFFF))
            continue;
        const mk_str s = {bytes, mk_utf8_put(bytes, cp)};
        if (!becomes("nfc", s, s) || !becomes("nfkc", s, s))
            ck_abort_msg("U+%04X", (unsigned)cp);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("nfc_unicode");
    TCase *t = tcase_create("NormalizationTest.txt");

    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_row_holds);
    tcase_add_test(t, characters_that_are_not_in_part_1_stay);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    data = find_data();
    if (!data) {
        puts("1..0 # SKIP no NormalizationTest.txt");
        return EXIT_SUCCESS;
    }
    const int status = mk_test_run(suite());
    free(data);
    return status;
}
