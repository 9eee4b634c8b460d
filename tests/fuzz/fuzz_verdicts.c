/* fuzz_verdicts.c: a file of verdicts, as auditors leave it: compressed, cut off, changed by
 * hand. What is accepted has each removal once, in order, and reads back as it was written;
 * what is not has a message. */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "release/verdicts.h"

/* The file is made in memory: reading it wants a name. */
static mk_err read_set(mk_str bytes, mk_verdict_set *ret)
{
    char path[64];
    mk_error error = {.code = MK_OK};
    const int fd = memfd_create("verdicts", MFD_CLOEXEC);

    must(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    const mk_err err = mk_verdict_set_read(path, false, ret, &error);
    must(err == MK_OK || (err == MK_DAMAGED && error.text[0]));
    close(fd);
    return err;
}

static void check_set(const mk_verdict_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        const mk_verdict_item *const a = &set->items[i];
        must(mk_utf8_valid(a->rule) == a->rule.len && (unsigned)a->judgement < MK_JUDGED_COUNT);
        must(mk_verdict_set_has(set, a->doc, a->src));
        must(i == 0 || a[-1].doc < a->doc || (a[-1].doc == a->doc && a[-1].src < a->src));
    }
}

static void put_set(const mk_verdict_set *set, mk_buf *out)
{
    mk_scratch scratch = {0};
    mk_str line;

    for (size_t i = 0; i < set->n; i++) {
        const mk_verdict_item *const v = &set->items[i];
        const mk_audit_case c = {
            .doc = v->doc, .src = v->src, .rule = v->rule, .population = v->population};
        must(mk_audit_line(&c, v->judgement, &scratch, &line));
        mk_buf_put(out, line);
    }
    must(!out->failed);
    free(scratch.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mk_verdict_set set, again;
    mk_buf out = {.max = MK_BUF_MAX};

    if (read_set((mk_str){(const char *)data, size}, &set) == MK_OK) {
        check_set(&set);
        put_set(&set, &out);
        must(read_set(mk_buf_str(&out), &again) == MK_OK && again.n == set.n);
        for (size_t i = 0; i < set.n; i++) {
            const mk_verdict_item *const a = &set.items[i], *const b = &again.items[i];
            must(a->doc == b->doc && a->src == b->src && a->population == b->population &&
                 a->judgement == b->judgement && mk_str_eq(a->rule, b->rule));
        }
        mk_verdict_set_clear(&again);
    }
    mk_verdict_set_clear(&set);
    mk_buf_clear(&out);
    return 0;
}
