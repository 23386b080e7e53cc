/* The course of a talk about one webhook. */
#include "core/git_webhook.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"
#include "base/url_encode.h"

enum { STEP_LOG_IN, STEP_LOOK, STEP_PUT, STEP_DROP };

enum { FIRST_PAGE_OF_OFFSETS = 0, FIRST_PAGE = 1 };

static void look(struct git_webhook_talk *talk)
{
	bool has_offsets = strcmp(talk->way->kind, "bitbucket_server") == 0;

	talk->step = STEP_LOOK;
	talk->page = has_offsets ? FIRST_PAGE_OF_OFFSETS : FIRST_PAGE;
}

/* What is known to be there is not looked for, unless more may be. */
static void enter(struct git_webhook_talk *talk)
{
	bool is_sure = talk->of.hook_id && !talk->of.sent_at;

	look(talk);
	if (!talk->secret && is_sure)
		talk->step = STEP_DROP;
}

void git_webhook_begin(struct op *op, const struct registration *of,
		       const struct credential_list *secrets,
		       const char *secret, struct git_webhook_talk *ret)
{
	struct integration *place = arena_alloc(&op->arena, sizeof(*place));

	*place = (struct integration){
		.id = of->integration_id,
		.family = INTEGRATION_THIRD_PARTY,
		.kind = of->kind,
		.settings = of->place,
	};
	*ret = (struct git_webhook_talk){
		.probe = {.op = op,
			  .integration = place,
			  .secrets = secrets,
			  .now = op->now,
			  .log = ""},
		.way = git_webhook_way(of->kind),
		.of = *of,
		.secret = secret,
		.answer = "no answer",
	};
	enter(ret);
	if (ret->way->logs_in)
		ret->step = STEP_LOG_IN;
}

static void end(struct git_webhook_talk *talk, enum git_webhook_outcome outcome,
		const char *answer)
{
	talk->outcome = outcome;
	talk->answer = answer;
}

static bool write_call(struct git_webhook_talk *talk, struct outbound_call *ret)
{
	const char *body = talk->way->write(talk);
	struct arena *arena = &talk->probe.op->arena;
	const char *id = talk->of.hook_id;

	probe_post(ret,
		   id ? arena_printf(arena, "%s/%s", talk->of.address,
				     url_encode(arena, id))
		      : talk->of.address,
		   "application/json", body);
	if (id)
		ret->method = talk->way->update;
	talk->may_have_made |= !id;
	return true;
}

static void make_call(struct git_webhook_talk *talk, struct outbound_call *ret)
{
	struct arena *arena = &talk->probe.op->arena;

	if (talk->step == STEP_PUT)
		(void)write_call(talk, ret);
	else
		probe_get(ret, talk->way->list(talk));
	if (talk->step == STEP_DROP) {
		ret->method = "DELETE";
		ret->url = arena_printf(arena, "%s/%s", talk->of.address,
					url_encode(arena, talk->of.hook_id));
	}
	if (talk->step == STEP_PUT)
		probe_header(ret, "Accept", "application/json");
	talk->way->sign(talk, ret);
}

bool git_webhook_next(struct git_webhook_talk *talk, struct outbound_call *ret)
{
	if (talk->outcome != GIT_WEBHOOK_TALKS)
		return false;
	if (++talk->calls > GIT_WEBHOOK_CALLS_MAX) {
		end(talk, GIT_WEBHOOK_BUSY, "it has too many webhooks");
		return false;
	}
	if (talk->step != STEP_LOG_IN) {
		make_call(talk, ret);
		return true;
	}
	if (probe_log_in_bitbucket(&talk->probe, ret))
		return true;
	end(talk, GIT_WEBHOOK_REFUSED, "credentials are missing");
	return false;
}

/* Some say so of whoever calls too often, too. */
static bool is_final(const struct outbound_answer *answer)
{
	int status = answer->status;

	return status >= 300 && status < 500 && status != 408 &&
	       status != 425 && status != 429 && !answer->retry_after_us;
}

static void fail(struct git_webhook_talk *talk,
		 const struct outbound_answer *answer)
{
	const char *said = answer->failure;

	if (answer->status)
		said = arena_printf(&talk->probe.op->arena, "%d",
				    answer->status);
	talk->retry_after_us = answer->retry_after_us;
	end(talk, is_final(answer) ? GIT_WEBHOOK_REFUSED : GIT_WEBHOOK_BUSY,
	    said);
}

static bool is_success(const struct outbound_answer *answer)
{
	return answer->status / 100 == 2;
}

static bool is_gone(const struct outbound_answer *answer)
{
	return answer->status == 404 || answer->status == 410;
}

static void take_log_in(struct git_webhook_talk *talk,
			const struct outbound_answer *answer)
{
	if (!is_success(answer)) {
		fail(talk, answer);
		return;
	}
	talk->probe.found = probe_said(&talk->probe, answer, "access_token");
	enter(talk);
	if (!talk->probe.found)
		end(talk, GIT_WEBHOOK_BUSY, "no access token came");
}

static const json_t *member(const json_t *value, const char *path)
{
	const char *dot = strchr(path, '.');

	if (!dot)
		return json_object_get(value, path);
	return json_object_get(
		json_object_getn(value, path, (size_t)(dot - path)), dot + 1);
}

