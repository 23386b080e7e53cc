/* What a field's type, range and values can't say of it. */
#include "dialects/upsun/types_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Roughly RFC 5321: what is left is for the mail server to say. */
const char *upsun_check_address(const json_t *value)
{
	const char *address = json_string_value(value);
	const char *at = strrchr(address, '@');

	if (!at || at == address || !at[1] || strlen(address) > 254 ||
	    !is_printable(address))
		return "must be an e-mail address";
	return NULL;
}

const char *upsun_check_recipient(const json_t *value)
{
	const char *text = json_string_value(value);

	if (strcmp(text, "#admins") == 0 || strcmp(text, "#viewers") == 0 ||
	    (*text != '#' && !upsun_check_address(value)))
		return NULL;
	return "must be an e-mail address, #admins or #viewers";
}

/* Parts of letters, digits, - _ and ., none of them empty; 0: it is none. */
static int parts_of_path(const char *path)
{
	int parts = 1;

	for (const char *at = path; *at; at++) {
		if (*at == '/' && (at == path || at[-1] == '/'))
			return 0;
		if (*at == '/')
			parts++;
		else if (!isalnum((unsigned char)*at) && !strchr("-_.", *at))
			return 0;
	}
	return *path && path[strlen(path) - 1] != '/' ? parts : 0;
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

static bool is_token(const char *name)
{
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) &&
		    !strchr("!#$%&'*+-.^_`|~", *at))
			return false;
	return *name;
}

static bool has_control(const char *value)
{
	for (; *value; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    *value == 0x7f)
			return true;
	return false;
}

void upsun_complete_headers(struct op *op, json_t *given, json_t *settings)
{
	const char *name;
	json_t *value;

	(void)settings; /* they are sealed */
	json_object_foreach (json_object_get(given, "headers"), name, value) {
		if (!json_is_string(value))
			return; /* told of already */
		if (!is_token(name) || has_control(json_string_value(value)))
			op_issue(op, "body", "headers",
				 "must have names and values that HTTP takes");
	}
}
