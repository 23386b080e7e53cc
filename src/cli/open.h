/* Opening a store with its master key. */
#ifndef CLEAT_CLI_OPEN_H
#define CLEAT_CLI_OPEN_H

#include "base/keyring.h"
#include "cli/args.h"
#include "db/db.h"

struct opened {
	struct db *db;
	struct keyring keys;
	bool is_new;
	bool has_new_key; /* its file was made with the store */
};

/* Options that say which store: --store URL and --master-key FILE. */
#define STORE_OPTIONS                                                          \
	{"--store", "URL", "sqlite:FILE or postgresql://...", true},           \
	{                                                                      \
		"--master-key", "FILE", "default: beside the store", false     \
	}

/*
 * Opens the store, or makes it when `is_new`, with its key. 0, or the exit
 * status with one line in `err`; then nothing is open, and nothing new is
 * left. *ret_is_served: another process has it (then status 1).
 */
int open_store(const struct args *args, bool is_new, struct opened *ret,
	       bool *ret_is_served, struct buf *err);
void close_store(struct opened *opened);

/* A reading session in a store that may be served; needs no key. */
struct opened_beside {
	struct db *db;
	struct db_session *session; /* in one transaction until it is closed */
};

/* 0, or the exit status with one line in `err`; then nothing is open. */
int open_beside(const char *url, struct opened_beside *ret, struct buf *err);
void close_beside(struct opened_beside *opened);

/* The exit status for what db_open said, with one line in `err`. */
int open_explain(enum error error, const char *url, bool is_new,
		 struct buf *err);

/* Its master key may lie beside it, as FILE.key. */
bool open_is_file(const char *url);

/* Removes what open_store made, after a failure; `opened` is closed. */
void discard_store(const struct args *args, const struct opened *opened);

/*
 * Where the serving process listens for commands; the caller frees it. NULL:
 * commands work on the store themselves, whoever serves it.
 */
char *control_path(const char *url);

#endif
