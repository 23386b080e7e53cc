/* Raising and clearing warnings. */
#include "core/warning.h"

#include <string.h>

#include "core/event.h"
#include "core/store.h"

bool warning_severity_is_known(const char *text)
{
	static const char *const known[] = {"info", "warning", "error",
					    "critical"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], text) == 0)
			return true;
	return false;
}

bool warning_is_told(const char *event_type)
{
	return strcmp(event_type, WARNING_RAISED) == 0 ||
	       strcmp(event_type, WARNING_CLEARED) == 0;
}

/* The subject is the project: a warning has a name, and no id. */
static enum error record(struct op *op, const char *type,
			 const struct warning *warning)
{
	const struct event_fact facts[] = {
		{"name", warning->name, false},
		{"severity", warning->severity, false},
		{"title", warning->title, false},
		{"message", warning->message, false},
		{"environment", warning->environment, false},
		{"raisedAt",
		 arena_printf(&op->arena, "%lld",
			      (long long)warning->raised_at),
		 false},
	};

	return event_record(op, type, "warning", op->project_id, facts,
			    sizeof(facts) / sizeof(*facts), NULL);
}

static enum error refuse_too_many(struct op *op)
{
	int64_t count;

	TRY(store_warning_count(op, &count));
	return count < WARNINGS_MAX ? OK
				    : op_fail(op, ERR_IN_USE,
					      "%d warnings are raised already",
					      WARNINGS_MAX);
}

static enum error raise_new(struct op *op, const struct warning *what,
			    struct warning *ret)
{
	struct warning made = *what;

	TRY(refuse_too_many(op));
	made.raised_at = made.updated_at = op->now;
	TRY(store_warning_add(op, &made));
	TRY(record(op, WARNING_RAISED, &made));
	*ret = made;
	return OK;
}

enum error warning_raise(struct op *op, const struct warning *what,
			 struct warning *ret)
{
	struct warning before, made = *what;
	enum error error = store_warning_get(op, what->name, &before);

	if (error == ERR_NOT_FOUND)
		return raise_new(op, what, ret);
	TRY(error);
	made.raised_at = before.raised_at;
	made.updated_at = op->now;
	TRY(store_warning_change(op, &made));
	if (strcmp(before.severity, made.severity) != 0)
		TRY(record(op, WARNING_RAISED, &made));
	*ret = made;
	return OK;
}

enum error warning_clear(struct op *op, const char *name, struct warning *ret)
{
	enum error error = store_warning_get(op, name, ret);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "no warning %s is raised", name);
	TRY(error);
	TRY(store_warning_remove(op, name));
	return record(op, WARNING_CLEARED, ret);
}

enum error warning_list(struct op *op, struct warning_list *ret)
{
	return store_warning_list(op, ret);
}
