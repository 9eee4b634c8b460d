#include "text/charset_table.h"

#include "patching.h"

static const mk_charset *charset_of(const char *label)
{
    const mk_charset *const charset = mk_charset_by_label(mk_str_of(label));

    ck_assert_msg(charset != NULL, "no charset '%s'", label);
    return charset;
}

/* Owned by the caller. */
static mk_str decoded(const char *label, mk_str bytes, uint64_t *ret_bad)
{
    mk_buf out = {.max = MK_BUF_MAX};
    mk_error error;

    const mk_err err = mk_charset_decode(charset_of(label), bytes, &out, ret_bad, &error);
    ck_assert_msg(err == MK_OK, "%s: %s", label, error.text);
    mk_buf_putc(&out, '\0');
    return (mk_str){out.ptr, out.len - 1};
}

static void check(const char *label, mk_str bytes, const char *want, uint64_t want_bad)
{
    uint64_t bad = 99;
    const mk_str got = decoded(label, bytes, &bad);

    ck_assert_mk_str_eq(got, mk_str_of(want));
    ck_assert_uint_eq(bad, want_bad);
    free((char *)got.ptr);
}

static void check_detected(mk_str bytes, const char *want)
{
    ck_assert_str_eq(mk_charset_name(mk_charset_detect(bytes)), want);
}

/* ---- names ---- */

START_TEST(labels_are_those_of_the_standard)
{
    static const char *const labels[][2] = {
        {"UTF8", "utf-8"},
        {"  Windows-1256\t\n", "windows-1256"},
        {"cp1256", "windows-1256"},
        {"arabic", "iso-8859-6"},
        {"ASMO-708", "iso-8859-6"},
        {"ISO_8859-6:1987", "iso-8859-6"},
        {"latin1", "windows-1252"},
        {"iso-8859-1", "windows-1252"},
        {"us-ascii", "windows-1252"},
        {"iso-8859-9", "windows-1254"},
        {"utf-16", "utf-16le"},
        {"UTF-16BE", "utf-16be"},
        {"x-mac-roman", "macintosh"},
        {"gb2312", "gbk"},
        {"sjis", "shift_jis"},
        {"866", "ibm866"},
    };

    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
        ck_assert_str_eq(mk_charset_name(charset_of(labels[i][0])), labels[i][1]);
}
END_TEST

START_TEST(unknown_labels_are_null)
{
    static const char *const labels[] = {"",
                                         " ",
                                         "utf",
                                         "utf-88",
                                         "windows 1256",
                                         "cp1256x",
                                         "\xFF",
                                         "zzz",
                                         "windows-12566666666666666666666666666"};

    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
        ck_assert_ptr_null(mk_charset_by_label(mk_str_of(labels[i])));
    ck_assert_ptr_null(mk_charset_by_label((mk_str){"utf-8\0", 6}));
}
END_TEST

START_TEST(labels_are_in_order)
{
    for (size_t i = 1; i < mk_n_charset_labels; i++)
        ck_assert_int_lt(strcmp(mk_charset_labels[i - 1].text, mk_charset_labels[i].text), 0);
}
END_TEST

/* ---- decoding ---- */

START_TEST(decodes_arabic_of_one_byte_a_letter)
{
    check("windows-1256", MK_STR("\xC7\xE1\xD3\xE1\xC7\xE3 \xDA\xE1\xED\xDF\xE3\xA1"),
          "السلام عليكم،", 0);
    check("iso-8859-6", MK_STR("\xC7\xE4\xD3\xE4\xC7\xE5 \xD9\xE4\xEA\xE3\xE5\xAC"),
          "السلام عليكم،", 0);
    check("x-mac-arabic", MK_STR("\xC7\xE4\xD3\xE4\xC7\xE5\xAC\xB1\xB2"), "السلام،١٢", 0);
}
END_TEST

START_TEST(bytes_without_a_meaning_are_counted)
{
    check("iso-8859-6", MK_STR("\xC7\xA1\xFF"), "ا\uFFFD\uFFFD", 2);
    check("windows-1252", MK_STR("\x80\x81\xE9"), "\u20AC\xC2\x81é", 0);
}
END_TEST

START_TEST(keeps_nul)
{
    const mk_str bytes = {"a\0b", 3};
    uint64_t bad;
    const mk_str got = decoded("windows-1256", bytes, &bad);
    ck_assert_mk_str_eq(got, bytes);
    ck_assert_uint_eq(bad, 0);
    free((char *)got.ptr);
}
END_TEST

