/* whitespace.c: line breaks and spaces.
 *
 * Refuses U+180E, which is no space. Sources: Unicode 15.0 section 5.8 for line
 * breaks, PropList.txt (White_Space) for spaces. */
#include "text/pass.h"

/* Every break becomes LF. */
static void breaks(mk_str text, mk_patches *patches, bool all)
{
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp == '\r' && mk_look(text, at) == '\n')
            at++;
        if (cp == '\r' ||
            (all && (cp == 0x0B || cp == 0x0C || cp == 0x85 || cp == 0x2028 || cp == 0x2029)))
            mk_patch_cp(patches, from, at, '\n');
    }
}

void mk_pass_newline(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    breaks(text, patches, true);
}

/* CR and CR LF alone. */
void mk_pass_newline_cr(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    breaks(text, patches, false);
}

void mk_pass_spaces(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len;) {
        const size_t from = at;
        const uint32_t cp = mk_take(text, &at);
        if (cp != ' ' && mk_is_space(cp))
            mk_patch_cp(patches, from, at, ' ');
    }
}

/* Runs of spaces become one, none stays beside a line break, two breaks at most
 * stand together, nothing blank stays at the ends of the text. */
void mk_pass_whitespace(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    (void)context;
    for (size_t at = 0; at < text.len; at++) {
        while (at < text.len && (unsigned char)text.ptr[at] > ' ')
            at++;
        const size_t from = at;
        size_t n_breaks = 0;
        while (at < text.len &&
               (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\n'))
            n_breaks += text.ptr[at++] == '\n';
        if (at == from)
            continue;
        const bool edge = from == 0 || at == text.len;
        const mk_str want = edge            ? (mk_str){"", 0}
                            : n_breaks == 0 ? MK_STR(" ")
                            : n_breaks == 1 ? MK_STR("\n")
                                            : MK_STR("\n\n");
        if (!mk_str_eq(mk_str_sub(text, from, at), want))
            mk_patch(patches, from, at - from, want, 0);
    }
}

/* Line breaks alone: what is left to do between lines that are done. */
void mk_pass_blank_lines(const mk_pass_context *context, mk_str text, mk_patches *patches)
{
    enum { KEPT = 2 };

    (void)context;
    for (size_t at = 0; at < text.len;) {
        const char *lf = memchr(text.ptr + at, '\n', text.len - at);
        if (!lf)
            break;
        const size_t from = (size_t)(lf - text.ptr);
        for (at = from; at < text.len && text.ptr[at] == '\n';)
            at++;
        const size_t kept = from == 0 || at == text.len ? 0 : KEPT;
        if (at - from > kept)
            mk_patch_away(patches, from + kept, at);
    }
}
