-- Jobs wait in lanes: a lane is what must not hold up others, such as one
-- destination. `due_at` of a lane is when to look into it next, and its place
-- in the queue of lanes; `rest_until` is a pause that somebody asked for.
-- A job that is done is gone: what came of it stands with its subject.
-- (No version has yet added a job.)

DROP TABLE job;
CREATE TABLE job (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	lane TEXT NOT NULL,
	subject_id UUID NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	lease_until BIGINT,
	fence BIGINT NOT NULL,
	payload TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX job_of_lane ON job (project_id, kind, lane, due_at, id)
	WHERE state = 'waiting';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';

CREATE TABLE job_lane (
	project_id UUID NOT NULL,
	kind TEXT NOT NULL,
	lane TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	rest_until BIGINT NOT NULL,
	PRIMARY KEY (project_id, kind, lane)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX job_lane_due ON job_lane (kind, due_at);

-- What lay in the trash before there were jobs is purged on time as well.
INSERT INTO job (project_id, id, kind, lane, subject_id, state, attempts,
	due_at, fence, payload, created_at)
SELECT project_id, id, 'purge', 'purge', id, 'waiting', 0, purge_at, 0, '{}',
	created_at
FROM deletion WHERE state = 'hidden';
INSERT INTO job_lane (project_id, kind, lane, due_at, rest_until)
SELECT project_id, 'purge', 'purge', MIN(due_at), 0 FROM job
GROUP BY project_id;
