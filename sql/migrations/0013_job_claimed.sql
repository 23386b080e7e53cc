-- How much of a lane is under way, and since when, is asked of the store:
-- several processes may work in it.
ALTER TABLE job ADD COLUMN claimed_at BIGINT;

CREATE INDEX job_running ON job (project_id, kind, lane)
	WHERE state = 'running';
