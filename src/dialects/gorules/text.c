/* Texts in a body, and the verdict on all of it. */
#include <string.h>

#include "base/utf8.h"
#include "dialects/gorules/gorules.h"

static bool has_control(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < 0x20 && !strchr("\t\r\n", *text)) ||
		    *text == 0x7f)
			return true;
	return false;
}

const char *gorules_text(struct op *op, const json_t *value,
			 const struct text_rule *rule)
{
	const char *text = json_string_value(value);

	if (!value || json_is_null(value)) {
		if (rule->is_required)
			op_issue(op, "body", rule->path, "is required");
	} else if (!text) {
		op_issue(op, "body", rule->path, "must be a string");
	} else if (!*text && !rule->may_be_empty) {
		op_issue(op, "body", rule->path, "must not be empty");
	} else if (utf8_count(text) > rule->max) {
		op_issue(op, "body", rule->path,
			 "must have at most %zu characters", rule->max);
	} else if (has_control(text)) {
		op_issue(op, "body", rule->path,
			 "must not hold control characters");
	} else {
		return text;
	}
	return NULL;
}

enum error gorules_verdict(struct op *op)
{
	if (!op->issue_count)
		return OK;
	return op_fail(op, ERR_MISSHAPEN, "the body does not fit");
}
