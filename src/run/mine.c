/* mine.c: counts the lines of each site's pages and writes the frequent ones.
 *
 * What is on 20 pages and on 1 % of the pages of a site is its furniture; on 4
 * pages a third of it is still content. Longer lines must be on 10 %: the same
 * notice stands under many articles of one author. Lines that end in a colon,
 * ordinals and numbered headings are the skeleton of texts: they are not counted
 * however frequent they are. Source: measured on bodies of Saudi news
 * sites. Cases: tests/run/test_mine.c, fixtures/cli/mine_*. */
#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/need.h"
#include "doc/fold.h"
#include "doc/segment.h"
#include "read/reader.h"
#include "run/counts.h"
#include "run/messages.h"
#include "read/source.h"
#include "write/sink.h"
#include "write/apart.h"

enum {
    DEFAULT_MEMORY = 512 << 20, /* bytes */
    DEFAULT_PAGES = 20,
    DEFAULT_SHARE = 1,   /* percent */
    SHORT = 80,          /* letters of a line that DEFAULT_SHARE is enough for */
    LONG_SHARE = 10,     /* percent, for longer ones */
    MIN_LETTERS = 2,     /* less is a letter of a list */
    HEADING_WORDS = 4,   /* a numbered heading has no more */
    MAX_RULES = 1 << 30, /* bytes of a file of rules */
    CHUNK = 1 << 20,     /* bytes that are written at once */
    REPORT = 256,        /* records between two reports of progress */
    MAX_WORD = 48,       /* bytes of a word below, folded */
};

/* ---- the skeleton of texts ---- */

/* What is counted in headings, and what counts. Each also with the article. */
static const char *const units[] = {
    "الفصل",  "الباب",   "المبحث", "المطلب", "المادة",   "الجزء",   "القسم",  "الدرس",  "السؤال",
    "الحلقة", "المجلد",  "الفقرة", "البند",  "الوحدة",   "المرحلة", "الخطوة", "السورة", "الآية",
    "الحديث", "المسألة", "الفرع",  "الملحق", "المحاضرة", "القصيدة", "المشهد", "الطريقة"};
static const char *const ordinals[] = {
    "أول",   "أولى", "ثاني",  "ثانية", "ثان",   "ثالث",  "ثالثة", "رابع",  "رابعة", "خامس",
    "خامسة", "سادس", "سادسة", "سابع",  "سابعة", "ثامن",  "ثامنة", "تاسع",  "تاسعة", "عاشر",
    "عاشرة", "أولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا",
    "عاشرا", "حادي", "حادية", "عشر",   "عشرة",  "عشرون", "أخير",  "أخيرة", "أخيرا"};

enum {
    N_UNITS = sizeof(units) / sizeof(*units),
    N_ORDINALS = sizeof(ordinals) / sizeof(*ordinals)
};

typedef struct word {
    char bytes[MAX_WORD];
    size_t len;
} word;

typedef struct skeleton {
    word units[N_UNITS], ordinals[N_ORDINALS], article;
} skeleton;

static void fold_word(const char *text, word *ret)
{
    const mk_str s = mk_str_of(text);
    ret->len = 2 * s.len <= MAX_WORD ? mk_fold(s, ret->bytes, NULL) : 0;
}

static void fold_skeleton(skeleton *s)
{
    for (size_t i = 0; i < N_UNITS; i++)
        fold_word(units[i], &s->units[i]);
    for (size_t i = 0; i < N_ORDINALS; i++)
        fold_word(ordinals[i], &s->ordinals[i]);
    fold_word("ال", &s->article);
}

static bool is_word(const word *list, size_t n, mk_str s)
{
    for (size_t i = 0; i < n; i++)
        if (mk_str_eq((mk_str){list[i].bytes, list[i].len}, s))
            return true;
    return false;
}

static mk_str without(const word *head, mk_str s)
{
    if (s.len > head->len && memcmp(s.ptr, head->bytes, head->len) == 0)
        return mk_str_sub(s, head->len, s.len);
    return s;
}

