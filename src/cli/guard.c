/* guard.c: minkhal reads what strangers have made, by libraries of others. It never starts
 * a program and never talks to a network, so it gives up both: a bug in a parser is worth
 * less then. The list is of what is denied, not of what is allowed: a C library that uses
 * a new call for an old purpose must not stop working.
 *
 * Facts from seccomp(2) and prctl(2). Cases: tests/cli/test_guard.c. */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#else
#define ARCH AUDIT_ARCH_AARCH64
#endif

enum {
    OTHER_ABI = 0x40000000, /* of x86-64: the bit of x32, which has the same calls again */
    IO_URING_SETUP = 425    /* whose queues can open sockets; not in older headers */
};

static const int denied[] = {
    SYS_execve, SYS_execveat, SYS_socket, SYS_socketpair, SYS_connect,
    SYS_bind,   SYS_listen,   SYS_accept, SYS_accept4,    IO_URING_SETUP,
};

enum { N_DENIED = sizeof(denied) / sizeof(*denied), N_HEAD = 4, N_ALL = N_HEAD + N_DENIED + 2 };

static struct sock_filter statement(unsigned code, size_t k)
{
    return (struct sock_filter){.code = (uint16_t)code, .k = (uint32_t)k};
}

/* Goes on at instruction `then` if the accumulator is to k as code says, else at the next
 * one; at is its own place. */
static struct sock_filter jump(unsigned code, unsigned k, int at, int then)
{
    return (struct sock_filter){
        .code = (uint16_t)(BPF_JMP | BPF_K | code), .jt = (uint8_t)(then - at - 1), .k = k};
}

bool cli_guard(void)
{
    const char *const wish = getenv("MINKHAL_GUARD");
    const int deny = N_ALL - 1;
    struct sock_filter code[N_ALL];
    int n = 0;

    if (wish && strcmp(wish, "off") == 0)
        return false;
    code[n++] = statement(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[n] = jump(BPF_JEQ, ARCH, n, n + 1);
    code[n].jf = (uint8_t)(deny - n - 1); /* the calls of another machine */
    n++;
    code[n++] = statement(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    code[n] = jump(BPF_JGE, OTHER_ABI, n, deny);
    n++;
    for (int i = 0; i < N_DENIED; i++, n++)
        code[n] = jump(BPF_JEQ, (unsigned)denied[i], n, deny);
    code[n++] = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[n++] = statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);

    const struct sock_fprog program = {(unsigned short)n, code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#else

bool cli_guard(void)
{
    return false;
}

#endif
