#include "outputs/folder.h"

#include <stdio.h>
#include <unistd.h>

#include "support.h"

static mk_error error;
static mk_folder *folder;

static void setup(void)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/", mk_test_path("corpus"));
    ck_assert_int_eq(mk_folder_open(path, &folder, &error), MK_OK);
}

static void teardown(void)
{
    mk_folder_close(folder);
}

static void put(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "corpus/%s", name);
    mk_test_file(path, MK_STR("x"));
}

static mk_folder_state look(char name[256])
{
    mk_folder_state state = MK_FOLDER_EMPTY;
    ck_assert_int_eq(mk_folder_look(folder, &state, name, &error), MK_OK);
    return state;
}

/* ---- names ---- */

static const char *name_of(mk_out kind, uint64_t index, mk_codec codec, bool part)
{
    static char name[MK_SHARD_NAME];
    return mk_shard_name((mk_shard_id){kind, index, codec, part}, name);
}

START_TEST(names_sort_as_their_numbers)
{
    ck_assert_str_eq(name_of(MK_OUT_DATA, 0, MK_CODEC_GZ, false), "data-00000.jsonl.gz");
    ck_assert_str_eq(name_of(MK_OUT_LEDGER, 12, MK_CODEC_ZST, true), "ledger-00012.jsonl.zst.part");
    ck_assert_str_eq(name_of(MK_OUT_REJECTS, 123456, MK_CODEC_NONE, false), "rejects-123456.jsonl");
}
END_TEST

START_TEST(every_name_is_parsed_again)
{
    static const uint64_t indexes[] = {0, 7, 99999, 100000, UINT64_C(999999999999999999)};
    static const mk_codec codecs[] = {MK_CODEC_NONE, MK_CODEC_GZ, MK_CODEC_ZST};
    for (unsigned k = 0; k < MK_N_OUTS; k++)
        for (size_t i = 0; i < 5; i++)
            for (size_t c = 0; c < 3; c++)
                for (unsigned part = 0; part < 2; part++) {
                    mk_shard_id id = {0};
                    ck_assert(mk_shard_parse(name_of((mk_out)k, indexes[i], codecs[c], part), &id));
                    ck_assert_uint_eq(id.kind, k);
                    ck_assert_uint_eq(id.index, indexes[i]);
                    ck_assert_uint_eq(id.codec, codecs[c]);
                    ck_assert_uint_eq(id.part, part);
                }
}
END_TEST

START_TEST(other_names_are_no_shards)
{
    static const char *const names[] = {
        "",
        "data",
        "data-",
        "data-0000.jsonl",
        "data-000000.jsonl",
        "data-00000",
        "data-00000.json",
        "data-00000.jsonl.xz",
        "data-00000.jsonl.gz.par",
        "data-00000.jsonl.gz.partx",
        "data-00000.jsonl.gz.part.part",
        "Data-00000.jsonl",
        "datas-00000.jsonl",
        "data-9999999999999999999.jsonl",
        "ledger-0000x.jsonl",
        "../data-00000.jsonl",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        mk_shard_id id;
        ck_assert_msg(!mk_shard_parse(names[i], &id), "'%s'", names[i]);
    }
}
END_TEST

/* ---- the folder ---- */

START_TEST(a_new_folder_is_empty)
{
    char name[256];
    ck_assert_int_eq(look(name), MK_FOLDER_EMPTY);
    ck_assert_str_eq(name, "");
}
END_TEST

START_TEST(tells_a_run_by_its_files)
{
    char name[256];
    put("data-00000.jsonl.gz.part");
    ck_assert_int_eq(look(name), MK_FOLDER_BEGUN);
    put(MK_FOLDER_JOURNAL);
    ck_assert_int_eq(look(name), MK_FOLDER_BEGUN);
    put(MK_FOLDER_REPORT);
    ck_assert_int_eq(look(name), MK_FOLDER_DONE);
}
END_TEST

START_TEST(names_the_first_foreign_file)
{
    char name[256];
    put(MK_FOLDER_JOURNAL);
    put("notes.txt");
    put("letters.txt");
    ck_assert_int_eq(look(name), MK_FOLDER_FOREIGN);
    ck_assert_str_eq(name, "letters.txt");
}
END_TEST

START_TEST(passes_over_hidden_names)
{
    char name[256];
    put(".nfs0001");
    ck_assert_int_eq(look(name), MK_FOLDER_EMPTY);
    put(MK_FOLDER_JOURNAL);
    ck_assert_int_eq(look(name), MK_FOLDER_BEGUN);
    ck_assert_str_eq(name, "");
}
END_TEST

