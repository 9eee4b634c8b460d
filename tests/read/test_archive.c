#include "packing.h"

/* All that an archive gave, one member a line: "name=content", or "!error". */
typedef struct listing {
    char text[4096];
    mk_err open;
    unsigned n_damaged;
    uint64_t n_skipped, n_hidden;
    size_t n_unverified;
    uint64_t last_unit, bad_unit;
} listing;

static void note(listing *l, const char *a, const char *b, mk_str c)
{
    const size_t len = strlen(l->text);
    snprintf(l->text + len, sizeof(l->text) - len, "%s%s%.*s\n", a, b,
             (int)(c.len < 60 ? c.len : 60), c.ptr);
}

static listing list_named(const char *name, mk_str packed, size_t step)
{
    listing l = {0};
    mk_stream *s = NULL, *m = NULL;
    mk_archive *a = NULL;
    mk_error error = {0};
    mk_err err;

    must_be(mk_stream_bytes_by(name, packed, step, &s, &error) == MK_OK);
    must_be(mk_stream_decode(&s, &error) == MK_OK);
    l.open = mk_archive_open(s, &a, &error);
    ck_assert_int_eq(l.open, MK_OK);
    while ((err = mk_archive_next(a, &m, &error)) != MK_END) {
        if (err == MK_OK) {
            outcome o = drain(m);
            ck_assert_uint_ge(o.last_unit, o.n_units ? l.last_unit : 0);
            l.last_unit = o.n_units ? o.last_unit : l.last_unit;
            l.n_unverified += o.n_unverified;
            if (o.end == MK_END)
                note(&l, m->name, "=", o.bytes);
            else
                note(&l, "!", o.error.text, MK_STR(""));
            l.n_damaged += o.end != MK_END;
            drop(o.bytes);
        } else {
            ck_assert_int_eq(err, MK_DAMAGED);
            note(&l, "!", error.text, MK_STR(""));
            l.n_damaged++;
            l.bad_unit = mk_archive_unit(a);
        }
        ck_assert_uint_lt(l.n_damaged, 20);
    }
    ck_assert_int_eq(mk_archive_next(a, &m, &error), MK_END);
    l.n_skipped = mk_archive_skipped(a);
    l.n_hidden = mk_archive_hidden(a);
    mk_archive_close(a);
    return l;
}

static listing list_by(mk_str packed, size_t step)
{
    return list_named("a", packed, step);
}

static listing list(mk_str packed)
{
    return list_by(packed, MK_STREAM_CHUNK);
}

static const char *const formats[] = {"ustar", "pax", "gnutar", "v7tar", "zip"};
enum { N_FORMATS = 5, N_TARS = 4, ZIP = 4 };

/* Two files, "one" and "two". */
static mk_str pack_two(const char *format, const char *options)
{
    packer p = pack_begin(format, options, 65536);
    pack_open(&p);
    pack_file(&p, "one.txt", MK_STR("first file\n"));
    pack_file(&p, "two.txt", MK_STR("second file\n"));
    return pack_end(&p);
}

START_TEST(lists_members_with_their_content)
{
    const mk_str packed = pack_two(formats[_i], NULL);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n");
    ck_assert_uint_eq(l.n_unverified, 0);
    ck_assert_uint_gt(l.last_unit, 0);
    drop(packed);
}
END_TEST

START_TEST(lists_the_same_from_small_pieces)
{
    const mk_str packed = pack_two(formats[_i], NULL);
    for (size_t step = 1; step < 600; step += 97) {
        const listing l = list_by(packed, step);
        ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n");
    }
    drop(packed);
}
END_TEST

START_TEST(is_recognised)
{
    const mk_str packed = pack_two(formats[_i], NULL);
    ck_assert(mk_archive_is(packed));
    ck_assert(mk_archive_is(mk_str_sub(packed, 0, 512 < packed.len ? 512 : packed.len)));
    drop(packed);
}
END_TEST

START_TEST(takes_no_text_for_an_archive)
{
    const mk_str text = noise(2048);
    ck_assert(!mk_archive_is(text));
    ck_assert(!mk_archive_is(MK_STR("")));
    ck_assert(!mk_archive_is(MK_STR("PK")));
    ck_assert(!mk_archive_is(MK_STR("{\"text\": \"PK\"}")));
    drop(text);
}
END_TEST

