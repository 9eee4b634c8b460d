/* spec.c: see spec.h. Nothing of it is of the machine, the time or the number of threads;
 * files are named without their folders. Cases: tests/outputs/test_spec.c. */
#include "outputs/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

enum {
    WHOLE = 1 << 20, /* bytes: inputs up to this are read whole for their digest */
    PART = 64 << 10  /* bytes: of longer ones this much of either end */
};

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for the list of inputs");
}

/* ---- digests of files ---- */

/* Adds size bytes of fd from `at`. False: they cannot be read. */
static bool add_bytes(mk_checksum_run *sum, int fd, uint64_t at, uint64_t size, char *room)
{
    while (size > 0) {
        const ssize_t n = pread(fd, room, size < PART ? (size_t)size : PART, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        mk_checksum_add(sum, (mk_str){room, (size_t)n});
        at += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}

/* The digest of a file's size and of its ends, or of all of it. Empty where it cannot be
 * read, or is no file: reading it will say so. */
static mk_err sum_up(mk_checksum_run *sum, const char *path, bool whole, char *room,
                     uint64_t *ret_size, char out[MK_SHA256_HEX + 1], mk_error *reterr)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    unsigned char size[8];
    struct stat st;

    *out = '\0';
    *ret_size = 0;
    if (fd < 0 && (errno == EMFILE || errno == ENFILE))
        return mk_fail(reterr, MK_LIMIT, "cannot open '%s': too many open files", path);
    if (fd < 0)
        return errno == ENOMEM ? no_memory(reterr) : MK_OK;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        const uint64_t n = (uint64_t)st.st_size;
        const bool all = whole || n <= WHOLE;
        for (unsigned i = 0; i < 8; i++)
            size[i] = (unsigned char)(n >> 8 * i);
        mk_checksum_add(sum, (mk_str){(const char *)size, sizeof(size)});
        const bool ok = add_bytes(sum, fd, 0, all ? n : PART, room) &&
                        (all || add_bytes(sum, fd, n - PART, PART, room));
        if (!mk_checksum_end_hex(sum, out)) {
            close(fd);
            return no_memory(reterr);
        }
        if (!ok)
            *out = '\0';
        else
            *ret_size = n;
    }
    close(fd);
    return MK_OK;
}

/* ---- writing ---- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void put_text(mk_buf *out, const char *key, const char *text)
{
    mk_buf_printf(out, ",\"%s\":", key);
    if (text)
        mk_json_put(out, mk_str_of(text));
    else
        mk_buf_puts(out, "null");
}

static void put_list(mk_buf *out, const char *key, const char *const *texts, size_t n)
{
    mk_buf_printf(out, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            mk_buf_putc(out, ',');
        mk_json_put(out, mk_str_of(texts[i]));
    }
    mk_buf_putc(out, ']');
}

static void put_file(mk_buf *out, const char *before, const char *name, const char *sha256)
{
    mk_buf_printf(out, "%s{\"name\":", before);
    mk_json_put(out, mk_str_of(name));
    mk_buf_printf(out, ",\"sha256\":\"%s\"}", sha256);
}

static const char *builtin_text(const char *name)
{
    for (const mk_builtin *b = mk_lexicons(); b->name; b++)
        if (strcmp(b->name, name) == 0)
            return b->text;
    return "";
}

static void put_chain(const mk_chain *chain, mk_buf *out)
{
    mk_buf text = {.max = MK_BUF_MAX};
    const char *before = "";

    mk_chain_put(chain, &text);
    mk_buf_puts(out, ",\"chain\":");
    mk_json_put(out, mk_buf_str(&text));
    out->failed |= text.failed;
    mk_buf_clear(&text);
    mk_buf_puts(out, ",\"texts\":[");
    for (size_t i = 0; i < chain->n_steps; i++) {
        const mk_step *s = &chain->steps[i];
        if (s->lexicon && mk_step_has_builtin(s)) {
            unsigned char digest[MK_CHECKSUM_MAX];
            char hex[2 * MK_CHECKSUM_MAX + 1];
            mk_hex(digest,
                   mk_checksum(MK_SHA256, mk_str_of(builtin_text(s->lexicon->name)), digest), hex);
            put_file(out, before, s->lexicon->name, hex);
            before = ",";
        }
        for (size_t k = 0; k < s->n_lexicons; k++) {
            const mk_step_file *const own = &s->lexicons[k];
            put_file(out, before, name_of(mk_step_path(own)), own->sha256);
            before = ",";
        }
        if (s->rules.option) {
            put_file(out, before, name_of(s->rules.option), s->rules.sha256);
            before = ",";
        }
    }
    mk_buf_putc(out, ']');
}

/* The digest of a file that an option names, or null. */
static mk_err put_option_file(mk_buf *out, const char *key, const char *path, mk_checksum_run *sum,
                              char *room, mk_error *reterr)
{
    char hex[MK_SHA256_HEX + 1];
    uint64_t size;

    if (path) {
        const mk_err err = sum_up(sum, path, true, room, &size, hex, reterr);
        if (err != MK_OK)
            return err;
        if (!*hex)
            return mk_fail(reterr, MK_OPTION, "cannot read '%s'", path);
    }
    put_text(out, key, path ? hex : NULL);
    return MK_OK;
}

