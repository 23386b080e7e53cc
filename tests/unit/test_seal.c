/* base/seal: a sealed value opens in its own place alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/seal.h"

static struct arena arena;
static struct key key;
static const struct seal_place home = {
	.project_id = {{1}},
	.table = "secret",
	.row_id = {{2}},
	.column = "api_key",
	.key_version = 3,
};

/* A value sealed at home. */
static const unsigned char *blob;
static size_t blob_length;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	key_make(&key);
	seal(&arena, &key, &home, "hunter2", 7, &blob, &blob_length);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static bool opens_at(struct seal_place place)
{
	struct secret secret;

	return seal_open(&arena, &key, &place, blob, blob_length, &secret);
}

static void what_is_sealed_opens_in_its_place(void **state)
{
	struct secret secret;

	(void)state;
	assert_int_equal(blob_length, 7 + SEAL_OVERHEAD);
	assert_true(seal_open(&arena, &key, &home, blob, blob_length, &secret));
	assert_int_equal(secret.length, 7);
	assert_string_equal((const char *)secret.bytes, "hunter2");
}

static void nothing_can_be_sealed_too(void **state)
{
	const unsigned char *empty;
	struct secret secret;
	size_t length;

	(void)state;
	seal(&arena, &key, &home, "", 0, &empty, &length);
	assert_int_equal(length, SEAL_OVERHEAD);
	assert_true(seal_open(&arena, &key, &home, empty, length, &secret));
	assert_int_equal(secret.length, 0);
	assert_string_equal((const char *)secret.bytes, "");
}

static void it_does_not_open_in_another_project(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.project_id.bytes[15] = 1;
	assert_false(opens_at(place));
}

static void it_does_not_open_in_another_table(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.table = "secreu";
	assert_false(opens_at(place));
	place.table = "secre";
	assert_false(opens_at(place));
}

static void it_does_not_open_in_another_row(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.row_id.bytes[0] = 3;
	assert_false(opens_at(place));
}

static void it_does_not_open_in_another_column(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.column = "api_kez";
	assert_false(opens_at(place));
	place.column = "";
	assert_false(opens_at(place));
}

static void it_does_not_open_for_another_key_version(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.key_version = 4;
	assert_false(opens_at(place));
	place.key_version = 3 | INT64_C(1) << 56;
	assert_false(opens_at(place));
}

static void it_does_not_open_with_another_key(void **state)
{
	struct secret secret;
	struct key other = key;

	(void)state;
	other.bytes[31] ^= 1;
	assert_false(
		seal_open(&arena, &other, &home, blob, blob_length, &secret));
}

static void project_and_row_cannot_trade_places(void **state)
{
	struct seal_place place = home;

	(void)state;
	place.project_id = home.row_id;
	place.row_id = home.project_id;
	assert_false(opens_at(place));
}

static void any_flipped_bit_is_noticed(void **state)
{
	unsigned char damaged[7 + SEAL_OVERHEAD];
	struct secret secret;

	(void)state;
	for (size_t i = 0; i < blob_length; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(damaged, blob, blob_length);
			damaged[i] ^= (unsigned char)(1 << bit);
			assert_false(seal_open(&arena, &key, &home, damaged,
					       blob_length, &secret));
		}
}

static void a_part_does_not_open(void **state)
{
	struct secret secret;

	(void)state;
	for (size_t length = 0; length < blob_length; length++)
		assert_false(
			seal_open(&arena, &key, &home, blob, length, &secret));
}

static void sealing_twice_gives_different_blobs(void **state)
{
	const unsigned char *again;
	size_t length;

	(void)state;
	seal(&arena, &key, &home, "hunter2", 7, &again, &length);
	assert_int_equal(length, blob_length);
	assert_memory_not_equal(again + 1, blob + 1, 24);
	assert_memory_not_equal(again + 25, blob + 25, length - 25);
}

