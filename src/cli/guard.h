/* guard.h: what the process gives up before it reads its first input. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* From now on this process and its threads start no program and open no socket: such
 * calls fail with EPERM. True if the kernel agreed. Does nothing where it knows no
 * seccomp, or where MINKHAL_GUARD is "off" (for debuggers and tracers). */
bool cli_guard(void);

/* From now on it opens files for writing, makes, removes and renames things only below
 * the folders that hold those paths, n of them; NULL and "-" are none. True if the kernel
 * agreed; the same exceptions. */
bool cli_guard_writes(const char *const *paths, size_t n);

#endif
