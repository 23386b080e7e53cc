/* Builders: the people who build, and whose bearer tokens act for them. */
#ifndef CLEAT_CORE_BUILDER_H
#define CLEAT_CORE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/op.h"

enum { EMAIL_MAX = 254, DOMAIN_MAX = 253, PERSON_NAME_MAX = 128 };

/* The texts are NULL when they are not known. */
struct builder {
	struct uuid id;
	const char *email; /* in lower case; unique in the store */
	const char *first_name;
	const char *last_name;
	int64_t created_at;
};

struct builder_list {
	struct builder *items;
	size_t count;
};

/* A token of a builder's: where it lies. */
struct builder_token {
	struct uuid project_id, id;
};

struct builder_token_list {
	struct builder_token *items;
	size_t count;
};

/* Is this an address, or the name of a domain, in lower case? */
bool email_is_valid(const char *text);
bool domain_is_valid(const char *text);

/* What stands behind the @ of an address. */
const char *email_domain(const char *email);

/* Of the names that are known; NULL when none is. In the arena. */
const char *builder_full_name(struct arena *arena,
			      const struct builder *builder);

/* Who asks. ERR_FORBIDDEN when that is no builder. */
MUST_CHECK enum error builder_of_op(struct op *op, struct builder *ret);

/* For the command line, by id or address. ERR_NOT_FOUND, with the sentence. */
MUST_CHECK enum error builder_find(struct op *op, const char *handle,
				   struct builder *ret);

/* The same; makes one of this address when there is none. */
MUST_CHECK enum error builder_ensure(struct op *op, const char *handle,
				     struct builder *ret);

/*
 * Stores address and names. ERR_INVALID when it is no address, ERR_TAKEN when
 * another builder has it.
 */
MUST_CHECK enum error builder_change(struct op *op, const struct builder *to);

/* All of the store, for the command line. */
MUST_CHECK enum error builder_list_all(struct op *op, struct builder_list *ret);

/*
 * Ends all memberships with the tokens, and forgets the builder. ERR_IN_USE
 * when an organization would be without an owner.
 */
MUST_CHECK enum error builder_forget(struct op *op,
				     const struct builder *which);

#endif
