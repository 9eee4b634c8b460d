#include "text/mojibake.h"

#include "base/simd.h"
#include "text/charset_table.h"
#include "text/codepage.h"

#include "patching.h"

/* text put right line by line as a document of its own; owned by the caller. */
static mk_str repaired_so(mk_str text, bool simd, bool *ret_any)
{
    mk_arena *const arena = mk_arena_new();
    mk_patches patches = {.arena = arena};
    mk_drafts drafts = {.simd = simd};
    mk_mojibake evidence;

    ck_assert_ptr_nonnull(arena);
    *ret_any = mk_mojibake_evidence(text, &drafts, &evidence);
    ck_assert(!evidence.nomem);
    if (*ret_any)
        mk_op_mojibake(&evidence, text, &drafts, &patches);
    mk_drafts_clear(&drafts);
    const mk_str out = patched(text, &patches);
    mk_arena_free(arena);
    return out;
}

/* The same with and without SIMD. */
static mk_str repaired(mk_str text, bool *ret_any)
{
    bool any;
    const mk_str out = repaired_so(text, false, ret_any), fast = repaired_so(text, mk_has_simd(), &any);

    ck_assert(any == *ret_any);
    ck_assert_mk_str_eq(fast, out);
    free((char *)fast.ptr);
    return out;
}

static void check(mk_str in, mk_str want)
{
    bool any;
    const mk_str got = repaired(in, &any);

    ck_assert_mk_str_eq(got, want);
    free((char *)got.ptr);
}

static void check_left(const char *text)
{
    bool any;
    const mk_str got = repaired(mk_str_of(text), &any);

    ck_assert_msg(!any, "'%s' -> '%s'", text, got.ptr);
    free((char *)got.ptr);
}

/* Bytes as the page of that label shows them; owned by the caller. */
static mk_str shown(mk_str bytes, const char *label)
{
    mk_buf out = {.max = MK_BUF_MAX};
    uint64_t bad;

    ck_assert_int_eq(
        mk_charset_decode(mk_charset_by_label(mk_str_of(label)), bytes, &out, &bad, NULL), MK_OK);
    mk_buf_putc(&out, '\0');
    return (mk_str){out.ptr, out.len - 1};
}

/* UTF-8 as bytes of the single-byte page of that label; owned by the caller. */
static mk_str as_bytes(mk_str text, const char *label)
{
    const mk_charset *const charset = mk_charset_by_label(mk_str_of(label));
    mk_buf out = {.max = MK_BUF_MAX};

    for (size_t at = 0; at < text.len;) {
        const uint32_t cp = mk_utf8_next(text, &at);
        unsigned b = cp;
        for (unsigned i = 0; cp >= 0x80 && i < 128; i++)
            b = charset->table[i] == cp ? 0x80 + i : b;
        ck_assert_msg(b < 0x100, "U+%04X is not in %s", cp, label);
        mk_buf_putc(&out, (char)b);
    }
    return mk_buf_str(&out);
}

static const char *const sample =
    "افتتحت البلدية أمس حديقة جديدة في وسط المدينة، وقد زرعت فيها ٤٠ شجرة زيتون.\n"
    "هل يصل الماء إلى كل الأحواض؟ قال المهندس: «نعم؛ فالخزان كبير»\n"
    "كتاب ٢٠٢٠ بـ ١٥ درهماً من مكتبة الحيّ";

static const char *const pages[] = {"windows-1252", "windows-1256", "windows-1250", "macintosh"};

START_TEST(repairs_utf8_that_was_read_as_a_page)
{
    const mk_str damaged = shown(mk_str_of(sample), pages[_i]);

    check(damaged, mk_str_of(sample));
    free((char *)damaged.ptr);
}
END_TEST

