/* What the tests of refreshing share: connections with tokens, and their tries.
 */
#ifndef CLEAT_TESTS_UNIT_REFRESHES_H
#define CLEAT_TESTS_UNIT_REFRESHES_H

#include "letting_go.h"

#include "core/refresh_plan.h"
#include "core/store.h"

#define HOUR (3600 * SECOND)

#define OWN_ADDRESS                                                            \
	"{\"providerParams\":{\"tokenUrl\":\"https://own.example/token\"}}"
#define NEW_TOKENS                                                             \
	"{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\","      \
	"\"expires_in\":3600}"
#define NEW_ACCESS "{\"access_token\":\"access-2\"}"
#define IS_GONE	   "{\"error\":\"invalid_grant\"}"

static inline struct uuid register_app(struct op *op, const char *provider,
				       const char *metadata)
{
	const struct provider_app new = {
		.provider = provider,
		.client_id = "client",
		.scopes = "[]",
		.metadata = metadata,
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
	return made.id;
}

static inline struct uuid connected(struct op *op, const char *provider,
				    const char *auth_scheme,
				    const char *settings,
				    const struct new_credential *secrets,
				    size_t count)
{
	const struct connection_new new = {
		.provider = provider,
		.auth_scheme = auth_scheme,
		.workspace_ref = "acme",
		.metadata = "{\"tenant\":\"their-tenant\"}",
		.settings = settings,
		.parties.group_ref = "acme",
		.parties.consumer_ref = "jane",
		.secrets = secrets,
		.secret_count = count,
	};
	struct connection_view view;

	must(connection_create(op, &new, &view));
	return view.connection.id;
}

/* With an access token of an hour, and a refresh token. */
static inline struct uuid granted(struct op *op, const char *settings)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-1", op->now + HOUR},
		{"refresh_token", "refresh-1", 0},
	};

	return connected(op, "box", "oauth2/authorizationCode", settings,
			 secrets, COUNT(secrets));
}

/* The same, with an app of ours. */
static inline struct uuid made_connection(struct op *op)
{
	register_app(op, "box", OWN_ADDRESS);
	return granted(op, "{}");
}

static inline struct refreshing seen(struct op *op, struct uuid id)
{
	struct refreshing ret;

	must(store_refreshing_get(op, id, &ret));
	return ret;
}

static inline const char *lane_of(struct op *op, struct uuid id)
{
	char *text = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(id, text);
	return text;
}

/* When the job that waits is due; 0: none waits. */
static inline int64_t job_due(struct op *op, struct uuid id)
{
	struct job job;
	enum error error =
		store_job_first(op, REFRESHING_JOB, lane_of(op, id), &job);

	if (error == ERR_NOT_FOUND)
		return 0;
	must(error);
	return job.due_at;
}

/* The one that waits, at its time. */
static inline struct job claimed(struct op *op, struct uuid id)
{
	const struct job_lane lane = {
		.project_id = op->project_id,
		.lane = lane_of(op, id),
	};
	int64_t due_at = job_due(op, id);
	struct job job;

	if (due_at > op->now)
		op->now = due_at;
	must(job_claim(op, REFRESHING_JOB, &lane, JOB_LEASE_US, &job));
	return job;
}

static inline struct refreshing_try begun(struct op *op, const struct job *job)
{
	struct refreshing_try tried;

	must(refreshing_begin(op, job, &tried));
	return tried;
}

static inline void ended(struct op *op, const struct job *job,
			 const struct refreshing_try *tried, int status,
			 const char *body)
{
	const struct outbound_answer answer = {
		.status = status,
		.failure = status ? NULL : "timed out",
		.body = body,
		.length = strlen(body),
	};
	const struct job_end end = {.what = JOB_DONE};

	must(refreshing_end(op, job, tried, &answer));
	must(job_finish(op, job, &end));
}

/* A whole try that is sent and answered so; 0: not at all. */
static inline struct refreshing_try tried_refresh(struct op *op, struct uuid id,
						  int status, const char *body)
{
	struct job job = claimed(op, id);
	struct refreshing_try ret = begun(op, &job);

	assert_true(ret.is_sent);
	assert_null(ret.lack);
	ended(op, &job, &ret, status, body);
	return ret;
}

/* One for which there is nothing to send. */
static inline void passed_by(struct op *op, const struct job *job)
{
	struct refreshing_try ret = begun(op, job);

	assert_false(ret.is_sent);
	assert_null(ret.lack);
	ended(op, job, &ret, 0, "");
}

static inline const char *kept(struct op *op, struct uuid id, const char *name)
{
	struct credential_list secrets;

	must(credential_use(op, id, &secrets));
	const struct credential *found = credential_find(&secrets, name);
	return found ? (const char *)found->value.bytes : NULL;
}

static inline void asked_for(struct op *op, struct uuid id)
{
	struct refreshing_wait wait;

	must(refreshing_ask(op, id, REFRESH_BY_FORCE, &wait));
	assert_true(wait.waits);
}

#endif
