-- The audit log: a project's events, the newest first or last. Filters look at
-- a bounded range of them, so many events at most that audit_bounds finds.

-- name: audit_bounds
SELECT MIN(number), MAX(number) FROM
	(SELECT number FROM event
	WHERE project_id = $1 AND number >= $2 AND number < $3
	ORDER BY number DESC LIMIT $4) mine

-- name: audit_count
SELECT COUNT(*) FROM event e
WHERE e.project_id = $1 AND e.number >= $2 AND e.number <= $3
	AND e.created_at >= $4 AND (e.created_at <= $5 OR $5 IS NULL)
	AND (e.type LIKE $6 ESCAPE '\' OR $6 IS NULL)
	AND (LTRIM(e.type, 'abcdefghijklmnopqrstuvwxyz_') = $7 OR $7 IS NULL)
	AND (e.actor = $8 OR $8 IS NULL OR EXISTS (SELECT 1
		FROM event_origin o WHERE o.project_id = e.project_id
		AND o.number = e.number AND o.user_id = $9))

-- Types are words of letters, parted by dots and lines: with digits for those
-- they are in one order wherever they are compared.

-- name: audit_page_down
SELECT e.number, e.type, e.actor, e.subject_kind, e.subject_id, e.payload,
	e.created_at, o.user_id, o.address, o.agent
FROM event e LEFT JOIN event_origin o
	ON o.project_id = e.project_id AND o.number = e.number
WHERE e.project_id = $1 AND e.number >= $2 AND e.number <= $3
	AND e.created_at >= $4 AND (e.created_at <= $5 OR $5 IS NULL)
	AND (e.type LIKE $6 ESCAPE '\' OR $6 IS NULL)
	AND (LTRIM(e.type, 'abcdefghijklmnopqrstuvwxyz_') = $7 OR $7 IS NULL)
	AND (e.actor = $8 OR $8 IS NULL OR o.user_id = $9)
ORDER BY CASE $10 WHEN 'type' THEN REPLACE(REPLACE(e.type, '_', '1'), '.', '0')
	WHEN 'action' THEN REPLACE(REPLACE(LTRIM(e.type,
		'abcdefghijklmnopqrstuvwxyz_'), '_', '1'), '.', '0')
	ELSE '' END DESC, e.number DESC
LIMIT $11 OFFSET $12

-- name: audit_page_up
SELECT e.number, e.type, e.actor, e.subject_kind, e.subject_id, e.payload,
	e.created_at, o.user_id, o.address, o.agent
FROM event e LEFT JOIN event_origin o
	ON o.project_id = e.project_id AND o.number = e.number
WHERE e.project_id = $1 AND e.number >= $2 AND e.number <= $3
	AND e.created_at >= $4 AND (e.created_at <= $5 OR $5 IS NULL)
	AND (e.type LIKE $6 ESCAPE '\' OR $6 IS NULL)
	AND (LTRIM(e.type, 'abcdefghijklmnopqrstuvwxyz_') = $7 OR $7 IS NULL)
	AND (e.actor = $8 OR $8 IS NULL OR o.user_id = $9)
ORDER BY CASE $10 WHEN 'type' THEN REPLACE(REPLACE(e.type, '_', '1'), '.', '0')
	WHEN 'action' THEN REPLACE(REPLACE(LTRIM(e.type,
		'abcdefghijklmnopqrstuvwxyz_'), '_', '1'), '.', '0')
	ELSE '' END, e.number
LIMIT $11 OFFSET $12

-- name: audit_get
SELECT e.number, e.type, e.actor, e.subject_kind, e.subject_id, e.payload,
	e.created_at, o.user_id, o.address, o.agent
FROM event e LEFT JOIN event_origin o
	ON o.project_id = e.project_id AND o.number = e.number
WHERE e.project_id = $1 AND e.number = $2

-- Where events were asked for: not under the chain, and erased in time.

-- name: event_origin_add
INSERT INTO event_origin (project_id, number, user_id, address, agent)
VALUES ($1, $2, $3, $4, $5)

-- name: event_origin_erase
UPDATE event_origin SET address = NULL, agent = NULL
WHERE project_id = $1 AND number < $2
	AND (address IS NOT NULL OR agent IS NOT NULL)

-- name: event_origin_oldest
SELECT number FROM event_origin
WHERE project_id = $1 AND number > $2
	AND (address IS NOT NULL OR agent IS NOT NULL)
ORDER BY number LIMIT 1

-- name: event_origin_remove_all
DELETE FROM event_origin WHERE project_id = $1