START_TEST(takes_zeros_for_no_archive)
{
    const mk_str zeros = {must(calloc(1, 1024)), 1024};
    ck_assert(!mk_archive_is(zeros));
    drop(zeros);
}
END_TEST

START_TEST(reads_an_empty_zip)
{
    packer p = pack_begin("zip", NULL, 65536);
    pack_open(&p);
    const mk_str packed = pack_end(&p);
    ck_assert(mk_archive_is(packed));
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "");
    drop(packed);
}
END_TEST

START_TEST(gives_empty_members_too)
{
    packer p = pack_begin(formats[_i], NULL, 65536);
    pack_open(&p);
    pack_file(&p, "empty", MK_STR(""));
    pack_file(&p, "full", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!empty=\na!full=x\n");
    drop(packed);
}
END_TEST

START_TEST(skips_and_counts_what_is_no_file)
{
    packer p = pack_begin("pax", NULL, 65536);
    pack_open(&p);
    pack_typed(&p, "folder/", AE_IFDIR, MK_STR(""));
    pack_typed(&p, "link", AE_IFLNK, MK_STR(""));
    pack_typed(&p, "fifo", AE_IFIFO, MK_STR(""));
    pack_file(&p, "folder/file", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!folder/file=x\n");
    ck_assert_uint_eq(l.n_skipped, 3);
    drop(packed);
}
END_TEST

START_TEST(skips_folders_in_zip)
{
    packer p = pack_begin("zip", NULL, 65536);
    pack_open(&p);
    pack_typed(&p, "folder/", AE_IFDIR, MK_STR(""));
    pack_file(&p, "folder/file", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!folder/file=x\n");
    ck_assert_uint_eq(l.n_skipped, 1);
    drop(packed);
}
END_TEST

START_TEST(reads_the_crawl_of_a_wacz_alone)
{
    static const char *const compressions[] = {"zip:compression=store", "zip:compression=deflate"};
    const mk_str gz = pack_gzip(MK_STR("WARC/1.0"));
    packer p = pack_begin("zip", compressions[_i], 65536);
    pack_open(&p);
    pack_file(&p, "indexes/index.cdx.gz", gz);
    pack_file(&p, "archives", MK_STR("no crawl"));
    pack_typed(&p, "archive/", AE_IFDIR, MK_STR(""));
    pack_file(&p, "archive/a.warc.gz", gz);
    pack_file(&p, "pages/pages.jsonl", MK_STR("{\"text\":\"again\"}\n"));
    pack_file(&p, "archive/b.warc", MK_STR("WARC/1.1"));
    pack_file(&p, "datapackage.json", MK_STR("{\n}\n"));
    const mk_str packed = pack_end(&p);
    for (size_t step = 1; step < 100000; step *= 100) {
        const listing l = list_named("a.wacz", packed, step);
        ck_assert_str_eq(l.text, "a.wacz!archive/a.warc.gz=WARC/1.0\n"
                                 "a.wacz!archive/b.warc=WARC/1.1\n");
        ck_assert_uint_eq(l.n_skipped, 5);
        ck_assert_uint_eq(l.n_unverified, 0);
    }
    const listing zip = list_named("a.zip", packed, MK_STREAM_CHUNK);
    ck_assert_uint_eq(zip.n_skipped, 1);
    drop(packed);
    drop(gz);
}
END_TEST

START_TEST(tells_of_a_damage_beside_the_crawl_of_a_wacz)
{
    packer p = pack_begin("zip", NULL, 65536);
    pack_open(&p);
    pack_file(&p, "logs/x.log", MK_STR("started"));
    pack_file(&p, "archive/a.warc", MK_STR("WARC/1.0"));
    const mk_str packed = pack_end(&p);
    /* Its CRC, behind it. */
    ((char *)must(memmem(packed.ptr, packed.len, "PK\7\10", 4)))[4] ^= 1;
    const listing l = list_named("a.wacz", packed, 100);
    ck_assert_msg(strncmp(l.text, "!damaged member 'a.wacz!logs/x.log' at byte ", 44) == 0, "%s",
                  l.text);
    ck_assert_ptr_nonnull(strstr(l.text, "\na.wacz!archive/a.warc=WARC/1.0\n"));
    ck_assert_uint_eq(l.n_damaged, 1);
    drop(packed);
}
END_TEST

/* ---- names ---- */

START_TEST(keeps_arabic_names)
{
    packer p = pack_begin(formats[_i], NULL, 65536);
    pack_open(&p);
    pack_file(&p, "أخبار/مقال.txt", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!أخبار/مقال.txt=x\n");
    drop(packed);
}
END_TEST

START_TEST(replaces_bytes_of_names_that_are_no_utf8)
{
    packer p = pack_begin("ustar", NULL, 65536);
    pack_open(&p);
    pack_file(&p, "bad\xFF\xC7name", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!bad\xEF\xBF\xBD"
                             "FF\xEF\xBF\xBD"
                             "C7name=x\n");
    drop(packed);
}
END_TEST

START_TEST(survives_a_zip_name_that_is_not_the_utf8_it_claims)
{
    packer p = pack_begin("zip", NULL, 65536);
    pack_open(&p);
    pack_file(&p, "م", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    char *const name = memmem(packed.ptr, packed.len, "\xD9\x85", 2);
    name[0] = '\xFF';
    const listing l = list(packed);
    ck_assert_msg(strcmp(l.text, "a!member 1=x\n") == 0 ||
                      strcmp(l.text, "a!\xEF\xBF\xBD\xEF\xBF\xBD=x\n") == 0,
                  "%s", l.text);
    drop(packed);
}
END_TEST

START_TEST(leaves_the_locale_of_the_thread_alone)
{
    const mk_str packed = pack_two("pax", NULL);
    const locale_t before = uselocale((locale_t)0);
    list(packed);
    ck_assert_ptr_eq(uselocale((locale_t)0), before);
    drop(packed);
}
END_TEST

START_TEST(shows_controls_in_names_as_replaced)
{
    packer p = pack_begin("ustar", NULL, 65536);
    pack_open(&p);
    pack_file(&p, "a\nb\x1B[0m", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!a\xEF\xBF\xBD"
                             "0Ab\xEF\xBF\xBD"
                             "1B[0m=x\n");
    drop(packed);
}
END_TEST

/* ---- compression ---- */

START_TEST(reads_compressed_archives)
{
    const mk_str packed = pack_two(formats[_i], NULL), gz = pack_gzip(packed);
    const listing l = list(gz);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n");
    ck_assert_uint_eq(l.n_unverified, 0);
    drop(packed);
    drop(gz);
}
END_TEST

START_TEST(decodes_compressed_members)
{
    const mk_str gz = join(pack_gzip(MK_STR("in ")), pack_gzip(MK_STR("gzip")));
    const mk_str xz = pack_xz(MK_STR("in xz"));
    packer p = pack_begin(formats[_i], NULL, 65536);
    pack_open(&p);
    pack_file(&p, "a.gz", gz);
    pack_file(&p, "b.xz", xz);
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!a.gz=in gzip\na!b.xz=in xz\n");
    ck_assert_uint_ge(l.last_unit, 2); /* two units in the first member */
    drop(gz);
    drop(xz);
    drop(packed);
}
END_TEST

START_TEST(goes_on_after_a_damaged_compressed_member)
{
    const mk_str gz = pack_gzip(MK_STR("in gzip"));
    packer p = pack_begin(formats[_i], NULL, 65536);
    pack_open(&p);
    pack_file(&p, "a.gz", mk_str_sub(gz, 0, gz.len - 2));
    pack_file(&p, "b", MK_STR("after"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "!truncated gzip member that begins at byte 0 of 'a!a.gz'\n"
                             "a!b=after\n");
    drop(gz);
    drop(packed);
}
END_TEST

START_TEST(reads_stored_zip_members)
{
    const mk_str packed = pack_two("zip", "zip:compression=store");
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n");
    drop(packed);
}
END_TEST

/* ---- damage ---- */

/* What l may say of a damaged pack_two: members as they were, or an error. */
static bool is_honest(const listing *l)
{
    const char *at = l->text;

    while (*at) {
        if (*at == '!') {
            at = strchr(at, '\n') + 1;
            continue;
        }
        at = strchr(at, '=');
        if (at && strncmp(at, "=first file\n\n", 13) == 0)
            at += 13;
        else if (at && strncmp(at, "=second file\n\n", 14) == 0)
            at += 14;
        else if (at && strncmp(at, "=\n", 2) == 0 && l->n_damaged > 0)
            at += 2; /* nothing was lent, and it is told that something is missing */
        else
            return false;
    }
    return true;
}

START_TEST(rejects_truncation_at_every_byte)
{
    const mk_str packed = pack_two(formats[_i], NULL);
    /* A tar's last block may be missing: one end mark of two is enough. */
    const size_t enough = _i == ZIP ? packed.len : 4 * 512 + 1;

    for (size_t len = 262; len < packed.len && len < enough; len++) {
        const listing l = list_by(mk_str_sub(packed, 0, len), 4096);
        ck_assert_msg(l.n_damaged > 0, "silent at %zu of %zu: %s", len, packed.len, l.text);
        ck_assert_msg(is_honest(&l), "%zu: %s", len, l.text);
    }
    drop(packed);
}
END_TEST

START_TEST(never_gives_other_bytes_of_a_zip_for_a_flipped_bit)
{
    const mk_str packed = pack_two("zip", NULL);
    unsigned n_found = 0;

    for (size_t i = 4; i < packed.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
            const listing l = list(packed);
            ck_assert_msg(is_honest(&l), "%zu.%d: %s", i, bit, l.text);
            n_found += l.n_damaged > 0;
            /* No check covers a name: "two.txt" may become "tw/.txt", which is counted. */
            ck_assert_msg(l.n_damaged + l.n_hidden > 0 ||
                              (strstr(l.text, "first") && strstr(l.text, "second")),
                          "missing at %zu.%d: %s", i, bit, l.text);
            ((char *)(uintptr_t)packed.ptr)[i] ^= (char)(1 << bit);
        }
    }
    ck_assert_uint_gt(n_found, 100);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_wrong_crc_in_zip_before_its_bytes_are_lent)
{
    const mk_str packed = pack_two("zip", NULL);
    char *const descriptor = memmem(packed.ptr, packed.len, "PK\7\10", 4);
    descriptor[4] ^= 1;
    const listing l = list(packed);
    ck_assert_msg(strncmp(l.text, "!damaged member 'a!one.txt' at byte 70: ZIP bad CRC", 51) == 0,
                  "%s", l.text);
    ck_assert_ptr_nonnull(strstr(l.text, "a!two.txt=second file\n"));
    ck_assert_uint_eq(l.n_damaged, 1);
    drop(packed);
}
END_TEST

START_TEST(says_where_the_rest_of_a_zip_cannot_be_read)
{
    /* Stored without a length: its end is found by its crc alone. */
    const mk_str packed = pack_two("zip", "zip:compression=store");
    char *const content = memmem(packed.ptr, packed.len, "first file", 10);
    content[0] = 'F';
    const listing l = list(packed);
    ck_assert_msg(strncmp(l.text, "!cannot read on from member 'a!one.txt' at byte ", 48) == 0,
                  "%s", l.text);
    ck_assert_uint_eq(l.n_damaged, 1);
    drop(packed);
}
END_TEST

START_TEST(misses_a_zip_member_whose_header_is_lost)
{
    const mk_str packed = pack_two("zip", NULL);
    char *const second = memmem(packed.ptr + 4, packed.len - 4, "PK\3\4", 4);
    second[0] = 'Q';
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\n!bytes of no member in zip 'a' at "
                             "byte 86\n");
    drop(packed);
}
END_TEST

START_TEST(goes_on_behind_bytes_of_no_member)
{
    const mk_str packed = pack_two("zip", NULL);
    ((char *)(uintptr_t)packed.ptr)[0] = 'P';
    char *const first = memmem(packed.ptr, packed.len, "PK\7\10", 4);
    first[0] = 'Q'; /* the signature of a descriptor is optional: so it is none */
    const listing l = list(packed);
    ck_assert_ptr_nonnull(strstr(l.text, "a!two.txt=second file\n"));
    ck_assert_uint_ge(l.n_damaged, 1);
    drop(packed);
}
END_TEST

START_TEST(counts_the_members_that_the_directory_lists)
{
    const mk_str packed = pack_two("zip", NULL);
    ((char *)(uintptr_t)packed.ptr)[packed.len - 12] = 3;
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n"
                             "!damaged zip 'a': its directory lists 3 members, 2 were "
                             "found\n");
    drop(packed);
}
END_TEST

START_TEST(reads_a_zip_with_a_comment)
{
    const mk_str two = pack_two("zip", NULL);
    ((char *)(uintptr_t)two.ptr)[two.len - 2] = 5;
    const mk_str packed = join(two, copy(MK_STR("hello")));
    const listing l = list(packed);
    ck_assert_uint_eq(l.n_damaged, 0);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_damaged_tar_header)
{
    const mk_str packed = pack_two("ustar", NULL);
    ((char *)(uintptr_t)packed.ptr)[1024] ^= 1; /* the name of the second */
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\n!damaged archive 'a' at byte 1024: "
                             "damaged tar archive\n");
    ck_assert_uint_eq(l.n_damaged, 1);
    drop(packed);
}
END_TEST

START_TEST(rejects_a_tar_without_end_mark)
{
    const mk_str packed = pack_two("ustar", NULL);
    const listing l = list(mk_str_sub(packed, 0, 2048));
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n"
                             "!truncated tar 'a': no end mark at byte 2048\n");
    drop(packed);
}
END_TEST

START_TEST(rejects_bytes_after_the_end_mark)
{
    const mk_str packed = join(pack_two("ustar", NULL), pack_two("ustar", NULL));
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n"
                             "!bytes after the end mark of tar 'a' at byte 2048\n");
    drop(packed);
}
END_TEST