static void the_plaintext_is_not_in_the_blob(void **state)
{
	(void)state;
	for (size_t i = 0; i + 7 <= blob_length; i++)
		assert_memory_not_equal(blob + i, "hunter2", 7);
}

static void an_opened_secret_is_wiped_with_its_arena(void **state)
{
	struct secret secret;

	(void)state;
	assert_true(seal_open(&arena, &key, &home, blob, blob_length, &secret));
	arena_reset(&arena); /* which keeps its one block */
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(secret.bytes[i], 0);
}

static void a_wiped_key_is_zero(void **state)
{
	static const unsigned char zero[KEY_BYTES];
	struct key used = key;

	(void)state;
	key_wipe(&used);
	assert_memory_equal(used.bytes, zero, KEY_BYTES);
}

static void digests_depend_on_key_and_bytes(void **state)
{
	struct digest digest = digest_make(&key, "token", 5);
	struct digest same = digest_make(&key, "token", 5);
	struct digest longer = digest_make(&key, "token", 6);
	struct key other;
	struct digest keyed;

	(void)state;
	key_make(&other);
	keyed = digest_make(&other, "token", 5);
	assert_memory_equal(digest.bytes, same.bytes, DIGEST_BYTES);
	assert_memory_not_equal(digest.bytes, longer.bytes, DIGEST_BYTES);
	assert_memory_not_equal(digest.bytes, keyed.bytes, DIGEST_BYTES);
}

static void random_numbers_differ(void **state)
{
	(void)state;
	assert_true(random_u64() != random_u64());
}

static int start(void **state)
{
	(void)state;
	return seal_start() ? 0 : -1;
}

static void long_names_bind_as_well(void **state)
{
	char column[300], other[300];
	struct seal_place place = home;

	(void)state;
	memset(column, 'c', sizeof(column));
	column[sizeof(column) - 1] = '\0';
	memcpy(other, column, sizeof(other));
	other[0] = 'd';
	place.column = column;
	seal(&arena, &key, &place, "hunter2", 7, &blob, &blob_length);
	assert_true(opens_at(place));
	place.column = other;
	assert_false(opens_at(place));
	place.column = column;
	place.key_version = 4;
	assert_false(opens_at(place));
}

static void marks_tell_texts_apart_within_a_process(void **state)
{
	struct mark one = mark_make("token-1", 7);
	struct mark same = mark_make("token-1", 7);
	struct mark other = mark_make("token-2", 7);
	struct mark shorter = mark_make("token-", 6);

	(void)state;
	assert_memory_equal(one.bytes, same.bytes, MARK_BYTES);
	assert_memory_not_equal(one.bytes, other.bytes, MARK_BYTES);
	assert_memory_not_equal(one.bytes, shorter.bytes, MARK_BYTES);
	assert_true(seal_start()); /* as another process does */
	other = mark_make("token-1", 7);
	assert_memory_not_equal(one.bytes, other.bytes, MARK_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(long_names_bind_as_well),
		TEST(what_is_sealed_opens_in_its_place),
		TEST(nothing_can_be_sealed_too),
		TEST(it_does_not_open_in_another_project),
		TEST(it_does_not_open_in_another_table),
		TEST(it_does_not_open_in_another_row),
		TEST(it_does_not_open_in_another_column),
		TEST(it_does_not_open_for_another_key_version),
		TEST(it_does_not_open_with_another_key),
		TEST(project_and_row_cannot_trade_places),
		TEST(any_flipped_bit_is_noticed),
		TEST(a_part_does_not_open),
		TEST(sealing_twice_gives_different_blobs),
		TEST(the_plaintext_is_not_in_the_blob),
		TEST(an_opened_secret_is_wiped_with_its_arena),
		TEST(a_wiped_key_is_zero),
		TEST(digests_depend_on_key_and_bytes),
		TEST(random_numbers_differ),
		TEST(marks_tell_texts_apart_within_a_process),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
