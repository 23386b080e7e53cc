/* What a field's type, range and values can't say of it. */
#include "dialects/upsun/types_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mail_address.h"
#include "base/outbound_call.h"

static bool has_control(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return true;
	return false;
}

const char *upsun_check_line(const json_t *value)
{
	return has_control(json_string_value(value))
		       ? "must be one line, without control characters"
		       : NULL;
}

const char *upsun_check_address(const json_t *value)
{
	return mail_address_is_usable(json_string_value(value))
		       ? NULL
		       : "must be an e-mail address";
}

const char *upsun_check_recipient(const json_t *value)
{
	const char *text = json_string_value(value);

	if (strcmp(text, "#admins") == 0 || strcmp(text, "#viewers") == 0 ||
	    (*text != '#' && !upsun_check_address(value)))
		return NULL;
	return "must be an e-mail address, #admins or #viewers";
}

/* Letters, digits, - _ and .; not . and .., which lead elsewhere in a URL. */
static bool is_part(const char *part, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)part[i]) && !strchr("-_.", part[i]))
			return false;
	return length && !(part[0] == '.' && length == 1) &&
	       !(length == 2 && part[0] == '.' && part[1] == '.');
}

/* 0: it is none. */
static int parts_of_path(const char *path)
{
	int parts = 0;

	for (;; path++) {
		size_t length = strcspn(path, "/");

		if (!is_part(path, length))
			return 0;
		parts++;
		path += length;
		if (!*path)
			return parts;
	}
}

const char *upsun_check_repository(const json_t *value)
{
	return parts_of_path(json_string_value(value)) == 2
		       ? NULL
		       : "must have the form owner/name";
}

const char *upsun_check_gitlab_project(const json_t *value)
{
	return parts_of_path(json_string_value(value)) >= 2
		       ? NULL
		       : "must have the form group/name";
}

const char *upsun_check_host(const json_t *value)
{
	const char *host = json_string_value(value);

	for (const char *at = host; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-_.:", *at))
			return "must be the name or the address of a host";
	return *host ? NULL : "must not be empty";
}

static void set(json_t *settings, const char *name, json_t *value)
{
	if (json_object_set_new(settings, name, value) != 0)
		abort(); /* out of memory */
}

void upsun_complete_git(struct op *op, json_t *given, json_t *settings)
{
	if (!json_is_false(json_object_get(settings, "fetch_branches")) ||
	    !json_is_true(json_object_get(settings, "prune_branches")))
		return;
	if (json_object_get(given, "prune_branches"))
		op_issue(op, "body", "prune_branches",
			 "must be false when fetch_branches is");
	else
		set(settings, "prune_branches", json_false());
}

/* Tokens of apps begin so: https://github.blog/2021-04-05. */
static bool is_github_app_token(const char *token)
{
	return strncmp(token, "ghs_", 4) == 0 || strncmp(token, "ghu_", 4) == 0;
}

void upsun_complete_github(struct op *op, json_t *given, json_t *settings)
{
	const char *token = json_string_value(json_object_get(given, "token"));

	upsun_complete_git(op, given, settings);
	if (token)
		set(settings, "token_type",
		    json_string(is_github_app_token(token)
					? "github_app"
					: "classic_personal_token"));
}

/* Until when a token is good is known of one that was rotated alone. */
void upsun_complete_gitlab(struct op *op, json_t *given, json_t *settings)
{
	upsun_complete_git(op, given, settings);
	if (json_object_get(given, "token"))
		set(settings, "token_expires_at", json_null());
}

static bool is_token(const char *name)
{
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) &&
		    !strchr("!#$%&'*+-.^_`|~", *at))
			return false;
	return *name;
}

static const char *header_fault(struct op *op, const char *name,
				const char *value)
{
	if (!is_token(name) || has_control(value))
		return "must have names and values that HTTP takes";
	if (!outbound_header_is_reserved(name))
		return NULL;
	return arena_printf(&op->arena, "must not have %s: the call sets it",
			    name);
}

void upsun_complete_headers(struct op *op, json_t *given, json_t *settings)
{
	const char *name;
	json_t *value;

	(void)settings; /* they are sealed */
	json_object_foreach (json_object_get(given, "headers"), name, value) {
		if (!json_is_string(value))
			return; /* told of already */
		const char *why =
			header_fault(op, name, json_string_value(value));
		if (why)
			op_issue(op, "body", "headers", "%s", why);
	}
}
