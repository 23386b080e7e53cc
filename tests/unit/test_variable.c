/* core/variable, core/filling, core/awaiting: texts of a project, what they
 * are where a connection is deployed, and who waits for that. */
#include "support.h"

#include "core/awaiting.h"
#include "core/deletion.h"
#include "core/deploying.h"
#include "core/environment.h"
#include "core/filling.h"
#include "core/store.h"
#include "core/variable.h"

static struct awaiting awaited;

static struct environment place(struct op *op, const char *name)
{
	struct environment made;
	enum error error = environment_find(op, name, &made);

	if (error == ERR_NOT_FOUND)
		must(environment_create(op, name, "test", &made));
	return made;
}

static struct worker join(struct op *op, const char *environment)
{
	struct worker worker;

	place(op, environment);
	must(worker_register(
		op, environment, "w1",
		arena_printf(&op->arena, "http://10.0.0.1/%s", environment),
		&worker));
	return worker;
}

static struct connection connect(struct op *op, const char *name,
				 const char *settings, const char *password)
{
	const struct connection new = {
		.kind = "email",
		.name = name,
		.settings = settings,
		.is_deployed = true,
		.is_enabled = true,
	};
	const struct new_credential secret = {"password", password, 0};
	struct connection made;

	must(target_create(op, &new, &secret, 1, &made));
	return made;
}

static struct variable_view global(const char *name, const char *value)
{
	return (struct variable_view){
		.variable = {.name = name,
			     .is_global = true,
			     .is_visible = true},
		.value = value,
	};
}

static struct variable make(struct op *op, const char *name, const char *value)
{
	struct variable_view view = global(name, value);
	struct variable made;

	must(variable_create(op, &view, &awaited));
	must(variable_find(op, name, &made));
	return made;
}

static const char *filled(struct op *op, const char *environment,
			  const char *text)
{
	struct filling filling = filling_of(op, place(op, environment).id);
	const char *out = filling_text(&filling, text);

	must(filling.error);
	return filling.missing ? NULL : out;
}

static void names_are_letters_digits_and_three_signs(void **state)
{
	char name[VARIABLE_NAME_MAX + 2];

	(void)state;
	assert_true(variable_name_is_valid("SMTP_host.1-x"));
	assert_true(variable_name_is_valid("_"));
	assert_false(variable_name_is_valid(""));
	assert_false(variable_name_is_valid("1x"));
	assert_false(variable_name_is_valid("a b"));
	assert_false(variable_name_is_valid("\xc3\xa4"));
	memset(name, 'x', sizeof(name));
	name[VARIABLE_NAME_MAX] = '\0';
	assert_true(variable_name_is_valid(name));
	name[VARIABLE_NAME_MAX] = 'x';
	name[VARIABLE_NAME_MAX + 1] = '\0';
	assert_false(variable_name_is_valid(name));
}

static void text_is_filled_with_what_is_there(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	make(op, "HOST", "example.com");
	make(op, "EMPTY", "");
	assert_string_equal(filled(op, "live", "smtp.${HOST}:25"),
			    "smtp.example.com:25");
	assert_string_equal(filled(op, "live", "${HOST}${EMPTY}${HOST}"),
			    "example.comexample.com");
	assert_null(filled(op, "live", "${host}"));
	const char *same = "a $ b $$ ${} ${a b} ${HOST";
	assert_ptr_equal(filled(op, "live", same), same);
	assert_string_equal(filled(op, "live", "$${HOST} $$${HOST}"),
			    "${HOST} $${HOST}");
}

static void json_is_filled_in_its_texts_alone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct filling filling = filling_of(op, place(op, "live").id);

	make(op, "A", "\"x\"\n");
	assert_string_equal(
		filling_json(&filling,
			     "{\"${A}\":[\"${A}\",{\"b\":\"${A}${A}\"},1]}"),
		"{\"${A}\":[\"\\\"x\\\"\\n\",{\"b\":\"\\\"x\\\"\\n\\\"x\\\"\\n"
		"\"},1]}");
	assert_string_equal(filling_json(&filling, "{\"a\":1}"), "{\"a\":1}");
	must(filling.error);
	(void)filling_json(&filling, "$ no JSON");
	must_fail(filling.error, ERR_INTERNAL);
}

static void environment_has_its_own_value_else_the_global_one(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct environment live = place(op, "live");
	struct variable_value own = {live.id, "live", true, "of live"};
	struct variable_view view = global("A", "of all");
	struct variable made;

	view.values = &own;
	view.count = 1;
	must(variable_create(op, &view, &awaited));
	assert_string_equal(filled(op, "live", "${A}"), "of live");
	assert_string_equal(filled(op, "try", "${A}"), "of all");
	must(variable_find(op, "A", &made));
	view.variable.is_global = false;
	must_fail(variable_update(op, &made, &view, &awaited), ERR_INVALID);
	view.value = NULL;
	must(variable_update(op, &made, &view, &awaited));
	assert_null(filled(op, "try", "${A}"));
	must(variable_find(op, "A", &made));
	view.value = "of all";
	view.variable.is_global = true;
	view.count = 0;
	must(variable_update(op, &made, &view, &awaited));
	assert_string_equal(filled(op, "live", "${A}"), "of all");
}

