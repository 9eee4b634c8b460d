/* lane.h: a digest of bytes that come in order, made by the pool beside other work. */
#ifndef MK_LANE_H
#define MK_LANE_H

#include "base/buf.h"
#include "base/checksum.h"
#include "base/pool.h"

typedef struct mk_lane mk_lane;

/* pool is lent till it is closed, which comes before the lane is. MK_NOMEM. */
mk_err mk_lane_open(mk_pool *pool, mk_lane **ret, mk_error *reterr);

/* Takes what is in bytes, and gives room for others in its place. */
void mk_lane_put(mk_lane *lane, mk_buf *bytes);

/* The SHA-256 of all that was put, in hexadecimal; waits for it. From here it begins anew.
 * False: no memory. */
bool mk_lane_end_hex(mk_lane *lane, char out[MK_SHA256_HEX + 1]);

void mk_lane_close(mk_lane *lane); /* takes NULL */

#endif
