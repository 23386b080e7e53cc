-- The chain over each project's events: a link for what one commit recorded.
-- It is found by the last event that it covers; docs/proof.md says what is
-- hashed. Events that are older than this are covered by their project's
-- first link, which is made when the store is opened next.
CREATE TABLE event_link (
	project_id UUID NOT NULL,
	number BIGINT NOT NULL,
	first_event BIGINT NOT NULL,
	last_event BIGINT NOT NULL,
	event_count BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, last_event)
) /*sqlite WITHOUT ROWID */;
