/* core/chain and core/audit: links over events, and what is found in them. */
#include "support.h"

#include "core/audit.h"
#include "core/event.h"
#include "core/store.h"

#define TEXT(text)                                                             \
	{                                                                      \
		(text), sizeof(text) - 1                                       \
	}

static const struct uuid SUBJECT = {
	{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}};

/* Made by another program (Python's hashlib) from docs/proof.md. */
static void hashes_are_as_documented(void **state)
{
	const struct uuid project = {
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
	const struct event_row one = {
		.number = 1,
		.type = TEXT("connection.deleted"),
		.actor = TEXT("system"),
		.subject_kind = TEXT("connection"),
		.subject_id = {SUBJECT.bytes, UUID_BYTES},
		.payload = TEXT("{\"kind\":\"box\"}"),
		.created_at = START,
	};
	const struct event_row two = {
		.number = (INT64_C(1) << 62) + 5,
		.type = TEXT("a"),
		.actor = TEXT("token:x"),
		.payload = TEXT("{}"),
		.created_at = -1,
	};
	struct link first = {.number = 1,
			     .first_event = 1,
			     .last_event = 1,
			     .event_count = 1,
			     .created_at = START + 1};
	const struct link second = {.number = 2,
				    .first_event = 1,
				    .last_event = two.number,
				    .event_count = 2};
	const struct link none = {.number = 0};
	char text[DIGEST_TEXT];
	struct digest digest;
	struct hash hash;

	(void)state;
	link_hash_begin(&hash, project, &none.hash);
	link_hash_event(&hash, &one);
	first.hash = link_hash_end(&hash, &first);
	digest_format(&first.hash, text);
	assert_string_equal(text, "5e828f2b6b8d3ec1a95d41ed3286d70c"
				  "59d07461f78a9cdec084b2d8560c3453");
	link_hash_begin(&hash, project, &first.hash);
	link_hash_event(&hash, &one);
	link_hash_event(&hash, &two);
	digest = link_hash_end(&hash, &second);
	digest_format(&digest, text);
	assert_string_equal(text, "182b13a1b759c53574e5c686869ce6c6"
				  "a28de4c1265f70c219aa948480a30cc5");
	link_hash_begin(&hash, (struct uuid){{0}}, &none.hash);
	digest = link_hash_end(&hash, &none);
	digest_format(&digest, text);
	assert_string_equal(text, "bdefff859aeba5a68a59875864aaf50d"
				  "b8e56c93ac4eab40f5384f8dcc43db64");
}

static int64_t record(struct op *op, const char *type)
{
	struct event event;

	must(event_record(op, type, "x", SUBJECT, NULL, 0, &event));
	return event.number;
}

static struct link head(struct op *op)
{
	struct link link;

	must(chain_head(op, &link));
	return link;
}

static struct audit audited(struct op *op, const struct checkpoint *known,
			    size_t count)
{
	struct audit audit;

	must(audit_chain(op, known, count, &audit));
	return audit;
}

static void a_link_seals_what_came_since_the_last(void **state)
{
	struct store *s = *state;
	struct link covering;

	assert_int_equal(head(&s->op).number, 0);
	must(chain_seal(&s->op));
	struct link first = head(&s->op);
	assert_int_equal(first.number, 1);
	assert_int_equal(first.event_count, event_count(&s->op, NULL));
	must(chain_seal(&s->op));
	assert_int_equal(head(&s->op).number, 1);

	int64_t a = record(&s->op, "a"), b = record(&s->op, "b");
	must(chain_seal(&s->op));
	struct link second = head(&s->op);
	assert_int_equal(second.number, 2);
	assert_int_equal(second.first_event, a);
	assert_int_equal(second.last_event, b);
	assert_int_equal(second.event_count, 2);
	must(chain_covering(&s->op, a, &covering));
	assert_int_equal(covering.number, 2);
	must(chain_covering(&s->op, first.first_event, &covering));
	assert_int_equal(covering.number, 1);
	must_fail(chain_covering(&s->op, b + 1, &covering), ERR_NOT_FOUND);
	struct audit audit = audited(&s->op, NULL, 0);
	assert_int_equal(audit.fault, AUDIT_SOUND);
	assert_int_equal(audit.event_count, event_count(&s->op, NULL));
}

static void each_project_has_its_own_chain(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct link own;

	must(chain_seal(&s->op));
	own = head(&s->op);
	move_to(&s->op, other);
	assert_int_equal(head(&s->op).number, 0);
	must(chain_seal(&s->op));
	assert_int_equal(head(&s->op).number, 1);
	assert_memory_not_equal(head(&s->op).hash.bytes, own.hash.bytes,
				DIGEST_BYTES);
}

static void an_op_knows_where_it_recorded(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");

	op_reset(&s->op, START);
	s->op.session = s->writer;
	assert_null(s->op.recorded);
	move_to(&s->op, other);
	record(&s->op, "a");
	int64_t last = record(&s->op, "b");
	assert_int_equal(op_recorded_in(&s->op, other.id)->last_event, last);
	assert_null(op_recorded_in(&s->op, s->project.id));
	assert_null(s->op.recorded->next);
}

static void what_is_older_than_chains_gets_a_link_at_start(void **state)
{
	struct store *s = *state;
	struct uuid nobody = {{0}};

	make_project(&s->op, "acme", "other");
	s->op.project_id = nobody;
	must(chain_go_on(&s->op));
	must(chain_go_on(&s->op));
	assert_true(uuid_equal(s->op.project_id, nobody));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM event_link"), 2);
	assert_int_equal(
		store_number(s, "SELECT SUM(event_count) FROM event_link"),
		store_number(s, "SELECT COUNT(*) FROM event"));
}

/* Else one of them would come before what is sealed, under no link. */
static void numbers_go_on_after_a_clock_was_set_back(void **state)
{
	struct store *s = *state;
	const int64_t late = INT64_C(1) << 61;

	store_script(s, "UPDATE event SET number = 2305843009213693952 WHERE "
			"number = (SELECT MAX(number) FROM event)");
	must(chain_go_on(&s->op));
	assert_true(record(&s->op, "a") > late);
	must(chain_seal(&s->op));
	assert_int_equal(audited(&s->op, NULL, 0).fault, AUDIT_SOUND);
}

/* Three links with 1, 3 and 1 events after those of the project. */
static void make_chain(struct store *s)
{
	must(chain_seal(&s->op));
	s->op.now += SECOND; /* so that numbers between are free */
	record(&s->op, "one");
	must(chain_seal(&s->op));
	s->op.now += SECOND;
	for (int i = 0; i < 3; i++)
		record(&s->op, "three");
	must(chain_seal(&s->op));
	record(&s->op, "last");
	must(chain_seal(&s->op));
	assert_int_equal(head(&s->op).number, 4);
	store_commit(s);
}

#define THREE "(SELECT number FROM event WHERE type = 'three' ORDER BY number "

static void each_fault_is_named_with_its_place(void **state)
{
	static const struct {
		const char *sql;
		enum audit_fault fault;
		int64_t link;
	} vectors[] = {
		{"UPDATE event SET payload = '{} ' WHERE type = 'one'",
		 AUDIT_CHANGED, 2},
		{"UPDATE event SET actor = 'systen' WHERE type = 'one'",
		 AUDIT_CHANGED, 2},
		{"DELETE FROM event WHERE type = 'one'", AUDIT_MISSING, 2},
		{"DELETE FROM event WHERE number = " THREE "LIMIT 1 OFFSET 1)",
		 AUDIT_MISSING, 3},
		{"UPDATE event SET number = number + 1000000 WHERE "
		 "type = 'last'",
		 AUDIT_MISSING, 4},
		{"INSERT INTO event SELECT project_id, number - 1, type, "
		 "actor, subject_kind, subject_id, payload, created_at "
		 "FROM event WHERE type = 'one'",
		 AUDIT_INSERTED, 2},
		{"INSERT INTO event SELECT project_id, number + 1, type, "
		 "actor, subject_kind, subject_id, payload, created_at "
		 "FROM event WHERE type = 'last'",
		 AUDIT_INSERTED, 0},
		{"DELETE FROM event_link WHERE number = 2", AUDIT_MISSING, 2},
		{"DELETE FROM event_link WHERE number = 4", AUDIT_INSERTED, 0},
		{"UPDATE event_link SET number = 5 - number "
		 "WHERE number IN (2, 3)",
		 AUDIT_MISSING, 2},
		{"UPDATE event_link SET number = 1 WHERE number = 2",
		 AUDIT_ORDER, 2},
		{"UPDATE event_link SET hash = x'00' WHERE number = 3",
		 AUDIT_CHANGED, 3},
		{"UPDATE event_link SET created_at = created_at + 1 "
		 "WHERE number = 3",
		 AUDIT_CHANGED, 3},
		{"UPDATE event_link SET first_event = first_event - 1 "
		 "WHERE number = 3",
		 AUDIT_CHANGED, 3},
	};
	struct store *s = *state;

	make_chain(s);
	for (size_t i = 0; i < COUNT(vectors); i++) {
		store_script(s, vectors[i].sql);
		struct audit audit = audited(&s->op, NULL, 0);

		assert_int_equal(audit.fault, vectors[i].fault);
		assert_int_equal(audit.fault_link, vectors[i].link);
		assert_true(audit.fault_event > 0);
		assert_non_null(audit.why);
		store_undo(s);
	}
	assert_int_equal(audited(&s->op, NULL, 0).fault, AUDIT_SOUND);
}

static void checkpoints_find_what_the_chain_alone_does_not(void **state)
{
	struct store *s = *state;
	struct link last;

	make_chain(s);
	last = head(&s->op);
	const struct checkpoint known[] = {
		{s->project.id, last.number, last.hash, last.last_event},
		{s->project.id, last.number, last.hash, last.last_event},
	};
	assert_int_equal(audited(&s->op, known, 2).fault, AUDIT_SOUND);

	store_script(s, "DELETE FROM event_link WHERE number = 4;"
			"DELETE FROM event WHERE type = 'last'");
	assert_int_equal(audited(&s->op, NULL, 0).fault, AUDIT_SOUND);
	assert_int_equal(audited(&s->op, known, 2).fault, AUDIT_CUT);
	assert_int_equal(audited(&s->op, known, 2).fault_link, 4);

	record(&s->op, "other");
	must(chain_seal(&s->op));
	assert_int_equal(audited(&s->op, NULL, 0).fault, AUDIT_SOUND);
	assert_int_equal(audited(&s->op, known, 2).fault, AUDIT_REWRITTEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_as_documented),
		STORE_TEST(a_link_seals_what_came_since_the_last),
		STORE_TEST(each_project_has_its_own_chain),
		STORE_TEST(an_op_knows_where_it_recorded),
		STORE_TEST(what_is_older_than_chains_gets_a_link_at_start),
		STORE_TEST(each_fault_is_named_with_its_place),
		STORE_TEST(checkpoints_find_what_the_chain_alone_does_not),
		/* last: the numbers of this process are high from here on */
		STORE_TEST(numbers_go_on_after_a_clock_was_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
