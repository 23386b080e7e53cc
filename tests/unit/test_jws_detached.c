/* base/jws_detached, base/hmac: the documented vector, and comparisons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hmac.h"
#include "base/jws_detached.h"

#define BODY                                                                   \
	"{\"id\":\"abc\",\"type\":\"environment.push\",\"state\":"             \
	"\"complete\"}"
#define SIGNED                                                                 \
	"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19"             \
	"..oPd7R_tcINwzF23W6B3RdAtkManDeoqoEW8z_fN1vzo"

/* RFC 4231, test case 2. */
#define CODE "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
#define TEXT "what do ya want for nothing?"

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

static void vector_is_signed(void **state)
{
	(void)state;
	assert_string_equal(
		jws_detached(&arena, "secret", 6, BODY, strlen(BODY)), SIGNED);
	assert_string_not_equal(
		jws_detached(&arena, "secret", 6, BODY, strlen(BODY) - 1),
		SIGNED);
}

static void code_fits_its_bytes_alone(void **state)
{
	(void)state;
	assert_true(hmac_hex_fits(CODE, "Jefe", 4, TEXT, strlen(TEXT)));
	assert_false(hmac_hex_fits(CODE, "Jefe", 4, TEXT, strlen(TEXT) - 1));
	assert_false(hmac_hex_fits(CODE, "Jef", 3, TEXT, strlen(TEXT)));
	assert_false(hmac_hex_fits(CODE "00", "Jefe", 4, TEXT, strlen(TEXT)));
	assert_false(hmac_hex_fits("5b", "Jefe", 4, TEXT, strlen(TEXT)));
	assert_false(hmac_hex_fits("zz", "Jefe", 4, TEXT, strlen(TEXT)));
	assert_false(hmac_hex_fits("", "Jefe", 4, TEXT, strlen(TEXT)));
}

static void texts_are_the_same_as_a_whole(void **state)
{
	(void)state;
	assert_true(hmac_same_text("abc", 3, "abc", 3));
	assert_false(hmac_same_text("abc", 3, "abd", 3));
	assert_false(hmac_same_text("abc", 3, "abcd", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(vector_is_signed, begin, end),
		cmocka_unit_test(code_fits_its_bytes_alone),
		cmocka_unit_test(texts_are_the_same_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
