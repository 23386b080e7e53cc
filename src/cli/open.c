/* The store, and the master key beside it. */
#include "cli/open.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/key_file.h"
#include "db/migrate.h"

static const char *file_of(const char *url)
{
	const char *colon = strchr(url, ':');

	return colon ? colon + 1 : url;
}

static char *beside(const char *url, const char *suffix)
{
	return memory_join(file_of(url), suffix);
}

bool open_is_file(const char *url)
{
	return strncmp(url, "sqlite:", 7) == 0;
}

char *control_path(const char *url)
{
	return open_is_file(url) ? beside(url, "-control") : NULL;
}

/* NULL when it must be named. */
static char *key_path(const struct args *args)
{
	const char *named = args_get(args, "--master-key");
	const char *url = args_get(args, "--store");

	if (named)
		return memory_strdup(named);
	return open_is_file(url) ? beside(url, ".key") : NULL;
}

/*
 * Another process may have replaced the key, or be about to.
 */
static bool reload_keys(const struct keyring *ring)
{
	char *paths[] = {key_file_next(keyring_file(ring)),
			 memory_strdup(keyring_file(ring))};
	bool is_any = false;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct key master;

		if (key_file_read(paths[i], &master) == NULL)
			is_any |= keyring_learn(ring, &master);
		key_wipe(&master);
		free(paths[i]);
	}
	return is_any;
}

static int prepare_key(const struct args *args, struct opened *ret,
		       struct buf *err)
{
	char *path = key_path(args);
	struct key master;

	if (!path) {
		buf_text(err, "cleat: --master-key FILE is needed: nothing "
			      "lies beside this store\n");
		return 2;
	}
	/* a key that is there serves a new store too: it may be shared */
	bool was_there = access(path, F_OK) == 0;
	const char *fault = ret->is_new ? key_file_read_or_make(path, &master)
					: key_file_read(path, &master);
	ret->has_new_key = !fault && !was_there;
	char *real = fault ? NULL : realpath(path, NULL);

	if (!fault && !real)
		fault = "cannot be read";
	if (fault) {
		buf_printf(err, "cleat: the master key %s %s\n", path, fault);
	} else {
		keyring_init(&ret->keys, &master);
		keyring_set_file(&ret->keys, real);
		keyring_set_reload(&ret->keys, reload_keys);
	}
	key_wipe(&master);
	free(real);
	free(path);
	return fault ? 1 : 0;
}

int open_explain(enum error error, const char *full_url, bool is_new,
		 struct buf *err)
{
	char *url = db_url_public(full_url);

	if (error == ERR_INVALID)
		buf_printf(err,
			   "cleat: %s is neither sqlite:FILE nor "
			   "postgresql://...\n",
			   url);
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
	free(url);
	return error == ERR_INVALID ? 2 : 1;
}

int open_store(const struct args *args, bool is_new, struct opened *ret,
	       bool *ret_is_served, struct buf *err)
{
	const char *url = args_get(args, "--store");

	enum error error =
		db_open(url, is_new ? DB_NEW : DB_EXISTING, &ret->db);
	*ret_is_served = error == ERR_TAKEN && !is_new && open_is_file(url);
	if (error != OK)
		return open_explain(error, url, is_new, err);
	ret->is_new = is_new;
	ret->has_new_key = false;
	int status = prepare_key(args, ret, err);
	if (status) {
		db_close(ret->db);
		if (is_new)
			discard_store(args, ret);
	}
	return status;
}

void close_store(struct opened *opened)
{
	db_close(opened->db);
	keyring_release(&opened->keys);
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
	enum error error = db_open(url, DB_BESIDE, &ret->db);

	if (error != OK)
		return open_explain(error, url, false, err);
	error = begin_beside(ret);
	if (error == OK)
		return 0;
	db_close(ret->db);
	char *shown = db_url_public(url);
	buf_printf(err, "cleat: the store %s cannot be read\n", shown);
	free(shown);
	return 1;
}

void close_beside(struct opened_beside *opened)
{
	db_rollback(opened->session);
	db_session_close(opened->session);
	db_close(opened->db);
}

void discard_store(const struct args *args, const struct opened *opened)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};
	const char *url = args_get(args, "--store");

	for (int i = 0; i < 4 && open_is_file(url); i++) {
		char *path = beside(url, suffixes[i]);

		(void)unlink(path);
		free(path);
	}
	char *path = opened->has_new_key ? key_path(args) : NULL;
	if (path)
		(void)unlink(path);
	free(path);
}
