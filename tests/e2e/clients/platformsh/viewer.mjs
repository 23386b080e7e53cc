/* A viewer reads; the client knows from the missing links what it can't. */
import assert from "node:assert/strict";
import { CLEAT_PROJECT, connect, rejection } from "./client.mjs";

const project = await connect().getProject(CLEAT_PROJECT);
const [webhook] = await project.getIntegrations();
assert.equal(webhook.operationAvailable("edit"), false);
assert.equal(webhook.operationAvailable("delete"), false);
assert.throws(() => webhook.update({ events: [] }), /Not allowed to edit/);
assert.throws(() => webhook.delete(), /#delete/);

const refusal = await rejection(
  project.addIntegration("webhook", { url: "https://example.localhost/hook" }),
);
assert.deepEqual(refusal, {
  status: "error",
  message: "Forbidden",
  code: 403,
  detail: { access: "this token may not manage the project" },
});
