/* Activities as those see them who listen to a project's. */
#include "core/listening.h"

#include "dialects/upsun/upsun.h"

/* An event's payload with what is around it, twice. */
enum { ACTIVITY_MAX = 34 * 1024 * 1024 };

static enum error write(struct op *op, const struct activity *activity,
			const char *origin, const char **ret)
{
	struct project project;
	struct buf text;

	TRY(project_of_op(op, &project));
	const struct upsun_reader reader = {origin, &project, false};
	buf_init(&text, ACTIVITY_MAX);
	struct json_writer w = json_writer_on(&text);
	enum error error =
		upsun_write_activity(op, &w, &reader, NULL, activity);
	bool fits = !text.is_overfull;
	if (error == OK && fits)
		*ret = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	TRY(error);
	return fits ? OK
		    : op_fail(op, ERR_TOO_LARGE, "an activity is too large");
}

static const char *hook_path(struct op *op, const struct project *project,
			     const struct integration *of)
{
	return arena_printf(&op->arena, "%s/hook",
			    upsun_integration_path(op, project, of));
}

const struct listening_form upsun_listening = {upsun_activity_type, write,
					       hook_path};
