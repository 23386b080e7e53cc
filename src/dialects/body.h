/*
 * Reading a JSON body, for dialects that read it field by field. Those that
 * have a table of fields read by dialects/fields.h.
 */
#ifndef CLEAT_DIALECTS_BODY_H
#define CLEAT_DIALECTS_BODY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"

/*
 * Fields of a JSON object. Each fault becomes an issue; `body_done` says
 * whether there was any. A missing or faulty field reads as NULL.
 */
struct body_reader {
	struct op *op;
	const json_t *object; /* NULL: all is absent */
	const char *path;     /* of the object, with a dot at its end, or "" */
	enum error *fault;    /* what the whole body has: OK, or the worst */
};

/* An issue for each member that is none of these: where what is misspelt must
 * not count as absent. */
void body_refuse_others(const struct body_reader *in, const char *const *known,
			size_t count);

/* ERR_MISSHAPEN when the body is not an object. */
MUST_CHECK enum error body_read(struct request *request,
				struct body_reader *ret);
/* Of at most so many characters, as all texts below. */
const char *body_string(const struct body_reader *in, const char *name,
			bool is_required, size_t max);
/* A required one that may be empty. */
const char *body_text(const struct body_reader *in, const char *name,
		      size_t max);
/* A required one that names something, or goes into a header: not empty, no
 * control characters. */
const char *body_name(const struct body_reader *in, const char *name,
		      size_t max);
/* Such a name that a path can hold as well. */
const char *body_ref(const struct body_reader *in, const char *name,
		     size_t max);
/* An object; NULL when absent. */
const json_t *body_object(const struct body_reader *in, const char *name,
			  bool is_required);
/* The reader of an object inside; all is absent in a NULL one. */
struct body_reader body_inside(const struct body_reader *in, const char *name,
			       const json_t *object);
/*
 * ERR_MISSHAPEN when a field was missing or mistyped, else ERR_INVALID when
 * one broke a rule.
 */
MUST_CHECK enum error body_done(const struct body_reader *in);

/* Notes a fault of a field: of its shape, or of its value. */
void body_misshapen(const struct body_reader *in, const char *name,
		    const char *why);
void body_invalid(const struct body_reader *in, const char *name,
		  const char *format, ...) PRINTF_LIKE(3, 4);

/* A list of strings; NULL when absent. */
json_t *body_strings(const struct body_reader *in, const char *name);
/* False when absent. */
bool body_bool(const struct body_reader *in, const char *name);
/* `fallback` when absent. */
int64_t body_number(const struct body_reader *in, const char *name,
		    int64_t least, int64_t most, int64_t fallback);

#endif
