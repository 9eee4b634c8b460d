/* manifest_read.c: manifest.json read back. It is of our own making, so anything that
 * mk_manifest_put would not have written is refused: a member too many, too few or in
 * another place. Cases: tests/release/test_release.c. */
#include "release/sources.h"

typedef struct reading {
    mk_manifest *m;
    mk_error *reterr;
} reading;

static mk_err bad(const reading *r, const char *what)
{
    return mk_fail(r->reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad '%s'", what);
}

static mk_err no_memory(const reading *r)
{
    return mk_fail(r->reterr, MK_NOMEM, "out of memory for a manifest");
}

/* The values of the members of text, whose names are given in their order. */
static mk_err take(const reading *r, const char *what, mk_str text, const char *const *names,
                   size_t n, mk_json_value *ret)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    mk_error why = {0};
    size_t i = 0;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, &why)) == MK_OK) {
        const mk_str key = mk_str_sub(member.key.raw, 1, member.key.raw.len - 1);
        if (i == n || !mk_str_eq(key, mk_str_of(names[i])))
            return mk_fail(r->reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad '%s': %s '%s'", what,
                           i == n ? "more than" : "no", names[i == n ? n - 1 : i]);
        ret[i++] = member.value;
    }
    if (err != MK_END)
        return mk_fail(r->reterr, MK_MISMATCH, MK_MANIFEST_NAME ": bad '%s': %s", what, why.text);
    return i == n ? MK_OK : bad(r, what);
}

static mk_err text_of(const reading *r, const char *what, mk_json_value value, mk_str *ret)
{
    mk_str text;

    if (value.type != MK_JSON_STRING)
        return bad(r, what);
    const mk_err err = mk_json_text(value, r->m->arena, &text, NULL);
    if (err != MK_OK)
        return err == MK_NOMEM ? no_memory(r) : bad(r, what);
    *ret = mk_arena_str(r->m->arena, text);
    return ret->ptr || text.len == 0 ? MK_OK : no_memory(r);
}

static mk_err number_of(const reading *r, const char *what, mk_json_value value, uint64_t *ret)
{
    return mk_json_uint(value, ret) && *ret <= UINT64_MAX / 4 ? MK_OK : bad(r, what);
}

static mk_err digest_of(const reading *r, const char *what, mk_json_value value,
                        char out[MK_SHA256_HEX + 1])
{
    if (value.type != MK_JSON_STRING || !value.plain || value.raw.len != MK_SHA256_HEX + 2)
        return bad(r, what);
    memcpy(out, value.raw.ptr + 1, MK_SHA256_HEX);
    out[MK_SHA256_HEX] = '\0';
    for (size_t i = 0; i < MK_SHA256_HEX; i++)
        if (!strchr("0123456789abcdef", out[i]))
            return bad(r, what);
    return MK_OK;
}

static mk_err object_of(const reading *r, const char *what, mk_json_value value, mk_str *ret)
{
    if (value.type != MK_JSON_OBJECT)
        return bad(r, what);
    *ret = mk_arena_str(r->m->arena, value.raw);
    return ret->ptr ? MK_OK : no_memory(r);
}

/* Calls `each` with every element of the array. */
static mk_err list(const reading *r, const char *what, mk_json_value value,
                   mk_err (*each)(const reading *r, mk_str text, void *arg), void *arg)
{
    mk_json_value item;
    mk_err err;

    if (value.type != MK_JSON_ARRAY)
        return bad(r, what);
    mk_json_array it = mk_json_array_of(value.raw);
    while ((err = mk_json_array_next(&it, &item, NULL)) == MK_OK) {
        err = each(r, item.raw, arg);
        if (err != MK_OK)
            return err;
    }
    return err == MK_END ? MK_OK : bad(r, what);
}

/* ---- the parts ---- */

static mk_err read_program(const reading *r, mk_json_value value)
{
    static const char *const names[] = {"name", "version", "libraries"};
    mk_json_value v[3];
    mk_err err = take(r, "program", value.raw, names, 3, v);

    if (err == MK_OK && !mk_str_eq(v[0].raw, MK_STR("\"minkhal\"")))
        err = bad(r, "name");
    if (err == MK_OK)
        err = text_of(r, "version", v[1], &r->m->version);
    return err == MK_OK ? object_of(r, "libraries", v[2], &r->m->libraries) : err;
}

