/* core/custom_auth: connecting by credentials of a provider's own making. */
#include "asking.h"

#include "core/custom_auth.h"

#define LOGIN	 "https://login.microsoftonline.com/common/adminconsent"
#define CALLBACK "https%3A%2F%2Fcleat.example%2Fcallbacks%2Fv1%2Fcustom-auth"

static const struct new_credential token[] = {{"token", "token-of-acme", 0}};

static struct custom_new of_provider(const char *provider)
{
	return (struct custom_new){
		.custom = catalog_custom(provider),
		.parties.group_ref = "acme",
		.parties.consumer_ref = "ann",
		.metadata = "{}",
		.origin = ORIGIN,
	};
}

static struct custom_new by_token(const char *provider)
{
	struct custom_new new = of_provider(provider);

	new.inputs = token;
	new.input_count = 1;
	return new;
}

static size_t connection_count(struct op *op)
{
	const struct connection_filter any = {0};
	struct connection_list all;

	must(connection_list(op, &any, &all));
	return all.count;
}

static void connection_is_made_at_once(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct custom_new new = by_token("gitlab");
	struct custom_step step;

	must(custom_auth_begin(op, &new, &step));
	assert_true(step.is_made);
	assert_null(step.url);
	assert_true(uuid_is_nil(step.obtaining_id));
	const struct connection *made = &step.connection.connection;
	assert_string_equal(made->kind, "gitlab");
	assert_string_equal(step.connection.group.ref, "acme");
	assert_string_equal(step.connection.consumer.ref, "ann");
	assert_true(has_event(op, "connection.created", made->id));
	assert_string_equal(secret_of(op, made->id, "token"), "token-of-acme");
	assert_false(store_files_hold(s, "token-of-acme"));
}

static void inputs_that_are_looked_at_make_nothing_yet(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct custom_new new = by_token("redtail");
	struct custom_step step;
	struct obtaining made;

	must(custom_auth_begin(op, &new, &step));
	assert_false(step.is_made);
	assert_null(step.url);
	must(obtaining_get(op, step.obtaining_id, &made));
	assert_string_equal(made.stage, OBTAINING_COME);
	assert_string_equal(made.way, OBTAINING_BY_CUSTOM);
	assert_string_equal(made.provider, "redtail");
	assert_string_equal(secret_of(op, made.id, "token"), "token-of-acme");
	assert_int_equal(connection_count(op), 0);
	assert_false(store_files_hold(s, "token-of-acme"));
}

static void app_that_is_named_is_of_the_provider(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_new new = by_token("gitlab");
	struct custom_step step;

	new.provider_app_id = register_app(op, "box", "c", "[]", "{}").id;
	refused(op, custom_auth_begin(op, &new, &step), "providerAppId",
		"is no provider app of this provider");
	assert_int_equal(connection_count(op), 0);
	new.provider_app_id = register_app(op, "gitlab", "c", "[]", "{}").id;
	must(custom_auth_begin(op, &new, &step));
}

/* Asks for consent of an administrator, through an app with `metadata`. */
static struct custom_step asked_by(struct op *op, const char *metadata)
{
	const struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	register_app(op, "microsoftAdminConsent", "client 1", "[]", metadata);
	must(custom_auth_begin(op, &new, &step));
	assert_false(step.is_made);
	assert_true(uuid_is_nil(step.obtaining_id));
	return step;
}

static struct obtaining of_session(struct op *op, const char *session)
{
	struct obtaining found;

	must(obtaining_of_ticket(op, session, &found));
	return found;
}

static void person_is_sent_to_agree(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct custom_step step = asked_by(op, "{}");
	struct obtaining made = of_session(op, step.session);
	const char *head =
		LOGIN "?client_id=client%201&redirect_uri=" CALLBACK "&state=";
	char id[UUID_TEXT];

	uuid_format(made.id, id);
	assert_memory_equal(step.url, head, strlen(head));
	assert_string_equal(step.url + strlen(head), id);
	assert_string_equal(made.stage, OBTAINING_ASKED);
	assert_string_equal(made.way, OBTAINING_BY_CUSTOM);
	assert_string_equal(obtaining_fact(op, &made, "redirectUri"),
			    ORIGIN CONSENT_CUSTOM_CALLBACK);
	assert_null(strstr(step.url, step.session));
	assert_false(store_files_hold(s, step.session));
}

static void session_is_a_secret_of_the_answer(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	register_app(op, "microsoftAdminConsent", "c", "[]", "{}");
	op->has_secrets = false; /* it was of the app's */
	must(custom_auth_begin(op, &new, &step));
	assert_true(op->has_secrets);
}

