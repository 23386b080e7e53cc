'use strict';

const { randomUUID } = require('node:crypto');
const queries = require('./queries');
const schemas = require('./schemas');

function toInstallation(row) {
  const group = {
    groupRef: row.group_ref,
    groupName: row.group_name,
    projectId: row.project_id,
    createTime: row.group_created_at,
  };
  return {
    id: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    group,
    healthStatus: row.status === 'bad_credentials' ? 'unhealthy' : 'healthy',
    connection: {
      id: row.connection_id,
      projectId: row.project_id,
      provider: row.provider,
      group,
      consumer: {
        consumerRef: row.consumer_ref,
        consumerName: row.consumer_name,
        projectId: row.project_id,
        createTime: row.consumer_created_at,
      },
      createTime: row.connection_created_at,
      authScheme: row.auth_scheme,
      status: row.status,
    },
    createTime: row.created_at,
    createdBy: row.created_by,
    config: {
      id: row.config_id,
      revisionId: row.revision_id,
      createTime: row.config_created_at,
      createdBy: row.config_created_by,
      content: row.config_content,
    },
  };
}

function problem(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

async function transaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function create(client, project, integrationId, { groupRef, config }) {
  const { rows: [integration] } = await client.query(
    queries.integration([project.id, integrationId]));
  if (!integration) throw problem(404, 'no such integration');

  const { rows: [connection] } = await client.query(
    queries.connectionOfGroup([project.id, groupRef, integration.provider]));
  if (!connection) throw problem(422, 'the group has no connection');

  const id = randomUUID();
  const configId = randomUUID();
  const createdBy = config.createdBy ?? 'api:create-installation';
  const { rowCount } = await client.query(queries.insertInstallation([
    id, project.id, integration.id, connection.group_id, connection.id,
    configId, createdBy]));
  if (!rowCount) throw problem(422, 'the group has an installation already');

  await client.query(queries.insertConfig([
    configId, id, integration.revision_id, config.content, createdBy]));
  await client.query(queries.insertEvent([
    project.id, 'installation.created', id, { config: config.content }]));
  const { rows: [row] } = await client.query(
    queries.installation([project.id, integration.id, id]));
  return toInstallation(row);
}

async function remove(client, project, integrationId, id) {
  const { rows: [connection] } = await client.query(
    queries.lockConnectionOf([project.id, integrationId, id]));
  if (!connection) throw problem(404, 'no such installation');

  const { rows: [deleted] } = await client.query(
    queries.deleteInstallation([id]));
  if (!deleted) throw problem(404, 'no such installation');
  await client.query(queries.insertEvent([
    project.id, 'installation.deleted', id,
    { config: deleted.config_content }]));

  const { rowCount } = await client.query(
    queries.deleteUnusedConnection([connection.id]));
  if (rowCount) {
    await client.query(queries.insertEvent([
      project.id, 'connection.deleted', connection.id, {}]));
  }
}

function list(pool, project, integrationId, { pageSize, pageToken, groupRef }) {
  // One more than asked for tells whether there is a next page.
  const values = [
    project.id, integrationId, pageToken ?? 0, pageSize ? pageSize + 1 : null];
  return pool.query(groupRef === undefined
    ? queries.installations(values)
    : queries.installationsOfGroup([...values, groupRef]));
}

module.exports = async function installations(app, { pool }) {
  const path = '/v1/projects/:project/integrations/:integration/installations';

  app.get(path, { schema: schemas.list }, async (request, reply) => {
    const { pageSize } = request.query;
    const { rows } = await list(
      pool, request.project, request.params.integration, request.query);
    if (pageSize && rows.length > pageSize) {
      rows.pop();
      const next = new URL(request.url, 'http://localhost');
      next.searchParams.set('pageToken', rows.at(-1).seq);
      reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
    }
    return rows.map(toInstallation);
  });

  app.get(`${path}/:id`, { schema: schemas.get }, async (request) => {
    const { integration, id } = request.params;
    const { rows: [row] } = await pool.query(
      queries.installation([request.project.id, integration, id]));
    if (!row) throw problem(404, 'no such installation');
    return toInstallation(row);
  });

  app.post(path, { schema: schemas.create }, async (request, reply) => {
    reply.code(201);
    return transaction(pool, (client) => create(
      client, request.project, request.params.integration, request.body));
  });

  app.delete(`${path}/:id`, { schema: schemas.remove },
    async (request, reply) => {
      const { integration, id } = request.params;
      await transaction(pool, (client) => remove(
        client, request.project, integration, id));
      reply.code(204);
    });
};