static const char *id_of(struct git_webhook_talk *talk, const json_t *hook)
{
	const json_t *id = json_object_get(hook, talk->way->id_path);
	struct arena *arena = &talk->probe.op->arena;

	if (json_is_integer(id))
		return arena_printf(arena, "%" JSON_INTEGER_FORMAT,
				    json_integer_value(id));
	return json_is_string(id) && *json_string_value(id)
		       ? arena_strdup(arena, json_string_value(id))
		       : NULL;
}

/* NULL: ours is not among them. */
static const char *find_ours(struct git_webhook_talk *talk, const json_t *hooks)
{
	const json_t *hook;
	size_t i;

	json_array_foreach (hooks, i, hook) {
		const char *url =
			json_string_value(member(hook, talk->way->url_path));

		if (url && strcmp(url, talk->of.hook_url) == 0)
			return id_of(talk, hook);
	}
	return NULL;
}

/* Onwards in the list; false at its end. */
static bool turn_page(struct git_webhook_talk *talk, const json_t *said,
		      const json_t *hooks)
{
	const json_t *start = json_object_get(said, "nextPageStart");

	if (json_is_integer(start)) {
		talk->page = json_integer_value(start);
		return json_is_false(json_object_get(said, "isLastPage"));
	}
	talk->page++;
	return json_is_object(said)
		       ? json_is_string(json_object_get(said, "next"))
		       : json_array_size(hooks) >= GIT_WEBHOOKS_ON_PAGE;
}

/* What is to be done with the one that was found, or that there is none. */
static void go_on(struct git_webhook_talk *talk, const char *found)
{
	talk->of.hook_id = found;
	talk->has_seen_all = true;
	if (talk->secret)
		talk->step = STEP_PUT;
	else if (found)
		talk->step = STEP_DROP;
	else
		end(talk, GIT_WEBHOOK_DONE,
		    talk->was_there ? talk->answer : "none is listed");
}

static void take_list(struct git_webhook_talk *talk,
		      const struct outbound_answer *answer)
{
	const json_t *hooks;
	json_t *said;
	const char *why;

	if (!talk->secret && is_gone(answer)) {
		fail(talk, answer);
		talk->outcome = GIT_WEBHOOK_DONE;
		return;
	}
	if (!is_success(answer)) {
		fail(talk, answer);
		return;
	}
	if (json_read(&talk->probe.op->arena, answer->body, answer->length,
		      &said, &why) != OK)
		said = NULL;
	hooks = json_is_array(said) ? said : json_object_get(said, "values");
	if (!json_is_array(hooks)) {
		end(talk, GIT_WEBHOOK_BUSY, "it listed no webhooks");
		return;
	}
	const char *found = find_ours(talk, hooks);
	if (found || !turn_page(talk, said, hooks))
		go_on(talk, found);
}

static void take_made(struct git_webhook_talk *talk,
		      const struct outbound_answer *answer)
{
	json_t *said;
	const char *why;

	if (talk->of.hook_id) {
		end(talk, GIT_WEBHOOK_DONE, "it was there");
		return;
	}
	if (json_read(&talk->probe.op->arena, answer->body, answer->length,
		      &said, &why) == OK)
		talk->of.hook_id = id_of(talk, said);
	if (!talk->of.hook_id) {
		end(talk, GIT_WEBHOOK_BUSY, "it did not say what it made");
		return;
	}
	talk->may_have_made = false;
	end(talk, GIT_WEBHOOK_DONE, "it is made");
}

/* Of one that went, or came, since the list was seen. */
static bool is_to_look_again(struct git_webhook_talk *talk,
			     const struct outbound_answer *answer)
{
	bool went = talk->of.hook_id && is_gone(answer);
	bool came = !talk->of.hook_id &&
		    (answer->status == 409 || answer->status == 422);

	if (talk->has_looked_again || !(went || came))
		return false;
	talk->has_looked_again = true;
	return true;
}

static void take_written(struct git_webhook_talk *talk,
			 const struct outbound_answer *answer)
{
	/* that it was refused is an answer too */
	if (answer->status / 100 == 3 || answer->status / 100 == 4)
		talk->may_have_made = false;
	if (is_success(answer))
		take_made(talk, answer);
	else if (is_to_look_again(talk, answer))
		look(talk);
	else
		fail(talk, answer);
}

static void take_dropped(struct git_webhook_talk *talk,
			 const struct outbound_answer *answer)
{
	if (!is_success(answer) && !is_gone(answer)) {
		fail(talk, answer);
		return;
	}
	talk->was_there |= is_success(answer);
	talk->answer =
		arena_printf(&talk->probe.op->arena, "%d", answer->status);
	/* one more may be there where the list was looked at */
	if (talk->has_seen_all || talk->of.sent_at)
		look(talk);
	else
		end(talk, GIT_WEBHOOK_DONE, talk->answer);
}

void git_webhook_take(struct git_webhook_talk *talk,
		      const struct outbound_answer *answer)
{
	static void (*const takes[])(struct git_webhook_talk * talk,
				     const struct outbound_answer *answer) = {
		[STEP_LOG_IN] = take_log_in,
		[STEP_LOOK] = take_list,
		[STEP_PUT] = take_written,
		[STEP_DROP] = take_dropped,
	};

	talk->status = answer->status;
	takes[talk->step](talk, answer);
}
