/*
 * Files of the worker's own: whole or not there, on disk when they are
 * written, and readable by their owner alone.
 */
#ifndef CLEAT_WORKER_OWN_FILE_H
#define CLEAT_WORKER_OWN_FILE_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Takes the place of the one that is there: after a crash there is the old one
 * or the new one. False, with errno, when it is not on disk; then there is
 * either.
 */
MUST_CHECK bool own_file_write(const char *path, const void *bytes,
			       size_t length);

/* Adds it to the buffer. False, with errno, when it can't be read whole;
 * ENOENT: there is none. */
MUST_CHECK bool own_file_read(const char *path, struct buf *to);

#endif
