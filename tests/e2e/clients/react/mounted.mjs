/* The library's headless hooks, mounted in node: `now` is what they said last,
   of one customer of one integration. */
import { JSDOM } from "jsdom";

/* The library asks for a document as soon as it is loaded, and remembers
   customers' tokens for as long as a page is open. */
globalThis.window = new JSDOM("<main></main>",
                              { url: "http://localhost/" }).window;
globalThis.document = window.document;
globalThis.sessionStorage = window.sessionStorage;

const { AmpersandProvider, InstallationProvider, useConnection,
        useCreateInstallation, useDeleteInstallation, useInstallation,
        useIsIntegrationInstalled, useLocalConfig, useManifest,
        useUpdateInstallation } = await import("@amp-labs/react");
const { createElement: h } = await import("react");
const { createRoot } = await import("react-dom/client");

const { CLEAT_PROJECT, CLEAT_KEY, CLEAT_JWT, CLEAT_INTEGRATION } = process.env;
const WAIT_MS = 30_000;
export const integration = CLEAT_INTEGRATION;
export const person = { groupRef: "acme", groupName: "Acme",
                        consumerRef: "jane", consumerName: "Jane" };
export let now;

/* A browser's key, or else a token that the builder's server signed. */
const options = CLEAT_KEY
  ? { project: CLEAT_PROJECT, apiKey: CLEAT_KEY }
  : { project: CLEAT_PROJECT, getToken: async ({ groupRef, consumerRef }) => {
      if (groupRef !== person.groupRef || consumerRef !== person.consumerRef)
        throw new Error(`a token for ${groupRef}, ${consumerRef}?`);
      return CLEAT_JWT;
    } };

function Probe() {
  now = {
    connection: useConnection(),
    installation: useInstallation(),
    installed: useIsIntegrationInstalled(integration, person.groupRef,
                                         person.consumerRef),
    manifest: useManifest(),
    config: useLocalConfig(),
    create: useCreateInstallation(),
    update: useUpdateInstallation(),
    remove: useDeleteInstallation(),
  };
  return null;
}

/* Shown anew, the hooks ask the server anew. */
export function mount() {
  now = undefined;
  const root = createRoot(document.querySelector("main"));
  root.render(h(AmpersandProvider, { options },
    h(InstallationProvider, { integration, ...person }, h(Probe))));
  return () => root.unmount();
}

/* What `find` makes of `now`, once it makes anything. */
export async function until(what, find) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const found = now && find(now);
    if (found) return found;
    if (Date.now() > end) throw new Error(`no ${what}: ${shown()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function shown() {
  return JSON.stringify(now, (_, value) =>
    value instanceof Error ? String(value) : value, 1);
}

/* What a mutation's callbacks are told. */
export function asked(mutate, request = {}) {
  return new Promise((onSuccess, onError) =>
    mutate({ ...request, onSuccess, onError }));
}

/* As a page of the builder's own would connect the customer. */
export async function connect(credentials) {
  const answer = await fetch(
    `${process.env.REACT_APP_AMP_SERVER}/v1/projects/${CLEAT_PROJECT}`
    + "/connections:generate", {
      method: "POST", body: JSON.stringify({ ...person, ...credentials }),
      headers: { "Content-Type": "application/json", ...CLEAT_KEY
        ? { "X-Api-Key": CLEAT_KEY }
        : { Authorization: `Bearer ${CLEAT_JWT}` } } });
  if (answer.status !== 201) throw new Error(await answer.text());
  return answer.json();
}
