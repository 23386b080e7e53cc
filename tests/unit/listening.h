/* Integrations that listen, for the tests of what they are told. */
#ifndef CLEAT_TESTS_UNIT_LISTENING_H
#define CLEAT_TESTS_UNIT_LISTENING_H

#include "deliveries.h"

#include "core/activity.h"
#include "core/listening.h"
#include "core/warning.h"

static inline struct integration listener(struct op *op, const char *kind,
					  const char *settings,
					  const char *secret, const char *value)
{
	const struct integration new = {.family = INTEGRATION_THIRD_PARTY,
					.kind = kind,
					.title = "",
					.settings = settings};
	const struct new_credential secrets[] = {{secret, value, 0}};
	struct integration made;

	must(integration_create(op, &new, secrets, secret ? 1 : 0, &made));
	return made;
}

static inline const char *type_as_it_is(const char *type)
{
	return type;
}

static inline enum error write_type(struct op *op,
				    const struct activity *activity,
				    const char *origin, const char **ret)
{
	*ret = arena_printf(&op->arena, "{\"type\":\"%s\",\"at\":\"%s\"}",
			    activity->type, origin);
	return OK;
}

static const struct listening_form plain_form = {type_as_it_is, write_type,
						 NULL};

/* An activity that is over, of these environments. */
static inline struct activity push(struct op *op, const char *environments)
{
	const struct activity_new new = {.type = "environment.push",
					 .environments = environments,
					 .percent = -1};
	struct activity made;

	must(activity_begin(op, &new, &made));
	return made;
}

static inline void warn(struct op *op, const char *name, const char *severity)
{
	const struct warning what = {.name = name,
				     .severity = severity,
				     .title = "Full <&>",
				     .message = "m",
				     .environment = "main"};
	struct warning made;

	must(warning_raise(op, &what, &made));
}

/* The newest activity of an integration. */
static inline struct activity activity_of(struct op *op, struct uuid id)
{
	const struct activity_filter filter = {.integration_id = id,
					       .limit = 1};
	struct activity_list list;

	must(activity_list(op, &filter, &list));
	assert_int_equal(list.count, 1);
	return list.items[0];
}

#endif
