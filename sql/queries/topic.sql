-- Topics, and the routes to them and from them.

-- name: topic_get
SELECT id, name, created_at, updated_at
FROM topic WHERE project_id = $1 AND id = $2

-- name: topic_list
SELECT id, name, created_at, updated_at
FROM topic WHERE project_id = $1 ORDER BY id

-- name: topic_add, unique
INSERT INTO topic (project_id, id, name, created_at) VALUES ($1, $2, $3, $4)

-- name: topic_change, unique
UPDATE topic SET name = $3, updated_at = $4 WHERE project_id = $1 AND id = $2

-- name: topic_remove
DELETE FROM topic WHERE project_id = $1 AND id = $2

-- name: event_topic_route_get
SELECT id, event_type, topic_id, created_at
FROM event_topic_route WHERE project_id = $1 AND id = $2

-- name: event_topic_route_list
SELECT id, event_type, topic_id, created_at
FROM event_topic_route
WHERE project_id = $1 AND (event_type = $2 OR $2 IS NULL) ORDER BY id

-- name: event_topic_route_of_topic
SELECT id, event_type, topic_id, created_at
FROM event_topic_route
WHERE project_id = $1 AND topic_id = $3 AND (event_type = $2 OR $2 IS NULL)
ORDER BY id

-- name: event_topic_route_add, unique
INSERT INTO event_topic_route (project_id, id, event_type, topic_id,
	created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: event_topic_route_remove
DELETE FROM event_topic_route WHERE project_id = $1 AND id = $2

-- name: topic_destination_route_get
SELECT id, topic_id, destination_id, created_at
FROM topic_destination_route WHERE project_id = $1 AND id = $2

-- name: topic_destination_route_list
SELECT id, topic_id, destination_id, created_at
FROM topic_destination_route WHERE project_id = $1 ORDER BY id

-- name: topic_destination_route_of_topic
SELECT id, topic_id, destination_id, created_at
FROM topic_destination_route
WHERE project_id = $1 AND topic_id = $2
	AND (destination_id = $3 OR $3 IS NULL)
ORDER BY id

-- name: topic_destination_route_to
SELECT id, topic_id, destination_id, created_at
FROM topic_destination_route
WHERE project_id = $1 AND destination_id = $2 ORDER BY id

-- name: topic_destination_route_add, unique
INSERT INTO topic_destination_route (project_id, id, topic_id, destination_id,
	created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: topic_destination_route_remove
DELETE FROM topic_destination_route WHERE project_id = $1 AND id = $2
