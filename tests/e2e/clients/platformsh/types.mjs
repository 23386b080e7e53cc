/* Each type of integration that the client knows: added with what it needs,
   read back, changed by one field, deleted; and refused without its fields. */
import assert from "node:assert/strict";
import { connect, rejection, CLEAT_PROJECT } from "./client.mjs";

const { TYPES } = process.env;
const types = JSON.parse(TYPES);

const project = await connect().getProject(CLEAT_PROJECT);
const { integrations } = JSON.parse(
  JSON.stringify(await project.getCapabilities()),
);
assert.ok(integrations.enabled);

for (const [type, { given, shown, patch, patched, links }] of Object.entries(
  types,
)) {
  assert.ok(integrations.config[type].enabled, type);
  const created = await project.addIntegration(type, given);
  const made = created.getEntity();
  for (const [name, value] of Object.entries(shown)) {
    assert.deepEqual(made.data[name], value, `${type} ${name}`);
  }
  assert.equal(created.getActivities()[0].type, "integration.add");
  const found = await project.getIntegration(made.id);
  assert.deepEqual(found.data, made.data, type);
  for (const rel of ["hook", "validate"]) {
    assert.equal(
      found.operationAvailable(rel),
      links.includes(rel),
      `${type} ${rel}`,
    );
  }
  if (patch) {
    const changed = (await found.update(patch)).getEntity();
    for (const [name, value] of Object.entries(patched)) {
      assert.deepEqual(changed.data[name], value, `${type} ${name}`);
    }
  }
  const refusal = await rejection(
    project.addIntegration(type, { ...given, token_type: "x", room: "x" }),
  );
  assert.equal(refusal.code, 400, type);
  assert.ok(refusal.detail.room, type);
  await found.delete();
  assert.equal((await rejection(project.getIntegration(made.id))).code, 404);
}
assert.deepEqual(await project.getIntegrations(), []);
