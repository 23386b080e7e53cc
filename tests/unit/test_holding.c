/* worker/holding: what a worker holds, by the rules for versions, in memory
 * and in its sealed file. */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/log.h"
#include "worker/holding.h"
#include "worker/own_file.h"

#define PASSWORD "pass-of-mail"
#define MAIL	 "{\"name\":\"Mail\",\"secrets\":{\"password\":\"" PASSWORD "\"}}"

static char folder[32], path[64];
static struct key key;
static struct holding_place place;
static struct holding *holding;
static struct arena arena;
static struct uuid mail, files;

static int begin(void **state)
{
	(void)state;
	json_start();
	assert_true(seal_start());
	arena_init(&arena);
	strcpy(folder, "/tmp/cleat-holding-XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/held", folder);
	key_make(&key);
	place = (struct holding_place){path, &key, "https://cleat.example.com",
				       "live", "w1"};
	holding = holding_open(&place);
	mail = uuid_make(START);
	files = uuid_make(START);
	return 0;
}

static int end(void **state)
{
	char draft[80];

	(void)state;
	holding_close(holding);
	arena_release(&arena);
	(void)snprintf(draft, sizeof(draft), "%s.draft", path);
	(void)unlink(path);
	(void)rmdir(draft);
	return rmdir(folder);
}

#define HOLDING_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void put(struct uuid id, int64_t version, const char *name,
		const char *document)
{
	assert_true(holding_put(holding, id, version, name, document));
}

static bool remove_at(struct uuid id, int64_t version)
{
	bool was_there;

	assert_true(holding_remove(holding, id, version, &was_there));
	return was_there;
}

static size_t reconcile(int64_t version, const struct holding_wanted *wanted,
			size_t count)
{
	size_t dropped;

	assert_true(
		holding_reconcile(holding, version, wanted, count, &dropped));
	return dropped;
}

static void restart(void)
{
	holding_close(holding);
	holding = holding_open(&place);
}

static const char *found(const char *name)
{
	return holding_find(holding, &arena, name);
}

static struct holding_counts counts(void)
{
	struct holding_counts counted;

	holding_count(holding, &counted);
	return counted;
}

static void document_is_found_by_name_without_regard_to_case(void **state)
{
	(void)state;
	put(mail, 1, "Mail", MAIL);
	assert_string_equal(found("mAIL"), MAIL);
	assert_null(found("mail2"));
	assert_int_equal(counts().connections, 1);
	put(mail, 2, "Müşteri", MAIL);
	assert_string_equal(found("MÜŞTERİ"), MAIL);
}

static void newer_of_two_with_one_name_is_found(void **state)
{
	(void)state;
	put(mail, 3, "Mail", "{\"n\":3}");
	put(files, 2, "mail", "{\"n\":2}");
	assert_string_equal(found("mail"), "{\"n\":3}");
	put(files, 4, "mail", "{\"n\":4}");
	assert_string_equal(found("mail"), "{\"n\":4}");
}

static void call_that_is_late_changes_nothing(void **state)
{
	(void)state;
	put(mail, 5, "Mail", "{\"n\":5}");
	put(mail, 4, "Mail", "{\"n\":4}");
	assert_string_equal(found("mail"), "{\"n\":5}");
	assert_true(remove_at(mail, 4));
	assert_non_null(found("mail"));
	assert_true(remove_at(mail, 6));
	assert_null(found("mail"));
	put(mail, 5, "Mail", MAIL);
	assert_null(found("mail"));
	assert_false(remove_at(mail, 6));
	put(mail, 7, "Mail", MAIL);
	assert_non_null(found("mail"));
}

static void what_is_not_in_the_full_set_is_dropped(void **state)
{
	const struct holding_wanted wanted[] = {{files, 3, false}};

	(void)state;
	put(mail, 2, "Mail", MAIL);
	put(files, 3, "files", "{}");
	assert_int_equal(reconcile(4, wanted, 1), 1);
	assert_null(found("mail"));
	assert_non_null(found("files"));
	/* what is on its way from before the set comes too late */
	put(mail, 3, "Mail", MAIL);
	assert_null(found("mail"));
	put(mail, 4, "Mail", MAIL);
	assert_non_null(found("mail"));
}

