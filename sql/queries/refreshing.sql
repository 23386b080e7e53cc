-- Refreshing the tokens of connections.

-- name: refreshing_get
SELECT id, group_id, kind, auth_scheme, status, provider_app_id, workspace_ref,
	metadata, settings, refresh_tries, refresh_failures, refresh_due_at,
	refresh_wanted_at, refresh_sent_at, refresh_answer
FROM connection c
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL
	AND @connection_stays(c, $3)

-- name: refreshing_is_there
SELECT 1 FROM connection WHERE project_id = $1 AND id = $2

-- name: refreshing_change
UPDATE connection SET status = $3, settings = $4, refresh_tries = $5,
	refresh_failures = $6, refresh_due_at = $7, refresh_wanted_at = $8,
	refresh_sent_at = $9, refresh_answer = $10
WHERE project_id = $1 AND id = $2

-- name: refreshing_keep_app
UPDATE connection SET provider_app_id = $3 WHERE project_id = $1 AND id = $2

-- One that has the same grant has a call under way.
-- name: refreshing_sharer
SELECT o.refresh_sent_at
FROM connection m CROSS JOIN connection o
WHERE m.project_id = $1 AND m.id = $2 AND o.project_id = $1
	AND o.grant_mark = m.grant_mark AND o.grant_mark IS NOT NULL
	AND o.id <> $2 AND o.refresh_sent_at > $3
LIMIT 1

-- name: refreshing_sharers
SELECT o.id FROM connection m CROSS JOIN connection o
WHERE m.project_id = $1 AND m.id = $2 AND o.project_id = $1
	AND o.grant_mark = m.grant_mark AND o.grant_mark IS NOT NULL
	AND o.id <> $2

-- What is to end its grant.
-- name: refreshing_steps
SELECT id FROM step
WHERE project_id = $1 AND subject_id = $2 AND kind = 'revoke'
	AND state = 'waiting'

-- name: connection_renew
UPDATE connection SET provider_app_id = $3, status = $4, workspace_ref = $5,
	settings = $6, updated_at = $7, metadata = $8
WHERE project_id = $1 AND id = $2

-- name: installation_documents_of_provider_app
UPDATE installation SET document = NULL
WHERE project_id = $1 AND deleted_at IS NULL AND group_id IN (
	SELECT group_id FROM connection
	WHERE project_id = $1 AND provider_app_id = $2)

-- name: installation_documents_of_connection
UPDATE installation SET document = NULL
WHERE project_id = $1 AND group_id = $2 AND connection_id = $3
	AND deleted_at IS NULL
