-- Jobs wait in lanes: a lane is what must not hold up others, such as one
-- destination. `due_at` of a lane is when to look into it next, and its place
-- in the queue of lanes; `rest_until` is a pause that somebody asked for.
-- A job that is done is gone: what came of it stands with its subject.
-- (No version has yet added a job or a delivery.)

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

-- One message to one destination. `body` is kept, since what it tells of may
-- be gone when it is sent.
DROP TABLE delivery;
CREATE TABLE delivery (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	event_number BIGINT NOT NULL,
	event_type TEXT NOT NULL,
	destination_id UUID NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT,
	reason TEXT,
	body TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX delivery_of_destination
	ON delivery (project_id, destination_id, id);
CREATE INDEX delivery_of_event ON delivery (project_id, event_number, id);
CREATE INDEX delivery_of_state ON delivery (project_id, state, id);

-- `status` is the answer's, NULL when none came: then `failure` says why.
CREATE TABLE delivery_attempt (
	project_id UUID NOT NULL,
	delivery_id UUID NOT NULL,
	number BIGINT NOT NULL,
	began_at BIGINT NOT NULL,
	took_us BIGINT NOT NULL,
	status BIGINT,
	failure TEXT,
	PRIMARY KEY (project_id, delivery_id, number)
) /*sqlite WITHOUT ROWID */;

-- Since when every attempt has failed; NULL when the last one did not.
ALTER TABLE destination ADD COLUMN failing_since BIGINT;
