/* What a builder's page would have: one of the library's two components, for
   the customer that the address names. `told` is what the page was told. */
import { AmpersandProvider, ConnectProvider, InstallIntegration }
  from "@amp-labs/react";
import "@amp-labs/react/styles";
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";

const { project, apiKey, token, integration, provider, ...person } =
  JSON.parse(decodeURIComponent(location.hash.slice(1)));
window.told = [];
const tell = (what) => (id) => window.told.push([what, id]);

createRoot(document.querySelector("main")).render(
  h(AmpersandProvider, {
    options: apiKey ? { project, apiKey }
      : { project, getToken: async () => token },
  }, integration
    ? h(InstallIntegration, {
        integration, ...person, onInstallSuccess: tell("installed"),
        onUpdateSuccess: tell("updated"),
        onUninstallSuccess: tell("uninstalled") })
    : h(ConnectProvider, { provider, ...person,
                           onSuccess: tell("connected") })));
