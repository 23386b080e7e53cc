/* cleat builder list, cleat builder set, cleat builder remove */
#include <string.h>

#include "base/json_write.h"
#include "base/utf8.h"
#include "cli/store_command.h"
#include "core/organization.h"
#include "core/store.h"

static enum error put_builder(struct op *op, struct json_writer *w,
			      const struct builder *builder)
{
	struct membership_list in;

	TRY(store_membership_list(op, builder->id, &in));
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", builder->id);
	json_put_optional(w, "email", builder->email);
	json_put_optional(w, "firstName", builder->first_name);
	json_put_optional(w, "lastName", builder->last_name);
	json_begin_array(w, "organizations");
	for (size_t i = 0; i < in.count; i++) {
		const struct organization *of = &in.items[i].organization;

		json_begin_object(w, NULL);
		json_put_uuid(w, "id", of->id);
		json_put_string(w, "name", of->name);
		json_put_string(w, "role",
				in.items[i].is_owner ? "owner" : "member");
		json_end_object(w);
	}
	json_end_array(w);
	json_put_time(w, "createdAt", builder->created_at);
	json_end_object(w);
	return OK;
}

static enum error list(struct op *op, const struct args *args, struct buf *out)
{
	struct builder_list builders;

	(void)args;
	TRY(builder_list_all(op, &builders));
	struct json_writer w = json_writer_on(out);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < builders.count; i++)
		TRY(put_builder(op, &w, &builders.items[i]));
	json_end_array(&w);
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec no_options[] = {{NULL, NULL, NULL, false}};

const struct store_command builder_list_command = {
	"builder",
	"list",
	"All builders and where they are members, as JSON",
	"",
	no_options,
	list,
};

/* An empty one takes it away. */
static enum error set_text(struct op *op, const struct args *args,
			   const char *option, const char **text)
{
	const char *given = args_get(args, option);

	if (!given)
		return OK;
	if (utf8_count(given) > PERSON_NAME_MAX)
		return op_fail(op, ERR_MISSHAPEN, "%s is over %d characters",
			       option, PERSON_NAME_MAX);
	*text = *given ? given : NULL;
	return OK;
}

static enum error set_role(struct op *op, const struct args *args,
			   const struct builder *builder)
{
	const char *name = args_get(args, "--organization");
	const char *role = args_get(args, "--role");
	struct organization organization;

	if (!name && !role)
		return OK;
	if (!name || !role ||
	    (strcmp(role, "owner") != 0 && strcmp(role, "member") != 0))
		return op_fail(op, ERR_MISSHAPEN,
			       "--role is owner or member, and goes with "
			       "--organization");
	TRY(organization_find(op, name, &organization));
	return organization_appoint(op, organization.id, builder->id,
				    strcmp(role, "owner") == 0);
}

static enum error set(struct op *op, const struct args *args, struct buf *out)
{
	const char *email = args_get(args, "--email");
	struct builder builder;
	char id[UUID_TEXT];

	TRY(builder_ensure(op, args->positionals[0], &builder));
	if (email)
		builder.email = email;
	TRY(set_text(op, args, "--first-name", &builder.first_name));
	TRY(set_text(op, args, "--last-name", &builder.last_name));
	TRY(builder_change(op, &builder));
	TRY(set_role(op, args, &builder));
	uuid_format(builder.id, id);
	TRY(builder_find(op, id, &builder)); /* as it is now */
	struct json_writer w = json_writer_on(out);
	TRY(put_builder(op, &w, &builder));
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec set_options[] = {
	{"--email", "EMAIL", "the address from now on", false},
	{"--first-name", "TEXT", "'' for none", false},
	{"--last-name", "TEXT", "'' for none", false},
	{"--organization", "NAME", "to be a member of", false},
	{"--role", "ROLE",
	 "owner or member, of that organization; needed with it", false},
	{NULL, NULL, NULL, false},
};

const struct store_command builder_set_command = {
	"builder", "set",	"Say who a builder is, by address or id",
	"BUILDER", set_options, set,
};

static enum error remove_builder(struct op *op, const struct args *args,
				 struct buf *out)
{
	const char *name = args_get(args, "--organization");
	struct organization organization;
	struct builder builder;

	(void)out;
	TRY(builder_find(op, args->positionals[0], &builder));
	if (!name)
		return builder_forget(op, &builder);
	TRY(organization_find(op, name, &organization));
	return organization_leave(op, &organization, &builder);
}

static const struct arg_spec remove_options[] = {
	{"--organization", "NAME",
	 "only out of this one; default: out of all, and forgotten", false},
	{NULL, NULL, NULL, false},
};

const struct store_command builder_remove_command = {
	"builder",
	"remove",
	"End a builder's memberships, and the tokens at once",
	"BUILDER",
	remove_options,
	remove_builder,
};
