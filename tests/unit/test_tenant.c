/* core: what belongs to another project is unknown in this one. */
#include "support.h"

#include "core/restore.h"
#include "core/store.h"
#include "core/access_token.h"
#include "core/deletion.h"

/* One of everything, made in the project that the op then leaves. */
struct foreign {
	struct integration manifest, http;
	struct connection_view connection;
	struct connection target;
	struct installation_view installation;
	struct access_token token;
	struct event event;
};

static struct foreign make_foreign(struct store *s)
{
	const struct integration http = {.family = INTEGRATION_HTTP,
					 .handle = "rates",
					 .kind = "http",
					 .title = "",
					 .settings = "{}"};
	const struct connection target = {
		.kind = "email", .name = "mail", .settings = "{}"};
	const struct access_token_new token = {
		.kind = TOKEN_AMPERSAND, .label = "", .scopes = ""};
	struct project here = make_project(&s->op, "acme", "here");
	struct op *op = &s->op;
	char text[TOKEN_TEXT];
	struct foreign f;

	f.manifest = offer(op, "sync", "stripe");
	f.connection = connect_group(op, "acme", "stripe");
	f.installation = install(op, &f.manifest, "acme", NULL);
	must(integration_create(op, &http, NULL, 0, &f.http));
	must(target_create(op, &target, NULL, 0, &f.target));
	must(access_token_create(op, &token, &f.token, text));
	must(event_record(op, "a", "x", s->project.id, NULL, 0, &f.event));
	move_to(op, here);
	return f;
}

#define must_not_know(expression) must_fail(expression, ERR_NOT_FOUND)

static void nothing_foreign_is_shown(void **state)
{
	struct store *s = *state;
	struct foreign f = make_foreign(s);
	struct op *op = &s->op;
	struct installation_view installation;
	struct integration integration;
	struct connection_view view;
	struct connection target;
	struct revision revision;
	struct access_token token;
	struct event event;

	must_not_know(integration_get(op, INTEGRATION_MANIFEST, f.manifest.id,
				      &integration));
	must_not_know(integration_find(op, INTEGRATION_MANIFEST, "sync",
				       &integration));
	must_not_know(revision_get(op, f.manifest.revision_id, &revision));
	must_not_know(connection_get(op, f.connection.connection.id, &view));
	must_not_know(store_connection_default(op, f.connection.group.id,
					       "stripe", &view));
	must_not_know(target_find(op, "mail", &target));
	must_not_know(installation_find(op, f.installation.installation.id,
					&installation));
	must_not_know(installation_get(op, f.manifest.id,
				       f.installation.installation.id,
				       &installation));
	must_not_know(
		access_token_find(op, TOKEN_AMPERSAND, f.token.handle, &token));
	must_not_know(event_get(op, f.event.number, &event));
}

static enum error visit(void *context, struct op *op, struct uuid id,
			const char *document, size_t length)
{
	(void)op;
	(void)id;
	(void)document;
	(void)length;
	++*(size_t *)context;
	return OK;
}

static void nothing_foreign_is_listed(void **state)
{
	static const enum integration_family families[] = {
		INTEGRATION_MANIFEST, INTEGRATION_THIRD_PARTY,
		INTEGRATION_HTTP};
	struct store *s = *state;
	struct foreign f = make_foreign(s);
	struct op *op = &s->op;
	const struct installation_filter all = {.limit = 100};
	const struct installation_filter of = {.limit = 100,
					       .integration_id = f.manifest.id};
	const struct installation_filter group = {.limit = 100,
						  .group_ref = "acme"};
	const struct connection_filter any = {NULL, NULL, NULL};
	const struct connection_filter of_group = {NULL, "acme", NULL};
	struct integration_list integrations;
	struct connection_list connections;
	struct access_token_list tokens;
	struct credential_list secrets;
	size_t seen = 0;

	for (size_t i = 0; i < COUNT(families); i++) {
		must(integration_list(op, families[i], &integrations));
		assert_int_equal(integrations.count, 0);
		must(integration_search(op, families[i], NULL, 0, 100,
					&integrations));
		assert_int_equal(integrations.total, 0);
	}
	must(connection_list(op, &any, &connections));
	assert_int_equal(connections.count, 0);
	must(connection_list(op, &of_group, &connections));
	assert_int_equal(connections.count, 0);
	must(target_list(op, NULL, &connections));
	assert_int_equal(connections.count, 0);
	must(access_token_list(op, NULL, &tokens));
	assert_int_equal(tokens.count, 0);
	must(credential_read(op, "connection", f.connection.connection.id,
			     &secrets));
	assert_int_equal(secrets.count, 0);
	must(installation_list(op, &all, visit, &seen));
	must(installation_list(op, &of, visit, &seen));
	must(installation_list(op, &group, visit, &seen));
	assert_int_equal(seen, 0);
	must_not_know(installation_show(op, f.manifest.id,
					f.installation.installation.id, visit,
					&seen));
	assert_int_equal(seen, 0);
}

static void nothing_foreign_is_changed(void **state)
{
	struct store *s = *state;
	struct foreign f = make_foreign(s);
	struct op *op = &s->op;
	struct uuid installation = f.installation.installation.id;
	struct integration integration;
	struct connection target;
	size_t before = event_count(op, NULL);

	must_not_know(integration_update(op, &f.http, NULL, 0, &integration));
	must_not_know(target_update(op, &f.target, NULL, 0, &target));
	must_not_know(restore_integration(op, INTEGRATION_HTTP, f.http.id,
					  &integration));
	must_not_know(installation_keep_document(op, installation, "{}"));
	assert_int_equal(event_count(op, NULL), before);
}

static void nothing_foreign_is_deleted(void **state)
{
	struct store *s = *state;
	struct foreign f = make_foreign(s);
	struct op *op = &s->op;
	struct uuid connection = f.connection.connection.id;
	struct credential_list secrets;
	struct installation_view view;

	must_not_know(delete_installation(op, f.manifest.id,
					  f.installation.installation.id));
	must_not_know(delete_integration(op, INTEGRATION_MANIFEST,
					 f.manifest.id, NULL));
	must_not_know(
		delete_integration(op, INTEGRATION_HTTP, f.http.id, NULL));
	must_not_know(delete_connection(op, connection, true));
	must_not_know(delete_target(op, "mail", false));
	must_not_know(delete_token(op, f.token.id));
	must(credential_drop(op, connection, NULL));
	move_to(op, s->project);
	must(installation_find(op, f.installation.installation.id, &view));
	must(credential_read(op, "connection", connection, &secrets));
	assert_int_equal(secrets.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(nothing_foreign_is_shown),
		STORE_TEST(nothing_foreign_is_listed),
		STORE_TEST(nothing_foreign_is_changed),
		STORE_TEST(nothing_foreign_is_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
