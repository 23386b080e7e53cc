/* YAML to JSON through libyaml's events. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

/* So that a short text is no large manifest. */
enum { REPEATED_MAX = 100000 };
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct yaml_reader {
	struct op *op;
	const char *field; /* of the body, that it is from */
	yaml_parser_t parser;
	int depth;
	json_t *anchors; /* values by name */
	size_t repeated; /* values, by aliases */
};

static enum error fault(struct yaml_reader *in, const yaml_mark_t *at,
			const char *why)
{
	op_issue(in->op, "body", in->field, "line %zu: %s", at->line + 1, why);
	return op_fail(in->op, ERR_INVALID, "line %zu: %s", at->line + 1, why);
}

static enum error next_event(struct yaml_reader *in, yaml_event_t *ret)
{
	if (yaml_parser_parse(&in->parser, ret))
		return OK;
	if (in->parser.error == YAML_MEMORY_ERROR)
		abort();
	return fault(in, &in->parser.problem_mark,
		     in->parser.problem ? in->parser.problem : "not YAML");
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool is_integer(const char *text, int *ret_base)
{
	const char *digits = text + strspn(text, "+-");

	*ret_base = 10;
	if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0o", 2) == 0) {
		*ret_base = text[1] == 'x' ? 16 : 8;
		digits = text + 2;
	}
	return digits - text <= 2 && *digits &&
	       strspn(digits, *ret_base == 16 ? "0123456789abcdefABCDEF"
			      : *ret_base == 8
				      ? "01234567"
				      : "0123456789") == strlen(digits);
}

/* NULL when the number does not fit in 64 bits. */
static json_t *integer_value(const char *text, int base)
{
	errno = 0;
	long long number = strtoll(base == 10 ? text : text + 2, NULL, base);
	return errno ? NULL : json_integer(number);
}

