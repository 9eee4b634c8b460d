/* chain.c: see chain.h. Syntax of a profile: a step a line, the filter's name and
 * then option=value words; # begins a comment. The same with commas and colons
 * is a chain on the command line: "comments,normalize:form=search". */
#include "chain/chain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/simd.h"
#include "read/file_bytes.h"
#include "chain/option.h"

enum { MAX_FILE = 16 << 20 /* bytes of a profile or lexicon file */ };

/* ---- looking up ---- */

const mk_filter *mk_filter_find(mk_str name)
{
    for (const mk_filter *const *f = mk_filters(); *f; f++)
        if (mk_str_eq(name, mk_str_of((*f)->name)))
            return *f;
    return NULL;
}

static const char *find_builtin(const mk_builtin *list, mk_str name)
{
    for (; list->name; list++)
        if (mk_str_eq(name, mk_str_of(list->name)))
            return list->text;
    return NULL;
}

static mk_err unknown_filter(mk_str name, mk_error *reterr)
{
    const char *nearest = NULL;
    unsigned best = 3; /* edits */
    for (const mk_filter *const *f = mk_filters(); *f; f++) {
        const unsigned d = mk_edit_distance(name, mk_str_of((*f)->name), 2);
        if (d < best) {
            best = d;
            nearest = (*f)->name;
        }
    }
    if (nearest)
        return mk_fail(reterr, MK_OPTION, "unknown filter '%.*s' (did you mean '%s'?)",
                       (int)name.len, name.ptr, nearest);
    return mk_fail(reterr, MK_OPTION, "unknown filter '%.*s' (`minkhal filters` lists them)",
                   (int)name.len, name.ptr);
}

/* ---- steps ---- */

static mk_err insert_step(mk_chain *chain, size_t at, const mk_filter *filter, mk_error *reterr)
{
    if (chain->n_steps == MK_MAX_STEPS)
        return mk_fail(reterr, MK_OPTION, "more than %d steps", MK_MAX_STEPS);
    void *config = calloc(1, filter->config_size > 0 ? filter->config_size : 1);
    if (!config)
        return mk_fail(reterr, MK_NOMEM, "out of memory for the filter '%s'", filter->name);
    mk_option_defaults(filter, config);
    memmove(&chain->steps[at + 1], &chain->steps[at], (chain->n_steps - at) * sizeof(mk_step));
    chain->steps[at] = (mk_step){.filter = filter, .config = config};
    chain->n_steps++;
    return MK_OK;
}

static mk_err set_file(mk_step_file *file, mk_str value, mk_error *reterr)
{
    free(file->option);
    file->option = strndup(value.ptr, value.len);
    return file->option ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory");
}

static void forget_lexicons(mk_step *step)
{
    for (size_t i = 0; i < step->n_lexicons; i++)
        free(step->lexicons[i].option);
    free(step->lexicons);
    step->lexicons = NULL;
    step->n_lexicons = 0;
}

