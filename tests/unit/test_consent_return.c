/* core/consent: who comes back from where a person was sent. */
#include "asking.h"

/* With `metadata`, the app's. */
static const char *ticket_of(struct op *op, const char *metadata)
{
	register_app(op, "zoom", "c", "[]", metadata);
	return param(op, asked(op, "zoom"), "state");
}

/* Why nothing comes of it; NULL: something does. */
static const char *came_back(struct op *op, const struct consent_return *with)
{
	struct obtaining found;
	const char *refusal;

	must(consent_come_back(op, with, &found, &refusal));
	return refusal;
}

#define UNKNOWN                                                                \
	"this request for a connection is not known, was used already, or is " \
	"over ten minutes old"

static void code_goes_on_its_way(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct consent_return with = {.state = ticket_of(op, "{}"),
					    .code = "the-code-of-it"};
	struct obtaining found, kept;
	const char *refusal;

	must(consent_come_back(op, &with, &found, &refusal));
	assert_null(refusal);
	assert_string_equal(found.stage, OBTAINING_COME);
	must(obtaining_get(op, found.id, &kept));
	assert_string_equal(kept.stage, OBTAINING_COME);
	assert_string_equal(secret_of(op, found.id, "code"), with.code);
	assert_false(store_files_hold(s, with.code));
	assert_false(store_files_hold(s, with.state));
	/* and its call is due */
	assert_int_equal(store_number(s, "SELECT count(*) FROM job WHERE "
					 "kind = 'obtain' AND "
					 "due_at <= 1705314600000000"),
			 1);
}

static void state_is_good_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_return with = {.state = ticket_of(op, "{}"),
				      .code = "first"};

	assert_null(came_back(op, &with));
	with.code = "second";
	assert_string_equal(came_back(op, &with), UNKNOWN);
	assert_int_equal(event_count(op, "authorization.failed"), 0);
}

static void state_is_good_for_ten_minutes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct consent_return with = {.state = ticket_of(op, "{}"),
					    .code = "code"};

	op->now += OBTAINING_LIFE_US;
	assert_string_equal(came_back(op, &with), UNKNOWN);
	op->now -= 1;
	assert_null(came_back(op, &with));
}

static void state_that_is_not_ours_is_refused(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_return with = {.code = "code"};
	char *other = arena_strdup(&op->arena, ticket_of(op, "{}"));

	assert_string_equal(came_back(op, &with), UNKNOWN);
	with.state = "nonsense";
	assert_string_equal(came_back(op, &with), UNKNOWN);
	other[40] = other[40] == 'A' ? 'B' : 'A';
	with.state = other;
	assert_string_equal(came_back(op, &with), UNKNOWN);
}

static void session_of_another_way_is_no_state(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct obtaining_new new = {
		.stage = OBTAINING_ASKED,
		.way = OBTAINING_BY_CUSTOM,
		.provider = "microsoftAdminConsent",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "ann",
	};
	char session[OBTAINING_TICKET_TEXT];
	const struct consent_return with = {.state = session, .code = "code"};
	struct obtaining made;

	must(obtaining_add(op, &new, session, &made));
	assert_string_equal(came_back(op, &with), UNKNOWN);
}

static void who_comes_back_enters_the_project(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "acme", "other");
	const struct consent_return with = {.state = ticket_of(op, "{}"),
					    .code = "code"};

	move_to(op, other);
	assert_null(came_back(op, &with));
	assert_uuid_equal(op->project_id, s->project.id);
}

static void refusal_ends_it(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct consent_return with = {.state = ticket_of(op, "{}"),
				      .error = "access_denied"};
	struct obtaining found;

	assert_string_equal(came_back(op, &with),
			    "the provider says access_denied");
	must(obtaining_of_ticket(op, with.state, &found));
	assert_string_equal(found.stage, OBTAINING_FAILED);
	assert_string_equal(found.failure, "the provider says access_denied");
	assert_true(has_event(op, "authorization.failed", found.id));
	assert_non_null(strstr(payload_of(op, "authorization.failed"),
			       "access_denied"));
	with = (struct consent_return){.state = with.state, .code = "code"};
	assert_string_equal(came_back(op, &with), UNKNOWN);
}

static void words_of_nobody_are_not_repeated(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	char longest[66];
	const char *const odd[] = {"", "<b>x</b>", "Access_Denied", "a b",
				   longest};

	memset(longest, 'a', 65);
	longest[65] = '\0';
	register_app(op, "zoom", "c", "[]", "{}");
	for (size_t i = 0; i < COUNT(odd); i++) {
		const struct consent_return with = {
			.state = param(op, asked(op, "zoom"), "state"),
			.code = "code",
			.error = odd[i]};

		assert_string_equal(came_back(op, &with),
				    "the provider says no");
	}
}

static void without_a_code_nothing_comes_of_it(void **state)
{
	static const char *const none[] = {NULL, ""};
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]", "{}");
	for (size_t i = 0; i < COUNT(none); i++) {
		const struct consent_return with = {
			.state = param(op, asked(op, "zoom"), "state"),
			.code = none[i]};

		assert_string_equal(came_back(op, &with),
				    "the provider has sent no code");
	}
	assert_int_equal(event_count(op, "authorization.failed"), 2);
}

#define ANOTHER "the answer is not of the provider that was asked"

/* RFC 9207, 2.4 */
static void answer_is_of_the_server_that_was_asked(void **state)
{
	static const struct {
		const char *issuer, *refusal;
	} cases[] = {
		{NULL, NULL},
		{"https://zoom.us", NULL},
		{"https://zoom.us/some/tenant", NULL},
		{"https://zoom.us:444", ANOTHER},
		{"http://zoom.us", ANOTHER},
		{"https://zoom.us.evil.com", ANOTHER},
		{"zoom.us", ANOTHER},
		{"", ANOTHER},
	};
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]", "{}");
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct consent_return with = {
			.state = param(op, asked(op, "zoom"), "state"),
			.code = "code",
			.issuer = cases[i].issuer};
		const char *refusal = came_back(op, &with);

		if (cases[i].refusal)
			assert_string_equal(refusal, cases[i].refusal);
		else
			assert_null(refusal);
	}
}

static void issuer_that_the_app_knows_must_be_said(void **state)
{
	static const struct {
		const char *issuer;
		bool is_taken;
	} cases[] = {
		{"https://id.example", true},
		{NULL, false},
		{"https://id.example/", false},
		{"https://zoom.us", false},
	};
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "zoom", "c", "[]",
		     "{\"providerParams\":{\"issuer\":"
		     "\"https://id.example\"}}");
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct consent_return with = {
			.state = param(op, asked(op, "zoom"), "state"),
			.code = "code",
			.issuer = cases[i].issuer};
		const char *refusal = came_back(op, &with);

		if (cases[i].is_taken)
			assert_null(refusal);
		else
			assert_string_equal(refusal, ANOTHER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(code_goes_on_its_way),
		STORE_TEST(state_is_good_once),
		STORE_TEST(state_is_good_for_ten_minutes),
		STORE_TEST(state_that_is_not_ours_is_refused),
		STORE_TEST(session_of_another_way_is_no_state),
		STORE_TEST(who_comes_back_enters_the_project),
		STORE_TEST(refusal_ends_it),
		STORE_TEST(words_of_nobody_are_not_repeated),
		STORE_TEST(without_a_code_nothing_comes_of_it),
		STORE_TEST(answer_is_of_the_server_that_was_asked),
		STORE_TEST(issuer_that_the_app_knows_must_be_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
