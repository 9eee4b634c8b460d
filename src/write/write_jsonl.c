#include "write/write_jsonl.h"

#include "write/schema.h"

void mk_write_jsonl(const mk_doc *doc, mk_buf *out)
{
    mk_schema_put(mk_schemas, doc, out);
}
