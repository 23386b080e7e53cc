/* db/url, db/postgres_url: a store's URL for people, for us and for libpq. */
#include "engine.h"

#include <stdlib.h>

#include "cli/open.h"
#include "db/postgres.h"

static void a_url_is_shown_without_its_passwords(void **state)
{
	static const struct {
		const char *url, *shown;
	} cases[] = {
		{"sqlite:/var/lib/a:b@c/store.db",
		 "sqlite:/var/lib/a:b@c/store.db"},
		{"postgresql:///cleat", "postgresql:///cleat"},
		{"postgresql://cleat@db:5432/cleat?sslmode=require",
		 "postgresql://cleat@db:5432/cleat?sslmode=require"},
		{"postgresql://cleat:s3cret@db/cleat",
		 "postgresql://cleat:***@db/cleat"},
		{"postgresql://cleat:s@3c/r?et@db/cleat",
		 "postgresql://cleat:***@db/cleat"},
		{"postgresql://a,b:2/cleat?password=s3cret&user=cleat",
		 "postgresql://a,b:2/cleat?password=***&user=cleat"},
		{"postgresql://a/cleat?user=x&sslpassword=s3cret",
		 "postgresql://a/cleat?user=x&sslpassword=***"},
		{"postgresql://a/cleat?user=x&passwor%64=s3cret",
		 "postgresql://a/cleat?user=x&passwor%64=***"},
		{"postgresql://a/?password", "postgresql://a/?password"},
		{"host=db password=s3cret", "***"},
		{"mysql:x", "mysql:x"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *shown = db_url_public(cases[i].url);

		assert_string_equal(shown, cases[i].shown);
		free(shown);
	}
}

/* Nobody listens there. */
static void an_error_line_has_no_password(void **state)
{
	static const char *const urls[] = {
		"postgresql://cleat:s3cret@127.0.0.1:1/cleat",
		"postgresql://127.0.0.1:1/cleat?user=cleat&password=s3cret",
		"postgresql://cleat:s3cret@127.0.0.1:1/cleat?unknown=1",
		"postgres://cleat:s3cret@127.0.0.1:1/cleat",
	};
	struct opened_beside opened;
	struct buf err;

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		buf_init(&err, 1000);
		assert_int_not_equal(open_beside(urls[i], &opened, &err), 0);
		assert_non_null(strstr(buf_cstr(&err), "127.0.0.1:1/cleat"));
		assert_null(strstr(buf_cstr(&err), "s3cret"));
		buf_release(&err);
	}
}

static void pgbouncer_is_said_to_us_and_not_to_libpq(void **state)
{
	static const struct {
		const char *url, *read;
		bool is_pooled;
	} cases[] = {
		{"postgresql:///c", "postgresql:///c", false},
		{"postgresql:///c?pgbouncer=true", "postgresql:///c", true},
		{"postgresql:///c?pgbouncer=false", "postgresql:///c", false},
		{"postgresql:///c?pgbouncer=true&host=/a",
		 "postgresql:///c?host=/a", true},
		{"postgresql:///c?host=/a&pgbouncer=true",
		 "postgresql:///c?host=/a", true},
		{"postgresql:///c?host=/a&pgbouncer=true&port=1",
		 "postgresql:///c?host=/a&port=1", true},
		{"postgresql:///c?pgbouncer=yes", NULL, false},
		{"postgresql:///c?pgbouncer=", NULL, false},
		{"postgresql:///c?pgbouncer", NULL, false},
		{"postgresql:///c?unknown=1", NULL, false},
		{"postgresql:///c?port=x%", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool is_pooled = false;
		char *read = postgres_url_read(cases[i].url, &is_pooled);

		assert_int_equal(read != NULL, cases[i].read != NULL);
		if (read) {
			assert_string_equal(read, cases[i].read);
			assert_int_equal(is_pooled, cases[i].is_pooled);
		}
		free(read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_is_shown_without_its_passwords),
		cmocka_unit_test(an_error_line_has_no_password),
		cmocka_unit_test(pgbouncer_is_said_to_us_and_not_to_libpq),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
