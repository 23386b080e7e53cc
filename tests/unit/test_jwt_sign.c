/* base/jwt_sign: which keys are taken, and what is signed with them. */
#include "support.h"

#include <sodium.h>

#include "base/jwt_sign.h"
#include "signing_keys.h"

#define PAYLOAD "{\"iss\":\"joe\"}"

static const char *const every[] = {"PS256", "ES256", "ES384", "ES512"};

static const char *fault(struct arena *arena, const char *pem,
			 const char *const *algorithms, size_t count)
{
	const char *why = NULL;

	assert_null(jwt_sign_algorithm(arena, pem, algorithms, count, &why));
	return why;
}

static const char *taken(struct arena *arena, const char *pem)
{
	const char *why;
	const char *name =
		jwt_sign_algorithm(arena, pem, every, COUNT(every), &why);

	assert_non_null(name);
	return name;
}

static void signature_is_as_another_implementation_makes_it(void **state)
{
	struct arena *arena = *state;

	assert_string_equal(
		jwt_sign(arena, rsa_pkcs8, "RS256", "k\"1", SIGNED_PAYLOAD),
		signed_by_another);
	assert_string_equal(
		jwt_sign(arena, rsa_pkcs1, "RS256", "k\"1", SIGNED_PAYLOAD),
		signed_by_another);
}

static void algorithm_is_the_first_that_fits_the_key(void **state)
{
	static const char *const both[] = {"ES256", "RS256", "PS256"};
	struct arena *arena = *state;
	const char *why;

	assert_string_equal(taken(arena, rsa_pkcs8), "PS256");
	assert_string_equal(taken(arena, rsa_pkcs1), "PS256");
	assert_string_equal(taken(arena, p256), "ES256");
	assert_string_equal(taken(arena, p256_sec1), "ES256");
	assert_string_equal(taken(arena, p384), "ES384");
	assert_string_equal(taken(arena, p521), "ES512");
	assert_string_equal(jwt_sign_algorithm(arena, rsa_pkcs8, both, 3, &why),
			    "RS256");
}

static void key_that_fits_nothing_is_refused(void **state)
{
	static const char *const rs256[] = {"RS256"};
	static const char unfit[] =
		"is no key of the kind that the provider takes";
	struct arena *arena = *state;

	assert_string_equal(fault(arena, p256, rs256, 1), unfit);
	assert_string_equal(fault(arena, p256k, every, 4), unfit);
	assert_string_equal(fault(arena, ed25519_key, every, 4), unfit);
	assert_string_equal(fault(arena, small_rsa, every, 4),
			    "has 1024 bits: 2048 to 4096 are needed");
	assert_string_equal(fault(arena, unsound_rsa, rs256, 1),
			    "is not a sound key");
	assert_string_equal(fault(arena, locked, every, 4),
			    "has a passphrase: send it without one");
}

static void text_that_is_no_key_is_refused(void **state)
{
	static const char none[] = "is not a private key in PEM";
	struct arena *arena = *state;
	char *cut = arena_strdup(arena, rsa_pkcs8);
	char *long_text = arena_alloc(arena, JWT_SIGN_PEM_MAX + 2);

	memset(long_text, 'a', JWT_SIGN_PEM_MAX + 1);
	cut[400] = '\0';
	assert_string_equal(fault(arena, "", every, 4), none);
	assert_string_equal(fault(arena, "key", every, 4), none);
	assert_string_equal(fault(arena, public_rsa, every, 4), none);
	assert_string_equal(fault(arena, cut, every, 4), none);
	assert_string_equal(fault(arena, long_text, every, 4),
			    "is longer than a private key");
}

static void nothing_is_signed_by_another_kind_of_key(void **state)
{
	struct arena *arena = *state;

	assert_null(jwt_sign(arena, p256, "RS256", NULL, PAYLOAD));
	assert_null(jwt_sign(arena, rsa_pkcs8, "ES256", NULL, PAYLOAD));
	assert_null(jwt_sign(arena, p384, "ES256", NULL, PAYLOAD));
	assert_null(jwt_sign(arena, rsa_pkcs8, "none", NULL, PAYLOAD));
	assert_null(jwt_sign(arena, rsa_pkcs8, "HS256", NULL, PAYLOAD));
	assert_null(jwt_sign(arena, "key", "RS256", NULL, PAYLOAD));
}

static void header_has_no_kid_unless_there_is_one(void **state)
{
	/* {"alg":"ES256","typ":"JWT"} */
	static const char head[] = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.";
	const char *text = jwt_sign(*state, p256, "ES256", NULL, PAYLOAD);

	assert_memory_equal(text, head, strlen(head));
}

/* RFC 7518, 3.4: two numbers as long as the curve's, not DER. */
static void signature_of_a_curve_is_as_long_as_it_must_be(void **state)
{
	const struct {
		const char *pem, *algorithm;
		size_t bytes;
	} rows[] = {
		{p256, "ES256", 64}, {p384, "ES384", 96}, {p521, "ES512", 132}};
	struct arena *arena = *state;

	for (size_t i = 0; i < COUNT(rows); i++)
		for (int turn = 0; turn < 40; turn++) {
			const char *text =
				jwt_sign(arena, rows[i].pem, rows[i].algorithm,
					 "k", PAYLOAD);
			unsigned char bytes[256];
			size_t length;

			text = strrchr(text, '.') + 1;
			assert_int_equal(
				sodium_base642bin(
					bytes, sizeof(bytes), text,
					strlen(text), NULL, &length, NULL,
					sodium_base64_VARIANT_URLSAFE_NO_PADDING),
				0);
			assert_int_equal(length, rows[i].bytes);
		}
}

static void names_that_are_known(void **state)
{
	(void)state;
	assert_true(jwt_sign_knows("RS256"));
	assert_true(jwt_sign_knows("PS512"));
	assert_true(jwt_sign_knows("ES384"));
	assert_false(jwt_sign_knows("none"));
	assert_false(jwt_sign_knows("HS256"));
	assert_false(jwt_sign_knows("EdDSA"));
	assert_false(jwt_sign_knows(""));
}

static int with_arena(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int without_arena(void **state)
{
	arena_release(*state);
	return 0;
}

#define ARENA_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, with_arena, without_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(signature_is_as_another_implementation_makes_it),
		ARENA_TEST(algorithm_is_the_first_that_fits_the_key),
		ARENA_TEST(key_that_fits_nothing_is_refused),
		ARENA_TEST(text_that_is_no_key_is_refused),
		ARENA_TEST(nothing_is_signed_by_another_kind_of_key),
		ARENA_TEST(header_has_no_kid_unless_there_is_one),
		ARENA_TEST(signature_of_a_curve_is_as_long_as_it_must_be),
		cmocka_unit_test(names_that_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
