/* arena.c: chained blocks, each filled from its start. A block that is too
 * small for a request is left as it is; blocks grow so that a large batch needs
 * few of them. Refuses sizes that overflow: they come back as out of memory.
 *
 * Under AddressSanitizer what is not lent is poisoned, with a gap after every
 * piece, so that a write past one is caught although malloc cannot see it. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
/* Declared here: not every compiler that has them ships their header. */
void __asan_poison_memory_region(volatile void *ptr, size_t size);
void __asan_unpoison_memory_region(volatile void *ptr, size_t size);
#define POISON(ptr, size) __asan_poison_memory_region((ptr), (size))
#define UNPOISON(ptr, size) __asan_unpoison_memory_region((ptr), (size))
enum { GAP = 16 /* bytes that nobody owns after a piece */ };
#else
#define POISON(ptr, size) ((void)(ptr), (void)(size))
#define UNPOISON(ptr, size) ((void)(ptr), (void)(size))
enum { GAP = 0 };
#endif

enum {
    ALIGNMENT = 16,         /* bytes: what the largest scalar types ask for */
    FIRST_BLOCK = 64 << 10, /* bytes: a batch of short documents fits */
    LAST_BLOCK = 1 << 20,   /* bytes: growing further would only waste its end */
    KEPT_BLOCK = 4 << 20    /* bytes: one huge document is not paid for ever */
};

typedef struct block {
    struct block *next;
    size_t size, used; /* bytes of data */
    alignas(ALIGNMENT) char data[];
} block;

struct mk_arena {
    block *first;     /* owns the chain; requests are served from this one */
    size_t next_size; /* bytes of the next block */
    size_t total;     /* bytes of all blocks with their heads */
};

_Static_assert(alignof(max_align_t) <= ALIGNMENT, "alignment of any type");

static block *block_new(mk_arena *arena, size_t size)
{
    block *b;

    if (size > PTRDIFF_MAX - sizeof(block))
        return NULL;
    b = malloc(sizeof(block) + size);
    if (!b)
        return NULL;
    b->next = NULL;
    b->size = size;
    b->used = 0;
    POISON(b->data, size);
    arena->total += sizeof(block) + size;
    return b;
}

static void block_free(mk_arena *arena, block *b)
{
    arena->total -= sizeof(block) + b->size;
    UNPOISON(b->data, b->size); /* malloc's again, and may be reused */
    free(b);
}

/* A new block with room for size bytes, linked into the chain. */
static block *grow(mk_arena *arena, size_t size)
{
    block *const first = arena->first;
    block *const b = block_new(arena, size > arena->next_size ? size : arena->next_size);

    if (!b)
        return NULL;
    if (arena->next_size < LAST_BLOCK)
        arena->next_size *= 2;
    if (first && first->size - first->used > b->size - size) {
        /* A large piece fills its block: go on filling the one before. */
        b->next = first->next;
        first->next = b;
    } else {
        b->next = first;
        arena->first = b;
    }
    return b;
}

/* size bytes whose address is a multiple of alignment, a power of 2. */
static char *take(mk_arena *arena, size_t size, size_t alignment)
{
    block *b = arena->first;
    size_t at, room;

    if (size > PTRDIFF_MAX - GAP)
        return NULL;
    room = size + GAP;
    at = b ? (b->used + (alignment - 1)) & ~(alignment - 1) : 0;
    if (!b || at > b->size || room > b->size - at) {
        b = grow(arena, room);
        if (!b)
            return NULL;
        at = 0;
    }
    b->used = at + room;
    UNPOISON(b->data + at, size);
    return b->data + at;
}

mk_arena *mk_arena_new(void)
{
    mk_arena *const arena = calloc(1, sizeof(*arena));

    if (arena)
        arena->next_size = FIRST_BLOCK;
    return arena;
}

void *mk_arena_alloc(mk_arena *arena, size_t size)
{
    char *const ptr = take(arena, size, ALIGNMENT);

    return ptr ? memset(ptr, 0, size) : NULL;
}

void *mk_arena_room(mk_arena *arena, size_t size)
{
    return take(arena, size, ALIGNMENT);
}

char *mk_arena_bytes(mk_arena *arena, size_t size)
{
    /* AddressSanitizer marks 8 bytes at once: unaligned pieces would share. */
    return take(arena, size, GAP ? ALIGNMENT : 1);
}

mk_str mk_arena_str(mk_arena *arena, mk_str s)
{
    char *ptr;

    if (s.len == 0)
        return (mk_str){0};
    ptr = mk_arena_bytes(arena, s.len);
    if (!ptr)
        return (mk_str){0};
    memcpy(ptr, s.ptr, s.len);
    return (mk_str){ptr, s.len};
}

mk_str mk_arena_vformat(mk_arena *arena, const char *format, va_list args)
{
    va_list again;
    char *ptr = NULL;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n > 0)
        ptr = mk_arena_bytes(arena, (size_t)n + 1);
    if (ptr)
        vsnprintf(ptr, (size_t)n + 1, format, again);
    va_end(again);
    if (n == 0)
        return (mk_str){"", 0};
    return ptr ? (mk_str){ptr, (size_t)n} : (mk_str){0};
}

void mk_arena_reset(mk_arena *arena)
{
    block *kept = NULL;
    block *b = arena->first;

    while (b) {
        block *const next = b->next;
        if (b->size <= KEPT_BLOCK && (!kept || b->size > kept->size)) {
            if (kept)
                block_free(arena, kept);
            kept = b;
        } else {
            block_free(arena, b);
        }
        b = next;
    }
    if (kept) {
        kept->next = NULL;
        kept->used = 0;
        POISON(kept->data, kept->size);
    }
    arena->first = kept;
}

size_t mk_arena_size(const mk_arena *arena)
{
    return sizeof(*arena) + arena->total;
}

void mk_arena_free(mk_arena *arena)
{
    if (!arena)
        return;
    while (arena->first) {
        block *const next = arena->first->next;
        block_free(arena, arena->first);
        arena->first = next;
    }
    free(arena);
}
