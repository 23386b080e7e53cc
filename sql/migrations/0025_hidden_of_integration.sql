-- What of an integration is in the trash goes with it.

CREATE INDEX installation_hidden_integration
	ON installation (project_id, integration_id, id)
	WHERE deleted_at IS NOT NULL;