START_TEST(repairs_what_was_read_wrongly_twice)
{
    for (size_t i = 0; i < 4; i++) {
        const mk_str once = shown(mk_str_of(sample), pages[_i]);
        const mk_str twice = shown(once, pages[i]);
        check(twice, mk_str_of(sample));
        free((char *)once.ptr);
        free((char *)twice.ptr);
    }
}
END_TEST

static const char *const plain =
    "افتتحت البلدية أمس حديقة جديدة في وسط المدينة، وقد زرعت فيها أشجار.\n"
    "قال المهندس إن الماء يصل إلى كل الأحواض";

START_TEST(repairs_bytes_of_arabic_that_were_read_as_western)
{
    static const char *const labels[][2] = {{"windows-1256", "windows-1252"},
                                            {"iso-8859-6", "windows-1252"}};
    const mk_str bytes = as_bytes(mk_str_of(plain), labels[_i][0]);
    const mk_str damaged = shown(bytes, labels[_i][1]);

    check(damaged, mk_str_of(plain));
    free((char *)bytes.ptr);
    free((char *)damaged.ptr);
}
END_TEST

START_TEST(restores_zeros_before_digits)
{
    check(MK_STR("Ø³Ù†Ø© Ù Ù Ù¢"), MK_STR("سنة ٠٠٢"));
}
END_TEST

START_TEST(keeps_what_is_right_beside_what_is_not)
{
    check(MK_STR("عنوان صحيح\nØ§Ù„Ø³Ù„Ø§Ù… café"), MK_STR("عنوان صحيح\nالسلام café"));
}
END_TEST

