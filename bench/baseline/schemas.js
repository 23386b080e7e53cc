'use strict';

// What comes in is checked and what goes out is written by these: Fastify
// compiles both.

const text = { type: 'string' };
const uuid = { type: 'string', format: 'uuid' };
const time = { type: 'string', format: 'date-time' };
const free = { type: 'object', additionalProperties: true };
const object = (properties) => ({ type: 'object', properties });

const group = object({
  groupRef: text, groupName: text, projectId: text, createTime: time });

const installation = object({
  id: text,
  projectId: text,
  integrationId: text,
  group,
  healthStatus: text,
  connection: object({
    id: text,
    projectId: text,
    provider: text,
    group,
    consumer: object({
      consumerRef: text, consumerName: text, projectId: text,
      createTime: time }),
    createTime: time,
    authScheme: text,
    status: text,
  }),
  createTime: time,
  createdBy: text,
  config: object({
    id: text, revisionId: text, createTime: time, createdBy: text,
    content: free }),
});

const ofIntegration = object({ project: text, integration: uuid });
const ofInstallation = object({ project: text, integration: uuid, id: uuid });

module.exports = {
  list: {
    params: ofIntegration,
    querystring: object({
      pageSize: { type: 'integer', minimum: 1, maximum: 1000 },
      pageToken: { type: 'integer' },
      groupRef: text,
    }),
    response: { 200: { type: 'array', items: installation } },
  },
  get: { params: ofInstallation, response: { 200: installation } },
  create: {
    params: ofIntegration,
    body: {
      type: 'object',
      required: ['groupRef', 'config'],
      properties: {
        groupRef: text,
        config: {
          type: 'object',
          required: ['content'],
          properties: { content: free, createdBy: text },
        },
      },
    },
    response: { 201: installation },
  },
  remove: { params: ofInstallation },
};
