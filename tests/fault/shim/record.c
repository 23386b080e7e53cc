#include "record.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1; /* guarded by lock */

void record_begin(void)
{
	pthread_mutex_lock(&lock);
}

void record_end(void)
{
	pthread_mutex_unlock(&lock);
}

static void put(const void *bytes, size_t length)
{
	if (length && syscall(SYS_write, log_fd, bytes, length) != (long)length)
		abort(); /* what is not recorded would be taken for lost */
}

void record(enum record_what what, struct file file, int64_t offset,
	    const void *data, size_t length)
{
	const char *path = getenv("CLEAT_SHIM_LOG");
	const int64_t head[] = {what, offset, (int64_t)strlen(file.name),
				(int64_t)length};

	if (!path || !file.kind || file.kind == FILE_INDEX)
		return;
	if (log_fd < 0)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, path,
				      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
				      0600);
	put(head, sizeof(head));
	put(file.name, strlen(file.name));
	put(data, length);
}
