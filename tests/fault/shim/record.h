/*
 * What was done to the store's files, in its order, in the file that
 * CLEAT_SHIM_LOG names. A record is four little-endian numbers of 64 bits
 * (what, offset, the name's and the data's length), the name and the data.
 */
#ifndef CLEAT_SHIM_RECORD_H
#define CLEAT_SHIM_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "files.h"

enum record_what {
	RECORD_CREATE,
	RECORD_WRITE,
	RECORD_TRUNCATE, /* to `offset` */
	RECORD_SYNC,
	RECORD_UNLINK,
	RECORD_LINK,   /* the data is the name that it had */
	RECORD_RENAME, /* the same; what had the new name is gone */
};

/* Between them: one call, and its record. */
void record_begin(void);
void record_end(void);

void record(enum record_what what, struct file file, int64_t offset,
	    const void *data, size_t length);

#endif