/* «ثانيا», «المادة الخامسة», «الفصل 3», «الحادي عشر». */
static bool is_numbered(const skeleton *s, mk_str folded, uint32_t n_words)
{
    if (n_words > HEADING_WORDS)
        return false;
    bool counts = false;
    for (size_t at = 0; at < folded.len;) {
        const char *space = memchr(folded.ptr + at, ' ', folded.len - at);
        const size_t end = space ? (size_t)(space - folded.ptr) : folded.len;
        const mk_str w = mk_str_sub(folded, at, end);
        const bool is_unit = at == 0 && is_word(s->units, N_UNITS, w);
        if (!is_unit) {
            if (!mk_str_eq(w, MK_STR("0")) &&
                !is_word(s->ordinals, N_ORDINALS, without(&s->article, w)))
                return false;
            counts = true;
        }
        at = end + 1;
    }
    return counts;
}

/* ---- the run ---- */

typedef struct miner {
    const mk_mine_options *options;
    mk_read_options read;
    uint64_t max_doc, min_pages, min_share;
    mk_counts *counts;
    mk_arena *arena;
    mk_buf folded;
    skeleton skeleton;
    mk_mine_summary *summary;
    mk_summary sources;
    mk_progress progress;
    mk_source_place place; /* that it names */
    mk_messages messages;  /* of bad records */
    mk_error *reterr;
} miner;

static void tell(const miner *m, const char *text)
{
    if (m->options->on_message)
        m->options->on_message(m->options->arg, text);
}

static mk_err no_memory(miner *m)
{
    return mk_fail(m->reterr, MK_NOMEM, "out of memory for the counts");
}

static void show_progress(miner *m)
{
    m->progress.n_in = m->progress.n_written = m->summary->n_in;
    if (m->options->on_progress)
        m->options->on_progress(m->options->arg, &m->progress);
}

/* The line folded (in m->folded, till the next call) if it is one to count. */
static bool fold_line(miner *m, mk_str text, mk_features *ret_features, mk_str *ret)
{
    mk_buf_reset(&m->folded);
    char *to = mk_buf_room(&m->folded, 2 * text.len + 1);
    if (!to) {
        *ret = (mk_str){NULL, 0};
        return false;
    }
    *ret = (mk_str){to, mk_fold(text, to, ret_features)};
    return ret_features->n_letters >= MIN_LETTERS && ret_features->end != MK_END_COLON &&
           !is_numbered(&m->skeleton, *ret, ret_features->n_words);
}

/* ---- counting a page ---- */

static bool is_blank(mk_str text)
{
    return mk_str_trim(text).len == 0;
}

/* text as it can stand in a file of rules: controls are spaces. */
static mk_str tidy(mk_arena *arena, mk_str text)
{
    text = mk_str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x20)
            continue;
        char *copy = mk_arena_bytes(arena, text.len);
        for (size_t k = 0; copy && k < text.len; k++)
            copy[k] = text.ptr[k];
        for (size_t k = i; copy && k < text.len; k++)
            copy[k] = (unsigned char)copy[k] < 0x20 ? ' ' : copy[k];
        return (mk_str){copy, copy ? text.len : 0};
    }
    return text;
}

static mk_err count_line(miner *m, uint32_t site, mk_str raw, size_t third, uint64_t doc)
{
    mk_features features;
    mk_str folded;
    const mk_str text = tidy(m->arena, raw);
    if (!text.ptr)
        return no_memory(m);
    if (text.len > MK_SITE_TEXT || !fold_line(m, text, &features, &folded))
        return m->folded.failed ? no_memory(m) : MK_OK;
    const uint32_t at[3] = {third == 0, third == 1, third == 2};
    return mk_counts_line(m->counts, site, mk_site_key(folded, text), at, doc, text) ? MK_OK
                                                                                     : no_memory(m);
}

