/*
 * In front of libc by LD_PRELOAD: what SQLite and cleat do with the store's
 * files is recorded, or fails when it is told to. With offsets of 64 bits these
 * are open64 and the like to the linker, as in what is tested.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "control.h"
#include "files.h"
#include "record.h"

static int failed(int how)
{
	errno = how;
	return -1;
}

static int open_file(const char *path, int flags, mode_t mode)
{
	struct file file = file_at(path);
	int how = file.kind ? control_verdict(CALL_OPEN, file.kind) : 0;

	if (how)
		return failed(how);
	record_begin();
	bool is_new = (flags & O_CREAT) && access(path, F_OK) != 0;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fd >= 0 && is_new)
		record(RECORD_CREATE, file, 0, NULL, 0);
	if (fd >= 0)
		file_opened(fd, file);
	record_end();
	return fd;
}

static ssize_t write_file(int fd, const void *bytes, size_t length,
			  off_t offset)
{
	struct file file = file_of(fd);
	int how = file.kind ? control_verdict(CALL_WRITE, file.kind) : 0;

	if (how == HOW_SHORT)
		length = (length + 1) / 2;
	else if (how)
		return failed(how);
	record_begin();
	ssize_t written = syscall(SYS_pwrite64, fd, bytes, length, offset);
	if (written > 0)
		record(RECORD_WRITE, file, offset, bytes, (size_t)written);
	record_end();
	return written;
}

static int sync_file(int fd)
{
	struct file file = file_of(fd);
	int how = file.kind ? control_verdict(CALL_SYNC, file.kind) : 0;

	if (how)
		return failed(how);
	record_begin();
	int result = (int)syscall(SYS_fsync, fd);
	if (result == 0)
		record(RECORD_SYNC, file, 0, NULL, 0);
	record_end();
	return result;
}

int open(const char *file, int oflag, ...)
{
	va_list arguments;

	va_start(arguments, oflag);
	mode_t mode = (oflag & O_CREAT) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return open_file(file, oflag, mode);
}

int close(int fd)
{
	file_closed(fd);
	return (int)syscall(SYS_close, fd);
}

ssize_t pwrite(int fd, const void *buf, size_t nbytes, off_t offset)
{
	return write_file(fd, buf, nbytes, offset);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	if (!file_of(fd).kind)
		return syscall(SYS_write, fd, buf, n);
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t written = write_file(fd, buf, n, at);
	if (written > 0)
		(void)lseek(fd, at + written, SEEK_SET);
	return written;
}

int ftruncate(int fd, off_t length)
{
	struct file file = file_of(fd);
	int how = file.kind ? control_verdict(CALL_WRITE, file.kind) : 0;

	if (how > 0)
		return failed(how);
	record_begin();
	int result = (int)syscall(SYS_ftruncate, fd, length);
	if (result == 0)
		record(RECORD_TRUNCATE, file, length, NULL, 0);
	record_end();
	return result;
}

int fsync(int fd)
{
	return sync_file(fd);
}

int fdatasync(int fildes)
{
	return sync_file(fildes);
}

int link(const char *from, const char *to)
{
	struct file had = file_at(from);

	record_begin();
	int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
	if (result == 0)
		record(RECORD_LINK, file_at(to), 0, had.name, strlen(had.name));
	record_end();
	return result;
}

int rename(const char *old, const char *new)
{
	struct file had = file_at(old);

	record_begin();
	int result = (int)syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
	if (result == 0)
		record(RECORD_RENAME, file_at(new), 0, had.name,
		       strlen(had.name));
	record_end();
	return result;
}

int unlink(const char *name)
{
	record_begin();
	int result = (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
	if (result == 0)
		record(RECORD_UNLINK, file_at(name), 0, NULL, 0);
	record_end();
	return result;
}
