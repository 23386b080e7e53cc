/* cleat trash list, restore, purge */
#include "cli/deletion.h"
#include "core/restore.h"
#include "dialects/cleat/cleat.h"

enum { LISTED = 1000 };

static const struct arg_spec options[] = {
	PROJECT_OPTION,
	NO_MORE_OPTIONS,
};

static enum error list(struct op *op, const struct args *args, struct buf *out)
{
	struct deletion_filter filter = {.state = DELETION_HIDDEN,
					 .limit = LISTED};
	struct json_writer w = json_writer_on(out);
	struct deletion_list page;

	TRY(cli_enter(op, args));
	json_begin_array(&w, NULL);
	do {
		TRY(receipt_list(op, &filter, &page, &filter.after));
		for (size_t i = 0; i < page.count; i++)
			cleat_put_hidden(&w, &page.items[i]);
	} while (!uuid_is_nil(filter.after));
	json_end_array(&w);
	buf_char(out, '\n');
	return OK;
}

const struct store_command trash_list_command = {
	"trash", "list",  "What can be restored, oldest first, as JSON",
	"",	 options, list,
};

static enum error restore(struct op *op, const struct args *args,
			  struct buf *out)
{
	struct json_writer w = json_writer_on(out);
	struct restored restored;
	enum thing_kind kind;
	struct uuid id;

	TRY(cli_kind_and_id(op, args, &kind, &id));
	TRY(cli_enter(op, args));
	TRY(restore_thing(op, kind, id, &restored));
	cleat_put_restored(&w, kind, id, &restored);
	buf_char(out, '\n');
	return OK;
}

const struct store_command trash_restore_command = {
	"trash",   "restore", "Bring back a thing and what went with it",
	"KIND ID", options,   restore,
};

static enum error purge(struct op *op, const struct args *args, struct buf *out)
{
	enum thing_kind kind;
	struct uuid id;

	TRY(cli_kind_and_id(op, args, &kind, &id));
	TRY(cli_enter(op, args));
	TRY(purge_thing(op, kind, id));
	return cli_write_receipt(op, op->deletion_id, out);
}

const struct store_command trash_purge_command = {
	"trash",   "purge", "End what is in the trash before its time",
	"KIND ID", options, purge,
};
