/* The provider refuses: the page says what the window was told. */
import { show } from "./browser.mjs";

await show(async (shown) => {
  await shown.asked(() => shown.press("Next"));
  await shown.see("the provider says invalid_request");
});
