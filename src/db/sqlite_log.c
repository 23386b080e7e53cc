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
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "db/sqlite_map.h"
#include "db/sqlite_vfs.h"

enum {
	FRAME_HEADER = 24,
	COMMIT_AT = 4, /* four bytes: not zero in a commit's last frame */
	GATHERED_MAX = 96 * 1024, /* SQLite's own write stops at 128 KiB */
};

struct sqlite_log {
	sqlite3_int64 offset; /* where the gathered bytes go */
	int length;
	bool ends_commit; /* the frame that is being written does */
	unsigned char bytes[GATHERED_MAX];
};

static int write_out(sqlite3_file *file)
{
	struct sqlite_log *log = sqlite_file_of(file)->log;

	if (!log || !log->length)
		return SQLITE_OK;
	int length = log->length;
	/* whatever comes of it: after an error SQLite begins anew */
	log->length = 0;
	return sqlite_vfs_methods.xWrite(file, log->bytes, length, log->offset);
}

static bool is_commit(const unsigned char *header)
{
	static const unsigned char none[4];

	return memcmp(header + COMMIT_AT, none, sizeof(none)) != 0;
}

static int log_write(sqlite3_file *file, const void *bytes, int amount,
		     sqlite3_int64 offset)
{
	struct sqlite_file *own = sqlite_file_of(file);

	if (!own->log)
		own->log = memory_zalloc(sizeof(*own->log));
	struct sqlite_log *log = own->log;
	int code = SQLITE_OK;
	if (offset != log->offset + log->length ||
	    amount > GATHERED_MAX - log->length)
		code = write_out(file);
	if (code != SQLITE_OK)
		return code;
	if (amount > GATHERED_MAX)
		return sqlite_vfs_methods.xWrite(file, bytes, amount, offset);
	if (!log->length)
		log->offset = offset;
	memcpy(log->bytes + log->length, bytes, (size_t)amount);
	log->length += amount;
	if (amount == FRAME_HEADER) {
		log->ends_commit = is_commit(bytes);
		return SQLITE_OK;
	}
	return log->ends_commit ? write_out(file) : SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *bytes, int amount,
		    sqlite3_int64 offset)
{
	int code = write_out(file);

	if (code != SQLITE_OK)
		return code;
	const unsigned char *found =
		sqlite_map_find(sqlite_file_of(file)->map, offset, amount);
	if (!found)
		return sqlite_vfs_methods.xRead(file, bytes, amount, offset);
	memcpy(bytes, found, (size_t)amount);
	return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = write_out(file);

	return code != SQLITE_OK ? code
				 : sqlite_vfs_methods.xTruncate(file, size);
}

static int log_sync(sqlite3_file *file, int flags)
{
	int code = write_out(file);

	return code != SQLITE_OK ? code : sqlite_vfs_methods.xSync(file, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	int code = write_out(file);

	return code != SQLITE_OK ? code
				 : sqlite_vfs_methods.xFileSize(file, ret);
}

static int log_close(sqlite3_file *file)
{
	struct sqlite_file *own = sqlite_file_of(file);

	/* of no commit, those were written; but SQLite believes it is there */
	(void)write_out(file);
	free(own->log);
	own->log = NULL;
	sqlite_map_close(own->map);
	own->map = NULL;
	return sqlite_vfs_methods.xClose(file);
}

static sqlite3_io_methods methods;

static void make_methods(void)
{
	methods = sqlite_vfs_methods;
	methods.xWrite = log_write;
	methods.xRead = log_read;
	methods.xTruncate = log_truncate;
	methods.xSync = log_sync;
	methods.xFileSize = log_size;
	methods.xClose = log_close;
}

const sqlite3_io_methods *sqlite_log_methods(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, make_methods);
	return &methods;
}
