/* run_file.c: see run_file.h. Cases: tests/outputs/test_run_file.c. */
#include "outputs/run_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "outputs/spec.h"
#include "read/file_bytes.h"

static mk_err no_memory(mk_error *reterr)
{
    return mk_fail(reterr, MK_NOMEM, "out of memory for a run's report");
}

static bool has_file(const char *path, const char *name)
{
    char full[PATH_MAX]; /* a longer one cannot be opened */
    struct stat st;
    const int n = snprintf(full, sizeof(full), "%s/%s", path, name);

    return n > 0 && (size_t)n < sizeof(full) && stat(full, &st) == 0 && S_ISREG(st.st_mode);
}

bool mk_run_file_is(const char *path)
{
    return has_file(path, MK_FOLDER_REPORT) && has_file(path, MK_FOLDER_JOURNAL);
}

/* ---- its members ---- */

/* MK_MISMATCH: not in its form; MK_NOMEM. Both without a text. */
static mk_err read_shards(mk_run_file *f, mk_json_value value)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value v;
    mk_error why;
    size_t max = 0;
    mk_err err;

    if (value.type != MK_JSON_ARRAY || f->shards)
        return MK_MISMATCH;
    while ((err = mk_json_array_next(&it, &v, &why)) == MK_OK) {
        if (f->n_shards == max) {
            max = max ? max * 2 : 16;
            mk_shard *const shards = max < SIZE_MAX / sizeof(*shards)
                                         ? realloc(f->shards, max * sizeof(*shards))
                                         : NULL;
            if (!shards)
                return MK_NOMEM;
            f->shards = shards;
        }
        if (!mk_shard_read(v, &f->shards[f->n_shards++]))
            return MK_MISMATCH;
    }
    return err == MK_END ? MK_OK : MK_MISMATCH;
}

static mk_err read_counts(mk_run_file *f, mk_json_value value)
{
    mk_json_object it = mk_json_object_of(value.raw);
    const mk_summary_number *n = mk_summary_numbers;
    mk_json_member m;
    mk_error why;
    mk_err err;

    if (value.type != MK_JSON_OBJECT)
        return MK_MISMATCH;
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK) {
        if (!n->name || !mk_json_is_key(&m, n->name) ||
            !mk_json_uint(m.value, mk_summary_at(&f->summary, n)))
            return MK_MISMATCH;
        n++;
    }
    return err == MK_END && !n->name ? MK_OK : MK_MISMATCH;
}

/* One input. ret_name: its value, not a string if it has none. False: not in its form. */
static bool parse_input(mk_json_value value, mk_json_value *ret_name, mk_input_counts *ret)
{
    static const char *const keys[] = {"in",       "written", "filtered", "duplicate",
                                       "rejected", "skipped", "damaged"};
    uint64_t n[7] = {0};
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member m;
    mk_error why;
    mk_err err;
    unsigned got = 0;

    *ret_name = (mk_json_value){.type = MK_JSON_NULL};
    if (value.type != MK_JSON_OBJECT)
        return false;
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK) {
        if (mk_json_is_key(&m, "name"))
            *ret_name = m.value;
        for (unsigned i = 0; i < 7; i++)
            if (mk_json_is_key(&m, keys[i]) && mk_json_uint(m.value, &n[i]))
                got |= 1U << i;
    }
    *ret = (mk_input_counts){.in = n[0],
                             .written = n[1],
                             .filtered = n[2],
                             .duplicate = n[3],
                             .rejected = n[4],
                             .skipped = n[5],
                             .damaged = n[6]};
    return err == MK_END && got == 127;
}

static bool read_input(mk_run_file *f, mk_json_value value)
{
    mk_json_value name;
    mk_input_counts c;

    if (!parse_input(value, &name, &c))
        return false;
    f->inputs_add_up &= c.in == c.written + c.filtered + c.duplicate + c.rejected + c.skipped;
    f->inputs.in += c.in;
    f->inputs.written += c.written;
    f->inputs.filtered += c.filtered;
    f->inputs.duplicate += c.duplicate;
    f->inputs.rejected += c.rejected;
    f->inputs.skipped += c.skipped;
    f->inputs.damaged += c.damaged;
    f->n_inputs++;
    return true;
}

static mk_err read_inputs(mk_run_file *f, mk_json_value value)
{
    mk_json_array it = mk_json_array_of(value.raw);
    mk_json_value v;
    mk_error why;
    mk_err err;

    if (value.type != MK_JSON_ARRAY)
        return MK_MISMATCH;
    while ((err = mk_json_array_next(&it, &v, &why)) == MK_OK)
        if (!read_input(f, v))
            return MK_MISMATCH;
    return err == MK_END ? MK_OK : MK_MISMATCH;
}