static mk_err count_page(miner *m, const mk_doc *doc)
{
    const mk_str field = mk_str_of(m->options->site_field);
    mk_str name;
    uint32_t site = 0;
    if (!mk_site_name(doc, field, m->arena, &name))
        return no_memory(m);
    if (name.len == 0) {
        m->summary->n_no_site++;
        return MK_OK;
    }
    if (!mk_counts_site(m->counts, name, 1, &site))
        return no_memory(m);
    size_t n = 0, i = 0;
    for (size_t k = 0; k < doc->n_lines; k++)
        n += !is_blank(doc->lines[k].text);
    mk_err err = MK_OK;
    for (size_t k = 0; k < doc->n_lines && err == MK_OK; k++)
        if (!is_blank(doc->lines[k].text))
            err = count_line(m, site, doc->lines[k].text, n > 0 ? 3 * i++ / n : 0, doc->seq + 1);
    return err;
}

/* ---- merging a file ---- */

/* Site rules of another field are of other sites. */
static mk_err check_field(const miner *m, const mk_site_reader *r)
{
    const mk_str field = mk_str_of(m->options->site_field);
    if (mk_str_eq(field, r->site_field))
        return MK_OK;
    return mk_fail(m->reterr, MK_OPTION, "%s:1: mined with --site-field '%.*s', not '%.*s'",
                   r->where, (int)r->site_field.len, r->site_field.ptr, (int)field.len, field.ptr);
}

static mk_err merge(miner *m, const char *where, mk_str bytes)
{
    mk_site_reader r = {0};
    mk_site_item item = {0};
    uint32_t site = 0;
    mk_err err = mk_site_read(where, bytes, &r, m->reterr);
    if (err == MK_OK)
        err = check_field(m, &r);
    if (err != MK_OK)
        return err;
    mk_counts_miss(m->counts, r.missed, r.pages_missed);
    while ((err = mk_site_next(&r, &item, m->reterr)) == MK_OK) {
        mk_features features = {0};
        mk_str folded;
        bool ok = true;
        if (item.is_site)
            ok = mk_counts_site(m->counts, item.site, (uint32_t)item.pages, &site);
        else if (fold_line(m, item.text, &features, &folded))
            ok = mk_counts_line(m->counts, site, mk_site_key(folded, item.text), item.at, 0,
                                item.text);
        if (!ok || m->folded.failed)
            return no_memory(m);
    }
    m->summary->n_merged++;
    return err == MK_END ? MK_OK : err;
}

/* ---- records ---- */

static mk_err reject(miner *m, const mk_source *source, const mk_record *record, const char *why)
{
    mk_messages_reject(&m->messages, mk_str_of(source->stream->name), record->number,
                       mk_str_of(why));
    m->summary->n_rejected++;
    return MK_OK;
}

static mk_err take_page(miner *m, const mk_source *source, const mk_record *record)
{
    mk_str where;
    mk_doc doc;
    mk_error why;
    mk_arena_reset(m->arena);
    mk_err err = mk_source_doc(source, record, NULL, m->summary->n_in, m->arena, NULL, &where,
                               &doc);
    m->summary->n_in++;
    if (err == MK_OK) {
        err = source->reader->parse(record->bytes, &m->read, m->arena, &doc, &why);
        if (err == MK_RECORD)
            return reject(m, source, record, why.text);
        if (err == MK_OK && doc.verdict == MK_SKIPPED) {
            m->summary->n_skipped++;
            return MK_OK;
        }
    }
    if (err == MK_OK)
        err = mk_segment(&doc, true, m->arena);
    if (err != MK_OK)
        return mk_fail(m->reterr, err, "out of memory for a record");
    m->progress.text_in += doc.raw.len;
    return count_page(m, &doc);
}

static mk_err take_record(void *arg, const mk_source *source, const mk_record *record,
                          const char *reason)
{
    miner *m = arg;
    mk_source_show(source, &m->place, &m->progress);
    if (!reason && source->reader == &mk_reader_text && mk_site_file_is(record->bytes))
        return merge(m, source->stream->name, record->bytes);
    char text[64];
    if (!reason && record->bytes.len > m->max_doc) {
        snprintf(text, sizeof(text), "longer than %" PRIu64 " bytes (--max-doc)", m->max_doc);
        reason = text;
    }
    if (reason) {
        m->summary->n_in++;
        return reject(m, source, record, reason);
    }
    const mk_err err = take_page(m, source, record);
    if (m->summary->n_in % REPORT == 0)
        show_progress(m);
    return err;
}

