/*
 * A provider on the wire, as tables: which member is which field of the core's
 * structs. Answers are written by them (catalog_write.c), and an operator's
 * file is read by them (catalog_read.c). Source: contract of the catalog.
 */
#ifndef CLEAT_DIALECTS_AMPERSAND_CATALOG_FORM_H
#define CLEAT_DIALECTS_AMPERSAND_CATALOG_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json_write.h"

enum form_type {
	FORM_TEXT,    /* const char * */
	FORM_BOOL,    /* bool */
	FORM_INTEGER, /* int */
	FORM_INLINE,  /* an object whose struct lies in this one */
	FORM_PART,    /* an object whose members are this struct's own */
	FORM_OBJECT,  /* a pointer to a struct; NULL: absent */
	/* these are struct catalog_list; items NULL: absent */
	FORM_TEXTS,    /* of const char * */
	FORM_INTEGERS, /* of int */
	FORM_LIST,     /* of structs */
	FORM_KEYS,     /* const char *, each a member that is {} */
	FORM_NAMED,    /* structs that begin with `name`, each a member */
	FORM_PAIRS,    /* struct catalog_pair, {NAME: TEXT} */
	FORM_LIMITS,   /* struct catalog_limit, {NAME: INTEGER} */
};

struct form;

struct form_member {
	const char *name;
	enum form_type type;
	size_t offset;
	/* An optional false, 0 or NULL is left out. */
	bool is_required;
	bool is_ours;	   /* taken from a file, never answered */
	bool may_be_empty; /* a required text */

	/* Of a part: it is there when the text at `offset` is this. */
	const char *when;
	/* Of a text: those allowed, NULL-ended; NULL: any. */
	const char *const *words;
	/* Of a text: NULL, or says what is wrong with it. */
	const char *(*fault)(const char *text);
	const struct form *form; /* of what has members */
};

struct form {
	const struct form_member *members;
	size_t count;
	size_t size; /* of the struct */
};

extern const struct form amp_provider_form;

/* What `thing`, a struct of the member's form, has there. */
const void *form_at(const struct form_member *member, const void *thing);

/* Does the part's text say that it is to be there? */
bool form_is_meant(const struct form_member *member, const void *thing);

/* The members of `thing`; the object around them is the caller's. */
void form_write(struct json_writer *w, const struct form *form,
		const void *thing);

struct amp_node; /* dialects/ampersand/manifest.h */

/*
 * The opposite, into `thing`, which is zeroed: texts and lists lie in the
 * op's arena. An issue for each fault, also for members that are not known.
 */
void form_read(const struct amp_node *node, const struct form *form,
	       void *thing);

#endif
