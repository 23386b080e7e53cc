-- Environments have workers, which hold connections. A deployment is one that
-- a worker has or may have: its row goes when the worker has said that it has
-- it no more. (No version has yet used these tables.)

-- Grows with every change of what a worker of the project is to have.
ALTER TABLE project ADD COLUMN deployment_version BIGINT NOT NULL DEFAULT 0;

-- Set when its environment goes: it is forgotten when it holds nothing.
ALTER TABLE worker ADD COLUMN deleted_at BIGINT;

-- `version` is what it is to have, or to have removed; `worker_version` what
-- it has confirmed, 0 when that is not known.
DROP TABLE deployment;
CREATE TABLE deployment (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	worker_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	version BIGINT NOT NULL,
	worker_version BIGINT NOT NULL,
	is_wanted BOOLEAN NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX deployment_worker
	ON deployment (project_id, worker_id, connection_id);
CREATE INDEX deployment_connection
	ON deployment (project_id, connection_id, worker_id);

-- A connection's removals that deletions wait for.
CREATE INDEX step_undeploy ON step (project_id, subject_id)
	WHERE kind = 'undeploy' AND state = 'waiting';
