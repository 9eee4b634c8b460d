/* plain.c: bytes of plain text as a document's text.
 *
 * Text that is not UTF-8 is decoded; then the document's text, to which edits and
 * digests refer, is what came of it, and its metadata says so: `charset`, and
 * `undecodable`, how many sequences became U+FFFD. The bytes that the text does not
 * give back (another charset, bad sequences) are kept beside it, for the ledger, and
 * so is that UTF-8 began with a byte order mark. Refuses what holds bytes that no
 * text has. Cases: tests/read/test_read_text.c, tests/read/test_read_warc.c,
 * fixtures/cli/clean_charset*. */
#include "read/plain.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"

/* The place of the first byte that WHATWG calls binary (MIME Sniffing, section
 * 3), or bytes.len: an image is no text in windows-1252. */
static size_t first_binary(mk_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        const uint8_t b = (uint8_t)bytes.ptr[i];
        if (b < 0x20 && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != 0x1B)
            return i;
    }
    return bytes.len;
}

/* Decodes bytes into the arena. */
static mk_err decode(const mk_charset *charset, mk_str bytes, mk_arena *arena, mk_doc *doc,
                     mk_error *reterr)
{
    mk_buf text = {.max = MK_BUF_MAX}, members = {.max = MK_BUF_MAX};
    uint64_t n_bad = 0;

    mk_err err = mk_charset_decode(charset, bytes, &text, &n_bad, reterr);
    mk_buf_printf(&members, "{\"charset\":\"%s\"", mk_charset_name(charset));
    if (n_bad > 0)
        mk_buf_printf(&members, ",\"undecodable\":%" PRIu64, n_bad);
    mk_buf_putc(&members, '}');
    if (err == MK_OK) {
        const mk_str raw = text.len ? mk_arena_str(arena, mk_buf_str(&text)) : MK_STR("");
        const mk_str says = mk_arena_str(arena, mk_buf_str(&members));
        if (members.failed || !says.ptr || raw.len != text.len) {
            err = mk_fail(reterr, MK_NOMEM, "out of memory while reading");
        } else {
            doc->raw = raw;
            doc->members = says;
            doc->stored = bytes;
        }
    }
    mk_buf_clear(&text);
    mk_buf_clear(&members);
    return err == MK_OPTION
               ? mk_fail(reterr, MK_RECORD, "cannot decode %s", mk_charset_name(charset))
               : err;
}

/* True if bytes can be nothing but UTF-8, as nearly all are, told in one pass: no bytes in
 * UTF-16 with a mark are valid UTF-8, nor is Arabic without one where 06 is no byte. */
static bool is_utf8(mk_str bytes)
{
    return !(bytes.len > 0 && memchr(bytes.ptr, 6, bytes.len)) && mk_utf8_valid(bytes) == bytes.len;
}

static mk_err take_utf8(mk_str bytes, mk_doc *doc)
{
    size_t mark = 0;

    doc->bom = mk_charset_bom(bytes, &mark) != NULL;
    doc->raw = mk_str_sub(bytes, mark, bytes.len);
    return MK_OK;
}

mk_err mk_plain_take(mk_str bytes, const mk_charset *charset, mk_arena *arena, mk_doc *doc,
                     mk_error *reterr)
{
    const mk_charset *const utf8 = mk_charset_by_label(MK_STR("utf-8"));

    if ((!charset || charset == utf8) && is_utf8(bytes))
        return take_utf8(bytes, doc);
    charset = charset ? charset : mk_charset_detect(bytes);
    if (charset == utf8 && mk_utf8_valid(bytes) == bytes.len)
        return take_utf8(bytes, doc);
    if (!mk_charset_is_wide(charset)) {
        const size_t at = first_binary(bytes);
        if (at < bytes.len)
            return mk_fail(reterr, MK_RECORD, "not text: byte %zu is 0x%02X", at + 1,
                           (unsigned)(uint8_t)bytes.ptr[at]);
    }
    return decode(charset, bytes, arena, doc, reterr);
}

mk_err mk_plain_take_declared(mk_str bytes, mk_str label, mk_arena *arena, mk_doc *doc,
                              mk_error *reterr)
{
    size_t mark = 0;

    if (is_utf8(bytes))
        return take_utf8(bytes, doc);
    const mk_charset *const utf8 = mk_charset_by_label(MK_STR("utf-8"));
    const mk_charset *charset = label.len > 0 ? mk_charset_by_label(label) : NULL;
    /* A label cannot make what is valid UTF-8 anything else, nor the reverse; Arabic in
     * UTF-16 is valid UTF-8, but not taken for it. */
    if (charset == utf8 || mk_charset_bom(bytes, &mark) || mk_utf8_valid(bytes) == bytes.len)
        charset = NULL;
    return mk_plain_take(bytes, charset, arena, doc, reterr);
}
