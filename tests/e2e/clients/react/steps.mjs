/* What a connected person does with <InstallIntegration>. */
import assert from "node:assert/strict";

/* Installs, changes what is read, reads another object, writes: the id. */
export async function configure(shown) {
  await shown.see("Map the following fields");
  await shown.press("Install");
  const id = await shown.told("installed");
  // with the first object installed, the next one is shown
  await shown.click('[role=tab]::-p-text(contact)');
  await shown.click("button#email");
  await shown.press("Save");
  assert.equal(await shown.told("updated", 1), id);
  await shown.click('[role=tab]::-p-text(account)');
  await shown.press("Save");
  assert.equal(await shown.told("updated", 2), id);
  await shown.click('[role=tab]::-p-text(Write)');
  await shown.click("button#task");
  await shown.press("Save");
  assert.equal(await shown.told("updated", 3), id);
  return id;
}

export async function uninstall(shown, id) {
  await shown.click('[role=tab]::-p-text(Manage)');
  await shown.press("Yes, uninstall");
  assert.equal(await shown.told("uninstalled"), id);
  await shown.see("Integration successfully uninstalled.");
}
