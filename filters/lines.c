/* lines: blank lines and line breaks. It ends every chain: what is written has
 * LF between lines, one blank line at most between paragraphs and none at the
 * ends. A document without a line left is not written. Its rules break and end
 * are used by the writer, which puts the breaks. Cases: fixtures/filters/lines.cases */
#include "minkhal/filter.h"

enum { BLANK, BREAK, END, EMPTY };

static const mk_rule rules[] = {
    [BLANK] = {"blank", "layout", "a blank line beside another, or at an end of the text"},
    [BREAK] = {"break", "layout", "a line break that is not LF"},
    [END] = {"end", "layout", "the line break after the last line"},
    [EMPTY] = {"empty", "empty", "a document of which nothing is left"},
    {0},
};

static mk_err apply(const void *config, mk_edit *edit)
{
    (void)config;
    static const mk_str none = {"", 0};
    const mk_doc *doc = mk_edit_doc(edit);
    size_t blank = SIZE_MAX; /* the last blank line kept */
    bool any = false, pending = true;
    for (size_t i = 0; i < doc->n_lines; i++) {
        const mk_line *line = &doc->lines[i];
        if (line->gone)
            continue;
        if (line->label != MK_LABEL_BLANK) {
            any = true;
            pending = false;
        } else if (pending) {
            mk_edit_drop(edit, i, BLANK, none);
        } else {
            if (line->text.len > 0)
                mk_edit_replace(edit, i, 0, line->text.len, none, BLANK, none);
            blank = i;
            pending = true;
        }
    }
    if (pending && blank != SIZE_MAX)
        mk_edit_drop(edit, blank, BLANK, none);
    if (!any)
        mk_edit_drop_doc(edit, EMPTY, none);
    return MK_OK;
}

const mk_filter mk_filter_lines = {
    .abi = MK_FILTER_ABI,
    .name = "lines",
    .summary = "one blank line at most, LF between lines, no empty document",
    .kind = MK_KIND_PAGE,
    .rules = rules,
    .apply = apply,
};
