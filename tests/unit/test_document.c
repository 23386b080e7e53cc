/*
 * The kept answer of an installation: after every change it is either gone
 * or what would be written anew.
 */
#include "engine.h"
#include "support.h"

#include "core/deletion.h"
#include "core/group.h"
#include "core/operation.h"
#include "core/read_pause.h"
#include "dialects/ampersand/ampersand.h"

static const char *write_anew(struct op *op,
			      const struct installation_view *view)
{
	struct buf text;

	buf_init(&text, 64 * 1024);
	struct json_writer w = json_writer_on(&text);
	amp_put_installation(&w, op->project_id, view);
	const char *copy = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return copy;
}

/* As the API's handler does it. */
static struct installation_view
install_and_keep(struct op *op, const struct integration *of, const char *group)
{
	struct installation_view view = install(op, of, group, NULL);

	must(installation_keep_document(op, view.installation.id,
					write_anew(op, &view)));
	return view;
}

static enum error compare(void *context, struct op *op, struct uuid id,
			  const char *document, size_t length)
{
	size_t *count = context;
	struct installation_view view;

	if (!document)
		return OK;
	/* {"id":"... */
	const char *text = arena_strndup(&op->arena, document + 7, 36);
	assert_true(uuid_parse(text, &id));
	must(installation_find(op, id, &view));
	const char *fresh = write_anew(op, &view);
	assert_int_equal(length, strlen(fresh));
	assert_memory_equal(document, fresh, length);
	++*count;
	return OK;
}

/* How many answers are kept; each must be as one written anew. */
static size_t kept(struct op *op)
{
	const struct installation_filter all = {.limit = 1000};
	size_t count = 0;

	must(installation_list(op, &all, compare, &count));
	return count;
}

/* Two groups with two installations each, all kept. */
struct world {
	struct integration a, b;
	struct installation_view installed[4];
};

static struct world make_world(struct op *op)
{
	struct world world = {.a = offer(op, "a", "stripe"),
			      .b = offer(op, "b", "stripe")};

	connect_group(op, "acme", "stripe");
	connect_group(op, "other", "stripe");
	world.installed[0] = install_and_keep(op, &world.a, "acme");
	world.installed[1] = install_and_keep(op, &world.b, "acme");
	world.installed[2] = install_and_keep(op, &world.a, "other");
	world.installed[3] = install_and_keep(op, &world.b, "other");
	op->now += SECOND;
	return world;
}

static void what_is_kept_is_what_would_be_written(void **state)
{
	struct store *s = *state;

	make_world(&s->op);
	assert_int_equal(kept(&s->op), 4);
}

static void a_renamed_group_drops_its_own(void **state)
{
	struct store *s = *state;
	struct party group;

	make_world(&s->op);
	must(group_ensure(&s->op, "acme", "Acme Inc", &group));
	assert_int_equal(kept(&s->op), 2);
	must(group_ensure(&s->op, "other", "other", &group));
	assert_int_equal(kept(&s->op), 2);
}

static void a_renamed_consumer_drops_its_own(void **state)
{
	struct store *s = *state;
	struct party consumer;

	make_world(&s->op);
	must(consumer_ensure(&s->op, "other-user", "Jane", &consumer));
	assert_int_equal(kept(&s->op), 2);
	must(consumer_ensure(&s->op, "acme-user", "Joe", &consumer));
	assert_int_equal(kept(&s->op), 0);
}

static void a_connection_that_renames_drops_them(void **state)
{
	struct store *s = *state;
	const struct connection_new new = {
		.provider = "hubspot",
		.auth_scheme = "apiKey",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "acme",
		.parties.group_name = "Acme Inc",
		.parties.consumer_ref = "other-user",
		.parties.consumer_name = "Jane",
	};
	struct connection_view view;

	make_world(&s->op);
	must(connection_create(&s->op, &new, &view));
	assert_int_equal(kept(&s->op), 0);
}

static void a_consumer_may_serve_several_groups(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	const struct connection_new new = {
		.provider = "stripe",
		.auth_scheme = "apiKey",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "second",
		.parties.consumer_ref = "acme-user",
	};
	struct connection_view view;
	struct party consumer;

	make_world(&s->op);
	must(connection_create(&s->op, &new, &view));
	install_and_keep(&s->op, &of, "second");
	assert_int_equal(kept(&s->op), 5);
	must(consumer_ensure(&s->op, "acme-user", "Joe", &consumer));
	assert_int_equal(kept(&s->op), 2);
}

static void other_changes_leave_them_right(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);
	struct integration of;
	struct revision revision;

	connect_group(&s->op, "acme", "stripe");
	assert_int_equal(kept(&s->op), 4);
	must(integration_upsert(&s->op, "a", "stripe", "1.0.0", "{\"new\":2}",
				&of, &revision));
	assert_int_equal(kept(&s->op), 4);
	must(credential_put(&s->op, w.installed[0].connection.connection.id,
			    "api_key", "another", 0));
	assert_int_equal(kept(&s->op), 4);
}

