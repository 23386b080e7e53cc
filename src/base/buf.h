/* A growing byte buffer that is told its maximum. */
#ifndef CLEAT_BASE_BUF_H
#define CLEAT_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct buf {
	char *bytes; /* malloc'd; not terminated */
	size_t length;
	size_t capacity;
	size_t max;	  /* bytes; beyond it nothing more is taken */
	bool is_overfull; /* something did not fit */
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);

/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Ends the text with a NUL that is not counted, and returns it. */
const char *buf_cstr(struct buf *buf);

#endif
