-- Operations: what was done for installations, with its log. Logs are read as
-- they came; ids of operations are in the order of time, so that the oldest
-- are found by them. `progress_object` is what a backfill reads.
CREATE TABLE operation (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	installation_id UUID NOT NULL,
	integration_id UUID NOT NULL,
	config_id UUID NOT NULL,
	action TEXT NOT NULL,
	status TEXT NOT NULL,
	result TEXT,
	objects TEXT,
	record_ids TEXT,
	attempts BIGINT NOT NULL,
	attempted_at BIGINT,
	notified_at BIGINT,
	progress_object TEXT,
	records BIGINT NOT NULL,
	records_estimated BIGINT,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	ended_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX operation_installation
	ON operation (project_id, installation_id, id);
CREATE INDEX operation_progress
	ON operation (project_id, installation_id, progress_object, id)
	WHERE progress_object IS NOT NULL;

CREATE TABLE operation_log (
	project_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	number BIGINT NOT NULL,
	severity TEXT NOT NULL,
	message TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, operation_id, number)
) /*sqlite WITHOUT ROWID */;

-- What an installation shows of its operations, kept with it so that lists
-- look nowhere else: how the latest one stands; how many failed in a row, up
-- to where it matters; whether errors paused one of its reads.
ALTER TABLE installation ADD COLUMN operation_status TEXT;
ALTER TABLE installation ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE installation
	ADD COLUMN is_paused_by_errors BOOLEAN NOT NULL DEFAULT FALSE;

-- Objects that are not read for now. `cause` is request or errors.
CREATE TABLE read_pause (
	project_id UUID NOT NULL,
	installation_id UUID NOT NULL,
	object_name TEXT NOT NULL,
	cause TEXT NOT NULL,
	note TEXT,
	actor TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, installation_id, object_name)
) /*sqlite WITHOUT ROWID */;

-- Fields that a builder has told us of, of objects at a connection's provider.
-- `definition` is its dialect's JSON.
CREATE TABLE object_field (
	project_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	object_name TEXT NOT NULL,
	name TEXT NOT NULL,
	definition TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, connection_id, object_name, name)
);

-- Files that wait to be used, for minutes: an id says when it was given out.
CREATE TABLE upload (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	content BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