static mk_err put_options(const mk_spec *spec, mk_checksum_run *sum, char *room, mk_buf *out,
                          mk_error *reterr)
{
    static const char *const codecs[] = {
        [MK_CODEC_NONE] = "none", [MK_CODEC_GZ] = "gz", [MK_CODEC_ZST] = "zst"};
    const mk_clean_options *o = spec->options;
    char part[48];
    snprintf(part, sizeof(part), "%" PRIu64 "/%" PRIu64, o->part, o->n_parts);
    const struct {
        const char *key, *value;
    } texts[] = {
        {"shard", o->n_parts > 0 ? part : NULL},
        {"text-field", o->text_field},
        {"html-field", o->html_field},
        {"id-field", o->id_field},
        {"schema", o->schema ? o->schema : "flat"},
        {"charset", o->charset},
        {"only-type", o->select.types},
        {"only-status", o->select.statuses},
        {"only-lang", o->select.languages},
        {"ledger", o->ledger ? "auto" : NULL},
        {"rejects", o->rejects ? "auto" : NULL},
    };
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {
        {"max-doc", o->max_doc},
        {"level", (uint64_t)o->level},
        {"shard-size", o->shard_size},
        {"shard-docs", o->shard_docs},
        {"checkpoint", o->checkpoint},
        {"max-ratio", o->limits.max_ratio},
        {"max-unpacked", o->limits.max_unpacked},
        {"max-depth", o->limits.max_depth},
    };

    mk_buf_printf(out, ",\"options\":{\"codec\":\"%s\"", codecs[spec->codec]);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        put_text(out, texts[i].key, texts[i].value);
    put_list(out, "include", o->select.include, o->select.n_include);
    put_list(out, "exclude", o->select.exclude, o->select.n_exclude);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        mk_buf_printf(out, ",\"%s\":%" PRIu64, numbers[i].key, numbers[i].value);
    const struct {
        const char *key;
        bool value;
    } flags[] = {{"verify-digests", o->verify_digests},
                 {"allow-changing", o->limits.allow_changing},
                 {"salvage", o->limits.salvage},
                 {"dedup", o->dedup}};
    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
        mk_buf_printf(out, ",\"%s\":%s", flags[i].key, flags[i].value ? "true" : "false");
    mk_err err = put_option_file(out, "url-list", o->select.url_list, sum, room, reterr);
    if (err == MK_OK)
        err = put_option_file(out, "exclude-hosts", o->select.exclude_hosts, sum, room, reterr);
    mk_buf_putc(out, '}');
    return err;
}

