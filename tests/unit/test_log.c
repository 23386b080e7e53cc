/* base/log: lines of JSON on standard error, whole and in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/log.h"

enum { TEXT_MAX = 8 * 1024 * 1024 };

static FILE *written; /* in place of standard error */
static int standard_error;
static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	written = tmpfile();
	standard_error = dup(STDERR_FILENO);
	if (!written || standard_error < 0)
		return -1;
	return dup2(fileno(written), STDERR_FILENO) < 0;
}

static int end(void **state)
{
	(void)state;
	(void)dup2(standard_error, STDERR_FILENO);
	(void)close(standard_error);
	(void)fclose(written);
	arena_release(&arena);
	return 0;
}

static const char *all_written(void)
{
	char *text = arena_alloc(&arena, TEXT_MAX);

	rewind(written);
	text[fread(text, 1, TEXT_MAX - 1, written)] = '\0';
	return text;
}

/* Parses each line, calls `see` for it, and gives how many there are. */
static size_t each_line(void (*see)(const json_t *line, size_t number))
{
	size_t count = 0;
	const char *why;
	json_t *line;

	for (const char *at = all_written(); *at; count++) {
		size_t length = strcspn(at, "\n");

		assert_int_equal(at[length], '\n');
		assert_int_equal(json_read(&arena, at, length, &line, &why),
				 OK);
		see(line, count);
		at += length + 1;
	}
	return count;
}

static const char *text_of(const json_t *line, const char *key)
{
	return json_string_value(json_object_get(line, key));
}

static void see_three(const json_t *line, size_t number)
{
	static const char *const messages[] = {"listening", "it \"broke\"",
					       "raw"};

	assert_string_equal(text_of(line, "message"), messages[number]);
	if (number == 0) {
		assert_string_equal(text_of(line, "level"), "info");
		assert_string_equal(text_of(line, "port"), "80");
		assert_int_equal(strlen(text_of(line, "time")), 27);
	}
	if (number == 1) {
		assert_string_equal(text_of(line, "level"), "error");
		assert_string_equal(text_of(line, "why"), "a\nb");
	}
}

static void log_three(void)
{
	static const char raw[] = "{\"message\":\"raw\"}\n";

	log_info("listening", "port", "80", NULL);
	log_error("it \"broke\"", "why", "a\nb", NULL);
	log_raw(raw, sizeof(raw) - 1);
}

static void before_the_start_lines_go_directly(void **state)
{
	(void)state;
	log_three();
	assert_int_equal(each_line(see_three), 3);
}

static void stopping_writes_what_is_gathered(void **state)
{
	(void)state;
	log_start();
	log_three();
	log_stop();
	assert_int_equal(each_line(see_three), 3);
}

static void after_the_stop_lines_go_directly_again(void **state)
{
	(void)state;
	log_start();
	log_stop();
	log_stop();
	log_three();
	assert_int_equal(each_line(see_three), 3);
}

enum { THREADS = 4, LINES = 2000 };

static void *log_many(void *which)
{
	char number[16];

	for (int i = 0; i < LINES; i++) {
		(void)snprintf(number, sizeof(number), "%d", i);
		log_info(which, "number", number, NULL);
	}
	return NULL;
}

static int last[THREADS];

static void see_one_of_many(const json_t *line, size_t number)
{
	int which = text_of(line, "message")[0] - 'a';

	(void)number;
	assert_int_equal(strtol(text_of(line, "number"), NULL, 10),
			 last[which]);
	last[which]++;
}

static void lines_of_many_threads_stay_whole_and_in_order(void **state)
{
	static char names[THREADS][2] = {"a", "b", "c", "d"};
	pthread_t threads[THREADS];

	(void)state;
	memset(last, 0, sizeof(last));
	log_start();
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, log_many, names[i]),
			0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	log_stop();
	assert_int_equal(each_line(see_one_of_many), THREADS * LINES);
}

static void see_any(const json_t *line, size_t number)
{
	(void)number;
	assert_non_null(text_of(line, "message"));
	assert_non_null(text_of(line, "level"));
}

static void a_line_that_is_too_long_is_still_a_line(void **state)
{
	char *text = arena_alloc(&arena, 100001);

	(void)state;
	memset(text, 'x', 100000);
	log_error("long", "text", text, NULL);
	log_error("next", NULL);
	assert_int_equal(each_line(see_any), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_is_too_long_is_still_a_line),
		TEST(before_the_start_lines_go_directly),
		TEST(stopping_writes_what_is_gathered),
		TEST(after_the_stop_lines_go_directly_again),
		TEST(lines_of_many_threads_stay_whole_and_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