static mk_err read_options(const reading *r, mk_json_value value)
{
    static const char *const names[] = {"schema",     "croissant", "codec",      "level",
                                        "shard_size", "salt",      "group_field"};
    mk_json_value v[7];
    mk_str codec = {0};
    mk_err err = take(r, "options", value.raw, names, 7, v);

    if (err == MK_OK)
        err = text_of(r, names[0], v[0], &r->m->schema);
    if (err == MK_OK && !mk_manifest_schema(r->m))
        err = bad(r, names[0]);
    if (err == MK_OK)
        err = text_of(r, names[1], v[1], &r->m->croissant);
    if (err == MK_OK)
        err = text_of(r, names[2], v[2], &codec);
    if (err == MK_OK)
        err = number_of(r, names[3], v[3], &r->m->level);
    if (err == MK_OK)
        err = number_of(r, names[4], v[4], &r->m->shard_size);
    if (err == MK_OK)
        err = text_of(r, names[5], v[5], &r->m->salt);
    if (err == MK_OK)
        err = text_of(r, names[6], v[6], &r->m->group_field);
    if (err != MK_OK)
        return err;
    if (mk_str_eq(codec, MK_STR("gz")))
        r->m->codec = MK_CODEC_GZ;
    else if (mk_str_eq(codec, MK_STR("zst")))
        r->m->codec = MK_CODEC_ZST;
    else
        return bad(r, "codec");
    return MK_OK;
}

static mk_err read_file(const reading *r, mk_str text, void *arg)
{
    static const char *const names[] = {"name", "bytes", "sha256", "documents"};
    mk_files *const files = arg;
    const bool is_input = files == &r->m->inputs;
    mk_json_value v[4];
    mk_str name = {0};
    mk_err err = take(r, is_input ? "inputs" : "files", text, names, is_input ? 4 : 3, v);

    if (err == MK_OK)
        err = text_of(r, "name", v[0], &name);
    mk_file *const f = err == MK_OK ? mk_manifest_file(r->m, files, name) : NULL;
    if (err == MK_OK && !f)
        err = no_memory(r);
    if (err == MK_OK)
        err = number_of(r, "bytes", v[1], &f->bytes);
    if (err == MK_OK)
        err = digest_of(r, "sha256", v[2], f->sha256);
    if (err == MK_OK && is_input)
        err = number_of(r, "documents", v[3], &f->documents);
    return err;
}

static mk_err read_run(const reading *r, mk_str text, void *arg)
{
    static const char *const names[] = {"sha256", "report"};
    mk_json_value v[2];
    mk_run_note *note;
    mk_err err = take(r, "runs", text, names, 2, v);

    (void)arg;
    if (err != MK_OK)
        return err;
    note = mk_manifest_run(r->m);
    if (!note)
        return no_memory(r);
    err = digest_of(r, "sha256", v[0], note->sha256);
    return err == MK_OK ? object_of(r, "report", v[1], &note->report) : err;
}

static mk_err read_split(const reading *r, mk_str text, void *arg)
{
    static const char *const names[] = {"name",       "millionths", "documents", "content_bytes",
                                        "text_bytes", "letters",    "words"};
    mk_manifest *const m = r->m;
    const size_t i = m->splits.n;
    mk_json_value v[7];
    uint64_t part = 0;
    mk_str name = {0};
    mk_err err = take(r, "splits", text, names, 7, v);

    (void)arg;
    if (err == MK_OK)
        err = text_of(r, "name", v[0], &name);
    if (err == MK_OK && (i == MK_SPLITS_MAX || !mk_splits_is_name(name)))
        err = bad(r, "splits"); /* files are named after it */
    if (err == MK_OK)
        err = number_of(r, names[1], v[1], &part);
    if (err == MK_OK && (part == 0 || part > MK_SPLIT_UNIT))
        err = bad(r, names[1]);
    if (err == MK_OK)
        err = number_of(r, names[2], v[2], &m->counts[i].documents);
    if (err == MK_OK)
        err = number_of(r, names[3], v[3], &m->content[i]);
    if (err == MK_OK)
        err = number_of(r, names[4], v[4], &m->counts[i].bytes);
    if (err == MK_OK)
        err = number_of(r, names[5], v[5], &m->counts[i].letters);
    if (err == MK_OK)
        err = number_of(r, names[6], v[6], &m->counts[i].words);
    if (err != MK_OK)
        return err;
    memcpy(m->splits.items[i].name, name.ptr, name.len);
    m->splits.items[i].name[name.len] = '\0';
    m->splits.items[i].part = (uint32_t)part;
    m->splits.n++;
    return MK_OK;
}

