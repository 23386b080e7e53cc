/* Projects as GoRules shows them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/principal.h"
#include "core/project_trash.h"
#include "dialects/gorules/gorules.h"

static bool holds(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (; *text; text++)
		if (strncasecmp(text, part, length) == 0)
			return true;
	return !length;
}

/* Keeps those that are asked for. */
static void select_projects(struct project_list *list, const char *search)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct project *project = &list->items[i];

		if (!search || holds(project->title, search) ||
		    holds(project->name, search))
			list->items[kept++] = *project;
	}
	list->count = kept;
}

enum error gorules_project_list(struct request *request)
{
	struct gorules_page page;
	struct project_list list;
	bool is_deleted = false, is_all = false;
	size_t first, last;

	TRY(gorules_page_read(request, &page));
	TRY(request_flag(request, "deleted", &is_deleted));
	TRY(request_flag(request, "all", &is_all));
	TRY(is_deleted ? project_trash_list(&request->op, &list)
		       : project_list(&request->op, &list));

	select_projects(&list, request_arg(request, "search"));
	if (is_all)
		page = (struct gorules_page){
			.number = 1,
			.size = list.count ? (int64_t)list.count : 1};
	gorules_page_cut(&page, list.count, &first, &last);
	struct json_writer w = gorules_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "results");
	for (size_t i = first; i < last; i++)
		gorules_write_project(&w, NULL, &list.items[i]);
	json_end_array(&w);
	gorules_page_write(&w, &page, (int64_t)(last - first),
			   (int64_t)list.count);
	json_end_object(&w);
	return OK;
}

enum error gorules_enter_project(struct request *request, struct project *ret)
{
	return project_enter(&request->op, PROJECT_BY_ID, request->params[0],
			     ret);
}

enum error gorules_project_get(struct request *request)
{
	struct project project;

	TRY(gorules_enter_project(request, &project));
	struct json_writer w = gorules_answer(request, 200);
	gorules_write_project(&w, NULL, &project);
	return OK;
}

static size_t word_length(const char *at)
{
	size_t length = 0;

	while (islower((unsigned char)at[length]) ||
	       isdigit((unsigned char)at[length]))
		length++;
	return length;
}

/* ^[a-z0-9]{2,}(-[a-z0-9]+)*$ */
static bool is_key(const char *text)
{
	size_t length = word_length(text);

	if (length < 2 || strlen(text) > PROJECT_NAME_MAX)
		return false;
	for (text += length; *text == '-'; text += length) {
		length = word_length(++text);
		if (!length)
			return false;
	}
	return !*text;
}

static void refuse_bad_key(struct op *op, const char *key)
{
	if (!is_key(key))
		op_issue(op, "body", "key",
			 "must be words of a-z and 0-9 joined by dashes, the "
			 "first of two or more characters");
}

/* "Loan Pricing (EU)" becomes loan-pricing-eu. */
static const char *key_from(struct arena *arena, const char *name)
{
	char *key = arena_alloc(arena, strlen(name) + 1);
	size_t length = 0;

	for (; *name; name++) {
		int c = tolower((unsigned char)*name);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			key[length++] = (char)c;
		else if (length && key[length - 1] != '-')
			key[length++] = '-';
	}
	if (length && key[length - 1] == '-')
		length--;
	key[length] = '\0';
	return key;
}

/* `id` and the like may be there, as in what was read, but not others. */
static void refuse_another(struct op *op, const json_t *body, const char *name,
			   const char *current, const char *why)
{
	const json_t *value = json_object_get(body, name);
	const char *text = json_string_value(value);

	if (value && (!text || strcmp(text, current) != 0))
		op_issue(op, "body", name, "%s", why);
}

static void read_protected(struct op *op, const json_t *value, bool *ret)
{
	if (value && !json_is_boolean(value))
		op_issue(op, "body", "protected", "must be true or false");
	else if (value)
		*ret = json_is_true(value);
}

/* `key` may be left out when the name makes one. */
static const char *key_of(struct op *op, const char *name, const char *given)
{
	const char *key = given ? given : key_from(&op->arena, name);

	if (given)
		refuse_bad_key(op, key);
	else if (!is_key(key))
		op_issue(op, "body", "name",
			 "makes no key of two or more of a-z and 0-9: give a "
			 "key as well");
	return key;
}