START_TEST(leaves_genuine_arabic)
{
    static const char *const texts[] = {
        "كلمة فقط، ثم شرط؛ لأن الأوسط؟",
        "خط ٩",
        "غلط\"",
        "الحافظ، والواعظ؛ فقط؟ «لفظ» ط… ظ„ غ“",
        "گفت: اگر کتاب را بخوانی، خوب است. ژاله چای می‌خورد؛ پگاه چطور؟",
        "عک طچ ظژ غگ دپ",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        check_left(texts[i]);
}
END_TEST

START_TEST(leaves_other_languages)
{
    static const char *const texts[] = {
        "Ça va déjà été où, naïve créée à l’école — « Éole »",
        "São Tomé e Príncipe, ÃO, É…",
        "Lo stato di uscita è 0 se non è nullo o è 1",
        "Ø 12 mm, Ø§ 3, 5 € – Größe ßß",
        "Η «αναστροφή» δυστυχώς από τους προπονητές",
        "Þórður Ægir, Ísafjörður; Åse Ødegård",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Đây là tiếng Việt, ấy vậy mà",
        "これは日本語の文です。中文也可以。",
        "NICIODATĂ™ ș ț Ş Ţ",
        "2012—∞ √2 ≠ π",
        "",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        check_left(texts[i]);
}
END_TEST

static const char *const alphabet =
    "ÇáäÙØÚÛÃÂàïÿŸ⁄€›‡ÔŘŮŰ„†…§¨±³¹³ط§ظ„عغفق،؛؟\"»«abc  \n\n\u00A0\u00AD\u200C\u200D\xC2\x81\xC2\x85"
    "\xC2\x8D"
    "١٢٩éèßíãÊæÓ";

START_TEST(a_second_pass_finds_nothing)
{
    uint32_t state = 3;
    char text[4 * 32];
    bool any;

    for (int round = 0; round < 20000; round++) {
        const mk_str in = random_of(&state, mk_str_of(alphabet), 32, text);
        const mk_str once = repaired(in, &any);
        const mk_str twice = repaired(once, &any);
        ck_assert_uint_eq(mk_utf8_valid(once), once.len);
        ck_assert_mk_str_eq(twice, once);
        free((char *)once.ptr);
        free((char *)twice.ptr);
    }
}
END_TEST

/* All code points, in order and then in pairs that look like bytes of Arabic. */
START_TEST(leaves_every_single_character)
{
    char text[16];
    bool any;

    for (uint32_t cp = 0x80; cp < 0x3000; cp++) {
        text[0] = 'a';
        text[1] = ' ';
        size_t len = 2 + mk_utf8_put(text + 2, cp);
        text[len++] = ' ';
        const mk_str got = repaired((mk_str){text, len}, &any);
        ck_assert_msg(!any, "U+%04X", cp);
        free((char *)got.ptr);
    }
}
END_TEST

START_TEST(long_runs_take_linear_time)
{
    mk_buf in = {.max = MK_BUF_MAX}, want = {.max = MK_BUF_MAX};

    for (int i = 0; i < 200000; i++) {
        mk_buf_puts(&in, "Ø§Ù„");
        mk_buf_puts(&want, "ال");
    }
    check(mk_buf_str(&in), mk_buf_str(&want));
    mk_buf_clear(&in);
    mk_buf_clear(&want);
}
END_TEST

/* Plain text before it is skipped in blocks: the slow twin is the list of places. */
START_TEST(is_found_at_every_place)
{
    static const char *const damaged[] = {"Ø§Ù„Ø³Ù„Ø§Ù…", "ط§ظ„ط³ظ„ط§ظ…", "ÇáÓáÇã Úáíßã Ýí ÇáÈíÊ"};
    static const char *const whole[] = {"السلام", "السلام", "السلام عليكم في البيت"};
    static const char *const fills[] = {"ا", "a", "ن،ب", "a؟ب"};

    for (unsigned i = 0; i < 3 * 4 * 40; i++) {
        const char *const fill = fills[i / 40 % 4];
        mk_buf in = {.max = 1024}, want = {.max = 1024};
        for (unsigned n = 0; n < i % 40; n++) {
            mk_buf_puts(&in, fill);
            mk_buf_puts(&want, fill);
        }
        mk_buf_printf(&in, "\n%s\n", damaged[i / 160]);
        mk_buf_printf(&want, "\n%s\n", whole[i / 160]);
        check(mk_buf_str(&in), mk_buf_str(&want));
        mk_buf_clear(&in);
        mk_buf_clear(&want);
    }
}
END_TEST

START_TEST(pages_are_seen_backwards)
{
    for (unsigned p = MK_PAGE_1252; p <= MK_PAGE_MAC; p++) {
        const mk_charset *const charset = mk_charset_by_label(mk_str_of(pages[p]));
        for (unsigned b = 0x80; b < 0x100; b++)
            ck_assert_uint_eq(mk_page_byte((mk_codepage)p, charset->table[b - 0x80]), b);
    }
    ck_assert_uint_eq(mk_page_byte(MK_PAGE_1252, 0x93), 0x93);
    ck_assert_uint_eq(mk_page_byte(MK_PAGE_1256, 0x93), 0);
    ck_assert_uint_eq(mk_page_byte(MK_PAGE_LATIN1, 0x93), 0);
    ck_assert_uint_eq(mk_page_byte(MK_PAGE_LATIN1, 0xA0), 0xA0);
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("mojibake");
    TCase *const t = tcase_create("mojibake");

    tcase_add_loop_test(t, repairs_utf8_that_was_read_as_a_page, 0, 4);
    tcase_add_loop_test(t, repairs_what_was_read_wrongly_twice, 0, 2);
    tcase_add_loop_test(t, repairs_bytes_of_arabic_that_were_read_as_western, 0, 2);
    tcase_add_test(t, restores_zeros_before_digits);
    tcase_add_test(t, is_found_at_every_place);
    tcase_add_test(t, keeps_what_is_right_beside_what_is_not);
    tcase_add_test(t, leaves_genuine_arabic);
    tcase_add_test(t, leaves_other_languages);
    tcase_add_test(t, a_second_pass_finds_nothing);
    tcase_add_test(t, leaves_every_single_character);
    tcase_add_test(t, long_runs_take_linear_time);
    tcase_add_test(t, pages_are_seen_backwards);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
