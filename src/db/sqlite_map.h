/* Maps of a store, one that all its sessions read, and of its log. */
#ifndef CLEAT_DB_SQLITE_MAP_H
#define CLEAT_DB_SQLITE_MAP_H

#include <sqlite3.h>

struct sqlite_map;

/*
 * Maps the file at this path. NULL when it can't be; reading then works
 * without. While SQLite has the file open, nothing else may close it (POSIX
 * drops a process's locks on a file with any descriptor of it): open this
 * before the first session and close it after the last.
 */
struct sqlite_map *sqlite_map_open(const char *path);
void sqlite_map_close(struct sqlite_map *map);

/* NULL when there is no map, or the file does not reach so far. */
unsigned char *sqlite_map_find(struct sqlite_map *map, sqlite3_int64 offset,
			       int amount);

/* As xRead, of a file that has a map or none; writes out what is gathered. */
int sqlite_map_read(sqlite3_file *file, void *bytes, int amount,
		    sqlite3_int64 offset);

/* Has what was written there begin its way to the disk, and waits for nothing.
 */
void sqlite_map_flush(struct sqlite_map *map, sqlite3_int64 offset,
		      sqlite3_int64 amount);

/* Makes a session of sqlite_vfs.h read from the map. */
void sqlite_map_use(sqlite3 *handle, struct sqlite_map *map);

/* Those of a store's file. */
const sqlite3_io_methods *sqlite_map_methods(void);

#endif
