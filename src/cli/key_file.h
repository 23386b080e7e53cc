/*
 * The file of a master key: 64 hexadecimal digits and a newline, readable by
 * its owner alone.
 */
#ifndef CLEAT_CLI_KEY_FILE_H
#define CLEAT_CLI_KEY_FILE_H

#include "base/seal.h"

/* NULL, or what is wrong with it. */
const char *key_file_read(const char *path, struct key *ret);

/*
 * A new file, whole and on disk when it is there at all. False when there is
 * one, or it can't be written.
 */
MUST_CHECK bool key_file_write(const char *path, const struct key *key);

/* Reads the file that is there, or makes one with a fresh key. */
const char *key_file_read_or_make(const char *path, struct key *ret);

/* Beside a key's file: the one that is to take its place. The caller frees. */
char *key_file_next(const char *path);

/*
 * Whether key_file_replace could be done: not with a file that is mounted by
 * itself, or in a folder that is not to be written.
 */
MUST_CHECK bool key_file_is_replaceable(const char *path);

/*
 * `next` takes the place of `path`; on disk. What was there stays beside it,
 * with when it ended in its name: backups need it, and other stores may.
 */
MUST_CHECK bool key_file_replace(const char *next, const char *path);

#endif
