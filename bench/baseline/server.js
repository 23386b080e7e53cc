'use strict';

// Ampersand's installations on Fastify and PostgreSQL, for comparison.
// PGHOST and its like say where the database is, PORT where to listen (a free
// port without it). The pool keeps pg's own size, ten: twenty was no faster.

const { createHash } = require('node:crypto');
const fastify = require('fastify');
const { Pool } = require('pg');
const queries = require('./queries');

const pool = new Pool();
const app = fastify({ logger: false });

// A key sees its own project alone, by name or by id.
app.addHook('preHandler', async (request, reply) => {
  const digest = createHash('sha256')
    .update(request.headers['x-api-key'] ?? '').digest();
  const { rows: [project] } = await pool.query(
    queries.apiKeyByDigest([digest]));
  const asked = request.params.project;
  if (!project) {
    return reply.code(401).send({ title: 'Unauthorized', status: 401 });
  }
  if (asked !== project.name && asked !== project.id) {
    return reply.code(404).send({ title: 'Not Found', status: 404 });
  }
  request.project = project;
});

app.setErrorHandler((error, request, reply) => {
  const status = error.statusCode ?? 500;
  if (status === 500) console.error(error);
  reply.code(status).type('application/problem+json').send({
    type: 'about:blank', status, detail: error.message });
});

app.register(require('./installations'), { pool });

async function stop() {
  await app.close();
  await pool.end();
}
process.once('SIGTERM', stop);

app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) })
  .then((address) => console.log(`listening on ${address}`));
