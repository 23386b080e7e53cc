/*
 * What moves records: this version does not, and says so when all that was
 * asked is right.
 */
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "core/customer.h"
#include "dialects/ampersand/ampersand.h"

enum { BATCH_MAX = 100, HOURS_MAX = 48, MINUTES_MAX = 1440 };

static void check_one_of(const struct body_reader *in, const char *name,
			 bool is_required, const char *const *values)
{
	const char *text = body_string(in, name, is_required, AMP_NAME_MAX);
	const char *all = "must be one of";

	if (!text)
		return;
	for (; *values; values++) {
		if (strcmp(text, *values) == 0)
			return;
		all = arena_printf(&in->op->arena, "%s %s", all, *values);
	}
	body_misshapen(in, name, all);
}

/* Each of a list of objects; `check` may be NULL. How many there are. */
static size_t check_list(const struct body_reader *in, const char *name,
			 void (*check)(const struct body_reader *in))
{
	const json_t *list = json_object_get(in->object, name);
	const json_t *one;
	size_t i;

	if (!list || json_is_null(list))
		return 0;
	if (!json_is_array(list))
		body_misshapen(in, name, "must be a list");
	json_array_foreach (list, i, one) {
		const char *at =
			arena_printf(&in->op->arena, "%s[%zu]", name, i);
		struct body_reader inside = body_inside(in, at, one);

		if (!json_is_object(one))
			body_misshapen(in, at, "must be an object");
		else if (check)
			check(&inside);
	}
	return json_array_size(list);
}

static void check_number(const struct body_reader *in, const char *name,
			 bool is_required, int64_t least, int64_t most)
{
	if (is_required && !json_object_get(in->object, name))
		body_misshapen(in, name, "is required");
	(void)body_number(in, name, least, most, least);
}

static void check_time(const struct body_reader *in, const char *name)
{
	const char *text = body_string(in, name, false, AMP_NAME_MAX);
	int64_t ignored;

	if (text && !clock_parse(text, &ignored))
		body_misshapen(in, name, "must be a time (RFC 3339)");
}

/* All that these routes have in common but the body. */
static enum error begin(struct request *request)
{
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	return amp_find_its_integration(request);
}

static enum error end(struct request *request, const char *group,
		      const char *what)
{
	struct installation_view view;

	TRY(amp_find_installed(request, group, &view));
	return op_fail(&request->op, ERR_UNSUPPORTED,
		       "this version does not %s", what);
}

enum error amp_trigger_read(struct request *request)
{
	static const char *const modes[] = {"async", NULL};
	struct body_reader in;

	TRY(begin(request));
	TRY(body_read(request, &in));
	const char *group = body_string(&in, "groupRef", true, AMP_REF_MAX);
	check_one_of(&in, "mode", true, modes);
	check_time(&in, "sinceTimestamp");
	check_time(&in, "untilTimestamp");
	TRY(amp_body_done(&in));
	return end(request, group, "read records");
}

enum error amp_deliver_results(struct request *request)
{
	struct body_reader in;

	TRY(begin(request));
	TRY(body_read(request, &in));
	const char *group = body_string(&in, "groupRef", true, AMP_REF_MAX);
	check_number(&in, "pages", true, 0, INT64_MAX);
	TRY(amp_body_done(&in));
	return end(request, group, "deliver records");
}

static void check_record(const struct body_reader *in)
{
	(void)body_object(in, "record", true);
	(void)check_list(in, "associations", NULL);
}

static void check_header(const struct body_reader *in)
{
	(void)body_string(in, "key", false, AMP_NAME_MAX);
	(void)body_string(in, "value", false, AMP_TEXT_MAX);
}

static void check_policies(const struct body_reader *in)
{
	const json_t *retry = body_object(in, "retryPolicy", false);
	const json_t *automatic = body_object(in, "autoBatchPolicy", false);
	const json_t *batch = body_object(in, "batchPolicy", false);
	struct body_reader r = body_inside(in, "retryPolicy", retry);
	struct body_reader a = body_inside(in, "autoBatchPolicy", automatic);
	struct body_reader b = body_inside(in, "batchPolicy", batch);

	check_number(&r, "deadlineHours", false, 1, HOURS_MAX);
	if (automatic)
		check_number(&a, "maxDelayMinutes", true, 1, MINUTES_MAX);
	check_number(&a, "retryDeadlineHours", false, 1, HOURS_MAX);
	(void)body_bool(&b, "allOrNone");
}

enum error amp_write_records(struct request *request)
{
	static const char *const types[] = {"create", "update", "delete", NULL};
	static const char *const modes[] = {"synchronous", "asynchronous",
					    NULL};
	struct body_reader in;

	TRY(begin(request));
	TRY(body_read(request, &in));
	const char *group = body_string(&in, "groupRef", true, AMP_REF_MAX);
	check_one_of(&in, "type", true, types);
	check_one_of(&in, "mode", false, modes);
	check_policies(&in);
	(void)body_object(&in, "record", false);
	(void)check_list(&in, "associations", NULL);
	(void)check_list(&in, "headers", check_header);
	size_t count = check_list(&in, "batch", check_record);
	const json_t *batch = json_object_get(in.object, "batch");
	if (json_is_array(batch) && (!count || count > BATCH_MAX))
		body_misshapen(&in, "batch", "must hold 1 to 100 records");
	TRY(amp_body_done(&in));
	return end(request, group, "write records");
}

static void check_filter(const struct body_reader *in)
{
	static const char *const operators[] = {"eq", NULL};
	const json_t *value = json_object_get(in->object, "value");

	(void)body_string(in, "fieldName", true, AMP_NAME_MAX);
	check_one_of(in, "operator", true, operators);
	if (!json_is_string(value) && !json_is_boolean(value) &&
	    !json_is_number(value))
		body_misshapen(in, "value",
			       "must be a string, a number, true or false");
}

enum error amp_search_records(struct request *request)
{
	struct body_reader in;
	const char *group;

	TRY(begin(request));
	TRY(amp_group_of_query(request, &group));
	TRY(customer_may_make(&request->op, group, NULL));
	TRY(body_read(request, &in));
	(void)body_string(&in, "objectName", true, AMP_NAME_MAX);
	if (!json_object_get(in.object, "fieldFilters"))
		body_misshapen(&in, "fieldFilters", "is required");
	(void)check_list(&in, "fieldFilters", check_filter);
	TRY(amp_body_done(&in));
	return end(request, group, "search records");
}
