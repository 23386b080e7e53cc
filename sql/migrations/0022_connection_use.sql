-- Who uses a named connection: a connection or integration whose settings
-- mention its id.
CREATE TABLE connection_use (
	project_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	user_id UUID NOT NULL,
	user_kind TEXT NOT NULL,
	PRIMARY KEY (project_id, connection_id, user_id)
) /*sqlite WITHOUT ROWID */;
CREATE INDEX connection_use_user ON connection_use (project_id, user_id);
