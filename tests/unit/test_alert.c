/* core/warning, core/alert, core/alert_form, core/mail: who is told of what is
 * not well, and in which form. */
#include "listening.h"

#include "core/alert.h"
#include "core/alert_form.h"
#include "core/listener_call.h"
#include "core/mail.h"
#include "core/service.h"
#include "core/store.h"

#define MAIL "{\"recipients\":[\"a@example.com\",\"A@example.com\"]}"

static const char *body_of_next(struct op *op, struct uuid id)
{
	struct delivery_list all = all_to(op, id);
	const char *body;

	must(store_delivery_body(op, all.items[all.count - 1].id, &body));
	return body;
}

static struct outbound_call called(struct op *op, const struct integration *to,
				   const char *secret, const char *value)
{
	struct credential item = {
		.name = secret,
		.value = {(const unsigned char *)value, strlen(value)}};
	const struct credential_list secrets = {&item, 1};
	const struct listener_message message = {
		.body = body_of_next(op, to->id), .now = op->now};
	struct outbound_call call;

	listener_call(op, to, &secrets, &message, &call);
	return call;
}

static struct listener_verdict judged(struct op *op, const char *kind,
				      int status, const char *body)
{
	const struct integration to = {.kind = kind};
	const struct outbound_answer answer = {
		.status = status, .body = body, .length = strlen(body)};
	struct listener_verdict verdict;

	listener_judge(op, &to, &answer, &verdict);
	return verdict;
}

static void
warning_is_told_when_it_is_new_or_severer_and_at_its_end(void **state)
{
	struct op *op = begun(*state);
	struct integration to =
		listener(op, "health.webhook", "{}", NULL, NULL);
	struct warning_list list;
	struct warning was;

	warn(op, "disk", "warning");
	warn(op, "disk", "warning");
	assert_int_equal(all_to(op, to.id).count, 1);
	warn(op, "disk", "critical");
	assert_int_equal(all_to(op, to.id).count, 2);
	must(warning_list(op, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].severity, "critical");
	must(warning_clear(op, "disk", &was));
	assert_int_equal(all_to(op, to.id).count, 3);
	must_fail(warning_clear(op, "disk", &was), ERR_NOT_FOUND);
	assert_string_equal(activity_of(op, to.id).type,
			    "integration.health.webhook");
	assert_true(warning_severity_is_known("info"));
	assert_false(warning_severity_is_known("fatal"));
}

static void so_many_are_raised_and_no_more(void **state)
{
	struct op *op = begun(*state);
	const struct warning one_more = {.name = "one more",
					 .severity = "info",
					 .title = "t",
					 .message = ""};
	struct warning made;

	for (int i = 0; i < WARNINGS_MAX; i++) {
		const struct warning one = {
			.name = arena_printf(&op->arena, "w%d", i),
			.severity = "info",
			.title = "t",
			.message = ""};

		must(store_warning_add(op, &one));
	}
	must_fail(warning_raise(op, &one_more, &made), ERR_IN_USE);
}

static void each_recipient_gets_a_mail_of_its_own(void **state)
{
	struct op *op = begun(*state);
	struct integration to = listener(op, "health.email", MAIL, NULL, NULL);

	warn(op, "disk", "warning");
	assert_int_equal(all_to(op, to.id).count, 1);
	struct outbound_call call = called(op, &to, "none", "");
	assert_null(call.mail->from);
	assert_string_equal(call.mail->to, "a@example.com");
	assert_non_null(strstr(call.body, "To: <a@example.com>\r\n"));
	assert_non_null(strstr(call.body, "Subject: ["));
	assert_null(strstr(call.body, "From:"));
	assert_true(judged(op, "health.email", 250, "").is_success);
	assert_true(judged(op, "health.email", 550, "").is_final);
	assert_false(judged(op, "health.email", 535, "").is_final);
	assert_false(judged(op, "health.email", 451, "").is_final);
}

static void recipients_stand_for_people(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct alert_recipients to;

	must(alert_recipients(
		op, "{\"recipients\":[\"#admins\"],\"others\":[\"x@y.z\"]}",
		&to));
	size_t owners = to.count;
	struct builder owner = ask_as(op, &s->project, "owner@example.com");
	(void)owner;
	must(alert_recipients(
		op, "{\"recipients\":[\"#viewers\",\"Z@example.com\"]}", &to));
	assert_true(to.count >= owners + 1);
	assert_string_equal(to.items[to.count - 1], "z@example.com");
}

static void nobody_to_mail_to_is_a_failure_that_says_so(void **state)
{
	struct op *op = begun(*state);
	struct integration to =
		listener(op, "health.email", "{\"recipients\":[]}", NULL, NULL);
	struct sending sending;
	struct job job;

	warn(op, "disk", "warning");
	must(claim(op, to.id, &job));
	must_fail(sending_begin(op, &job, &sending), ERR_NOT_FOUND);
	assert_string_equal(
		only(op, to.id).answer,
		"none of its recipients has an address that is known");
}

