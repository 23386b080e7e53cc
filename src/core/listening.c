/* Whom an event is told to, by the filters of the project's integrations. */
#include "core/listening.h"

#include <string.h>

#include "base/json_member.h"
#include "core/alert.h"
#include "core/delivery.h"
#include "core/event_type.h"
#include "core/store.h"
#include "core/warning.h"

enum { ENVIRONMENTS_MAX = 256, WORD_BYTES_MIN = 3 };

#define HEALTH "health."

static const char *const kinds[] = {"webhook", "script", "fastly"};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* Set before other threads. */
static const struct listening_form *form;
static const char *origin = "";

void listening_set_form(const struct listening_form *its,
			const char *public_url)
{
	form = its;
	origin = public_url ? public_url : "";
}

enum error listening_hook_url(struct op *op, const struct integration *of,
			      const char **ret)
{
	struct project project;

	*ret = NULL;
	if (!form || !form->hook_path || !*origin)
		return OK;
	TRY(project_of_op(op, &project));
	*ret = arena_printf(&op->arena, "%s%s", origin,
			    form->hook_path(op, &project, of));
	return OK;
}

enum error listening_write(struct op *op, const struct activity *activity,
			   const char **ret)
{
	*ret = "{}";
	return form ? form->write(op, activity, origin, ret) : OK;
}

bool listening_hears_activities(const char *kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

bool listening_hears_warnings(const char *kind)
{
	return strncmp(kind, HEALTH, strlen(HEALTH)) == 0;
}

/* A delivery is told to nobody: it would never end. */
static bool is_of_delivery(const char *type)
{
	static const char prefix[] = "integration.";

	if (strncmp(type, prefix, strlen(prefix)) != 0)
		return false;
	type += strlen(prefix);
	return listening_hears_activities(type) ||
	       listening_hears_warnings(type);
}

/* The whole text; each * of the pattern stands for any part of it. */
static bool fits(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

struct words {
	struct json_text *items;
	size_t count;
};

/* Is the text one of those that the list of this name has? */
static bool has(const struct words *words, const char *list, const char *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i].name, list) == 0 &&
		    fits(words->items[i].value, text))
			return true;
	return false;
}

static bool passes_environments(struct op *op, const struct words *words,
				const char *environments)
{
	const char *json =
		arena_printf(&op->arena, "{\"in\":%s}", environments);
	struct json_text names[ENVIRONMENTS_MAX];
	size_t count = json_list_texts(&op->arena, json, strlen(json), "",
				       names, ENVIRONMENTS_MAX);
	bool is_in = !count && has(words, "environments", "");

	for (size_t i = 0; i < count; i++) {
		if (has(words, "excluded_environments", names[i].value))
			return false;
		is_in |= has(words, "environments", names[i].value);
	}
	return is_in;
}

static bool passes_result(struct op *op, const char *settings,
			  const char *result)
{
	const char *wanted = json_member_text(&op->arena, settings,
					      strlen(settings), "result");

	return !wanted || strcmp(wanted, "*") == 0 ||
	       (result && strcmp(wanted, result) == 0);
}

bool listening_passes(struct op *op, const char *settings, const char *type,
		      const struct activity *activity)
{
	struct words words;

	/* "", is the least that one takes */
	size_t most = strlen(settings) / WORD_BYTES_MIN + 1;

	words.items = arena_alloc(&op->arena, most * sizeof(*words.items));
	words.count = json_list_texts(&op->arena, settings, strlen(settings),
				      "", words.items, most);
	return has(&words, "events", type) &&
	       has(&words, "states", activity->state) &&
	       passes_environments(op, &words, activity->environments) &&
	       passes_result(op, settings, activity->result);
}

static bool hears(struct op *op, const struct integration *to, const char *type,
		  const struct activity *activity)
{
	return listening_hears_activities(to->kind) &&
	       listening_passes(op, to->settings, type, activity);
}

static enum error tell_activity(struct op *op, const struct event *event,
				const struct activity *activity,
				const struct integration_list *all,
				bool *ret_is_told)
{
	const char *type = form->type(activity->type);
	const char *body = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct integration *to = &all->items[i];

		if (!hears(op, to, type, activity))
			continue;
		if (!body)
			TRY(listening_write(op, activity, &body));
		TRY(delivery_add_to_listener(op, event, to, type, body));
		*ret_is_told = true;
	}
	return OK;
}

