/* base/pkcs12: certificates out of files that OpenSSL has made. */
#include "base/pkcs12.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/pkcs12.h>

enum { FILE_MAX = 16 * 1024, DAY_S = 86400 };

struct made {
	unsigned char bytes[FILE_MAX];
	size_t length;
};

static X509 *certify(EVP_PKEY *key)
{
	X509 *made = X509_new();
	X509_NAME *name = X509_get_subject_name(made);
	const unsigned char one[] = "one";

	assert_true(X509_set_pubkey(made, key));
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(made), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(made), DAY_S));
	assert_true(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, one,
					       -1, -1, 0));
	assert_true(X509_set_issuer_name(made, name));
	assert_true(X509_sign(made, key, EVP_sha256()));
	return made;
}

/* A certificate, with its key or alone. */
static struct made make_file(bool has_key, const char *password)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = certify(key);
	PKCS12 *file = PKCS12_create(password, "one", has_key ? key : NULL,
				     certificate, NULL, 0, 0, 0, 0, 0);
	struct made made;
	unsigned char *to = made.bytes;

	assert_non_null(file);
	assert_in_range(i2d_PKCS12(file, NULL), 1, FILE_MAX);
	made.length = (size_t)i2d_PKCS12(file, &to);
	PKCS12_free(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return made;
}

static int begin(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int end(void **state)
{
	arena_release(*state);
	return 0;
}

static void assert_one(const char *pem)
{
	static const char head[] = "-----BEGIN CERTIFICATE-----";

	assert_non_null(pem);
	assert_memory_equal(pem, head, strlen(head));
	assert_null(strstr(pem + 1, head));
	assert_null(strstr(pem, "PRIVATE"));
}

static void a_certificate_is_read_with_and_without_its_key(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct made file = make_file(i == 1, "sesame");

		assert_one(pkcs12_certificates(*state, file.bytes, file.length,
					       "sesame"));
	}
}

static void a_file_without_a_password_is_read(void **state)
{
	struct made file = make_file(false, "");

	assert_one(pkcs12_certificates(*state, file.bytes, file.length, NULL));
}

static void what_does_not_open_is_nothing(void **state)
{
	struct made file = make_file(false, "sesame");

	assert_null(
		pkcs12_certificates(*state, file.bytes, file.length, "wrong"));
	assert_null(pkcs12_certificates(*state, file.bytes, file.length, NULL));
	assert_null(pkcs12_certificates(*state, file.bytes, file.length / 2,
					"sesame"));
	assert_null(pkcs12_certificates(*state, "no file", 7, "sesame"));
	assert_null(pkcs12_certificates(*state, "", 0, "sesame"));
	assert_null(pkcs12_certificates(*state, "", SIZE_MAX, "sesame"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_certificate_is_read_with_and_without_its_key, begin,
			end),
		cmocka_unit_test_setup_teardown(
			a_file_without_a_password_is_read, begin, end),
		cmocka_unit_test_setup_teardown(what_does_not_open_is_nothing,
						begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
