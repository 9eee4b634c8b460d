/* rename.h: names of files and folders that change at once, also where the file system cannot
 * do all of that (NFS, many of FUSE). */
#ifndef MK_RENAME_H
#define MK_RENAME_H

/* Gives `from` the name `to`, which must be free; both are names in folder (or AT_FDCWD). 0, or
 * -1 with errno: EEXIST if it is taken. */
int mk_rename_new(int folder, const char *from, const char *to);

/* Exchanges the names a and b. Where that cannot be done at once it goes by way of a third name,
 * a.old, and for a moment nothing has the name b. 0, or -1 with errno: all is as it was. */
int mk_rename_exchange(int folder, const char *a, const char *b);

#endif
