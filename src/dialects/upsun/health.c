/* [ours] Warnings of a project: raised, cleared, and what is raised now. */
#include <string.h>

#include "core/principal.h"
#include "core/warning.h"
#include "dialects/body.h"
#include "dialects/upsun/upsun.h"

static void write_warning(struct json_writer *w, const struct warning *warning,
			  bool is_raised, int64_t cleared_at)
{
	json_begin_object(w, NULL);
	json_put_string(w, "name", warning->name);
	json_put_string(w, "state", is_raised ? "raised" : "cleared");
	json_put_string(w, "severity", warning->severity);
	json_put_string(w, "title", warning->title);
	json_put_string(w, "message", warning->message);
	json_put_string(w, "environment", warning->environment);
	json_put_time(w, "raised_at", warning->raised_at);
	json_put_time(w, "updated_at", warning->updated_at);
	json_put_time(w, "cleared_at", cleared_at);
	json_end_object(w);
}

enum error upsun_list_warnings(struct request *request)
{
	struct project project;
	struct warning_list list;

	TRY(upsun_enter(request, &project));
	TRY(warning_list(&request->op, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		write_warning(&w, &list.items[i], true, 0);
	json_end_array(&w);
	return OK;
}

static bool is_one_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static const char *read_line(const struct body_reader *in, const char *name,
			     bool is_required, size_t most)
{
	const char *text = body_string(in, name, is_required, most);

	if (text && (!*text || !is_one_line(text))) {
		body_misshapen(in, name, "must be one line of text");
		return NULL;
	}
	return text;
}

static bool is_known(const char *name)
{
	static const char *const known[] = {"name",  "state",	"severity",
					    "title", "message", "environment"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static void refuse_unknown(const struct body_reader *in, json_t *body)
{
	for (void *at = json_object_iter(body); at;
	     at = json_object_iter_next(body, at))
		if (!is_known(json_object_iter_key(at)))
			body_misshapen(in, json_object_iter_key(at),
				       "is not a known field");
}

static const char *or_else(const char *text, const char *other)
{
	return text ? text : other;
}

static enum error read_warning(struct request *request, struct warning *ret,
			       bool *ret_is_raised)
{
	struct body_reader in;

	TRY(body_read(request, &in));
	refuse_unknown(&in, request->json);
	const char *state = body_string(&in, "state", true, 16);
	const char *severity = body_string(&in, "severity", false, 16);
	*ret = (struct warning){
		.name = read_line(&in, "name", true, WARNING_NAME_MAX),
		.severity = or_else(severity, "warning"),
		.title = read_line(&in, "title", false, WARNING_TITLE_MAX),
		.message = or_else(
			body_string(&in, "message", false, WARNING_MESSAGE_MAX),
			""),
		.environment =
			read_line(&in, "environment", false, WARNING_NAME_MAX),
	};
	if (severity && !warning_severity_is_known(severity))
		body_misshapen(&in, "severity",
			       "must be info, warning, error or critical");
	*ret_is_raised = state && strcmp(state, "raised") == 0;
	if (state && !*ret_is_raised && strcmp(state, "cleared") != 0)
		body_misshapen(&in, "state", "must be raised or cleared");
	TRY(body_done(&in));
	ret->title = or_else(ret->title, ret->name);
	return OK;
}

enum error upsun_set_warning(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct warning warning, made;
	bool is_raised;

	TRY(upsun_enter(request, &project));
	TRY(access_to_write(op));
	TRY(read_warning(request, &warning, &is_raised));
	if (is_raised)
		TRY(warning_raise(op, &warning, &made));
	else
		TRY(warning_clear(op, warning.name, &made));
	struct json_writer w = upsun_answer(request, 200);
	write_warning(&w, &made, is_raised, is_raised ? 0 : op->now);
	return OK;
}
