'use strict';

// Every statement is prepared once per session: pg does so for a query with a
// name.
const statement = (name, text) => (values) => ({ name, text, values });

const SELECT_INSTALLATION = `
select i.id, i.seq, i.project_id, i.integration_id, i.created_by, i.created_at,
	g.ref as group_ref, g.name as group_name,
	g.created_at as group_created_at,
	c.id as connection_id, c.provider, c.auth_scheme, c.status,
	c.created_at as connection_created_at,
	u.ref as consumer_ref, u.name as consumer_name,
	u.created_at as consumer_created_at,
	f.id as config_id, f.revision_id, f.content as config_content,
	f.created_by as config_created_by, f.created_at as config_created_at
from installation i
join customer_group g on g.id = i.group_id
join connection c on c.id = i.connection_id
join consumer u on u.id = c.consumer_id
join config f on f.id = i.config_id
where i.project_id = $1 and i.integration_id = $2`;

module.exports = {
  apiKeyByDigest: statement('api_key_by_digest', `
select p.id, p.name
from api_key k join project p on p.id = k.project_id
where k.digest = $1 and k.active`),

  installation: statement('installation', `${SELECT_INSTALLATION}
	and i.id = $3`),

  installations: statement('installations', `${SELECT_INSTALLATION}
	and i.seq > $3
order by i.seq limit $4`),

  installationsOfGroup: statement('installations_of_group', `
${SELECT_INSTALLATION}
	and i.seq > $3
	and g.ref = $5
order by i.seq limit $4`),

  integration: statement('integration', `
select i.id, i.provider, (
	select r.id from revision r where r.integration_id = i.id
	order by r.created_at desc limit 1) as revision_id
from integration i where i.project_id = $1 and i.id = $2`),

  // Locked so that a deletion at the same time can't take it away.
  connectionOfGroup: statement('connection_of_group', `
select c.id, c.group_id
from connection c join customer_group g on g.id = c.group_id
where g.project_id = $1 and g.ref = $2 and c.provider = $3
order by c.created_at limit 1
for share of c`),

  insertInstallation: statement('insert_installation', `
insert into installation (id, project_id, integration_id, group_id,
	connection_id, config_id, created_by)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (integration_id, group_id) do nothing`),

  insertConfig: statement('insert_config', `
insert into config (id, installation_id, revision_id, content, created_by)
values ($1, $2, $3, $4, $5)`),

  // Locked so that of two deletions of its last two users one sees the other.
  lockConnectionOf: statement('lock_connection_of', `
select c.id
from installation i join connection c on c.id = i.connection_id
where i.project_id = $1 and i.integration_id = $2 and i.id = $3
for update of c`),

  deleteInstallation: statement('delete_installation', `
delete from installation i using config f
where i.id = $1 and f.id = i.config_id
returning i.connection_id, f.content as config_content`),

  deleteUnusedConnection: statement('delete_unused_connection', `
delete from connection c
where c.id = $1
	and not exists (select from installation where connection_id = c.id)
returning c.id`),

  insertEvent: statement('insert_event', `
insert into event (project_id, type, subject_id, payload)
values ($1, $2, $3, $4)`),
};
