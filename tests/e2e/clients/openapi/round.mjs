/* Every operation of the document, by its name there, with connections of each
   type that the test has in CLEAT_CONNECTIONS. */
import assert from "node:assert/strict";
import { connect, projectName, refusal } from "./client.mjs";

const client = await connect();
const { CLEAT_CONNECTIONS, CLEAT_TOKEN } = process.env;
const connections = JSON.parse(CLEAT_CONNECTIONS);

const results = async (promise) => {
  const { status, data } = await promise;
  assert.equal(status, 200);
  assert.equal(data.success, true);
  assert.equal(data.status, "SUCCESS");
  assert.equal(data.resultList.length, data.resultCount);
  return data.resultList;
};
const changed = async (promise) => {
  const { status, data } = await promise;
  assert.equal(status, 200);
  assert.equal(data.status, "SUCCESS");
  assert.deepEqual(data.deploymentResult, { success: true, detailList: [] });
};

const form = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: projectName,
  client_secret: CLEAT_TOKEN,
});
const granted = (await client.find(null, form)).data;
assert.equal(granted.token_type, "Bearer");
assert.equal(granted.expires_in, 3600);
const exchanged = await connect(granted.access_token);

assert.equal((await client.health()).data, "OK");
assert.equal((await client.hello({ name: "jane" })).data, "Hello jane");
const [project] = await results(exchanged.find_3());
assert.equal(project.name, projectName);
assert.deepEqual(await results(client.find_4()), []);
assert.deepEqual(await results(client.findForProject({ projectName })), []);

const ids = [];
for (const connection of connections) {
  const { type } = connection;
  const place = { projectName, connectionName: `A ${type}` };
  await changed(client.addConnection(place, connection));
  const [read] = await results(client.getConnection(place));
  for (const [name, value] of Object.entries(connection)) {
    assert.ok(name in read, name);
    if (typeof value !== "object") assert.equal(read[name], value, name);
  }
  await changed(client.updateConnection(place, { ...read, description: "x" }));
  const [listed] = await results(client.listConnections({ projectName, type }));
  assert.deepEqual(
    { ...read, description: "x" },
    (await results(client.getConnection(place)))[0],
  );
  assert.equal(listed.name, place.connectionName);
  ids.push(read.id);
}

const all = await results(client.listConnections({ projectName, type: "all" }));
assert.deepEqual(
  all.map((one) => one.type),
  connections.map((one) => one.type),
);
const batch = "batchResolveConnectionNamesConnectionsBatch-namesPost";
const names = await results(client[batch](null, ids));
assert.deepEqual(
  names.map((one) => one.name),
  connections.map((one) => `A ${one.type}`),
);
for (const connectionId of ids) {
  const [named] = await results(
    client.getConnectionNameAndConnectionsGet({ connectionId }),
  );
  assert.equal(named.description, "x");
  const [full] = await results(
    client.getFullConnectionByFullGet({ connectionId }),
  );
  assert.equal(full.name, named.name);
}

for (const connection of connections) {
  const place = { projectName, connectionName: `A ${connection.type}` };
  const [status, refused] = await refusal(
    client.addConnection(place, connection),
  );
  assert.equal(status, 400);
  assert.equal(
    refused.resultMessage,
    `Connection (name: ${place.connectionName}) already exists!`,
  );
  await changed(client.deleteConnection(place));
  const [gone, unknown] = await refusal(client.getConnection(place));
  assert.equal(gone, 400);
  assert.equal(unknown.error, "bad_request");
}
const [status, bad] = await refusal((await connect("nonsense")).find_3());
assert.equal(status, 401);
assert.equal(bad.error_description, "Invalid token");
