/* metadata_yaml.c: release metadata written as YAML, read by libyaml as a stream of
 * events. One document; a mapping of texts, lists of texts, and lists of mappings where
 * authors are. Refuses anchors, aliases and tags, which make small files large or say
 * what a value is instead of what it says; merge keys are unknown members. A plain
 * scalar is text whatever it looks like: `version: 1.0.0`, `date: 2024-05-01`.
 * Cases: tests/release/test_metadata.c. */
#include <yaml.h>

#include "release/metadata.h"

typedef enum place {
    OUTSIDE,    /* of the document's mapping */
    KEY,        /* a key of it, or its end */
    VALUE,      /* what a key stands for */
    ITEM,       /* of a list, or its end */
    PERSON_KEY, /* of an author in a list, or his end */
    PERSON_VALUE
} place;

typedef struct yaml {
    yaml_parser_t parser;
    mk_meta_builder *b;
    place place;
    mk_error why;
    size_t line; /* of the event, from 1 */
} yaml;

static mk_err refuse(yaml *y, const char *what)
{
    return mk_fail(&y->why, MK_OPTION, "%s", what);
}

static mk_err on_scalar(yaml *y, const yaml_event_t *e)
{
    const mk_str text = {(const char *)e->data.scalar.value, e->data.scalar.length};
    mk_err err = MK_OK;

    if (e->data.scalar.anchor || e->data.scalar.tag)
        return refuse(y, "anchors and tags are not taken");
    switch (y->place) {
    case OUTSIDE:
        return refuse(y, "a mapping is needed, 'name: value' in each line");
    case KEY:
        err = mk_meta_key_found(y->b, text, &y->why);
        y->place = VALUE;
        break;
    case VALUE:
        err = mk_meta_value(y->b, text, &y->why);
        y->place = KEY;
        break;
    case ITEM:
        err = mk_meta_value(y->b, text, &y->why);
        break;
    case PERSON_KEY:
        err = mk_meta_person_key(y->b, text, &y->why);
        y->place = PERSON_VALUE;
        break;
    case PERSON_VALUE:
        err = mk_meta_person_value(y->b, text, &y->why);
        y->place = PERSON_KEY;
        break;
    }
    return err;
}

static mk_err on_mapping(yaml *y, const yaml_event_t *e)
{
    if (e->data.mapping_start.anchor || e->data.mapping_start.tag)
        return refuse(y, "anchors and tags are not taken");
    if (y->place == OUTSIDE) {
        y->place = KEY;
        return MK_OK;
    }
    if (y->place != ITEM)
        return refuse(y, "an object where text is needed");
    y->place = PERSON_KEY;
    return mk_meta_person(y->b, &y->why);
}

static mk_err on_sequence(yaml *y, const yaml_event_t *e)
{
    if (e->data.sequence_start.anchor || e->data.sequence_start.tag)
        return refuse(y, "anchors and tags are not taken");
    if (y->place == OUTSIDE)
        return refuse(y, "a list, a mapping is needed");
    if (y->place != VALUE)
        return refuse(y, "a list where text is needed");
    y->place = ITEM;
    return mk_meta_list(y->b, &y->why);
}

static mk_err on_event(yaml *y, const yaml_event_t *e, bool *begun)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(y, e);
    case YAML_MAPPING_START_EVENT:
        return on_mapping(y, e);
    case YAML_SEQUENCE_START_EVENT:
        return on_sequence(y, e);
    case YAML_SEQUENCE_END_EVENT:
        y->place = KEY;
        return MK_OK;
    case YAML_MAPPING_END_EVENT:
        y->place = y->place == PERSON_KEY ? ITEM : OUTSIDE;
        return MK_OK;
    case YAML_ALIAS_EVENT:
        return refuse(y, "aliases are not taken");
    case YAML_DOCUMENT_START_EVENT:
        if (*begun)
            return refuse(y, "a second document");
        *begun = true;
        return MK_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return MK_OK;
    }
    return MK_OK;
}

static mk_err parse_all(yaml *y)
{
    bool begun = false, over = false;
    mk_err err = MK_OK;

    while (err == MK_OK && !over) {
        yaml_event_t e;
        if (!yaml_parser_parse(&y->parser, &e)) {
            y->line = y->parser.problem_mark.line + 1;
            return y->parser.error == YAML_MEMORY_ERROR
                       ? mk_fail(&y->why, MK_NOMEM, "out of memory")
                       : mk_fail(&y->why, MK_OPTION, "not YAML: %s",
                                 y->parser.problem ? y->parser.problem : "it cannot be read");
        }
        y->line = e.start_mark.line + 1;
        over = e.type == YAML_STREAM_END_EVENT;
        err = on_event(y, &e, &begun);
        yaml_event_delete(&e);
    }
    return err;
}

mk_err mk_meta_yaml(const char *where, mk_str text, mk_meta_builder *b, mk_error *reterr)
{
    yaml y = {.b = b};
    mk_err err;

    if (!yaml_parser_initialize(&y.parser))
        return mk_fail(reterr, MK_NOMEM, "out of memory for metadata");
    yaml_parser_set_encoding(&y.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&y.parser, (const unsigned char *)text.ptr, text.len);
    err = parse_all(&y);
    yaml_parser_delete(&y.parser);
    if (err == MK_OK)
        return MK_OK;
    return mk_fail(reterr, err == MK_NOMEM ? MK_NOMEM : MK_OPTION, "%s:%zu: %s", where, y.line,
                   y.why.text);
}
