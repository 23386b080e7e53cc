/* An access token that has become useless is exchanged anew, unseen. */
import assert from "node:assert/strict";
import { CLEAT_PROJECT, CLEAT_URL, connect } from "./client.mjs";

const client = connect();
const first = await client.getAccessToken();
await client.getProject(CLEAT_PROJECT);

const revoked = await fetch(`${CLEAT_URL}/oauth2/revoke`, {
  method: "POST",
  body: new URLSearchParams({ token: first.access_token }),
});
assert.equal(revoked.status, 200);

const project = await client.getProject(CLEAT_PROJECT);
assert.equal(project.id, CLEAT_PROJECT);