static void values_of_an_environment_go_with_it(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct environment live = place(op, "live");
	struct variable_value own = {live.id, "live", true, "of live"};
	struct variable_view view = {
		.variable = {.name = "A"}, .values = &own, .count = 1};

	must(variable_create(op, &view, &awaited));
	assert_int_equal(store_number(s, "SELECT count(*) FROM secret"), 1);
	struct thing environment;
	must(thing_find(op, THING_ENVIRONMENT, live.id, &environment));
	must(deletion_run(op, &environment, &(struct deletion_options){0},
			  NULL));
	assert_int_equal(store_number(s, "SELECT count(*) FROM secret"), 0);
	assert_int_equal(store_number(s, "SELECT count(*) FROM variable_value"),
			 0);
	assert_null(filled(op, "live", "${A}"));
}

static void hidden_values_are_not_shown_and_stay(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct environment live = place(op, "live");
	struct variable_value own = {live.id, "live", false, "hidden-1"};
	struct variable_view view = global("A", "hidden-2"), shown;
	struct variable made;

	view.variable.is_visible = false;
	view.values = &own;
	view.count = 1;
	must(variable_create(op, &view, &awaited));
	must(variable_find(op, "A", &made));
	must(variable_show(op, &made, &shown));
	assert_null(shown.value);
	assert_null(shown.values[0].value);
	must(variable_update(op, &made, &shown, &awaited));
	assert_string_equal(filled(op, "live", "${A}"), "hidden-1");
	assert_string_equal(filled(op, "try", "${A}"), "hidden-2");
	shown.variable.is_visible = shown.values[0].is_visible = true;
	shown.value = "new-2";
	shown.values[0].value = "new-1";
	must(variable_update(op, &made, &shown, &awaited));
	must(variable_find(op, "A", &made));
	must(variable_show(op, &made, &shown));
	assert_string_equal(shown.value, "new-2");
	assert_string_equal(shown.values[0].value, "new-1");
}

static void value_is_needed_where_there_was_none(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct environment live = place(op, "live");
	struct variable_value own = {live.id, "live", true, NULL};
	struct variable_view view = {
		.variable = {.name = "A"}, .values = &own, .count = 1};

	must_fail(variable_create(op, &view, &awaited), ERR_INVALID);
	view = global("B", NULL);
	must_fail(variable_create(op, &view, &awaited), ERR_INVALID);
}

static void name_is_taken_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct variable_view view = global("A", "2");
	struct variable_list all;

	make(op, "A", "1");
	must_fail(variable_create(op, &view, &awaited), ERR_TAKEN);
	struct variable b = make(op, "B", "1");
	must_fail(variable_update(op, &b, &view, &awaited), ERR_TAKEN);
	must(variable_list(op, &all));
	assert_int_equal(all.count, 2);
	assert_string_equal(all.items[0].name, "A");
	must_fail(variable_find(op, "a", &b), ERR_NOT_FOUND);
}

static struct deployment first_of(struct op *op, const struct connection *of)
{
	struct deployment_list list;

	must(deployments_of_connection(op, of->id, &list));
	assert_true(list.count);
	return list.items[0];
}

/* As the worker answered it; what could not be sent, as it was told. */
static struct deploying try(struct op *op, const struct connection *of,
			    int status)
{
	struct outbound_answer answer = {.status = status};
	struct deploying deploying;
	int64_t next_at;

	must(deploying_begin(op, first_of(op, of).id, &deploying));
	if (deploying.lack)
		answer = (struct outbound_answer){.failure = deploying.lack};
	must(deploying_end(op, &deploying, &answer, 0, &next_at));
	return deploying;
}

static void push_is_filled_secrets_too(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	join(op, "live");
	make(op, "HOST", "example.com");
	make(op, "PASS", "pass-1");
	struct connection mail =
		connect(op, "Mail", "{\"host\":\"smtp.${HOST}\"}", "${PASS}!");
	struct deploying done = try(op, &mail, 200);
	assert_non_null(strstr(done.call.body, "smtp.example.com"));
	assert_non_null(strstr(done.call.body, "\"pass-1!\""));
	assert_null(done.lack);
	struct deployment now = first_of(op, &mail);
	assert_true(deployment_is_settled(&now));
}

