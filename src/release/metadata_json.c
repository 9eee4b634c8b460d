/* metadata_json.c: release metadata written as JSON. Values are strings, arrays of them,
 * and objects of strings where authors are. Cases: tests/release/test_metadata.c. */
#include "base/json.h"
#include "release/metadata.h"

static mk_err text_of(const mk_meta_builder *b, mk_json_value value, mk_str *ret, mk_error *reterr)
{
    if (value.type != MK_JSON_STRING)
        return mk_fail(reterr, MK_OPTION, "'%s' holds what is no text", mk_metadata_name(b->key));
    const mk_err err = mk_json_text(value, b->arena, ret, reterr);
    return err == MK_RECORD ? MK_OPTION : err;
}

static mk_err read_person(mk_meta_builder *b, mk_json_value value, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(value.raw);
    mk_json_member member;
    mk_str text;
    mk_err err = mk_meta_person(b, reterr);

    while (err == MK_OK && (err = mk_json_object_next(&it, &member, reterr)) == MK_OK) {
        err = mk_json_text(member.key, b->arena, &text, reterr);
        if (err == MK_OK)
            err = mk_meta_person_key(b, text, reterr);
        if (err == MK_OK)
            err = text_of(b, member.value, &text, reterr);
        if (err == MK_OK)
            err = mk_meta_person_value(b, text, reterr);
    }
    return err == MK_END ? MK_OK : err;
}

static mk_err read_value(mk_meta_builder *b, mk_json_value value, mk_error *reterr)
{
    mk_str text;
    mk_err err;

    if (value.type == MK_JSON_OBJECT)
        return read_person(b, value, reterr);
    err = text_of(b, value, &text, reterr);
    return err == MK_OK ? mk_meta_value(b, text, reterr) : err;
}

static mk_err read_member(mk_meta_builder *b, mk_json_value value, mk_error *reterr)
{
    mk_json_value item;
    mk_err err;

    if (value.type != MK_JSON_ARRAY)
        return read_value(b, value, reterr);
    mk_json_array it = mk_json_array_of(value.raw);
    err = mk_meta_list(b, reterr);
    while (err == MK_OK && (err = mk_json_array_next(&it, &item, reterr)) == MK_OK)
        err = read_value(b, item, reterr);
    return err == MK_END ? MK_OK : err;
}

mk_err mk_meta_json(const char *where, mk_str text, mk_meta_builder *b, mk_error *reterr)
{
    mk_json_object it = mk_json_object_of(text);
    mk_json_member member;
    mk_error why = {0};
    mk_str key;
    mk_err err;

    while ((err = mk_json_object_next(&it, &member, &why)) == MK_OK) {
        err = mk_json_text(member.key, b->arena, &key, &why);
        if (err == MK_OK)
            err = mk_meta_key_found(b, key, &why);
        if (err == MK_OK)
            err = read_member(b, member.value, &why);
        if (err != MK_OK)
            break;
    }
    if (err == MK_END)
        return MK_OK;
    return mk_fail(reterr, err == MK_NOMEM ? MK_NOMEM : MK_OPTION, "%s: %s", where, why.text);
}
