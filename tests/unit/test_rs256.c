/* base/rs256, base/rsa_key: a known key and tokens of it, made by another
 * implementation (python3-cryptography). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rs256.h"
#include "base/rsa_key.h"

#define PUBLIC                                                                 \
	"-----BEGIN PUBLIC KEY-----\n"                                         \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmH9Ro22JldrQStWpMpkn\n"   \
	"7JkRJDrftL2aitMhZWeRo2csLpo+KXAWSwi9hdyCETYJLWuiCTIPAs687ClyiGyW\n"   \
	"5Y84T7uRHf1cBurpl5qUJDozWZtl9YViogki2chkiZhqImFTJ0LSipF99ffkpaqh\n"   \
	"6emK6rkoCfQ4gEMGY6qn36NIUUCaF3R2r5prIIlOkaZs2jfZniOMKhaUOKmrteMC\n"   \
	"KMozQNg0Jv+eCpDFLcLudSaP1wYxyj0fflmaOjoc0jCmEyxYGsgN7EDrEKrX/4uA\n"   \
	"9fwfjklLavWvgAu26dvBM4TRiIeiHIpHdSuPCCSqzTJGDfeBmkIagnydET+/ES7V\n"   \
	"iQIDAQAB\n"                                                           \
	"-----END PUBLIC KEY-----\n"

#define PUBLIC_PKCS1                                                           \
	"-----BEGIN RSA PUBLIC KEY-----\n"                                     \
	"MIIBCgKCAQEAmH9Ro22JldrQStWpMpkn7JkRJDrftL2aitMhZWeRo2csLpo+KXAW\n"   \
	"Swi9hdyCETYJLWuiCTIPAs687ClyiGyW5Y84T7uRHf1cBurpl5qUJDozWZtl9YVi\n"   \
	"ogki2chkiZhqImFTJ0LSipF99ffkpaqh6emK6rkoCfQ4gEMGY6qn36NIUUCaF3R2\n"   \
	"r5prIIlOkaZs2jfZniOMKhaUOKmrteMCKMozQNg0Jv+eCpDFLcLudSaP1wYxyj0f\n"   \
	"flmaOjoc0jCmEyxYGsgN7EDrEKrX/4uA9fwfjklLavWvgAu26dvBM4TRiIeiHIpH\n"   \
	"dSuPCCSqzTJGDfeBmkIagnydET+/ES7ViQIDAQAB\n"                           \
	"-----END RSA PUBLIC KEY-----\n"

#define SMALL                                                                  \
	"-----BEGIN PUBLIC KEY-----\n"                                         \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2jj1/eCzancA7hhjX0T3XnPlD\n"   \
	"gxk/Oout+f8jeduPB1KNkTG2UqHCDmoKfvKoiZXZK16mEmNeexkHbzSc/ymyIYfL\n"   \
	"hErEY9/hrWz97o4+BmA20/Kvzs+Wipzr5R+xWG6F8eYxevkW+IQsI0Fjg33Ak2DZ\n"   \
	"n6ZdwqgNlxiEb46zWQIDAQAB\n"                                           \
	"-----END PUBLIC KEY-----\n"

#define SIGNED                                                                 \
	"eyJhbGciOiJSUzI1NiIsImtpZCI6IjAxYTIyYzRjLTMwOTAtNzgwMS1hZWQ0"         \
	"LTE2NDQxMjE4ZDk2NiJ9.eyJncm91cFJlZiI6Im9yZyIsImlhdCI6MTcwMDA"         \
	"wMDAwMCwieCI6MS41LCJiaWciOjMwMDAwMDAwMDAwMCwibiI6bnVsbH0.cIq"         \
	"yj66Wks9frvDqOQaTaHu5FdXPLiEG2wTu3zGhcP9VIIeX5vky8HBF6-fiR0h"         \
	"S0OC4rbvtCgwAq924_kFqO7inFTDy9ch2n--4UJWdAJ7EZXKikN3Bj37OSsY"         \
	"JvE3EEjWhwPirosTpGbsHAY5zE_QEuAVvhTxRsXBSsyuZ6OKjYhANEy_X7Gs"         \
	"nl9KFt62D-q9RSjiXk-a3V3IIxtyDALCAl6GkAT679932ML7FA3Ok1a5huNQ"         \
	"o1HNEtawoHUaqVUPKp0vJ1lAci3pLSoWTL3x4wNkAqr30b1VLQz2hjjBuaxL"         \
	"R8Kh9CNdPx-Yn8ITgLAUtCzjqJ6ZI-ONk7Abm5A"

#define SIGNED_LIST                                                            \
	"eyJhbGciOiJSUzI1NiIsImtpZCI6IjAxYTIyYzRjLTMwOTAtNzgwMS1hZWQ0"         \
	"LTE2NDQxMjE4ZDk2NiJ9.WzFd.MPvvOl3zdZAuTLhSCoABFWUHbgae30zrNm"         \
	"hU4_okOm1Lkwhujpmi8VjqmSRxrTwzU5upb4vTRqVW9QWM6sfQXRsJ5D8PyP"         \
	"vJNaOFFJDvq814EJ6ftwqO92Flrh4QEofeF4OzWj4OT3jZnhE2ltC2SNAIh5"         \
	"qNX2CcHjOBu0HlFL0Df4-E7L6P_5UQ79Q4re7lDWlIA2p664ZB5hNw4oM2e1"         \
	"-tdGjui6XMs4QvXo9yx9AuSEnwb6X5dqI1U7c7K39o6hyfNtxb1nOvUGlyQI"         \
	"KjGlwA9GGJNfTLNBvp28WvNX9_DCabOgsBxgRLXsJbKPvCWg_e57ZF9rmqVr"         \
	"NZ9Ptz7Q"
#define KID "01a22c4c-3090-7801-aed4-16441218d966"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void key_is_written_in_one_form(void **state)
{
	const char *why = NULL;

	(void)state;
	assert_string_equal(rsa_key_read(&arena, PUBLIC, &why), PUBLIC);
	assert_string_equal(rsa_key_read(&arena, PUBLIC_PKCS1, &why), PUBLIC);
	assert_string_equal(rsa_key_read(&arena, "before\n" PUBLIC "\n ", &why),
			    PUBLIC);
	assert_string_equal(rsa_key_read(&arena, " \n" PUBLIC, &why), PUBLIC);
	assert_null(why);
}

static void what_is_no_key_is_told_why(void **state)
{
	static const struct {
		const char *pem, *why;
	} cases[] = {
		{"", "is not a public key in PEM"},
		{"nonsense", "is not a public key in PEM"},
		{PUBLIC "after", "has something behind the key"},
		{PUBLIC PUBLIC, "has something behind the key"},
		{SMALL, "has 1024 bits: 2048 to 8192 are needed"},
		{PUBLIC "-----BEGIN PRIVATE KEY-----",
		 "is a private key: send the public one, and make a new pair"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *why = NULL;

		assert_null(rsa_key_read(&arena, cases[i].pem, &why));
		assert_string_equal(why, cases[i].why);
	}
}

static void token_says_its_key(void **state)
{
	struct uuid kid;
	char text[UUID_TEXT];

	(void)state;
	assert_true(rs256_kid(&arena, SIGNED, &kid));
	uuid_format(kid, text);
	assert_string_equal(text, KID);
}

static void claims_are_read_by_their_types(void **state)
{
	const struct rs256_claims *claims = rs256_open(&arena, SIGNED, PUBLIC);
	int64_t time = 7;

	(void)state;
	assert_non_null(claims);
	assert_string_equal(rs256_text(claims, "groupRef"), "org");
	assert_null(rs256_text(claims, "iat"));
	assert_null(rs256_text(claims, "n"));
	assert_null(rs256_text(claims, "none"));
	assert_true(rs256_has(claims, "n"));
	assert_false(rs256_has(claims, "none"));
	assert_false(rs256_time(claims, "groupRef", &time));
	assert_false(rs256_time(claims, "x", &time));
	assert_false(rs256_time(claims, "big", &time));
	assert_false(rs256_time(claims, "none", &time));
	assert_int_equal(time, 7);
	assert_true(rs256_time(claims, "iat", &time));
	assert_int_equal(time, 1700000000);
}

static void payload_is_an_object(void **state)
{
	(void)state;
	assert_null(rs256_open(&arena, SIGNED_LIST, PUBLIC));
}

/* Each character, by each that may stand in a token, and one that may not. */
static void no_other_spelling_is_signed(void **state)
{
	static const char others[] = "AQgw_.=";
	char text[] = SIGNED;

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		char was = text[i];

		for (size_t j = 0; j < sizeof(others) - 1; j++) {
			text[i] = others[j];
			if (others[j] != was)
				assert_null(rs256_open(&arena, text, PUBLIC));
		}
		text[i] = '\0';
		assert_null(rs256_open(&arena, text, PUBLIC));
		text[i] = was;
		arena_reset(&arena);
	}
	assert_non_null(rs256_open(&arena, text, PUBLIC));
}

static void form_is_three_parts(void **state)
{
	(void)state;
	assert_true(rs256_is_form("a.b.c"));
	assert_true(rs256_is_form(".."));
	assert_false(rs256_is_form("a.b"));
	assert_false(rs256_is_form("a.b.c.d"));
	assert_false(rs256_is_form("cleat_upa_x"));
	assert_false(rs256_is_form(""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(key_is_written_in_one_form),
		TEST(what_is_no_key_is_told_why),
		TEST(token_says_its_key),
		TEST(claims_are_read_by_their_types),
		TEST(payload_is_an_object),
		TEST(no_other_spelling_is_signed),
		TEST(form_is_three_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