static mk_err take_damage(void *arg, const mk_source *source, uint64_t unit, const char *text)
{
    miner *m = arg;
    (void)unit;
    m->sources.n_damaged += source->n_damaged == 0;
    tell(m, text);
    return MK_OK;
}

static void take_note(void *arg, const char *text)
{
    tell(arg, text);
}

/* ---- writing ---- */

/* Letters are counted anew: they are not worth four bytes a line. */
static bool is_rule(const miner *m, const mk_counted *line, const mk_counted_site *site)
{
    const uint64_t n = mk_counted_pages(line);
    const uint64_t of = (uint64_t)site->pages + site->missed;
    if (!line->text || n < m->min_pages)
        return false;
    if (m->options->counts)
        return true;
    mk_features features;
    mk_fold((mk_str){line->text, line->len}, NULL, &features);
    return n * 100 >= of * m->min_share &&
           (features.n_letters <= SHORT || n * 100 >= of * LONG_SHARE);
}

static mk_err send(miner *m, mk_sink *sink, mk_buf *out, size_t above)
{
    if (out->failed)
        return mk_fail(m->reterr, MK_NOMEM, "out of memory for the rules");
    if (out->len <= above)
        return MK_OK;
    const mk_err err = mk_sink_write(sink, mk_buf_str(out), m->reterr);
    mk_buf_reset(out);
    return err;
}

static void put_head(miner *m, mk_buf *out)
{
    const bool counts = m->options->counts;
    const uint32_t missed = mk_counts_missed(m->counts);
    const uint32_t pages_missed = mk_counts_pages_missed(m->counts);
    /* a part leaves out what is on fewer pages: another may have them too */
    const uint64_t left_out = counts ? m->min_pages - 1 : 0;
    m->summary->missed = missed;
    mk_buf_printf(out, "# minkhal site %s 1", counts ? "counts" : "rules");
    if (missed + left_out > 0)
        mk_buf_printf(out, " missed=%" PRIu64, missed + left_out);
    if (pages_missed > 0)
        mk_buf_printf(out, " pages-missed=%" PRIu32, pages_missed);
    if (m->options->site_field)
        mk_buf_printf(out, " site-field=%s", m->options->site_field);
    mk_buf_puts(out, counts
                         ? "\n# Counts of a part of a corpus; `minkhal mine` makes rules of them.\n"
                         : "\n# Lines that many pages of a site have. Delete what is content.\n");
    mk_buf_puts(out,
                "# A line: pages that have it, of those in the first/middle/last third, a tab,\n"
                "# the line as one page has it; spelling, marks and numbers may differ.\n");
}

static void put_site(miner *m, const mk_counted_site *site, mk_buf *out)
{
    mk_buf_printf(out, "\n[%s pages=%" PRIu32 "]\n", site->name, site->pages);
    m->summary->n_sites++;
}

/* A part says of every site how many pages it has, even if it has no line. */
static mk_err put_all(miner *m, mk_sink *sink, mk_buf *out)
{
    const mk_counted_site *sites;
    const mk_counted *lines;
    size_t n_sites, n_lines, k = 0;
    mk_counts_sort(m->counts, &sites, &n_sites, &lines, &n_lines);
    put_head(m, out);
    mk_err err = MK_OK;
    for (size_t i = 0; i < n_sites && err == MK_OK; i++) {
        bool begun = m->options->counts;
        if (begun)
            put_site(m, &sites[i], out);
        for (; k < n_lines && lines[k].site == i && err == MK_OK; k++) {
            const mk_counted *line = &lines[k];
            if (!is_rule(m, line, &sites[i]))
                continue;
            if (!begun)
                put_site(m, &sites[i], out);
            begun = true;
            mk_buf_printf(out, "%" PRIu64 " %" PRIu32 "/%" PRIu32 "/%" PRIu32 "\t",
                          mk_counted_pages(line), line->at[0], line->at[1], line->at[2]);
            mk_buf_put(out, (mk_str){line->text, line->len});
            mk_buf_putc(out, '\n');
            m->summary->n_lines++;
            err = send(m, sink, out, CHUNK);
        }
        if (err == MK_OK)
            err = send(m, sink, out, CHUNK);
    }
    return err == MK_OK ? send(m, sink, out, 0) : err;
}

