-- A worker that registers takes the place of all others at its address.

CREATE INDEX worker_url ON worker (project_id, url, id);
