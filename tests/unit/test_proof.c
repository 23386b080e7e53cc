/* core/certificate, checkpoint, and the end of a project: what is proved. */
#include "letting_go.h"

#include <string.h>

#include "core/certificate.h"
#include "core/chain.h"
#include "core/checkpoint.h"
#include "core/event.h"
#include "core/step.h"
#include "core/store.h"
#include "core/topic.h"

static int begin(void **state)
{
	store_make(state);
	struct store *s = *state;

	must(signing_key_ensure(&s->op));
	return 0;
}

#define PROOF_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, begin, store_drop)

/* A customer with an installation and two grants, one used by both. */
static struct thing customer(struct op *op)
{
	struct integration of = offer(op, "sync", "stripe");
	struct party group;

	connect_group(op, "acme", "stripe");
	install(op, &of, "acme", NULL);
	grant_of(op, "acme", "box", "token");
	grant_of(op, "acme", "box", "token");
	grant_of(op, "acme", "bitbucket", "other");
	must(store_group_find(op, "acme", &group));
	return thing(op, THING_GROUP, group.id);
}

static const char *opened(struct op *op, const char *text)
{
	struct signing_key_list keys;
	const char *payload;

	must(signing_key_list(op, &keys));
	assert_true(signing_key_open(&op->arena, &keys, text, &payload));
	return payload;
}

static void certificate_says_what_was_erased_and_how_grants_ended(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing acme = customer(op);
	struct deletion deletion = gone(op, &acme, &by_policy);
	struct step_list steps;
	struct step step;
	const char *text, *again;

	must(chain_seal(op));
	must_fail(certificate_make(op, acme.id, &text), ERR_NOT_FOUND);
	must_fail(certificate_make(op, deletion.id, &text), ERR_IN_USE);
	must(steps_of(op, deletion.id, &steps));
	assert_int_equal(steps.count, 1);
	must(step_abandon(op, deletion.id, steps.items[0].id, "lost", &step));
	must(chain_seal(op));
	must(certificate_make(op, deletion.id, &text));
	const char *payload = opened(op, text);
	assert_non_null(strstr(payload, "\"abandoned\""));
	assert_non_null(strstr(payload, "\"lost\""));
	assert_non_null(strstr(payload, "\"installation\":1"));
	assert_non_null(strstr(payload, "\"unsupported\""));
	must(certificate_make(op, deletion.id, &again));
	assert_string_equal(text, again);
}

static void certificate_of_what_lies_in_the_trash_is_refused(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing acme = customer(op);
	struct deletion deletion = gone(op, &acme, &softly);
	const char *text;

	must(chain_seal(op));
	must_fail(certificate_make(op, deletion.id, &text), ERR_IN_USE);
}

static void checkpoints_tell_of_what_has_grown_and_are_read_back(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct uuid file = checkpoint_target_id(op, "/var/checkpoints");
	const struct checkpoint_target targets[] = {
		{"file", "/var/checkpoints"}};
	struct checkpoint_list due;
	struct checkpoint read;
	struct signing_key_list keys;
	struct signer signer;

	offer(op, "sync", "stripe");
	must(chain_seal(op));
	must(checkpoint_due(op, file, &due));
	assert_int_equal(due.count, 1);
	must(signer_open(op, &signer));
	const char *lines =
		checkpoint_lines(&op->arena, &signer, op->now, &due);
	char *line = arena_strndup(&op->arena, lines, strcspn(lines, "\n"));
	must(signing_key_list(op, &keys));
	assert_true(checkpoint_read(&keys, line, &read));
	assert_uuid_equal(read.project_id, op->project_id);
	assert_int_equal(read.number, due.items[0].number);
	assert_memory_equal(&read.hash, &due.items[0].hash, DIGEST_BYTES);
	line[10] = line[10] == 'A' ? 'B' : 'A';
	assert_false(checkpoint_read(&keys, line, &read));
	must(checkpoint_told(op, file, &due));
	must(checkpoint_due(op, file, &due));
	assert_int_equal(due.count, 0);
	struct uuid own = op->project_id;
	must(checkpoint_plan(op, targets, 1));
	op->project_id = own;
}

static void other_texts_are_no_checkpoints(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct signing_key_list keys;
	struct checkpoint read;
	struct signer signer;

	must(signing_key_list(op, &keys));
	must(signer_open(op, &signer));
	const char *text =
		signer_sign(&op->arena, &signer, "{\"type\":\"moon\"}");
	assert_false(checkpoint_read(&keys, text, &read));
	assert_false(checkpoint_read(&keys, "no", &read));
}

static void project_goes_with_all_that_it_has(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct topic topic;

	customer(op);
	must(topic_create(op, "orders", &topic));
	struct thing whole = thing(op, THING_PROJECT, op->project_id);
	struct plan *plan = planned(op, &whole, &by_policy);
	const char *text = plan_text(op, plan);
	struct deletion deletion = gone(op, &whole, &by_policy);

	assert_non_null(strstr(text, deletion.counts));
	assert_non_null(strstr(text, "\"topic\":1"));
	assert_string_equal(deletion.state, DELETION_WAITING);
	must_fail(thing_find(op, THING_PROJECT, op->project_id, &whole),
		  ERR_NOT_FOUND);
}

static void events_come_in_pages_and_by_filter(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct event_page_filter filter = {.limit = 2};
	struct event_page page;

	customer(op);
	must(chain_seal(op));
	must(event_page(op, &filter, &page));
	assert_int_equal(page.events.count, 2);
	filter.type = "installation.created";
	filter.limit = 100;
	must(event_page(op, &filter, &page));
	assert_int_equal(page.events.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROOF_TEST(
			certificate_says_what_was_erased_and_how_grants_ended),
		PROOF_TEST(certificate_of_what_lies_in_the_trash_is_refused),
		PROOF_TEST(
			checkpoints_tell_of_what_has_grown_and_are_read_back),
		PROOF_TEST(other_texts_are_no_checkpoints),
		PROOF_TEST(project_goes_with_all_that_it_has),
		PROOF_TEST(events_come_in_pages_and_by_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
