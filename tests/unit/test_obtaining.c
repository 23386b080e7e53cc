/* core/obtaining: records of tokens that are being obtained, over a real
 * store. */
#include "support.h"

#include "core/customer.h"
#include "core/obtaining.h"

static const struct new_credential password[] = {
	{"password", "pass-of-ann", 0}};

static const struct obtaining_new asked = {
	.stage = OBTAINING_ASKED,
	.way = OBTAINING_BY_CODE,
	.provider = "github",
	.parties.group_ref = "acme",
	.parties.group_name = "Acme",
	.parties.consumer_ref = "ann",
	.parties.consumer_name = "Ann",
	.workspace_ref = "acme-space",
	.metadata = "{\"region\":\"eu\"}",
	.scopes = "repo gist",
	.redirect_uri = "https://cleat.example/callback",
	.issuer = "https://github.com",
	.auth_origin = "https://auth.example",
	.secrets = password,
	.secret_count = COUNT(password),
};

static struct obtaining add(struct op *op, const struct obtaining_new *new,
			    char *ret_ticket)
{
	struct obtaining ret;

	must(obtaining_add(op, new, ret_ticket, &ret));
	return ret;
}

static struct obtaining seen(struct op *op, struct uuid id)
{
	struct obtaining ret;

	must(obtaining_get(op, id, &ret));
	return ret;
}

static int64_t job_due(struct op *op)
{
	int64_t at;

	must(job_next_due(op, OBTAINING_JOB, &at));
	return at;
}

static size_t secret_count(struct op *op, struct uuid id)
{
	struct credential_list secrets;

	must(credential_use(op, id, &secrets));
	return secrets.count;
}

static void has_fact(struct op *op, const struct obtaining *obtaining,
		     const char *name, const char *value)
{
	const char *fact = obtaining_fact(op, obtaining, name);

	assert_non_null(fact);
	assert_string_equal(fact, value);
}

static void it_is_stored_as_it_was_asked_for(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining made = add(op, &asked, NULL);
	struct obtaining found = seen(op, made.id);

	assert_uuid_equal(found.id, made.id);
	assert_string_equal(found.stage, OBTAINING_ASKED);
	assert_string_equal(found.way, OBTAINING_BY_CODE);
	assert_string_equal(found.provider, "github");
	assert_true(uuid_is_nil(found.connection_id));
	assert_false(found.is_update);
	assert_null(found.failure);
	assert_int_equal(found.created_at, START);
	assert_int_equal(found.expires_at, START + 600 * SECOND);
	assert_false(obtaining_has_ended(&found));
	assert_int_equal(secret_count(op, made.id), 1);
}

static void facts_are_what_is_known_beforehand(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new bare = {
		.stage = OBTAINING_COME,
		.way = OBTAINING_BY_CLIENT,
		.provider = "domo",
		.parties.group_ref = "acme",
		.workspace_ref = "",
	};
	struct obtaining found = seen(op, add(op, &asked, NULL).id);

	has_fact(op, &found, "groupRef", "acme");
	has_fact(op, &found, "groupName", "Acme");
	has_fact(op, &found, "consumerRef", "ann");
	has_fact(op, &found, "consumerName", "Ann");
	has_fact(op, &found, "workspace", "acme-space");
	has_fact(op, &found, "scopes", "repo gist");
	has_fact(op, &found, "redirectUri", "https://cleat.example/callback");
	has_fact(op, &found, "issuer", "https://github.com");
	has_fact(op, &found, "authOrigin", "https://auth.example");
	has_fact(op, &found, "metadata", "{\"region\":\"eu\"}");
	found = seen(op, add(op, &bare, NULL).id);
	assert_null(obtaining_fact(op, &found, "consumerRef"));
	assert_null(obtaining_fact(op, &found, "workspace"));
	has_fact(op, &found, "metadata", "{}");
}

static void ticket_leads_to_it_and_its_project(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	char ticket[OBTAINING_TICKET_TEXT], other[OBTAINING_TICKET_TEXT];
	struct uuid id = add(op, &asked, ticket).id;
	struct uuid other_id = add(op, &asked, other).id;
	struct obtaining found;

	assert_int_equal(strlen(ticket), OBTAINING_TICKET_TEXT - 1);
	op->project_id = (struct uuid){{0}}; /* as a browser comes */
	must(obtaining_of_ticket(op, ticket, &found));
	assert_uuid_equal(found.id, id);
	assert_uuid_equal(op->project_id, s->project.id);
	must(obtaining_of_ticket(op, other, &found));
	assert_uuid_equal(found.id, other_id);
}

