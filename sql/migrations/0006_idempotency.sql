-- Answers to requests that carried an Idempotency-Key: kept for a day, in the
-- change's own transaction. The project is that of the token; `id` is made of
-- the token and the key. `fingerprint` is of the request; `headers` are lines
-- of name and value; `body` is sealed when key_version is not 0.
CREATE TABLE idempotency (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	fingerprint BYTEA NOT NULL,
	status BIGINT NOT NULL,
	content_type TEXT,
	headers TEXT NOT NULL,
	body BYTEA NOT NULL,
	key_version BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX idempotency_age ON idempotency (project_id, created_at);
