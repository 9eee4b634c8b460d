#include <stdlib.h>

#include "minkhal/text.h"

#include "patching.h"

static const struct {
    mk_language language;
    const char *text;
} samples[] = {
    /* newspaper */
    {MK_LANGUAGE_AR, "افتتح رئيس البلدية صباح أمس حديقة جديدة في وسط المدينة"},
    {MK_LANGUAGE_AR, "ارتفاع أسعار الزيت في الأسواق"},
    {MK_LANGUAGE_AR, "بدأ الموسم الدراسي الجديد وسط إقبال كبير من الطلبة"},
    /* typed with Persian letters, and without hamzas */
    {MK_LANGUAGE_AR, "وصل الوفد إلی المدینة مساء أمس والتقی عددا من المسؤولین فی البلدیة"},
    {MK_LANGUAGE_AR, "ان المدرسه الجديده تقع الى جانب المكتبه"},
    /* classical, verse, vowelled */
    {MK_LANGUAGE_AR, "حدثنا شيخنا عن أبيه قال كنا نسمر عند النخل فإذا رجل يسأل عن الطريق"},
    {MK_LANGUAGE_AR, "وَكَمْ لَيْلَةٍ قَدْ بِتُّ أَرْعَى نُجُومَهَا إِلَى أَنْ بَدَا ضَوْءُ الصَّبَاحِ"},
    {MK_LANGUAGE_AR, "يا دار أهلي على التل القديم سلاما من بعيد"},
    /* Egypt, the Levant, the Gulf, Iraq, the Maghreb */
    {MK_LANGUAGE_AR, "مش عارف ليه الناس دي كلها واقفة كده، هو فيه إيه النهارده؟"},
    {MK_LANGUAGE_AR, "شو هالحكي يا زلمة، هيك ما بصير، بدي روح عالبيت هلق"},
    {MK_LANGUAGE_AR, "وش فيك اليوم ما تبي تروح ويانا البر؟ الجو وايد زين"},
    {MK_LANGUAGE_AR, "شلونك اليوم؟ ماكو شي بالبيت، چا ليش ما گلت لي هسه نروح للسوگ"},
    {MK_LANGUAGE_AR, "واش راك خويا، علاش ما جيتيش البارح؟ كنا ڨاعدين نستناو فيك بزاف"},
    {MK_LANGUAGE_AR, "هاد الشي ديال بصح زوين، وباش نڭول ليك الحق عجبني بزاف"},

    {MK_LANGUAGE_FA,
     "شهردار دیروز پارک تازه‌ای را در مرکز شهر افتتاح کرد و گفت که درختان بسیاری کاشته شده است"},
    {MK_LANGUAGE_FA,
     "شهردار ديروز پارك تازه‌اي را در مركز شهر افتتاح كرد و گفت كه درختان بسياري كاشته شده است"},
    {MK_LANGUAGE_FA, "گران شدن نان در تهران"},
    {MK_LANGUAGE_FA,
     "آيا اين كتاب را خوانده‌ايد؟ از آن چه آموختيد؟"},
    {MK_LANGUAGE_FA,
     "پدر بزرگم می‌گفت هر چه بکاری همان را درو می‌کنی"},
    {MK_LANGUAGE_FA,
     "دلم برات تنگ شده، چرا زنگ نمی‌زنی؟ بیا با هم بریم بیرون یه چیزی بخوریم"},
    {MK_LANGUAGE_FA, "والی هرات از آغاز کار ساخت پل نو بر این دریا خبر داد"},

    {MK_LANGUAGE_UR,
     "شہر کے میئر نے کل ایک نئے باغ کا افتتاح کیا جس میں بہت سے درخت لگائے گئے ہیں"},
    {MK_LANGUAGE_UR, "آٹے کی قیمتوں میں اضافہ"},
    {MK_LANGUAGE_UR, "میں نے کتاب پڑھی مگر مجھے پسند نہیں آئی"},
    {MK_LANGUAGE_UR, "كيا آپ نے يہ كتاب پڑهى ہے؟ ہاں، ميں نے پڑهى ہے"},

    {MK_LANGUAGE_CKB, "سەرۆکی شارەوانی دوێنێ باخچەیەکی نوێی لە ناوەندی شار کردەوە"},
    {MK_LANGUAGE_CKB, "نرخی نان لە هەولێر بەرز بووەوە"},
    {MK_LANGUAGE_CKB, "من ئەم کتێبەم خوێندووەتەوە بەڵام بە دڵم نەبوو"},

    {MK_LANGUAGE_UG, "شەھەر باشلىقى تۈنۈگۈن شەھەر مەركىزىدە يېڭى بىر باغچىنى ئاچتى"},
    {MK_LANGUAGE_UG, "ئۈرۈمچىدە نان باھاسى ئۆرلىدى"},
    {MK_LANGUAGE_UG, "مەن بۇ كىتابنى ئوقۇدۇم، لېكىن ماڭا ياقمىدى"},

    {MK_LANGUAGE_PS,
     "ښاروال پرون د ښار په منځ کې یو نوی پارک پرانیست او ویې ویل چې ډېرې ونې به کینول شي"},
    {MK_LANGUAGE_PS, "په کابل کې د ډوډۍ بیه لوړه شوې ده"},
    {MK_LANGUAGE_PS, "ما دا کتاب ولوست خو خوښ مې نه شو"},

    /* Sindhi, Punjabi, Kazakh, Azeri, Jawi, no Arabic script, nothing */
    {MK_LANGUAGE_OTHER,
     "شهر جي ميئر ڪالهه هڪ نئين باغ جو افتتاح ڪيو جنهن ۾ ڪيترائي وڻ پوکيا ويا آهن"},
    {MK_LANGUAGE_OTHER, "ایہہ کتاب مینوں بہت چنگی لگی اے تے میں ایس نوں دوجی وار وی پڑھاں گا"},
    {MK_LANGUAGE_OTHER,
     "قالا اكىمى كەشە قالانىڭ ورتالىعىندا جاڭا ساياباق اشتى، وعان كوپ اعاش وتىرعىزىلدى"},
    {MK_LANGUAGE_OTHER,
     "بو کیتاب چوخ یاخشی ایدی، اونو بیر گونده اوخودوم و سونرا قارداشیم ایچون آلدیم"},
    {MK_LANGUAGE_OTHER, "بوکو اين ساڠت باءيق دان ساي ممباچڽ دالم ساتو هاري سهاج، اونتوق عادق ساي"},
    {MK_LANGUAGE_OTHER, "The mayor opened a new garden yesterday"},
    {MK_LANGUAGE_OTHER, "Мэр открыл новый парк"},
    {MK_LANGUAGE_OTHER, "محمد حسن"},
    {MK_LANGUAGE_OTHER, "12 / 5 - 2020"},
    {MK_LANGUAGE_OTHER, ""},
};