static void what_came_after_the_full_set_was_made_stays(void **state)
{
	const struct holding_wanted wanted[] = {{mail, 2, false},
						{files, 4, false}};

	(void)state;
	put(mail, 5, "Mail", MAIL);
	assert_int_equal(reconcile(4, NULL, 0), 0);
	assert_non_null(found("mail"));
	remove_at(files, 6);
	assert_int_equal(reconcile(4, wanted, 2), 0);
	assert_int_equal(counts().missing, 0);
	put(files, 4, "files", "{}");
	assert_null(found("files"));
}

static void
what_is_in_the_full_set_alone_is_missing_until_it_comes(void **state)
{
	const struct holding_wanted wanted[] = {{mail, 2, false},
						{files, 3, true}};

	(void)state;
	put(mail, 1, "Mail", MAIL);
	reconcile(9, wanted, 2);
	assert_int_equal(counts().missing, 2);
	assert_int_equal(counts().connections, 1);
	assert_int_equal(counts().version, 9);
	assert_int_equal(counts().lost, 1);
	put(mail, 2, "Mail", MAIL);
	put(files, 3, "files", "{}");
	assert_int_equal(counts().missing, 0);
	assert_int_equal(counts().connections, 2);
}

static void restored_server_is_followed(void **state)
{
	const struct holding_wanted wanted[] = {{mail, 2, false}};

	(void)state;
	put(mail, 8, "Mail", "{\"n\":8}");
	put(files, 9, "files", "{}");
	reconcile(
		9,
		(struct holding_wanted[]){{mail, 8, false}, {files, 9, false}},
		2);
	assert_int_equal(reconcile(3, wanted, 1), 1);
	assert_null(found("files"));
	put(mail, 4, "Mail", "{\"n\":4}");
	assert_string_equal(found("mail"), "{\"n\":4}");
}

static void all_goes_with_the_environment(void **state)
{
	(void)state;
	put(mail, 8, "Mail", MAIL);
	reconcile(9, (struct holding_wanted[]){{mail, 8, false}}, 1);
	assert_true(holding_drop_all(holding));
	assert_true(holding_drop_all(holding));
	assert_null(found("mail"));
	restart();
	assert_null(found("mail"));
	put(mail, 8, "Mail", MAIL);
	assert_null(found("mail"));
}

static void who_restarts_has_what_it_had_and_what_it_knew(void **state)
{
	struct holding_known known = {.key = "k1", .url = "http://10.0.0.1"};

	(void)state;
	known.id = files;
	put(mail, 3, "Mail", MAIL);
	put(files, 3, "files", "{}");
	remove_at(files, 4);
	reconcile(4, (struct holding_wanted[]){{mail, 3, false}}, 1);
	assert_true(holding_set_known(holding, &known));
	restart();
	assert_string_equal(found("mail"), MAIL);
	assert_null(found("files"));
	put(files, 3, "files", "{}");
	assert_null(found("files"));
	memset(&known, 0, sizeof(known));
	holding_get_known(holding, &known);
	assert_uuid_equal(known.id, files);
	assert_string_equal(known.key, "k1");
	assert_string_equal(known.url, "http://10.0.0.1");
	assert_int_equal(counts().version, 4);
}

static size_t read_file(char *ret, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, ret, size);

	assert_true(length > 0);
	close(fd);
	return (size_t)length;
}

static void write_file(const char *bytes, size_t length)
{
	assert_true(own_file_write(path, bytes, length));
}

static bool holds(const char *bytes, size_t length, const char *text)
{
	for (size_t i = 0; i + strlen(text) <= length; i++)
		if (memcmp(bytes + i, text, strlen(text)) == 0)
			return true;
	return false;
}

static void file_shows_nothing_and_is_its_owners_alone(void **state)
{
	struct stat about;
	char bytes[4096];

	(void)state;
	put(mail, 3, "Mail", MAIL);
	size_t length = read_file(bytes, sizeof(bytes));
	assert_false(holds(bytes, length, PASSWORD));
	assert_false(holds(bytes, length, "Mail"));
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
}

