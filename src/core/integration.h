/* Integrations: what the builder offers, in three families. */
#ifndef CLEAT_CORE_INTEGRATION_H
#define CLEAT_CORE_INTEGRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/credential.h"

enum integration_family {
	INTEGRATION_MANIFEST,	 /* installed by customers; has revisions */
	INTEGRATION_THIRD_PARTY, /* of the project itself, by type */
	INTEGRATION_HTTP,	 /* a call that rules make, by kind */
};

/* The family's name in the store: "manifest", "third_party", "http". */
const char *integration_family_name(enum integration_family family);
MUST_CHECK bool integration_family_named(const char *name,
					 enum integration_family *ret);

/* Characters of a handle that people choose. */
enum { INTEGRATION_HANDLE_MAX = 128 };

struct integration {
	struct uuid id;
	enum integration_family family;
	/* What clients address it by, unique in its family among the living:
	 * a manifest's name, a third-party one's 13 characters, an http
	 * one's kind. */
	const char *handle;
	const char *kind;	 /* provider, or type */
	const char *title;	 /* for people; may be empty */
	const char *description; /* NULL: none */
	const char *category;	 /* NULL: none */
	const char *settings;	 /* its dialect's JSON object; no secrets */
	struct uuid revision_id; /* the latest; nil when it has none */
	int64_t created_at;
	int64_t updated_at;
	int64_t deleted_at; /* 0 while it lives */
};

struct integration_list {
	struct integration *items;
	size_t count;
	int64_t total; /* of a page: how many there are in all */
};

struct revision {
	struct uuid id;
	struct uuid integration_id;
	const char *spec_version;
	const char *content; /* JSON */
	int64_t created_at;
};

/* ERR_NOT_FOUND if there is none, or it was deleted, or of another family. */
MUST_CHECK enum error integration_get(struct op *op,
				      enum integration_family family,
				      struct uuid id, struct integration *ret);
MUST_CHECK enum error integration_find(struct op *op,
				       enum integration_family family,
				       const char *handle,
				       struct integration *ret);

/* All the living, oldest first. */
MUST_CHECK enum error integration_list(struct op *op,
				       enum integration_family family,
				       struct integration_list *ret);

/*
 * A page of those whose title, handle or description holds `search` (NULL:
 * all), without regard to the case of ASCII letters; oldest first, with the
 * total.
 */
MUST_CHECK enum error integration_search(struct op *op,
					 enum integration_family family,
					 const char *search, int64_t offset,
					 int64_t limit,
					 struct integration_list *ret);

/*
 * Stores `new` (its id and times are filled in here and in `*ret`). A
 * third-party one gets its handle here. Records integration.created.
 * ERR_TAKEN when another of the family has the handle.
 */
MUST_CHECK enum error integration_create(struct op *op,
					 const struct integration *new,
					 const struct new_credential *secrets,
					 size_t secret_count,
					 struct integration *ret);

/*
 * Stores title, description, category and settings; records
 * integration.updated.
 */
MUST_CHECK enum error integration_update(struct op *op,
					 const struct integration *changed,
					 const struct new_credential *secrets,
					 size_t secret_count,
					 struct integration *ret);

/*
 * A manifest integration by its name: makes it or gives it a new revision,
 * unless the latest has this very content. ERR_INVALID when it exists for
 * another provider.
 */
MUST_CHECK enum error
integration_upsert(struct op *op, const char *name, const char *provider,
		   const char *spec_version, const char *content,
		   struct integration *ret, struct revision *ret_revision);

/* The same for one that is there: always a new revision. */
MUST_CHECK enum error
integration_revise(struct op *op, const struct integration *of,
		   const char *provider, const char *spec_version,
		   const char *content, struct integration *ret,
		   struct revision *ret_revision);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error revision_get(struct op *op, struct uuid id,
				   struct revision *ret);

#endif