static mk_err read_member(const reading *r, mk_str text, void *arg)
{
    mk_json_array it = mk_json_array_of(text);
    mk_json_value item;
    uint64_t v[5];
    size_t n = 0;
    mk_err err;

    while ((err = mk_json_array_next(&it, &item, NULL)) == MK_OK)
        if (n == 5 || number_of(r, "members", item, &v[n++]) != MK_OK)
            return bad(r, "members");
    if (err != MK_END || n != 5)
        return bad(r, "members");
    mk_member *const b = mk_part_member(arg);
    if (!b)
        return no_memory(r);
    *b = (mk_member){
        .offset = v[0], .length = v[1], .content = v[2], .documents = v[3], .first = v[4]};
    return MK_OK;
}

static mk_err read_part(const reading *r, mk_str text, void *arg)
{
    static const char *const names[] = {"name",          "split",          "bytes",     "sha256",
                                        "content_bytes", "content_sha256", "documents", "members"};
    mk_json_value v[8];
    mk_str name = {0}, split = {0};
    mk_part *part;
    mk_err err = take(r, "shards", text, names, 8, v);

    (void)arg;
    if (err == MK_OK)
        err = text_of(r, "name", v[0], &name);
    if (err == MK_OK)
        err = text_of(r, "split", v[1], &split);
    if (err != MK_OK)
        return err;
    part = mk_manifest_part(r->m);
    if (!part)
        return no_memory(r);
    if (name.len == 0 || name.len >= sizeof(part->name))
        return bad(r, "name");
    memcpy(part->name, name.ptr, name.len);
    while (part->split < r->m->splits.n &&
           !mk_str_eq(split, mk_str_of(r->m->splits.items[part->split].name)))
        part->split++;
    if (part->split == r->m->splits.n)
        return bad(r, "split");
    err = number_of(r, "bytes", v[2], &part->bytes);
    if (err == MK_OK)
        err = digest_of(r, "sha256", v[3], part->sha256);
    if (err == MK_OK)
        err = number_of(r, "content_bytes", v[4], &part->content);
    if (err == MK_OK)
        err = digest_of(r, "content_sha256", v[5], part->content_sha256);
    if (err == MK_OK)
        err = number_of(r, "documents", v[6], &part->documents);
    return err == MK_OK ? list(r, "members", v[7], read_member, part) : err;
}

static mk_err read_ledger(const reading *r, mk_json_value value)
{
    mk_json_value v[MK_RUN_COUNTS];
    mk_err err = take(r, "ledger", value.raw, mk_run_count_names, MK_RUN_COUNTS, v);

    for (size_t i = 0; err == MK_OK && i < MK_RUN_COUNTS; i++)
        err = number_of(r, mk_run_count_names[i], v[i], &r->m->ledger[i]);
    return err;
}

static mk_err read_audit(const reading *r, mk_json_value value)
{
    static const char *const names[] = {"sha256", "removals", "right", "wrong",
                                        "unsure", "rate",     "low",   "high"};
    mk_audit_note *const a = &r->m->audit;
    uint64_t *const to[] = {&a->removals, &a->right, &a->wrong, &a->unsure,
                            &a->rate,     &a->low,   &a->high};
    mk_json_value v[8];

    if (mk_str_eq(value.raw, MK_STR("null")))
        return MK_OK;
    mk_err err = take(r, "audit", value.raw, names, 8, v);
    if (err == MK_OK)
        err = digest_of(r, "sha256", v[0], a->sha256);
    for (size_t i = 0; err == MK_OK && i < 7; i++)
        err = number_of(r, names[i + 1], v[i + 1], to[i]);
    return err;
}

