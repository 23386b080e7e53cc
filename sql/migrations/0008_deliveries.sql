-- Messages to destinations: one for each event and destination that it is
-- routed to, made in the event's own transaction. What changes with every try
-- is in `delivery`; what is sent, which never does, beside it. `job_id` is the
-- job that tries it, so that an older one changes nothing. `deletion_id` is
-- the deletion that the event is part of.
-- (No version has yet added a delivery.)

DROP TABLE delivery;
CREATE TABLE delivery (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	destination_id UUID NOT NULL,
	deletion_id UUID,
	event_number BIGINT NOT NULL,
	event_type TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	answer TEXT,
	job_id UUID NOT NULL,
	created_at BIGINT NOT NULL,
	next_at BIGINT,
	ended_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX delivery_destination
	ON delivery (project_id, destination_id, id);
CREATE INDEX delivery_deletion
	ON delivery (project_id, deletion_id, destination_id, state)
	WHERE deletion_id IS NOT NULL;

CREATE TABLE delivery_body (
	project_id UUID NOT NULL,
	delivery_id UUID NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (project_id, delivery_id)
);

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

-- Since when a destination has failed without a success; NULL: it has not.
ALTER TABLE destination ADD COLUMN failing_since BIGINT;