static void deletions_leave_the_others_right(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);

	must(delete_installation(&s->op, w.a.id,
				 w.installed[0].installation.id));
	assert_int_equal(kept(&s->op), 3);
	must(delete_integration(&s->op, INTEGRATION_MANIFEST, w.b.id, NULL));
	assert_int_equal(kept(&s->op), 1);
	must(delete_connection(&s->op, w.installed[2].connection.connection.id,
			       true));
	assert_int_equal(kept(&s->op), 0);
}

static void another_projects_group_does_not_matter(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct party group;

	make_world(&s->op);
	move_to(&s->op, other);
	must(group_ensure(&s->op, "acme", "Acme", &group));
	must(group_ensure(&s->op, "acme", "Acme Inc", &group));
	move_to(&s->op, s->project);
	assert_int_equal(kept(&s->op), 4);
}

static void nothing_is_kept_of_what_is_unknown(void **state)
{
	struct store *s = *state;

	must_fail(installation_keep_document(&s->op, s->project.id, "{}"),
		  ERR_NOT_FOUND);
}

static enum error count_one(void *context, struct op *op, struct uuid id,
			    const char *document, size_t length)
{
	(void)op;
	(void)id;
	(void)length;
	*(int *)context += document != NULL;
	return OK;
}

static void it_is_shown_wherever_its_row_lies(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	int seen = 0;

	connect_group(&s->op, "acme", "stripe");
	struct installation_view view = install_and_keep(&s->op, &of, "acme");
	struct uuid id = view.installation.id;

	must(installation_show(&s->op, of.id, id, count_one, &seen));
	assert_int_equal(seen, 1);
	store_script(s, "UPDATE installation SET number = 7");
	must(installation_show(&s->op, of.id, id, count_one, &seen));
	assert_int_equal(seen, 2);
	must_fail(installation_show(&s->op, id, id, count_one, &seen),
		  ERR_NOT_FOUND);
}

static void ids_of_a_store_go_on_when_the_clock_is_set_back(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	if (engine_is_postgres())
		skip(); /* no row's place is an id's there */
	connect_group(&s->op, "acme", "stripe");
	struct installation_view view = install_and_keep(&s->op, &of, "acme");
	int64_t ahead = uuid_stamp(view.installation.id) + (DAY << 12);

	store_script(s, arena_printf(&s->op.arena,
				     "UPDATE installation SET number = %lld",
				     (long long)ahead));
	must(installation_go_on(&s->op));
	assert_int_equal(uuid_stamp(uuid_make(START)), ahead + 1);
}

static void run(struct op *op, struct uuid id, bool is_success)
{
	const struct operation_new new = {id, "read", NULL};
	const struct operation_outcome outcome = {is_success, NULL, NULL};
	struct operation made;

	must(operation_begin(op, &new, &made));
	assert_int_equal(kept(op), 4);
	must(operation_end(op, made.id, &outcome));
	assert_int_equal(kept(op), 4);
}

static void operations_and_pauses_have_it_written_anew(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);
	struct uuid id = w.installed[0].installation.id;
	const char *const objects[] = {"account"};
	const struct read_pause_new pause = {objects, 1, PAUSED_BY_ERRORS,
					     "refused"};

	installation_set_writer(amp_write_installation);
	run(&s->op, id, true);
	for (int i = 0; i < 3; i++)
		run(&s->op, id, false);
	run(&s->op, id, true);
	must(read_pause(&s->op, id, &pause));
	assert_int_equal(kept(&s->op), 4);
	must(read_unpause(&s->op, id, NULL, 0, NULL));
	assert_int_equal(kept(&s->op), 4);
	installation_set_writer(NULL);
}

static void it_is_dropped_where_nobody_writes_it(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);
	const struct operation_new new = {w.installed[0].installation.id,
					  "read", NULL};
	struct operation made;

	must(operation_begin(&s->op, &new, &made));
	assert_int_equal(kept(&s->op), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_kept_is_what_would_be_written),
		STORE_TEST(a_renamed_group_drops_its_own),
		STORE_TEST(a_renamed_consumer_drops_its_own),
		STORE_TEST(a_connection_that_renames_drops_them),
		STORE_TEST(a_consumer_may_serve_several_groups),
		STORE_TEST(other_changes_leave_them_right),
		STORE_TEST(deletions_leave_the_others_right),
		STORE_TEST(another_projects_group_does_not_matter),
		STORE_TEST(nothing_is_kept_of_what_is_unknown),
		STORE_TEST(it_is_shown_wherever_its_row_lies),
		STORE_TEST(ids_of_a_store_go_on_when_the_clock_is_set_back),
		STORE_TEST(operations_and_pauses_have_it_written_anew),
		STORE_TEST(it_is_dropped_where_nobody_writes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