START_TEST(bad_utf8_is_one_replacement_a_maximal_part)
{
    check("utf-8", MK_STR("a\xC3(b"), "a\uFFFD(b", 1);
    check("utf-8", MK_STR("\xE2\x82"), "\uFFFD", 1);
    check("utf-8", MK_STR("\xE2\x82\xE2\x82\xAC"), "\uFFFD€", 1);
    check("utf-8", MK_STR("\xF0\x9F\x98x"), "\uFFFDx", 1);
    check("utf-8", MK_STR("\xC0\x80\xFF"), "\uFFFD\uFFFD\uFFFD", 3);
    check("utf-8", MK_STR("\xE0\x80\x80"), "\uFFFD\uFFFD\uFFFD", 3);
    check("utf-8", MK_STR("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD", 4);
    check("utf-8", MK_STR("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD", 3);
}
END_TEST

START_TEST(surrogate_pairs_in_utf8_are_their_character)
{
    check("utf-8", MK_STR("\xED\xA0\xBD\xED\xB8\x80!"), "\U0001F600!", 0);
    check("utf-8", MK_STR("\xED\xB8\x80\xED\xA0\xBD"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 6);
}
END_TEST

START_TEST(decodes_utf16_and_its_damage)
{
    check("utf-16le", MK_STR("\x27\x06\x3D\xD8\x00\xDE"), "ا\U0001F600", 0);
    check("utf-16be", MK_STR("\x06\x27\xD8\x3D\xDE\x00"), "ا\U0001F600", 0);
    check("utf-16le", MK_STR("\x3D\xD8\x27\x06\x00\xDE"), "\uFFFDا\uFFFD", 2);
    check("utf-16le", MK_STR("\x27\x06\x27"), "ا\uFFFD", 1);
    check("utf-16le", MK_STR("\x3D\xD8\x27"), "\uFFFD", 1);
}
END_TEST

START_TEST(byte_order_marks_are_no_text)
{
    check("utf-8", MK_STR("\xEF\xBB\xBFx"), "x", 0);
    check("utf-16le", MK_STR("\xFF\xFE\x27\x06"), "ا", 0);
    check("utf-16be", MK_STR("\xFE\xFF\x06\x27"), "ا", 0);
    check("windows-1252", MK_STR("\xEF\xBB\xBF"), "ï»¿", 0);
}
END_TEST

START_TEST(the_c_library_decodes_the_rest)
{
    check("windows-1251", MK_STR("\xCC\xE8\xF0"), "Мир", 0);
    check("gb2312", MK_STR("\xD6\xD0\xFF."), "中\uFFFD.", 1);
    check("shift_jis", MK_STR("\x93\xFA\x96{"), "日本", 0);
    check("shift_jis", MK_STR("a\x93"), "a\uFFFD", 1);
}
END_TEST

START_TEST(every_charset_decodes_or_refuses)
{
    char bytes[256];

    for (unsigned i = 0; i < 256; i++)
        bytes[i] = (char)i;
    for (size_t i = 0; i < mk_n_charset_labels; i++) {
        const mk_charset *const charset = &mk_charsets[mk_charset_labels[i].charset];
        mk_buf out = {.max = MK_BUF_MAX};
        mk_error error;
        uint64_t bad;
        mk_buf_puts(&out, "before");
        const mk_err err = mk_charset_decode(charset, (mk_str){bytes, 256}, &out, &bad, &error);
        ck_assert_int_eq(err, charset->kind == MK_CHARSET_REFUSED ? MK_OPTION : MK_OK);
        ck_assert_uint_eq(mk_utf8_valid(mk_buf_str(&out)), out.len);
        if (err != MK_OK)
            ck_assert_mk_str_eq(mk_buf_str(&out), MK_STR("before"));
        mk_buf_clear(&out);
    }
}
END_TEST

START_TEST(a_full_buffer_is_an_error)
{
    static const char *const labels[] = {"utf-8", "utf-16le", "windows-1256", "gbk"};

    for (size_t i = 0; i < 4; i++) {
        mk_buf out = {.max = 4};
        mk_error error;
        uint64_t bad;
        ck_assert_int_eq(mk_charset_decode(charset_of(labels[i]),
                                           MK_STR("\xC7\xC7\xC7\xC7\xC7\xC7"), &out, &bad, &error),
                         MK_NOMEM);
        ck_assert_uint_eq(out.len, 0);
        mk_buf_clear(&out);
    }
}
END_TEST

/* ---- detection ---- */

static const char *const sample =
    "افتتحت البلدية أمس حديقة جديدة في وسط المدينة، وقد زرعت فيها أشجار.\n"
    "قال المهندس: إن الماء يصل إلى كل الأحواض";

/* UTF-8 in another charset, of which each character is in the BMP; owned by the
 * caller. */
static mk_str encoded(mk_str text, const char *label)
{
    const mk_charset *const charset = charset_of(label);
    mk_buf out = {.max = MK_BUF_MAX};

    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        const char high = (char)(cp >> 8), low = (char)cp;
        unsigned b = cp;
        for (unsigned i = 0; charset->table && cp >= 0x80 && i < 128; i++)
            b = charset->table[i] == cp ? 0x80 + i : b;
        if (!charset->table)
            mk_buf_putc(&out, charset->kind == MK_CHARSET_UTF16BE ? high : low);
        mk_buf_putc(&out, charset->table                        ? (char)b
                          : charset->kind == MK_CHARSET_UTF16BE ? low
                                                                : high);
    }
    return mk_buf_str(&out);
}

START_TEST(detects_what_arabic_is_in)
{
    static const char *const labels[] = {"windows-1256", "iso-8859-6", "utf-16le", "utf-16be"};
    const mk_str bytes = encoded(mk_str_of(sample), labels[_i]);

    check_detected(bytes, labels[_i]);
    check(labels[_i], bytes, sample, 0);
    free((char *)bytes.ptr);
}
END_TEST

/* Half a unit at its end is one error, as in a browser. */
START_TEST(cut_utf16_is_utf16)
{
    static const char *const labels[] = {"utf-16le", "utf-16be"};

    for (size_t i = 0; i < 2; i++) {
        const mk_str bytes = encoded(mk_str_of(sample), labels[i]);
        char *const text = malloc(strlen(sample) + 4);
        mk_str whole = bytes;
        ck_assert_ptr_nonnull(text);
        memcpy(text, sample, strlen(sample) - 2); /* the last letter, yeh, has two bytes */
        memcpy(text + strlen(sample) - 2, "\uFFFD", 4);
        whole.len--;
        check_detected(whole, labels[i]);
        check(labels[i], whole, text, 1);
        free(text);
        free((char *)bytes.ptr);
    }
    check_detected(MK_STR("nine byte"), "utf-8");
}
END_TEST

START_TEST(detects_utf8)
{
    check_detected(mk_str_of(sample), "utf-8");
    check_detected(MK_STR("plain ascii"), "utf-8");
    check_detected(MK_STR(""), "utf-8");
    check_detected(MK_STR("日本語の文です"), "utf-8");
}
END_TEST

START_TEST(damaged_utf8_is_utf8)
{
    const mk_str whole = mk_str_of(sample);

    check_detected(mk_str_sub(whole, 0, whole.len - 1), "utf-8");
    check_detected(mk_str_sub(whole, 1, whole.len), "utf-8");
    check_detected(MK_STR("السلام \xD9 عليكم \xFF يا أهل"), "utf-8");
}
END_TEST

START_TEST(byte_order_marks_decide)
{
    check_detected(MK_STR("\xFF\xFE\x27\x06"), "utf-16le");
    check_detected(MK_STR("\xFE\xFF\x06\x27"), "utf-16be");
    check_detected(MK_STR("\xEF\xBB\xBF\xC7\xE1"), "utf-8");
}
END_TEST

START_TEST(western_bytes_are_windows_1252)
{
    check_detected(MK_STR("d\xE9j\xE0 \xE9t\xE9, cr\xE9\xE9 \xE0 l'\xE9"
                          "cole"),
                   "windows-1252");
    check_detected(MK_STR("Gr\xF6\xDF"
                          "e und K\xFC"
                          "che"),
                   "windows-1252");
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("charset");
    TCase *const t = tcase_create("charset");

    tcase_add_test(t, labels_are_those_of_the_standard);
    tcase_add_test(t, unknown_labels_are_null);
    tcase_add_test(t, labels_are_in_order);
    tcase_add_test(t, decodes_arabic_of_one_byte_a_letter);
    tcase_add_test(t, bytes_without_a_meaning_are_counted);
    tcase_add_test(t, keeps_nul);
    tcase_add_test(t, bad_utf8_is_one_replacement_a_maximal_part);
    tcase_add_test(t, surrogate_pairs_in_utf8_are_their_character);
    tcase_add_test(t, decodes_utf16_and_its_damage);
    tcase_add_test(t, byte_order_marks_are_no_text);
    tcase_add_test(t, the_c_library_decodes_the_rest);
    tcase_add_test(t, every_charset_decodes_or_refuses);
    tcase_add_test(t, a_full_buffer_is_an_error);
    tcase_add_loop_test(t, detects_what_arabic_is_in, 0, 4);
    tcase_add_test(t, cut_utf16_is_utf16);
    tcase_add_test(t, detects_utf8);
    tcase_add_test(t, damaged_utf8_is_utf8);
    tcase_add_test(t, byte_order_marks_decide);
    tcase_add_test(t, western_bytes_are_windows_1252);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
