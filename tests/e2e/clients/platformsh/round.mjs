/* The whole round: token, project, list, create, get, update, activities,
   delete, and 404 for what is gone. */
import assert from "node:assert/strict";
import { CLEAT_PROJECT, CLEAT_URL, connect, rejection } from "./client.mjs";

const client = connect();

const token = await client.getAccessToken();
assert.equal(token.token_type, "bearer");
assert.equal(token.expires_in, 900);

const project = await client.getProject(CLEAT_PROJECT);
assert.equal(project.id, CLEAT_PROJECT);

const before = await project.getIntegrations();
assert.deepEqual(
  before.map((one) => one.id),
  (await client.getIntegrations(CLEAT_PROJECT)).map((one) => one.id),
);

const created = await project.addIntegration("webhook", {
  url: "https://example.localhost/hook",
  events: ["environment.push"],
});
const webhook = created.getEntity();
assert.equal(webhook.type, "webhook");
assert.equal(webhook.data.url, "https://example.localhost/hook");
assert.deepEqual(webhook.data.events, ["environment.push"]);
assert.equal(
  webhook.getUri(),
  `${CLEAT_URL}/api/projects/${CLEAT_PROJECT}/integrations/${webhook.id}`,
);
assert.ok(webhook.operationAvailable("edit"));
assert.ok(webhook.operationAvailable("delete"));
assert.equal(created.countActivities(), 1);
assert.equal(created.getActivities()[0].type, "integration.add");

const after = await project.getIntegrations();
assert.equal(after.length, before.length + 1);
assert.ok(after.some((one) => one.id === webhook.id));

for (const one of [
  await project.getIntegration(webhook.id),
  await client.getIntegration(CLEAT_PROJECT, webhook.id),
]) {
  assert.deepEqual(one.data, webhook.data);
}

const updated = await webhook.update({ url: "https://example.localhost/other" });
assert.equal(updated.getEntity().data.url, "https://example.localhost/other");
await webhook.refresh();
assert.equal(webhook.data.url, "https://example.localhost/other");

const types = (activities) => activities.map((one) => one.type);
assert.deepEqual(types(await webhook.getActivities()), [
  "integration.update",
  "integration.add",
]);
const [added] = await webhook.getActivities("integration.add");
assert.equal((await webhook.getActivity(added.id)).id, added.id);
assert.ok(added.isComplete());
assert.deepEqual(await webhook.getActivities("integration.add", 1), []);
assert.deepEqual(
  types(await client.getIntegrationActivities(CLEAT_PROJECT, webhook.id)),
  ["integration.update", "integration.add"],
);
const [newest] = await project.getActivities();
assert.equal(newest.type, "integration.update");
assert.equal((await project.getActivity(newest.id)).id, newest.id);

const misfit = await rejection(project.addIntegration("webhook", {}));
assert.equal(misfit.code, 400);
assert.ok(misfit.detail.url);

const deleted = await webhook.delete();
assert.equal(deleted.data.status, "OK");
assert.equal(deleted.getActivities()[0].type, "integration.delete");

const gone = await rejection(project.getIntegration(webhook.id));
assert.equal(gone.code, 404);
assert.equal(gone.status, "error");
assert.equal((await rejection(webhook.delete())).code, 404);
assert.equal((await rejection(client.getProject("aaaaaaaaaaaaa"))).code, 404);
assert.equal((await project.getIntegrations()).length, before.length);
