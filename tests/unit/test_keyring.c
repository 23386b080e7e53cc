/* base/keyring: master keys, and what each opens. */
#include "support.h"

#include "base/keyring.h"

static const struct seal_place home = {.table = "project", .column = "key"};

static struct arena arena;
static struct key first, second;
static struct keyring ring;

static int make_ring(void **state)
{
	(void)state;
	assert_true(seal_start());
	arena_init(&arena);
	key_make(&first);
	key_make(&second);
	keyring_init(&ring, &first);
	return 0;
}

static int drop_ring(void **state)
{
	(void)state;
	keyring_release(&ring);
	arena_release(&arena);
	return 0;
}

static bool opens(const struct keyring *with, const unsigned char *blob,
		  size_t length, const struct key *key)
{
	struct key opened;

	if (!keyring_open(&arena, with, &home, blob, length, &opened))
		return false;
	assert_memory_equal(opened.bytes, key->bytes, KEY_BYTES);
	return true;
}

static void a_master_key_makes_different_keys(void **state)
{
	struct keyring again, other;
	struct digest id = keyring_newest(&ring);

	(void)state;
	keyring_init(&again, &first);
	assert_memory_equal(&ring.token, &again.token, KEY_BYTES);
	assert_memory_equal(&ring.sign, &again.sign, KEY_BYTES);
	assert_true(keyring_has(&again, &id));
	assert_memory_not_equal(&ring.token, &ring.sign, KEY_BYTES);
	assert_memory_not_equal(&ring.token, &first, KEY_BYTES);
	assert_memory_not_equal(&id, &ring.token, KEY_BYTES);
	assert_memory_not_equal(&id, &first, KEY_BYTES);
	keyring_init(&other, &second);
	assert_memory_not_equal(&ring.token, &other.token, KEY_BYTES);
	assert_false(keyring_has(&other, &id));
	keyring_release(&again);
	keyring_release(&other);
}

static void each_opens_what_it_sealed(void **state)
{
	struct digest old = keyring_newest(&ring);
	struct key key;
	const unsigned char *by_old, *by_new;
	size_t length;

	(void)state;
	key_make(&key);
	assert_true(keyring_admit(&ring, &second));
	struct digest new = keyring_newest(&ring);
	assert_memory_not_equal(&old, &new, sizeof(old));
	assert_true(keyring_seal(&arena, &ring, &old, &home, &key, &by_old,
				 &length));
	assert_true(keyring_seal(&arena, &ring, &new, &home, &key, &by_new,
				 &length));
	assert_true(opens(&ring, by_old, length, &key));
	assert_true(opens(&ring, by_new, length, &key));
	keyring_keep(&ring, &new);
	assert_false(opens(&ring, by_old, length, &key));
	assert_true(opens(&ring, by_new, length, &key));
	assert_false(keyring_seal(&arena, &ring, &old, &home, &key, &by_old,
				  &length));
}

static void the_last_two_outlive_a_rotation(void **state)
{
	const struct digest oldest = keyring_newest(&ring);
	struct key third;

	(void)state;
	assert_true(keyring_admit(&ring, &second));
	const struct digest before = keyring_newest(&ring);
	keyring_settle(&ring);
	assert_true(keyring_has(&ring, &oldest));
	key_make(&third);
	assert_true(keyring_admit(&ring, &third));
	keyring_settle(&ring);
	assert_false(keyring_has(&ring, &oldest));
	assert_true(keyring_has(&ring, &before));
}

static void what_is_admitted_again_is_the_newest(void **state)
{
	struct digest id = keyring_newest(&ring);
	struct digest newest;

	(void)state;
	assert_true(keyring_admit(&ring, &second));
	assert_true(keyring_admit(&ring, &first));
	newest = keyring_newest(&ring);
	assert_memory_equal(&newest, &id, sizeof(id));
}

static void there_is_room_for_a_few(void **state)
{
	struct key more;

	(void)state;
	for (int i = 1; i < KEYRING_MASTERS_MAX; i++) {
		key_make(&more);
		assert_true(keyring_admit(&ring, &more));
	}
	assert_true(keyring_admit(&ring, &more));
	assert_false(keyring_admit(&ring, &second));
	keyring_release(&(struct keyring){.masters = NULL});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_ring, drop_ring)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_master_key_makes_different_keys),
		TEST(each_opens_what_it_sealed),
		TEST(the_last_two_outlive_a_rotation),
		TEST(what_is_admitted_again_is_the_newest),
		TEST(there_is_room_for_a_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