static void push_without_a_value_fails_until_there_is_one(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct outcome_list list;
	struct awaiting awaiting;

	join(op, "live");
	struct connection mail = connect(op, "Mail", "{\"a\":\"${A}\"}", "x");
	must(awaiting_connection(op, mail.id, &awaiting));
	struct deploying tried = try(op, &mail, 0);
	assert_string_equal(tried.lack,
			    "environment variable A has no value here");
	must(awaiting_look(op, &awaiting, &list));
	assert_true(list.is_over);
	assert_false(list.is_done);
	assert_string_equal(list.items[0].why, tried.lack);
	make(op, "A", "1");
	assert_int_equal(awaited.at.count, 1);
	must(awaiting_look(op, &awaited, &list));
	assert_false(list.is_over);
	op->now += SECOND;
	try(op, &mail, 200);
	op->now += SECOND;
	must(awaiting_look(op, &awaited, &list));
	assert_true(list.is_over && list.is_done);
	assert_int_equal(list.items[0].took_us, SECOND);
	assert_int_equal(list.took_us, 2 * SECOND);
}

static void too_large_a_push_is_not_sent(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	char settings[1024] = "{\"a\":\"", value[VARIABLE_VALUE_MAX];

	memset(value, 'x', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	make(op, "A", value);
	join(op, "live");
	for (int i = 0; i < 70; i++)
		strcat(settings, "${A}");
	strcat(settings, "\"}");
	struct connection mail = connect(op, "Mail", settings, "x");
	assert_string_equal(try(op, &mail, 0).lack,
			    "it is too large for a worker");
}

static void change_deploys_those_that_use_it_alone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct variable_view view = global("A", "2");

	join(op, "live");
	struct variable a = make(op, "A", "1");
	struct connection uses = connect(op, "uses", "{\"a\":\"${A}\"}", "x");
	struct connection hides = connect(op, "hides", "{}", "${A}");
	struct connection other = connect(op, "not", "{\"a\":\"$${A}\"}", "x");
	int64_t was = first_of(op, &other).version;
	must(variable_update(op, &a, &view, &awaited));
	assert_int_equal(awaited.at.count, 2);
	assert_true(first_of(op, &uses).version > was);
	assert_true(first_of(op, &hides).version > was);
	assert_int_equal(first_of(op, &other).version, was);
	view.variable.name = "B";
	must(variable_update(op, &a, &view, &awaited));
	assert_int_equal(awaited.at.count, 2);
	try(op, &uses, 200);
	assert_false(deployment_is_settled(
		(struct deployment[]){first_of(op, &uses)}));
}

static void used_one_goes_by_force_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct variable a = make(op, "A", "1");

	(void)connect(op, "b", "{\"a\":\"${A}\"}", "x");
	(void)connect(op, "a", "{}", "${A}");
	must_fail(delete_variable(op, &a, false, &awaited), ERR_IN_USE);
	assert_string_equal(op->detail, "a, b");
	must(delete_variable(op, &a, true, &awaited));
	must_fail(variable_find(op, "A", &a), ERR_NOT_FOUND);
	assert_true(has_event(op, "variable.deleted", a.id));
	assert_null(strstr(payload_of(op, "variable.created"), "\"1\""));
	struct variable b = make(op, "B", "1");
	op->is_dry_run = true;
	must_fail(delete_variable(op, &b, false, &awaited), ERR_PLANNED);
	op->is_dry_run = false;
	must(variable_find(op, "B", &b));
}

static void removal_is_done_when_its_row_is_gone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct outcome_list list;
	struct awaiting pushed, removed;

	join(op, "live");
	struct connection mail = connect(op, "Mail", "{}", "x");
	must(awaiting_connection(op, mail.id, &pushed));
	must(delete_target(op, "mail", false));
	must(awaiting_connection(op, mail.id, &removed));
	must(awaiting_look(op, &removed, &list));
	assert_false(list.is_over);
	assert_int_equal(list.items[0].state, DEPLOYMENT_PENDING);
	try(op, &mail, 500);
	must(awaiting_look(op, &removed, &list));
	assert_int_equal(list.items[0].state, DEPLOYMENT_FAILED);
	assert_string_equal(list.items[0].why, "500");
	try(op, &mail, 200);
	must(awaiting_look(op, &removed, &list));
	assert_true(list.is_done);
	must(awaiting_look(op, &pushed, &list));
	assert_true(list.is_over);
	assert_string_equal(list.items[0].why, "it was removed meanwhile");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(names_are_letters_digits_and_three_signs),
		STORE_TEST(text_is_filled_with_what_is_there),
		STORE_TEST(json_is_filled_in_its_texts_alone),
		STORE_TEST(environment_has_its_own_value_else_the_global_one),
		STORE_TEST(values_of_an_environment_go_with_it),
		STORE_TEST(hidden_values_are_not_shown_and_stay),
		STORE_TEST(value_is_needed_where_there_was_none),
		STORE_TEST(name_is_taken_once),
		STORE_TEST(push_is_filled_secrets_too),
		STORE_TEST(push_without_a_value_fails_until_there_is_one),
		STORE_TEST(too_large_a_push_is_not_sent),
		STORE_TEST(change_deploys_those_that_use_it_alone),
		STORE_TEST(used_one_goes_by_force_alone),
		STORE_TEST(removal_is_done_when_its_row_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
