/* Appending to a file so that it survives a power cut. */
#include "jobs/checkpoint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

enum { LINE_MAX_BYTES = 64 * 1024 }; /* much longer than one of ours */

/* Behind the last newline. False when there is none where one must be. */
static bool find_end(int fd, off_t *ret)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > LINE_MAX_BYTES ? size - LINE_MAX_BYTES : 0;
	char *tail = memory_alloc(LINE_MAX_BYTES);
	ssize_t length = pread(fd, tail, (size_t)(size - from), from);
	bool is_read = size >= 0 && length == size - from;

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

/* So that the file itself is there after a power cut. */
static bool sync_folder(const char *path)
{
	char *copy = memory_strdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(copy);
	return is_synced;
}

static bool add(int fd, const char *path, const char *lines)
{
	off_t end;

	return find_end(fd, &end) && ftruncate(fd, end) == 0 &&
	       lseek(fd, end, SEEK_SET) == end && write_all(fd, lines) &&
	       fsync(fd) == 0 && sync_folder(path);
}

bool checkpoint_file_add(const char *path, const char *lines)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool is_added = fd >= 0 && add(fd, path, lines);

	if (!is_added)
		log_error("checkpoints are not written", "file", path, "why",
			  strerror(errno), NULL);
	if (fd >= 0)
		close(fd);
	return is_added;
}
