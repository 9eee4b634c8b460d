/* release_text.c: the figures of a release in words. */
#include "release_text.h"

#include <stdlib.h>

#include "message.h"
#include "print.h"

void cli_release_put(const char *what, const mk_release_summary *s)
{
    char a[CLI_NUMBER], b[CLI_NUMBER];

    cli_say("%s: %s %s in %s %s", what, cli_number(a, s->n_documents),
            cli_plural(s->n_documents, "document", "documents"), cli_number(b, s->n_shards),
            cli_plural(s->n_shards, "shard", "shards"));
    fprintf(stderr, "  bytes    %s of JSONL, ", cli_number(a, s->content_bytes));
    fprintf(stderr, "%s as stored\n", cli_number(a, s->stored_bytes));
    fprintf(stderr, "  files    %s, with ", cli_number(a, s->n_files));
    fprintf(stderr, "%s %s", cli_number(a, s->n_members),
            cli_plural(s->n_members, "member", "members"));
    if (s->n_copied > 0)
        fprintf(stderr, ", of which %s %s", cli_number(a, s->n_copied),
                cli_plural(s->n_copied, "is a copy", "are copies"));
    fputc('\n', stderr);
    if (s->n_taken > 0)
        fprintf(stderr, "  gone     %s\n", cli_number(a, s->n_taken));
    if (s->same_ids > 0)
        fprintf(stderr, "  ids      %s that another document has too\n",
                cli_number(a, s->same_ids));
    if (s->n_lacks > 0)
        fprintf(stderr, "  lacks    %s of the metadata: see the TODOs in README.md\n",
                cli_number(a, s->n_lacks));
}

int cli_epoch(int64_t *ret, bool *ret_has)
{
    const char *const text = getenv("SOURCE_DATE_EPOCH");
    int64_t n = 0;

    *ret = 0;
    *ret_has = text && *text;
    for (const char *c = text; *ret_has && *c; c++) {
        if (*c < '0' || *c > '9' || n > INT64_C(99999999999)) {
            cli_say("bad SOURCE_DATE_EPOCH '%s': seconds since 1970 are needed", text);
            return CLI_USAGE;
        }
        n = n * 10 + (*c - '0');
    }
    if (*ret_has)
        *ret = n;
    return 0;
}
