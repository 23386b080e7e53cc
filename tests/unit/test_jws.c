/* base/jws: known signatures, and texts that must not pass for signed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/jws.h"
#include "base/seal.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* RFC 8037, appendix A.1 and A.2. */
#define SEED_HEX                                                               \
	"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

/* Of that key, k1 and {"a":1}, by another implementation (OpenSSL 3). */
#define HEADER	"eyJhbGciOiJFZERTQSIsImtpZCI6ImsxIn0"
#define PAYLOAD "eyJhIjoxfQ"
#define SIGNATURE                                                              \
	"dZsL4QRe9xf_xb6BMaAOXwjpN52i33_zjxdlscmg6o9I4oOvF3a5dMcjF9NYuwEPpL9g" \
	"bfxZLbo35I-pVtEcDw"
#define SIGNED HEADER "." PAYLOAD "." SIGNATURE

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

static struct jws_pair pair;
static struct arena arena;

static int begin(void **state)
{
	unsigned char seed[JWS_SEED_BYTES];

	(void)state;
	arena_init(&arena);
	if (sodium_hex2bin(seed, sizeof(seed), SEED_HEX, strlen(SEED_HEX), NULL,
			   NULL, NULL) != 0)
		return -1;
	jws_pair_init(&pair, seed);
	return 0;
}

static int end(void **state)
{
	(void)state;
	jws_pair_wipe(&pair);
	arena_release(&arena);
	return 0;
}

static bool opens(const char *text)
{
	const char *payload;

	return jws_open(&arena, text, "k1", pair.public_key, &payload);
}

static char *encoded(const unsigned char *bytes, size_t length)
{
	size_t size = sodium_base64_encoded_len(length, URLSAFE);

	return sodium_bin2base64(arena_alloc(&arena, size), size, bytes, length,
				 URLSAFE);
}

/* What somebody with the key signs under a header of their own. */
static const char *signed_under(const char *header, const char *payload)
{
	unsigned char code[crypto_sign_BYTES];
	const char *text = arena_printf(
		&arena, "%s.%s",
		encoded((const unsigned char *)header, strlen(header)),
		encoded((const unsigned char *)payload, strlen(payload)));

	crypto_sign_detached(code, NULL, (const unsigned char *)text,
			     strlen(text), pair.secret_key);
	return arena_printf(&arena, "%s.%s", text, encoded(code, sizeof(code)));
}

static void signature_is_the_known_one(void **state)
{
	const char *payload = NULL;

	(void)state;
	assert_string_equal(jws_x(&arena, pair.public_key), X);
	assert_string_equal(jws_sign(&arena, &pair, "k1", "{\"a\":1}"), SIGNED);
	assert_true(jws_open(&arena, SIGNED, "k1", pair.public_key, &payload));
	assert_string_equal(payload, "{\"a\":1}");
}

static void every_altered_character_is_found(void **state)
{
	size_t length = strlen(SIGNED);

	(void)state;
	for (size_t i = 0; i < length; i++) {
		for (const char *c = "AQgw.=-_ \n"; *c; c++) {
			char *text = arena_strdup(&arena, SIGNED);

			if (text[i] == *c)
				continue;
			text[i] = *c;
			assert_false(opens(text));
		}
	}
}

static void cut_or_longer_is_not_signed(void **state)
{
	(void)state;
	for (size_t i = 0; i < strlen(SIGNED); i++)
		assert_false(opens(arena_strndup(&arena, SIGNED, i)));
	assert_false(opens(SIGNED "A"));
	assert_false(opens(SIGNED "="));
	assert_false(opens(SIGNED "."));
	assert_false(opens(" " SIGNED));
	assert_false(opens(HEADER ".." PAYLOAD "." SIGNATURE));
}

