/* Opening files, and handing every call on to the system's own VFS. */
#include "db/sqlite_vfs.h"

#include "db/sqlite_log.h"
#include "db/sqlite_map.h"

static sqlite3_file *real_of(sqlite3_file *file)
{
	return sqlite_file_of(file)->real;
}

static int forward_close(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xClose(real);
}

static int forward_read(sqlite3_file *file, void *bytes, int amount,
			sqlite3_int64 offset)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xRead(real, bytes, amount, offset);
}

static int forward_write(sqlite3_file *file, const void *bytes, int amount,
			 sqlite3_int64 offset)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xWrite(real, bytes, amount, offset);
}

static int forward_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xTruncate(real, size);
}

static int forward_sync(sqlite3_file *file, int flags)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xSync(real, flags);
}

static int forward_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xFileSize(real, ret);
}

static int forward_lock(sqlite3_file *file, int level)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xLock(real, level);
}

static int forward_unlock(sqlite3_file *file, int level)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xUnlock(real, level);
}

static int forward_check_lock(sqlite3_file *file, int *ret)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xCheckReservedLock(real, ret);
}

static int forward_control(sqlite3_file *file, int code, void *argument)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xFileControl(real, code, argument);
}

static int forward_sector_size(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xSectorSize(real);
}

static int forward_device(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xDeviceCharacteristics(real);
}

static int forward_shm_map(sqlite3_file *file, int region, int size,
			   int extends, void volatile **ret)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmMap(real, region, size, extends, ret);
}

static int forward_shm_lock(sqlite3_file *file, int offset, int count,
			    int flags)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmLock(real, offset, count, flags);
}

static int forward_shm_unmap(sqlite3_file *file, int deletes)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmUnmap(real, deletes);
}

static void forward_shm_barrier(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	real->pMethods->xShmBarrier(real);
}

static int no_fetch(sqlite3_file *file, sqlite3_int64 offset, int amount,
		    void **ret)
{
	(void)file;
	(void)offset;
	(void)amount;
	*ret = NULL;
	return SQLITE_OK;
}

static int no_unfetch(sqlite3_file *file, sqlite3_int64 offset, void *bytes)
{
	(void)file;
	(void)offset;
	(void)bytes;
	return SQLITE_OK;
}

const sqlite3_io_methods sqlite_vfs_methods = {
	.iVersion = 3,
	.xClose = forward_close,
	.xRead = forward_read,
	.xWrite = forward_write,
	.xTruncate = forward_truncate,
	.xSync = forward_sync,
	.xFileSize = forward_size,
	.xLock = forward_lock,
	.xUnlock = forward_unlock,
	.xCheckReservedLock = forward_check_lock,
	.xFileControl = forward_control,
	.xSectorSize = forward_sector_size,
	.xDeviceCharacteristics = forward_device,
	.xShmMap = forward_shm_map,
	.xShmLock = forward_shm_lock,
	.xShmUnmap = forward_shm_unmap,
	.xShmBarrier = forward_shm_barrier,
	.xFetch = no_fetch,
	.xUnfetch = no_unfetch,
};

static const sqlite3_io_methods *methods_for(int flags)
{
	if (flags & SQLITE_OPEN_MAIN_DB)
		return sqlite_map_methods();
	if (flags & SQLITE_OPEN_WAL)
		return sqlite_log_methods();
	return &sqlite_vfs_methods;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
		     int flags, int *ret_flags)
{
	sqlite3_vfs *real_vfs = vfs->pAppData;
	struct sqlite_file *own = sqlite_file_of(file);

	*own = (struct sqlite_file){.real = (sqlite3_file *)(own + 1)};
	int code = real_vfs->xOpen(real_vfs, name, own->real, flags, ret_flags);
	if (!own->real->pMethods)
		return code;
	own->base.pMethods = methods_for(flags);
	if (flags & SQLITE_OPEN_WAL)
		own->map = sqlite_map_open(name);
	return code;
}

enum error sqlite_vfs_register(void)
{
	static sqlite3_vfs vfs;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	if (!real)
		return ERR_STORE;
	vfs = *real;
	vfs.zName = SQLITE_VFS_NAME;
	vfs.pAppData = real;
	vfs.szOsFile = (int)sizeof(struct sqlite_file) + real->szOsFile;
	vfs.xOpen = open_file;
	return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? OK : ERR_STORE;
}
