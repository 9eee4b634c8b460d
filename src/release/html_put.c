/* html_put.c: see html_put.h. Figures are put together from integers, so that no
 * locale can change them. */
#include "release/html_put.h"

#include <inttypes.h>
#include <stdio.h>

#include "minkhal/text.h"

void mk_html_put(mk_buf *out, mk_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        switch (c) {
        case '&':
            mk_buf_puts(out, "&amp;");
            break;
        case '<':
            mk_buf_puts(out, "&lt;");
            break;
        case '>':
            mk_buf_puts(out, "&gt;");
            break;
        case '"':
            mk_buf_puts(out, "&quot;");
            break;
        case '\'':
            mk_buf_puts(out, "&#39;");
            break;
        default:
            if (c == 0x7F)
                mk_buf_puts(out, "&#x2421;");
            else if (c < 0x20 && c != '\t' && c != '\n')
                mk_buf_printf(out, "&#x24%02X;", c);
            else
                mk_buf_putc(out, (char)c);
        }
    }
}

void mk_html_number(mk_buf *out, int64_t n)
{
    char digits[32];
    const uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    const int len = snprintf(digits, sizeof(digits), "%" PRIu64, size);
    if (n < 0)
        mk_buf_puts(out, "\u2212");
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            mk_buf_putc(out, ',');
        mk_buf_putc(out, digits[i]);
    }
}

/* part / all in thousandths, rounded. */
static uint64_t thousandths(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : (uint64_t)((1000.0L * part + all / 2.0L) / all);
}

void mk_html_share(mk_buf *out, uint64_t part, uint64_t all)
{
    const uint64_t t = thousandths(part, all);
    if (t == 0 && part > 0)
        mk_buf_puts(out, "&lt; 0.1 %");
    else
        mk_buf_printf(out, "%" PRIu64 ".%" PRIu64 " %%", t / 10, t % 10);
}

void mk_html_cell(mk_buf *out, int64_t n)
{
    mk_buf_printf(out, "<td class=\"n\" data-v=\"%" PRId64 "\">", n);
    mk_html_number(out, n);
    mk_buf_puts(out, "</td>");
}

void mk_html_share_cell(mk_buf *out, uint64_t part, uint64_t all)
{
    const uint64_t millionths = all == 0 ? 0 : (uint64_t)(1e6L * part / all);
    mk_buf_printf(out, "<td class=\"n\" data-v=\"%" PRIu64 "\">", millionths);
    mk_html_share(out, part, all);
    mk_buf_puts(out, "</td>");
}

void mk_html_bar(mk_buf *out, uint64_t from, uint64_t to, uint64_t all, const char *kind)
{
    const uint64_t begin = thousandths(from, all), end = thousandths(to, all);
    const uint64_t width = end > begin ? end - begin : to > from ? 1 : 0;
    mk_buf_printf(out,
                  "<svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                  "<rect class=\"ground\" y=\"9\" width=\"1000\" height=\"2\"/>"
                  "<rect class=\"%s\" x=\"%" PRIu64 "\" y=\"2\" width=\"%" PRIu64
                  "\" height=\"16\"/></svg>",
                  kind, begin, width);
}

void mk_html_pair(mk_buf *out, uint64_t before, uint64_t after, uint64_t most)
{
    const uint64_t read = thousandths(before, most), written = thousandths(after, most);
    mk_buf_printf(out,
                  "<svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                  "<rect class=\"other\" y=\"1\" width=\"%" PRIu64 "\" height=\"8\"/>"
                  "<rect class=\"kept\" y=\"11\" width=\"%" PRIu64 "\" height=\"8\"/></svg>",
                  before > 0 && read == 0 ? 1 : read, after > 0 && written == 0 ? 1 : written);
}

void mk_html_part(mk_buf *out, uint64_t from, uint64_t to, uint64_t all, unsigned i)
{
    const uint64_t begin = thousandths(from, all), end = thousandths(to, all);
    if (end > begin)
        mk_buf_printf(
            out, "<rect class=\"part%u\" x=\"%" PRIu64 "\" width=\"%" PRIu64 "\" height=\"40\"/>",
            i, begin, end - begin);
}

bool mk_html_direction(mk_str text, bool *ret_ltr)
{
    /* Blocks of scripts that run to the left (UAX #9, 3.2: R and AL). */
    static const struct {
        uint32_t first, last;
    } rtl[] = {{0x0590, 0x08FF},
               {0xFB1D, 0xFDFF},
               {0xFE70, 0xFEFF},
               {0x10800, 0x10FFF},
               {0x1E800, 0x1EFFF}};
    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        if (!mk_is_letter(cp))
            continue;
        *ret_ltr = true;
        for (size_t i = 0; i < sizeof(rtl) / sizeof(*rtl); i++)
            if (cp >= rtl[i].first && cp <= rtl[i].last)
                *ret_ltr = false;
        return true;
    }
    return false;
}