static mk_err read_members(mk_run_file *f, mk_error *reterr)
{
    static const struct {
        const char *key;
        mk_err (*read)(mk_run_file *, mk_json_value);
    } members[] = {{"inputs", read_inputs}, {"shards", read_shards}, {"counts", read_counts}};
    enum { N = sizeof(members) / sizeof(*members) };
    mk_json_object it = mk_json_object_of(mk_buf_str(&f->text));
    mk_json_member m;
    mk_error why;
    mk_err err;
    unsigned got = 0;

    f->inputs_add_up = true;
    if (mk_spec_check_format(mk_buf_str(&f->text), &why) != MK_OK)
        return mk_fail(reterr, MK_MISMATCH, "%s" MK_FOLDER_REPORT ": %s", f->where, why.text);
    while ((err = mk_json_object_next(&it, &m, &why)) == MK_OK)
        for (unsigned i = 0; i < N; i++)
            if (mk_json_is_key(&m, members[i].key)) {
                err = got & 1U << i ? MK_MISMATCH : members[i].read(f, m.value);
                if (err == MK_NOMEM)
                    return no_memory(reterr);
                if (err != MK_OK)
                    return mk_fail(reterr, MK_MISMATCH, "%s" MK_FOLDER_REPORT ": wrong '%s'",
                                   f->where, members[i].key);
                got |= 1U << i;
            }
    if (err != MK_END)
        return mk_fail(reterr, MK_MISMATCH, "%s" MK_FOLDER_REPORT ": %s", f->where, why.text);
    if (got != (1U << N) - 1)
        return mk_fail(reterr, MK_MISMATCH, "%s" MK_FOLDER_REPORT ": not the report of a run",
                       f->where);
    return MK_OK;
}

/* ---- the file ---- */

static mk_err read_text(mk_run_file *f, mk_error *reterr)
{
    char *path = NULL;

    if (asprintf(&path, "%s" MK_FOLDER_REPORT, f->where) < 0)
        return no_memory(reterr);
    const mk_err err = mk_file_bytes(path, MK_FILE_STORED, &f->text, reterr);
    free(path);
    return err;
}

mk_err mk_run_file_open(const char *path, mk_run_file **ret, mk_error *reterr)
{
    mk_run_file *f = calloc(1, sizeof(*f));
    size_t n = strlen(path);
    mk_err err = MK_OK;

    if (!f)
        return no_memory(reterr);
    f->text.max = MK_BUF_MAX;
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (asprintf(&f->where, "%.*s%s", (int)n, path, n > 0 && path[n - 1] == '/' ? "" : "/") < 0) {
        f->where = NULL;
        err = no_memory(reterr);
    }
    if (err == MK_OK)
        err = read_text(f, reterr);
    if (err == MK_OK)
        err = read_members(f, reterr);
    if (err == MK_OK)
        *ret = f;
    else
        mk_run_file_close(f);
    return err;
}

/* The value of the member "inputs", which is an array: it was read. */
static mk_json_value inputs_of(const mk_run_file *f)
{
    mk_json_object it = mk_json_object_of(mk_buf_str(&f->text));
    mk_json_member m = {0};
    mk_error why;

    while (mk_json_object_next(&it, &m, &why) == MK_OK && !mk_json_is_key(&m, "inputs"))
        continue;
    return m.value;
}

mk_err mk_run_file_each_input(const mk_run_file *f,
                              bool (*each)(void *arg, mk_str name, const mk_input_counts *counts),
                              void *arg, mk_error *reterr)
{
    mk_json_array it = mk_json_array_of(inputs_of(f).raw);
    mk_arena *const arena = mk_arena_new();
    mk_json_value v, name;
    mk_input_counts counts;
    mk_error why;
    mk_err err = arena ? MK_OK : MK_NOMEM;

    while (err == MK_OK && mk_json_array_next(&it, &v, &why) == MK_OK) {
        mk_str text = MK_STR("?");
        if (!parse_input(v, &name, &counts))
            break;
        if (name.type == MK_JSON_STRING && mk_json_text(name, arena, &text, &why) == MK_NOMEM)
            err = MK_NOMEM;
        else if (!each(arg, text, &counts))
            break;
        mk_arena_reset(arena);
    }
    mk_arena_free(arena);
    return err == MK_OK ? MK_OK : no_memory(reterr);
}

mk_err mk_run_file_paths(const mk_run_file *f, mk_out kind, char ***ret, size_t *ret_n,
                         mk_error *reterr)
{
    char **paths = calloc(f->n_shards + 1, sizeof(*paths));
    char name[MK_SHARD_NAME];
    size_t n = 0;

    if (!paths)
        return no_memory(reterr);
    for (size_t i = 0; i < f->n_shards; i++) {
        if (f->shards[i].id.kind != kind)
            continue;
        if (asprintf(&paths[n], "%s%s", f->where, mk_shard_name(f->shards[i].id, name)) < 0) {
            paths[n] = NULL;
            mk_run_paths_free(paths);
            return no_memory(reterr);
        }
        n++;
    }
    *ret = paths;
    *ret_n = n;
    return MK_OK;
}

void mk_run_paths_free(char **paths)
{
    for (size_t i = 0; paths && paths[i]; i++)
        free(paths[i]);
    free(paths);
}

void mk_run_file_close(mk_run_file *f)
{
    if (!f)
        return;
    mk_buf_clear(&f->text);
    free(f->shards);
    free(f->where);
    free(f);
}
