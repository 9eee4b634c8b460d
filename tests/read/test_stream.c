#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "packing.h"

/* What opening path fails with; NULL if it does not fail. */
static const char *open_error(const char *path)
{
    static mk_error error;
    mk_stream *s = NULL;
    const mk_err err = mk_stream_file(path, &s, &error);

    if (err == MK_OK) {
        mk_stream_close(s);
        return NULL;
    }
    ck_assert_int_eq(err, MK_DAMAGED);
    ck_assert_ptr_null(s);
    return error.text;
}

static const char *about(const char *before, const char *path, const char *after)
{
    static char text[1024];
    snprintf(text, sizeof(text), "%s'%s'%s", before, path, after);
    return text;
}

static mk_stream *open_file(const char *path)
{
    mk_stream *s = NULL;
    mk_error error = {0};
    ck_assert_msg(mk_stream_file(path, &s, &error) == MK_OK, "%s", error.text);
    return s;
}

/* ---- files ---- */

START_TEST(reads_a_file)
{
    const mk_str want = noise(3 * MK_STREAM_CHUNK + 17);
    const char *const path = mk_test_file("file", want);
    mk_stream *const s = open_file(path);
    outcome o = drain(s);
    ck_assert_whole(o, want);
    ck_assert_str_eq(s->name, path);
    ck_assert_uint_eq(s->stored, want.len);
    ck_assert_uint_eq(o.n_units, 1);
    ck_assert_uint_eq(o.n_unverified, 0);
    mk_stream_close(s);
    drop(o.bytes);
    drop(want);
}
END_TEST

START_TEST(reads_an_empty_file)
{
    mk_stream *const s = open_file(mk_test_file("empty.gz", MK_STR("")));
    outcome o = drain(s);
    ck_assert_whole(o, MK_STR(""));
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_a_file_that_is_not_there)
{
    const char *const path = mk_test_path("absent");
    ck_assert_str_eq(open_error(path), about("cannot open ", path, ": No such file or directory"));
}
END_TEST

START_TEST(rejects_a_folder)
{
    const char *const path = mk_test_folder();
    ck_assert_str_eq(open_error(path), about("", path, " is a folder"));
}
END_TEST

START_TEST(rejects_a_fifo_without_waiting)
{
    const char *const path = mk_test_path("fifo");
    must_be(mkfifo(path, 0600) == 0);
    ck_assert_str_eq(open_error(path), about("", path, " is not a regular file"));
}
END_TEST

START_TEST(rejects_a_device)
{
    ck_assert_str_eq(open_error("/dev/null"), "'/dev/null' is not a regular file");
}
END_TEST

START_TEST(rejects_a_socket)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *const path = mk_test_path("socket");
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    must_be(strlen(path) < sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path));
    must_be(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    ck_assert_str_eq(open_error(path), about("", path, " is not a regular file"));
    close(fd);
}
END_TEST

