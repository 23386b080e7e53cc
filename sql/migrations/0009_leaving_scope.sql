-- Deletions that are carried out in batches. All that belongs to what is in
-- here is treated as gone from the first commit on; the row goes with the last
-- batch. `id` is of an integration, a group or a consumer. Few rows at a time.
CREATE TABLE leaving_scope (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	deletion_id UUID NOT NULL,
	is_hard BOOLEAN NOT NULL,
	PRIMARY KEY (project_id, id)
) /*sqlite WITHOUT ROWID */;
