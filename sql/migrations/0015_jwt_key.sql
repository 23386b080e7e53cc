-- Public keys of builders, by which the tokens of their customers are known.
-- `public_key` is in PEM; it was read before it was kept. The id is what a
-- token names, before its project is known.
CREATE TABLE jwt_key (
	project_id UUID NOT NULL,
	id UUID NOT NULL UNIQUE,
	label TEXT NOT NULL,
	public_key TEXT NOT NULL,
	is_active BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