START_TEST(tells_where_reading_failed)
{
    /* Address 0 of the process cannot be read: EIO from a regular file. */
    mk_stream *const s = open_file("/proc/self/mem");
    outcome o = drain(s);
    ck_assert_damaged(o, "cannot read '/proc/self/mem': Input/output error at byte 0");
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_a_file_that_grows_while_it_is_read)
{
    const char *const path = mk_test_file("grows", MK_STR("one\n"));
    mk_stream *const s = open_file(path);
    const int fd = open(path, O_WRONLY | O_APPEND);
    must_be(write(fd, "two\n", 4) == 4);
    close(fd);
    outcome o = drain(s);
    ck_assert_damaged(o, about("", path, " changed while it was read"));
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_a_file_that_shrinks_while_it_is_read)
{
    const char *const path = mk_test_file("shrinks", MK_STR("one\ntwo\n"));
    mk_stream *const s = open_file(path);
    must_be(truncate(path, 4) == 0);
    outcome o = drain(s);
    ck_assert_damaged(o, about("", path, " changed while it was read"));
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(rejects_a_file_that_is_rewritten_while_it_is_read)
{
    const char *const path = mk_test_file("rewritten", MK_STR("one\n"));
    const struct timespec times[2] = {{1, 0}, {1, 0}};
    mk_stream *const s = open_file(path);
    must_be(utimensat(AT_FDCWD, path, times, 0) == 0);
    outcome o = drain(s);
    ck_assert_int_eq(o.end, MK_DAMAGED);
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(shows_odd_bytes_of_a_path_as_replaced)
{
    const char *const path = mk_test_path("odd\xFF\n");
    const char *const text = open_error(path);
    ck_assert_ptr_nonnull(strstr(text, "/odd\xEF\xBF\xBD"
                                       "FF\xEF\xBF\xBD"
                                       "0A': No such"));
}
END_TEST

/* ---- standard input ---- */

/* Standard input becomes what a pipe with s in it gives. */
static void put_stdin(mk_str s)
{
    int ends[2];
    must_be(pipe(ends) == 0);
    must_be(write(ends[1], s.ptr, s.len) == (ssize_t)s.len);
    close(ends[1]);
    must_be(dup2(ends[0], 0) == 0);
    close(ends[0]);
}

START_TEST(reads_standard_input)
{
    put_stdin(MK_STR("from a pipe"));
    mk_stream *const s = open_file("-");
    outcome o = drain(s);
    ck_assert_whole(o, MK_STR("from a pipe"));
    ck_assert_str_eq(s->name, "standard input");
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(leaves_standard_input_open)
{
    put_stdin(MK_STR(""));
    mk_stream_close(open_file("-"));
    ck_assert_int_ge(fcntl(0, F_GETFD), 0);
}
END_TEST

START_TEST(tells_of_a_closed_standard_input)
{
    close(0);
    mk_stream *const s = open_file("-");
    outcome o = drain(s);
    ck_assert_damaged(o, "cannot read 'standard input': Bad file descriptor at byte 0");
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(waits_for_a_nonblocking_standard_input)
{
    int ends[2];
    must_be(pipe(ends) == 0);
    must_be(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    const pid_t child = fork();
    if (child == 0) {
        usleep(50000);
        _exit(write(ends[1], "late", 4) == 4 ? 0 : 1);
    }
    close(ends[1]);
    must_be(dup2(ends[0], 0) == 0);
    close(ends[0]);
    mk_stream *const s = open_file("-");
    outcome o = drain(s);
    ck_assert_whole(o, MK_STR("late"));
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

/* ---- peek ---- */

static mk_stream *open_bytes(mk_str bytes, size_t step)
{
    mk_stream *s = NULL;
    must_be(mk_stream_bytes_by("in", bytes, step, &s, NULL) == MK_OK);
    return s;
}

START_TEST(peeks_without_consuming)
{
    for (size_t step = 1; step < 12; step++) {
        mk_stream *const s = open_bytes(MK_STR("0123456789"), step);
        mk_str head;
        ck_assert_int_eq(mk_stream_peek(s, 4, &head, NULL), MK_OK);
        ck_assert_mk_str_eq(head, MK_STR("0123"));
        ck_assert_int_eq(mk_stream_peek(s, 7, &head, NULL), MK_OK);
        ck_assert_mk_str_eq(head, MK_STR("0123456"));
        outcome o = drain(s);
        ck_assert_whole(o, MK_STR("0123456789"));
        mk_stream_close(s);
        drop(o.bytes);
    }
}
END_TEST

START_TEST(peeks_in_the_middle_too)
{
    mk_stream *const s = open_bytes(MK_STR("0123456789"), 3);
    mk_str head, chunk;
    ck_assert_int_eq(mk_stream_peek(s, 5, &head, NULL), MK_OK);
    ck_assert_int_eq(s->read(s, &chunk, NULL), MK_OK);
    ck_assert_mk_str_eq(chunk, MK_STR("012345")); /* of one unit: one piece */
    ck_assert_int_eq(mk_stream_peek(s, 2, &head, NULL), MK_OK);
    ck_assert_mk_str_eq(head, MK_STR("67"));
    outcome o = drain(s);
    ck_assert_whole(o, MK_STR("6789"));
    mk_stream_close(s);
    drop(o.bytes);
}
END_TEST

START_TEST(peeks_less_at_the_end)
{
    mk_stream *const s = open_bytes(MK_STR("012"), 2);
    mk_str head;
    ck_assert_int_eq(mk_stream_peek(s, 100, &head, NULL), MK_OK);
    ck_assert_mk_str_eq(head, MK_STR("012"));
    mk_stream_close(s);
}
END_TEST

START_TEST(peeks_nothing_in_an_empty_stream)
{
    mk_stream *const s = open_bytes(MK_STR(""), 2);
    mk_str head = MK_STR("x");
    ck_assert_int_eq(mk_stream_peek(s, 100, &head, NULL), MK_OK);
    ck_assert_uint_eq(head.len, 0);
    mk_stream_close(s);
}
END_TEST

START_TEST(keeps_the_units_of_peeked_bytes_apart)
{
    const mk_str packed = join(join(pack_gzip(MK_STR("a")), pack_gzip(MK_STR("b"))),
                               pack_gzip(MK_STR("c")));
    mk_stream *s = open_bytes(packed, 1000);
    mk_str head, chunk;
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_peek(s, 100, &head, NULL), MK_OK);
    ck_assert_mk_str_eq(head, MK_STR("abc"));
    for (uint64_t unit = 0; unit < 3; unit++) {
        ck_assert_int_eq(s->read(s, &chunk, NULL), MK_OK);
        ck_assert_uint_eq(chunk.len, 1);
        ck_assert_uint_eq(s->unit, unit);
        ck_assert(s->verified);
    }
    ck_assert_int_eq(s->read(s, &chunk, NULL), MK_END);
    mk_stream_close(s);
    drop(packed);
}
END_TEST

START_TEST(peeks_across_thousands_of_units)
{
    mk_str packed = {must(malloc(1)), 0};
    const mk_str one = pack_gzip(MK_STR("x"));
    for (int i = 0; i < 3000; i++)
        packed = join(packed, copy(one));
    mk_stream *s = open_bytes(packed, MK_STREAM_CHUNK);
    mk_str head;
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_peek(s, 2000, &head, NULL), MK_OK);
    ck_assert_uint_eq(head.len, 2000);
    outcome o = drain(s);
    ck_assert_uint_eq(o.bytes.len, 3000);
    ck_assert_uint_eq(o.n_units, 3000);
    mk_stream_close(s);
    drop(o.bytes);
    drop(one);
    drop(packed);
}
END_TEST

START_TEST(tells_of_a_damage_behind_what_was_peeked)
{
    const mk_str packed = join(pack_gzip(MK_STR("good")), copy(MK_STR("bad")));
    mk_stream *s = open_bytes(packed, 1000);
    mk_str head, chunk;
    mk_error error;
    ck_assert_int_eq(mk_stream_decode(&s, NULL), MK_OK);
    ck_assert_int_eq(mk_stream_peek(s, 100, &head, NULL), MK_OK);
    ck_assert_mk_str_eq(head, MK_STR("good"));
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_OK);
    ck_assert_mk_str_eq(chunk, MK_STR("good"));
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_DAMAGED);
    ck_assert_str_eq(error.text, "3 bytes after the last gzip member of 'in' are not gzip");
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_END);
    mk_stream_close(s);
    drop(packed);
}
END_TEST

/* ---- failures underneath ---- */

/* A stream that says MK_NOMEM after some bytes. */
static mk_err poor_pull(mk_body *body, mk_piece *ret, mk_error *reterr)
{
    if (body->pub.stored > 0)
        return mk_stream_nomem(reterr);
    body->pub.stored = 4;
    *ret = (mk_piece){.bytes = MK_STR("some"), .unit = *body->unit, .verified = true};
    return MK_OK;
}

START_TEST(never_takes_lack_of_memory_for_the_end)
{
    mk_body *const body = must(mk_body_new(sizeof(*body), MK_STR("poor")));
    mk_stream *const s = &body->pub;
    mk_str chunk;
    mk_error error;

    body->pull = poor_pull;
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_OK);
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_NOMEM);
    ck_assert_int_eq(s->read(s, &chunk, &error), MK_NOMEM);
    mk_stream_close(s);
}
END_TEST

