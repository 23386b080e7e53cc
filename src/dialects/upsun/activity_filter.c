/* What a list of activities is asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dialects/upsun/upsun.h"

enum { PAGE_MAX = 25 };

static const char *const states[] = {"cancelled", "complete",  "in_progress",
				     "pending",	  "scheduled", "staged",
				     NULL};
static const char *const results[] = {"failure", "success", NULL};

static enum error refuse(struct request *request, const char *name,
			 const char *why)
{
	op_issue(&request->op, "query", name, "%s", why);
	return op_fail(&request->op, ERR_MISSHAPEN, "%s %s", name, why);
}

static bool is_one_of(const char *const *values, const char *text)
{
	for (; *values; values++)
		if (strcmp(*values, text) == 0)
			return true;
	return false;
}

/* A repeatable filter: what was asked for, each between commas. */
static enum error read_choice(struct request *request, const char *name,
			      const char *const *values, const char **ret)
{
	for (size_t i = 0; i < request->arg_count; i++) {
		const struct argument *arg = &request->args[i];

		if (strcmp(arg->name, name) != 0)
			continue;
		if (!is_one_of(values, arg->value))
			return refuse(request, name, "has no such value");
		*ret = arena_printf(&request->op.arena, "%s%s,",
				    *ret ? *ret : ",", arg->value);
	}
	return OK;
}

/*
 * Before which time, as seconds since the epoch or RFC 3339. Clients go on from
 * the last activity they have, some with its fraction cut off: so without one
 * a second is meant to its end.
 */
static enum error read_starts_at(struct request *request, int64_t *ret_before)
{
	const char *text = request_arg(request, "starts_at");
	int64_t time;
	char *end;

	if (!text)
		return OK;
	if (*text >= '0' && *text <= '9' && strlen(text) <= 10) {
		time = strtoll(text, &end, 10) * CLOCK_SECOND;
		if (*end && !clock_parse(text, &time))
			return refuse(request, "starts_at", "is no time");
	} else if (!clock_parse(text, &time)) {
		return refuse(request, "starts_at", "is no time");
	}
	*ret_before = time + (strchr(text, '.') ? 0 : CLOCK_SECOND);
	return OK;
}

enum error upsun_read_activity_filter(struct request *request,
				      struct activity_filter *ret)
{
	int64_t count = PAGE_MAX;

	TRY(read_choice(request, "state", states, &ret->states));
	TRY(read_choice(request, "result", results, &ret->results));
	TRY(read_starts_at(request, &ret->before));
	TRY(request_number(request, "count", 1, INT32_MAX, &count));
	ret->limit = count < PAGE_MAX ? count : PAGE_MAX;
	return OK;
}
