/* Reading, writing and replacing the file of a master key. */
#include "cli/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/folder.h"
#include "base/memory.h"

enum { KEY_TEXT = KEY_BYTES * 2 };

char *key_file_next(const char *path)
{
	return memory_join(path, ".new");
}

static bool write_text(int fd, const struct key *key)
{
	char text[KEY_TEXT + 2];

	sodium_bin2hex(text, sizeof(text), key->bytes, KEY_BYTES);
	text[KEY_TEXT] = '\n';
	bool is_written =
		write(fd, text, KEY_TEXT + 1) == KEY_TEXT + 1 && fsync(fd) == 0;
	sodium_memzero(text, sizeof(text));
	return is_written;
}

/* It gets its name when it is whole. */
bool key_file_write(const char *path, const struct key *key)
{
	char *draft = memory_join(path, ".draft");

	(void)unlink(draft); /* of a write that was cut short */
	int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool is_done = fd >= 0 && write_text(fd, key) &&
		       link(draft, path) == 0 && folder_sync_of(path);

	if (fd >= 0) {
		close(fd);
		(void)unlink(draft);
	}
	free(draft);
	return is_done;
}

/* The digits alone, or with a newline. */
static bool is_key_text(const char *text, ssize_t length)
{
	return length == KEY_TEXT ||
	       (length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n');
}

const char *key_file_read(const char *path, struct key *ret)
{
	char text[KEY_TEXT + 3] = {0};
	struct stat about;
	const char *fault = NULL;
	size_t length;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return "cannot be read";
	if (fstat(fd, &about) != 0 || about.st_mode & 077)
		fault = "must be readable by its owner alone (mode 0600)";
	else if (!is_key_text(text, read(fd, text, sizeof(text))) ||
		 sodium_hex2bin(ret->bytes, KEY_BYTES, text, KEY_TEXT, NULL,
				&length, NULL) != 0 ||
		 length != KEY_BYTES)
		fault = "is not 64 hexadecimal digits";
	sodium_memzero(text, sizeof(text));
	close(fd);
	return fault;
}

const char *key_file_read_or_make(const char *path, struct key *ret)
{
	if (access(path, F_OK) == 0)
		return key_file_read(path, ret);
	key_make(ret);
	return key_file_write(path, ret) ? NULL : "cannot be written";
}

/* Whoever is killed between this and what follows keeps it twice. */
static bool keep_old(const char *path)
{
	char suffix[CLOCK_TEXT + 8], when[CLOCK_TEXT];

	clock_format(clock_now(), when);
	(void)snprintf(suffix, sizeof(suffix), ".until-%s", when);
	char *kept = memory_join(path, suffix);
	bool is_kept = link(path, kept) == 0;
	free(kept);
	return is_kept;
}

bool key_file_is_replaceable(const char *path)
{
	char *trial = memory_join(path, ".trial");

	(void)unlink(trial);
	bool is_so = link(path, trial) == 0 && unlink(trial) == 0;
	free(trial);
	return is_so;
}

bool key_file_replace(const char *next, const char *path)
{
	return keep_old(path) && rename(next, path) == 0 &&
	       folder_sync_of(path);
}
