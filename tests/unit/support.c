/* The store, and the makers of things. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/event.h"
#include "core/group.h"
#include "core/master_key.h"
#include "core/store.h"
#include "engine.h"

static void begin(struct store *store)
{
	must(db_begin(store->writer));
	store->op.session = store->writer;
}

int store_make(void **state)
{
	struct store *store = calloc(1, sizeof(*store));
	struct key master;

	assert_non_null(store);
	assert_true(seal_start());
	key_make(&master);
	keyring_init(&store->keys, &master);
	engine_make(store);
	op_init(&store->op, &store->keys, START);
	begin(store);
	must(master_key_load(&store->op, &store->keys));
	must(project_found(&store->op, "acme", "my-project", "My Project",
			   &store->project));
	*state = store;
	return 0;
}

int store_drop(void **state)
{
	struct store *store = *state;

	if (store->reading) {
		op_release(&store->reader);
		db_session_close(store->reading);
	}
	db_rollback(store->writer);
	op_release(&store->op);
	db_session_close(store->writer);
	db_close(store->db);
	keyring_release(&store->keys);
	engine_drop(store);
	free(store);
	return 0;
}

void store_commit(struct store *store)
{
	must(db_commit(store->writer));
	begin(store);
}

void store_undo(struct store *store)
{
	db_rollback(store->writer);
	begin(store);
}

struct op *store_read(struct store *store)
{
	if (!store->reading) {
		must(db_session_open(store->db, DB_READ, &store->reading));
		op_init(&store->reader, &store->keys, store->op.now);
	}
	op_reset(&store->reader, store->op.now);
	must(db_begin(store->reading));
	store->reader.session = store->reading;
	store->reader.project_id = store->project.id;
	return &store->reader;
}

void store_read_end(struct store *store)
{
	must(db_commit(store->reading));
}

void store_script(struct store *store, const char *sql)
{
	must(db_script(store->writer, engine_sql(sql)));
	store->writer->has_entered = false; /* it was of the whole store */
}

int64_t store_number(struct store *store, const char *sql)
{
	store_commit(store);
	return engine_number(store, sql);
}

bool store_files_hold(struct store *store, const char *bytes)
{
	store_commit(store);
	return engine_holds(store, bytes);
}

struct project make_project(struct op *op, const char *organization,
			    const char *name)
{
	struct uuid own = op->project_id;
	struct project project;

	must(project_found(op, organization, name, name, &project));
	op->project_id = own;
	return project;
}

void move_to(struct op *op, struct project project)
{
	op->project_id = project.id;
}

struct principal *make_principal(struct op *op, const struct project *project,
				 enum role role)
{
	struct principal *made = arena_alloc(&op->arena, sizeof(*made));

	made->organization_id = project->organization_id;
	made->project_id = project->id;
	made->role = role;
	return made;
}

struct builder ask_as(struct op *op, const struct project *project,
		      const char *email)
{
	struct principal *who = make_principal(op, project, ROLE_ADMIN);
	struct builder builder;

	must(builder_ensure(op, email, &builder));
	who->builder_id = builder.id;
	op->principal = who;
	return builder;
}

static struct connection_view connect_by(struct op *op, const char *group,
					 const char *provider,
					 const char *auth_scheme,
					 const struct new_credential *secrets,
					 size_t secret_count)
{
	const struct connection_new new = {
		.provider = provider,
		.auth_scheme = auth_scheme,
		.workspace_ref = "acme",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = group,
		.parties.consumer_ref =
			arena_printf(&op->arena, "%s-user", group),
		.secrets = secrets,
		.secret_count = secret_count,
	};
	struct connection_view view;

	must(connection_create(op, &new, &view));
	return view;
}

struct connection_view connect_group(struct op *op, const char *group,
				     const char *provider)
{
	const struct new_credential secrets[] = {
		{"api_key", arena_printf(&op->arena, "key-of-%s", group), 0}};

	return connect_by(op, group, provider, "apiKey", secrets, 1);
}

struct uuid connect_grant(struct op *op, const char *group,
			  const char *provider,
			  const struct new_credential *secrets,
			  size_t secret_count)
{
	return connect_by(op, group, provider, "oauth2/authorizationCode",
			  secrets, secret_count)
		.connection.id;
}

struct integration offer(struct op *op, const char *name, const char *provider)
{
	struct integration integration;
	struct revision revision;

	must(integration_upsert(op, name, provider, "1.0.0", "{\"first\":1}",
				&integration, &revision));
	return integration;
}

struct installation_view install(struct op *op, const struct integration *of,
				 const char *group,
				 const struct connection_view *through)
{
	const struct installation_new new = {
		.group_ref = group,
		.connection_id =
			through ? through->connection.id : (struct uuid){{0}},
		.content = "{\"read\":{}}",
		.created_by = "api:create-installation",
	};
	struct installation_view view;

	must(installation_create(op, of, &new, &view));
	return view;
}

static struct event_list events_of(struct op *op, const char *type)
{
	const struct event_filter filter = {.type = type, .limit = 100000};
	struct event_list events;

	must(event_list(op, &filter, &events));
	return events;
}

size_t event_count(struct op *op, const char *type)
{
	return events_of(op, type).count;
}

bool has_event(struct op *op, const char *type, struct uuid subject_id)
{
	struct event_list events = events_of(op, type);

	for (size_t i = 0; i < events.count; i++)
		if (uuid_equal(events.items[i].subject_id, subject_id))
			return true;
	return false;
}

const char *payload_of(struct op *op, const char *type)
{
	struct event_list events = events_of(op, type);

	assert_true(events.count > 0);
	return events.items[0].payload;
}

enum error steps_of(struct op *op, struct uuid deletion_id,
		    struct step_list *ret)
{
	struct uuid more;

	return receipt_steps(op, deletion_id, (struct uuid){{0}}, ret, &more);
}
