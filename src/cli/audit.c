/* cleat audit verify: recomputes the chains, on a session that reads. */
#include "core/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/audit.h"
#include "cli/audit_known.h"
#include "cli/command.h"
#include "core/project.h"
#include "core/store.h"

enum error audit_projects(struct op *op, const char *name, struct uuid **ret,
			  size_t *ret_count)
{
	if (!name)
		return store_chain_projects(op, ret, ret_count);
	*ret = arena_alloc(&op->arena, sizeof(**ret));
	*ret_count = 1;
	return project_find_kept(op, name, *ret);
}

int audit_run(const struct args *args,
	      enum error (*run)(struct op *op, const struct args *args),
	      struct buf *err)
{
	struct keyring no_keys = {.masters = NULL};
	struct opened_beside opened;
	struct op op;

	int status = open_beside(args_get(args, "--store"), &opened, err);
	if (status)
		return status;
	op_init(&op, &no_keys, clock_now());
	op.session = opened.session;
	enum error error = run(&op, args);
	if (error != OK) {
		status = error == ERR_MISSHAPEN ? 2 : 1;
		/* a fault has been said where it was found */
		if (error != ERR_CHANGED)
			buf_printf(err, "cleat: %s\n",
				   op.detail ? op.detail : error_name(error));
	}
	op_release(&op);
	close_beside(&opened);
	return status;
}

static void print_fault(const struct audit *audit)
{
	(void)printf(" %s", audit_fault_name(audit->fault));
	if (audit->fault_link)
		(void)printf(" link %" PRId64, audit->fault_link);
	if (audit->fault_event)
		(void)printf(" event %" PRId64, audit->fault_event);
	(void)printf(": %s\n", audit->why);
}

static void print_audit(struct uuid project_id, const struct audit *audit)
{
	char id[UUID_TEXT], hash[DIGEST_TEXT];

	uuid_format(project_id, id);
	(void)printf("%s", id);
	if (audit->fault != AUDIT_SOUND) {
		print_fault(audit);
		return;
	}
	digest_format(&audit->head.hash, hash);
	(void)printf(" sound: %" PRId64 " events under %" PRId64 " links, %s\n",
		     audit->event_count, audit->head.number, hash);
}

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

struct verifying {
	struct op *op;
	const struct known *known;
	bool has_fault;
};

static enum error verify_one(struct verifying *verifying,
			     struct uuid project_id)
{
	struct checkpoint_list of = known_of(verifying->known, project_id);
	struct audit audit;

	verifying->op->project_id = project_id;
	TRY(audit_chain(verifying->op, of.items, of.count, &audit));
	print_audit(project_id, &audit);
	verifying->has_fault |= audit.fault != AUDIT_SOUND;
	return OK;
}

/* Somebody was told of projects of which nothing is there. */
static enum error verify_unseen(struct verifying *verifying,
				const struct uuid *projects, size_t count)
{
	const struct known *known = verifying->known;

	for (size_t i = 0; i < known->count; i++) {
		struct uuid id = known->items[i].project_id;
		bool is_first =
			!i || !uuid_equal(known->items[i - 1].project_id, id);

		if (is_first && (!count || !bsearch(&id, projects, count,
						    sizeof(id), by_id)))
			TRY(verify_one(verifying, id));
	}
	return OK;
}

static enum error verify_all(struct op *op, const struct args *args,
			     const struct known *known)
{
	struct verifying verifying = {op, known, known->has_fault};
	const char *name = args_get(args, "--project");
	struct uuid *projects;
	size_t count;

	TRY(audit_projects(op, name, &projects, &count));
	for (size_t i = 0; i < count; i++)
		TRY(verify_one(&verifying, projects[i]));
	if (!name)
		TRY(verify_unseen(&verifying, projects, count));
	return verifying.has_fault ? ERR_CHANGED : OK;
}

static enum error verify(struct op *op, const struct args *args)
{
	struct known known;
	enum error error =
		known_read(op, args_get(args, "--checkpoints"), &known);

	if (error == OK)
		error = verify_all(op, args, &known);
	known_release(&known);
	return error;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	(void)argc;
	(void)argv;
	return audit_run(args, verify, err);
}

static const struct arg_spec options[] = {
	{"--store", "URL", "sqlite:FILE; it may be served meanwhile", true},
	{"--project", "PROJECT", "its name or uuid; default: all", false},
	{"--checkpoints", "FILE",
	 "lines of --checkpoint-file, to compare the chains with", false},
	{NULL, NULL, NULL, false},
};

const struct command audit_verify_command = {
	"audit verify", "Recompute the chains over all events", options, run};