START_TEST(verifies_the_codec_behind_the_end_of_the_archive)
{
    const mk_str packed = pack_two("ustar", NULL), gz = pack_gzip(packed);
    const mk_str both = join(gz, copy(MK_STR("garbage")));
    const listing l = list(both);
    ck_assert_str_eq(l.text, "a!one.txt=first file\n\na!two.txt=second file\n\n"
                             "!7 bytes after the last gzip member of 'a' are not gzip\n");
    drop(packed);
    drop(both);
}
END_TEST

START_TEST(rejects_sparse_members)
{
    const size_t n = 1 << 20;
    char *const content = must(calloc(1, n));
    packer p = pack_begin("pax", NULL, 65536);
    struct archive_entry *const entry = must(archive_entry_new());

    pack_open(&p);
    memset(content, 'x', 512);
    archive_entry_set_pathname(entry, "holes");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)n);
    archive_entry_sparse_add_entry(entry, 0, 512);
    must_be(archive_write_header(p.archive, entry) == ARCHIVE_OK);
    must_be(archive_write_data(p.archive, content, n) == (la_ssize_t)n);
    archive_entry_free(entry);
    pack_file(&p, "after", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    const listing l = list(packed);
    ck_assert_str_eq(l.text, "!member 'a!holes' is sparse\na!after=x\n");
    free(content);
    drop(packed);
}
END_TEST

