-- Warnings that are raised in a project, until they are cleared. What happens
-- again changes the one of its name.
CREATE TABLE warning (
	project_id UUID NOT NULL,
	name TEXT NOT NULL,
	severity TEXT NOT NULL,
	title TEXT NOT NULL,
	message TEXT NOT NULL,
	environment TEXT,
	raised_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, name)
) /*sqlite WITHOUT ROWID */;

-- Deliveries may go to third-party integrations as well: what is done for one
-- is an activity of its own.
ALTER TABLE delivery ADD COLUMN activity_number BIGINT;
