/* Writing a draft, which gets its name when it is on disk (rename(2)). */
#include "worker/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"

enum { PIECE = 64 * 1024 };

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

bool own_file_write(const char *path, const void *bytes, size_t length)
{
	char *draft = memory_join(path, ".draft");

	(void)unlink(draft); /* of a write that was cut short */
	int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool is_done =
		fd >= 0 && write_all(fd, bytes, length) && fsync(fd) == 0;

	if (fd >= 0)
		is_done = close(fd) == 0 && is_done;
	is_done = is_done && rename(draft, path) == 0 && folder_sync_of(path);
	free(draft);
	return is_done;
}

static bool read_all(int fd, struct buf *to)
{
	char piece[PIECE];

	for (;;) {
		ssize_t length = read(fd, piece, sizeof(piece));

		if (length < 0 && errno == EINTR)
			continue;
		if (length > 0)
			buf_add(to, piece, (size_t)length);
		if (to->is_overfull)
			errno = EFBIG;
		if (length <= 0 || to->is_overfull)
			return length == 0;
	}
}

bool own_file_read(const char *path, struct buf *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool is_read = read_all(fd, to);
	int why = errno;
	close(fd);
	errno = why;
	return is_read;
}
