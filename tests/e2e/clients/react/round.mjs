/* The whole round of the headless hooks: nothing there, connected, the
   manifest, installed, updated, refused, uninstalled. */
import assert from "node:assert/strict";
import { asked, connect, integration, mount, now, person, until }
  from "./mounted.mjs";

/* Without the members that the library makes of what is absent. */
const plain = (value) => JSON.parse(JSON.stringify(value));

let unmount = mount();
await until("answer", ({ connection, installation, installed }) =>
  connection.isSuccess && installation.isSuccess && installed.isLoaded);
assert.equal(now.connection.connection, undefined);
assert.equal(now.installation.installation, undefined);
assert.equal(now.installed.isIntegrationInstalled, false);
unmount();

const connected = await connect({ provider: "apollo", apiKey: "a-secret" });
unmount = mount();
const connection = await until("connection", (one) =>
  one.connection.connection);
assert.equal(connection.id, connected.id);
assert.equal(connection.provider, "apollo");
assert.equal(connection.authScheme, "apiKey");
assert.equal(connection.status, "created");
assert.equal(connection.group.groupRef, person.groupRef);
assert.equal(connection.group.groupName, person.groupName);
assert.equal(connection.consumer.consumerRef, person.consumerRef);
assert.ok(connection.createTime instanceof Date);
assert.equal(connection.apiKey, undefined);

const { content } = await until("manifest", ({ manifest }) => manifest.data);
assert.equal(content.name, integration);
assert.equal(content.provider, "apollo");
assert.deepEqual(now.manifest.getReadObjects().map((one) => one.objectName),
                 ["contact", "account"]);
const contact = now.manifest.getReadObject("contact");
assert.equal(contact.object.displayName, "contact");
assert.equal(contact.object.destination, "hook");
assert.deepEqual(contact.getRequiredFields("no-mappings").map(
  (one) => [one.fieldName, one.displayName]), [["name", "name"]]);
assert.deepEqual(contact.getRequiredMapFields().map(
  (one) => [one.mapToName, one._default]), [["owner", "owner_id"]]);
assert.deepEqual(contact.getOptionalFields("no-mappings").map(
  (one) => one.fieldName), ["email"]);
assert.equal(now.manifest.getWriteObject("task").object.displayName, "task");
assert.deepEqual(now.manifest.getCustomerFieldsForObject("contact").allFields,
                 {});

/* Chosen in the draft, then installed. */
for (const fieldName of ["name", "email"])
  now.config.readObject("contact").setSelectedField({ fieldName,
                                                      selected: true });
now.config.writeObject("task").setEnableWrite();
await until("draft", ({ config }) => config.draft.write?.objects.task);
const made = await asked(now.create.createInstallation,
                         { config: now.config.get() });
const first = made.config;
assert.equal(made.connection.id, connected.id);
assert.equal(made.group.groupRef, person.groupRef);
assert.equal(made.healthStatus, "healthy");
assert.equal(first.content.provider, "apollo");
assert.deepEqual(plain(first.content.read.objects.contact), {
  objectName: "contact", selectedFields: { name: true, email: true },
  selectedFieldMappings: { owner: "owner_id" } });
assert.equal(first.content.write.objects.task.objectName, "task");
assert.ok(first.createTime instanceof Date);
const shown = await until("installation", (one) =>
  one.installation.installation);
assert.deepEqual(shown, made);
await until("config", ({ installed }) => installed.isIntegrationInstalled);
assert.deepEqual(now.installed.config, first);
await assert.rejects(asked(now.create.createInstallation,
                           { config: now.config.get() }), /already created/);

/* Another field, and a value to write; the rest stays. */
await until("draft", ({ config }) => config.draft.read?.objects.contact);
now.config.readObject("contact").setSelectedField({ fieldName: "email",
                                                    selected: false });
now.config.writeObject("task").setDefaultValues({
  fieldName: "kind", value: { stringValue: "call" } });
await until("draft", ({ config }) =>
  config.writeObject("task").getDefaultValues("kind")
  && !config.readObject("contact").getSelectedField("email"));
const updated = await asked(now.update.updateInstallation,
                            { config: now.config.get() });
assert.equal(updated.id, made.id);
assert.notEqual(updated.config.id, first.id);
assert.deepEqual(plain(updated.config.content.read.objects.contact), {
  ...plain(first.content.read.objects.contact),
  selectedFields: { name: true } });
assert.deepEqual(plain(updated.config.content.write.objects.task), {
  objectName: "task", selectedFieldSettings: {
    kind: { default: { stringValue: "call" } } } });
await until("update", ({ installation }) =>
  installation.installation?.config.id === updated.config.id);

/* A problem's causes are what the hook shows a person. */
await assert.rejects(asked(now.update.updateInstallation, { config: {
  provider: "apollo", read: { objects: { nothing: {
    objectName: "nothing", selectedFields: {} } } } } }),
  (error) => error.response.status === 422);
assert.match(await until("message", ({ update }) => update.errorMsg),
             /nothing/);

/* The connection goes along: nothing else uses it. */
await asked(now.remove.deleteInstallation);
await until("end", ({ connection, installation, installed }) =>
  !installation.installation && !connection.connection
  && installed.isIntegrationInstalled === false);
await assert.rejects(asked(now.remove.deleteInstallation), /not found/);
unmount();
process.exit(0);
