/*
 * ${NAME} in a named connection's texts, be they secrets: on deployment the
 * value of the environment variable there. $${NAME} is the text ${NAME}, and
 * what is no variable's name between braces stays as it is.
 */
#ifndef CLEAT_CORE_FILLING_H
#define CLEAT_CORE_FILLING_H

#include "core/connection.h"

enum { FILLING_MAX = 1024 * 1024 }; /* bytes of all that is filled */

struct filling_value;

struct filling {
	struct op *op;
	struct uuid environment_id;
	enum error error;    /* of the store; the first */
	const char *missing; /* the first variable without a value there */
	size_t room;	     /* what all texts may still have */
	bool is_too_large;   /* they had no room: there is nothing to send */
	struct filling_value *values; /* of names that were met before */
};

/* Of this environment. */
struct filling filling_of(struct op *op, struct uuid environment_id);

/*
 * The text, filled; as it is when there is nothing to fill in. What is missing,
 * too large or fails is in the filling; then nothing more is filled, and it is
 * empty. In the arena.
 */
const char *filling_text(struct filling *filling, const char *text);

/* The same of each text of a JSON document. */
const char *filling_json(struct filling *filling, const char *json);

/* Targets that use this variable, by their settings and secrets. */
MUST_CHECK enum error filling_users(struct op *op, const char *name,
				    struct connection_list *ret);

#endif
