/*
 * Which calls fail: a page that the test and the program share, in the file
 * that CLEAT_SHIM_CONTROL names. Of the calls of `kinds` to `files` those from
 * the `first` on fail, `span` of them, with the error `how`.
 */
#ifndef CLEAT_SHIM_CONTROL_H
#define CLEAT_SHIM_CONTROL_H

#include <stdbool.h>

enum {
	CALL_OPEN = 1,
	CALL_WRITE = 2,
	CALL_SYNC = 4,
	CALL_ALLOCATE = 8,
};

enum { HOW_SHORT = -1 }; /* else an errno: half of it is written */

/* 0, or how this call fails. `file` is 0 for an allocation. */
int control_verdict(int kind, int file);

#endif
