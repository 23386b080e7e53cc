/* <InstallIntegration> of a connected customer, who chooses what is mapped. */
import { show } from "./browser.mjs";

await show(async (shown) => {
  await shown.see("Map the following fields");
  await shown.click("input[placeholder='Please select one']");
  await shown.click("li::-p-text(Account manager)");
  await shown.press("Install");
  await shown.told("installed");
});
