/* base/hop_by_hop: what ends at the next server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hop_by_hop.h"

static void what_is_about_a_connection_is_known(void **state)
{
	(void)state;
	assert_true(hop_by_hop_is("Connection"));
	assert_true(hop_by_hop_is("keep-alive"));
	assert_true(hop_by_hop_is("TRANSFER-ENCODING"));
	assert_true(hop_by_hop_is("te"));
	assert_false(hop_by_hop_is("Content-Type"));
	assert_false(hop_by_hop_is("Te-Deum"));
	assert_false(hop_by_hop_is(""));
}

static void lists_name_members_whole(void **state)
{
	(void)state;
	assert_true(hop_by_hop_lists("close, X-One ,\tX-Two", "x-two"));
	assert_true(hop_by_hop_lists(",,X-One,", "X-One"));
	assert_false(hop_by_hop_lists("X-One", "X-On"));
	assert_false(hop_by_hop_lists("X-One", "X-One-More"));
	assert_false(hop_by_hop_lists("", "X-One"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_about_a_connection_is_known),
		cmocka_unit_test(lists_name_members_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
