#include "files.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES_MAX]; /* by descriptor; guarded by lock */

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	       strcmp(text + length - end_length, end) == 0;
}

/* The master key of a store, and all that a worker has. */
static const char *const others[] = {
	"key", "key.draft", "held", "held.draft", "token", "token.draft",
};

static int kind_of(const char *name)
{
	if (ends_with(name, ".db"))
		return FILE_DATABASE;
	if (ends_with(name, "-wal") || ends_with(name, "-journal"))
		return FILE_LOG;
	if (ends_with(name, "-shm"))
		return FILE_INDEX;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (ends_with(name, others[i]))
			return FILE_OTHER;
	return 0;
}

struct file file_at(const char *path)
{
	struct file found = {0};
	const char *folder = getenv("CLEAT_SHIM_FOLDER");
	size_t length = folder ? strlen(folder) : 0;

	if (!length || strncmp(path, folder, length) != 0)
		return found;
	if (!path[length])
		found.kind = FILE_FOLDER;
	else if (path[length] == '/')
		found.kind = kind_of(path + length + 1);
	if (found.kind && found.kind != FILE_FOLDER)
		(void)snprintf(found.name, sizeof(found.name), "%s",
			       path + length + 1);
	return found;
}

struct file file_of(int fd)
{
	struct file found = {0};

	if (fd < 0 || fd >= FILES_MAX)
		return found;
	pthread_mutex_lock(&lock);
	found = files[fd];
	pthread_mutex_unlock(&lock);
	return found;
}

void file_opened(int fd, struct file file)
{
	if (fd < 0)
		return;
	if (fd >= FILES_MAX)
		abort(); /* more than any test opens */
	pthread_mutex_lock(&lock);
	files[fd] = file;
	pthread_mutex_unlock(&lock);
}

void file_closed(int fd)
{
	static const struct file none;

	if (fd >= 0 && fd < FILES_MAX)
		file_opened(fd, none);
}
