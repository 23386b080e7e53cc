/*
 * SQLite writes each frame of its log by two system calls, and a commit of
 * many changes has a thousand frames. They are gathered here, and written when
 * the frame that ends a commit is complete: before the commit is synced, and
 * before any reader can know of it. They are read back from a map: a log is
 * used again from its start, and never made shorter while it is open.
 *
 * The form of the log: https://www.sqlite.org/fileformat2.html, section 4.1.
 */
#include "db/sqlite_log.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "db/sqlite_gather.h"
#include "db/sqlite_map.h"
#include "db/sqlite_vfs.h"

enum {
	FRAME_HEADER = 24,
	COMMIT_AT = 4, /* four bytes: not zero in a commit's last frame */
};

static bool is_commit(const unsigned char *header)
{
	static const unsigned char none[4];

	return memcmp(header + COMMIT_AT, none, sizeof(none)) != 0;
}

static int log_write(sqlite3_file *file, const void *bytes, int amount,
		     sqlite3_int64 offset)
{
	struct sqlite_file *own = sqlite_file_of(file);
	int code = sqlite_gather_write(file, bytes, amount, offset);

	if (code != SQLITE_OK)
		return code;
	if (amount == FRAME_HEADER) {
		own->ends_commit = is_commit(bytes);
		return SQLITE_OK;
	}
	return own->ends_commit ? sqlite_gather_out(file) : SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
	struct sqlite_file *own = sqlite_file_of(file);

	/* of no commit, those were written; but SQLite believes it is there */
	(void)sqlite_gather_out(file);
	sqlite_gather_free(file);
	sqlite_map_close(own->map);
	own->map = NULL;
	return sqlite_vfs_methods.xClose(file);
}

static sqlite3_io_methods methods;

static void make_methods(void)
{
	methods = sqlite_vfs_methods;
	sqlite_gather_use(&methods);
	methods.xWrite = log_write;
	methods.xRead = sqlite_map_read;
	methods.xClose = log_close;
}

const sqlite3_io_methods *sqlite_log_methods(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, make_methods);
	return &methods;
}
