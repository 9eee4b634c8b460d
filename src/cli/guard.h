/* guard.h: what the process gives up before it reads its first input. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include <stdbool.h>

/* From now on this process and its threads start no program and open no socket: such
 * calls fail with EPERM. True if the kernel agreed. Does nothing where it knows no
 * seccomp, or where MINKHAL_GUARD is "off" (for debuggers and tracers). */
bool cli_guard(void);

#endif
