/* core/master_key, core/project_key: whose keys these are. */
#include "support.h"

#include "core/credential.h"
#include "core/master_key.h"
#include "core/project_key.h"
#include "core/signing_key.h"

static struct project_key current(struct op *op)
{
	struct project_key key;

	must(project_key_current(op, &key));
	return key;
}

/* A ring of another master key; the caller releases it. */
static struct keyring other_ring(void)
{
	struct keyring ring;
	struct key key;

	key_make(&key);
	keyring_init(&ring, &key);
	return ring;
}

static void each_project_has_a_key_of_its_own(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct project_key own = current(&s->op), again = current(&s->op);

	assert_int_equal(own.version, 1);
	assert_memory_equal(&own.key, &again.key, KEY_BYTES);
	move_to(&s->op, other);
	struct project_key others = current(&s->op);
	assert_memory_not_equal(&own.key, &others.key, KEY_BYTES);
}

static void a_key_of_a_version_is_used_or_gone(void **state)
{
	struct store *s = *state;
	struct project_key key = {0}, own = current(&s->op);

	must(project_key_use(&s->op, 1, &key));
	assert_memory_equal(&own.key, &key.key, KEY_BYTES);
	must_fail(project_key_use(&s->op, 2, &key), ERR_NOT_FOUND);
	assert_int_equal(key.version, 1);
}

static void another_master_key_does_not_open_it(void **state)
{
	struct store *s = *state;
	struct keyring others = other_ring();
	struct project_key key;

	s->op.keys = &others;
	must_fail(project_key_current(&s->op, &key), ERR_INTERNAL);
	must_fail(project_key_make(&s->op, 2, false), ERR_INTERNAL);
	s->op.keys = &s->keys;
	keyring_release(&others);
}

static void a_key_of_another_project_does_not_open_here(void **state)
{
	struct store *s = *state;
	struct project_key key;

	make_project(&s->op, "acme", "other");
	store_script(s, "UPDATE project_key SET sealed = (SELECT sealed FROM "
			"project_key k, project p WHERE p.id = k.project_id "
			"AND p.name = 'other') WHERE project_id = (SELECT id "
			"FROM project WHERE name = 'my-project')");
	must_fail(project_key_current(&s->op, &key), ERR_INTERNAL);
}

static void keys_of_another_store_are_told_apart(void **state)
{
	struct store *s = *state;
	struct keyring others = other_ring();

	must(master_key_load(&s->op, &s->keys));
	s->op.keys = &others;
	must_fail(master_key_load(&s->op, &others), ERR_FORBIDDEN);
	assert_string_equal(s->op.detail, "the master key is not this store's");
	store_script(s, "DELETE FROM master_key");
	must_fail(master_key_load(&s->op, &others), ERR_FORBIDDEN);
	assert_true(uuid_is_nil(s->op.project_id));
	s->op.keys = &s->keys;
	keyring_release(&others);
}

static void an_empty_store_takes_any_and_makes_its_own(void **state)
{
	struct store *s = *state;
	struct keyring others = other_ring();
	struct key made = others.token;

	store_undo(s); /* the fixture's project was not committed */
	s->op.keys = &others;
	must(master_key_load(&s->op, &others));
	assert_memory_not_equal(&others.token, &made, KEY_BYTES);
	s->op.keys = &s->keys;
	keyring_release(&others);
}

/* Their tokens' digests were made with what comes of the master key. */
static void a_store_from_before_keeps_its_keys(void **state)
{
	struct store *s = *state;
	struct key master, token;

	key_make(&master);
	keyring_release(&s->keys);
	keyring_init(&s->keys, &master);
	token = s->keys.token;
	store_script(s, "DELETE FROM master_key; DELETE FROM project_key; "
			"DELETE FROM project");
	must(master_key_load(&s->op, &s->keys));
	struct project old = make_project(&s->op, "acme", "old");
	store_script(s, "DELETE FROM master_key");
	s->keys.token = token;
	must(master_key_load(&s->op, &s->keys));
	assert_memory_equal(&s->keys.token, &token, KEY_BYTES);
	move_to(&s->op, old);
	must(credential_put(&s->op, old.id, "token", "t-1", 0));
}

