/* base/usm: the documents' own examples. */
#include "base/usm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char engine[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

static void assert_key(const char *name, const char *wanted)
{
	const struct usm_auth *auth = usm_auth_find(name);
	unsigned char key[USM_KEY_MAX];
	char text[2 * USM_KEY_MAX + 1] = "";
	size_t length;

	assert_non_null(auth);
	assert_true(usm_key(auth, "maplesyrup", engine, sizeof(engine), key,
			    &length));
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = "0123456789abcdef"[key[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[key[i] & 15];
	}
	assert_string_equal(text, wanted);
}

/* RFC 3414, A.3.1 and A.3.2. */
static void keys_are_those_of_the_documents(void **state)
{
	(void)state;
	assert_key("MD5", "526f5eed9fcce26f8964c2930787d82b");
	assert_key("SHA", "6695febc9288e36282235fc7151f128497b38f3f");
}

/* RFC 2202, 2 (1) and 3 (1); RFC 4231, 4.2, cut off. */
static void signatures_are_those_of_the_documents(void **state)
{
	static const unsigned char key[20] = {11, 11, 11, 11, 11, 11, 11,
					      11, 11, 11, 11, 11, 11, 11,
					      11, 11, 11, 11, 11, 11};
	static const unsigned char md5[12] = {0x92, 0x94, 0x72, 0x7a,
					      0x36, 0x38, 0xbb, 0x1c,
					      0x13, 0xf4, 0x8e, 0xf8};
	static const unsigned char sha256[24] = {
		0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53,
		0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b, 0xf1, 0x2b,
		0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7};
	unsigned char mac[USM_MAC_MAX];

	(void)state;
	assert_true(
		usm_sign(usm_auth_find("MD5"), key, 16, "Hi There", 8, mac));
	assert_memory_equal(mac, md5, sizeof(md5));
	assert_true(
		usm_sign(usm_auth_find("SHA256"), key, 20, "Hi There", 8, mac));
	assert_memory_equal(mac, sha256, sizeof(sha256));
}

static void what_is_no_way_of_signing_is_none(void **state)
{
	(void)state;
	unsigned char key[USM_KEY_MAX];
	size_t length;

	assert_null(usm_auth_find("SHA3"));
	assert_null(usm_auth_find(""));
	assert_false(usm_key(usm_auth_find("SHA"), "", engine, sizeof(engine),
			     key, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_those_of_the_documents),
		cmocka_unit_test(signatures_are_those_of_the_documents),
		cmocka_unit_test(what_is_no_way_of_signing_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
