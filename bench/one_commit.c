/* Our own deletion, in our own store, with one commit each: what the writer
 * that gathers them is measured against. No HTTP, no threads, no queue.
 *
 * usage: one_commit STORE-URL KEY-FILE IDS
 * IDS has a line an installation: integration, group, installation. Prints
 * how many were deleted a second. */

#include <err.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/access_token.h"
#include "core/deletion.h"
#include "core/store.h"
#include "db/db.h"

static void must(enum error error, const char *doing)
{
	if (error != OK)
		errx(1, "%s: %s", doing, error_name(error));
}

static void read_keys(const char *path, struct keyring *ret)
{
	char text[KEY_BYTES * 2 + 1] = {0};
	struct key master;
	FILE *file = fopen(path, "r");

	if (!file || fread(text, 1, KEY_BYTES * 2, file) != KEY_BYTES * 2 ||
	    sodium_hex2bin(master.bytes, KEY_BYTES, text, KEY_BYTES * 2, NULL,
			   NULL, NULL) != 0)
		errx(1, "%s is no master key", path);
	(void)fclose(file);
	keyring_init(ret, &master);
}

/* The caller of the server's requests, without the look-up. */
static void enter(struct op *op, struct principal *who)
{
	struct project project;

	must(store_project_find(op, PROJECT_BY_NAME, "my-project", &project),
	     "my-project");
	op->project_id = project.id;
	*who = (struct principal){.project_id = project.id,
				  .organization_id = project.organization_id,
				  .role = ROLE_ADMIN};
	op->principal = who;
}

static void delete_one(struct op *op, struct db_session *session,
		       const char *line)
{
	char integration_text[UUID_TEXT], id_text[UUID_TEXT];
	struct uuid integration, id;
	struct principal who;

	if (sscanf(line, "%36s %*s %36s", integration_text, id_text) != 2 ||
	    !uuid_parse(integration_text, &integration) ||
	    !uuid_parse(id_text, &id))
		errx(1, "not an installation: %s", line);
	op_reset(op, clock_now());
	op->session = session;
	must(db_begin(session), "begin");
	enter(op, &who);
	must(delete_installation(op, integration, id), "delete");
	must(db_commit(session), "commit");
	db_idle(session, false);
}

int main(int argc, char **argv)
{
	struct db_session *session;
	struct keyring keys;
	char line[1024];
	struct db *db;
	struct op op;
	long count = 0;

	if (argc != 4)
		errx(2, "usage: one_commit STORE-URL KEY-FILE IDS");
	if (!seal_start())
		errx(1, "libsodium does not start");
	read_keys(argv[2], &keys);
	must(db_open(argv[1], false, &db), argv[1]);
	must(db_session_open(db, DB_WRITE, &session), "session");
	op_init(&op, &keys, clock_now());
	FILE *ids = fopen(argv[3], "r");
	if (!ids)
		err(1, "%s", argv[3]);

	int64_t began = clock_monotonic();
	for (; fgets(line, sizeof(line), ids); count++)
		delete_one(&op, session, line);
	double seconds = (double)(clock_monotonic() - began) / 1e6;

	(void)printf("{\"per_s\": %.1f}\n", (double)count / seconds);
	(void)fclose(ids);
	op_release(&op);
	db_session_close(session);
	db_close(db);
	return 0;
}