static void nobody_is_asked_without_an_app(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	refused(op, custom_auth_begin(op, &new, &step), "provider",
		"has no provider app in this project: microsoftAdminConsent");
}

static void what_the_provider_says_is_not_the_callers_to_say(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	register_app(op, "microsoftAdminConsent", "c", "[]", "{}");
	new.metadata = "{\"tenant\":{\"value\":\"mine\"}}";
	refused(op, custom_auth_begin(op, &new, &step), "providerMetadata",
		"may not say tenant: the provider does");
}

#define OWN(url) "{\"providerParams\":{\"authUrl\":\"" url "\"}}"

static void app_may_have_an_address_of_its_own(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step =
		asked_by(op, OWN("https://own.example/agree?to={{.redirect}}"));

	assert_string_equal(step.url, "https://own.example/agree?to=" CALLBACK);
}

static void own_address_is_one_that_a_browser_fetches(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	register_app(op, "microsoftAdminConsent", "c", "[]",
		     OWN("javascript:alert(1)//https://"));
	refused(op, custom_auth_begin(op, &new, &step), "provider",
		"has an app whose authUrl is no http address");
}

static void what_the_address_lacks_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step;

	register_app(op, "microsoftAdminConsent", "c", "[]",
		     OWN("https://{{.region}}.example/agree"));
	refused(op, custom_auth_begin(op, &new, &step), "providerMetadata",
		"is not enough: region is not known");
	new.metadata = "{\"region\":\"eu\"}";
	must(custom_auth_begin(op, &new, &step));
	assert_string_equal(step.url, "https://eu.example/agree");
}

/* What the browser brings back; NULL `tenant`, `agreed`: it does not. */
static enum error went_on(struct op *op, const char *session, const char *id,
			  const char *agreed, const char *tenant,
			  struct custom_step *ret)
{
	struct new_credential params[3];
	size_t count = 0;

	if (id)
		params[count++] = (struct new_credential){"state", id, 0};
	if (agreed)
		params[count++] =
			(struct new_credential){"admin_consent", agreed, 0};
	if (tenant)
		params[count++] = (struct new_credential){"tenant", tenant, 0};
	return custom_auth_go_on(op, session, params, count, ret);
}

static const char *state_of(struct op *op, const char *session)
{
	char *id = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(of_session(op, session).id, id);
	return id;
}

static void consent_goes_on_with_what_the_provider_said(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct custom_step step = asked_by(op, "{}"), next;
	const char *id = state_of(op, step.session);
	struct obtaining kept;

	must(went_on(op, step.session, id, "True", "t-\"1\"", &next));
	assert_false(next.is_made);
	assert_null(next.url);
	must(obtaining_get(op, next.obtaining_id, &kept));
	assert_string_equal(kept.stage, OBTAINING_COME);
	assert_string_equal(obtaining_fact(op, &kept, "metadata.tenant.value"),
			    "t-\"1\"");
	assert_string_equal(obtaining_fact(op, &kept, "metadata.tenant.source"),
			    "provider");
	assert_string_equal(obtaining_fact(op, &kept, "groupRef"), "acme");
	assert_int_equal(store_number(s, "SELECT count(*) FROM job WHERE "
					 "kind = 'obtain' AND "
					 "due_at <= 1705314600000000"),
			 1);
}

static void facts_that_were_there_stay(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_new new = of_provider("microsoftAdminConsent");
	struct custom_step step, next;
	struct obtaining kept;

	register_app(op, "microsoftAdminConsent", "c", "[]", "{}");
	new.metadata = "{\"region\":{\"value\":\"eu\"}}";
	must(custom_auth_begin(op, &new, &step));
	must(went_on(op, step.session, state_of(op, step.session), "True",
		     "t-1", &next));
	must(obtaining_get(op, next.obtaining_id, &kept));
	assert_string_equal(obtaining_fact(op, &kept, "metadata.region.value"),
			    "eu");
	assert_string_equal(obtaining_fact(op, &kept, "metadata.tenant.value"),
			    "t-1");
}

#define NO_SESSION "is not known, was used already, or is over ten minutes old"

static void session_is_good_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step = asked_by(op, "{}"), next;
	const char *id = state_of(op, step.session);

	must(went_on(op, step.session, id, "True", "t-1", &next));
	refused(op, went_on(op, step.session, id, "True", "t-2", &next),
		"sessionId", NO_SESSION);
}