static mk_err put_inputs(const mk_inputs *inputs, mk_checksum_run *sum, char *room, mk_buf *out,
                         mk_error *reterr)
{
    mk_err err = MK_OK;

    mk_buf_puts(out, ",\"inputs\":[");
    for (size_t i = 0; i < inputs->n && err == MK_OK; i++) {
        const mk_input *input = &inputs->items[i];
        char hex[MK_SHA256_HEX + 1] = "";
        uint64_t size = 0;
        if (strcmp(input->path, "-") != 0)
            err = sum_up(sum, input->path, false, room, &size, hex, reterr);
        mk_buf_puts(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        mk_json_put(out, mk_str_of(input->name));
        mk_buf_printf(out, ",\"bytes\":%" PRIu64 ",\"sha256\":\"%s\"}", size, hex);
    }
    mk_buf_putc(out, ']');
    return err;
}

mk_err mk_spec_put(const mk_spec *spec, mk_buf *out, mk_error *reterr)
{
    mk_checksum_run *sum = NULL;
    char *room = malloc(PART);
    mk_err err = room ? mk_checksum_open(MK_SHA256, &sum, reterr) : MK_OK;

    if (room && err == MK_OK) {
        mk_buf_printf(out, ",\"format\":%d", MK_RUN_FORMAT);
        put_text(out, "version", mk_version());
        put_text(out, "library", mk_codec_library(spec->codec));
        put_chain(spec->chain, out);
        err = put_options(spec, sum, room, out, reterr);
        if (err == MK_OK)
            err = put_inputs(spec->inputs, sum, room, out, reterr);
    }
    if (err == MK_OK && (!room || out->failed))
        err = no_memory(reterr);
    mk_checksum_close(sum);
    free(room);
    return err;
}

/* ---- comparing ---- */

/* The member of that key; false if there is none. */
static bool find(mk_str object, mk_str key, mk_json_value *ret)
{
    mk_json_object it = mk_json_object_of(object);
    mk_json_member m;
    mk_error why;

    while (mk_json_object_next(&it, &m, &why) == MK_OK)
        if (mk_str_eq(m.key.raw, key)) {
            *ret = m.value;
            return true;
        }
    return false;
}

static mk_err changed(const char *what, mk_str name, mk_error *reterr)
{
    return mk_fail(reterr, MK_MISMATCH, "%s %.*s was changed since the run began", what,
                   (int)(name.len < 300 ? name.len : 300), name.ptr);
}

/* Members of the object "options". */
static mk_err compare_options(mk_json_value was, mk_json_value now, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(now.raw);
    mk_json_member m;
    mk_json_value old;
    mk_error why;

    while (mk_json_object_next(&it, &m, &why) == MK_OK)
        if (!find(was.raw, m.key.raw, &old) || !mk_str_eq(old.raw, m.value.raw))
            return changed("option", m.key.raw, reterr);
    return mk_fail(reterr, MK_MISMATCH, "the options were changed");
}

/* Elements of "texts" or "inputs": objects with a name. */
static mk_err compare_files(const char *what, mk_json_value was, mk_json_value now,
                            mk_error *reterr)
{
    mk_json_array a = mk_json_array_of(was.raw), b = mk_json_array_of(now.raw);
    mk_json_value old, new, name;
    mk_error why;

    for (;;) {
        const mk_err one = mk_json_array_next(&a, &old, &why);
        const mk_err other = mk_json_array_next(&b, &new, &why);
        if (one == MK_OK && other == MK_OK && mk_str_eq(old.raw, new.raw))
            continue;
        if (one == MK_OK && find(old.raw, MK_STR("\"name\""), &name))
            return changed(what, name.raw, reterr);
        if (other == MK_OK && find(new.raw, MK_STR("\"name\""), &name))
            return mk_fail(reterr, MK_MISMATCH, "%s %.*s is new", what,
                           (int)(name.raw.len < 300 ? name.raw.len : 300), name.raw.ptr);
        return mk_fail(reterr, MK_MISMATCH, "the list of %ss was changed", what);
    }
}

mk_err mk_spec_check_format(mk_str object, mk_error *reterr)
{
    mk_json_value value;
    uint64_t format;

    if (!find(object, MK_STR("\"format\""), &value))
        return mk_fail(reterr, MK_MISMATCH, "it says no format");
    if (!mk_json_uint(value, &format) || format != MK_RUN_FORMAT)
        return mk_fail(reterr, MK_MISMATCH, "its format is %.*s, this version of minkhal knows %d",
                       (int)(value.raw.len < 20 ? value.raw.len : 20), value.raw.ptr,
                       MK_RUN_FORMAT);
    return MK_OK;
}

mk_err mk_spec_compare(mk_str was, mk_str now, mk_error *reterr)
{
    static const struct {
        const char *key, *name;
    } members[] = {
        {"\"version\"", "version of minkhal"},
        {"\"library\"", "version of the codec's library"},
        {"\"options\"", NULL},
        {"\"texts\"", "lexicon"},
        {"\"chain\"", "chain of filters"},
        {"\"inputs\"", "input"},
    };

    const mk_err err = mk_spec_check_format(was, reterr);
    if (err != MK_OK)
        return err;
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
        const mk_str key = mk_str_of(members[i].key);
        mk_json_value old, new;
        if (!find(was, key, &old) || !find(now, key, &new))
            return mk_fail(reterr, MK_MISMATCH, "the journal has no %s", members[i].key);
        if (mk_str_eq(old.raw, new.raw))
            continue;
        if (!members[i].name)
            return compare_options(old, new, reterr);
        if (old.type == MK_JSON_ARRAY && new.type == MK_JSON_ARRAY)
            return compare_files(members[i].name, old, new, reterr);
        const bool brief = old.raw.len < 60 && new.raw.len < 60;
        return brief
                   ? mk_fail(reterr, MK_MISMATCH,
                             "the %s was %.*s when the run began, now it is %.*s", members[i].name,
                             (int)old.raw.len, old.raw.ptr, (int)new.raw.len, new.raw.ptr)
                   : mk_fail(reterr, MK_MISMATCH, "the %s was changed", members[i].name);
    }
    return MK_OK;
}
