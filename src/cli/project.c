/* cleat project create, cleat project list */
#include <string.h>

#include "base/json_write.h"
#include "cli/store_command.h"
#include "core/access_token.h"

static enum error make_token(struct op *op, const char *kind, const char **ret)
{
	const struct access_token_new new = {
		.kind = kind,
		.label = "first",
		.scopes = "full",
		.role = ROLE_ADMIN,
	};
	struct access_token token;
	char text[TOKEN_TEXT];

	TRY(access_token_create(op, &new, &token, text));
	*ret = arena_strdup(&op->arena, text);
	return OK;
}

static void put_token(struct json_writer *w, const char *api, const char *key,
		      const char *text)
{
	json_begin_object(w, api);
	json_put_string(w, key, text);
	json_end_object(w);
}

enum error write_new_project(struct op *op, const struct project *project,
			     struct buf *out)
{
	const char *ampersand, *upsun, *gorules, *apinizer;

	TRY(make_token(op, TOKEN_AMPERSAND, &ampersand));
	TRY(make_token(op, TOKEN_UPSUN, &upsun));
	TRY(make_token(op, TOKEN_GORULES, &gorules));
	TRY(make_token(op, TOKEN_APINIZER, &apinizer));

	struct json_writer w = json_writer_on(out);
	json_begin_object(&w, NULL);
	json_begin_object(&w, "project");
	json_put_uuid(&w, "id", project->id);
	json_put_string(&w, "name", project->name);
	json_put_string(&w, "upsunId", project->short_id);
	json_end_object(&w);
	put_token(&w, "ampersand", "apiKey", ampersand);
	put_token(&w, "upsun", "apiToken", upsun);
	put_token(&w, "gorules", "personalAccessToken", gorules);
	put_token(&w, "apinizer", "token", apinizer);
	json_end_object(&w);
	buf_char(out, '\n');
	return OK;
}

static enum error create(struct op *op, const struct args *args,
			 struct buf *out)
{
	const char *name = args->positionals[0];
	const char *organization = args_get(args, "--organization");
	const char *title = args_get(args, "--title");
	struct project project;

	TRY(project_found(op, organization ? organization : name, name,
			  title ? title : name, &project));
	return write_new_project(op, &project, out);
}

static const struct arg_spec create_options[] = {
	{"--organization", "NAME",
	 "who owns it; made when there is none such; default: the project's "
	 "name",
	 false},
	{"--title", "TEXT", "its name for people; default: the project's name",
	 false},
	{NULL, NULL, NULL, false},
};

const struct store_command project_create_command = {
	"project", "create",	   "Make a project with a token for each API",
	"NAME",	   create_options, create,
};

static enum error list(struct op *op, const struct args *args, struct buf *out)
{
	struct project_list projects;

	(void)args;
	TRY(project_list_all(op, &projects));
	struct json_writer w = json_writer_on(out);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < projects.count; i++) {
		const struct project *project = &projects.items[i];

		json_begin_object(&w, NULL);
		json_put_uuid(&w, "id", project->id);
		json_put_string(&w, "name", project->name);
		json_put_string(&w, "title", project->title);
		json_put_string(&w, "upsunId", project->short_id);
		json_put_uuid(&w, "organizationId", project->organization_id);
		json_put_time(&w, "createdAt", project->created_at);
		json_end_object(&w);
	}
	json_end_array(&w);
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec no_options[] = {{NULL, NULL, NULL, false}};

const struct store_command project_list_command = {
	"project", "list",     "All projects of the store, as JSON",
	"",	   no_options, list,
};
