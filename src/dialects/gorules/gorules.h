/* GoRules' integrations: what the files of this folder share. */
#ifndef CLEAT_DIALECTS_GORULES_H
#define CLEAT_DIALECTS_GORULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/json_write.h"
#include "core/credential.h"
#include "core/integration.h"
#include "core/principal.h"
#include "core/project.h"
#include "http/request.h"

enum {
	GORULES_NAME_MAX = 256, /* characters */
	GORULES_KIND_MAX = INTEGRATION_HANDLE_MAX,
	GORULES_TEXT_MAX = 4096,
	GORULES_ENTRIES_MAX = 64, /* headers, cookies, or inputs */
	GORULES_PAGE_MAX = 1000,
};

/* error.c */
enum error gorules_authenticate(struct request *request, struct principal *ret);
void gorules_write_error(struct request *request, enum error error, int status);

/* project.c */
enum error gorules_project_list(struct request *request);
enum error gorules_project_get(struct request *request);
enum error gorules_project_create(struct request *request);
enum error gorules_project_update(struct request *request);
enum error gorules_project_delete(struct request *request);
enum error gorules_project_restore(struct request *request);

/* token.c */
enum error gorules_token_list(struct request *request);
enum error gorules_token_create(struct request *request);
enum error gorules_token_regenerate(struct request *request);
enum error gorules_token_delete(struct request *request);

/* audit.c */
enum error gorules_audit_list(struct request *request);
enum error gorules_audit_get(struct request *request);

/* integration.c */
enum error gorules_integration_list(struct request *request);
enum error gorules_integration_get(struct request *request);
enum error gorules_integration_create(struct request *request);
enum error gorules_integration_update(struct request *request);
enum error gorules_integration_delete(struct request *request);
enum error gorules_integration_restore(struct request *request);

/* The project of the path. ERR_NOT_FOUND. */
MUST_CHECK enum error gorules_enter_project(struct request *request,
					    struct project *ret);
MUST_CHECK enum error gorules_enter(struct request *request);
/* The living integration of the path. ERR_NOT_FOUND. */
MUST_CHECK enum error gorules_integration_find(struct request *request,
					       struct integration *ret);

/* execute.c */
enum error gorules_integration_execute(struct request *request);

/* Whether the caller may read the secrets of an integration back. */
bool gorules_may_manage(const struct request *request);

/* page.c: where a list begins and how long it is. */
struct gorules_page {
	int64_t number; /* from 1 */
	int64_t size;
	int64_t offset;
};

/* From ?page=&perPage=. */
MUST_CHECK enum error gorules_page_read(struct request *request,
					struct gorules_page *ret);
/* What of a list of so many is on it: from `*ret_first` to before the last. */
void gorules_page_cut(const struct gorules_page *page, size_t count,
		      size_t *ret_first, size_t *ret_last);
void gorules_page_write(struct json_writer *w, const struct gorules_page *page,
			int64_t count, int64_t total);

/*
 * text.c: members of a body. Each says what is wrong as an issue of `path`
 * and answers NULL or the default then; the issues are counted at the end.
 */
struct text_rule {
	const char *path; /* for people: config.url */
	size_t max;	  /* characters */
	bool is_required;
	bool may_be_empty;
};

const char *gorules_text(struct op *op, const json_t *value,
			 const struct text_rule *rule);
/* ERR_MISSHAPEN if there are issues. */
MUST_CHECK enum error gorules_verdict(struct op *op);

/* read.c: an integration as a body has it. */
struct gorules_input {
	struct integration integration;
	struct new_credential *secrets;
	size_t secret_count;
};

MUST_CHECK enum error gorules_read_new(struct request *request,
				       struct gorules_input *ret);
/* What is left out stays as it is in `old`. */
MUST_CHECK enum error gorules_read_change(struct request *request,
					  const struct integration *old,
					  struct gorules_input *ret);

/*
 * config.c: the `config` member. The answer is what is stored: every member,
 * with null for a header's or cookie's value that is kept sealed. Of those,
 * `secrets` gets the ones to seal and the ones to erase. `old` is the stored
 * config or NULL: a null value there means the sealed value stays.
 */
enum { GORULES_SECRETS_MAX = 4 * GORULES_ENTRIES_MAX };

json_t *gorules_config(struct op *op, const json_t *value, const json_t *old,
		       struct gorules_input *ret);

/* The stored config as a tree in the arena. */
MUST_CHECK enum error gorules_stored_config(struct op *op, const char *settings,
					    json_t **ret);

/* secret.c */

/* Whether a header or cookie of this name and value is a credential. */
bool gorules_is_secret(const char *name, const char *value);

/* The name of a header or cookie; NULL when it has none. */
const char *gorules_entry_name(const json_t *entry);

/*
 * What the credential of entry `i` in the list `in` ("headers" or "cookies")
 * is called: it stays when the list is put in another order.
 */
const char *gorules_secret_name(struct arena *arena, const char *in,
				const json_t *list, size_t i);

/* Names of all that is sealed in a stored config, at most `max`. */
size_t gorules_secret_names(struct arena *arena, const json_t *config,
			    const char **ret, size_t max);

/* write.c */
void gorules_write_project(struct json_writer *w, const char *key,
			   const struct project *project);

/* Sealed values are null unless `secrets` has them. */
void gorules_write_integration(struct op *op, struct json_writer *w,
			       const struct integration *integration,
			       const struct credential_list *secrets);

/* {"status": "ok"} */
void gorules_answer_ok(struct request *request);

/* A 2xx with JSON to come in the body. */
struct json_writer gorules_answer(struct request *request, int status);

#endif
