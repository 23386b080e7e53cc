/* A new configuration for one installation, and for all at once. */
#include "core/reconfigure.h"

#include <string.h>

#include "base/json_member.h"
#include "base/json_patch.h"
#include "base/json_write.h"
#include "core/customer.h"
#include "core/event.h"
#include "core/job.h"
#include "core/store.h"

enum { BATCH = 64, PAYLOAD_MAX = 4 * 1024 * 1024 };

static bool has_new_config(const struct installation_view *now,
			   const struct installation_change *to)
{
	return (to->content && strcmp(to->content, now->config.content) != 0) ||
	       (to->created_by &&
		strcmp(to->created_by, now->config.created_by) != 0);
}

static struct config next_config(const struct op *op, const struct config *now,
				 const struct installation_change *to)
{
	return (struct config){
		.id = uuid_make(op->now),
		.revision_id = uuid_is_nil(to->revision_id) ? now->revision_id
							    : to->revision_id,
		.content = to->content ? to->content : now->content,
		.created_by = to->created_by ? to->created_by : to->caller,
		.created_at = op->now,
	};
}

static enum error record(struct op *op, const struct integration *of,
			 const struct installation_view *now,
			 const struct installation_view *before)
{
	const struct event_fact facts[] = {
		{"integration", of->handle, false},
		{"groupRef", now->group.ref, false},
		{"config", now->config.content, true},
		{"lastConfig", before->config.content, true},
	};

	return event_record(op, "installation.updated", "installation",
			    now->installation.id, facts, 4, NULL);
}

enum error installation_update(struct op *op, const struct integration *of,
			       const struct installation_view *now,
			       const struct installation_change *to,
			       struct installation_view *ret)
{
	struct installation_view view = *now;
	bool has_config = has_new_config(now, to);

	TRY(customer_may_sign(op, to->created_by));
	if (!uuid_is_nil(to->connection_id))
		TRY(installation_connection(op, of, now->group.ref,
					    to->connection_id,
					    &view.connection));
	view.installation.connection_id = view.connection.connection.id;
	if (!has_config && uuid_equal(view.installation.connection_id,
				      now->installation.connection_id)) {
		*ret = *now;
		return OK;
	}
	if (has_config) {
		view.config = next_config(op, &now->config, to);
		TRY(store_past_config_add(op, view.installation.id));
	}
	view.installation.updated_at = op->now;
	TRY(store_installation_change(op, &view.installation, &view.config));
	TRY(record(op, of, &view, now));
	return installation_find(op, view.installation.id, ret);
}

static enum error go_on_later(struct op *op, struct uuid integration_id,
			      const struct reconfiguring *what)
{
	struct buf payload;

	buf_init(&payload, PAYLOAD_MAX);
	struct json_writer w = json_writer_on(&payload);
	json_begin_object(&w, NULL);
	json_put_raw(&w, "patch", what->patch);
	json_put_string(&w, "caller", what->caller);
	json_put_uuid(&w, "after", what->after);
	json_end_object(&w);
	const struct job_new job = {
		.kind = JOB_RECONFIGURE,
		.subject_id = integration_id,
		.payload = arena_strdup(&op->arena, buf_cstr(&payload)),
	};
	bool is_cut = payload.is_overfull;
	buf_release(&payload);
	if (is_cut)
		return op_fail(op, ERR_TOO_LARGE,
			       "this changes too much at once");
	return job_add(op, &job, NULL);
}

static enum error change_one(struct op *op, const struct integration *of,
			     const struct reconfiguring *what, struct uuid id)
{
	struct installation_change to = {.caller = what->caller};
	struct installation_view view;

	TRY(installation_find(op, id, &view));
	to.content =
		json_patch_text(&op->arena, view.config.content, what->patch);
	return installation_update(op, of, &view, &to, &view);
}

/* One batch; `*ret_is_done`: it was the last. */
static enum error change_some(struct op *op, const struct integration *of,
			      struct reconfiguring *what, bool *ret_is_done)
{
	struct uuid ids[BATCH];
	size_t count;

	TRY(store_installation_page(op, of->id, what->after, BATCH, ids,
				    &count));
	for (size_t i = 0; i < count; i++)
		TRY(change_one(op, of, what, ids[i]));
	*ret_is_done = count < BATCH;
	if (count)
		what->after = ids[count - 1];
	return OK;
}

enum error reconfigure_all(struct op *op, const struct integration *of,
			   const char *patch, const char *caller)
{
	struct reconfiguring what = {.patch = patch, .caller = caller};
	bool is_done = false;

	for (int64_t seen = 0; !is_done && seen < op->batch_over; seen += BATCH)
		TRY(change_some(op, of, &what, &is_done));
	return is_done ? OK : go_on_later(op, of->id, &what);
}

enum error reconfigure_go_on(struct op *op, struct uuid integration_id,
			     const char *payload)
{
	struct arena *arena = &op->arena;
	size_t length = strlen(payload);
	struct reconfiguring what = {
		.patch = json_member(arena, payload, length, "patch"),
		.caller = json_member(arena, payload, length, "caller"),
	};
	const char *after = json_member(arena, payload, length, "after");
	struct integration of;
	bool is_done = false;

	if (!what.patch || !what.caller || !after ||
	    !uuid_parse(after, &what.after))
		return op_fail(op, ERR_INTERNAL, "a job's payload is damaged");
	enum error error =
		integration_get(op, INTEGRATION_MANIFEST, integration_id, &of);
	if (error == ERR_NOT_FOUND)
		return OK; /* deleted meanwhile, with its installations */
	TRY(error);
	TRY(change_some(op, &of, &what, &is_done));
	return is_done ? OK : go_on_later(op, integration_id, &what);
}