static void a_text_does_not_choose_its_algorithm(void **state)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\",\"kid\":\"k1\"}",
		"{\"alg\":\"HS256\",\"kid\":\"k1\"}",
		"{\"kid\":\"k1\",\"alg\":\"EdDSA\"}",
		"{\"alg\":\"EdDSA\",\"kid\":\"k2\"}",
		"{\"alg\":\"EdDSA\",\"kid\":\"k1\",\"crit\":[\"b64\"]}",
		"{\"alg\":\"EdDSA\"}",
		"{}",
	};

	(void)state;
	assert_true(opens(
		signed_under("{\"alg\":\"EdDSA\",\"kid\":\"k1\"}", "{}")));
	for (size_t i = 0; i < COUNT(headers); i++)
		assert_false(opens(signed_under(headers[i], "{}")));
	assert_false(opens("eyJhbGciOiJub25lIiwia2lkIjoiazEifQ." PAYLOAD "."));
	assert_false(opens(HEADER "." PAYLOAD "."));
}

static void another_key_or_its_name_does_not_open(void **state)
{
	static const unsigned char seed[JWS_SEED_BYTES] = {7};
	struct jws_pair other;
	const char *payload;

	(void)state;
	jws_pair_init(&other, seed);
	assert_false(
		jws_open(&arena, SIGNED, "k1", other.public_key, &payload));
	assert_false(jws_open(&arena, SIGNED, "k2", pair.public_key, &payload));
	assert_false(jws_open(&arena, SIGNED, "k", pair.public_key, &payload));
	assert_false(jws_open(&arena, SIGNED, "", pair.public_key, &payload));
}

/* The same equation holds for s + L: RFC 8032, section 5.1.7 forbids it. */
static void signature_has_no_second_form(void **state)
{
	static const unsigned char order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,	      0xd6,
		0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	unsigned char code[crypto_sign_BYTES];

	(void)state;
	assert_int_equal(sodium_base642bin(code, sizeof(code), SIGNATURE,
					   strlen(SIGNATURE), NULL, NULL, NULL,
					   URLSAFE),
			 0);
	sodium_add(code + 32, order, sizeof(order));
	assert_false(opens(arena_printf(&arena, "%s.%s.%s", HEADER, PAYLOAD,
					encoded(code, sizeof(code)))));
}

/* With A = R = the neutral point and s = 0 any text would be signed. */
static void key_of_small_order_signs_nothing(void **state)
{
	static const unsigned char keys[][JWS_PUBLIC_BYTES] = {
		{1}, {0}, {[31] = 0x80}, {1, [31] = 0x80}};
	unsigned char code[crypto_sign_BYTES] = {1};
	const char *payload;

	(void)state;
	const char *text = arena_printf(&arena, "%s.%s.%s", HEADER, PAYLOAD,
					encoded(code, sizeof(code)));
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_false(jws_open(&arena, text, "k1", keys[i], &payload));
}

static void name_that_would_change_the_header_does_not_sign(void **state)
{
	static const char *const bad[] = {
		"",
		"a\"b",
		"a b",
		"a.b",
		"\xc3\xa9",
		("12345678901234567890123456789012"
		 "123456789012345678901234567890123"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(jws_sign(&arena, &pair, bad[i], "{}"));
	assert_non_null(jws_sign(&arena, &pair, "A-z_09", "{}"));
}

/* A payload with a NUL would be read as a shorter one. */
static void payload_is_one_text(void **state)
{
	unsigned char code[crypto_sign_BYTES];
	const char *text = HEADER ".e30AeA"; /* {} NUL x */

	(void)state;
	crypto_sign_detached(code, NULL, (const unsigned char *)text,
			     strlen(text), pair.secret_key);
	assert_false(opens(arena_printf(&arena, "%s.%s", text,
					encoded(code, sizeof(code)))));
}

/* RFC 8037, appendix A.3. */
static void thumbprint_is_the_known_one(void **state)
{
	(void)state;
	assert_string_equal(jws_thumbprint(&arena, pair.public_key),
			    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#define JWS_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JWS_TEST(signature_is_the_known_one),
		JWS_TEST(thumbprint_is_the_known_one),
		JWS_TEST(every_altered_character_is_found),
		JWS_TEST(cut_or_longer_is_not_signed),
		JWS_TEST(a_text_does_not_choose_its_algorithm),
		JWS_TEST(another_key_or_its_name_does_not_open),
		JWS_TEST(signature_has_no_second_form),
		JWS_TEST(key_of_small_order_signs_nothing),
		JWS_TEST(name_that_would_change_the_header_does_not_sign),
		JWS_TEST(payload_is_one_text),
	};

	if (!seal_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
