/* Writing, signing and reading checkpoints. */
#include "core/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json_member.h"
#include "base/json_write.h"
#include "core/job.h"
#include "core/store.h"

#define TYPE "cleat checkpoint 1"

static const char *const lanes[] = {"file", "url"};

struct uuid checkpoint_target_id(const struct op *op, const char *text)
{
	struct digest digest = digest_make(&op->keys->sign, text, strlen(text));
	struct uuid id;

	memcpy(id.bytes, digest.bytes, UUID_BYTES);
	return id;
}

enum error checkpoint_plan(struct op *op,
			   const struct checkpoint_target *targets,
			   size_t count)
{
	op->project_id = (struct uuid){{0}};
	TRY(store_job_remove_kind(op, CHECKPOINT_JOB));
	for (size_t i = 0; i < sizeof(lanes) / sizeof(*lanes); i++)
		TRY(store_job_lane_remove(op, CHECKPOINT_JOB, lanes[i]));
	for (size_t i = 0; i < count; i++) {
		const struct job_new job = {
			.kind = CHECKPOINT_JOB,
			.lane = targets[i].lane,
			.subject_id = checkpoint_target_id(op, targets[i].text),
		};

		TRY(job_add(op, &job, NULL));
	}
	return OK;
}

enum error checkpoint_due(struct op *op, struct uuid target_id,
			  struct checkpoint_list *ret)
{
	return store_checkpoint_due(op, target_id, CHECKPOINTS_AT_ONCE, ret);
}

static void put_checkpoint(struct json_writer *w, struct uuid store,
			   int64_t now, const struct checkpoint *checkpoint)
{
	char hash[DIGEST_TEXT];

	digest_format(&checkpoint->hash, hash);
	json_begin_object(w, NULL);
	json_put_string(w, "type", TYPE);
	json_put_uuid(w, "store", store);
	json_put_uuid(w, "project", checkpoint->project_id);
	json_put_long(w, "number", checkpoint->number);
	json_put_string(w, "hash", hash);
	json_put_long(w, "lastEvent", checkpoint->last_event);
	json_put_time(w, "createdAt", now);
	json_end_object(w);
}

const char *checkpoint_lines(struct arena *arena, const struct signer *signer,
			     int64_t now, const struct checkpoint_list *of)
{
	const char **lines =
		arena_alloc(arena, (2 * of->count + 1) * sizeof(*lines));
	struct buf payload;

	buf_init(&payload, CHECKPOINT_LINE_MAX);
	for (size_t i = 0; i < of->count; i++) {
		struct json_writer w = json_writer_on(&payload);

		put_checkpoint(&w, signer->store, now, &of->items[i]);
		lines[2 * i] = signer_sign(arena, signer, buf_cstr(&payload));
		lines[2 * i + 1] = "\n";
		buf_clear(&payload);
	}
	buf_release(&payload);
	return arena_join(arena, lines, 2 * of->count);
}

enum error checkpoint_told(struct op *op, struct uuid target_id,
			   const struct checkpoint_list *list)
{
	struct uuid own = op->project_id;

	for (size_t i = 0; i < list->count; i++) {
		op->project_id = list->items[i].project_id;
		TRY(store_checkpoint_put(op, target_id, list->items[i].number));
	}
	op->project_id = own;
	return OK;
}

static bool read_payload(struct arena *arena, const char *payload,
			 struct checkpoint *ret)
{
	size_t length = strlen(payload);
	const char *type = json_member(arena, payload, length, "type");
	const char *project = json_member(arena, payload, length, "project");
	const char *number = json_member(arena, payload, length, "number");
	const char *hash = json_member(arena, payload, length, "hash");

	*ret = (struct checkpoint){.number = 0};
	if (!type || strcmp(type, TYPE) != 0 || !number)
		return false;
	ret->number = strtoll(number, NULL, 10);
	return project && uuid_parse(project, &ret->project_id) && hash &&
	       digest_parse(hash, &ret->hash);
}

bool checkpoint_read(const struct signing_key_list *keys, const char *line,
		     struct checkpoint *ret)
{
	const char *payload;
	struct arena arena;

	arena_init(&arena);
	bool is_read = signing_key_open(&arena, keys, line, &payload) &&
		       read_payload(&arena, payload, ret);
	arena_release(&arena);
	return is_read;
}
