/* core/message: what a destination is sent of an event. */
#include "support.h"

#include "base/json_member.h"
#include "core/destination.h"
#include "core/message.h"
#include "core/read_pause.h"
#include "core/reconfigure.h"

#define HAS_ERROR "{\"kind\":\"stripe\",\"error\":\"400 invalid_grant\"}"

static const char *written(struct op *op, const struct event *event)
{
	const char *message;

	must(message_write(op, event, &message));
	return message;
}

/* That of the newest event of this type. */
static const char *told(struct op *op, const char *type)
{
	const struct event_filter filter = {.type = type, .limit = 1};
	struct event_list events;

	must(event_list(op, &filter, &events));
	assert_int_equal(events.count, 1);
	return written(op, &events.items[0]);
}

/* Of the connection, with a payload of our own. */
static const char *told_of(struct op *op, const char *type, struct uuid id,
			   const char *payload)
{
	const struct event event = {
		.number = 1,
		.type = type,
		.actor = "system",
		.subject_kind = "connection",
		.subject_id = id,
		.payload = payload,
		.created_at = START,
	};

	return written(op, &event);
}

static const char *member(struct op *op, const char *message, const char *path)
{
	return json_member(&op->arena, message, strlen(message), path);
}

static void has(struct op *op, const char *message, const char *path,
		const char *value)
{
	const char *found = member(op, message, path);

	assert_non_null(found);
	assert_string_equal(found, value);
}

static void has_id(struct op *op, const char *message, const char *path,
		   struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	has(op, message, path, text);
}

static void connection_is_told_of_with_whose_it_is(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection_view made = connect_group(op, "acme", "stripe");
	const char *message = told(op, "connection.created");

	has(op, message, "notificationType", "connection.created");
	has_id(op, message, "data.projectId", op->project_id);
	has_id(op, message, "data.connectionId", made.connection.id);
	has(op, message, "data.provider", "stripe");
	has(op, message, "data.groupRef", "acme");
	has(op, message, "data.consumerRef", "acme-user");
	has(op, message, "data.consumerName", "acme-user");
	assert_null(member(op, message, "data.installationId"));
	assert_null(member(op, message, "data.error"));
	assert_null(strstr(message, "key-of-acme"));
}

static void installation_is_told_of_with_its_configuration(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view through = connect_group(op, "acme", "stripe");
	struct installation_view made = install(op, &of, "acme", &through);
	const char *message = told(op, "installation.created");

	has(op, message, "notificationType", "installation.created");
	has_id(op, message, "data.integrationId", of.id);
	has(op, message, "data.integrationName", "sync");
	has_id(op, message, "data.installationId", made.installation.id);
	has_id(op, message, "data.connectionId", through.connection.id);
	has(op, message, "data.groupName", "acme");
	has(op, message, "data.config", "{\"read\":{}}");
	assert_null(member(op, message, "data.lastConfig"));
}

static void change_is_told_of_with_what_was_before(void **state)
{
	static const struct installation_change to = {
		.content = "{\"read\":{\"objects\":{}}}",
		.caller = "api:test",
	};
	struct op *op = &((struct store *)*state)->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view through = connect_group(op, "acme", "stripe");
	struct installation_view made = install(op, &of, "acme", &through);
	struct installation_view changed;

	must(installation_update(op, &of, &made, &to, &changed));
	const char *message = told(op, "installation.updated");
	has(op, message, "data.config", to.content);
	has(op, message, "data.lastConfig", "{\"read\":{}}");
}

static void pause_is_told_of_with_the_error_that_made_it(void **state)
{
	static const char *const objects[] = {"account"};
	struct read_pause_new new = {
		.objects = objects,
		.object_count = COUNT(objects),
		.cause = PAUSED_BY_ERRORS,
		.note = "503 from the provider",
	};
	struct op *op = &((struct store *)*state)->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view through = connect_group(op, "acme", "stripe");
	struct installation_view made = install(op, &of, "acme", &through);

	must(read_pause(op, made.installation.id, &new));
	const char *message = told(op, "read.schedule.paused");
	has_id(op, message, "data.installationId", made.installation.id);
	has(op, message, "data.error", "503 from the provider");
}

