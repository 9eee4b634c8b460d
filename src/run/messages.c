/* messages.c: see messages.h. Cases: tests/run/test_messages.c. */
#include "run/messages.h"

#include <inttypes.h>

enum {
    MAX_HELD = 1000,      /* messages: more than anyone reads */
    MAX_BYTES = 256 << 10 /* of them */
};

void mk_messages_init(mk_messages *m, void (*tell)(void *arg, const char *text), void *arg)
{
    *m = (mk_messages){.tell = tell, .arg = arg, .held = {.max = MAX_BYTES}};
}

void mk_messages_clear(mk_messages *m)
{
    mk_buf_clear(&m->held);
}

void mk_messages_say(mk_messages *m, const char *text)
{
    const size_t len = strlen(text) + 1;

    if (!m->tell)
        return;
    if (!m->waiting) {
        m->tell(m->arg, text);
        return;
    }
    if (m->n_more == 0 && m->n_held < MAX_HELD && m->held.len + len <= MAX_BYTES) {
        mk_buf_put(&m->held, (mk_str){text, len});
        m->n_held += !m->held.failed;
        m->n_more += m->held.failed; /* without memory the number has to do */
    } else {
        m->n_more++;
    }
}

void mk_messages_drop(mk_messages *m)
{
    mk_buf_reset(&m->held);
    m->n_held = m->n_more = 0;
    m->waiting = false;
}

void mk_messages_release(mk_messages *m)
{
    const char *text = m->held.ptr;
    mk_error more;

    for (uint64_t i = 0; i < m->n_held; i++) {
        m->tell(m->arg, text);
        text += strlen(text) + 1;
    }
    if (m->n_more > 0) {
        mk_fail(&more, MK_RECORD, "and %" PRIu64 " more bad records of the same part", m->n_more);
        m->tell(m->arg, more.text);
    }
    mk_messages_drop(m);
}

void mk_messages_hold(mk_messages *m)
{
    mk_messages_release(m);
    m->waiting = true;
}