/* What a new one says of itself; `project` is one as it is made. */
static enum error read_project(struct request *request, struct project *project,
			       const char **ret_name, const char **ret_key)
{
	struct op *op = &request->op;
	const json_t *body = request->json;
	const struct text_rule name_rule = {
		.path = "name", .max = PROJECT_TITLE_MAX, .is_required = true};
	const struct text_rule key_rule = {.path = "key",
					   .max = PROJECT_NAME_MAX};

	if (!json_is_object(body))
		return op_fail(op, ERR_MISSHAPEN, "the body must be an object");
	*ret_name = gorules_text(op, json_object_get(body, "name"), &name_rule);
	*ret_key = gorules_text(op, json_object_get(body, "key"), &key_rule);
	refuse_another(op, body, "version", PROJECT_VERSION, "must be v2");
	read_protected(op, json_object_get(body, "protected"),
		       &project->is_protected);
	TRY(gorules_verdict(op));
	*ret_key = key_of(op, *ret_name, *ret_key);
	return gorules_verdict(op);
}

enum error gorules_project_create(struct request *request)
{
	struct op *op = &request->op;
	const char *name, *key;
	struct project project, asked = {.is_protected = false};

	TRY(access_to_own(op));
	TRY(read_project(request, &asked, &name, &key));
	TRY(project_create(op, key, name, &project));
	if (asked.is_protected) {
		project.is_protected = true;
		TRY(project_update(op, &project, NULL, NULL, &project));
	}
	struct json_writer w = gorules_answer(request, 201);
	json_begin_object(&w, NULL);
	gorules_write_project(&w, "project", &project);
	json_end_object(&w);
	return OK;
}

/* What is left out is NULL, or stays in `project`. */
static enum error read_change(struct request *request, struct project *project,
			      const char **ret_name, const char **ret_key)
{
	const json_t *body = request->json;
	struct op *op = &request->op;
	const struct text_rule name_rule = {
		.path = "name",
		.max = PROJECT_TITLE_MAX,
		.is_required = json_object_get(body, "name") != NULL};
	const struct text_rule key_rule = {.path = "key",
					   .max = PROJECT_NAME_MAX};

	if (!json_is_object(body))
		return op_fail(op, ERR_MISSHAPEN, "the body must be an object");
	*ret_name = gorules_text(op, json_object_get(body, "name"), &name_rule);
	*ret_key = gorules_text(op, json_object_get(body, "key"), &key_rule);
	refuse_another(op, body, "version", project->version,
		       "can not be changed");
	read_protected(op, json_object_get(body, "protected"),
		       &project->is_protected);
	if (*ret_key && strcmp(*ret_key, project->name) != 0)
		refuse_bad_key(op, *ret_key);
	return gorules_verdict(op);
}

static enum error answer_project(struct request *request,
				 const struct project *project)
{
	struct json_writer w = gorules_answer(request, 200);

	gorules_write_project(&w, NULL, project);
	return OK;
}

enum error gorules_project_update(struct request *request)
{
	struct project project;
	const char *name, *key;

	TRY(gorules_enter_project(request, &project));
	TRY(access_to(&request->op, PERMISSION_PROJECT));
	TRY(read_change(request, &project, &name, &key));
	TRY(project_update(&request->op, &project, key, name, &project));
	return answer_project(request, &project);
}

enum error gorules_project_delete(struct request *request)
{
	struct project project;

	TRY(gorules_enter_project(request, &project));
	TRY(access_to(&request->op, PERMISSION_PROJECT));
	TRY(project_trash(&request->op, &project));
	gorules_answer_ok(request);
	return OK;
}

enum error gorules_project_restore(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct uuid id;

	/* the path has a uuid */
	bool is_there = gorules_enter_project(request, &project) == OK;
	enum error error = uuid_parse(request->params[0], &id)
				   ? project_trash_find(op, id, &project)
				   : ERR_NOT_FOUND;
	if (is_there || error == OK)
		TRY(access_to(op, PERMISSION_PROJECT));
	TRY(error);
	TRY(project_trash_restore(op, id, &project));
	return answer_project(request, &project);
}
