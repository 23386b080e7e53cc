/*
 * SQLite maps at most 2 GiB of a file, and not what the file has grown by
 * since: the rest it reads by a system call a page. Here the map is as large
 * as a store may become from the start, and one for all sessions.
 *
 * A page of the map does not change while a reader may look at it: what a
 * checkpoint overwrites, every reader of that time finds in the log.
 */
#define _GNU_SOURCE /* sync_file_range */
#include "db/sqlite_map.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "db/sqlite_gather.h"
#include "db/sqlite_vfs.h"

#define MAP_BYTES INT64_C(0x4000000000) /* of addresses, not of memory */

enum { CONTROL_USE_MAP = 1000, CACHE_LINE = 64 };

struct sqlite_map {
	int fd;
	unsigned char *bytes;
	_Atomic int64_t length; /* of the file, as far as we have asked */
};

unsigned char *sqlite_map_find(struct sqlite_map *map, sqlite3_int64 offset,
			       int amount)
{
	int64_t end = offset + amount;
	struct stat now;

	if (!map || end > MAP_BYTES)
		return NULL;
	if (end > atomic_load(&map->length) && fstat(map->fd, &now) == 0)
		atomic_store(&map->length, now.st_size);
	if (end > atomic_load(&map->length))
		return NULL;
	return map->bytes + offset;
}

/*
 * SQLite looks at a page's lines one after the other, waiting for the memory
 * each time: ask for all of them at once, before it begins.
 */
static void call_for(const unsigned char *page, int amount)
{
	for (int i = 0; i < amount; i += CACHE_LINE)
		__builtin_prefetch(page + i);
}

static int map_fetch(sqlite3_file *file, sqlite3_int64 offset, int amount,
		     void **ret)
{
	unsigned char *page =
		sqlite_map_find(sqlite_file_of(file)->map, offset, amount);

	if (page)
		call_for(page, amount);
	*ret = page;
	return SQLITE_OK;
}

int sqlite_map_read(sqlite3_file *file, void *bytes, int amount,
		    sqlite3_int64 offset)
{
	int code = sqlite_gather_out(file);

	if (code != SQLITE_OK)
		return code;
	const unsigned char *found =
		sqlite_map_find(sqlite_file_of(file)->map, offset, amount);
	if (!found)
		return sqlite_vfs_methods.xRead(file, bytes, amount, offset);
	memcpy(bytes, found, (size_t)amount);
	return SQLITE_OK;
}

static int map_close(sqlite3_file *file)
{
	sqlite_gather_free(file);
	return sqlite_vfs_methods.xClose(file);
}

static int map_control(sqlite3_file *file, int code, void *argument)
{
	if (code == SQLITE_FCNTL_MMAP_SIZE)
		return SQLITE_OK; /* the system's own maps nothing */
	if (code != CONTROL_USE_MAP)
		return sqlite_vfs_methods.xFileControl(file, code, argument);
	sqlite_file_of(file)->map = argument;
	return SQLITE_OK;
}

static sqlite3_io_methods methods;

static void make_methods(void)
{
	methods = sqlite_vfs_methods;
	methods.xWrite = sqlite_gather_send;
	methods.xFetch = map_fetch;
	methods.xRead = sqlite_map_read;
	methods.xClose = map_close;
	methods.xFileControl = map_control;
}

const sqlite3_io_methods *sqlite_map_methods(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, make_methods);
	return &methods;
}

struct sqlite_map *sqlite_map_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	void *bytes =
		mmap(NULL, (size_t)MAP_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED) {
		close(fd);
		return NULL;
	}
	struct sqlite_map *map = memory_zalloc(sizeof(*map));
	map->fd = fd;
	map->bytes = bytes;
	return map;
}

void sqlite_map_close(struct sqlite_map *map)
{
	if (!map)
		return;
	munmap(map->bytes, (size_t)MAP_BYTES);
	close(map->fd);
	free(map);
}

void sqlite_map_flush(struct sqlite_map *map, sqlite3_int64 offset,
		      sqlite3_int64 amount)
{
	if (map)
		(void)sync_file_range(map->fd, offset, amount,
				      SYNC_FILE_RANGE_WRITE);
}

void sqlite_map_use(sqlite3 *handle, struct sqlite_map *map)
{
	(void)sqlite3_file_control(handle, "main", CONTROL_USE_MAP, map);
}
