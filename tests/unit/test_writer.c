/* store/writer: group commit. */
#include "support.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/audit.h"
#include "core/group.h"
#include "core/store.h"
#include "server/sealing.h"
#include "store/writer.h"

/* Where a piece waits until the test opens it. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool is_reached, is_open;
	size_t done; /* pieces */
} gate;

struct piece {
	struct work work;
	struct store *store;
	const char *ref;  /* of the group that it adds */
	enum error fails; /* after it has added the group */
	bool waits;	  /* at the gate */
	bool was_visible; /* to a reader, when it was told that it is done */
	enum error error; /* that it was told */
};

static void wait_at_gate(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.is_reached = true;
	pthread_cond_broadcast(&gate.moved);
	while (!gate.is_open)
		pthread_cond_wait(&gate.moved, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
}

static void wait_for_arrival(void)
{
	pthread_mutex_lock(&gate.lock);
	while (!gate.is_reached)
		pthread_cond_wait(&gate.moved, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
}

static void open_gate(void)
{
	pthread_mutex_lock(&gate.lock);
	gate.is_open = true;
	pthread_cond_broadcast(&gate.moved);
	pthread_mutex_unlock(&gate.lock);
}

static void wait_for_done(size_t count)
{
	pthread_mutex_lock(&gate.lock);
	while (gate.done < count)
		pthread_cond_wait(&gate.moved, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
}

static enum error run(struct work *work)
{
	struct piece *piece = (struct piece *)work;
	struct party party;

	if (piece->waits)
		wait_at_gate();
	if (piece->ref)
		TRY(group_ensure(work->op, piece->ref, NULL, &party));
	return piece->fails;
}

static void done(struct work *work, enum error error)
{
	struct piece *piece = (struct piece *)work;
	struct party party;

	piece->error = error;
	if (piece->ref) {
		struct op *reader = store_read(piece->store);

		piece->was_visible =
			store_group_find(reader, piece->ref, &party) == OK;
		store_read_end(piece->store);
	}
	pthread_mutex_lock(&gate.lock);
	gate.done++;
	pthread_cond_broadcast(&gate.moved);
	pthread_mutex_unlock(&gate.lock);
}

static struct writer *writer;
static size_t commits; /* that the hook was told of; the writer's thread */
static bool refuses;   /* the hook, before a commit; the same */

static enum error before_commit(const struct work *batch)
{
	return refuses ? ERR_STORE : seal_batch(batch);
}

static void after_commit(void *context, const struct work *batch)
{
	(void)batch;
	++*(size_t *)context;
}

static int begin(void **state)
{
	const struct writer_hooks hooks = {before_commit, after_commit,
					   &commits};

	if (store_make(state) != 0)
		return -1;
	struct store *s = *state;

	must(chain_seal(&s->op));
	must(db_commit(s->writer));
	commits = 0;
	refuses = false;
	gate.is_reached = gate.is_open = false;
	gate.done = 0;
	pthread_mutex_init(&gate.lock, NULL);
	pthread_cond_init(&gate.moved, NULL);
	writer = writer_start(s->writer, &hooks);
	return writer ? 0 : -1;
}

static int end(void **state)
{
	struct store *s = *state;

	writer_stop(writer);
	pthread_mutex_destroy(&gate.lock);
	pthread_cond_destroy(&gate.moved);
	must(db_begin(s->writer)); /* which store_drop rolls back */
	return store_drop(state);
}

/* All pieces may share an op: they run one after another. */
static struct piece make(struct store *s, const char *ref, enum error fails)
{
	return (struct piece){
		.work = {.op = &s->op, .run = run, .done = done},
		.store = s,
		.ref = ref,
		.fails = fails,
		.error = ERR_INTERNAL,
	};
}

static void give(struct piece *piece)
{
	assert_true(writer_give(writer, &piece->work));
}

static bool has_group(struct store *s, const char *ref)
{
	struct party party;
	enum error error = store_group_find(store_read(s), ref, &party);

	store_read_end(s);
	return error == OK;
}

static void done_is_called_after_the_commit(void **state)
{
	struct store *s = *state;
	struct piece piece = make(s, "acme", OK);

	give(&piece);
	wait_for_done(1);
	assert_int_equal(piece.error, OK);
	assert_true(piece.was_visible);
}

static void a_failing_piece_undoes_itself_alone(void **state)
{
	struct store *s = *state;
	struct piece first = make(s, NULL, OK);
	struct piece pieces[] = {make(s, "a", OK), make(s, "b", ERR_INVALID),
				 make(s, "c", OK), make(s, "d", ERR_TAKEN)};
	struct piece last = make(s, "e", OK);

	/* while the first is held up, the others gather into one batch */
	first.waits = true;
	give(&first);
	wait_for_arrival();
	for (size_t i = 0; i < COUNT(pieces); i++)
		give(&pieces[i]);
	give(&last);
	open_gate();
	wait_for_done(2 + COUNT(pieces));
	for (size_t i = 0; i < COUNT(pieces); i++) {
		assert_int_equal(pieces[i].error, pieces[i].fails);
		assert_int_equal(pieces[i].was_visible, pieces[i].fails == OK);
	}
	assert_int_equal(last.error, OK);
	assert_true(has_group(s, "a") && has_group(s, "c"));
	assert_false(has_group(s, "b") || has_group(s, "d"));
	assert_true(has_group(s, "e"));
}

static struct audit audit(struct store *s)
{
	struct audit result;

	must(audit_chain(store_read(s), NULL, 0, &result));
	store_read_end(s);
	return result;
}

/* A link for the whole batch, which knows nothing of what was undone. */
static void a_commit_is_one_link(void **state)
{
	struct store *s = *state;
	struct piece first = make(s, NULL, OK);
	struct piece pieces[] = {make(s, "a", OK), make(s, "b", ERR_INVALID),
				 make(s, "c", OK)};
	struct op ops[COUNT(pieces)];

	first.waits = true;
	give(&first);
	wait_for_arrival();
	for (size_t i = 0; i < COUNT(pieces); i++) {
		op_init(&ops[i], &s->keys, START);
		ops[i].project_id = s->project.id;
		pieces[i].work.op = &ops[i];
		give(&pieces[i]);
	}
	open_gate();
	wait_for_done(1 + COUNT(pieces));
	struct audit after = audit(s);
	assert_int_equal(after.fault, AUDIT_SOUND);
	assert_int_equal(after.head.number, 2);
	assert_int_equal(after.head.event_count, 2);
	assert_int_equal(commits, 2);
	for (size_t i = 0; i < COUNT(pieces); i++)
		op_release(&ops[i]);
}

static void what_cannot_be_sealed_is_not_committed(void **state)
{
	struct store *s = *state;
	struct piece piece = make(s, "acme", OK);

	refuses = true;
	give(&piece);
	wait_for_done(1);
	assert_int_equal(piece.error, ERR_STORE);
	assert_false(piece.was_visible);
	assert_int_equal(commits, 0);
	assert_int_equal(audit(s).fault, AUDIT_SOUND);
}

static void a_batch_that_fails_whole_commits_nothing(void **state)
{
	struct store *s = *state;
	struct piece piece = make(s, "acme", ERR_FORBIDDEN);

	give(&piece);
	wait_for_done(1);
	assert_int_equal(piece.error, ERR_FORBIDDEN);
	assert_false(piece.was_visible);
	struct piece next = make(s, "next", OK);
	give(&next);
	wait_for_done(2);
	assert_true(next.was_visible);
}

static void what_is_queued_is_done_before_it_stops(void **state)
{
	enum { PIECES = 600 }; /* more than one batch */
	struct store *s = *state;
	struct piece *pieces = calloc(PIECES, sizeof(*pieces));

	assert_non_null(pieces);
	for (int i = 0; i < PIECES; i++) {
		pieces[i] = make(s, NULL, OK);
		pieces[i].waits = i == 0;
	}
	for (int i = 0; i < PIECES; i++)
		give(&pieces[i]);
	open_gate();
	writer_stop(writer);
	writer = NULL;
	assert_int_equal(gate.done, PIECES);
	for (int i = 0; i < PIECES; i++)
		assert_int_equal(pieces[i].error, OK);
	free(pieces);
}

static void a_full_queue_takes_no_more(void **state)
{
	enum { QUEUE = 8192 };
	struct store *s = *state;
	struct piece held = make(s, NULL, OK), refused = make(s, NULL, OK);
	struct piece *pieces = calloc(QUEUE, sizeof(*pieces));

	assert_non_null(pieces);
	held.waits = true;
	give(&held);
	wait_for_arrival();
	for (int i = 0; i < QUEUE; i++) {
		pieces[i] = make(s, NULL, OK);
		give(&pieces[i]);
	}
	assert_false(writer_give(writer, &refused.work));
	open_gate();
	wait_for_done(QUEUE + 1);
	give(&refused);
	wait_for_done(QUEUE + 2);
	assert_int_equal(refused.error, OK);
	free(pieces);
}

static void metrics_count_batches_and_what_waits(void **state)
{
	struct store *s = *state;
	struct piece held = make(s, "a", OK), other = make(s, "b", OK);
	struct buf text;

	held.waits = true;
	give(&held);
	wait_for_arrival();
	give(&other);
	buf_init(&text, 64 * 1024);
	writer_write_metrics(writer, &text);
	assert_non_null(strstr(buf_cstr(&text), "\ncleat_writer_queue 1\n"));
	open_gate();
	wait_for_done(2);
	buf_clear(&text);
	writer_write_metrics(writer, &text);
	const char *all = buf_cstr(&text);
	assert_non_null(strstr(all, "\ncleat_writer_queue 0\n"));
	assert_non_null(strstr(all, "\ncleat_commit_batch_size_sum 2\n"));
	assert_non_null(strstr(all, "\ncleat_commit_seconds_count 2\n"));
	assert_non_null(strstr(all, "\ncleat_commit_failures_total 0\n"));
	buf_release(&text);
}

/* As when the disk fails: nothing can be committed any more. */
static enum error end_transaction(struct work *work)
{
	db_rollback(work->op->session);
	return db_script(work->op->session, "SELECT 1");
}

static void a_commit_that_fails_is_told_to_everyone(void **state)
{
	struct store *s = *state;
	struct piece held = make(s, NULL, OK), good = make(s, "a", OK);
	struct piece spoiler = make(s, NULL, OK), later = make(s, "b", OK);
	struct buf text;

	spoiler.work.run = end_transaction;
	held.waits = true;
	give(&held);
	wait_for_arrival();
	give(&good);
	give(&spoiler);
	open_gate();
	wait_for_done(3);
	assert_int_equal(good.error, ERR_STORE);
	assert_int_equal(spoiler.error, ERR_STORE);
	assert_false(has_group(s, "a"));
	give(&later);
	wait_for_done(4);
	assert_int_equal(later.error, OK);
	assert_true(later.was_visible);
	buf_init(&text, 64 * 1024);
	writer_write_metrics(writer, &text);
	assert_non_null(
		strstr(buf_cstr(&text), "\ncleat_commit_failures_total 1\n"));
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(done_is_called_after_the_commit),
		TEST(a_failing_piece_undoes_itself_alone),
		TEST(a_batch_that_fails_whole_commits_nothing),
		TEST(a_commit_is_one_link),
		TEST(what_cannot_be_sealed_is_not_committed),
		TEST(what_is_queued_is_done_before_it_stops),
		TEST(a_full_queue_takes_no_more),
		TEST(metrics_count_batches_and_what_waits),
		TEST(a_commit_that_fails_is_told_to_everyone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
