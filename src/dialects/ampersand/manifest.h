/*
 * Checking a manifest: what its parts look like, as tables, and the way to
 * each value, so that an issue can name it. Source: contracts of Ampersand's
 * amp.yaml, specVersion 1.0.0.
 */
#ifndef CLEAT_DIALECTS_AMPERSAND_MANIFEST_H
#define CLEAT_DIALECTS_AMPERSAND_MANIFEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"

#define AMP_COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A value in the manifest; outlives those that are found in it. */
struct amp_node {
	struct op *op;
	const struct amp_node *up; /* NULL at the top */
	const char *name;	   /* its key; NULL for an item of a list */
	size_t index;		   /* of such an item */
	const json_t *value;	   /* NULL when it is not there */
};

struct amp_node amp_node_member(const struct amp_node *of, const char *name);
struct amp_node amp_node_item(const struct amp_node *of, size_t index);

/* NULL when it is no text. */
const char *amp_node_text(const struct amp_node *node);

/* As a.b[0].c, in the op's arena. */
const char *amp_node_path(const struct amp_node *node);

/* Adds an issue in "body" with the node's path, as a.b[0].c. */
void amp_node_fault(const struct amp_node *node, const char *format, ...)
	PRINTF_LIKE(2, 3);

enum amp_type {
	AMP_TEXT,
	AMP_TEXTS, /* a list of them */
	AMP_BOOLEAN,
	AMP_INTEGER,
	AMP_MAPPING,
	AMP_MAPPINGS, /* a list of them */
	AMP_MAP,      /* a mapping by names that somebody else chose */
};

struct amp_shape;

struct amp_key {
	const char *name;
	enum amp_type type;
	bool is_required; /* and, a text, not empty */

	/*
	 * An integer's range, a text's bytes, a list's items. `most` 0: no
	 * end for an integer or a list, AMP_TEXT_MAX for a text.
	 */
	int64_t least;
	int64_t most;

	/* Of a text: those allowed, NULL-ended; NULL: any. */
	const char *const *words;

	/* NULL, or says what is wrong with a text, and NULL when nothing. */
	const char *(*fault)(const char *text);

	/* Of a mapping, or of each in the list. */
	const struct amp_shape *shape;

	/* Of a map: what each of its values is. */
	const struct amp_key *each;
};

struct amp_shape {
	const struct amp_key *keys;
	size_t count;

	/*
	 * NULL, or adds issues about what keys can't say alone. It is asked
	 * even when some value is faulty, and must stand any type.
	 */
	void (*check)(const struct amp_node *node);
};

/* An issue for each fault. A key that the shape doesn't know may be there. */
void amp_check_shape(const struct amp_node *node,
		     const struct amp_shape *shape);

/* Absent and null are the same here, and answers leave out what is absent. */
void amp_drop_nulls(json_t *value);
struct request; /* http/request.h */

/*
 * Answers Cleat-Warnings with what is in no shape and with destinations that
 * are not there. The value, found at `path`, has no faults.
 */
MUST_CHECK enum error amp_warn_of(struct request *request, const char *path,
				  const json_t *value,
				  const struct amp_shape *shape);

/* The only word that `enabled` takes, wherever it stands. */
extern const char *const amp_always[];

/* Issues for each item that has the same text under `name` as one before. */
void amp_refuse_twice(const struct amp_node *list, const char *name);

/* The check of read, write and subscribe: no object is there twice. */
void amp_check_objects(const struct amp_node *action);

/* What stands below an integration's keys; each is a file. */
extern const struct amp_shape amp_read_shape;
extern const struct amp_shape amp_write_shape;
extern const struct amp_shape amp_subscribe_shape;
extern const struct amp_shape amp_proxy_shape;
extern const struct amp_shape amp_watch_shape;
extern const struct amp_shape amp_field_shape;

/* Fields of a read object: there is one, and no two have one name. */
void amp_check_fields(const struct amp_node *object);

/* The provider and its module exist and can do what is asked of them. */
void amp_check_provider(const struct amp_node *integration);

/*
 * Why this is no schedule, NULL when it is one: five cron fields, and never
 * two times less than ten minutes apart.
 */
const char *amp_schedule_fault(const char *text);

#endif
