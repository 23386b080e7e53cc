-- A project in the trash has `purge_at`, and its name is free meanwhile:
-- `former_name` is what it comes back under.
ALTER TABLE project ADD COLUMN purge_at BIGINT;
ALTER TABLE project ADD COLUMN former_name TEXT;
ALTER TABLE project ADD COLUMN deletion_id UUID;

-- A personal access token that reaches all that another one reaches has its
-- id here: token_project is asked for that. `lifetime` (microseconds) is what
-- it was given, to give it anew; NULL: it ends when expires_at says.
ALTER TABLE token ADD COLUMN reach_id UUID;
ALTER TABLE token ADD COLUMN lifetime BIGINT;
CREATE INDEX token_reach ON token (reach_id)
	WHERE reach_id IS NOT NULL;

-- Where an event was asked for, beside the chain and no part of it: address
-- and agent are of people, and are erased after a while (core/event_origin.h).
CREATE TABLE event_origin (
	project_id UUID NOT NULL,
	number BIGINT NOT NULL,
	user_id UUID NOT NULL,
	address TEXT,
	agent TEXT,
	PRIMARY KEY (project_id, number)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX event_origin_personal ON event_origin (project_id, number)
	WHERE address IS NOT NULL OR agent IS NOT NULL;
