/* make_lexicons: the built-in lexicons as C tables, and the index of their phrases, at
 * build time, by the code that reads and indexes those of users when a chain is opened.
 * What is wrong in a file of filters/lexicons fails the build.
 * make_lexicons OUT.c
 * Cases: tests/chain/test_chain.c. */
#include <stdio.h>
#include <stdlib.h>

#include "doc/index_tables.h"
#include "minkhal/minkhal.h"

enum {
    MAX_LEXICONS = UINT8_MAX, /* the index numbers them in 8 bits */
    LINE = 32                 /* bytes on a line */
};

typedef struct lexicons {
    mk_lexicon *items[MAX_LEXICONS];
    size_t n;
} lexicons;

/* ---- reading ---- */

/* The rules of the filters that have that lexicon: one filter, or they agree. */
static mk_err find_rules(const char *lexicon, const mk_rule **ret, mk_error *reterr)
{
    *ret = NULL;
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        for (const mk_option *o = (*f)->options; o && o->name; o++) {
            if (o->type != MK_OPTION_LEXICON || strcmp(o->lexicon, lexicon) != 0)
                continue;
            if (*ret && *ret != (*f)->rules)
                return mk_fail(reterr, MK_BUG, "two filters have the lexicon '%s'", lexicon);
            *ret = (*f)->rules;
        }
    return *ret ? MK_OK : mk_fail(reterr, MK_BUG, "no filter has the lexicon '%s'", lexicon);
}

static mk_err read_lexicon(const mk_builtin *builtin, lexicons *ret, mk_error *reterr)
{
    mk_lexicon *lexicon = NULL;
    const mk_rule *rules;
    char where[64];
    mk_err err = find_rules(builtin->name, &rules, reterr);

    if (err == MK_OK && ret->n == MAX_LEXICONS)
        err = mk_fail(reterr, MK_BUG, "more than %d lexicons", MAX_LEXICONS);
    if (err == MK_OK)
        err = mk_lexicon_new(builtin->name, &lexicon, reterr);
    if (err != MK_OK)
        return err;
    ret->items[ret->n++] = lexicon;
    snprintf(where, sizeof(where), "%s.txt", builtin->name);
    return mk_lexicon_add(lexicon, where, mk_str_of(builtin->text), rules, reterr);
}

/* ---- writing ---- */

static void put_entry(FILE *out, const mk_entry *e)
{
    fprintf(out, "{%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%d,%d},\n", e->phrase, e->folded, e->n_phrase,
            e->n_folded, e->line, e->rule, e->file, e->anchor, e->strength, e->effect, e->cover,
            e->sign, e->bracket);
}

/* As a string, which compilers read faster than numbers. */
static void put_bytes(FILE *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += LINE) {
        fputc('"', out);
        for (size_t k = i; k < n && k < i + LINE; k++)
            fprintf(out, "\\%03o", (unsigned)(unsigned char)bytes[k]);
        fputs("\"\n", out);
    }
}

static void put_gate(FILE *out, const char *name, const mk_index_gate *gate)
{
    fprintf(out, "static const uint64_t %s[] = {", name);
    for (size_t i = 0; i < ((size_t)1 << gate->bits) / 64; i++)
        fprintf(out, "0x%llx,%s", (unsigned long long)gate->words[i], i % 8 == 7 ? "\n" : "");
    fprintf(out, "};\n");
}

/* The entries of all lexicons and the bytes of their phrases, one after the other. */
static void put_entries(FILE *out, const lexicons *all)
{
    fprintf(out, "static const mk_entry entries[] = {\n");
    for (size_t l = 0; l < all->n; l++)
        for (size_t e = 0; e < all->items[l]->n_entries; e++)
            put_entry(out, &all->items[l]->entries[e]);
    fprintf(out, "};\nstatic const char phrases[] =\n\"\"\n");
    for (size_t l = 0; l < all->n; l++)
        put_bytes(out, all->items[l]->phrases, all->items[l]->n_phrases);
    fprintf(out, ";\n");
}

static void put_pairs(FILE *out, const char *name, const mk_index_pairs *table)
{
    fprintf(out, "static const mk_index_pair %s[] = {\n", name);
    for (size_t i = 0; i < (size_t)1 << table->bits; i++)
        fprintf(out, "{%u,%u},\n", table->slots[i].hash, table->slots[i].phrase);
    fprintf(out, "};\n");
}