START_TEST(rejects_encrypted_members)
{
    const mk_str packed = pack_two("zip", "zip:compression=store");
    ((char *)(uintptr_t)packed.ptr)[6] |= 1; /* general purpose bit 0 */
    const listing l = list(packed);
    ck_assert_msg(strncmp(l.text, "!member 'a!one.txt' is encrypted\n", 33) == 0, "%s", l.text);
    ck_assert_ptr_nonnull(strstr(l.text, "a!two.txt=second file\n"));
    drop(packed);
}
END_TEST

/* ---- units ---- */

static mk_str pack_large(const char *format, mk_str content)
{
    packer p = pack_begin(format, NULL, content.len + 65536);
    pack_open(&p);
    pack_file(&p, "large", content);
    pack_file(&p, "small", MK_STR("x"));
    return pack_end(&p);
}

START_TEST(lends_a_large_member_unverified)
{
    const mk_str content = noise(MK_STREAM_VERIFY + 1), packed = pack_large(formats[_i], content);
    const listing l = list(packed);
    ck_assert_uint_eq(l.n_damaged, 0);
    ck_assert_uint_eq(l.n_unverified, content.len);
    ck_assert_uint_gt(l.last_unit, 0);
    drop(content);
    drop(packed);
}
END_TEST

START_TEST(tells_of_a_wrong_crc_at_the_end_of_a_large_zip_member)
{
    const mk_str content = noise(MK_STREAM_VERIFY + 1);
    const mk_str packed = pack_large("zip", content);
    char *const descriptor = memmem(packed.ptr, packed.len, "PK\7\10", 4);
    char *const crc = descriptor ? descriptor + 4 : (char *)(uintptr_t)packed.ptr + 14;
    crc[0] ^= 1;
    const listing l = list(packed);
    ck_assert_ptr_nonnull(strstr(l.text, "!damaged member 'a!large' at byte "));
    ck_assert_ptr_nonnull(strstr(l.text, "a!small=x\n"));
    drop(content);
    drop(packed);
}
END_TEST

