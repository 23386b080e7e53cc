-- Checkpoints: the chains that have grown since somebody was told, of all
-- projects.

-- name: checkpoint_due, store
WITH ends AS MATERIALIZED (
	SELECT id, (SELECT MAX(last_event) FROM event_link
		WHERE project_id = project.id) AS last_event
	FROM project)
SELECT p.id, l.number, l.hash, l.last_event
FROM ends p CROSS JOIN event_link l
WHERE l.project_id = p.id AND l.last_event = p.last_event
	AND l.number > COALESCE((SELECT number FROM checkpoint
		WHERE project_id = p.id AND target_id = $1), 0)
ORDER BY p.id LIMIT $2

-- name: checkpoint_put
INSERT INTO checkpoint (project_id, target_id, number) VALUES ($1, $2, $3)
ON CONFLICT (project_id, target_id) DO UPDATE SET number = excluded.number