/* Torn anywhere, changed anywhere, of another worker or key, empty. */
static void file_opens_whole_or_not_at_all(void **state)
{
	static char bytes[4096];
	struct key other;

	(void)state;
	put(mail, 3, "Mail", MAIL);
	size_t length = read_file(bytes, sizeof(bytes));
	for (size_t cut = 0; cut < length; cut += 7) {
		write_file(bytes, cut);
		restart();
		assert_int_equal(counts().connections, 0);
	}
	bytes[length / 2] ^= 1;
	write_file(bytes, length);
	restart();
	assert_int_equal(counts().connections, 0);
	bytes[length / 2] ^= 1;
	place.environment = "test";
	write_file(bytes, length);
	restart();
	assert_int_equal(counts().connections, 0);
	place.environment = "live";
	key_make(&other);
	place.key = &other;
	restart();
	assert_int_equal(counts().connections, 0);
	place.key = &key;
	restart();
	assert_int_equal(counts().connections, 1);
}

/* The draft can't be made: a folder of its name is in its way. */
static void what_is_not_on_disk_is_told_and_written_later(void **state)
{
	char draft[80];
	bool was_there;

	(void)state;
	put(mail, 3, "Mail", MAIL);
	(void)snprintf(draft, sizeof(draft), "%s.draft", path);
	assert_int_equal(mkdir(draft, 0700), 0);
	assert_false(holding_remove(holding, mail, 4, &was_there));
	assert_true(was_there);
	assert_null(found("mail"));
	assert_false(holding_settle(holding));
	assert_int_equal(rmdir(draft), 0);
	assert_true(holding_settle(holding));
	restart();
	assert_null(found("mail"));
}

static void list_shows_no_content(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 4096);
	put(mail, 3, "Mail", MAIL);
	remove_at(files, 3);
	struct json_writer w = json_writer_on(&text);
	json_begin_array(&w, NULL);
	holding_write_list(holding, &w);
	json_end_array(&w);
	assert_non_null(strstr(buf_cstr(&text), "\"name\":\"Mail\""));
	assert_null(strstr(buf_cstr(&text), PASSWORD));
	assert_null(strstr(strstr(buf_cstr(&text), "\"id\"") + 1, "\"id\""));
	buf_release(&text);
}

static void many_are_found_in_any_order(void **state)
{
	struct holding_wanted all[40];
	char name[16];

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		all[i] = (struct holding_wanted){uuid_make(START - (int64_t)i),
						 1, false};
		(void)snprintf(name, sizeof(name), "n%zu", i);
		put(all[i].id, 1, name, name);
	}
	for (size_t i = 0; i < COUNT(all); i++) {
		(void)snprintf(name, sizeof(name), "n%zu", i);
		assert_string_equal(found(name), name);
	}
	assert_int_equal(reconcile(1, all, COUNT(all) / 2), COUNT(all) / 2);
	assert_int_equal(counts().connections, COUNT(all) / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOLDING_TEST(document_is_found_by_name_without_regard_to_case),
		HOLDING_TEST(newer_of_two_with_one_name_is_found),
		HOLDING_TEST(call_that_is_late_changes_nothing),
		HOLDING_TEST(what_is_not_in_the_full_set_is_dropped),
		HOLDING_TEST(what_came_after_the_full_set_was_made_stays),
		HOLDING_TEST(
			what_is_in_the_full_set_alone_is_missing_until_it_comes),
		HOLDING_TEST(restored_server_is_followed),
		HOLDING_TEST(all_goes_with_the_environment),
		HOLDING_TEST(who_restarts_has_what_it_had_and_what_it_knew),
		HOLDING_TEST(file_shows_nothing_and_is_its_owners_alone),
		HOLDING_TEST(file_opens_whole_or_not_at_all),
		HOLDING_TEST(what_is_not_on_disk_is_told_and_written_later),
		HOLDING_TEST(list_shows_no_content),
		HOLDING_TEST(many_are_found_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
