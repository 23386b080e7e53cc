/* cleat audit export: a chain as JSON lines, to be verified elsewhere. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_write.h"
#include "cli/audit.h"
#include "cli/command.h"
#include "core/store.h"

/* A payload is 16 MiB at most, and a byte of it six when it is escaped. */
enum { LINE_MAX_BYTES = 128 * 1024 * 1024 };

struct export
{
	struct op *op;
	int64_t from, to; /* links */
	struct link before;
	struct buf line;
};

static enum error print_line(struct export *export)
{
	buf_char(&export->line, '\n');
	bool is_written = !export->line.is_overfull &&
			  fwrite(export->line.bytes, 1, export->line.length,
				 stdout) == export->line.length;
	buf_clear(&export->line);
	return is_written ? OK
			  : op_fail(export->op, ERR_STORE,
				    "the output cannot be written");
}

static void put_column(struct json_writer *w, const char *key,
		       struct arena *arena, const struct event_column *column)
{
	json_put_string(w, key,
			arena_strndup(arena, column->bytes, column->length));
}

static void put_id(struct json_writer *w, const char *key,
		   const struct event_column *column)
{
	char text[2 * UUID_BYTES + 1];

	if (column->length != UUID_BYTES) {
		json_put_null(w, key);
		return;
	}
	sodium_bin2hex(text, sizeof(text), column->bytes, UUID_BYTES);
	json_put_string(w, key, text);
}

static enum error export_event(void *context, const struct event_row *event)
{
	struct export *export = context;
	struct json_writer w = json_writer_on(&export->line);
	struct arena arena; /* a long chain's texts are not kept to its end */

	arena_init(&arena);
	json_begin_object(&w, NULL);
	json_put_long(&w, "event", event->number);
	put_column(&w, "type", &arena, &event->type);
	put_column(&w, "actor", &arena, &event->actor);
	put_column(&w, "subjectKind", &arena, &event->subject_kind);
	put_id(&w, "subjectId", &event->subject_id);
	put_column(&w, "payload", &arena, &event->payload);
	json_put_integer(&w, "createdAtUs", event->created_at);
	json_end_object(&w);
	arena_release(&arena);
	return print_line(export);
}

static enum error print_link(struct export *export, const struct link *link)
{
	struct json_writer w = json_writer_on(&export->line);
	char hash[DIGEST_TEXT];

	digest_format(&link->hash, hash);
	json_begin_object(&w, NULL);
	json_put_integer(&w, "link", link->number);
	json_put_uuid(&w, "project", export->op->project_id);
	json_put_long(&w, "firstEvent", link->first_event);
	json_put_long(&w, "lastEvent", link->last_event);
	json_put_integer(&w, "eventCount", link->event_count);
	json_put_integer(&w, "createdAtUs", link->created_at);
	json_put_string(&w, "hash", hash);
	json_end_object(&w);
	return print_line(export);
}

static enum error export_link(void *context, const struct link *link)
{
	struct export *export = context;

	if (link->number >= export->from && link->number <= export->to) {
		TRY(store_event_rows(export->op,
				     link_next_event(&export->before),
				     link->last_event, export_event, export));
		TRY(print_link(export, link));
	}
	export->before = *link;
	return OK;
}

static enum error number_option(struct op *op, const struct args *args,
				const char *name, int64_t *ret)
{
	const char *text = args_get(args, name);
	char *end;

	if (!text)
		return OK;
	*ret = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || *ret < 1)
		return op_fail(op, ERR_MISSHAPEN, "%s must be a link's number",
			       name);
	return OK;
}

static enum error export_chain(struct op *op, const struct args *args)
{
	struct export export = {.op = op, .from = 1, .to = INT64_MAX};
	struct uuid *project;
	size_t count;

	TRY(number_option(op, args, "--from", &export.from));
	TRY(number_option(op, args, "--to", &export.to));
	TRY(audit_projects(op, args_get(args, "--project"), &project, &count));
	op->project_id = *project;
	buf_init(&export.line, LINE_MAX_BYTES);
	enum error error = store_link_each(op, export_link, &export);
	buf_release(&export.line);
	return error;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	(void)argc;
	(void)argv;
	return audit_run(args, export_chain, err);
}

static const struct arg_spec options[] = {
	{"--store", "URL", "sqlite:FILE; it may be served meanwhile", true},
	{"--project", "PROJECT", "its name or uuid", true},
	{"--from", "N", "the first link; default: 1", false},
	{"--to", "N", "the last link; default: the last there is", false},
	{NULL, NULL, NULL, false},
};

const struct command audit_export_command = {
	"audit export", "A project's events and links, as JSON lines", options,
	run};