/* ---- the whole ---- */

static mk_err open_miner(miner *m)
{
    const mk_mine_options *o = m->options;
    m->min_pages = o->min_pages ? o->min_pages : o->counts ? 2 : DEFAULT_PAGES;
    m->min_share = o->min_share ? o->min_share : DEFAULT_SHARE;
    m->folded = (mk_buf){.max = MK_BUF_MAX};
    fold_skeleton(&m->skeleton);
    m->arena = mk_arena_new();
    if (!m->arena)
        return no_memory(m);
    return mk_counts_new(o->memory ? o->memory : DEFAULT_MEMORY, m->min_pages < 2 ? 1 : 2,
                         &m->counts, m->reterr);
}

/* A name that the first line of the file cannot hold. */
static mk_err check_options(miner *m)
{
    const mk_str field = mk_str_of(m->options->site_field);
    bool ok = m->options->site_field == NULL || mk_str_trim(field).len == field.len;
    for (size_t i = 0; i < field.len; i++)
        ok = ok && (unsigned char)field.ptr[i] >= 0x20;
    return ok && (m->options->site_field == NULL || field.len > 0)
               ? MK_OK
               : mk_fail(m->reterr, MK_OPTION, "the name of the site's field is empty or no word");
}

static mk_err read_all(miner *m)
{
    const mk_clean_options inputs = {
        .inputs = m->options->inputs,
        .n_inputs = m->options->n_inputs,
        .text_field = m->options->text_field,
        .html_field = m->options->html_field,
        .max_doc = m->options->max_doc,
        .select = m->options->select,
        .limits = m->options->limits,
        .stop = m->options->stop,
    };
    const mk_source_events events = {take_record, take_damage, take_note, m};
    mk_err err = mk_source_options(&inputs, &m->read, m->reterr);
    if (err != MK_OK)
        return err;
    m->max_doc = m->read.max_doc;
    if (m->read.max_doc < MAX_RULES)
        m->read.max_doc = MAX_RULES; /* a file of rules is one record */
    err = mk_source_each(&inputs, &m->read, &events, &m->sources, &m->progress.total_bytes,
                         m->reterr);
    mk_source_options_clear(&m->read);
    m->summary->n_sources = m->sources.n_sources;
    m->summary->n_damaged = m->sources.n_damaged;
    return err;
}

mk_err mk_mine(const mk_mine_options *options, mk_mine_summary *ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    mk_sink *sink = NULL;
    mk_buf out = {.max = MK_BUF_MAX};
    *ret = (mk_mine_summary){0};
    miner m = {.options = options, .summary = ret, .reterr = reterr ? reterr : &local};
    mk_messages_init(&m.messages, options->on_message, options->arg);
    const mk_need needs[] = {{"inputs", options->inputs, options->n_inputs},
                             {"output", &options->output, 1}};
    mk_err err = mk_need_all(needs, sizeof(needs) / sizeof(*needs), m.reterr);
    if (err == MK_OK)
        err = check_options(&m);
    if (err == MK_OK)
        err = open_miner(&m);
    if (err == MK_OK)
        err = mk_apart(&options->output, 1, options->inputs, options->n_inputs, m.reterr);
    if (err == MK_OK)
        err = mk_sink_open(options->output, options->force, &sink, m.reterr);
    if (err == MK_OK)
        mk_sink_stop_by(sink, options->stop);
    if (err == MK_OK)
        err = read_all(&m);
    if (err == MK_OK)
        mk_messages_end(&m.messages);
    ret->no_text = mk_messages_no_text(&m.messages, ret->n_in - ret->n_skipped);
    if (err == MK_OK)
        err = put_all(&m, sink, &out);
    if (err == MK_OK)
        err = mk_sink_commit(sink, m.reterr);
    show_progress(&m);
    mk_sink_close(sink);
    mk_counts_free(m.counts);
    mk_arena_free(m.arena);
    mk_buf_clear(&m.folded);
    mk_messages_clear(&m.messages);
    mk_buf_clear(&out);
    return err;
}
