/* repair.c: damage that only a whole document gives away, undone line by line.
 *
 * Lines were cut before: a line break that comes out of a character reference
 * becomes a space. Cases: fixtures/filters/repair.cases. */
#include "base/buf.h"
#include "base/bytes.h"
#include "doc/doc.h"
#include "doc/edit.h"
#include "doc/flags.h"
#include "text/entities.h"
#include "text/mojibake.h"
#include "text/operations.h"
#include "text/visual_order.h"

/* Line breaks in what patches write become spaces. */
static void flatten(mk_patches *patches)
{
    static const char *const breaks[] = {"\n", "\v", "\f", "\r", "\xC2\x85", "\u2028", "\u2029"};

    for (size_t i = 0; i < patches->n; i++)
        for (size_t k = 0; k < sizeof(breaks) / sizeof(*breaks); k++)
            if (mk_str_eq(patches->items[i].with, mk_str_of(breaks[k])))
                patches->items[i].with = MK_STR(" ");
}

/* Patches line i in the name of op. True if there was something to patch. */
static bool put(mk_edit *edit, size_t i, mk_patches *patches, mk_operation op)
{
    flatten(patches);
    for (size_t k = 0; k < patches->n; k++)
        patches->items[k].rule = (uint16_t)op;
    edit->nomem |= patches->nomem;
    if (!edit->nomem)
        mk_edit_patch(edit, i, patches->items, patches->n, (mk_str){"", 0});
    return patches->n > 0;
}

static bool has_byte(mk_str s, char byte)
{
    return s.len > 0 && memchr(s.ptr, byte, s.len) != NULL;
}

/* True if line i has the byte, of whose kind there is none in the document's raw text
 * unless `among` is true. */
static bool line_has(const mk_edit *edit, size_t i, bool among, char byte)
{
    const mk_line *const line = &edit->doc->lines[i];
    return !line->gone && (among || line->n_changes > 0) && has_byte(line->text, byte);
}

static bool undo_references(mk_edit *edit, unsigned bytes, mk_drafts *drafts)
{
    bool changed = false, has_markup = false, known = false;

    for (size_t i = 0; i < edit->doc->n_lines && !edit->nomem; i++) {
        mk_patches patches = {.arena = edit->arena};
        if (!line_has(edit, i, bytes & MK_BYTE_AMPERSAND, '&'))
            continue;
        has_markup = known ? has_markup : has_byte(edit->doc->raw, '<');
        known = true;
        mk_op_html_entities(edit->doc->lines[i].text, has_markup, drafts, &patches);
        changed |= put(edit, i, &patches, MK_OP_HTML_ENTITIES);
    }
    return changed;
}

/* changed: the document no longer reads as it was read. */
static void undo_mojibake(mk_edit *edit, bool changed, mk_drafts *drafts)
{
    mk_buf text = {.max = MK_BUF_MAX};
    mk_mojibake evidence;

    if (changed)
        mk_doc_put_text(edit->doc, &text);
    edit->nomem |= text.failed;
    if (mk_mojibake_evidence(changed ? mk_buf_str(&text) : edit->doc->raw, drafts, &evidence)) {
        for (size_t i = 0; i < edit->doc->n_lines && !edit->nomem; i++) {
            mk_patches patches = {.arena = edit->arena};
            if (edit->doc->lines[i].gone)
                continue;
            mk_op_mojibake(&evidence, edit->doc->lines[i].text, drafts, &patches);
            put(edit, i, &patches, MK_OP_MOJIBAKE);
        }
    }
    mk_buf_clear(&text);
}

/* Presentation forms begin with EF AD to EF BB. */
static void undo_visual_order(mk_edit *edit, unsigned bytes, mk_drafts *drafts)
{
    for (size_t i = 0; i < edit->doc->n_lines && !edit->nomem; i++) {
        mk_patches patches = {.arena = edit->arena};
        if (!line_has(edit, i, bytes & MK_BYTE_EF, '\xEF'))
            continue;
        mk_op_visual_order(edit->doc->lines[i].text, drafts, &patches);
        put(edit, i, &patches, MK_OP_VISUAL_ORDER);
    }
}

void mk_edit_repair(mk_edit *edit, uint64_t operations)
{
    mk_drafts drafts = {.simd = edit->simd};
    const unsigned bytes = mk_bytes_of(edit->doc->raw, edit->simd);
    const bool changed = operations & MK_OP_BIT(MK_OP_HTML_ENTITIES) &&
                         undo_references(edit, bytes, &drafts);

    if (operations & MK_OP_BIT(MK_OP_MOJIBAKE))
        undo_mojibake(edit, changed, &drafts);
    if (operations & MK_OP_BIT(MK_OP_VISUAL_ORDER))
        undo_visual_order(edit, bytes, &drafts);
    mk_drafts_clear(&drafts);
    mk_edit_flag(edit, operations, bytes);
}