START_TEST(cleans_names_so_that_none_becomes_another)
{
    char *const clean = mk_name_clean(MK_STR("\xD9\x85\xD9\n\xFFz\xEF\xBF\xBD"
                                             "FF"),
                                      true);
    ck_assert_str_eq(clean, "\xD9\x85\xEF\xBF\xBD"
                            "D9\xEF\xBF\xBD"
                            "0A\xEF\xBF\xBD"
                            "FFz\xEF\xBF\xBD"
                            "EF\xEF\xBF\xBD"
                            "BF\xEF\xBF\xBD"
                            "BDFF");
    free(clean);
}
END_TEST

static Suite *suite(void)
{
    Suite *const s = suite_create("stream");
    TCase *const t = tcase_create("stream");

    tcase_add_test(t, reads_a_file);
    tcase_add_test(t, reads_an_empty_file);
    tcase_add_test(t, rejects_a_file_that_is_not_there);
    tcase_add_test(t, rejects_a_folder);
    tcase_add_test(t, rejects_a_fifo_without_waiting);
    tcase_add_test(t, rejects_a_device);
    tcase_add_test(t, rejects_a_socket);
    tcase_add_test(t, tells_where_reading_failed);
    tcase_add_test(t, rejects_a_file_that_grows_while_it_is_read);
    tcase_add_test(t, rejects_a_file_that_shrinks_while_it_is_read);
    tcase_add_test(t, rejects_a_file_that_is_rewritten_while_it_is_read);
    tcase_add_test(t, shows_odd_bytes_of_a_path_as_replaced);
    tcase_add_test(t, reads_standard_input);
    tcase_add_test(t, leaves_standard_input_open);
    tcase_add_test(t, tells_of_a_closed_standard_input);
    tcase_add_test(t, waits_for_a_nonblocking_standard_input);
    tcase_add_test(t, peeks_without_consuming);
    tcase_add_test(t, peeks_in_the_middle_too);
    tcase_add_test(t, peeks_less_at_the_end);
    tcase_add_test(t, peeks_nothing_in_an_empty_stream);
    tcase_add_test(t, keeps_the_units_of_peeked_bytes_apart);
    tcase_add_test(t, peeks_across_thousands_of_units);
    tcase_add_test(t, tells_of_a_damage_behind_what_was_peeked);
    tcase_add_test(t, never_takes_lack_of_memory_for_the_end);
    tcase_add_test(t, cleans_names_so_that_none_becomes_another);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return mk_test_run(suite());
}