/* word is "option=value". A lexicon with + is one more, without it the only one. */
static mk_err set_option(mk_step *step, mk_str word, mk_error *reterr)
{
    const char *equals = word.len > 0 ? memchr(word.ptr, '=', word.len) : NULL;
    if (!equals)
        return mk_fail(reterr, MK_OPTION, "'%.*s' is not option=value (filter '%s')", (int)word.len,
                       word.ptr, step->filter->name);
    const size_t n = (size_t)(equals - word.ptr);
    const mk_str name = mk_str_sub(word, 0, n), value = mk_str_sub(word, n + 1, word.len);
    const mk_option *option = NULL;
    const mk_err err = mk_option_find(step->filter, name, &option, reterr);
    if (err != MK_OK)
        return err;
    if (option->type != MK_OPTION_LEXICON && option->type != MK_OPTION_SITES)
        return mk_option_set(step->filter, option, value, step->config, reterr);
    if (option->type == MK_OPTION_SITES)
        return set_file(&step->rules, value, reterr);
    if (value.len == 0 || value.ptr[0] != '+')
        forget_lexicons(step);
    mk_step_file *const files = realloc(step->lexicons, (step->n_lexicons + 1) * sizeof(*files));
    if (!files)
        return mk_fail(reterr, MK_NOMEM, "out of memory");
    step->lexicons = files;
    files[step->n_lexicons] = (mk_step_file){0};
    return set_file(&files[step->n_lexicons++], value, reterr);
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* text holds steps parted by characters of `outer`, words by those of `inner`. */
static mk_err read_step(mk_chain *chain, mk_str text, const char *inner, mk_error *reterr)
{
    mk_step *step = NULL;
    for (size_t at = 0; at < text.len;) {
        size_t to = at;
        while (to < text.len && !is_one_of(text.ptr[to], inner))
            to++;
        const mk_str word = mk_str_sub(text, at, to);
        at = to + 1;
        if (word.len == 0)
            continue;
        mk_err err = MK_OK;
        if (!step) {
            const mk_filter *filter = mk_filter_find(word);
            err = filter ? insert_step(chain, chain->n_steps, filter, reterr)
                         : unknown_filter(word, reterr);
            step = &chain->steps[chain->n_steps > 0 ? chain->n_steps - 1 : 0];
        } else {
            err = set_option(step, word, reterr);
        }
        if (err != MK_OK)
            return err;
    }
    return MK_OK;
}

static mk_err read_list(mk_chain *chain, mk_str text, mk_error *reterr)
{
    for (size_t at = 0; at < text.len;) {
        const char *comma = memchr(text.ptr + at, ',', text.len - at);
        const size_t to = comma ? (size_t)(comma - text.ptr) : text.len;
        const mk_err err = read_step(chain, mk_str_sub(text, at, to), ":", reterr);
        if (err != MK_OK)
            return err;
        at = to + 1;
    }
    return MK_OK;
}

static mk_err read_profile_text(mk_chain *chain, const char *name, mk_str text, mk_error *reterr)
{
    unsigned line = 0;
    for (size_t at = 0; at < text.len;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = lf ? (size_t)(lf - text.ptr) : text.len;
        const char *comment = memchr(text.ptr + at, '#', end - at);
        const size_t to = comment ? (size_t)(comment - text.ptr) : end;
        mk_error why;
        line++;
        const mk_err err = read_step(chain, mk_str_sub(text, at, to), " \t\r", &why);
        if (err != MK_OK)
            return mk_fail(reterr, err, "profile %s:%u: %s", name, line, why.text);
        at = end + 1;
    }
    return MK_OK;
}

/* A built-in profile by its name; a file if there is a slash or a point in it. */
static mk_err read_profile(mk_chain *chain, const char *name, mk_error *reterr)
{
    const char *builtin = find_builtin(mk_profiles(), mk_str_of(name));
    if (builtin)
        return read_profile_text(chain, name, mk_str_of(builtin), reterr);
    if (!strchr(name, '/') && !strchr(name, '.')) {
        mk_buf names = {.max = 4096};
        for (const mk_builtin *p = mk_profiles(); p->name; p++)
            mk_buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", p->name);
        const mk_err err = mk_fail(reterr, MK_OPTION,
                                   "unknown profile '%s' (known: %.*s; a file's "
                                   "name has a point or a slash)",
                                   name, (int)names.len, names.ptr);
        mk_buf_clear(&names);
        return err;
    }
    chain->profile = strdup(name);
    if (!chain->profile)
        return mk_fail(reterr, MK_NOMEM, "out of memory");
    mk_buf text = {.max = MAX_FILE};
    mk_err err = mk_file_option(name, MK_FILE_DECODED, &text, reterr);
    if (err == MK_OK)
        err = read_profile_text(chain, name, mk_buf_str(&text), reterr);
    mk_buf_clear(&text);
    return err;
}

/* "filter:option=value", for every step of that filter. */
static mk_err apply_set(mk_chain *chain, const char *set, mk_error *reterr)
{
    const char *colon = strchr(set, ':');
    if (!colon)
        return mk_fail(reterr, MK_OPTION, "'%s' is not filter:option=value", set);
    const mk_str name = {set, (size_t)(colon - set)};
    if (!mk_filter_find(name))
        return unknown_filter(name, reterr);
    bool found = false;
    for (size_t i = 0; i < chain->n_steps; i++) {
        if (!mk_str_eq(name, mk_str_of(chain->steps[i].filter->name)))
            continue;
        const mk_err err = set_option(&chain->steps[i], mk_str_of(colon + 1), reterr);
        if (err != MK_OK)
            return err;
        found = true;
    }
    if (!found)
        return mk_fail(reterr, MK_OPTION, "filter '%.*s' is not in the chain", (int)name.len,
                       name.ptr);
    return MK_OK;
}

/* Accusations need a judge, and line breaks a filter that answers for them. */
static mk_err complete(mk_chain *chain, mk_error *reterr)
{
    const mk_filter *verdict = mk_filter_find(MK_STR("verdict"));
    const mk_filter *lines = mk_filter_find(MK_STR("lines"));
    size_t last = SIZE_MAX;
    bool judged = false;
    for (size_t i = 0; i < chain->n_steps; i++) {
        if (chain->steps[i].filter->kind == MK_KIND_EVIDENCE)
            last = i;
        judged |= chain->steps[i].filter == verdict;
    }
    mk_err err = MK_OK;
    if (last != SIZE_MAX && !judged)
        err = insert_step(chain, last + 1, verdict, reterr);
    chain->gaps = judged || last != SIZE_MAX;
    if (err == MK_OK && (chain->n_steps == 0 || chain->steps[chain->n_steps - 1].filter != lines))
        err = insert_step(chain, chain->n_steps, lines, reterr);
    return err;
}

/* ---- making ready ---- */

static mk_err sum_up(mk_str text, char out[MK_SHA256_HEX + 1], mk_error *reterr)
{
    unsigned char digest[MK_CHECKSUM_MAX];
    const size_t n = mk_checksum(MK_SHA256, text, digest);
    mk_hex(digest, n, out);
    return n > 0 ? MK_OK : mk_fail(reterr, MK_NOMEM, "out of memory for a checksum");
}

/* The built-in lexicon of that name: it was read for its filter's rules. */
static mk_err load_builtin(mk_step *step, const char *name, mk_error *reterr)
{
    const mk_lexicon_set *const set = mk_builtin_set();
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->lexicons[i].name, name) == 0)
            return mk_lexicon_view(&set->lexicons[i], &step->lexicon, reterr);
    return mk_fail(reterr, MK_BUG, "no lexicon '%s'", name);
}

