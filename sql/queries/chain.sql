-- The chain over events.

-- name: link_add
INSERT INTO event_link (project_id, number, first_event, last_event,
	event_count, hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- Numbers are above 0: with it the plan names the key's both columns.

-- name: link_last
SELECT number, first_event, last_event, event_count, hash, created_at
FROM event_link WHERE project_id = $1 AND last_event > 0
ORDER BY last_event DESC LIMIT 1

-- name: link_covering
SELECT number, first_event, last_event, event_count, hash, created_at
FROM event_link WHERE project_id = $1 AND last_event >= $2
ORDER BY last_event LIMIT 1

-- name: link_list
SELECT number, first_event, last_event, event_count, hash, created_at
FROM event_link WHERE project_id = $1 ORDER BY last_event

-- name: event_rows
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event WHERE project_id = $1 AND number >= $2 AND number <= $3
ORDER BY number

-- name: event_rows_rest
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event WHERE project_id = $1 AND number >= $2 ORDER BY number

-- The last event and the last link's last event of each project.

-- name: chain_ends, store
SELECT id,
	(SELECT MAX(number) FROM event WHERE project_id = project.id),
	(SELECT MAX(last_event) FROM event_link WHERE project_id = project.id)
FROM project ORDER BY id

-- Whoever has events, links, or is a project: also what belongs to nobody.

-- name: chain_projects, store
SELECT DISTINCT project_id FROM event UNION
SELECT DISTINCT project_id FROM event_link UNION
SELECT id FROM project ORDER BY 1