enum { N_SAMPLES = sizeof(samples) / sizeof(*samples) };

START_TEST(tells_the_languages)
{
    const mk_language got = mk_language_detect(mk_str_of(samples[_i].text));

    ck_assert_msg(got == samples[_i].language, "'%s' is '%s', not '%s'", samples[_i].text,
                  mk_language_code(got), mk_language_code(samples[_i].language));
}
END_TEST

/* The longer a text, the surer: ten times the same is the same. */
START_TEST(length_changes_nothing)
{
    mk_buf text = {.max = MK_BUF_MAX};

    for (int i = 0; i < 10; i++) {
        mk_buf_puts(&text, samples[_i].text);
        mk_buf_putc(&text, '\n');
    }
    ck_assert_int_eq(mk_language_detect(mk_buf_str(&text)), samples[_i].language);
    mk_buf_clear(&text);
}
END_TEST

START_TEST(looks_at_the_beginning_alone)
{
    mk_buf text = {.max = MK_BUF_MAX};

    for (int i = 0; i < 1000; i++)
        mk_buf_puts(&text, "ارتفاع أسعار الزيت في الأسواق ");
    for (int i = 0; i < 100000; i++)
        mk_buf_puts(&text, "گران شدن نان در تهران ");
    ck_assert_int_eq(mk_language_detect(mk_buf_str(&text)), MK_LANGUAGE_AR);
    mk_buf_clear(&text);
}
END_TEST

