/* Logs of activities: lines of JSON; `seal` in the last one: nothing follows.
 */
#include <string.h>

#include "dialects/upsun/upsun.h"

struct log {
	struct request *request;
	int64_t start_at; /* lines before this one are left out */
	int64_t lines;
	int64_t total; /* INT64_MAX while more may come */
};

/* A message brings its line's end along: clients join them as they are. */
static void write_line(struct log *log, const char *text, size_t length,
		       int64_t time)
{
	struct op *op = &log->request->op;
	struct json_writer w = json_writer_on(&log->request->response.body);
	int64_t number = ++log->lines;

	if (number <= log->start_at)
		return;
	json_begin_object(&w, NULL);
	json_put_string(&w, "_id",
			arena_printf(&op->arena, "%lld", (long long)number));
	if (number == log->total)
		json_put_bool(&w, "seal", true);
	json_begin_object(&w, "data");
	json_put_time(&w, "timestamp", time);
	json_put_string(&w, "message",
			arena_printf(&op->arena, "%.*s\n", (int)length, text));
	json_end_object(&w);
	json_end_object(&w);
	buf_char(&log->request->response.body, '\n');
}

/* Of the first line in it. */
static size_t line_length(const char *text)
{
	return strcspn(text, "\n");
}

static const char *next_line(const char *text)
{
	text += line_length(text);
	return *text ? text + 1 : text;
}

static int64_t count_lines(const struct activity_part_list *parts)
{
	int64_t lines = 0;

	for (size_t i = 0; i < parts->count; i++)
		for (const char *at = parts->items[i].text; *at;
		     at = next_line(at))
			lines++;
	return lines;
}

static void write_parts(struct log *log, const struct activity_part_list *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		for (const char *at = parts->items[i].text; *at;
		     at = next_line(at))
			write_line(log, at, line_length(at),
				   parts->items[i].created_at);
}

/* What is over without a word of its own has one line that says what it was. */
enum error upsun_write_activity_log(struct request *request,
				    const struct activity *activity)
{
	struct log log = {.request = request, .total = INT64_MAX};
	struct activity_part_list parts;
	bool is_over = activity_is_over(activity);
	int64_t lines;

	TRY(request_number(request, "start_at", 0, INT32_MAX, &log.start_at));
	TRY(activity_log(&request->op, activity, &parts));
	(void)upsun_answer(request, 200);
	lines = count_lines(&parts);
	if (is_over)
		log.total = lines ? lines : 1;
	if (is_over && log.start_at >= log.total)
		log.start_at = log.total - 1; /* the seal is always there */
	if (is_over && !lines) {
		const char *text = upsun_activity_text(&request->op, activity);

		write_line(&log, text, line_length(text),
			   activity->completed_at);
	}
	write_parts(&log, &parts);
	return OK;
}
