/* reader.c: which reader a stream is for. Its bytes decide. Where they are those of no
 * format, and plain text would take them as it takes anything, the name is asked: a file
 * that lost its first bytes must not become a text of another kind.
 * Cases: tests/read/test_reader.c, tests/faults/damage.py. */
#include "read/reader.h"

static const mk_reader *const readers[] = {&mk_reader_jsonl, &mk_reader_html, &mk_reader_text,
                                           &mk_reader_warc, &mk_reader_arc};

const mk_reader *mk_reader_pick(mk_str head)
{
    const mk_reader *best = &mk_reader_text;
    int most = 0;

    for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
        const int bid = readers[i]->bid(head);
        if (bid > most) {
            best = readers[i];
            most = bid;
        }
    }
    return best;
}

/* ---- what a name says ---- */

typedef struct ending {
    const char *text;
    const char *packed;      /* what it says of how the file is stored; or NULL */
    const mk_reader *reader; /* or what is in it */
    bool codec;
} ending;

static const ending endings[] = {
    {".gz", "gzip", NULL, true},
    {".zst", "zstd", NULL, true},
    {".xz", "xz", NULL, true},
    {".bz2", "bzip2", NULL, true},
    {".tar", "tar", NULL, false},
    {".tgz", "tar", NULL, false},
    {".zip", "zip", NULL, false},
    {".wacz", "zip", NULL, false},
    {".jsonl", NULL, &mk_reader_jsonl, false},
    {".ndjson", NULL, &mk_reader_jsonl, false},
    {".warc", NULL, &mk_reader_warc, false},
    {".wet", NULL, &mk_reader_warc, false},
    {".arc", NULL, &mk_reader_arc, false},
};

/* What would pass for plain text, or for damage, and is something else. */
static const char *const tables[] = {".csv", ".tsv", ".parquet", ".arrow", ".feather"};

static bool is_table(mk_str name)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        const mk_str end = mk_str_of(tables[i]);
        if (name.len > end.len && mk_str_eq(mk_str_sub(name, name.len - end.len, name.len), end))
            return true;
    }
    return false;
}

/* "[{": objects in one array, not one a line. */
static bool is_array(mk_str head)
{
    size_t at = 0;
    while (at < head.len && memchr(" \t\r\n", head.ptr[at], 4))
        at++;
    if (at == head.len || head.ptr[at++] != '[')
        return false;
    while (at < head.len && memchr(" \t\r\n", head.ptr[at], 4))
        at++;
    return at < head.len && head.ptr[at] == '{';
}

/* The one that name has; NULL: none of them. */
static const ending *find_ending(mk_str name)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        const mk_str end = mk_str_of(endings[i].text);
        if (name.len > end.len && mk_str_eq(mk_str_sub(name, name.len - end.len, name.len), end))
            return &endings[i];
    }
    return NULL;
}

mk_err mk_reader_choose(const mk_stream *s, mk_str head, const mk_reader **ret, mk_error *reterr)
{
    const mk_reader *const reader = mk_reader_pick(head);
    mk_str name = mk_str_of(s->name);
    const ending *e = reader == &mk_reader_text ? find_ending(name) : NULL;

    while (s->packed && e && e->codec) { /* that was undone */
        name.len -= strlen(e->text);
        e = find_ending(name);
    }
    if (reader == &mk_reader_text && is_table(name))
        return mk_fail(reterr, MK_DAMAGED,
                       "'%s' is a table, which is not read: make it an object of JSON a line",
                       s->name);
    if (reader == &mk_reader_text && is_array(head))
        return mk_fail(reterr, MK_DAMAGED,
                       "'%s' is one JSON array: an object a line is read ('jq -c .[]' makes them)",
                       s->name);
    if (e && e->packed)
        return mk_fail(reterr, MK_DAMAGED, "no %s at the beginning of '%s'", e->packed, s->name);
    *ret = e ? e->reader : reader;
    return MK_OK;
}
