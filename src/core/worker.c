/* Workers come, and say that they are there. They go in undeploying.c. */
#include "core/worker.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/deployment.h"
#include "core/environment.h"
#include "core/event.h"
#include "core/store.h"
#include "core/worker_ending.h"

enum { AWAY_S = 3 * WORKER_HEARTBEAT_S };

static enum error explain_missing(struct op *op, enum error error,
				  struct uuid id)
{
	char text[UUID_TEXT];

	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no worker %s", text);
	}
	return error;
}

enum error worker_get(struct op *op, struct uuid id, struct worker *ret)
{
	return explain_missing(op, store_worker_get(op, id, ret), id);
}

enum error worker_list(struct op *op, struct uuid after, int64_t limit,
		       struct worker_list *ret)
{
	return store_worker_list(op, after, limit, ret);
}

enum error worker_count(struct op *op, struct uuid id,
			struct worker_counts *ret)
{
	return store_worker_counts(op, id, ret);
}

static const char *without_slash(struct op *op, const char *url)
{
	size_t length = strlen(url);

	while (length && url[length - 1] == '/')
		length--;
	return arena_strndup(&op->arena, url, length);
}

/* The known one, or a new one. */
static enum error settle(struct op *op, const struct environment *of,
			 const char *name, const char *url, struct worker *ret)
{
	struct worker worker;

	enum error error = store_worker_find(op, of->id, name, &worker);
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	if (error == ERR_NOT_FOUND)
		worker = (struct worker){
			.id = uuid_make(op->now),
			.environment_id = of->id,
			.environment = of->name,
			.name = name,
			.created_at = op->now,
		};
	worker.url = without_slash(op, url);
	worker.seen_at = op->now;
	*ret = worker;
	return error == OK ? store_worker_seen(op, ret)
			   : store_worker_add(op, ret);
}

enum error worker_register(struct op *op, const char *environment,
			   const char *name, const char *url,
			   struct worker *ret)
{
	struct environment of;
	struct worker worker;

	TRY(environment_find(op, environment, &of));
	TRY(settle(op, &of, name, url, &worker));
	TRY(worker_replace_others(op, &worker));
	TRY(deploy_all(op, &worker));
	const struct event_fact facts[] = {
		{"environment", of.name, false},
		{"name", name, false},
		{"url", worker.url, false},
	};
	TRY(event_record(op, "worker.registered", "worker", worker.id, facts, 3,
			 NULL));
	*ret = worker;
	return OK;
}

enum error worker_heartbeat(struct op *op, struct uuid id, bool again,
			    struct worker *ret)
{
	struct worker worker;

	TRY(worker_get(op, id, &worker));
	if (again || op->now - worker.seen_at > AWAY_S * CLOCK_SECOND)
		TRY(deployment_try_again(op, id));
	worker.seen_at = op->now;
	TRY(store_worker_seen(op, &worker));
	*ret = worker;
	return OK;
}

void worker_key(const struct op *op, const char *url,
		char ret_text[static WORKER_KEY_TEXT])
{
	char project[UUID_TEXT], text[WORKER_URL_MAX + UUID_TEXT + 16];

	uuid_format(op->project_id, project);
	(void)snprintf(text, sizeof(text), "worker key\n%s\n%s", project, url);
	struct digest key = digest_make(&op->keys->sign, text, strlen(text));
	sodium_bin2hex(ret_text, WORKER_KEY_TEXT, key.bytes, DIGEST_BYTES);
}