START_TEST(keeps_one_unit_while_the_source_is_unverified)
{
    const mk_str content = noise(MK_STREAM_VERIFY + 1);
    const mk_str packed = pack_large("ustar", content), gz = pack_gzip_level(packed, 1);
    const listing l = list(gz);
    ck_assert_uint_eq(l.n_damaged, 0);
    ck_assert_uint_eq(l.n_unverified, content.len + 1); /* small too */
    ck_assert_uint_eq(l.last_unit, 0);
    drop(content);
    drop(packed);
    drop(gz);
}
END_TEST

START_TEST(spoils_that_unit_when_the_source_ends_badly)
{
    const mk_str content = noise(MK_STREAM_VERIFY + 1);
    const mk_str packed = pack_large("ustar", content), gz = pack_gzip_level(packed, 1);
    ((char *)(uintptr_t)gz.ptr)[gz.len - 8] ^= 1;
    const listing l = list(gz);
    ck_assert_uint_eq(l.n_damaged, 1);
    ck_assert_ptr_nonnull(
        strstr(l.text, "!crc mismatch in the gzip member that begins at byte 0 of 'a'"));
    ck_assert_uint_eq(l.bad_unit, 0);
    drop(content);
    drop(packed);
    drop(gz);
}
END_TEST

START_TEST(counts_units_on_where_a_member_has_several)
{
    /* Two gzip members inside the first, so its units are 0 and 1, then 2. */
    const mk_str gz = join(pack_gzip(MK_STR("a")), pack_gzip(MK_STR("b")));
    packer p = pack_begin("ustar", NULL, 65536);
    mk_stream *s = NULL, *m = NULL;
    mk_archive *a = NULL;
    mk_str chunk;

    pack_open(&p);
    pack_file(&p, "a.gz", gz);
    pack_file(&p, "b", MK_STR("x"));
    const mk_str packed = pack_end(&p);
    must_be(mk_stream_bytes_by("a", packed, MK_STREAM_CHUNK, &s, NULL) == MK_OK);
    must_be(mk_archive_open(s, &a, NULL) == MK_OK);
    ck_assert_int_eq(mk_archive_next(a, &m, NULL), MK_OK);
    for (uint64_t unit = 0; unit < 2; unit++) {
        ck_assert_int_eq(m->read(m, &chunk, NULL), MK_OK);
        ck_assert_uint_eq(m->unit, unit);
    }
    ck_assert_int_eq(m->read(m, &chunk, NULL), MK_END);
    ck_assert_int_eq(mk_archive_next(a, &m, NULL), MK_OK);
    ck_assert_int_eq(m->read(m, &chunk, NULL), MK_OK);
    ck_assert_uint_gt(m->unit, 1);
    mk_archive_close(a);
    drop(gz);
    drop(packed);
}
END_TEST

