-- Deletions with what each reached, hidden things that can come back, and the
-- work at providers that is left to do.

ALTER TABLE installation ADD COLUMN deletion_id UUID;
ALTER TABLE connection ADD COLUMN deletion_id UUID;
ALTER TABLE integration ADD COLUMN deletion_id UUID;
ALTER TABLE customer_group ADD COLUMN deletion_id UUID;
ALTER TABLE customer_group ADD COLUMN deleted_at BIGINT;
ALTER TABLE consumer ADD COLUMN deletion_id UUID;
ALTER TABLE consumer ADD COLUMN deleted_at BIGINT;

-- What a deletion hid is found by it; the living are in none of these.
CREATE INDEX installation_deletion
	ON installation (project_id, deletion_id, id)
	WHERE deletion_id IS NOT NULL;
CREATE INDEX connection_deletion
	ON connection (project_id, deletion_id, id)
	WHERE deletion_id IS NOT NULL;
CREATE INDEX integration_deletion
	ON integration (project_id, deletion_id, id)
	WHERE deletion_id IS NOT NULL;
CREATE INDEX customer_group_deletion
	ON customer_group (project_id, deletion_id, id)
	WHERE deletion_id IS NOT NULL;
CREATE INDEX consumer_deletion
	ON consumer (project_id, deletion_id, id)
	WHERE deletion_id IS NOT NULL;

-- References are unique among the living.
DROP INDEX customer_group_ref;
CREATE UNIQUE INDEX customer_group_ref ON customer_group (project_id, ref)
	WHERE deleted_at IS NULL;
DROP INDEX consumer_ref;
CREATE UNIQUE INDEX consumer_ref ON consumer (project_id, ref)
	WHERE deleted_at IS NULL;

-- Keyed digests of the refresh token (or the access token, without one), and
-- of provider, app, workspace and user there: connections that have one of
-- them in common share a grant.
ALTER TABLE connection ADD COLUMN grant_mark BYTEA;
ALTER TABLE connection ADD COLUMN account_mark BYTEA;
CREATE INDEX connection_grant ON connection (project_id, grant_mark)
	WHERE grant_mark IS NOT NULL;
CREATE INDEX connection_account ON connection (project_id, account_mark)
	WHERE account_mark IS NOT NULL;

-- One for each deletion that anybody asked for. `counts` and `effects` are
-- JSON; a long deletion's effects go on in deletion_part.
DROP TABLE deletion;
CREATE TABLE deletion (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	target_kind TEXT NOT NULL,
	target_id UUID NOT NULL,
	target_name TEXT,
	group_id UUID,
	mode TEXT NOT NULL,
	revoke_at TEXT NOT NULL,
	state TEXT NOT NULL,
	actor TEXT NOT NULL,
	counts TEXT NOT NULL,
	effects TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	purge_at BIGINT,
	finished_at BIGINT,
	PRIMARY KEY (project_id, id)
);
-- What was hidden before there were records gets one each, with its own id.
INSERT INTO deletion (project_id, id, target_kind, target_id, target_name, mode,
	revoke_at, state, actor, counts, effects, created_at, purge_at)
SELECT project_id, id, 'integration', id, handle, 'soft', 'purge', 'hidden',
	'system', '{"hidden":{"integration":1}}', '[]', deleted_at, purge_at
FROM integration WHERE deleted_at IS NOT NULL;
UPDATE integration SET deletion_id = id WHERE deleted_at IS NOT NULL;

CREATE INDEX deletion_open ON deletion (project_id, state, id)
	WHERE state <> 'done';

CREATE TABLE deletion_part (
	project_id UUID NOT NULL,
	deletion_id UUID NOT NULL,
	number BIGINT NOT NULL,
	effects TEXT NOT NULL,
	PRIMARY KEY (project_id, deletion_id, number)
);

-- Work outside that a deletion still has, or had. `facts` is JSON without
-- secrets; what must be sent lies in `secret`, owned by the step.
DROP TABLE step;
CREATE TABLE step (
	project_id UUID NOT NULL,
	deletion_id UUID NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	subject_kind TEXT NOT NULL,
	subject_id UUID NOT NULL,
	facts TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	answer TEXT,
	reason TEXT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	next_at BIGINT,
	PRIMARY KEY (project_id, deletion_id, id)
);
CREATE INDEX step_id ON step (project_id, id);

-- How a kind of thing is let go of, where the project says so itself.
CREATE TABLE deletion_policy (
	project_id UUID NOT NULL,
	kind TEXT NOT NULL,
	mode TEXT NOT NULL,
	retention_days BIGINT NOT NULL,
	PRIMARY KEY (project_id, kind)
);

-- What may not be erased, whatever is asked for: a group, a connection, or
-- the whole project (by its own id).
CREATE TABLE legal_hold (
	project_id UUID NOT NULL,
	kind TEXT NOT NULL,
	id UUID NOT NULL,
	reason TEXT NOT NULL,
	actor TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, kind, id)
);

-- Offboarding a group erases what of it lies in the trash, too.
CREATE INDEX installation_hidden ON installation (project_id, group_id, id)
	WHERE deleted_at IS NOT NULL;
