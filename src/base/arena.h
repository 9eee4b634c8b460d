/* arena.h: memory that lives and dies with a batch. One owner, no locks. */
#ifndef MK_ARENA_H
#define MK_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "minkhal/text.h"

typedef struct mk_arena mk_arena;

/* An empty arena, owned by the caller; NULL if out of memory. */
mk_arena *mk_arena_new(void);

/* size bytes, zeroed, aligned for any type; NULL if out of memory. Lends them
 * till reset or free. */
void *mk_arena_alloc(mk_arena *arena, size_t size);

/* The same, not zeroed. */
void *mk_arena_room(mk_arena *arena, size_t size);

/* As alloc, not zeroed, any alignment: for bytes of text. */
char *mk_arena_bytes(mk_arena *arena, size_t size);

/* Copies s into the arena. ptr NULL (and len 0) if out of memory, or s empty. */
mk_str mk_arena_str(mk_arena *arena, mk_str s);

/* printf into the arena. ptr NULL (and len 0) if out of memory; not where it is empty. */
mk_str mk_arena_vformat(mk_arena *arena, const char *format, va_list args);

/* Forgets all that was lent, keeps one block for reuse. */
void mk_arena_reset(mk_arena *arena);

/* Bytes taken from the system. For tests. */
size_t mk_arena_size(const mk_arena *arena);

void mk_arena_free(mk_arena *arena); /* takes NULL */

#endif
