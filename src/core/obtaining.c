/* The records of tokens that are being obtained. */
#include "core/obtaining.h"

#include <sodium.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "base/random.h"
#include "core/customer.h"
#include "core/event.h"
#include "core/project.h"
#include "core/store.h"

enum { TICKET_RANDOM = 32, TICKET_BYTES = UUID_BYTES + TICKET_RANDOM };

/* The project's id stands in it: a digest is looked for in one project. */
static void make_ticket(struct uuid project_id,
			char ret[static OBTAINING_TICKET_TEXT])
{
	unsigned char bytes[TICKET_BYTES];

	memcpy(bytes, project_id.bytes, UUID_BYTES);
	random_bytes(bytes + UUID_BYTES, TICKET_RANDOM);
	sodium_bin2base64(ret, OBTAINING_TICKET_TEXT, bytes, sizeof(bytes),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof(bytes));
}

static bool read_ticket(const char *text, struct uuid *ret_project_id)
{
	unsigned char bytes[TICKET_BYTES];
	size_t length;

	if (strlen(text) != OBTAINING_TICKET_TEXT - 1 ||
	    sodium_base642bin(bytes, sizeof(bytes), text, strlen(text), NULL,
			      &length, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    length != TICKET_BYTES)
		return false;
	memcpy(ret_project_id->bytes, bytes, UUID_BYTES);
	return true;
}

static struct digest digest_of(const struct op *op, const char *ticket)
{
	return digest_make(&op->keys->token, ticket, strlen(ticket));
}

static const char *write_facts(struct op *op, const struct obtaining_new *new)
{
	const struct parties *whose = &new->parties;
	struct buf text;

	buf_init(&text, OBTAINING_FACTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_optional(&w, "groupRef", whose->group_ref);
	json_put_optional(&w, "groupName", whose->group_name);
	json_put_optional(&w, "consumerRef", whose->consumer_ref);
	json_put_optional(&w, "consumerName", whose->consumer_name);
	json_put_optional(&w, "workspace", new->workspace_ref);
	json_put_optional(&w, "scopes", new->scopes);
	json_put_optional(&w, "redirectUri", new->redirect_uri);
	json_put_optional(&w, "issuer", new->issuer);
	json_put_optional(&w, "authOrigin", new->auth_origin);
	json_put_raw(&w, "metadata", new->metadata ? new->metadata : "{}");
	json_end_object(&w);
	const char *facts = text.is_overfull
				    ? NULL
				    : arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return facts;
}

static bool waits_for_a_person(const struct obtaining *obtaining)
{
	return strcmp(obtaining->stage, OBTAINING_ASKED) == 0;
}

enum error obtaining_add(struct op *op, const struct obtaining_new *new,
			 char *ret_ticket, struct obtaining *ret)
{
	struct obtaining made = {
		.id = uuid_make(op->now),
		.stage = new->stage,
		.way = new->way,
		.provider = new->provider,
		.provider_app_id = new->provider_app_id,
		.connection_id = new->connection_id,
		.is_update = !uuid_is_nil(new->connection_id),
		.facts = write_facts(op, new),
		.created_at = op->now,
		.expires_at = op->now + OBTAINING_LIFE_US,
	};
	struct digest digest;

	/* a connection that is there is anyone's of its group */
	TRY(customer_may_make(op, new->parties.group_ref,
			      made.is_update ? NULL
					     : new->parties.consumer_ref));
	if (!made.facts)
		return op_fail(op, ERR_INVALID, "the facts are too long");
	if (ret_ticket) {
		op->has_secrets = true;
		make_ticket(op->project_id, ret_ticket);
		digest = digest_of(op, ret_ticket);
	}
	TRY(store_obtaining_add(op, &made, ret_ticket ? &digest : NULL));
	TRY(credential_put_all(op, made.id, new->secrets, new->secret_count));
	const struct job_new job = {
		.kind = OBTAINING_JOB,
		.subject_id = made.id,
		.due_at = waits_for_a_person(&made) ? made.expires_at : op->now,
	};
	TRY(job_add(op, &job, NULL));
	*ret = made;
	return OK;
}

enum error obtaining_of_ticket(struct op *op, const char *ticket,
			       struct obtaining *ret)
{
	char text[UUID_TEXT];
	struct project project;
	struct uuid id;

	if (!read_ticket(ticket, &id))
		return ERR_NOT_FOUND;
	uuid_format(id, text);
	TRY(store_project_find(op, PROJECT_BY_ID, text, &project));
	op->project_id = project.id;
	const struct digest digest = digest_of(op, ticket);
	return store_obtaining_by_ticket(op, &digest, ret);
}

enum error obtaining_get(struct op *op, struct uuid id, struct obtaining *ret)
{
	return store_obtaining_get(op, id, ret);
}

const char *obtaining_fact(struct op *op, const struct obtaining *obtaining,
			   const char *name)
{
	return json_member(&op->arena, obtaining->facts,
			   strlen(obtaining->facts), name);
}

struct parties obtaining_parties(struct op *op,
				 const struct obtaining *obtaining)
{
	return (struct parties){
		.group_ref = obtaining_fact(op, obtaining, "groupRef"),
		.group_name = obtaining_fact(op, obtaining, "groupName"),
		.consumer_ref = obtaining_fact(op, obtaining, "consumerRef"),
		.consumer_name = obtaining_fact(op, obtaining, "consumerName"),
	};
}

enum error obtaining_keep_metadata(struct op *op, struct obtaining *obtaining,
				   const char *metadata)
{
	const struct obtaining_new with = {
		.parties = obtaining_parties(op, obtaining),
		.workspace_ref = obtaining_fact(op, obtaining, "workspace"),
		.scopes = obtaining_fact(op, obtaining, "scopes"),
		.redirect_uri = obtaining_fact(op, obtaining, "redirectUri"),
		.issuer = obtaining_fact(op, obtaining, "issuer"),
		.auth_origin = obtaining_fact(op, obtaining, "authOrigin"),
		.metadata = metadata,
	};
	const char *facts = write_facts(op, &with);

	if (!facts)
		return op_fail(op, ERR_INVALID, "the facts are too long");
	obtaining->facts = facts;
	return OK;
}

static const char *lane_of(struct op *op, struct uuid id)
{
	char *lane = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(id, lane);
	return lane;
}

enum error obtaining_come(struct op *op, struct obtaining *obtaining)
{
	obtaining->stage = OBTAINING_COME;
	TRY(store_obtaining_change(op, obtaining));
	return job_bring(op, OBTAINING_JOB, lane_of(op, obtaining->id),
			 obtaining->id);
}

enum error obtaining_fail(struct op *op, struct obtaining *obtaining,
			  const char *why)
{
	const struct event_fact facts[] = {
		{"provider", obtaining->provider, false},
		{"groupRef", obtaining_fact(op, obtaining, "groupRef"), false},
		{"consumerRef", obtaining_fact(op, obtaining, "consumerRef"),
		 false},
		{"error", why, false},
	};

	obtaining->stage = OBTAINING_FAILED;
	obtaining->failure = why;
	obtaining->expires_at = op->now + OBTAINING_LIFE_US;
	TRY(credential_drop(op, obtaining->id, NULL));
	TRY(store_obtaining_change(op, obtaining));
	return event_record(op, "authorization.failed", "authorization",
			    obtaining->id, facts, 4, NULL);
}

bool obtaining_is_way(const struct obtaining *obtaining, const char *way)
{
	return strcmp(obtaining->way, way) == 0;
}

bool obtaining_has_ended(const struct obtaining *obtaining)
{
	return strcmp(obtaining->stage, OBTAINING_DONE) == 0 ||
	       strcmp(obtaining->stage, OBTAINING_FAILED) == 0;
}
