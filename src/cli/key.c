/* cleat key rotate, status */
#include <stdlib.h>

#include "base/json_write.h"
#include "base/memory.h"
#include "cli/key_file.h"
#include "cli/store_command.h"
#include "core/key_rotation.h"
#include "core/master_key.h"
#include "core/project.h"

static enum error put_project(struct op *op, struct json_writer *w,
			      const struct project *project)
{
	struct key_status status;

	op->project_id = project->id;
	TRY(key_rotation_status(op, &status));
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", project->id);
	json_put_string(w, "name", project->name);
	json_put_integer(w, "keyVersion", status.version);
	json_put_time(w, "since", status.since);
	json_put_string(w, "state",
			status.is_settled ? "settled" : "resealing");
	json_put_integer(w, "resealed", status.resealed);
	json_put_integer(w, "olderKeys", status.older_count);
	json_put_time(w, "settledAt", status.settled_at);
	json_end_object(w);
	return OK;
}

/* The project of --project, or all: the secrets of steps outlive theirs. */
static enum error find_projects(struct op *op, const struct args *args,
				struct project_list *ret)
{
	const char *name = args_get(args, "--project");

	if (!name)
		return project_list_kept(op, ret);
	ret->items = arena_alloc(&op->arena, sizeof(*ret->items));
	ret->count = 1;
	*ret->items = (struct project){.name = name};
	return project_find_kept(op, name, &ret->items->id);
}

static enum error put_master(struct op *op, struct json_writer *w)
{
	struct master_key_status master;

	TRY(master_key_status(op, &master));
	json_begin_object(w, "master");
	json_put_integer(w, "rotations", master.rotations);
	json_put_time(w, "since", master.since);
	json_end_object(w);
	return OK;
}

/* `of` is NULL for the master key alone. */
static enum error write_status(struct op *op, const struct project_list *of,
			       struct buf *out)
{
	struct json_writer w = json_writer_on(out);

	json_begin_object(&w, NULL);
	TRY(put_master(op, &w));
	if (of)
		json_begin_array(&w, "projects");
	for (size_t i = 0; of && i < of->count; i++)
		TRY(put_project(op, &w, &of->items[i]));
	if (of)
		json_end_array(&w);
	json_end_object(&w);
	buf_char(out, '\n');
	return OK;
}

static bool is_for_master(const struct args *args)
{
	return args_get(args, "--master") != NULL;
}

/* What is wrong with the options together; NULL: nothing. */
static const char *fault_of(const struct args *args)
{
	const char *file = args_get(args, "--new-master-key");

	if (is_for_master(args) && args_get(args, "--project"))
		return "--master is every project's: without --project";
	if (file && (!is_for_master(args) || *file != '/'))
		return "--new-master-key is for --master, and must be a path "
		       "that begins with /";
	return NULL;
}

static enum error rotate_projects(struct op *op, const struct args *args,
				  struct buf *out)
{
	struct project_list projects;

	TRY(find_projects(op, args, &projects));
	for (size_t i = 0; i < projects.count; i++) {
		op->project_id = projects.items[i].id;
		TRY(key_rotation_begin(op));
	}
	return write_status(op, &projects, out);
}

static enum error rotate(struct op *op, const struct args *args,
			 struct buf *out)
{
	const char *fault = fault_of(args);

	if (fault)
		return op_fail(op, ERR_MISSHAPEN, "%s", fault);
	if (!is_for_master(args))
		return rotate_projects(op, args, out);
	TRY(master_key_rotate(op));
	return write_status(op, NULL, out);
}

/* The caller frees. */
static char *new_file(const struct keyring *keys, const struct args *args)
{
	const char *named = args_get(args, "--new-master-key");

	return named ? memory_strdup(named) : key_file_next(keyring_file(keys));
}

/*
 * The new master key is on disk before the store wants it. One that is there
 * is taken: it was given, or a rotation was cut short and goes on.
 */
static bool prepare(const struct keyring *keys, const struct args *args,
		    struct buf *err)
{
	const char *named = args_get(args, "--new-master-key");
	struct key master;

	if (!is_for_master(args) || fault_of(args))
		return true; /* nothing to prepare, or `rotate` refuses it */
	/* seen now: once the store wants the new one it is too late */
	if (!named && !key_file_is_replaceable(keyring_file(keys))) {
		buf_printf(err,
			   "cleat: the master key %s cannot be replaced where "
			   "it is: see --new-master-key\n",
			   keyring_file(keys));
		return false;
	}
	char *path = new_file(keys, args);
	const char *fault = key_file_read_or_make(path, &master);
	if (!fault && !keyring_admit(keys, &master))
		fault = "is one too many: start the server anew";
	if (fault)
		buf_printf(err, "cleat: the new master key %s %s\n", path,
			   fault);
	key_wipe(&master);
	free(path);
	return !fault;
}

/* The store wants the new one: where the old one was, unless it was named. */
static bool settle(const struct keyring *keys, const struct args *args,
		   struct buf *err)
{
	if (!is_for_master(args))
		return true;
	char *path = new_file(keys, args);
	keyring_settle(keys);
	bool is_done = true;
	if (args_get(args, "--new-master-key"))
		keyring_set_file(keys, path);
	else
		is_done = key_file_replace(path, keyring_file(keys));
	if (!is_done)
		buf_printf(err,
			   "cleat: the store is under the master key %s, which "
			   "cannot take the place of %s\n",
			   path, keyring_file(keys));
	free(path);
	return is_done;
}

static const struct arg_spec rotate_options[] = {
	{"--project", "PROJECT",
	 "the key of this one alone, by name or uuid; default: each project's",
	 false},
	{"--master", NULL, "the master key instead", false},
	{"--new-master-key", "FILE",
	 "its place; made when it is not there; default: the present one's",
	 false},
	{NULL, NULL, NULL, false},
};

const struct store_command key_rotate_command = {
	.noun = "key",
	.verb = "rotate",
	.summary = "Replace the keys that secrets are sealed under",
	.words = "",
	.options = rotate_options,
	.run = rotate,
};

const struct store_command_beside key_rotate_beside = {&key_rotate_command,
						       prepare, settle};

static const struct arg_spec status_options[] = {
	{"--project", "PROJECT",
	 "of this one alone, by name or uuid; default: of each", false},
	{NULL, NULL, NULL, false},
};

static enum error show_status(struct op *op, const struct args *args,
			      struct buf *out)
{
	struct project_list projects;

	TRY(find_projects(op, args, &projects));
	return write_status(op, &projects, out);
}

const struct store_command key_status_command = {
	.noun = "key",
	.verb = "status",
	.summary = "Versions of keys, and how far a rotation is, as JSON",
	.words = "",
	.options = status_options,
	.run = show_status,
};
