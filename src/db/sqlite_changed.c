/* Which commit may have changed which project: what caches of answers ask. */
#include "db/sqlite.h"

#include <stdint.h>

/* No two are the same, nor a reader's: a thread may have several sessions. */
void sqlite_forget(struct sqlite_session *session)
{
	static _Atomic uint64_t last = UINT64_MAX / 2;

	session->rules = atomic_fetch_add(&last, 1) + 1;
}

static size_t place_of(const struct uuid *project)
{
	const unsigned char *end = project->bytes + UUID_BYTES - 2;

	return (end[0] | (size_t)end[1] << 8) % SQLITE_PROJECTS;
}

/*
 * Before the change is made: a snapshot that is of an older commit than this
 * has the project as it was.
 */
void sqlite_mark_changed(struct sqlite_session *session)
{
	const struct db_session *base = &session->base;
	struct sqlite_db *db = (struct sqlite_db *)base->db;
	bool is_one = base->has_entered && !uuid_is_nil(base->project_id);

	atomic_store(is_one ? &db->changed[place_of(&base->project_id)]
			    : &db->changed_any,
		     atomic_load(&db->commits) + 1);
}

uint64_t sqlite_snapshot_of(const struct db_session *base,
			    const struct uuid *project)
{
	const struct sqlite_session *session =
		(const struct sqlite_session *)base;
	const struct sqlite_db *db = (const struct sqlite_db *)base->db;
	uint64_t changed = atomic_load(&db->changed[place_of(project)]);
	uint64_t any = atomic_load(&db->changed_any);
	uint64_t newest = changed > any ? changed : any;

	if (session->access != DB_READ || newest > session->snapshot_commits)
		return 0;
	return newest + 1;
}
