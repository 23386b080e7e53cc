/* Reading fields of a JSON body, with an issue for each fault. */
#include "dialects/body.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

enum error body_read(struct request *request, struct body_reader *ret)
{
	if (!json_is_object(request->json))
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "the body must be a JSON object");
	*ret = (struct body_reader){
		.op = &request->op,
		.object = request->json,
		.path = "",
		.fault = arena_alloc(&request->op.arena, sizeof(*ret->fault)),
	};
	return OK;
}

static const char *path_of(const struct body_reader *in, const char *name)
{
	return arena_printf(&in->op->arena, "%s%s", in->path, name);
}

void body_misshapen(const struct body_reader *in, const char *name,
		    const char *why)
{
	op_issue(in->op, "body", path_of(in, name), "%s", why);
	*in->fault = ERR_MISSHAPEN;
}

void body_invalid(const struct body_reader *in, const char *name,
		  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	op_issue(in->op, "body", path_of(in, name), "%s",
		 arena_vprintf(&in->op->arena, format, args));
	va_end(args);
	if (*in->fault == OK)
		*in->fault = ERR_INVALID;
}

static json_t *field(const struct body_reader *in, const char *name,
		     bool is_required)
{
	json_t *value = json_object_get(in->object, name);

	/* an absent optional and null are the same to us */
	if (value && !json_is_null(value))
		return value;
	if (is_required)
		body_misshapen(in, name, "is required");
	return NULL;
}

const char *body_string(const struct body_reader *in, const char *name,
			bool is_required, size_t max)
{
	const json_t *value = field(in, name, is_required);

	if (!value)
		return NULL;
	const char *text = json_string_value(value);
	if (!text)
		body_misshapen(in, name, "must be a string");
	else if (utf8_count(text) > max)
		body_invalid(in, name, "is over %zu characters", max);
	else if (!*text && is_required)
		body_invalid(in, name, "must not be empty");
	else
		return text;
	return NULL;
}

const char *body_text(const struct body_reader *in, const char *name,
		      size_t max)
{
	return field(in, name, true) ? body_string(in, name, false, max) : NULL;
}

/* No path can name what holds one, and no header. */
static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f ||
		    (*text == '\xc2' && (unsigned char)text[1] < 0xa0))
			return true; /* U+0080 to U+009F have two bytes */
	return false;
}

const char *body_name(const struct body_reader *in, const char *name,
		      size_t max)
{
	const char *text = body_string(in, name, true, max);

	if (text && has_control(text))
		body_invalid(in, name, "must not hold control characters");
	return text;
}

const char *body_ref(const struct body_reader *in, const char *name, size_t max)
{
	const char *text = body_name(in, name, max);

	if (text && (strcmp(text, ".") == 0 || strcmp(text, "..") == 0))
		body_invalid(in, name,
			     "must be another than . and .., which "
			     "are steps of a path");
	return text;
}

const json_t *body_object(const struct body_reader *in, const char *name,
			  bool is_required)
{
	const json_t *value = field(in, name, is_required);

	if (!value || json_is_object(value))
		return value;
	body_misshapen(in, name, "must be an object");
	return NULL;
}

json_t *body_strings(const struct body_reader *in, const char *name)
{
	json_t *list = field(in, name, false);
	bool is_right = json_is_array(list);
	const json_t *text;
	size_t i;

	json_array_foreach (list, i, text) {
		is_right = is_right && json_is_string(text);
	}
	if (!list || is_right)
		return list;
	body_misshapen(in, name, "must be a list of strings");
	return NULL;
}

bool body_bool(const struct body_reader *in, const char *name)
{
	const json_t *value = field(in, name, false);

	if (value && !json_is_boolean(value))
		body_misshapen(in, name, "must be true or false");
	return json_is_true(value);
}

int64_t body_number(const struct body_reader *in, const char *name,
		    int64_t least, int64_t most, int64_t fallback)
{
	const json_t *value = field(in, name, false);

	if (!value)
		return fallback;
	if (!json_is_integer(value)) {
		body_misshapen(in, name, "must be a whole number");
		return fallback;
	}
	int64_t number = json_integer_value(value);
	if (number < least || number > most)
		body_invalid(in, name, "must be %lld to %lld", (long long)least,
			     (long long)most);
	return number;
}

void body_refuse_others(const struct body_reader *in, const char *const *known,
			size_t count)
{
	json_t *object = (json_t *)(uintptr_t)in->object, *value;
	const char *name;

	json_object_foreach (object, name, value) {
		bool is_known = false;

		for (size_t i = 0; i < count; i++)
			is_known = is_known || strcmp(known[i], name) == 0;
		if (!is_known)
			body_misshapen(in, arena_strdup(&in->op->arena, name),
				       "is not a known field");
	}
}

struct body_reader body_inside(const struct body_reader *in, const char *name,
			       const json_t *object)
{
	return (struct body_reader){
		.op = in->op,
		.object = object,
		.path = arena_printf(&in->op->arena, "%s%s.", in->path, name),
		.fault = in->fault,
	};
}

enum error body_done(const struct body_reader *in)
{
	if (*in->fault == OK)
		return OK;
	return op_fail(in->op, *in->fault, "%s %s", in->op->issues[0].field,
		       in->op->issues[0].why);
}