static enum error tell_warning(struct op *op, const struct event *event,
			       const struct integration_list *all,
			       bool *ret_is_told)
{
	for (size_t i = 0; i < all->count; i++)
		if (listening_hears_warnings(all->items[i].kind))
			TRY(alert_send(op, event, &all->items[i], ret_is_told));
	return OK;
}

static enum error tell(struct op *op, const struct event *event,
		       const struct activity *activity, bool is_warning,
		       bool *ret_is_told)
{
	struct integration_list all;

	TRY(store_integration_list(op, INTEGRATION_THIRD_PARTY, &all));
	if (is_warning)
		TRY(tell_warning(op, event, &all, ret_is_told));
	return activity ? tell_activity(op, event, activity, &all, ret_is_told)
			: OK;
}

enum error listening_tell(struct op *op, const struct event *event,
			  bool *ret_is_told)
{
	bool is_warning = warning_is_told(event->type);
	struct activity activity;
	enum error error =
		form ? activity_of_event(op, event, &activity) : ERR_NOT_FOUND;

	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	bool is_heard = error == OK && !is_of_delivery(activity.type);
	if (!is_heard && !is_warning)
		return OK;
	return tell(op, event, is_heard ? &activity : NULL, is_warning,
		    ret_is_told);
}

static bool hears_any(struct op *op, const struct integration *to,
		      const char *const *types, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct activity activity = activity_of_type(types[i]);

		if (event_type_is_change(types[i]) &&
		    hears(op, to, form->type(activity.type), &activity))
			return true;
	}
	return false;
}

enum error listening_targets(struct op *op, const char *const *types,
			     size_t count, struct integration_list *ret)
{
	struct integration_list all = {NULL, 0, 0};
	size_t kept = 0;

	if (form)
		TRY(store_integration_list(op, INTEGRATION_THIRD_PARTY, &all));
	for (size_t i = 0; i < all.count; i++)
		if (hears_any(op, &all.items[i], types, count))
			all.items[kept++] = all.items[i];
	all.count = kept;
	*ret = all;
	return OK;
}

/* The document is what its dialect shows of it. */
enum error listening_begin(struct op *op, const struct integration *to,
			   const char *what, int64_t *ret_number)
{
	struct arena *arena = &op->arena;
	const char *text = json_quote(
		arena, arena_printf(arena, "Telling %s of %s", to->kind, what));
	const struct activity_new new = {
		.type = arena_printf(arena, "integration.%s", to->kind),
		.integration_id = to->id,
		.integration = to->handle,
		.state = ACTIVITY_PENDING,
		.percent = -1,
		.document = arena_printf(
			arena, "{\"description\":%s,\"text\":%s}", text, text),
	};
	struct activity made;

	TRY(activity_begin(op, &new, &made));
	*ret_number = made.number;
	return OK;
}

static enum error go_on(struct op *op, int64_t number,
			const struct activity_new *to)
{
	struct activity activity, changed;
	enum error error =
		number ? activity_get(op, number, &activity) : ERR_NOT_FOUND;

	if (error == ERR_NOT_FOUND ||
	    (error == OK && activity_is_over(&activity)))
		return OK;
	TRY(error);
	return activity_go_on(op, &activity, to, &changed);
}

enum error listening_go_on(struct op *op, int64_t number, const char *line)
{
	const struct activity_new to = {
		.state = ACTIVITY_IN_PROGRESS,
		.percent = -1,
		.log = line,
	};

	return go_on(op, number, &to);
}

enum error listening_end(struct op *op, int64_t number, bool is_success,
			 const char *line)
{
	const struct activity_new to = {
		.state = ACTIVITY_COMPLETE,
		.result = is_success ? ACTIVITY_SUCCESS : ACTIVITY_FAILURE,
		.failure_reason = is_success ? NULL : "error",
		.percent = -1,
		.log = line,
	};

	return go_on(op, number, &to);
}
