-- What came of the last try at a deployment, which was of `tried_version`;
-- `answer` is why it failed, NULL when it did not.
ALTER TABLE deployment ADD COLUMN tried_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deployment ADD COLUMN tried_at BIGINT;
ALTER TABLE deployment ADD COLUMN answer TEXT;

-- Environment variables. Their values are secrets that they own, named by the
-- environment's id, or global.
CREATE TABLE variable (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	description TEXT,
	is_global BOOLEAN NOT NULL,
	is_visible BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX variable_name ON variable (project_id, name);

-- Where it has one of its own.
CREATE TABLE variable_value (
	project_id UUID NOT NULL,
	variable_id UUID NOT NULL,
	environment_id UUID NOT NULL,
	is_visible BOOLEAN NOT NULL,
	PRIMARY KEY (project_id, variable_id, environment_id)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX variable_value_environment
	ON variable_value (project_id, environment_id);
