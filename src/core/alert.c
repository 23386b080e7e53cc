/* From a warning's event to the deliveries that tell of it. */
#include "core/alert.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "core/delivery.h"
#include "core/organization.h"
#include "core/store.h"
#include "core/warning.h"

enum { BODY_MAX = 128 * 1024 };

static void add(struct op *op, struct alert_recipients *to, const char *address)
{
	const char *text = arena_lower(&op->arena, address);

	for (size_t i = 0; i < to->count; i++)
		if (strcmp(to->items[i], text) == 0)
			return;
	if (to->count < ALERT_RECIPIENTS_MAX)
		to->items[to->count++] = text;
}

/* Whose address is not known can't be told. */
static enum error add_people(struct op *op, struct alert_recipients *to,
			     bool owners_only)
{
	struct project project;
	struct builder_list people;
	struct membership as;

	TRY(project_of_op(op, &project));
	TRY(organization_builders(op, project.organization_id, &people));
	for (size_t i = 0; i < people.count; i++) {
		const struct builder *one = &people.items[i];

		TRY(store_membership_get(op, project.organization_id, one->id,
					 &as));
		if (one->email && (as.is_owner || !owners_only))
			add(op, to, one->email);
	}
	return OK;
}

enum error alert_recipients(struct op *op, const char *settings,
			    struct alert_recipients *ret)
{
	struct json_text named[ALERT_RECIPIENTS_MAX];
	size_t count = json_list_texts(&op->arena, settings, strlen(settings),
				       "", named, ALERT_RECIPIENTS_MAX);

	ret->count = 0;
	for (size_t i = 0; i < count; i++) {
		const char *who = named[i].value;

		if (strcmp(named[i].name, "recipients") != 0)
			continue;
		if (strcmp(who, ALERT_ADMINS) == 0)
			TRY(add_people(op, ret, true));
		else if (strcmp(who, ALERT_VIEWERS) == 0)
			TRY(add_people(op, ret, false));
		else
			add(op, ret, who);
	}
	return OK;
}

static const char *fact(struct op *op, const struct event *event,
			const char *name)
{
	return json_member_text(&op->arena, event->payload,
				strlen(event->payload), name);
}

static void put_alert(struct op *op, struct json_writer *w,
		      const struct event *event, const struct project *project)
{
	bool is_raised = strcmp(event->type, WARNING_RAISED) == 0;
	const char *raised_at = fact(op, event, "raisedAt");

	json_put_string(w, "state", is_raised ? "raised" : "cleared");
	json_put_string(w, "name", fact(op, event, "name"));
	json_put_string(w, "severity", fact(op, event, "severity"));
	json_put_string(w, "title", fact(op, event, "title"));
	json_put_string(w, "message", fact(op, event, "message"));
	json_put_string(w, "environment", fact(op, event, "environment"));
	json_put_string(w, "project", project->short_id);
	json_put_string(w, "project_title", project->title);
	json_put_time(w, "raised_at",
		      raised_at ? strtoll(raised_at, NULL, 10) : 0);
	json_put_time(w, "cleared_at", is_raised ? 0 : event->created_at);
}

/* `to` is an address, "" when there is none, or NULL: it goes by no mail. */
static enum error write_body(struct op *op, const struct event *event,
			     const char *to, const char **ret)
{
	struct project project;
	struct buf text;

	TRY(project_of_op(op, &project));
	buf_init(&text, BODY_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	if (to)
		json_put_string(&w, "to", to);
	put_alert(op, &w, event, &project);
	json_end_object(&w);
	*ret = arena_strdup(&op->arena, buf_cstr(&text));
	bool is_cut = text.is_overfull;
	buf_release(&text);
	return is_cut ? op_fail(op, ERR_TOO_LARGE, "an alert is too large")
		      : OK;
}

static enum error send(struct op *op, const struct event *event,
		       const struct integration *to, const char *address)
{
	const char *body, *name = fact(op, event, "name");

	TRY(write_body(op, event, address, &body));
	return delivery_add_to_listener(
		op, event, to,
		arena_printf(&op->arena, "%s %s", event->type, name), body);
}

enum error alert_send(struct op *op, const struct event *event,
		      const struct integration *to, bool *ret_is_told)
{
	struct alert_recipients by_mail;

	*ret_is_told = true;
	if (strcmp(to->kind, "health.email") != 0)
		return send(op, event, to, NULL);
	TRY(alert_recipients(op, to->settings, &by_mail));
	if (!by_mail.count) /* it fails, and says so */
		return send(op, event, to, "");
	for (size_t i = 0; i < by_mail.count; i++)
		TRY(send(op, event, to, by_mail.items[i]));
	return OK;
}
