-- Keys that can be rotated. A project has a key of each version that any of
-- its sealed values may still be under; project.key_version is the one that
-- seals. `stage` is how far the older values have been sealed anew under it:
-- secret, idempotency (with the row reached last), settled.
CREATE TABLE project_key (
	project_id UUID NOT NULL,
	version BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	stage TEXT NOT NULL,
	reached_id UUID,
	reached_name TEXT,
	resealed BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	settled_at BIGINT,
	PRIMARY KEY (project_id, version)
);
INSERT INTO project_key (project_id, version, sealed, stage, resealed,
	created_at, settled_at)
SELECT id, key_version, sealed_key, 'settled', 0, created_at, created_at
FROM project;
ALTER TABLE project DROP COLUMN sealed_key;

-- The one master key that the store wants, by what tells it from others and
-- says nothing of it; and the store's own keys, sealed under it. There is one
-- row, made when the store is first opened with its key.
CREATE TABLE master_key (
	id BYTEA NOT NULL PRIMARY KEY,
	sealed_token BYTEA NOT NULL,
	sealed_sign BYTEA NOT NULL,
	rotations BIGINT NOT NULL,
	since BIGINT NOT NULL
);