/* A plain scalar by the core schema (YAML 1.2.2, 10.3.2). */
static json_t *plain_value(const char *text)
{
	static const char *const nulls[] = {"",	    "~",    "null",
					    "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	char *end;
	int base;

	if (is_one_of(text, nulls))
		return json_null();
	if (is_one_of(text, trues))
		return json_true();
	if (is_one_of(text, falses))
		return json_false();
	if (is_integer(text, &base))
		return integer_value(text, base);
	if (strspn(text, "+-.eE0123456789") == strlen(text) &&
	    strpbrk(text, "0123456789")) {
		double number = strtod(text, &end);
		if (!*end && isfinite(number))
			return json_real(number);
	}
	return json_string(text);
}

static enum error scalar(struct yaml_reader *in, const yaml_event_t *event,
			 json_t **ret)
{
	const char *text = (const char *)event->data.scalar.value;

	const char *tag = (const char *)event->data.scalar.tag;

	if (strlen(text) != event->data.scalar.length)
		return fault(in, &event->start_mark, "a NUL byte");
	if (tag && strcmp(tag, YAML_STR_TAG) != 0)
		return fault(in, &event->start_mark,
			     "of tags, only !!str is taken here");
	bool is_plain =
		!tag && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	json_t *value = is_plain ? plain_value(text) : json_string(text);
	if (!value)
		return fault(in, &event->start_mark,
			     "not UTF-8, or a number too large");
	*ret = json_keep(&in->op->arena, value);
	return OK;
}

static enum error value_of(struct yaml_reader *in, yaml_event_t *event,
			   json_t **ret);

static enum error sequence(struct yaml_reader *in, json_t **ret)
{
	json_t *list = json_new_array(&in->op->arena);
	enum error error = OK;

	while (error == OK) {
		yaml_event_t event;
		json_t *item;

		TRY(next_event(in, &event));
		bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
		if (!is_end)
			error = value_of(in, &event, &item);
		yaml_event_delete(&event);
		if (is_end)
			break;
		if (error == OK)
			json_array_append(list, item);
	}
	*ret = list;
	return error;
}

/* One key of a mapping, which must be a scalar and new. */
static enum error key_of(struct yaml_reader *in, const yaml_event_t *event,
			 const json_t *map, const char **ret)
{
	if (event->type != YAML_SCALAR_EVENT)
		return fault(in, &event->start_mark,
			     "a key must be a plain text");
	const char *key = (const char *)event->data.scalar.value;
	if (strlen(key) != event->data.scalar.length)
		return fault(in, &event->start_mark, "a NUL byte");
	if (json_object_get(map, key))
		return fault(in, &event->start_mark, "a key is there twice");
	*ret = arena_strdup(&in->op->arena, key);
	return OK;
}

static enum error pair(struct yaml_reader *in, const char *key, json_t *map)
{
	yaml_event_t event;
	json_t *value;

	TRY(next_event(in, &event));
	enum error error = value_of(in, &event, &value);
	if (error == OK && json_object_set(map, key, value) != 0)
		error = fault(in, &event.start_mark, "a key is not UTF-8");
	yaml_event_delete(&event);
	return error;
}

static enum error mapping(struct yaml_reader *in, json_t **ret)
{
	json_t *map = json_new_object(&in->op->arena);
	enum error error = OK;

	while (error == OK) {
		yaml_event_t event;
		const char *key;

		TRY(next_event(in, &event));
		bool is_end = event.type == YAML_MAPPING_END_EVENT;
		if (!is_end)
			error = key_of(in, &event, map, &key);
		yaml_event_delete(&event);
		if (is_end)
			break;
		if (error == OK)
			error = pair(in, key, map);
	}
	*ret = map;
	return error;
}

/* How many values it is, and how deep. */
static size_t measure(const json_t *value, int *ret_depth)
{
	json_t *any = (json_t *)(uintptr_t)value, *inner;
	int depth = 0, most = 0;
	size_t count = 1, i;
	const char *key;

	json_array_foreach (any, i, inner) {
		count += measure(inner, &depth);
		most = depth > most ? depth : most;
	}
	json_object_foreach (any, key, inner) {
		count += measure(inner, &depth);
		most = depth > most ? depth : most;
	}
	*ret_depth = most + (json_is_array(any) || json_is_object(any));
	return count;
}

/* What is changed in one place is not meant in the other: a copy. */
static enum error alias(struct yaml_reader *in, const yaml_event_t *event,
			json_t **ret)
{
	const char *name = (const char *)event->data.alias.anchor;
	const json_t *value = json_object_get(in->anchors, name);
	int depth;

	if (!value)
		return fault(in, &event->start_mark,
			     "an alias of what is not there, or not whole yet");
	in->repeated += measure(value, &depth);
	if (in->depth + depth > JSON_DEPTH_MAX)
		return fault(in, &event->start_mark, "too deep");
	if (in->repeated > REPEATED_MAX)
		return fault(in, &event->start_mark,
			     "aliases repeat too many values");
	*ret = json_keep(&in->op->arena, json_deep_copy(value));
	return OK;
}

static void keep_anchor(struct yaml_reader *in, const unsigned char *anchor,
			json_t *value)
{
	if (anchor)
		json_object_set(in->anchors, (const char *)anchor, value);
}

static enum error collection(struct yaml_reader *in, yaml_event_t *event,
			     json_t **ret)
{
	bool is_list = event->type == YAML_SEQUENCE_START_EVENT;

	if (++in->depth > JSON_DEPTH_MAX)
		return fault(in, &event->start_mark, "too deep");
	TRY(is_list ? sequence(in, ret) : mapping(in, ret));
	in->depth--;
	keep_anchor(in,
		    is_list ? event->data.sequence_start.anchor
			    : event->data.mapping_start.anchor,
		    *ret);
	return OK;
}

static enum error value_of(struct yaml_reader *in, yaml_event_t *event,
			   json_t **ret)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		TRY(scalar(in, event, ret));
		keep_anchor(in, event->data.scalar.anchor, *ret);
		return OK;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return collection(in, event, ret);
	case YAML_ALIAS_EVENT:
		return alias(in, event, ret);
	default:
		return fault(in, &event->start_mark, "a value is missing");
	}
}

/* The next event, which must be of this type. */
static enum error expect(struct yaml_reader *in, yaml_event_type_t type,
			 const char *why)
{
	yaml_event_t event;

	TRY(next_event(in, &event));
	bool is_it = event.type == type;
	yaml_mark_t mark = event.start_mark;
	yaml_event_delete(&event);
	return is_it ? OK : fault(in, &mark, why);
}

static enum error document(struct yaml_reader *in, json_t **ret)
{
	yaml_event_t event;

	TRY(expect(in, YAML_STREAM_START_EVENT, "not YAML"));
	TRY(expect(in, YAML_DOCUMENT_START_EVENT, "it is empty"));
	TRY(next_event(in, &event));
	enum error error = value_of(in, &event, ret);
	yaml_event_delete(&event);
	TRY(error);
	TRY(expect(in, YAML_DOCUMENT_END_EVENT, "one document is enough"));
	return expect(in, YAML_STREAM_END_EVENT, "one document is enough");
}

enum error amp_read_yaml(struct op *op, const char *field, const char *yaml,
			 json_t **ret)
{
	struct yaml_reader in = {
		.op = op,
		.field = field,
		.anchors = json_new_object(&op->arena),
	};

	if (strncmp(yaml, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		yaml += strlen(BYTE_ORDER_MARK);

	if (!yaml_parser_initialize(&in.parser))
		return op_fail(op, ERR_INTERNAL, "libyaml does not start");
	yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&in.parser, (const unsigned char *)yaml,
				     strlen(yaml));
	enum error error = document(&in, ret);
	yaml_parser_delete(&in.parser);
	return error;
}
