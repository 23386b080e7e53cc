/*
 * A SQLite VFS of ours before the system's: the store is read from one map
 * (sqlite_map.c); it and its log (sqlite_log.c) are written in large pieces.
 */
#ifndef CLEAT_DB_SQLITE_VFS_H
#define CLEAT_DB_SQLITE_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define SQLITE_VFS_NAME "cleat"

/* What SQLite opens: ours, and behind it the system's own. */
struct sqlite_file {
	sqlite3_file base;
	sqlite3_file *real;
	struct sqlite_map *map;		  /* NULL: it is read by system calls */
	struct sqlite_gathered *gathered; /* of one that has been written */
	bool ends_commit; /* of a log: the frame that is being written does */
};

static inline struct sqlite_file *sqlite_file_of(sqlite3_file *file)
{
	return (struct sqlite_file *)file;
}

/* Every method handed on to `real`. */
extern const sqlite3_io_methods sqlite_vfs_methods;

/* Registers the VFS; once, before any store is opened. */
MUST_CHECK enum error sqlite_vfs_register(void);

#endif