static void slack_is_told_in_its_own_words(void **state)
{
	struct op *op = begun(*state);
	struct integration to = listener(op, "health.slack",
					 "{\"channel\":\"#a\"}", NULL, NULL);

	warn(op, "disk", "warning");
	struct outbound_call call = called(op, &to, "token", "xoxb");
	assert_string_equal(call.url, "https://slack.com/api/chat.postMessage");
	assert_string_equal(call.headers[1].value, "Bearer xoxb");
	assert_non_null(strstr(call.body, "\"channel\":\"#a\""));
	assert_non_null(strstr(call.body, "Full &lt;&amp;&gt;"));
	assert_true(
		judged(op, "health.slack", 200, "{\"ok\":true}").is_success);
	struct listener_verdict said = judged(op, "health.slack", 200,
					      "{\"ok\":false,\"error\":\"e\"}");
	assert_false(said.is_success);
	assert_string_equal(said.why, "e");
	assert_string_equal(judged(op, "health.slack", 200, "<html>").why,
			    "it did not say ok");
	assert_null(judged(op, "health.slack", 500, "").why);
}

static void pagerduty_is_triggered_and_resolved(void **state)
{
	struct op *op = begun(*state);
	struct integration to = listener(op, "health.pagerduty",
					 "{\"routing_key\":\"R\"}", NULL, NULL);
	struct warning was;

	warn(op, "disk", "error");
	struct outbound_call call = called(op, &to, "none", "");
	assert_non_null(strstr(call.url, "/v2/enqueue"));
	assert_non_null(strstr(call.body, "\"routing_key\":\"R\","
					  "\"event_action\":\"trigger\""));
	assert_non_null(strstr(call.body, "\"severity\":\"error\""));
	must(warning_clear(op, "disk", &was));
	call = called(op, &to, "routing_key", "sealed");
	assert_non_null(strstr(call.body, "\"routing_key\":\"sealed\","
					  "\"event_action\":\"resolve\""));
	assert_null(strstr(call.body, "payload"));
	assert_true(judged(op, "health.pagerduty", 202, "").is_success);
	struct listener_verdict said =
		judged(op, "health.pagerduty", 400, "{\"message\":\"m\"}");
	assert_true(said.is_final);
	assert_string_equal(said.why, "m");
	assert_false(judged(op, "health.pagerduty", 429, "").is_final);
	assert_null(judged(op, "health.pagerduty", 0, "").why);
}

static void mail_is_one_whatever_its_texts_hold(void **state)
{
	struct op *op = begun(*state);
	const struct mail plain = {.from = "f@example.com",
				   .to = "t@example.com",
				   .subject = "Full",
				   .text = "Hello",
				   .sent_at = START};
	struct mail odd = plain;

	const char *text = mail_write(op, &plain);
	assert_non_null(strstr(text, "Date: Mon, 15 Jan 2024 10:30:00 +0000\r\n"
				     "From: <f@example.com>\r\n"
				     "To: <t@example.com>\r\n"
				     "Subject: Full\r\n"));
	assert_non_null(strstr(text, "\r\n\r\nSGVsbG8=\r\n"));
	odd.subject = "a\r\nBcc: x@example.com";
	assert_null(strstr(mail_write(op, &odd), "Bcc:"));
	odd.subject = "\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
		      "\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
		      "\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
		      "\303\244\303\244\303\244";
	assert_non_null(strstr(mail_write(op, &odd), "?=\r\n =?UTF-8?B?"));
}

static void long_headline_is_cut_at_a_character(void **state)
{
	struct op *op = begun(*state);
	char *title = arena_alloc(&op->arena, 2048);
	struct warning made;

	for (size_t i = 0; i < 1000; i++)
		memcpy(title + 2 * i, "\303\244", 3);
	struct integration to = listener(op, "health.pagerduty",
					 "{\"routing_key\":\"R\"}", NULL, NULL);
	const struct warning what = {
		.name = "n", .severity = "info", .title = title, .message = ""};
	must(warning_raise(op, &what, &made));
	struct outbound_call call = called(op, &to, "none", "");
	assert_true(strlen(call.body) < 2048);
	assert_non_null(strstr(call.body, "\303\244\",\"source\""));
}

static void services_can_be_elsewhere(void **state)
{
	(void)state;
	assert_string_equal(service_name(SERVICE_SLACK), "slack");
	assert_true(service_set("github", "https://gateway.example"));
	assert_string_equal(service_url(SERVICE_GITHUB),
			    "https://gateway.example");
	assert_true(service_set("github", "https://api.github.com"));
	assert_false(service_set("gitea", "https://gateway.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(
			warning_is_told_when_it_is_new_or_severer_and_at_its_end),
		STORE_TEST(so_many_are_raised_and_no_more),
		STORE_TEST(each_recipient_gets_a_mail_of_its_own),
		STORE_TEST(recipients_stand_for_people),
		STORE_TEST(nobody_to_mail_to_is_a_failure_that_says_so),
		STORE_TEST(slack_is_told_in_its_own_words),
		STORE_TEST(pagerduty_is_triggered_and_resolved),
		STORE_TEST(mail_is_one_whatever_its_texts_hold),
		STORE_TEST(long_headline_is_cut_at_a_character),
		cmocka_unit_test(services_can_be_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
