/* Keeping what an installation shows of its operations and pauses. */
#include "core/installation_state.h"

#include <string.h>

#include "core/installation.h"
#include "core/operation.h"
#include "core/store.h"

bool installation_is_troubled(int64_t failures, bool is_paused_by_errors)
{
	return failures >= OPERATION_FAILURES || is_paused_by_errors;
}

enum error installation_state_get(struct op *op, struct uuid id,
				  struct installation_state *ret)
{
	struct installation_state found;
	char text[UUID_TEXT];

	enum error error = store_installation_state(op, id, &found);
	if (error == ERR_NOT_FOUND || (error == OK && !found.is_living)) {
		uuid_format(id, text);
		return op_fail(op, ERR_NOT_FOUND, "there is no installation %s",
			       text);
	}
	TRY(error);
	*ret = found;
	return OK;
}

static bool are_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_troubled(const struct installation_state *state)
{
	return installation_is_troubled(state->failures,
					state->is_paused_by_errors);
}

enum error installation_state_change(struct op *op, struct uuid id,
				     const struct installation_state *was,
				     const struct installation_state *to)
{
	bool shows_the_same =
		are_same(was->operation_status, to->operation_status) &&
		is_troubled(was) == is_troubled(to);

	if (shows_the_same && was->failures == to->failures &&
	    was->is_paused_by_errors == to->is_paused_by_errors)
		return OK;
	TRY(store_installation_state_change(op, id, to));
	return shows_the_same ? OK : installation_renew_document(op, id);
}

enum error installation_state_ended(struct op *op, struct uuid id,
				    bool is_success, bool is_latest)
{
	struct installation_state was, to;

	enum error error = store_installation_state(op, id, &was);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	to = was;
	if (is_latest)
		to.operation_status =
			is_success ? OPERATION_SUCCESS : OPERATION_FAILURE;
	if (is_success)
		to.failures = 0;
	else if (to.failures < OPERATION_FAILURES)
		to.failures++;
	return installation_state_change(op, id, &was, &to);
}
