-- An installation's row begins with what most reads look at, so that they
-- need not decode the rest of it; and it is in one index less. Who uses a
-- connection is found among the installations of the connection's group:
-- nobody installs with another group's connection.
--
-- `number` says where SQLite puts the row: at the stamp of its id, so that one
-- search finds it instead of two. It is a hint: what is not found by it is
-- looked for by its key, as those are that were there before this migration.

CREATE TABLE installation_again (
	number /*sqlite INTEGER PRIMARY KEY, -- */ BIGINT NOT NULL,
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	integration_id UUID NOT NULL,
	deleted_at BIGINT,
	group_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	document TEXT,
	created_by TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	purge_at BIGINT,
	config_id UUID NOT NULL,
	revision_id UUID NOT NULL,
	config_content TEXT NOT NULL,
	config_created_by TEXT NOT NULL,
	config_created_at BIGINT NOT NULL,
	/*sqlite UNIQUE (project_id, id) -- */ PRIMARY KEY (project_id, id)
);

INSERT INTO installation_again (number, project_id, id, integration_id,
	deleted_at, group_id, connection_id, document, created_by, created_at,
	updated_at, purge_at, config_id, revision_id, config_content,
	config_created_by, config_created_at)
SELECT ROW_NUMBER() OVER (ORDER BY id), project_id, id, integration_id,
	deleted_at, group_id, connection_id, document, created_by, created_at,
	updated_at, purge_at, config_id, revision_id, config_content,
	config_created_by, config_created_at
FROM installation;

DROP TABLE installation;
ALTER TABLE installation_again RENAME TO installation;

CREATE UNIQUE INDEX installation_group
	ON installation (project_id, group_id, integration_id)
	WHERE deleted_at IS NULL;
CREATE INDEX installation_integration
	ON installation (project_id, integration_id, id)
	WHERE deleted_at IS NULL;
