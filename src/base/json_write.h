/* Writing JSON straight into a buffer; commas come by themselves. */
#ifndef CLEAT_BASE_JSON_WRITE_H
#define CLEAT_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/uuid.h"

struct json_writer {
	struct buf *out;
	bool needs_comma;
};

/* A writer that appends to `out`. */
struct json_writer json_writer_on(struct buf *out);

/* `key` is NULL inside an array and at the top. Keys are written as given. */
void json_begin_object(struct json_writer *w, const char *key);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w, const char *key);
void json_end_array(struct json_writer *w);

/* A NULL `value` writes null. Invalid UTF-8 is the caller's defect. */
void json_put_string(struct json_writer *w, const char *key, const char *value);
/* Writes nothing when `value` is NULL or empty. */
void json_put_optional(struct json_writer *w, const char *key,
		       const char *value);
void json_put_integer(struct json_writer *w, const char *key, int64_t value);
/* As a string: over 53 bits many readers of JSON lose the last ones. */
void json_put_long(struct json_writer *w, const char *key, int64_t value);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
void json_put_uuid(struct json_writer *w, const char *key, struct uuid value);
/* RFC 3339; null when it is 0. */
void json_put_time(struct json_writer *w, const char *key, int64_t time_us);
/* `json` is already JSON. */
void json_put_raw(struct json_writer *w, const char *key, const char *json);

#endif
