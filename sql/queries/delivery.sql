-- Deliveries: who is told, what is sent, and how it went.

-- name: event_routes_exist
SELECT 1 FROM event_topic_route
WHERE project_id = $1 AND event_type > '' LIMIT 1

-- name: listeners_exist
SELECT 1 FROM integration
WHERE project_id = $1 AND family = 'third_party' AND deleted_at IS NULL LIMIT 1

-- Each destination once, however many topics lead to it.
-- name: event_destinations
SELECT DISTINCT d.id, d.name, d.kind
FROM event_topic_route e CROSS JOIN topic_destination_route t
	CROSS JOIN destination d
WHERE e.project_id = $1 AND e.event_type = $2
	AND t.project_id = $1 AND t.topic_id = e.topic_id
	AND d.project_id = $1 AND d.id = t.destination_id
	AND NOT d.is_disabled
ORDER BY d.id

-- What a message says of its subject, living or in the trash.

-- name: message_of_installation
SELECT i.integration_id, n.handle, i.id, c.id, c.kind, g.ref, g.name, p.ref,
	p.name, i.config_content
FROM installation i CROSS JOIN integration n CROSS JOIN connection c
	CROSS JOIN customer_group g
	LEFT JOIN consumer p ON p.project_id = $1 AND p.id = c.consumer_id
WHERE i.project_id = $1 AND i.id = $2
	AND n.project_id = $1 AND n.id = i.integration_id
	AND c.project_id = $1 AND c.id = i.connection_id
	AND g.project_id = $1 AND g.id = i.group_id

-- name: message_of_connection
SELECT NULL, NULL, NULL, c.id, c.kind, g.ref, g.name, p.ref, p.name, NULL
FROM connection c CROSS JOIN customer_group g
	LEFT JOIN consumer p ON p.project_id = $1 AND p.id = c.consumer_id
WHERE c.project_id = $1 AND c.id = $2 AND c.family = 'provider'
	AND g.project_id = $1 AND g.id = c.group_id

-- name: delivery_add
INSERT INTO delivery (project_id, id, destination_id, deletion_id,
	event_number, event_type, state, attempts, job_id, created_at, next_at,
	activity_number)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8, $8, $9)

-- name: delivery_body_add
INSERT INTO delivery_body (project_id, delivery_id, body) VALUES ($1, $2, $3)

-- name: delivery_body_get
SELECT body FROM delivery_body WHERE project_id = $1 AND delivery_id = $2

-- name: delivery_get
SELECT id, destination_id, deletion_id, event_number, event_type, state,
	attempts, answer, job_id, created_at, next_at, ended_at,
	activity_number
FROM delivery WHERE project_id = $1 AND id = $2

-- name: delivery_list
SELECT id, destination_id, deletion_id, event_number, event_type, state,
	attempts, answer, job_id, created_at, next_at, ended_at,
	activity_number
FROM delivery WHERE project_id = $1 AND id > $2 AND id < $3
ORDER BY id LIMIT $4

-- name: delivery_list_of_destination
SELECT id, destination_id, deletion_id, event_number, event_type, state,
	attempts, answer, job_id, created_at, next_at, ended_at,
	activity_number
FROM delivery
WHERE project_id = $1 AND destination_id = $5 AND id > $2 AND id < $3
ORDER BY id LIMIT $4

-- name: delivery_change
UPDATE delivery SET state = $3, attempts = $4, answer = $5, job_id = $6,
	next_at = $7, ended_at = $8
WHERE project_id = $1 AND id = $2

-- A destination's waiting ones are the subjects of its jobs; one that is
-- being sent at this moment ends by itself.

-- name: delivery_waiting_activities
SELECT activity_number FROM delivery
WHERE project_id = $1 AND state = 'waiting' AND activity_number IS NOT NULL
	AND id IN (
		SELECT subject_id FROM job
		WHERE project_id = $1 AND kind = $2 AND lane = $3
			AND state = 'waiting')
ORDER BY activity_number

-- name: delivery_end_waiting
UPDATE delivery SET state = 'ended', answer = $4, next_at = NULL,
	ended_at = $5
WHERE project_id = $1 AND state = 'waiting' AND id IN (
	SELECT subject_id FROM job
	WHERE project_id = $1 AND kind = $2 AND lane = $3
		AND state = 'waiting')

-- What is no destination is an integration that is told.

-- name: delivery_counts_of_deletion
SELECT v.destination_id, COALESCE(d.name, i.handle),
	COUNT(CASE v.state WHEN 'waiting' THEN 1 END),
	COUNT(CASE v.state WHEN 'delivered' THEN 1 END),
	COUNT(CASE v.state WHEN 'failed' THEN 1 END),
	COUNT(CASE v.state WHEN 'ended' THEN 1 END), d.kind
FROM delivery v LEFT JOIN destination d
	ON d.project_id = $1 AND d.id = v.destination_id
LEFT JOIN integration i ON i.project_id = $1 AND i.id = v.destination_id
WHERE v.project_id = $1 AND v.deletion_id = $2 AND v.deletion_id IS NOT NULL
GROUP BY v.destination_id, d.name, d.kind, i.handle
ORDER BY v.destination_id

-- name: delivery_attempt_add
INSERT INTO delivery_attempt (project_id, delivery_id, number, began_at,
	took_us, status, failure)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: delivery_attempt_list
SELECT number, began_at, took_us, status, failure FROM delivery_attempt
WHERE project_id = $1 AND delivery_id = $2 ORDER BY number DESC LIMIT $3

-- The oldest ended ones: what belongs to them first.

-- name: delivery_body_sweep
DELETE FROM delivery_body
WHERE project_id = $1 AND delivery_id IN (
	SELECT id FROM delivery
	WHERE project_id = $1 AND id < $2 AND state <> 'waiting'
	ORDER BY id LIMIT $3)

-- name: delivery_attempt_sweep
DELETE FROM delivery_attempt
WHERE project_id = $1 AND delivery_id IN (
	SELECT id FROM delivery
	WHERE project_id = $1 AND id < $2 AND state <> 'waiting'
	ORDER BY id LIMIT $3)

-- name: delivery_sweep
DELETE FROM delivery
WHERE project_id = $1 AND id IN (
	SELECT id FROM delivery
	WHERE project_id = $1 AND id < $2 AND state <> 'waiting'
	ORDER BY id LIMIT $3)

-- name: delivery_oldest
SELECT created_at FROM delivery
WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT 1