/* The tables of `opening` or of `inner`, and in ret the value that refers to them. */
static void put_words(FILE *out, const char *name, const mk_index_words *w, char ret[256])
{
    char of[64];

    fprintf(out, "static const mk_index_single %s_singles[] = {\n", name);
    for (size_t i = 0; i < (size_t)1 << w->single_bits; i++)
        fprintf(out, "{0x%llx,%u,0},\n", (unsigned long long)w->singles[i].word,
                w->singles[i].phrase);
    fprintf(out, "};\n");
    snprintf(of, sizeof(of), "%s_pairs", name);
    put_pairs(out, of, &w->pairs);
    snprintf(of, sizeof(of), "%s_begins", name);
    put_gate(out, of, &w->begins);
    snprintf(ret, 256, "{%s_singles, %u, {%s_pairs, %u}, {%s_begins, %u}}", name, w->single_bits,
             name, w->pairs.bits, name, w->begins.bits);
}

static void put_tables(FILE *out, const mk_index_tables *t)
{
    char opening[256], inner[256];

    fprintf(out, "static const char letters[] =\n\"\"\n");
    put_bytes(out, t->letters, t->n_letters);
    fprintf(out, ";\nstatic const mk_index_phrase index_phrases[] = {\n");
    for (size_t i = 0; i < t->n_phrases; i++) {
        const mk_index_phrase *const p = &t->phrases[i];
        fprintf(out, "{%u,%u,%u,%u,%u,%u},\n", p->letters, p->n_letters, p->number, p->tail,
                p->lexicon, p->is);
    }
    fprintf(out, "};\n");
    put_words(out, "opening", &t->opening, opening);
    put_words(out, "inner", &t->inner, inner);
    put_pairs(out, "labels", &t->labels);
    put_gate(out, "is_glued", &t->is_glued);
    put_gate(out, "is_label", &t->is_label);
    fprintf(out,
            "static const mk_index_tables tables = {\n    .letters = letters,\n"
            "    .phrases = index_phrases,\n    .n_phrases = %u,\n    .n_letters = %u,\n"
            "    .opening = %s,\n    .inner = %s,\n    .labels = {labels, %u},\n"
            "    .is_glued = {is_glued, %u},\n    .is_label = {is_label, %u},\n};\n",
            t->n_phrases, t->n_letters, opening, inner, t->labels.bits, t->is_glued.bits,
            t->is_label.bits);
}

static void put_set(FILE *out, const lexicons *all)
{
    size_t entries = 0, phrases = 0, folded = 0;

    fprintf(out, "static const mk_lexicon_set set;\nstatic const mk_lexicon lexicons[] = {\n");
    for (size_t l = 0; l < all->n; l++) {
        const mk_lexicon *const x = all->items[l];
        fprintf(out,
                "{.name = \"%s\", .entries = entries + %zu, .phrases = phrases + %zu,\n"
                " .folded = letters + %zu, .n_entries = %u, .n_phrases = %u, .n_folded = %u,\n"
                " .reach = {%u, %u, %u}, .place = %zu, .set = &set},\n",
                x->name, entries, phrases, folded, x->n_entries, x->n_phrases, x->n_folded,
                x->reach.whole, x->reach.head, x->reach.tail, l);
        entries += x->n_entries;
        phrases += x->n_phrases;
        folded += x->n_folded;
    }
    fprintf(out,
            "};\nstatic const mk_lexicon_set set = {lexicons, %zu, &tables};\n"
            "const mk_lexicon_set *mk_builtin_set(void)\n{\n    return &set;\n}\n",
            all->n);
}

static mk_err put_all(const char *path, const lexicons *all, mk_error *reterr)
{
    const mk_lexicon *lent[MAX_LEXICONS];
    FILE *const out = fopen(path, "wb");

    if (!out)
        return mk_fail(reterr, MK_OUTPUT, "cannot write '%s'", path);
    for (size_t l = 0; l < all->n; l++)
        lent[l] = all->items[l];
    mk_index_tables *const tables = mk_index_build(lent, all->n);
    if (tables) {
        fprintf(
            out,
            "/* made by make_lexicons */\n"
            "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n#include \"doc/index_tables.h\"\n");
        put_entries(out, all);
        put_tables(out, tables);
        put_set(out, all);
    }
    mk_index_tables_free(tables);
    const bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        return mk_fail(reterr, MK_OUTPUT, "cannot write '%s'", path);
    return tables ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for an index");
}

int main(int argc, char **argv)
{
    lexicons all = {.n = 0};
    mk_error error;
    mk_err err = argc == 2 ? MK_OK : mk_fail(&error, MK_OPTION, "usage: make_lexicons OUT.c");

    for (const mk_builtin *b = mk_lexicons(); b->name && err == MK_OK; b++)
        err = read_lexicon(b, &all, &error);
    if (err == MK_OK)
        err = put_all(argv[1], &all, &error);
    if (err != MK_OK)
        fprintf(stderr, "make_lexicons: %s\n", error.text);
    for (size_t l = 0; l < all.n; l++)
        mk_lexicon_free(all.items[l]);
    return err == MK_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