/* Adds what the user's file holds. */
static mk_err add_file(mk_step *step, mk_step_file *file, mk_error *reterr)
{
    const char *const path = mk_step_path(file);
    mk_buf text = {.max = MAX_FILE};
    mk_err err = mk_file_option(path, MK_FILE_DECODED, &text, reterr);
    if (err == MK_OK)
        err = mk_lexicon_add(step->lexicon, path, mk_buf_str(&text), step->filter->rules, reterr);
    if (err == MK_OK)
        err = sum_up(mk_buf_str(&text), file->sha256, reterr);
    mk_buf_clear(&text);
    return err;
}

static mk_err load_lexicon(mk_step *step, const mk_option *option, mk_error *reterr)
{
    mk_err err = mk_step_has_builtin(step)
                     ? load_builtin(step, option->lexicon, reterr)
                     : mk_lexicon_new(option->lexicon, &step->lexicon, reterr);
    for (size_t i = 0; err == MK_OK && i < step->n_lexicons; i++)
        err = add_file(step, &step->lexicons[i], reterr);
    if (err == MK_OK)
        *(const mk_lexicon **)(void *)((char *)step->config + option->offset) = step->lexicon;
    return err;
}

static mk_err load_sites(mk_step *step, const mk_option *option, mk_error *reterr)
{
    const char *const path = step->rules.option;
    if (!path)
        return MK_OK;
    mk_buf text = {.max = MK_BUF_MAX};
    mk_err err = mk_file_option(path, MK_FILE_DECODED, &text, reterr);
    if (err == MK_OK)
        err = mk_sites_new(path, mk_buf_str(&text), &step->sites, reterr);
    if (err == MK_OK)
        err = sum_up(mk_buf_str(&text), step->rules.sha256, reterr);
    mk_buf_clear(&text);
    if (err == MK_OK)
        *(const mk_sites **)(void *)((char *)step->config + option->offset) = step->sites;
    return err;
}

static mk_err load_files(mk_step *step, mk_error *reterr)
{
    mk_err err = MK_OK;
    for (const mk_option *o = step->filter->options; o && o->name && err == MK_OK; o++) {
        if (o->type == MK_OPTION_LEXICON)
            err = load_lexicon(step, o, reterr);
        else if (o->type == MK_OPTION_SITES)
            err = load_sites(step, o, reterr);
    }
    return err;
}

