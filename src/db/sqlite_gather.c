/*
 * A system call for each page, or two, cost more than the pages. What is
 * written before the last piece begins its way to the disk at once, so that
 * the sync which waits for all of it finds little left to do.
 */
#include "db/sqlite_gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "db/sqlite_map.h"
#include "db/sqlite_vfs.h"

enum {
	GATHERED_MAX = 96 * 1024, /* SQLite's own write stops at 128 KiB */
	ON_THEIR_WAY_MIN =
		64 * 1024, /* a call for less costs more than it gains */
};

struct sqlite_gathered {
	sqlite3_int64 offset; /* where the bytes go */
	int length;
	sqlite3_int64 written_from; /* what was written, but not sent */
	int written;
	unsigned char bytes[GATHERED_MAX];
};

static int write_out(sqlite3_file *file, struct sqlite_gathered *gathered)
{
	int length = gathered->length;

	/* whatever comes of it: after an error SQLite begins anew */
	gathered->length = 0;
	return sqlite_vfs_methods.xWrite(file, gathered->bytes, length,
					 gathered->offset);
}

static void send_on_its_way(sqlite3_file *file,
			    struct sqlite_gathered *gathered,
			    sqlite3_int64 offset, int length)
{
	if (!gathered->written || offset < gathered->written_from) {
		gathered->written_from = offset;
		gathered->written = 0;
	}
	gathered->written += length;
	if (gathered->written < ON_THEIR_WAY_MIN)
		return;
	sqlite_map_flush(sqlite_file_of(file)->map, gathered->written_from,
			 offset + length - gathered->written_from);
	gathered->written = 0;
}

static struct sqlite_gathered *gathered_of(sqlite3_file *file)
{
	struct sqlite_file *own = sqlite_file_of(file);

	if (!own->gathered)
		own->gathered = memory_zalloc(sizeof(*own->gathered));
	return own->gathered;
}

static int make_room(sqlite3_file *file, struct sqlite_gathered *gathered)
{
	sqlite3_int64 offset = gathered->offset;
	int length = gathered->length;

	if (!length)
		return SQLITE_OK;
	int code = write_out(file, gathered);
	if (code == SQLITE_OK)
		send_on_its_way(file, gathered, offset, length);
	return code;
}

int sqlite_gather_write(sqlite3_file *file, const void *bytes, int amount,
			sqlite3_int64 offset)
{
	struct sqlite_gathered *gathered = gathered_of(file);
	int code = SQLITE_OK;

	if (offset != gathered->offset + gathered->length ||
	    amount > GATHERED_MAX - gathered->length)
		code = make_room(file, gathered);
	if (code != SQLITE_OK)
		return code;
	if (amount > GATHERED_MAX)
		return sqlite_vfs_methods.xWrite(file, bytes, amount, offset);
	if (!gathered->length)
		gathered->offset = offset;
	memcpy(gathered->bytes + gathered->length, bytes, (size_t)amount);
	gathered->length += amount;
	return SQLITE_OK;
}

int sqlite_gather_send(sqlite3_file *file, const void *bytes, int amount,
		       sqlite3_int64 offset)
{
	int code = sqlite_vfs_methods.xWrite(file, bytes, amount, offset);

	if (code == SQLITE_OK)
		send_on_its_way(file, gathered_of(file), offset, amount);
	return code;
}

int sqlite_gather_out(sqlite3_file *file)
{
	struct sqlite_gathered *gathered = sqlite_file_of(file)->gathered;

	return gathered && gathered->length ? write_out(file, gathered)
					    : SQLITE_OK;
}

void sqlite_gather_free(sqlite3_file *file)
{
	free(sqlite_file_of(file)->gathered);
	sqlite_file_of(file)->gathered = NULL;
}

static int out_and_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = sqlite_gather_out(file);

	return code != SQLITE_OK ? code
				 : sqlite_vfs_methods.xTruncate(file, size);
}

static int out_and_sync(sqlite3_file *file, int flags)
{
	int code = sqlite_gather_out(file);

	return code != SQLITE_OK ? code : sqlite_vfs_methods.xSync(file, flags);
}

static int out_and_measure(sqlite3_file *file, sqlite3_int64 *ret)
{
	int code = sqlite_gather_out(file);

	return code != SQLITE_OK ? code
				 : sqlite_vfs_methods.xFileSize(file, ret);
}

void sqlite_gather_use(sqlite3_io_methods *methods)
{
	methods->xWrite = sqlite_gather_write;
	methods->xTruncate = out_and_truncate;
	methods->xSync = out_and_sync;
	methods->xFileSize = out_and_measure;
}
