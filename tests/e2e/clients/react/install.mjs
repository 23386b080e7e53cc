/* <InstallIntegration> of a provider that takes an API key. */
import { show } from "./browser.mjs";
import { configure, uninstall } from "./steps.mjs";

await show(async (shown) => {
  await shown.type("input[name=apiKey]", "a-secret");
  await shown.press("Next");
  await uninstall(shown, await configure(shown));
});
