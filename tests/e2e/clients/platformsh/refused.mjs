/* An API token that is none: the client ends, with our 401 in its hands. */
import assert from "node:assert/strict";
import { CLEAT_PROJECT, connect, rejection } from "./client.mjs";

const refusal = await rejection(connect().getProject(CLEAT_PROJECT));
assert.deepEqual(refusal, {
  error: "invalid_token",
  error_description: "Invalid access token.",
});
