/* run_report.c: see run_report.h; docs/FORMATS.md, "Run folders", has the members. */
#include "outputs/run_report.h"

#include <inttypes.h>

#include "base/json.h"

static void put_count(mk_buf *out, const char *key, uint64_t n)
{
    mk_buf_printf(out, ",\"%s\":%" PRIu64, key, n);
}

/* The inputs of the spec, each with what became of its records. */
static void put_inputs(mk_str inputs, const mk_input_counts *counts, mk_buf *out)
{
    mk_json_array it = mk_json_array_of(inputs);
    mk_json_value v;
    mk_error why;
    const mk_input_counts *c = counts;

    mk_buf_putc(out, '[');
    for (; mk_json_array_next(&it, &v, &why) == MK_OK; c++) {
        mk_buf_puts(out, c == counts ? "\n    " : ",\n    ");
        mk_buf_put(out, mk_str_sub(v.raw, 0, v.raw.len - 1)); /* without its bracket */
        put_count(out, "in", c->in);
        put_count(out, "written", c->written);
        put_count(out, "filtered", c->filtered);
        put_count(out, "duplicate", c->duplicate);
        put_count(out, "rejected", c->rejected);
        put_count(out, "skipped", c->skipped);
        put_count(out, "damaged", c->damaged);
        mk_buf_putc(out, '}');
    }
    mk_buf_puts(out, c == counts ? "]" : "\n  ]");
}

static void put_shards(const mk_run_report *r, mk_buf *out)
{
    mk_buf_puts(out, ",\n  \"shards\": [");
    for (size_t i = 0; i < r->n_shards; i++) {
        mk_buf_puts(out, i == 0 ? "\n    " : ",\n    ");
        mk_shard_put(&r->shards[i], out);
    }
    mk_buf_puts(out, r->n_shards == 0 ? "]" : "\n  ]");
}

void mk_run_report_put(const mk_run_report *r, mk_buf *out)
{
    mk_buf object = {.max = MK_BUF_MAX};
    mk_json_member m;
    mk_error why;
    const char *before = "{\n  ";

    mk_buf_putc(&object, '{');
    mk_buf_put(&object, mk_str_sub(r->spec, 1, r->spec.len)); /* without the comma */
    mk_buf_putc(&object, '}');
    mk_json_object it = mk_json_object_of(mk_buf_str(&object));
    while (!object.failed && mk_json_object_next(&it, &m, &why) == MK_OK) {
        mk_buf_puts(out, before);
        mk_buf_put(out, m.key.raw);
        mk_buf_puts(out, ": ");
        if (mk_str_eq(m.key.raw, MK_STR("\"inputs\"")))
            put_inputs(m.value.raw, r->inputs, out);
        else
            mk_buf_put(out, m.value.raw);
        before = ",\n  ";
    }
    put_shards(r, out);
    mk_buf_puts(out, ",\n  \"counts\": {");
    for (const mk_summary_number *n = mk_summary_numbers; n->name; n++)
        mk_buf_printf(out, "%s\n    \"%s\": %" PRIu64, n == mk_summary_numbers ? "" : ",", n->name,
                      mk_summary_get(r->summary, n));
    mk_buf_puts(out, "\n  },\n  ");
    mk_summary_put_details(r->summary, out);
    mk_buf_puts(out, "\n}\n");
    out->failed |= object.failed;
    mk_buf_clear(&object);
}
