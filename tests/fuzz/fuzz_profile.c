/* fuzz_profile.c: what users say of a chain and of documents: a profile, a list of filters and
 * a setting, with a NUL after the first two; and the same lines as lists of URLs and hosts. What
 * is accepted says of itself what it was made of, and is the same again; what is not has a
 * message. Options that name files in folders are left out. */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chain/chain.h"
#include "read/field.h"
#include "read/select.h"

/* A file in memory with a name; owned by the caller: close(). */
static int file_of(mk_str bytes, char path[64])
{
    const int fd = memfd_create("profile", MFD_CLOEXEC);

    must(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static mk_chain *open_chain(mk_str profile, const char *filters, const char *set)
{
    const char *const sets[] = {set};
    mk_chain *chain = NULL;
    mk_error error = {.code = MK_OK};
    char path[64];
    const int fd = file_of(profile, path);
    const mk_err err = mk_chain_open(
        &(mk_chain_options){
            .profile = path, .filters = filters, .sets = sets, .n_sets = set != NULL},
        &chain, &error);

    close(fd);
    must(err == MK_OK || (err == MK_OPTION && error.text[0] && !chain));
    return chain;
}

static void check_chain(mk_str profile, const char *filters, const char *set)
{
    mk_chain *const chain = open_chain(profile, filters, set);
    mk_chain *again;

    if (!chain)
        return;
    again = open_chain(mk_str_of(mk_chain_text(chain)), NULL, NULL);
    must(again && strcmp(mk_chain_text(chain), mk_chain_text(again)) == 0);
    mk_chain_close(again);
    mk_chain_close(chain);
}

/* Each URL of a list is asked for, unless the list says that its host is not. */
static void check_lists(mk_str text, const char *words)
{
    mk_select *listed = NULL, *both = NULL;
    mk_error error = {.code = MK_OK};
    char path[64];
    const int fd = file_of(text, path);
    mk_selection how = {.url_list = path};
    mk_err err = mk_select_open(&how, &listed, &error);
    const bool plain = text.len > 0 && text.ptr[0] >= 'a' && text.ptr[0] <= 'z'; /* no codec */
    size_t at = 0;
    mk_str line;

    must(err == MK_OK || (err == MK_OPTION && error.text[0]));
    how = (mk_selection){.types = words,
                         .statuses = words,
                         .languages = words,
                         .url_list = path,
                         .exclude_hosts = path};
    err = mk_select_open(&how, &both, &error);
    must(err == MK_OK || (err == MK_OPTION && error.text[0]));
    close(fd);
    while (mk_field_line(text, &at, &line)) {
        const mk_str url = mk_str_trim(line);
        if (listed && plain && url.len > 0 && url.ptr[0] != '#')
            must(mk_select_url(listed, url) == NULL);
        if (both) {
            mk_select_url(both, url);
            mk_select_type(both, url);
            mk_select_languages(both, url);
        }
    }
    mk_select_close(listed);
    mk_select_close(both);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *const copy = malloc(size + 1);
    const char *filters = NULL, *set = NULL;

    must(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    const size_t n = strlen(copy);
    if (n < size) {
        filters = copy + n + 1;
        set = n + 1 + strlen(filters) < size ? filters + strlen(filters) + 1 : NULL;
    }
    if (!memchr(copy, '/', size))
        check_chain((mk_str){copy, n}, filters && *filters ? filters : NULL, set);
    check_lists((mk_str){copy, n}, filters);
    free(copy);
    return 0;
}
