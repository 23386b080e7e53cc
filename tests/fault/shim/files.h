/* Which open files are the store's: those in the folder of CLEAT_SHIM_FOLDER.
 */
#ifndef CLEAT_SHIM_FILES_H
#define CLEAT_SHIM_FILES_H

enum {
	FILE_DATABASE = 1,
	FILE_LOG = 2,	/* -wal, and -journal while it is made */
	FILE_INDEX = 4, /* -shm: made anew at each start */
	FILE_OTHER = 8, /* the master's key, and a worker's files */
	FILE_FOLDER = 16,
	FILE_NAME_MAX = 64,
};

struct file {
	int kind; /* 0: none of the store's */
	char name[FILE_NAME_MAX];
};

/* By path. Locks and sockets are none. */
struct file file_at(const char *path);

/* Of a descriptor; `file_opened` and `file_closed` keep account of them. */
struct file file_of(int fd);
void file_opened(int fd, struct file file);
void file_closed(int fd);

#endif
