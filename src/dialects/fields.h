/*
 * Typed settings, read and written by a table: a dialect's type of
 * integration or connection is a struct field_table, and nothing else.
 */
#ifndef CLEAT_DIALECTS_FIELDS_H
#define CLEAT_DIALECTS_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"
#include "base/op.h"
#include "core/credential.h"
#include "core/integration.h"

enum {
	FIELD_TEXT_MAX = 8 * 1024, /* bytes of a string that sets no `most` */
	FIELD_ITEMS_MAX = 256,	   /* of a list or map that sets no `most` */
	FIELD_SECRETS_MAX = 8,	   /* in one table, members included */
};

enum field_type {
	FIELD_STRING,
	FIELD_INTEGER,
	FIELD_BOOLEAN,
	FIELD_STRING_LIST,
	FIELD_STRING_MAP, /* an object whose values are strings */
	FIELD_LIST,	  /* of objects by `members`, or of anything */
	FIELD_OBJECT,	  /* by `members`, or any */
	FIELD_MAP,	  /* an object whose values are objects by `members` */
};

enum {
	FIELD_REQUIRED = 1, /* and, a string or list, not empty */
	FIELD_NULLABLE = 2,
	FIELD_READ_ONLY = 4, /* ours to say: not taken from a client */
	FIELD_SECRET = 8,    /* sealed, never in the settings; not written */
	FIELD_SHOWN = 16,    /* a secret that is written after all */
	FIELD_HIDDEN = 32,   /* no secret, but not written either */
	FIELD_FOLDED = 64,   /* `values` are matched without regard to case */
};

struct field_table;

struct field {
	const char *name;
	enum field_type type;
	unsigned flags;
	const char *initial; /* the default as JSON; NULL when there is none */

	/* Of a string, or of each string of a list: NULL-ended; NULL: any. */
	const char *const *values;

	/*
	 * An integer's range, a string's bytes, a list's or map's items. Both
	 * 0: no range, or the limits above (CREDENTIAL_MAX for a secret).
	 */
	int64_t least;
	int64_t most;

	/*
	 * NULL, or says what is wrong with a value of the right type ("is no
	 * URL") and NULL when nothing is. Asked for each string of a list.
	 */
	const char *(*check)(const json_t *value);

	/*
	 * Of an object, or each object of a list or map. Such an object is
	 * always given whole, in a patch too. No secrets within a list or map.
	 */
	const struct field_table *members;

	/*
	 * NULL, or the field beside it that turns on what it belongs to: by
	 * being true, or this choice of its values. It is required then
	 * (fields_needed).
	 */
	const char *feature;
	const char *choice;

	const char *about; /* a sentence for people; NULL: its name says all */
};

struct field_table {
	const char *type; /* its name on the wire; NULL for members */
	const struct field *fields;
	size_t count;

	/*
	 * NULL, or what fields can't say alone: adds issues about how they
	 * fit together and sets what follows from them. A faulty field is
	 * not among the settings. `given` is what the client sent.
	 */
	void (*complete)(struct op *op, json_t *given, json_t *settings);
};

/* How a dialect takes what does not fit. */
struct field_policy {
	bool ignores_unknown;	   /* and read-only ones; else refuses them */
	bool null_is_absent;	   /* else only a nullable field takes null */
	const char *const *others; /* names somebody else reads; NULL-ended */
};

/* What was read, in the op's arena. */
struct field_values {
	const char *settings; /* JSON object in the table's order */
	struct new_credential secrets[FIELD_SECRETS_MAX];
	size_t secret_count;
};

/*
 * Reads the JSON object `given`: with `stored` NULL as something new, else
 * as a patch over these settings. Fields not given keep what is stored or
 * get their default; secrets not given are not in the result, and null or
 * "" erases one (a NULL value). A member's secret is named by its path, such
 * as app_credentials.secret, and one that is no string is kept as JSON.
 *
 * ERR_MISSHAPEN with an issue for every fault (in "body", by path such as
 * hosts[0].port; a wrong string in a list is told of the list).
 */
MUST_CHECK enum error fields_read(struct op *op,
				  const struct field_table *table,
				  json_t *given, const char *stored,
				  const struct field_policy *policy,
				  struct field_values *ret);

/*
 * Writes every field that is not secret or hidden as a member of the object
 * that `w` is in: what is stored, else the default, else null. Shown secrets
 * come from `secrets`; what it has not, or all when it is NULL, is the default,
 * else null.
 * ERR_INTERNAL when the settings are not a JSON object.
 */
MUST_CHECK enum error fields_write(struct op *op, struct json_writer *w,
				   const struct field_table *table,
				   const char *settings,
				   const struct credential_list *secrets);

/*
 * Whether all is there that a feature needs which is on, in what was read and
 * the owner's secrets that `stored` names: ERR_MISSHAPEN with an issue for
 * each that is not.
 */
MUST_CHECK enum error fields_needed(struct op *op,
				    const struct field_table *table,
				    const struct field_values *values,
				    const struct credential_names *stored);

/*
 * The table itself as a JSON object {type, fields}, each field with its name
 * and type, and where it has them required, secret, readOnly, nullable,
 * default, values, least, most, feature, choice, about and fields.
 */
void fields_describe(struct json_writer *w, const struct field_table *table);

/* For `check`: a URL that could be called (outbound_url_form_fault). */
const char *field_check_url(const json_t *value);

/* Does reading it in full open secrets? */
bool field_table_shows_secrets(const struct field_table *table);

#endif