START_TEST(goes_on_past_a_member_that_was_not_read)
{
    const mk_str content = noise(MK_STREAM_VERIFY + 1), packed = pack_large(formats[_i], content);
    mk_stream *s = NULL, *m = NULL;
    mk_archive *a = NULL;

    must_be(mk_stream_bytes_by("a", packed, MK_STREAM_CHUNK, &s, NULL) == MK_OK);
    must_be(mk_archive_open(s, &a, NULL) == MK_OK);
    ck_assert_int_eq(mk_archive_next(a, &m, NULL), MK_OK);
    ck_assert_int_eq(mk_archive_next(a, &m, NULL), MK_OK);
    ck_assert_str_eq(m->name, "a!small");
    ck_assert_int_eq(mk_archive_next(a, &m, NULL), MK_END);
    mk_archive_close(a);
    drop(content);
    drop(packed);
}
END_TEST

START_TEST(closes_null)
{
    mk_archive_close(NULL);
    mk_stream_close(NULL);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("archive");
    TCase *const t = tcase_create("archive");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, lists_members_with_their_content, 0, N_FORMATS);
    tcase_add_loop_test(t, lists_the_same_from_small_pieces, 0, N_FORMATS);
    tcase_add_loop_test(t, is_recognised, 0, N_FORMATS);
    tcase_add_test(t, takes_no_text_for_an_archive);
    tcase_add_test(t, takes_zeros_for_no_archive);
    tcase_add_test(t, reads_an_empty_zip);
    tcase_add_loop_test(t, gives_empty_members_too, 0, N_FORMATS);
    tcase_add_test(t, skips_and_counts_what_is_no_file);
    tcase_add_test(t, skips_folders_in_zip);
    tcase_add_loop_test(t, reads_the_crawl_of_a_wacz_alone, 0, 2);
    tcase_add_test(t, tells_of_a_damage_beside_the_crawl_of_a_wacz);
    tcase_add_loop_test(t, keeps_arabic_names, 0, N_FORMATS);
    tcase_add_test(t, replaces_bytes_of_names_that_are_no_utf8);
    tcase_add_test(t, survives_a_zip_name_that_is_not_the_utf8_it_claims);
    tcase_add_test(t, leaves_the_locale_of_the_thread_alone);
    tcase_add_test(t, shows_controls_in_names_as_replaced);
    tcase_add_loop_test(t, reads_compressed_archives, 0, N_FORMATS);
    tcase_add_loop_test(t, decodes_compressed_members, 0, N_FORMATS);
    tcase_add_loop_test(t, goes_on_after_a_damaged_compressed_member, 0, N_FORMATS);
    tcase_add_test(t, reads_stored_zip_members);
    tcase_add_loop_test(t, rejects_truncation_at_every_byte, 0, N_FORMATS);
    tcase_add_test(t, never_gives_other_bytes_of_a_zip_for_a_flipped_bit);
    tcase_add_test(t, rejects_a_wrong_crc_in_zip_before_its_bytes_are_lent);
    tcase_add_test(t, says_where_the_rest_of_a_zip_cannot_be_read);
    tcase_add_test(t, goes_on_behind_bytes_of_no_member);
    tcase_add_test(t, counts_the_members_that_the_directory_lists);
    tcase_add_test(t, misses_a_zip_member_whose_header_is_lost);
    tcase_add_test(t, reads_a_zip_with_a_comment);
    tcase_add_test(t, rejects_a_damaged_tar_header);
    tcase_add_test(t, rejects_a_tar_without_end_mark);
    tcase_add_test(t, rejects_bytes_after_the_end_mark);
    tcase_add_test(t, verifies_the_codec_behind_the_end_of_the_archive);
    tcase_add_test(t, rejects_sparse_members);
    tcase_add_test(t, rejects_encrypted_members);
    tcase_add_loop_test(t, lends_a_large_member_unverified, 0, N_FORMATS);
    tcase_add_test(t, tells_of_a_wrong_crc_at_the_end_of_a_large_zip_member);
    tcase_add_test(t, keeps_one_unit_while_the_source_is_unverified);
    tcase_add_test(t, spoils_that_unit_when_the_source_ends_badly);
    tcase_add_test(t, counts_units_on_where_a_member_has_several);
    tcase_add_loop_test(t, goes_on_past_a_member_that_was_not_read, 0, N_FORMATS);
    tcase_add_test(t, closes_null);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
