/* Writing certificates. */
#include "core/certificate.h"

#include <string.h>

#include "core/chain.h"
#include "core/deregistering.h"
#include "core/step.h"
#include "core/store.h"
#include "core/undeploying.h"

enum {
	SHOWN_MAX = 256 * 1024, /* bytes of effects, and of each kind of step */
	PAYLOAD_MAX = 4 * SHOWN_MAX,
	STEPS_AT_ONCE = 500,
	STEP_MAX = 16 * 1024, /* bytes of one, as JSON */
};

/* Things that all are hashed, and shown if they fit. */
struct shown {
	struct hash hash;
	struct buf text; /* an array; overfull: too long */
	struct json_writer writer;
	int64_t count;
};

static enum error refuse_unfinished(struct op *op,
				    const struct deletion *deletion)
{
	if (strcmp(deletion->state, DELETION_DONE) == 0)
		return OK;
	if (strcmp(deletion->state, DELETION_WAITING) == 0) {
		op_advise(op, "Ask again when its steps are done, or abandon "
			      "those that cannot be.");
		return op_fail(op, ERR_IN_USE,
			       "steps of this deletion are not done");
	}
	if (strcmp(deletion->state, DELETION_HIDDEN) == 0) {
		op_advise(op, "Purge it, or wait until that happens.");
		return op_fail(op, ERR_IN_USE,
			       "what was deleted is in the trash and can come "
			       "back");
	}
	if (strcmp(deletion->state, DELETION_RUNNING) == 0) {
		op_advise(op, "Ask again when it has ended.");
		return op_fail(op, ERR_IN_USE,
			       "this deletion is still running");
	}
	op_advise(op, "Delete it again.");
	return op_fail(op, ERR_IN_USE, "what was deleted came back");
}

static void shown_begin(struct shown *shown)
{
	hash_begin(&shown->hash);
	buf_init(&shown->text, SHOWN_MAX);
	shown->writer = json_writer_on(&shown->text);
	json_begin_array(&shown->writer, NULL);
	shown->count = 0;
}

static void shown_end(struct shown *shown, struct json_writer *w,
		      const char *key)
{
	struct digest digest = hash_end(&shown->hash);
	char text[DIGEST_TEXT];

	json_end_array(&shown->writer);
	if (shown->text.is_overfull)
		json_put_null(w, key);
	else
		json_put_raw(w, key, buf_cstr(&shown->text));
	buf_release(&shown->text);
	digest_format(&digest, text);
	json_put_string(w, "digest", text);
}

/* A part is an array: its elements go on in ours. */
static void show_part(struct shown *shown, const char *part)
{
	size_t length = strlen(part);

	hash_add_text(&shown->hash, part, length);
	shown->count++;
	if (length <= 2)
		return;
	if (shown->writer.needs_comma)
		buf_char(&shown->text, ',');
	buf_add(&shown->text, part + 1, length - 2);
	shown->writer.needs_comma = true;
}

static enum error put_effects(struct op *op, struct json_writer *w,
			      const struct deletion *deletion)
{
	enum error error = OK;
	struct shown shown;
	const char *part;

	json_begin_object(w, "effects");
	json_put_raw(w, "counts", deletion->counts);
	shown_begin(&shown);
	do {
		error = receipt_part(op, deletion, shown.count, &part);
		if (error == OK && part)
			show_part(&shown, part);
	} while (error == OK && part);
	json_put_integer(w, "parts", shown.count);
	shown_end(&shown, w, "items");
	json_end_object(w);
	return error;
}

/* What each kind of step is about, by the names of its facts. */
static const struct step_section {
	const char *kind;
	const char *key;
	const char *subject;
	const char *facts[2];
} sections[] = {
	{STEP_UNDEPLOY, "deployments", "connection", {"worker", "workerId"}},
	{STEP_DEREGISTER,
	 "webhooks",
	 "integration",
	 {"provider", "repository"}},
	{STEP_REVOKE, "grants", "connection", {"provider"}},
};
enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

static void put_facts(struct json_writer *w, struct op *op,
		      const struct step_section *section,
		      const struct step *step)
{
	for (size_t i = 0; i < 2 && section->facts[i]; i++)
		json_put_string(w, section->facts[i],
				step_fact(op, step, section->facts[i]));
}

static void put_step(struct json_writer *w, struct op *op,
		     const struct step_section *section,
		     const struct step *step)
{
	bool is_abandoned = strcmp(step->state, STEP_ABANDONED) == 0;

	json_begin_object(w, NULL);
	json_put_uuid(w, "id", step->id);
	json_put_uuid(w, section->subject, step->subject_id);
	put_facts(w, op, section, step);
	json_put_string(w, "end", is_abandoned ? STEP_ABANDONED : step->reason);
	if (is_abandoned)
		json_put_string(w, "reason", step->reason);
	json_put_integer(w, "attempts", step->attempts);
	json_put_string(w, "lastAnswer", step->answer);
	json_put_time(w, "createdAt", step->created_at);
	json_put_time(w, "endedAt", step->updated_at);
	json_end_object(w);
}

