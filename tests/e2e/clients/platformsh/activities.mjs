/* Activities that somebody told of: found, waited for, read, cancelled. */
import assert from "node:assert/strict";
import { CLEAT_PROJECT, CLEAT_URL, connect, rejection } from "./client.mjs";

const client = connect();
const { access_token } = await client.getAccessToken();

async function call(method, path, body) {
  const answer = await fetch(`${CLEAT_URL}/projects/${CLEAT_PROJECT}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${access_token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return (await answer.json())._embedded.entity;
}

const project = await client.getProject(CLEAT_PROJECT);
const told = await call("POST", "/activities", {
  type: "environment.push",
  state: "in_progress",
  environments: ["main"],
  log: "Building\n",
  payload: {
    user: { display_name: "Jane" },
    environment: { title: "Main" },
  },
});

const [running] = await project.getActivities("environment.push");
assert.equal(running.id, told.id);
assert.equal(running.state, "in_progress");
assert.equal(running.isComplete(), false);
assert.equal(running.getDescription(), "Jane pushed to Main");
assert.deepEqual(running.environments, ["main"]);

/* It waits until the pipeline has said the rest. */
const polls = [];
const waited = running.wait((one) => polls.push(one.state), undefined, 0.05);
await call("PATCH", `/activities/${told.id}`, {
  state: "complete",
  result: "success",
  log: "Deployed\n",
});
await waited;
assert.ok(running.isComplete());
const over = await project.getActivity(told.id);
assert.equal(over.result, "success");

const lines = [];
await over.getLogs((log) => lines.push(...log)).exec();
assert.deepEqual(
  lines.map((line) => line.data.message),
  ["Building\n", "Deployed\n"],
);
assert.ok(lines.at(-1).seal);

/* What still goes on can be cancelled, once. */
const next = await call("POST", "/activities", {
  type: "environment.backup",
  state: "pending",
});
const pending = await project.getActivity(next.id);
assert.ok(pending.operationAvailable("cancel"));
await pending.runOperation("cancel", "POST", {});
const cancelled = await project.getActivity(next.id);
assert.equal(cancelled.state, "cancelled");
assert.equal(cancelled.result, "failure");
assert.ok(cancelled.isComplete());
assert.equal(cancelled.operationAvailable("cancel"), false);
assert.equal(
  (await rejection(pending.runOperation("cancel", "POST", {}))).code,
  409,
);