static void keys_that_were_changed_are_not_taken(void **state)
{
	struct store *s = *state;

	store_script(s, "UPDATE master_key SET sealed_token = sealed_sign");
	must_fail(master_key_load(&s->op, &s->keys), ERR_INTERNAL);
}

static void a_new_master_key_takes_over(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct project_key own = current(&s->op);
	struct master_key_status status;
	struct key token = s->keys.token, sign = s->keys.sign, master;

	key_make(&master);
	assert_true(keyring_admit(&s->keys, &master));
	const struct digest id = keyring_newest(&s->keys);
	must(master_key_rotate(&s->op));
	must(master_key_rotate(&s->op)); /* it is the store's already */
	assert_true(uuid_is_nil(s->op.project_id));
	keyring_keep(&s->keys, &id);
	move_to(&s->op, other);
	current(&s->op);
	move_to(&s->op, s->project);
	struct project_key again = current(&s->op);
	assert_memory_equal(&again.key, &own.key, KEY_BYTES);
	memset(&s->keys.token, 0, KEY_BYTES);
	must(master_key_load(&s->op, &s->keys));
	assert_memory_equal(&s->keys.token, &token, KEY_BYTES);
	assert_memory_equal(&s->keys.sign, &sign, KEY_BYTES);
	must(master_key_status(&s->op, &status));
	assert_int_equal(status.rotations, 1);
	assert_int_equal(status.since, START);
}

static void keys_to_sign_with_are_taken_over(void **state)
{
	struct store *s = *state;
	struct signer before, after;
	struct key master;

	must(signing_key_ensure(&s->op));
	must(signer_open(&s->op, &before));
	key_make(&master);
	assert_true(keyring_admit(&s->keys, &master));
	must(master_key_rotate(&s->op));
	struct digest id = keyring_newest(&s->keys);
	keyring_keep(&s->keys, &id);
	must(signer_open(&s->op, &after));
	assert_memory_equal(&before.pair, &after.pair, sizeof(after.pair));
}

/* Whichever of the two a reader comes upon is opened. */
static void until_it_is_committed_both_are_known(void **state)
{
	struct store *s = *state;
	struct key master;

	store_commit(s);
	key_make(&master);
	assert_true(keyring_admit(&s->keys, &master));
	must(master_key_rotate(&s->op));
	move_to(&s->op, s->project);
	current(&s->op);
	make_project(&s->op, "acme", "under-the-new");
	store_undo(s);
	move_to(&s->op, s->project);
	current(&s->op);
	move_to(&s->op, make_project(&s->op, "acme", "under-the-old"));
	current(&s->op);
}

static void a_key_that_does_not_open_stops_it(void **state)
{
	struct store *s = *state;
	struct key master;

	make_project(&s->op, "acme", "other");
	store_script(s, "UPDATE project_key SET version = 7 WHERE project_id "
			"<> (SELECT id FROM project ORDER BY id LIMIT 1)");
	key_make(&master);
	assert_true(keyring_admit(&s->keys, &master));
	must_fail(master_key_rotate(&s->op), ERR_INTERNAL);
	assert_true(uuid_is_nil(s->op.project_id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(each_project_has_a_key_of_its_own),
		STORE_TEST(a_key_of_a_version_is_used_or_gone),
		STORE_TEST(another_master_key_does_not_open_it),
		STORE_TEST(a_key_of_another_project_does_not_open_here),
		STORE_TEST(keys_of_another_store_are_told_apart),
		STORE_TEST(an_empty_store_takes_any_and_makes_its_own),
		STORE_TEST(a_store_from_before_keeps_its_keys),
		STORE_TEST(keys_that_were_changed_are_not_taken),
		STORE_TEST(a_new_master_key_takes_over),
		STORE_TEST(keys_to_sign_with_are_taken_over),
		STORE_TEST(until_it_is_committed_both_are_known),
		STORE_TEST(a_key_that_does_not_open_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
