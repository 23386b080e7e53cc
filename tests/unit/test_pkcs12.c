/* base/pkcs12: certificates out of files that OpenSSL's program has made. */
#include "base/pkcs12.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_MAX = 16 * 1024 };

static const char make[] =
	"cd %s && openssl req -x509 -newkey ec -pkeyopt "
	"ec_paramgen_curve:prime256v1 -nodes -keyout key -out pem -days 1 "
	"-subj /CN=one 2>err && "
	"openssl pkcs12 -export %s -in pem -out file -passout 'pass:%s'";

struct made {
	unsigned char bytes[FILE_MAX];
	size_t length;
};

/* A certificate, with its key or alone. */
static struct made make_file(const char *how, const char *password)
{
	char folder[] = "/tmp/cleat-unit-XXXXXX", command[1024];
	struct made made;

	assert_non_null(mkdtemp(folder));
	(void)snprintf(command, sizeof(command), make, folder, how, password);
	assert_int_equal(system(command), 0);
	(void)snprintf(command, sizeof(command), "%s/file", folder);
	FILE *file = fopen(command, "rb");
	assert_non_null(file);
	made.length = fread(made.bytes, 1, sizeof(made.bytes), file);
	(void)fclose(file);
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
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
	static const char *const ways[] = {"-inkey key", "-nokeys"};

	for (int i = 0; i < 2; i++) {
		struct made file = make_file(ways[i], "sesame");

		assert_one(pkcs12_certificates(*state, file.bytes, file.length,
					       "sesame"));
	}
}

static void a_file_without_a_password_is_read(void **state)
{
	struct made file = make_file("-nokeys", "");

	assert_one(pkcs12_certificates(*state, file.bytes, file.length, NULL));
}

static void what_does_not_open_is_nothing(void **state)
{
	struct made file = make_file("-nokeys", "sesame");

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