START_TEST(verdicts_are_of_a_run_that_is_done)
{
    char name[256];
    put(MK_FOLDER_AUDIT);
    ck_assert_int_eq(look(name), MK_FOLDER_FOREIGN);
    put(MK_FOLDER_JOURNAL);
    ck_assert_int_eq(look(name), MK_FOLDER_FOREIGN);
    ck_assert_str_eq(name, MK_FOLDER_AUDIT);
    put(MK_FOLDER_REPORT);
    ck_assert_int_eq(look(name), MK_FOLDER_DONE);
}
END_TEST

START_TEST(clears_what_is_ours_alone)
{
    put(MK_FOLDER_JOURNAL);
    put(MK_FOLDER_REPORT);
    put(MK_FOLDER_KEYS ".part");
    put("ledger-00003.jsonl.zst");
    put("data-00001.jsonl.gz.part");
    put("notes.txt");
    ck_assert_int_eq(mk_folder_clear(folder, &error), MK_OK);
    ck_assert(!mk_folder_has(folder, MK_FOLDER_JOURNAL));
    ck_assert(!mk_folder_has(folder, MK_FOLDER_REPORT));
    ck_assert(!mk_folder_has(folder, MK_FOLDER_KEYS ".part"));
    ck_assert(!mk_folder_has(folder, "ledger-00003.jsonl.zst"));
    ck_assert(!mk_folder_has(folder, "data-00001.jsonl.gz.part"));
    ck_assert(mk_folder_has(folder, "notes.txt"));
}
END_TEST

START_TEST(finishing_twice_is_finishing_once)
{
    put("data-00000.jsonl.gz.part");
    ck_assert_int_eq(mk_folder_finish(folder, "data-00000.jsonl.gz", &error), MK_OK);
    ck_assert(mk_folder_has(folder, "data-00000.jsonl.gz"));
    ck_assert_int_eq(mk_folder_finish(folder, "data-00000.jsonl.gz", &error), MK_OK);
    ck_assert_int_eq(mk_folder_finish(folder, "data-00001.jsonl.gz", &error), MK_OUTPUT);
}
END_TEST

START_TEST(a_second_run_is_told_who_has_the_lock)
{
    mk_folder *second = NULL;
    char pid[32];
    snprintf(pid, sizeof(pid), "process %ld on ", (long)getpid());
    ck_assert_int_eq(mk_folder_open(mk_test_path("corpus"), &second, &error), MK_EXISTS);
    ck_assert_ptr_null(second);
    ck_assert_ptr_nonnull(strstr(error.text, "is in use by"));
    ck_assert_ptr_nonnull(strstr(error.text, pid));
}
END_TEST

START_TEST(the_lock_goes_with_its_holder)
{
    mk_folder_close(folder);
    folder = NULL;
    ck_assert_int_ne(access(mk_test_path("corpus/lock"), F_OK), 0);
    ck_assert_int_eq(mk_folder_open(mk_test_path("corpus"), &folder, &error), MK_OK);
}
END_TEST

START_TEST(a_file_of_a_dead_holder_locks_nobody_out)
{
    mk_folder_close(folder);
    folder = NULL;
    put(MK_FOLDER_LOCK);
    ck_assert_int_eq(mk_folder_open(mk_test_path("corpus"), &folder, &error), MK_OK);
}
END_TEST

START_TEST(refuses_a_folder_in_no_folder)
{
    mk_folder *none = NULL;
    ck_assert_int_eq(mk_folder_open(mk_test_path("no/such/"), &none, &error), MK_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.text, "cannot create folder"));
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("folder");
    TCase *const t = tcase_create("folder");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, names_sort_as_their_numbers);
    tcase_add_test(t, every_name_is_parsed_again);
    tcase_add_test(t, other_names_are_no_shards);
    tcase_add_test(t, a_new_folder_is_empty);
    tcase_add_test(t, tells_a_run_by_its_files);
    tcase_add_test(t, names_the_first_foreign_file);
    tcase_add_test(t, passes_over_hidden_names);
    tcase_add_test(t, verdicts_are_of_a_run_that_is_done);
    tcase_add_test(t, clears_what_is_ours_alone);
    tcase_add_test(t, finishing_twice_is_finishing_once);
    tcase_add_test(t, a_second_run_is_told_who_has_the_lock);
    tcase_add_test(t, the_lock_goes_with_its_holder);
    tcase_add_test(t, a_file_of_a_dead_holder_locks_nobody_out);
    tcase_add_test(t, refuses_a_folder_in_no_folder);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
