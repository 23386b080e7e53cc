/* Appending to a file so that it survives a power cut. */
#include "jobs/checkpoint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/log.h"
#include "base/memory.h"

enum { LINE_MAX_BYTES = 64 * 1024 }; /* much longer than one of ours */

/* Behind the last newline. False when there is none where one must be. */
static bool find_end(int fd, off_t *ret)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return false;
	off_t from = size > LINE_MAX_BYTES ? size - LINE_MAX_BYTES : 0;
	char *tail = memory_alloc(LINE_MAX_BYTES);
	ssize_t length = pread(fd, tail, (size_t)(size - from), from);
	bool is_read = length == size - from;

	while (is_read && length > 0 && tail[length - 1] != '\n')
		length--;
	free(tail);
	*ret = from + (is_read ? length : 0);
	return is_read && (length > 0 || from == 0);
}

static bool write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t done = write(fd, text, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		left -= (size_t)done;
	}
	return true;
}

/* What a crash left of a line is cut off: not where a file only grows. */
static bool cut_off(int fd)
{
	off_t end;

	return find_end(fd, &end) &&
	       (lseek(fd, 0, SEEK_END) == end || ftruncate(fd, end) == 0);
}

bool checkpoint_file_add(const char *path, const char *lines)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	bool is_added = fd >= 0 && cut_off(fd) && write_all(fd, lines) &&
			fsync(fd) == 0 && folder_sync_of(path);

	if (!is_added)
		log_error("checkpoints are not written", "file", path, "why",
			  strerror(errno), NULL);
	if (fd >= 0)
		close(fd);
	return is_added;
}
