/* Making, changing and deleting provider apps. */
#include "core/provider_app.h"

#include <string.h>

#include "core/blocker.h"
#include "core/credential.h"
#include "core/event.h"
#include "core/store.h"

enum error provider_app_get(struct op *op, struct uuid id,
			    struct provider_app *ret)
{
	enum error error = store_provider_app_get(op, id, ret);
	char text[UUID_TEXT];

	if (error == ERR_NOT_FOUND) {
		uuid_format(id, text);
		op_explain(op, "there is no provider app %s", text);
	}
	return error;
}

enum error provider_app_list(struct op *op, struct provider_app_list *ret)
{
	return store_provider_app_list(op, ret);
}

static enum error record(struct op *op, const char *type,
			 const struct provider_app *app)
{
	const struct event_fact facts[] = {
		{"provider", app->provider, false},
		{"clientId", app->client_id, false},
		{"externalRef", app->external_ref, false},
	};

	return event_record(op, type, "provider_app", app->id, facts, 3, NULL);
}

enum error provider_app_create(struct op *op, const struct provider_app *new,
			       const char *client_secret,
			       struct provider_app *ret)
{
	struct provider_app made = *new;

	made.id = uuid_make(op->now);
	made.created_at = op->now;
	made.updated_at = 0;
	TRY(store_provider_app_add(op, &made));
	TRY(credential_put(op, made.id, PROVIDER_APP_SECRET, client_secret, 0));
	TRY(record(op, "provider_app.created", &made));
	*ret = made;
	return OK;
}

/* As one that is to be deleted. */
static enum error refuse_if_used(struct op *op, const struct provider_app *app)
{
	const struct deletion_terms terms = {.force = false};
	const struct thing thing = {
		.kind = THING_PROVIDER_APP,
		.id = app->id,
	};

	return blocker_refuse(op, &thing, &terms);
}

enum error provider_app_update(struct op *op, const struct provider_app *to,
			       const char *client_secret,
			       struct provider_app *ret)
{
	struct provider_app was, made = *to;

	TRY(provider_app_get(op, to->id, &was));
	if (strcmp(was.provider, to->provider) != 0)
		TRY(refuse_if_used(op, to));
	made.created_at = was.created_at;
	made.updated_at = op->now;
	TRY(store_provider_app_change(op, &made));
	TRY(store_documents_of_provider_app(op, made.id));
	if (client_secret)
		TRY(credential_put(op, made.id, PROVIDER_APP_SECRET,
				   client_secret, 0));
	TRY(record(op, "provider_app.updated", &made));
	*ret = made;
	return OK;
}

enum error provider_app_erase(struct op *op, struct uuid id)
{
	struct provider_app app;

	TRY(provider_app_get(op, id, &app));
	TRY(credential_drop(op, id, NULL));
	TRY(store_provider_app_remove(op, id));
	TRY(store_documents_of_provider_app(op, id));
	return record(op, "provider_app.deleted", &app);
}
