-- Provider apps, destinations and topics are asked for what uses them before
-- they go.

CREATE INDEX connection_app ON connection (project_id, provider_app_id, id)
	WHERE provider_app_id IS NOT NULL;

CREATE INDEX event_topic_route_topic
	ON event_topic_route (project_id, topic_id, id);

CREATE INDEX topic_destination_route_topic
	ON topic_destination_route (project_id, topic_id, id);

CREATE INDEX topic_destination_route_destination
	ON topic_destination_route (project_id, destination_id, id);
