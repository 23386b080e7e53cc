-- Webhooks of ours at git providers, as far as we know of them. `place` is the
-- part of the integration's settings that they are reached by, `address` the
-- list of the repository's webhooks, `hook_id` what the provider calls this
-- one: NULL while that is not known. `sent_at` is when something was last sent
-- that may have made it there, without an answer since. One that is leaving
-- has secrets of its own.
CREATE TABLE registration (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	integration_id UUID NOT NULL,
	kind TEXT NOT NULL,
	place TEXT NOT NULL,
	address TEXT NOT NULL,
	repository TEXT NOT NULL,
	hook_url TEXT NOT NULL,
	hook_id TEXT,
	state TEXT NOT NULL,
	sent_at BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX registration_integration
	ON registration (project_id, integration_id, id);

-- Those that take an integration's webhooks away there: a token that is
-- rotated meanwhile is theirs.
CREATE INDEX step_deregister ON step (project_id, subject_id, id)
	WHERE kind = 'deregister' AND state = 'waiting';