static void show_step(struct shown *shown, struct op *op,
		      const struct step_section *section,
		      const struct step *step)
{
	struct buf text;

	buf_init(&text, STEP_MAX);
	struct json_writer w = json_writer_on(&text);
	put_step(&w, op, section, step);
	hash_add_text(&shown->hash, text.bytes, text.length);
	json_put_raw(&shown->writer, NULL, buf_cstr(&text));
	shown->count++;
	buf_release(&text);
}

static enum error show_steps(struct op *op, const struct deletion *deletion,
			     const struct step_section *section,
			     struct shown *shown)
{
	struct uuid after = {{0}};
	struct step_list steps;

	do {
		TRY(store_step_list(op, deletion->id, after, STEPS_AT_ONCE,
				    &steps));
		for (size_t i = 0; i < steps.count; i++)
			if (strcmp(steps.items[i].kind, section->kind) == 0)
				show_step(shown, op, section, &steps.items[i]);
		if (steps.count)
			after = steps.items[steps.count - 1].id;
	} while (steps.count == STEPS_AT_ONCE);
	return OK;
}

static enum error put_steps(struct op *op, struct json_writer *w,
			    const struct step_section *section,
			    const struct deletion *deletion)
{
	struct step_end_list ends;
	struct shown shown;

	TRY(store_step_ends(op, deletion->id, section->kind, &ends));
	json_begin_object(w, section->key);
	json_begin_object(w, "ends");
	for (size_t i = 0; i < ends.count; i++)
		json_put_integer(w, ends.items[i].end, ends.items[i].count);
	json_end_object(w);
	shown_begin(&shown);
	enum error error = show_steps(op, deletion, section, &shown);
	shown_end(&shown, w, "items");
	json_end_object(w);
	return error;
}

static void put_link(struct json_writer *w, const char *key,
		     const struct link *link)
{
	char hash[DIGEST_TEXT];

	digest_format(&link->hash, hash);
	json_begin_object(w, key);
	json_put_integer(w, "number", link->number);
	json_put_string(w, "hash", hash);
	json_put_long(w, "firstEvent", link->first_event);
	json_put_long(w, "lastEvent", link->last_event);
	json_put_time(w, "createdAt", link->created_at);
	json_end_object(w);
}

static enum error put_chain(struct op *op, struct json_writer *w,
			    const struct deletion *deletion)
{
	struct link own, head;

	/* without one it is older than chains: under the first link */
	TRY(chain_covering(op, deletion->last_event, &own));
	TRY(chain_head(op, &head));
	json_begin_object(w, "chain");
	put_link(w, "deletion", &own);
	put_link(w, "head", &head);
	json_end_object(w);
	return OK;
}

static void put_deletion(struct json_writer *w, const struct deletion *deletion)
{
	json_begin_object(w, "deletion");
	json_put_uuid(w, "id", deletion->id);
	json_put_string(w, "targetKind", deletion->target_kind);
	json_put_uuid(w, "targetId", deletion->target_id);
	json_put_optional(w, "targetName", deletion->target_name);
	if (!uuid_is_nil(deletion->group_id))
		json_put_uuid(w, "groupId", deletion->group_id);
	json_put_string(w, "mode", deletion->mode);
	json_put_string(w, "revoke", deletion->revoke);
	json_put_string(w, "actor", deletion->actor);
	json_put_time(w, "createdAt", deletion->created_at);
	json_put_time(w, "finishedAt", deletion->finished_at);
	json_end_object(w);
}

static enum error put_all(struct op *op, struct json_writer *w,
			  const struct signer *signer,
			  const struct deletion *deletion)
{
	json_begin_object(w, NULL);
	json_put_string(w, "type", "cleat deletion certificate 1");
	json_put_uuid(w, "store", signer->store);
	json_put_uuid(w, "project", op->project_id);
	put_deletion(w, deletion);
	TRY(put_effects(op, w, deletion));
	for (size_t i = 0; i < SECTIONS; i++)
		TRY(put_steps(op, w, &sections[i], deletion));
	TRY(put_chain(op, w, deletion));
	json_end_object(w);
	return OK;
}

enum error certificate_make(struct op *op, struct uuid deletion_id,
			    const char **ret)
{
	struct signer signer;
	struct deletion deletion;
	struct buf text;

	TRY(receipt_get(op, deletion_id, &deletion));
	TRY(refuse_unfinished(op, &deletion));
	TRY(signer_open(op, &signer));
	buf_init(&text, PAYLOAD_MAX);
	struct json_writer w = json_writer_on(&text);
	enum error error = put_all(op, &w, &signer, &deletion);
	if (error == OK && text.is_overfull)
		error = ERR_INTERNAL; /* what is shown has its own limits */
	if (error == OK)
		*ret = signer_sign(&op->arena, &signer, buf_cstr(&text));
	signer_wipe(&signer);
	buf_release(&text);
	return error;
}