static mk_err prepare(mk_chain *chain, mk_error *reterr)
{
    mk_lexicon *lexicons[MK_MAX_STEPS];
    size_t n = 0;
    for (size_t i = 0; i < chain->n_steps; i++) {
        mk_step *step = &chain->steps[i];
        mk_err err = load_files(step, reterr);
        if (err == MK_OK && step->filter->prepare)
            err = step->filter->prepare(step->config, reterr);
        if (err != MK_OK)
            return err;
        step->prepared = true;
        if (step->lexicon)
            lexicons[n++] = step->lexicon;
    }
    return mk_matcher_new(lexicons, n, &chain->matcher, reterr);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The file of an option, as it was given or by its name alone. */
static void put_file(const mk_option *o, const char *file, bool name_only, mk_buf *out)
{
    mk_buf_printf(out, " %s=", o->name);
    if (name_only && file[0] == '+')
        mk_buf_putc(out, '+');
    mk_buf_puts(out, name_only ? name_of(file + (file[0] == '+')) : file);
}

static void put_option(const mk_step *step, const mk_option *o, bool names_only, mk_buf *out)
{
    if (o->type == MK_OPTION_LEXICON) {
        for (size_t i = 0; i < step->n_lexicons; i++)
            put_file(o, step->lexicons[i].option, names_only, out);
    } else if (o->type == MK_OPTION_SITES) {
        if (step->rules.option)
            put_file(o, step->rules.option, names_only, out);
    } else {
        mk_buf_printf(out, " %s=", o->name);
        mk_option_put(o, step->config, out);
    }
}

/* Writes the chain as a profile that says everything. */
static void put_chain(const mk_chain *chain, bool names_only, mk_buf *out)
{
    for (size_t i = 0; i < chain->n_steps; i++) {
        const mk_step *step = &chain->steps[i];
        mk_buf_puts(out, step->filter->name);
        for (const mk_option *o = step->filter->options; o && o->name; o++)
            put_option(step, o, names_only, out);
        mk_buf_putc(out, '\n');
    }
}

void mk_chain_put(const mk_chain *chain, mk_buf *out)
{
    put_chain(chain, true, out);
}

static mk_err describe(mk_chain *chain, mk_error *reterr)
{
    mk_buf out = {.max = MAX_FILE};
    put_chain(chain, false, &out);
    mk_buf_putc(&out, '\0');
    if (out.failed) {
        mk_buf_clear(&out);
        return mk_fail(reterr, MK_NOMEM, "out of memory");
    }
    chain->text = out.ptr;
    return MK_OK;
}

static mk_err list_files(mk_chain *chain, mk_error *reterr)
{
    size_t n = 1;
    for (size_t i = 0; i < chain->n_steps; i++)
        n += chain->steps[i].n_lexicons + 1;
    chain->files = calloc(n, sizeof(*chain->files));
    if (!chain->files)
        return mk_fail(reterr, MK_NOMEM, "out of memory");
    if (chain->profile)
        chain->files[chain->n_files++] = chain->profile;
    for (size_t i = 0; i < chain->n_steps; i++) {
        const mk_step *const step = &chain->steps[i];
        for (size_t k = 0; k < step->n_lexicons; k++)
            chain->files[chain->n_files++] = mk_step_path(&step->lexicons[k]);
        if (step->rules.option)
            chain->files[chain->n_files++] = step->rules.option;
    }
    return MK_OK;
}

const char *mk_step_path(const mk_step_file *file)
{
    return file->option + (file->option[0] == '+');
}

bool mk_step_has_builtin(const mk_step *step)
{
    return step->n_lexicons == 0 || step->lexicons[0].option[0] == '+';
}

/* ---- public ---- */

mk_err mk_chain_open(const mk_chain_options *options, mk_chain **ret, mk_error *reterr)
{
    mk_error local = {.code = MK_OK};
    reterr = reterr ? reterr : &local;
    mk_chain *chain = calloc(1, sizeof(*chain));
    if (!chain)
        return mk_fail(reterr, MK_NOMEM, "out of memory for a chain");
    mk_err err = options->filters
                     ? read_list(chain, mk_str_of(options->filters), reterr)
                     : read_profile(chain, options->profile ? options->profile : "web", reterr);
    if (err == MK_OK)
        err = complete(chain, reterr);
    for (size_t i = 0; i < options->n_sets && err == MK_OK; i++)
        err = apply_set(chain, options->sets[i], reterr);
    if (err == MK_OK)
        err = prepare(chain, reterr);
    if (err == MK_OK)
        err = describe(chain, reterr);
    if (err == MK_OK)
        err = list_files(chain, reterr);
    chain->simd = mk_has_simd();
    if (err != MK_OK) {
        mk_chain_close(chain);
        return err;
    }
    *ret = chain;
    return MK_OK;
}

void mk_chain_close(mk_chain *chain)
{
    if (!chain)
        return;
    for (size_t i = 0; i < chain->n_steps; i++) {
        mk_step *step = &chain->steps[i];
        if (step->prepared && step->filter->release)
            step->filter->release(step->config);
        free(step->config);
        forget_lexicons(step);
        free(step->rules.option);
        mk_lexicon_free(step->lexicon);
        mk_sites_free(step->sites);
    }
    mk_matcher_free(chain->matcher);
    free(chain->text);
    free(chain->profile);
    free(chain->files);
    free(chain);
}

size_t mk_chain_length(const mk_chain *chain)
{
    return chain->n_steps;
}

const mk_filter *mk_chain_filter(const mk_chain *chain, size_t step)
{
    return chain->steps[step].filter;
}

const char *mk_chain_text(const mk_chain *chain)
{
    return chain->text;
}

const char *mk_version(void)
{
    return MK_VERSION;
}
