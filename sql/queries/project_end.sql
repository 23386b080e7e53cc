-- The end of a project: whatever it has, in the trash or not.

-- name: project_hide
UPDATE project SET name = $2, deleted_at = $3
WHERE id = $1 AND deleted_at IS NULL

-- name: project_was
SELECT 1 FROM project WHERE id = $1 AND deleted_at IS NOT NULL

-- name: leaving_of_project
SELECT id, integration_id, group_id, connection_id FROM installation
WHERE project_id = $1 AND deleted_at IS NULL AND CAST($2 AS UUID) IS NOT NULL
	AND (CAST($4 AS UUID) IS NOT NULL OR $4 IS NULL)
ORDER BY integration_id, id LIMIT $3

-- name: leaving_hidden_of_project
SELECT id, integration_id, group_id, connection_id FROM installation
WHERE project_id = $1 AND deleted_at IS NOT NULL AND CAST($2 AS UUID) IS NOT NULL
	AND (CAST($4 AS UUID) IS NOT NULL OR $4 IS NULL)
ORDER BY group_id, id LIMIT $3

-- name: parting_of_project
SELECT @parting(c)
FROM connection c
WHERE project_id = $1 AND CAST($2 AS UUID) IS NOT NULL
	AND (CAST($4 AS UUID) IS NOT NULL OR $4 IS NULL)
	AND (deleted_at IS NULL OR $5)
ORDER BY id LIMIT $3

-- name: hold_in_project
SELECT kind, id, reason, actor, created_at FROM legal_hold
WHERE project_id = $1 AND CAST($2 AS UUID) IS NOT NULL ORDER BY kind, id LIMIT 1

-- name: rest_integrations
SELECT id, handle FROM integration WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_groups
SELECT id, ref FROM customer_group WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_consumers
SELECT id, ref FROM consumer WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_topic_routes
SELECT id, NULL FROM topic_destination_route
WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_event_routes
SELECT id, NULL FROM event_topic_route
WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_topics
SELECT id, name FROM topic WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_destinations
SELECT id, name FROM destination WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_provider_apps
SELECT id, NULL FROM provider_app WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_workers
SELECT id, name FROM worker
WHERE project_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2

-- name: rest_environments
SELECT id, name FROM environment WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_variables
SELECT id, name FROM variable WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_jwt_keys
SELECT id, label FROM jwt_key WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: rest_tokens
SELECT id, NULL FROM token
WHERE project_id = $1 AND parent_id IS NULL ORDER BY id LIMIT $2

-- name: project_drop_policies
DELETE FROM deletion_policy WHERE project_id = $1

-- name: project_drop_obtaining_secrets
DELETE FROM secret WHERE project_id = $1 AND owner_id IN
	(SELECT id FROM obtaining WHERE project_id = $1)

-- name: project_drop_obtainings
DELETE FROM obtaining WHERE project_id = $1

-- name: project_disallow
DELETE FROM token_project WHERE project_id = $1
