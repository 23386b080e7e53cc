-- Events.

-- name: event_add
INSERT INTO event (project_id, number, type, actor, subject_kind, subject_id,
	payload, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: event_get
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event WHERE project_id = $1 AND number = $2

-- name: event_newest
SELECT number FROM event WHERE project_id = $1
ORDER BY number DESC LIMIT 1

-- The last event's, and what the last delivery was given.
-- name: event_last_number
SELECT number, (SELECT job_id FROM delivery WHERE project_id = $1
	ORDER BY id DESC LIMIT 1)
FROM event WHERE project_id = $1 ORDER BY number DESC LIMIT 1

-- `$5`: changes alone, as event_type_is_change has them.

-- name: event_list
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event
WHERE project_id = $1 AND (created_at < $2 OR $2 IS NULL)
	AND (type = $3 OR $3 IS NULL)
	AND ($5 = 0 OR (type NOT LIKE '%.read'
		AND type NOT LIKE 'activity.%'
		AND type NOT LIKE 'authorization.%'
		AND type NOT LIKE 'connection.refresh%'
		AND type NOT LIKE 'deletion.%'
		AND type NOT LIKE 'delivery.%'
		AND type NOT LIKE 'step.%'
		AND type NOT LIKE 'warning.%'
		AND type NOT IN ('connection.tested', 'destination.replayed')))
ORDER BY number DESC LIMIT $4

-- name: event_list_of_integration
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event
WHERE project_id = $1 AND subject_kind = 'integration' AND subject_id = $6
	AND (created_at < $2 OR $2 IS NULL)
	AND (type = $3 OR $3 IS NULL)
	AND ($5 = 0 OR (type NOT LIKE '%.read'
		AND type NOT LIKE 'activity.%'
		AND type NOT LIKE 'authorization.%'
		AND type NOT LIKE 'connection.refresh%'
		AND type NOT LIKE 'deletion.%'
		AND type NOT LIKE 'delivery.%'
		AND type NOT LIKE 'step.%'
		AND type NOT LIKE 'warning.%'
		AND type NOT IN ('connection.tested', 'destination.replayed')))
ORDER BY number DESC LIMIT $4

-- A page of a project's events in their order looks at so many of them, and
-- no further: whatever the filters, it is one range of the key.

-- name: event_window
SELECT MAX(number), COUNT(*) FROM
	(SELECT number FROM event WHERE project_id = $1 AND number > $2
	ORDER BY number LIMIT $3) mine

-- name: event_page
SELECT number, type, actor, subject_kind, subject_id, payload, created_at
FROM event
WHERE project_id = $1 AND number > $2 AND number <= $3
	AND (type = $5 OR $5 IS NULL)
	AND (subject_kind = $6 OR $6 IS NULL)
	AND (subject_id = $7 OR $7 IS NULL)
	AND (actor = $8 OR $8 IS NULL)
	AND created_at >= $9 AND (created_at < $10 OR $10 IS NULL)
ORDER BY number LIMIT $4
