/* leftover.h: temporary files that killed runs have left beside an output. Who writes one
 * holds a lock on it, which goes with the process, as that of a folder does: what nobody
 * holds nobody writes. */
#ifndef MK_LEFTOVER_H
#define MK_LEFTOVER_H

#include <stdbool.h>

/* Locks a temporary file that was just made. False: another run has cleared it away, or is
 * about to. Where there are no locks it is true, and the file is never cleared away. */
bool mk_leftover_hold(int fd);

/* Removes the temporary files of that name in folder which nobody holds: ".NAME.PID.N.part",
 * of which prefix is all before PID. What cannot be looked at or removed stays. False, and
 * errno: the folder cannot be read. */
bool mk_leftover_clear(int folder, const char *prefix);

#endif
