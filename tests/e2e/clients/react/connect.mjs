/* <ConnectProvider>: a person agrees at the provider. */
import { show } from "./browser.mjs";

await show(async (shown) => {
  await shown.asked(() => shown.press("Next"));
  await shown.told("connected");
  await shown.see("You have successfully connected");
});
