/* <InstallIntegration> of a provider that asks people, in a window of its own. */
import { show } from "./browser.mjs";
import { configure, uninstall } from "./steps.mjs";

await show(async (shown) => {
  await shown.asked(() => shown.press("Next"));
  await uninstall(shown, await configure(shown));
});
