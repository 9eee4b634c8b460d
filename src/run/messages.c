/* messages.c: see messages.h. Cases: tests/run/test_messages.c. */
#include "run/messages.h"

#include <inttypes.h>

#include "read/parse_jsonl.h"

enum {
    MAX_TOLD = 100,       /* messages: more than anyone reads */
    FIRST = 10,           /* records of an input that are all without a text: no accident */
    MAX_BYTES = 256 << 10 /* of those that wait */
};

void mk_messages_init(mk_messages *m, void (*tell)(void *arg, const char *text), void *arg)
{
    *m = (mk_messages){
        .tell = tell, .arg = arg, .input = {.max = MAX_BYTES}, .held = {.max = MAX_BYTES}};
}

void mk_messages_clear(mk_messages *m)
{
    mk_buf_clear(&m->input);
    mk_buf_clear(&m->held);
}

static void tell(mk_messages *m, const char *text)
{
    if (m->n_told == MAX_TOLD) {
        m->n_quiet++;
        return;
    }
    m->tell(m->arg, text);
    if (++m->n_told == MAX_TOLD)
        m->tell(m->arg, "further bad records are only counted");
}

/* How many of the input were not told. */
static void tell_rest(mk_messages *m)
{
    const mk_str input = mk_buf_str(&m->input);
    mk_error more;

    if (m->tell && m->n_quiet > 0) {
        mk_fail(&more, MK_RECORD, "%.*s%s%" PRIu64 " more bad record%s", (int)input.len, input.ptr,
                input.len > 0 ? ": " : "", m->n_quiet, m->n_quiet == 1 ? "" : "s");
        m->tell(m->arg, more.text);
    }
    m->n_told = m->n_quiet = 0;
}

static void hold(mk_messages *m, const char *text)
{
    const size_t len = strlen(text) + 1;

    if (m->n_over == 0 && m->n_held < MAX_TOLD && m->held.len + len <= MAX_BYTES) {
        mk_buf_put(&m->held, (mk_str){text, len});
        m->n_held += !m->held.failed;
        m->n_over += m->held.failed; /* without memory the number has to do */
    } else {
        m->n_over++;
    }
}

void mk_messages_say(mk_messages *m, const char *text)
{
    if (!m->tell)
        return;
    if (m->waiting)
        hold(m, text);
    else
        tell(m, text);
}

/* number: of the record in its input, from 1. */
static void look_for_text(mk_messages *m, uint64_t number, mk_str why)
{
    const mk_str none = MK_STR(MK_JSONL_NO_TEXT);

    if (why.len < none.len || !mk_str_eq(mk_str_sub(why, 0, none.len), none))
        return;
    m->n_no_text++;
    if (number == m->n_first_no_text + 1 && ++m->n_first_no_text == FIRST)
        m->no_text = true;
}

bool mk_messages_no_text(const mk_messages *m, uint64_t n)
{
    return m->no_text || (n > 0 && m->n_no_text == n);
}

void mk_messages_reject(mk_messages *m, mk_str where, uint64_t number, mk_str why)
{
    mk_error text;

    if (!mk_str_eq(where, mk_buf_str(&m->input))) {
        tell_rest(m);
        mk_buf_reset(&m->input);
        mk_buf_put(&m->input, where);
        m->n_first_no_text = 0;
    }
    look_for_text(m, number, why);
    if (!m->tell)
        return;
    mk_fail(&text, MK_RECORD, "%.*s:%" PRIu64 ": bad record: %.*s", (int)where.len, where.ptr,
            number, (int)why.len, why.ptr);
    mk_messages_say(m, text.text);
}

void mk_messages_drop(mk_messages *m)
{
    mk_buf_reset(&m->held);
    m->n_held = m->n_over = 0;
    m->waiting = false;
}

void mk_messages_release(mk_messages *m)
{
    const char *text = m->held.ptr;

    for (uint64_t i = 0; i < m->n_held; i++) {
        tell(m, text);
        text += strlen(text) + 1;
    }
    m->n_quiet += m->n_over;
    mk_messages_drop(m);
}

void mk_messages_hold(mk_messages *m)
{
    mk_messages_release(m);
    m->waiting = true;
}

void mk_messages_end(mk_messages *m)
{
    mk_messages_release(m);
    tell_rest(m);
}
