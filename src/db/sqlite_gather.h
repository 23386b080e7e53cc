/* Writes that follow one another in a file, gathered into large ones. */
#ifndef CLEAT_DB_SQLITE_GATHER_H
#define CLEAT_DB_SQLITE_GATHER_H

#include <sqlite3.h>

/* As xWrite, but it may be written later: by another call, or by _out. */
int sqlite_gather_write(sqlite3_file *file, const void *bytes, int amount,
			sqlite3_int64 offset);

/*
 * As xWrite: a checkpoint may tell readers of a page as soon as it is written,
 * without a sync or any other call (walCheckpoint, when a reader holds some of
 * the log back). It begins its way to the disk early.
 */
int sqlite_gather_send(sqlite3_file *file, const void *bytes, int amount,
		       sqlite3_int64 offset);

/* Writes what is gathered; a SQLite code. After an error it is forgotten. */
int sqlite_gather_out(sqlite3_file *file);

/* Forgets what is gathered. */
void sqlite_gather_free(sqlite3_file *file);

/* Makes those that write, sync and measure a file do so with what is gathered.
 */
void sqlite_gather_use(sqlite3_io_methods *methods);

#endif
