/* Projects as GoRules shows them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/principal.h"
#include "dialects/gorules/gorules.h"

static bool holds(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (; *text; text++)
		if (strncasecmp(text, part, length) == 0)
			return true;
	return !length;
}

/* Keeps those that are asked for; deleted projects are in no list yet. */
static size_t select_projects(struct project_list *list, const char *search,
			      bool is_deleted)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count && !is_deleted; i++) {
		const struct project *project = &list->items[i];

		if (!search || holds(project->title, search) ||
		    holds(project->name, search))
			list->items[kept++] = *project;
	}
	return kept;
}

enum error gorules_project_list(struct request *request)
{
	struct gorules_page page;
	struct project_list list;
	bool is_deleted = false, is_all = false;

	TRY(gorules_page_read(request, &page));
	TRY(request_flag(request, "deleted", &is_deleted));
	TRY(request_flag(request, "all", &is_all));
	TRY(project_list(&request->op, &list));

	list.count = select_projects(&list, request_arg(request, "search"),
				     is_deleted);
	if (is_all)
		page = (struct gorules_page){
			.number = 1,
			.size = list.count ? (int64_t)list.count : 1};
	size_t first = (size_t)page.offset < list.count ? (size_t)page.offset
							: list.count;
	size_t last = list.count - first < (size_t)page.size
			      ? list.count
			      : first + (size_t)page.size;
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

enum error gorules_project_get(struct request *request)
{
	struct project project;

	TRY(project_enter(&request->op, PROJECT_BY_ID, request->params[0],
			  &project));
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

/* `key` may be left out when the name makes one. */
static enum error read_project(struct request *request, const char **ret_name,
			       const char **ret_key)
{
	struct op *op = &request->op;
	const struct text_rule name_rule = {
		.path = "name", .max = PROJECT_TITLE_MAX, .is_required = true};
	const struct text_rule key_rule = {.path = "key",
					   .max = PROJECT_NAME_MAX};

	if (!json_is_object(request->json))
		return op_fail(op, ERR_MISSHAPEN, "the body must be an object");
	*ret_name = gorules_text(op, json_object_get(request->json, "name"),
				 &name_rule);
	*ret_key = gorules_text(op, json_object_get(request->json, "key"),
				&key_rule);
	TRY(gorules_verdict(op));
	if (!*ret_key)
		*ret_key = key_from(&op->arena, *ret_name);
	if (!is_key(*ret_key))
		op_issue(op, "body", "key",
			 "must be words of a-z and 0-9 joined by dashes, the "
			 "first of two or more characters");
	return gorules_verdict(op);
}

enum error gorules_project_create(struct request *request)
{
	const char *name, *key;
	struct project project;

	TRY(access_to_manage(&request->op));
	TRY(read_project(request, &name, &key));
	TRY(project_create(&request->op, key, name, &project));

	struct json_writer w = gorules_answer(request, 201);
	json_begin_object(&w, NULL);
	gorules_write_project(&w, "project", &project);
	json_end_object(&w);
	return OK;
}