static void what_is_no_ticket_leads_nowhere(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	char ticket[OBTAINING_TICKET_TEXT], changed[OBTAINING_TICKET_TEXT];
	struct obtaining found = {.stage = "untouched"};

	add(&s->op, &asked, ticket);
	/* a digit of the project, one of what is random, one that is none */
	static const struct {
		size_t at;
		char to;
	} changes[] = {{3, 'A'}, {3, 'B'}, {40, 'A'}, {40, 'B'}, {40, '+'}};
	for (size_t i = 0; i < COUNT(changes); i++) {
		memcpy(changed, ticket, sizeof(changed));
		changed[changes[i].at] = changes[i].to;
		if (strcmp(changed, ticket) != 0)
			must_fail(obtaining_of_ticket(&s->op, changed, &found),
				  ERR_NOT_FOUND);
	}
	ticket[OBTAINING_TICKET_TEXT - 2] = '\0';
	must_fail(obtaining_of_ticket(&s->op, ticket, &found), ERR_NOT_FOUND);
	must_fail(obtaining_of_ticket(&s->op, "", &found), ERR_NOT_FOUND);
	assert_string_equal(found.stage, "untouched");
	/* nor does one of another project's making */
	move_to(&s->op, other);
	add(&s->op, &asked, changed);
	memcpy(changed, ticket, 24); /* the project's id, and more */
	must_fail(obtaining_of_ticket(&s->op, changed, &found), ERR_NOT_FOUND);
}

static void one_without_a_ticket_has_none(void **state)
{
	struct store *s = *state;

	add(&s->op, &asked, NULL);
	add(&s->op, &asked, NULL);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM obtaining "
					 "WHERE ticket IS NULL"),
			 2);
}

static void neither_ticket_nor_secret_stands_in_the_files(void **state)
{
	struct store *s = *state;
	char ticket[OBTAINING_TICKET_TEXT];

	add(&s->op, &asked, ticket);
	assert_true(store_files_hold(s, "acme-space"));
	assert_false(store_files_hold(s, ticket));
	assert_false(store_files_hold(s, "pass-of-ann"));
}

static void another_projects_is_not_found(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct project other = make_project(op, "acme", "other");
	struct uuid id = add(op, &asked, NULL).id;
	struct obtaining found;

	move_to(op, other);
	must_fail(obtaining_get(op, id, &found), ERR_NOT_FOUND);
}

static void call_waits_for_the_person_who_is_asked(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining made = add(op, &asked, NULL);

	assert_int_equal(job_due(op), made.expires_at);
	op->now += 60 * SECOND;
	must(obtaining_come(op, &made));
	assert_string_equal(seen(op, made.id).stage, OBTAINING_COME);
	assert_int_equal(job_due(op), op->now);
}

static void call_that_needs_nobody_is_due_at_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = asked;

	new.stage = OBTAINING_COME;
	add(op, &new, NULL);
	assert_int_equal(job_due(op), START);
}

static void connection_that_is_changed_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining_new new = asked;

	new.connection_id = connect_group(op, "acme", "github").connection.id;
	struct obtaining found = seen(op, add(op, &new, NULL).id);
	assert_true(found.is_update);
	assert_uuid_equal(found.connection_id, new.connection_id);
}

static void metadata_may_be_another_and_the_rest_stays(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining made = add(op, &asked, NULL);

	must(obtaining_keep_metadata(op, &made, "{\"tenant\":\"t-1\"}"));
	must(obtaining_come(op, &made));
	struct obtaining found = seen(op, made.id);
	has_fact(op, &found, "metadata", "{\"tenant\":\"t-1\"}");
	has_fact(op, &found, "groupRef", "acme");
	has_fact(op, &found, "groupName", "Acme");
	has_fact(op, &found, "consumerRef", "ann");
	has_fact(op, &found, "consumerName", "Ann");
	has_fact(op, &found, "workspace", "acme-space");
	has_fact(op, &found, "scopes", "repo gist");
	has_fact(op, &found, "redirectUri", "https://cleat.example/callback");
	has_fact(op, &found, "issuer", "https://github.com");
	has_fact(op, &found, "authOrigin", "https://auth.example");
}

