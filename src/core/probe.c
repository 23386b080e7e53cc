/* The course of trying an integration. */
#include "core/probe.h"

#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include "base/json_member.h"

static const struct probe_way *find_in(const struct probe_way *ways,
				       size_t count, const char *kind)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ways[i].kind, kind) == 0)
			return &ways[i];
	return NULL;
}

static const struct probe_way *find(const char *kind)
{
	const struct probe_way *way =
		find_in(probe_git_ways, probe_git_count, kind);

	if (!way)
		way = find_in(probe_listener_ways, probe_listener_count, kind);
	if (!way)
		way = find_in(probe_log_ways, probe_log_count, kind);
	return way;
}

bool probe_knows(const char *kind)
{
	return find(kind) != NULL;
}

void probe_begin(struct op *op, const struct integration *integration,
		 const struct credential_list *secrets, struct uuid id,
		 const char *activity, bool has_recipients, struct probe *ret)
{
	*ret = (struct probe){
		.op = op,
		.way = find(integration->kind),
		.integration = integration,
		.secrets = secrets,
		.id = id,
		.activity = activity,
		.now = op->now,
		.log = "",
	};
	if (!ret->way)
		probe_fault(ret, "type", "is none that can be tried");
	else if (!has_recipients)
		probe_fault(ret, "recipients",
			    "none of them has an address that is known");
}

const char *probe_setting(const struct probe *probe, const char *name)
{
	const char *settings = probe->integration->settings;

	return json_member(&probe->op->arena, settings, strlen(settings), name);
}

const char *probe_secret(const struct probe *probe, const char *name)
{
	const struct credential *found = credential_find(probe->secrets, name);

	return found ? (const char *)found->value.bytes : "";
}

void probe_fault(struct probe *probe, const char *field, const char *format,
		 ...)
{
	va_list args;

	va_start(args, format);
	probe->why = arena_vprintf(&probe->op->arena, format, args);
	va_end(args);
	probe->field = field;
	probe->is_over = true;
}

void probe_works(struct probe *probe)
{
	probe->is_over = true;
}

void probe_go_on(struct probe *probe, int step)
{
	probe->step = step;
}

void probe_header(struct outbound_call *ret, const char *name,
		  const char *value)
{
	if (ret->header_count < OUTBOUND_HEADERS_MAX)
		ret->headers[ret->header_count++] =
			(struct outbound_header){name, value};
}

void probe_get(struct outbound_call *ret, const char *url)
{
	*ret = (struct outbound_call){.method = "GET", .url = url};
	probe_header(ret, "Accept", "application/json");
}

void probe_post(struct outbound_call *ret, const char *url, const char *type,
		const char *body)
{
	*ret = (struct outbound_call){
		.method = "POST",
		.url = url,
		.body = body,
		.body_length = strlen(body),
	};
	probe_header(ret, "Content-Type", type);
}

const char *probe_said(const struct probe *probe,
		       const struct outbound_answer *answer, const char *path)
{
	return answer->body ? json_member(&probe->op->arena, answer->body,
					  answer->length, path)
			    : NULL;
}

const char *probe_basic(const struct probe *probe, const char *user,
			const char *password)
{
	const int variant = sodium_base64_VARIANT_ORIGINAL;
	struct arena *arena = &probe->op->arena;
	const char *both = arena_printf(arena, "%s:%s", user, password);
	size_t size = sodium_base64_encoded_len(strlen(both), variant);
	char *text = arena_alloc(arena, size);

	return arena_printf(arena, "Basic %s",
			    sodium_bin2base64(text, size,
					      (const unsigned char *)both,
					      strlen(both), variant));
}

bool probe_next(struct probe *probe, struct outbound_call *ret)
{
	if (probe->is_over)
		return false;
	if (++probe->calls > PROBE_CALLS_MAX)
		probe_fault(probe, "type", "can't be tried in so few calls");
	return !probe->is_over && probe->way->ask(probe, ret);
}

void probe_take(struct probe *probe, const struct outbound_answer *answer)
{
	struct arena *arena = &probe->op->arena;

	probe->log = answer->status
			     ? arena_printf(arena, "%sAnswered with %d.\n",
					    probe->log, answer->status)
			     : arena_printf(arena, "%sNo answer: %s.\n",
					    probe->log, answer->failure);
	probe->way->judge(probe, answer);
}
