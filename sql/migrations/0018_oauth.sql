-- Tokens that are being obtained at a provider, for a connection that is to be
-- made or to have new ones. `ticket` is the keyed digest of the state that a
-- browser takes along, or of a session; `stage` is asked, come, sent, done or
-- failed; `facts` is JSON without secrets, which lie in `secret`, owned by it.
CREATE TABLE obtaining (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	ticket BYTEA,
	stage TEXT NOT NULL,
	way TEXT NOT NULL,
	provider TEXT NOT NULL,
	provider_app_id UUID,
	connection_id UUID,
	is_update BOOLEAN NOT NULL,
	facts TEXT NOT NULL,
	failure TEXT,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX obtaining_ticket ON obtaining (project_id, ticket)
	WHERE ticket IS NOT NULL;

-- Refreshing a connection's tokens. `tries` are those that have ended and
-- `failures` those since the last success; `sent_at` is there while one is
-- under way, or its answer was lost; `wanted_at` when somebody asked for one.
ALTER TABLE connection ADD COLUMN refresh_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN refresh_failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN refresh_due_at BIGINT;
ALTER TABLE connection ADD COLUMN refresh_wanted_at BIGINT;
ALTER TABLE connection ADD COLUMN refresh_sent_at BIGINT;
ALTER TABLE connection ADD COLUMN refresh_answer TEXT;

-- Those that end a connection's grant: what a refresh brings meanwhile is theirs.
CREATE INDEX step_revoke ON step (project_id, subject_id)
	WHERE kind = 'revoke' AND state = 'waiting';

-- Tokens that were imported before are kept alive from now on: one job looks
-- at each, and gives it a lane of its own.
INSERT INTO job (project_id, id, kind, lane, subject_id, state, attempts,
	due_at, fence, payload, created_at)
SELECT project_id, id, 'refresh', 'adopt', id, 'waiting', 0, 0, 0, '{}',
	created_at
FROM connection WHERE family = 'provider' AND grant_mark IS NOT NULL;
INSERT INTO job_lane (project_id, kind, lane, due_at, rest_until)
SELECT DISTINCT project_id, 'refresh', 'adopt', 0, 0 FROM job
WHERE kind = 'refresh';