/* {"a":"xx..."}, longer than all facts may be together. */
static const char *long_metadata(struct op *op)
{
	char *text = arena_alloc(&op->arena, OBTAINING_FACTS_MAX + 1);

	memset(text, 'x', OBTAINING_FACTS_MAX);
	memcpy(text, "{\"a\":\"", 6);
	memcpy(text + OBTAINING_FACTS_MAX - 2, "\"}", 3);
	return text;
}

static void facts_that_are_too_long_are_refused(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct obtaining_new new = asked;
	struct obtaining made = {.stage = "untouched"};

	new.metadata = long_metadata(op);
	must_fail(obtaining_add(op, &new, NULL, &made), ERR_INVALID);
	assert_string_equal(op->detail, "the facts are too long");
	assert_string_equal(made.stage, "untouched");
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM obtaining"), 0);
	made = add(op, &asked, NULL);
	must_fail(obtaining_keep_metadata(op, &made, new.metadata),
		  ERR_INVALID);
	assert_string_equal(op->detail, "the facts are too long");
	has_fact(op, &made, "metadata", "{\"region\":\"eu\"}");
}

static void customer_obtains_for_nobody_else(void **state)
{
	static const struct customer eve = {"acme", "eve"};
	static const struct customer bob = {"beta", "ann"};
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal *who = make_principal(op, &s->project, ROLE_FRONTEND);
	struct obtaining_new new = asked;
	struct obtaining made;

	op->principal = who;
	who->customer = &bob;
	must_fail(obtaining_add(op, &new, NULL, &made), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "groupRef must be beta, as in the token");
	who->customer = &eve;
	must_fail(obtaining_add(op, &new, NULL, &made), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "consumerRef must be eve, as in the token");
	/* a connection that is there is anyone's of its group */
	op->principal = NULL;
	new.connection_id = connect_group(op, "acme", "github").connection.id;
	op->principal = who;
	must(obtaining_add(op, &new, NULL, &made));
	who->customer = &bob;
	must_fail(obtaining_add(op, &new, NULL, &made), ERR_FORBIDDEN);
	op->principal = NULL;
}

static void failure_is_an_event_and_keeps_no_secret(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct obtaining made = add(op, &asked, NULL);

	op->now += 60 * SECOND;
	must(obtaining_fail(op, &made, "the person said no"));
	struct obtaining found = seen(op, made.id);
	assert_string_equal(found.stage, OBTAINING_FAILED);
	assert_string_equal(found.failure, "the person said no");
	assert_int_equal(found.expires_at, op->now + 600 * SECOND);
	assert_true(obtaining_has_ended(&found));
	assert_int_equal(secret_count(op, made.id), 0);
	assert_true(has_event(op, "authorization.failed", made.id));
	assert_string_equal(payload_of(op, "authorization.failed"),
			    "{\"provider\":\"github\",\"groupRef\":\"acme\","
			    "\"consumerRef\":\"ann\","
			    "\"error\":\"the person said no\"}");
}

static void it_has_ended_when_it_is_done_or_failed(void **state)
{
	static const struct {
		const char *stage;
		bool has_ended;
	} stages[] = {
		{OBTAINING_ASKED, false}, {OBTAINING_COME, false},
		{OBTAINING_SENT, false},  {OBTAINING_DONE, true},
		{OBTAINING_FAILED, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(stages); i++) {
		const struct obtaining one = {.stage = stages[i].stage};

		assert_int_equal(obtaining_has_ended(&one),
				 stages[i].has_ended);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_stored_as_it_was_asked_for),
		STORE_TEST(facts_are_what_is_known_beforehand),
		STORE_TEST(ticket_leads_to_it_and_its_project),
		STORE_TEST(what_is_no_ticket_leads_nowhere),
		STORE_TEST(one_without_a_ticket_has_none),
		STORE_TEST(neither_ticket_nor_secret_stands_in_the_files),
		STORE_TEST(another_projects_is_not_found),
		STORE_TEST(call_waits_for_the_person_who_is_asked),
		STORE_TEST(call_that_needs_nobody_is_due_at_once),
		STORE_TEST(connection_that_is_changed_is_named),
		STORE_TEST(metadata_may_be_another_and_the_rest_stays),
		STORE_TEST(facts_that_are_too_long_are_refused),
		STORE_TEST(customer_obtains_for_nobody_else),
		STORE_TEST(failure_is_an_event_and_keeps_no_secret),
		cmocka_unit_test(it_has_ended_when_it_is_done_or_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
