/* What requests that make connections have in common. */
#include <string.h>

#include "base/json_read.h"
#include "core/assertion.h"
#include "core/obtaining.h"
#include "dialects/ampersand/ampersand.h"

enum { INPUT_NAME_MAX = 64 };

enum error amp_enter_of_body(struct request *request,
			     const struct body_reader *in, struct project *ret)
{
	const char *key = json_object_get(in->object, "projectIdOrName")
				  ? "projectIdOrName"
				  : "projectId";
	const char *name = body_string(in, key, false, AMP_NAME_MAX);

	if (!json_object_get(in->object, key))
		body_misshapen(in, "projectIdOrName", "is required");
	TRY(body_done(in));
	return project_enter(&request->op, PROJECT_BY_ID_OR_NAME,
			     name ? name : "", ret);
}

struct parties amp_read_parties(const struct body_reader *in)
{
	return (struct parties){
		.group_ref = body_string(in, "groupRef", true, AMP_REF_MAX),
		.group_name = body_string(in, "groupName", false, AMP_REF_MAX),
		.consumer_ref =
			body_string(in, "consumerRef", true, AMP_REF_MAX),
		.consumer_name =
			body_string(in, "consumerName", false, AMP_REF_MAX),
	};
}

const struct provider *amp_read_provider(const struct body_reader *in)
{
	const char *name = body_string(in, "provider", true, AMP_NAME_MAX);
	const struct provider *provider = name ? catalog_find(name) : NULL;

	if (name && !provider) {
		body_invalid(in, "provider", "%s is not in the catalog", name);
		op_advise(in->op, "GET /v1/providers lists those there are.");
	}
	return provider;
}

struct amp_user amp_read_user(const struct body_reader *in)
{
	struct amp_user user = {
		.name = body_text(in, "username", CREDENTIAL_MAX),
		.password = body_text(in, "password", CREDENTIAL_MAX),
	};

	if (user.name && user.password && !*user.name && !*user.password)
		body_invalid(in, "username", "must not be empty");
	return user;
}

struct uuid amp_read_app_id(const struct body_reader *in)
{
	const char *text =
		body_string(in, "providerAppId", false, AMP_NAME_MAX);
	struct uuid id = {{0}};

	if (text && !uuid_parse(text, &id))
		body_invalid(in, "providerAppId", "names nothing there is");
	return id;
}

/* Is this one of the names, which commas part? All are of none. */
static bool is_named(const char *names, const char *name)
{
	size_t length = strlen(name);

	while (names && *names) {
		size_t end = strcspn(names, ",");

		if (end == length && strncmp(names, name, length) == 0)
			return true;
		names += end + (names[end] == ',');
	}
	return false;
}

bool amp_is_input_name(const char *name)
{
	return *name && strlen(name) <= INPUT_NAME_MAX &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

static void require_each(const struct body_reader *in, const char *names,
			 const json_t *object, const char *why)
{
	struct arena *arena = &in->op->arena;

	while (names && *names) {
		size_t end = strcspn(names, ",");
		const char *name = arena_strndup(arena, names, end);

		if (!json_object_get(object, name))
			body_invalid(in, name, "%s", why);
		names += end + (names[end] == ',');
	}
}

/* Facts: among the providerMetadata, or the workspace of its own. */
static void require_facts(const struct body_reader *in,
			  const struct custom_connect *custom,
			  const char *workspace)
{
	const json_t *given = json_object_get(in->object, "providerMetadata");
	struct body_reader inside = body_inside(in, "providerMetadata", given);

	if (workspace && custom->facts &&
	    strcmp(custom->facts, "workspace") == 0)
		return;
	require_each(&inside, custom->facts, given, "is needed");
}

/* Where the customer's key signs: can it? What is missing was told. */
static void refuse_unsigned(const struct body_reader *inside,
			    const struct custom_connect *custom,
			    const struct new_credential *inputs, size_t count)
{
	const char *name, *why;

	if (!custom->assertion)
		return;
	for (size_t i = 0; i < count; i++)
		if (!inputs[i].value)
			return;
	why = assertion_fault(inside->op, custom->assertion, inputs, count,
			      &name);
	if (why && json_object_get(inside->object, name))
		body_invalid(inside, name, "%s", why);
}

size_t amp_read_custom(const struct body_reader *in,
		       const struct custom_connect *custom,
		       const char *workspace, struct new_credential *secrets)
{
	static const char key[] = "customAuth";
	json_t *given = json_object_get(in->object, key), *value;
	bool is_needed = custom->inputs && *custom->inputs;
	const char *name;
	size_t count = 0;

	require_facts(in, custom, workspace);
	if (!body_object(in, key, is_needed))
		return 0;
	struct body_reader inside = body_inside(in, key, given);
	json_object_foreach (given, name, value) {
		bool is_known = custom->inputs ? is_named(custom->inputs, name)
					       : amp_is_input_name(name);

		if (!is_known || count == AMP_CUSTOM_INPUTS)
			body_invalid(&inside, name, "is not what %s takes",
				     custom->provider);
		else
			secrets[count++] = (struct new_credential){
				.name = arena_strdup(&in->op->arena, name),
				.value = body_string(&inside, name, true,
						     CREDENTIAL_MAX)};
	}
	require_each(&inside, custom->inputs, given, "is needed");
	refuse_unsigned(&inside, custom, secrets, count);
	return count;
}

static enum error has_ended(struct request *request, bool *ret)
{
	const struct obtaining *kept = request->kept;
	struct obtaining now;

	enum error error = obtaining_get(&request->op, kept->id, &now);
	*ret = error == ERR_NOT_FOUND ||
	       (error == OK && obtaining_has_ended(&now));
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error amp_wait_for(struct request *request, struct uuid id)
{
	struct obtaining *kept = arena_alloc(&request->op.arena, sizeof(*kept));

	TRY(obtaining_get(&request->op, id, kept));
	request->kept = kept;
	request->is_over = has_ended;
	request->waits_us = OBTAINING_WAIT_US;
	return OK;
}

/* What of the body the provider was shown. */
static const char *field_of(const struct obtaining *of)
{
	if (strcmp(of->way, OBTAINING_BY_CLIENT) == 0)
		return "oauth2ClientCredentials";
	if (strcmp(of->way, OBTAINING_BY_PASSWORD) == 0)
		return "oauth2PasswordCredentials";
	/* a change has other facts, not another key */
	return of->is_update ? "providerMetadata" : "customAuth";
}

/* Is it the provider, and not what it was shown? */
static void advise(struct op *op, const char *failure)
{
	static const char *const faults[] = {"the provider did not answer",
					     "the provider answered 5",
					     "the provider answered 429"};

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (strncmp(failure, faults[i], strlen(faults[i])) == 0)
			op_advise(op, "Send it again later: the provider has "
				      "not looked at it.");
}

enum error amp_obtained(struct request *request, struct connection_view *ret)
{
	const struct obtaining *kept = request->kept;
	struct op *op = &request->op;
	struct obtaining now;

	TRY(obtaining_get(op, kept->id, &now));
	if (!obtaining_has_ended(&now))
		return op_fail(op, ERR_BUSY,
			       "the provider has not answered yet");
	if (now.failure) {
		op_issue(op, "body",
			 arena_printf(&op->arena, "%s%s",
				      now.is_update ? "connection." : "",
				      field_of(&now)),
			 "can't be used: %s", now.failure);
		advise(op, now.failure);
		return op_fail(op, ERR_INVALID, "%s", now.failure);
	}
	return connection_get(op, now.connection_id, ret);
}