static void broken_connection_is_told_of_with_its_errors(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = connect_group(op, "acme", "stripe").connection.id;
	const char *message = told_of(op, "connection.error", id, HAS_ERROR);

	has_id(op, message, "data.connectionId", id);
	has(op, message, "data.errors", "[\"400 invalid_grant\"]");
	has(op, message, "data.error", "[\"400 invalid_grant\"]");
	message = told_of(op, "connection.error", id, "{}");
	has(op, message, "data.errors", "[]");
	/* of another type its facts are no errors */
	message = told_of(op, "connection.refreshed", id, HAS_ERROR);
	assert_null(member(op, message, "data.errors"));
	assert_null(member(op, message, "data.error"));
}

static void what_has_no_form_of_its_own_is_told_as_the_event(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection_view made = connect_group(op, "acme", "stripe");
	const char *message = told(op, "group.created");

	has(op, message, "notificationType", "group.created");
	has(op, message, "data.actor", "system");
	assert_memory_equal(member(op, message, "data.time"),
			    "2024-01-15T10:30:00.", 20);
	has(op, message, "data.subject.kind", "group");
	has_id(op, message, "data.subject.id", made.group.id);
	has(op, message, "data.facts.ref", "acme");
	assert_non_null(member(op, message, "data.eventId"));
	assert_null(member(op, message, "data.groupRef"));
}

static void target_is_no_connection_of_ampersands(void **state)
{
	static const struct connection new = {
		.kind = "email",
		.name = "mail",
		.settings = "{}",
		.is_enabled = true,
	};
	struct op *op = &((struct store *)*state)->op;
	struct connection target;

	must(target_create(op, &new, NULL, 0, &target));
	const char *message = told(op, "connection.created");
	has(op, message, "data.subject.kind", "connection");
	has_id(op, message, "data.subject.id", target.id);
	has(op, message, "data.facts.name", "mail");
	assert_null(member(op, message, "data.connectionId"));
}

static void disabled_destination_is_told_of_by_its_facts_alone(void **state)
{
	static const struct destination new = {
		.name = "hook",
		.kind = DESTINATION_WEBHOOK,
		.metadata = "{\"url\":\"https://example.com/hook\"}",
	};
	struct op *op = &((struct store *)*state)->op;
	struct destination made;

	must(destination_create(op, &new, NULL, 0, &made));
	must(destination_disable(op, &made));
	const char *message = told(op, DESTINATION_DISABLED);
	has(op, message, "notificationType", DESTINATION_DISABLED);
	has(op, message, "data", payload_of(op, DESTINATION_DISABLED));
}

static void message_that_is_too_large_is_refused(void **state)
{
	enum { LARGE = 18 * 1024 * 1024 };
	struct op *op = &((struct store *)*state)->op;
	char *payload = arena_alloc(&op->arena, LARGE + 1);
	const char *message = "untouched";

	memset(payload, ' ', LARGE);
	memcpy(payload, "{}", 2);
	payload[LARGE] = '\0';
	const struct event event = {
		.type = "group.created",
		.actor = "system",
		.subject_kind = "group",
		.subject_id = op->project_id,
		.payload = payload,
	};
	must_fail(message_write(op, &event, &message), ERR_TOO_LARGE);
	assert_string_equal(op->detail, "a message is too large");
	assert_string_equal(message, "untouched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(connection_is_told_of_with_whose_it_is),
		STORE_TEST(installation_is_told_of_with_its_configuration),
		STORE_TEST(change_is_told_of_with_what_was_before),
		STORE_TEST(pause_is_told_of_with_the_error_that_made_it),
		STORE_TEST(broken_connection_is_told_of_with_its_errors),
		STORE_TEST(what_has_no_form_of_its_own_is_told_as_the_event),
		STORE_TEST(target_is_no_connection_of_ampersands),
		STORE_TEST(disabled_destination_is_told_of_by_its_facts_alone),
		STORE_TEST(message_that_is_too_large_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