static mk_err read_takedown(const reading *r, mk_str text, void *arg)
{
    static const char *const names[] = {"documents", "by",          "reason",
                                        "listed",    "list_sha256", "manifest_sha256"};
    mk_json_value v[6];
    mk_takedown_note *t;
    mk_err err = take(r, "taken_down", text, names, 6, v);

    (void)arg;
    if (err != MK_OK)
        return err;
    t = mk_manifest_takedown(r->m);
    if (!t)
        return no_memory(r);
    err = number_of(r, "documents", v[0], &t->documents);
    if (err == MK_OK)
        err = text_of(r, "by", v[1], &t->by);
    if (err == MK_OK)
        err = text_of(r, "reason", v[2], &t->reason);
    if (err == MK_OK)
        err = number_of(r, "listed", v[3], &t->listed);
    if (err == MK_OK)
        err = digest_of(r, "list_sha256", v[4], t->list_sha256);
    return err == MK_OK ? digest_of(r, "manifest_sha256", v[5], t->manifest_sha256) : err;
}

mk_err mk_manifest_read(mk_str text, mk_manifest *ret, mk_error *reterr)
{
    static const char *const names[] = {"format", "program",    "metadata", "options", "inputs",
                                        "runs",   "splits",     "shards",   "files",   "ledger",
                                        "audit",  "taken_down", "totals"};
    enum { N = sizeof(names) / sizeof(*names) };
    const reading r = {ret, reterr};
    mk_json_value v[N];
    mk_str format = {0};
    mk_buf again = {.max = MK_BUF_MAX};
    mk_err err = mk_manifest_init(ret, reterr);

    if (err == MK_OK)
        err = take(&r, "manifest", text, names, N, v);
    if (err == MK_OK)
        err = text_of(&r, "format", v[0], &format);
    if (err == MK_OK && !mk_str_eq(format, MK_STR(MK_MANIFEST_FORMAT)))
        err = mk_fail(reterr, MK_MISMATCH,
                      MK_MANIFEST_NAME ": format '%.*s', '" MK_MANIFEST_FORMAT "' is known",
                      (int)(format.len < 60 ? format.len : 60), format.ptr);
    if (err == MK_OK)
        err = read_program(&r, v[1]);
    if (err == MK_OK)
        err = object_of(&r, "metadata", v[2], &ret->metadata);
    if (err == MK_OK)
        err = read_options(&r, v[3]);
    if (err == MK_OK)
        err = list(&r, "inputs", v[4], read_file, &ret->inputs);
    if (err == MK_OK)
        err = list(&r, "runs", v[5], read_run, NULL);
    if (err == MK_OK)
        err = list(&r, "splits", v[6], read_split, NULL);
    if (err == MK_OK && ret->splits.n == 0)
        err = bad(&r, "splits");
    if (err == MK_OK)
        err = list(&r, "shards", v[7], read_part, NULL);
    if (err == MK_OK)
        err = list(&r, "files", v[8], read_file, &ret->files);
    if (err == MK_OK)
        err = read_ledger(&r, v[9]);
    if (err == MK_OK)
        err = read_audit(&r, v[10]);
    if (err == MK_OK)
        err = list(&r, "taken_down", v[11], read_takedown, NULL);
    if (err == MK_OK) { /* same_ids is the last of the totals */
        static const char *const last[] = {"in",        "taken_down",    "stored_bytes",
                                           "documents", "content_bytes", "text_bytes",
                                           "letters",   "words",         "same_ids"};
        mk_json_value t[9];
        err = take(&r, "totals", v[12].raw, last, 9, t);
        if (err == MK_OK)
            err = number_of(&r, last[8], t[8], &ret->same_ids);
    }
    if (err == MK_OK) { /* the other totals, spaces and escapes */
        mk_manifest_put(ret, &again);
        if (again.failed)
            err = no_memory(&r);
        else if (!mk_str_eq(mk_buf_str(&again), text))
            err = mk_fail(reterr, MK_MISMATCH, MK_MANIFEST_NAME ": the totals do not add up");
    }
    mk_buf_clear(&again);
    return err;
}
