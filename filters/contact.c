/* contact: addresses that are a line of their own: e-mail, links, telephone
 * numbers, short codes; e-mail addresses at the beginning of a line. Inside a sentence
 * they are content.
 * Cases: fixtures/filters/contact.cases */
#include "minkhal/filter.h"

enum { PHONE, SMS, EMAIL, LABEL };

static const mk_rule rules[] = {
    [PHONE] = {"phone", "contact", "a telephone or fax number"},
    [SMS] = {"sms", "contact", "a short code or how to send to it"},
    [EMAIL] = {"email", "contact", "an e-mail or web address alone on its line, or in front of it"},
    [LABEL] = {"label", "contact", "how to reach a site or an author"},
    {0},
};

enum {
    MIN_PHONE = 7,
    MAX_PHONE = 15, /* digits; 15: ITU-T E.164 */
    MAX_FOOT_WORDS = 40
};

static bool is_address(const mk_line *line)
{
    if (!line->features.has_url || line->features.n_arabic > 0)
        return false;
    const mk_str text = line->trimmed;
    return text.len > 0 && !memchr(text.ptr, ' ', text.len);
}

/* An e-mail address with words right behind it: the foot of a column. */
static bool begins_with_email(const mk_line *line)
{
    if (!line->features.has_url || line->features.n_words > MAX_FOOT_WORDS)
        return false;
    const mk_str text = line->trimmed;
    size_t n = 0;
    bool at = false;
    for (; n < text.len && text.ptr[n] > ' ' && text.ptr[n] <= '~'; n++)
        at = at || (text.ptr[n] == '@' && n > 0);
    return at && n < text.len;
}

static bool is_phone(const mk_line *line)
{
    const mk_features *f = &line->features;
    if (f->n_letters > 0 || f->n_digits < MIN_PHONE || f->n_digits > MAX_PHONE)
        return false;
    const mk_str text = line->trimmed;
    return text.len > 1 && (text.ptr[0] == '+' || memcmp(text.ptr, "00", 2) == 0);
}

static mk_err apply(const void *config, mk_edit *edit)
{
    const mk_err err = mk_phrases_apply(config, edit);
    for (size_t i = mk_edit_next_with(edit, SIZE_MAX, MK_TRAIT_FOREIGN); i != SIZE_MAX;
         i = mk_edit_next_with(edit, i, MK_TRAIT_FOREIGN)) {
        const mk_line *line = mk_edit_line(edit, i);
        if (is_address(line))
            mk_edit_accuse(edit, i, EMAIL, MK_STRONG, MK_STR("an address alone"));
        if (begins_with_email(line))
            mk_edit_accuse(edit, i, EMAIL, MK_STRONG, MK_STR("begins with an address"));
        if (is_phone(line))
            mk_edit_accuse(edit, i, PHONE, MK_STRONG, MK_STR("a telephone number alone"));
    }
    return err;
}

static const mk_option options[] = {MK_PHRASES_OPTION("contact"), {0}};

const mk_filter mk_filter_contact = {
    .abi = MK_FILTER_ABI,
    .name = "contact",
    .summary = "addresses and telephone numbers that are a line of their own",
    .kind = MK_KIND_EVIDENCE,
    .rules = rules,
    .options = options,
    .config_size = sizeof(mk_phrases),
    .apply = apply,
};
