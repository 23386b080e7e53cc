/* The master key's file, and the store beside it. */
#include "cli/open.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "db/migrate.h"

enum { KEY_TEXT = KEY_BYTES * 2 };

static const char *file_of(const char *url)
{
	const char *colon = strchr(url, ':');

	return colon ? colon + 1 : url;
}

static char *beside(const char *url, const char *suffix)
{
	const char *file = file_of(url);
	size_t size = strlen(file) + strlen(suffix) + 1;
	char *path = memory_alloc(size);

	(void)snprintf(path, size, "%s%s", file, suffix);
	return path;
}

char *control_path(const char *url)
{
	return beside(url, "-control");
}

static char *key_path(const struct args *args)
{
	const char *named = args_get(args, "--master-key");

	return named ? memory_strdup(named)
		     : beside(args_get(args, "--store"), ".key");
}

static bool write_key(const char *path, const struct key *key)
{
	char text[KEY_TEXT + 2];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	sodium_bin2hex(text, sizeof(text), key->bytes, KEY_BYTES);
	text[KEY_TEXT] = '\n';
	bool is_written =
		write(fd, text, KEY_TEXT + 1) == KEY_TEXT + 1 && fsync(fd) == 0;
	sodium_memzero(text, sizeof(text));
	close(fd);
	return is_written;
}

/* The digits alone, or with a newline. */
static bool is_key_text(const char *text, ssize_t length)
{
	return length == KEY_TEXT ||
	       (length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n');
}

/* Refuses a key that others than its owner may read. */
static const char *read_key(const char *path, struct key *ret)
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

static int prepare_key(const struct args *args, bool is_new,
		       struct keyring *ret, struct buf *err)
{
	char *path = key_path(args);
	const char *fault = NULL;
	struct key master;

	/* a key that is there serves a new store too: it may be shared */
	if (is_new && access(path, F_OK) != 0) {
		key_make(&master);
		if (!write_key(path, &master))
			fault = "cannot be written";
	} else {
		fault = read_key(path, &master);
	}
	if (fault)
		buf_printf(err, "cleat: the master key %s %s\n", path, fault);
	else
		keyring_init(ret, &master);
	key_wipe(&master);
	free(path);
	return fault ? 1 : 0;
}

static int explain(enum error error, const char *url, bool is_new,
		   bool *ret_is_served, struct buf *err)
{
	*ret_is_served = error == ERR_TAKEN && !is_new;
	if (error == ERR_INVALID)
		buf_printf(err, "cleat: %s is not sqlite:FILE\n", url);
	else if (error == ERR_TAKEN)
		buf_printf(err,
			   is_new ? "cleat: the store %s exists\n"
				  : "cleat: another process has the "
				    "store %s\n",
			   url);
	else if (error == ERR_NOT_FOUND)
		buf_printf(err, "cleat: there is no store %s\n", url);
	else
		buf_printf(err, "cleat: the store %s cannot be opened\n", url);
	return error == ERR_INVALID ? 2 : 1;
}

int open_store(const struct args *args, bool is_new, struct opened *ret,
	       bool *ret_is_served, struct buf *err)
{
	const char *url = args_get(args, "--store");

	enum error error =
		db_open(url, is_new ? DB_NEW : DB_EXISTING, &ret->db);
	if (error != OK)
		return explain(error, url, is_new, ret_is_served, err);
	int status = prepare_key(args, is_new, &ret->keys, err);
	if (status) {
		db_close(ret->db);
		if (is_new)
			discard_store(args);
	}
	return status;
}

void close_store(struct opened *opened)
{
	db_close(opened->db);
	sodium_memzero(&opened->keys, sizeof(opened->keys));
}

static enum error begin_beside(struct opened_beside *opened)
{
	TRY(db_session_open(opened->db, DB_READ, &opened->session));
	enum error error = db_begin(opened->session);
	if (error == OK) {
		error = migrate_check(opened->session);
		if (error != OK)
			db_rollback(opened->session);
	}
	if (error != OK)
		db_session_close(opened->session);
	return error;
}

int open_beside(const char *url, struct opened_beside *ret, struct buf *err)
{
	bool is_served;
	enum error error = db_open(url, DB_BESIDE, &ret->db);

	if (error != OK)
		return explain(error, url, false, &is_served, err);
	error = begin_beside(ret);
	if (error == OK)
		return 0;
	db_close(ret->db);
	buf_printf(err, "cleat: the store %s cannot be read\n", url);
	return 1;
}

void close_beside(struct opened_beside *opened)
{
	db_rollback(opened->session);
	db_session_close(opened->session);
	db_close(opened->db);
}

void discard_store(const struct args *args)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
	const char *url = args_get(args, "--store");

	for (int i = 0; i < 4; i++) {
		char *path = beside(url, suffixes[i]);

		(void)unlink(path);
		free(path);
	}
}
