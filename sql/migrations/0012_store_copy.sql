-- A store that is being copied from another has a row here, from before its
-- first other row until it is known to be whole: it is not served meanwhile.
-- `source_id` is the first signing key of the store that it is copied from.
CREATE TABLE store_copy (
	source_id UUID NOT NULL PRIMARY KEY,
	began_at BIGINT NOT NULL
);
