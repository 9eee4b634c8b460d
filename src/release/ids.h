/* ids.h: where the document of an id is: ids.idx of a release. A line of text that
 * says what it is, then 16 bytes a document, sorted: the hash of its id (mk_hash64),
 * the number of its shard in the manifest and of its member in the shard, all
 * big-endian. */
#ifndef MK_IDS_H
#define MK_IDS_H

#include "base/buf.h"

#define MK_IDS_NAME "ids.idx"
#define MK_IDS_HEAD "minkhal ids 1\n"

enum { MK_ID_BYTES = 16 };

typedef struct mk_id {
    uint64_t hash;
    uint32_t shard, member;
} mk_id;

/* Starts as {0}. */
typedef struct mk_ids {
    mk_id *items; /* n of them, owned */
    size_t n, size;
} mk_ids;

/* n hashes of documents of one member. False if out of memory. */
bool mk_ids_add(mk_ids *ids, const uint64_t *hashes, size_t n, size_t shard, size_t member);
void mk_ids_clear(mk_ids *ids);

/* In the order of the file. Returns how many have a hash that the one before has. */
uint64_t mk_ids_sort(mk_ids *ids);

/* Writes an entry's bytes, and reads them. */
void mk_id_put(const mk_id *id, unsigned char out[MK_ID_BYTES]);
mk_id mk_id_get(const unsigned char bytes[MK_ID_BYTES]);

#endif