START_TEST(takes_any_text)
{
    uint32_t state = 1;
    char text[4 * 64];

    for (int i = 0; i < 20000; i++) {
        const mk_str s = random_of(
            &state, MK_STR("التفي ەۆڵټګےںپ کی\u0640\u064B\u200C a،\uFEFB\u0750"), 64, text);
        ck_assert_int_le(mk_language_detect(s), MK_LANGUAGE_PS);
    }
}
END_TEST

/* Words of the six languages cut and put together anew. */
START_TEST(several_letters_at_once_say_what_single_ones_do)
{
    static const uint32_t letters[] = {0x627, 0x644, 0x645, 0x646, 0x648, 0x64A, 0x643, 0x631,
                                       0x649, 0x629, 0x623, 0x6CC, 0x6A9, 0x67E, 0x6D5, 0x6BE,
                                       0x64E, 0x640, ' ',   ' ',   ' ',   '.',   0x661, 0x60C};
    enum { ROUNDS = 40000, MAX_LEN = 240 };
    static mk_language single[ROUNDS];
    for (int way = 0; way < 2; way++) {
        uint64_t x = 1;
        setenv("MINKHAL_SIMD", way == 0 ? "off" : "on", 1);
        for (int i = 0; i < ROUNDS; i++) {
            char text[MAX_LEN];
            size_t len = 0;
            for (size_t n = 1 + (size_t)i % (MAX_LEN / 2); n > 0; n--) {
                x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
                const size_t most = i % 3 == 0 ? sizeof(letters) / sizeof(*letters) : 8;
                const uint32_t cp = letters[(x >> 40) % most];
                len += mk_utf8_put(text + len, (x >> 33) % 5 == 0 ? ' ' : cp);
            }
            const mk_language l = mk_language_detect((mk_str){text, len});
            if (way == 0)
                single[i] = l;
            ck_assert_msg(l == single[i], "%d and %d of '%.*s'", (int)l, (int)single[i], (int)len,
                          text);
        }
    }
}
END_TEST

START_TEST(knows_tags)
{
    static const struct {
        const char *tag;
        mk_language language;
    } tags[] = {
        {"ar", MK_LANGUAGE_AR},        {"AR-eg", MK_LANGUAGE_AR},   {"arz", MK_LANGUAGE_AR},
        {"ara", MK_LANGUAGE_AR},       {"fa_IR", MK_LANGUAGE_FA},   {"prs", MK_LANGUAGE_FA},
        {" ur ", MK_LANGUAGE_UR},      {"ckb-IQ", MK_LANGUAGE_CKB}, {"ug-Arab-CN", MK_LANGUAGE_UG},
        {"ps", MK_LANGUAGE_PS},        {"en", MK_LANGUAGE_OTHER},   {"", MK_LANGUAGE_OTHER},
        {"arabic", MK_LANGUAGE_OTHER}, {"a", MK_LANGUAGE_OTHER},    {"sd", MK_LANGUAGE_OTHER},
    };

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        ck_assert_int_eq(mk_language_of_tag(mk_str_of(tags[i].tag)), tags[i].language);
}
END_TEST

START_TEST(codes_are_tags)
{
    for (mk_language l = MK_LANGUAGE_OTHER; l <= MK_LANGUAGE_PS; l++)
        ck_assert_int_eq(mk_language_of_tag(mk_str_of(mk_language_code(l))), l);
}
END_TEST

int main(void)
{
    Suite *const s = suite_create("language");
    TCase *const t = tcase_create("language");

    tcase_add_loop_test(t, tells_the_languages, 0, N_SAMPLES);
    tcase_add_loop_test(t, length_changes_nothing, 0, N_SAMPLES);
    tcase_add_test(t, looks_at_the_beginning_alone);
    tcase_add_test(t, takes_any_text);
    tcase_add_test(t, several_letters_at_once_say_what_single_ones_do);
    tcase_add_test(t, knows_tags);
    tcase_add_test(t, codes_are_tags);
    suite_add_tcase(s, t);
    return mk_test_run(s);
}
