/*
 * What the tests of core/obtained share: obtainings by a code, their call and
 * its end, and what is to be seen of it then.
 */
#ifndef CLEAT_TESTS_UNIT_OBTAINED_H
#define CLEAT_TESTS_UNIT_OBTAINED_H

#include "support.h"

#include "base/json_member.h"
#include "core/obtaining.h"

#define LIFE (600 * SECOND)

static inline struct uuid register_app(struct op *op, const char *provider)
{
	const struct provider_app new = {
		.provider = provider,
		.client_id = "client",
		.scopes = "[]",
		.metadata = "{}",
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
	return made.id;
}

/* By a code, as after the person came back: code-1 and verifier-1. */
static inline struct obtaining_new by_code(const char *provider,
					   struct uuid app_id)
{
	static const struct new_credential code[] = {
		{"code", "code-1", 0},
		{"code_verifier", "verifier-1", 0},
	};

	return (struct obtaining_new){
		.stage = OBTAINING_COME,
		.way = OBTAINING_BY_CODE,
		.provider = provider,
		.provider_app_id = app_id,
		.parties.group_ref = "acme",
		.parties.group_name = "Acme",
		.parties.consumer_ref = "ann",
		.parties.consumer_name = "Ann",
		.metadata = "{\"region\":\"eu\"}",
		.scopes = "repo gist",
		.redirect_uri = "https://cleat.example/callback",
		.secrets = code,
		.secret_count = COUNT(code),
	};
}

static inline struct uuid add(struct op *op, const struct obtaining_new *new)
{
	struct obtaining made;

	must(obtaining_add(op, new, NULL, &made));
	return made.id;
}

static inline struct uuid add_code(struct op *op, const char *provider)
{
	const struct obtaining_new new =
		by_code(provider, register_app(op, provider));

	return add(op, &new);
}

static inline struct obtaining seen(struct op *op, struct uuid id)
{
	struct obtaining ret;

	must(obtaining_get(op, id, &ret));
	return ret;
}

static inline struct obtained begun(struct op *op, struct uuid id)
{
	struct obtained ret;

	must(obtaining_begin(op, id, &ret));
	return ret;
}

/* One whose call can be made. */
static inline struct obtained sent(struct op *op, struct uuid id)
{
	struct obtained ret = begun(op, id);

	assert_null(ret.lack);
	assert_true(ret.is_sent);
	return ret;
}

/* When its job looks again; `status` 0: no answer came. */
static inline int64_t ended(struct op *op, struct obtained *obtained,
			    int status, const char *body)
{
	const struct outbound_answer answer = {
		.status = status,
		.failure = status ? NULL : "no whole answer",
		.body = body,
		.length = strlen(body),
	};
	int64_t next_at;

	must(obtaining_end(op, obtained, &answer, &next_at));
	return next_at;
}

static inline const char *header(const struct obtained *obtained,
				 const char *name)
{
	const struct outbound_call *call = &obtained->call;

	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return call->headers[i].value;
	return NULL;
}

static inline size_t secret_count(struct op *op, struct uuid owner)
{
	struct credential_list secrets;

	must(credential_use(op, owner, &secrets));
	return secrets.count;
}

static inline void has_secret(struct op *op, struct uuid owner,
			      const char *name, const char *value,
			      int64_t expires_at)
{
	struct credential_list secrets;

	must(credential_use(op, owner, &secrets));
	const struct credential *found = credential_find(&secrets, name);
	assert_non_null(found);
	assert_string_equal((const char *)found->value.bytes, value);
	assert_int_equal(found->expires_at, expires_at);
}

/* It ended with this connection, and keeps no secret. */
static inline struct connection_view connected(struct op *op, struct uuid id)
{
	struct obtaining found = seen(op, id);
	struct connection_view view;

	if (found.failure)
		fail_msg("%s", found.failure);
	assert_string_equal(found.stage, OBTAINING_DONE);
	assert_int_equal(found.expires_at, op->now + LIFE);
	assert_int_equal(secret_count(op, id), 0);
	must(connection_get(op, found.connection_id, &view));
	return view;
}

static inline void failed(struct op *op, struct uuid id, const char *why)
{
	struct obtaining found = seen(op, id);

	assert_string_equal(found.stage, OBTAINING_FAILED);
	assert_string_equal(found.failure, why);
	assert_int_equal(found.expires_at, op->now + LIFE);
	assert_int_equal(secret_count(op, id), 0);
	assert_true(has_event(op, "authorization.failed", id));
	assert_string_equal(
		json_member(&op->arena, payload_of(op, "authorization.failed"),
			    strlen(payload_of(op, "authorization.failed")),
			    "error"),
		why);
}

static inline void setting_is(struct op *op, const struct connection_view *view,
			      const char *name, const char *value)
{
	const char *settings = view->connection.settings;
	const char *found =
		json_member(&op->arena, settings, strlen(settings), name);

	if (!value) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, value);
}

#define TOKENS                                                                 \
	"{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\","      \
	"\"expires_in\":3600,\"scope\":\"repo,gist user\"}"

#endif
