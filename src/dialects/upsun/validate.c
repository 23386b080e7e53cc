/* Trying an integration: the request waits for a job that does. */
#include <string.h>

#include "core/principal.h"
#include "core/validation.h"
#include "dialects/upsun/upsun.h"

static enum error has_ended(struct request *request, bool *ret)
{
	const struct activity *kept = request->kept;
	struct activity now;
	enum error error = activity_get(&request->op, kept->number, &now);

	*ret = error == ERR_NOT_FOUND ||
	       (error == OK && activity_is_over(&now));
	return error == ERR_NOT_FOUND ? OK : error;
}

static enum error begin(struct request *request,
			const struct integration *integration)
{
	struct activity *kept = arena_alloc(&request->op.arena, sizeof(*kept));

	TRY(validation_begin(&request->op, integration, kept));
	request->kept = kept;
	request->is_over = has_ended;
	request->waits_us = VALIDATION_WAIT_US;
	return OK;
}

enum error upsun_validate_integration(struct request *request)
{
	struct project project;
	struct integration integration;
	struct activity activity;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(upsun_find_integration(request, &integration));
	if (!request->kept)
		return begin(request, &integration);
	TRY(validation_outcome(&request->op,
			       ((const struct activity *)request->kept)->number,
			       &activity));
	return upsun_write_activity_result(request, 200, &project, &activity);
}
