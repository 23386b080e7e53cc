/* The growing buffer: doubles until its maximum. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){.max = max};
}

void buf_release(struct buf *buf)
{
	free(buf->bytes);
	*buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
	buf->length = 0;
	buf->is_overfull = false;
}

static bool has_room(struct buf *buf, size_t more)
{
	if (more <= buf->capacity - buf->length)
		return true;
	if (more > buf->max - buf->length) {
		buf->is_overfull = true;
		return false;
	}

	size_t need = buf->length + more;
	size_t capacity = buf->capacity ? buf->capacity : 256;
	while (capacity < need)
		capacity *= 2;
	if (capacity > buf->max)
		capacity = buf->max;
	buf->bytes = memory_realloc(buf->bytes, capacity);
	buf->capacity = capacity;
	return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
	if (!length || buf->is_overfull || !has_room(buf, length))
		return;
	memcpy(buf->bytes + buf->length, bytes, length);
	buf->length += length;
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	if (buf->is_overfull)
		return;
	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0 || !has_room(buf, (size_t)length + 1))
		return;

	va_start(args, format);
	(void)vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format,
			args);
	va_end(args);
	buf->length += (size_t)length;
}

const char *buf_cstr(struct buf *buf)
{
	if (!has_room(buf, 1))
		return "";
	buf->bytes[buf->length] = '\0';
	return buf->bytes;
}
