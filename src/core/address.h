/*
 * Addresses with variables, such as https://{{.workspace}}.example.com/api:
 * what they may look like, and what may come into them. A value stays in its
 * place: one in a host never ends the host or changes what follows it, one in
 * a path is one step of it.
 */
#ifndef CLEAT_CORE_ADDRESS_H
#define CLEAT_CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum address_place {
	ADDRESS_WHOLE, /* scheme, host and all up to a slash or the end */
	ADDRESS_HOST,  /* the host alone, with its port if need be */
	ADDRESS_LABEL, /* part of a host */
	ADDRESS_STEP,  /* of the path or the query; is percent-encoded */
};

/* Where the variable stands that begins at `hole` and is followed by `rest`. */
enum address_place address_place_of(const char *template, const char *hole,
				    const char *rest);

/* NULL when the value may stand there, else why not, as "must ...". */
const char *address_value_fault(enum address_place place, const char *value);

/*
 * NULL when it is an address that providers may have: https, a host, a path
 * without dot segments; or one that a variable begins. Else why not.
 */
const char *address_template_fault(const char *text);

/* The next {{.word}} from `text` on; false when there is none. */
bool address_next_hole(const char *text, const char **ret_hole,
		       const char **ret_word, size_t *ret_length,
		       const char **ret_rest);

#endif