static void session_is_good_for_ten_minutes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step = asked_by(op, "{}"), next;
	const char *id = state_of(op, step.session);

	op->now += OBTAINING_LIFE_US;
	refused(op, went_on(op, step.session, id, "True", "t-1", &next),
		"sessionId", NO_SESSION);
	op->now -= 1;
	must(went_on(op, step.session, id, "True", "t-1", &next));
}

static void session_is_of_this_project(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "acme", "other");
	struct custom_step step = asked_by(op, "{}"), next;
	const char *id = state_of(op, step.session);

	move_to(op, other);
	refused(op, went_on(op, step.session, id, "True", "t-1", &next),
		"sessionId", NO_SESSION);
	assert_uuid_equal(op->project_id, other.id);
	move_to(op, s->project);
	must(went_on(op, step.session, id, "True", "t-1", &next));
}

static void what_is_no_session_is_refused(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step next;

	refused(op, went_on(op, "nonsense", NULL, "True", "t-1", &next),
		"sessionId", NO_SESSION);
	/* nor is the state of a consent */
	register_app(op, "zoom", "c", "[]", "{}");
	const char *ticket = param(op, asked(op, "zoom"), "state");
	refused(op,
		went_on(op, ticket, state_of(op, ticket), "True", "t-1", &next),
		"sessionId", NO_SESSION);
}

static void answer_is_of_the_session(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step = asked_by(op, "{}"), next;
	const char *other = state_of(op, asked_by(op, "{}").session);
	const char *const wrong[] = {NULL, "", other, step.session};

	for (size_t i = 0; i < COUNT(wrong); i++)
		refused(op,
			went_on(op, step.session, wrong[i], "True", "t-1",
				&next),
			"callbackParams.state", "is not that of this session");
	must(went_on(op, step.session, state_of(op, step.session), "True",
		     "t-1", &next));
}

static void nothing_goes_on_that_was_not_agreed_to(void **state)
{
	static const char *const answers[] = {NULL, "", "False", "Truer"};
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step = asked_by(op, "{}"), next;
	const char *id = state_of(op, step.session);

	for (size_t i = 0; i < COUNT(answers); i++)
		refused(op,
			went_on(op, step.session, id, answers[i], "t-1", &next),
			"callbackParams", "do not say that it was agreed to");
	assert_string_equal(of_session(op, step.session).stage,
			    OBTAINING_ASKED);
}

static void nothing_goes_on_without_what_is_kept(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct custom_step step = asked_by(op, "{}"), next;

	refused(op,
		went_on(op, step.session, state_of(op, step.session), "True",
			NULL, &next),
		"callbackParams", "lack tenant");
}

/* As by a release that knew another catalog. */
static void session_of_a_provider_without_a_row_goes_nowhere(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new new = {
		.stage = OBTAINING_ASKED,
		.way = OBTAINING_BY_CUSTOM,
		.provider = "zoom",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "ann",
	};
	char session[OBTAINING_TICKET_TEXT];
	struct custom_step next;
	struct obtaining made;

	must(obtaining_add(op, &new, session, &made));
	refused(op,
		went_on(op, session, state_of(op, session), "True", "t-1",
			&next),
		"callbackParams", "do not say that it was agreed to");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(connection_is_made_at_once),
		STORE_TEST(inputs_that_are_looked_at_make_nothing_yet),
		STORE_TEST(app_that_is_named_is_of_the_provider),
		STORE_TEST(person_is_sent_to_agree),
		STORE_TEST(session_is_a_secret_of_the_answer),
		STORE_TEST(nobody_is_asked_without_an_app),
		STORE_TEST(what_the_provider_says_is_not_the_callers_to_say),
		STORE_TEST(app_may_have_an_address_of_its_own),
		STORE_TEST(own_address_is_one_that_a_browser_fetches),
		STORE_TEST(what_the_address_lacks_is_named),
		STORE_TEST(consent_goes_on_with_what_the_provider_said),
		STORE_TEST(facts_that_were_there_stay),
		STORE_TEST(session_is_good_once),
		STORE_TEST(session_is_good_for_ten_minutes),
		STORE_TEST(session_is_of_this_project),
		STORE_TEST(what_is_no_session_is_refused),
		STORE_TEST(answer_is_of_the_session),
		STORE_TEST(nothing_goes_on_that_was_not_agreed_to),
		STORE_TEST(nothing_goes_on_without_what_is_kept),
		STORE_TEST(session_of_a_provider_without_a_row_goes_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
