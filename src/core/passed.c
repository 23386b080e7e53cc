/* What is kept of calls that were passed on. */
#include <string.h>

#include "core/health.h"
#include "core/operation.h"
#include "core/passing.h"

enum { DETAILS = 7 };

static bool is_success(const struct passing_outcome *outcome)
{
	return !outcome->failure && outcome->status < 400;
}

/* Without the query: it may hold a credential, as headers and bodies may. */
static const char *path_of(struct op *op, const struct passing *passing)
{
	const char *target = passing->asked.target;

	return arena_strndup(&op->arena, target, strcspn(target, "?"));
}

static const char *result_of(struct op *op, const struct passing *passing,
			     const struct passing_outcome *outcome)
{
	const char *what =
		arena_printf(&op->arena, "%s %s", passing->asked.method,
			     path_of(op, passing));

	if (outcome->failure)
		return arena_printf(&op->arena, "%s: %s", what,
				    outcome->failure);
	return arena_printf(&op->arena, "%s: %d", what, outcome->status);
}

static enum error log_it(struct op *op, struct uuid id,
			 const struct passing *passing,
			 const struct passing_outcome *outcome)
{
	struct arena *arena = &op->arena;
	const struct operation_detail details[DETAILS] = {
		{"method", passing->asked.method},
		{"path", path_of(op, passing)},
		{"status", arena_printf(arena, "%d", outcome->status)},
		{"sentBytes",
		 arena_printf(arena, "%lld", (long long)outcome->sent)},
		{"receivedBytes",
		 arena_printf(arena, "%lld", (long long)outcome->received)},
		{"tookMicroseconds",
		 arena_printf(arena, "%lld", (long long)outcome->took_us)},
		{"refreshed", outcome->is_refreshed ? "true" : "false"},
	};

	return operation_log(op, id, is_success(outcome) ? "INFO" : "ERROR",
			     "passed on to the provider", outcome->failure,
			     details, DETAILS);
}

/*
 * What a success or a refusal says of the credentials; of tokens that can be
 * refreshed, a refresh says it.
 */
static const char *status_by(const struct passing *passing,
			     const struct passing_outcome *outcome)
{
	if (is_success(outcome))
		return "working";
	return outcome->status == 401 && !passing->token ? "bad_credentials"
							 : NULL;
}

enum error passing_record(struct op *op, const struct passing *passing,
			  const struct passing_outcome *outcome)
{
	const struct operation_new new = {
		.installation_id = passing->installation_id,
		.action = PASSING_ACTION,
	};
	const struct operation_outcome how = {
		.is_success = is_success(outcome),
		.result = result_of(op, passing, outcome),
	};
	struct operation operation;

	const char *status = status_by(passing, outcome);

	if (status)
		TRY(health_seen(op, passing->connection_id, status,
				"401 of a call that was passed on"));
	TRY(operation_record(op, &new, &how, &operation));
	return log_it(op, operation.id, passing, outcome);
}
