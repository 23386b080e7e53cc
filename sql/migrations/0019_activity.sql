-- Activities that somebody tells of, such as a pipeline: `number` is in the
-- order of events, and what clients call one by. Changes that the project
-- records itself are events alone. `document` is its dialect's JSON,
-- `environments` a list of names.
CREATE TABLE activity (
	project_id UUID NOT NULL,
	number BIGINT NOT NULL,
	id UUID NOT NULL,
	type TEXT NOT NULL,
	integration_id UUID,
	integration TEXT,
	environments TEXT NOT NULL,
	state TEXT NOT NULL,
	result TEXT,
	failure_reason TEXT,
	percent BIGINT NOT NULL,
	document TEXT NOT NULL,
	log_bytes BIGINT NOT NULL,
	log_parts BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	started_at BIGINT,
	completed_at BIGINT,
	cancelled_at BIGINT,
	PRIMARY KEY (project_id, number)
);
CREATE UNIQUE INDEX activity_id ON activity (project_id, id);
CREATE INDEX activity_integration
	ON activity (project_id, integration_id, number)
	WHERE integration_id IS NOT NULL;

-- Logs as they came: each part is one or more lines.
CREATE TABLE activity_log (
	project_id UUID NOT NULL,
	activity_number BIGINT NOT NULL,
	part BIGINT NOT NULL,
	text TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, activity_number, part)
);
