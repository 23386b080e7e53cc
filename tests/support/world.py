"""Something of each kind in a project, by its APIs, and how each route is
called on it: bodies that do what the route is for, and paths with its ids."""

import urllib.parse

from support import ampersand as amp
from support import apinizer as apz
from support import delivery
from support import gorules as gr
from support import listening
from support import native
from support import people
from support import upsun as ups
from support.customer import JWT_KEY, Signer
from support.names import unique
from support.openapi import Place
from support.receiver import Receiver
from support.worker import new_environment


NOBODY = "00000000-0000-7000-8000-000000000000"


class World:
    """`word` is in every text of it that a caller may choose; `ids` has the
    spellings of each thing's id, by API and kind. `worker` is the id of one
    that the project has already: each has a copy of all that is deployed."""

    def __init__(self, project, word, worker=None):
        self.project, self.word, self.worker = project, word, worker
        self.ids = {}
        self._ampersand()
        self._upsun()
        self._gorules()
        self._apinizer()
        self._cleat()

    def _add(self, api, kind, *spellings):
        self.ids[api, kind] = spellings

    def _ampersand(self):
        project, api = self.project, self.project.ampersand
        base = f"/projects/{project.name}"
        org_id = api.get(base).must_be(200).body["orgId"]
        self._add("ampersand", "project", project.id, project.name)
        self._add("ampersand", "organization", org_id)
        key = api.post(f"{base}/api-keys", {"label": f"{self.word} key"}) \
            .must_be(201).body["key"]
        self._add("ampersand", "apiKey", key[:len("cleat_amp_") + 8], key)
        self.signer = Signer(project)
        self._add("ampersand", "jwtKey", self.signer.kid)
        self.integration = self._new_integration()
        self._add("ampersand", "integration", self.integration["id"],
                  self.integration["name"])
        self._add("ampersand", "integration name", self.integration["name"])
        self._add("ampersand", "revision",
                  self.integration["latestRevision"]["id"])
        connection, self.spare = self._connect(), self._connect()
        made = api.post(
            amp.installations(project, self.integration["id"]),
            {"groupRef": connection["group"]["groupRef"],
             "connectionId": connection["id"],
             "config": {"content": self.config(),
                        "createdBy": f"consumer:{self.word}"}}) \
            .must_be(201).body
        self._add("ampersand", "installation", made["id"])
        self._paused(connection)
        self._told(connection)
        # of an installation of its own; else there is none
        for kind, its in (project.operation or {
                "operation": NOBODY, "read installation": made["id"],
                "read integration": self.integration["id"]}).items():
            self._add("ampersand", kind, its)
        self._add("ampersand", "connection", connection["id"])
        self._add("ampersand", "unused connection", self.spare["id"])
        self._add("ampersand", "unused group",
                  self.spare["group"]["groupRef"])
        self._add("ampersand", "group", connection["group"]["groupRef"])
        self._add("ampersand", "consumer",
                  connection["consumer"]["consumerRef"])
        self._routing()
        self._people(org_id)

    def _people(self, org_id):
        """An invitation of somebody, and one of the builder by others; a
        builder whom the organization may add."""
        project, api = self.project, self.project.builder
        address = people.address_of(
            project, f"{unique(self.word)}@{self.word}.example.com")
        domain = f"{unique('team')}.{address.split('@')[1]}"
        api.post("/claimed-domains", {
            "domain": domain, "parentId": org_id,
            "parentType": "org"}).must_be(201)
        self._add("ampersand", "claimed domain", domain)
        invited = api.post(f"/orgs/{org_id}/invites", {
            "email": f"{unique(self.word)}@example.com"}).must_be(201).body
        self._add("ampersand", "invite", invited["id"])
        self._add("ampersand", "builder",
                  people.known(project, f"{self.word}@{domain}")["id"])
        people.invite_by_others(project, address)
        self._add("ampersand", "invited address", address)

    def _paused(self, connection):
        base = amp.installations(self.project, self._new_integration()["id"])
        made = self.project.ampersand.post(base, {
            "groupRef": connection["group"]["groupRef"],
            "connectionId": connection["id"],
            "config": {"content": self.config()}}).must_be(201).body
        self.project.ampersand.post(f"{base}/{made['id']}:pause") \
            .must_be(204, None)
        self._add("ampersand", "paused installation", made["id"])
        self._add("ampersand", "paused integration", made["integrationId"])

    def _told(self, connection):
        self.project.ampersand.put(
            f"/projects/{self.project.name}/providers/salesforce"
            "/object-metadata", self.fields(
                connection["group"]["groupRef"])).must_be(200)

    def fields(self, group):
        return {"groupRef": group, "fields": {"account": [
            {"fieldName": unique(f"{self.word}-field"),
             "displayName": f"{self.word} field", "valueType": "string"}]}}

    def _routing(self):
        project, word = self.project, self.word
        app = amp.new_provider_app(
            project, externalRef=f"{word}-app", clientId=f"{word}-client",
            clientSecret=f"{word}-app-secret")
        hook, spare = (amp.new_destination(
            project, unique(f"{word}-hook"),
            url=f"https://{word}.localhost/{path}") for path in "ab")
        topic, lone = (amp.new_topic(project, unique(f"{word}-topic"))
                       for _ in range(2))
        self._add("ampersand", "providerApp", app["id"])
        self._add("ampersand", "destination", hook["id"])
        self._add("ampersand", "destination by name", hook["id"],
                  hook["name"])
        self._add("ampersand", "unused destination", spare["id"])
        self._add("ampersand", "topic", topic["id"])
        self._add("ampersand", "unused topic", lone["id"])
        self._add("ampersand", "eventRoute",
                  amp.new_event_route(project, topic)["id"])
        self._add("ampersand", "topicRoute",
                  amp.new_topic_route(project, topic, hook)["id"])

    def config(self):
        return {"provider": "salesforce", "read": {"objects": {"account": {
            "objectName": "account", "schedule": "*/15 * * * *",
            "destination": f"{self.word}Webhook",
            "selectedFields": {f"{self.word}Field": True}}}}}

    def manifest(self):
        return {**amp.manifest(unique(f"{self.word}-sync")),
                "displayName": f"{self.word} sync"}

    def _new_integration(self):
        content = self.manifest()
        base = f"/projects/{self.project.name}/integrations"
        self.project.ampersand.post(base, {
            "name": content["name"], "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0", "content": content},
        }).must_be(201)
        return self.project.ampersand.get(f"{base}/{content['name']}") \
            .must_be(200).body

    def _connect(self, provider="salesforce"):
        return self.project.ampersand.post(
            f"/projects/{self.project.name}/connections:generate", {
                "provider": provider,
                "groupRef": unique(f"{self.word}-group"),
                "groupName": f"{self.word} group",
                "consumerRef": unique(f"{self.word}-consumer"),
                "consumerName": f"{self.word} consumer",
                "providerWorkspaceRef": f"{self.word}-workspace",
                "oauth2AuthorizationCode": {
                    "accessToken": {"token": f"{self.word}-access"},
                    "refreshToken": {"token": f"{self.word}-refresh"}}}) \
            .must_be(201).body

    def _upsun(self):
        project = self.project
        made = ups.new_webhook(
            project, url=f"https://{self.word}.localhost/hook",
            shared_key=f"{self.word}-shared", environments=[self.word])
        self._add("upsun", "project", project.upsun_id)
        self._add("upsun", "integration", made["id"])
        [activity] = project.upsun.get(
            f"/projects/{project.upsun_id}/integrations/{made['id']}"
            "/activities").must_be(200).body
        self._add("upsun", "activity", activity["id"])
        told = project.upsun.post(ups.activities(project), {
            "type": "environment.push", "integration": made["id"],
            "state": "in_progress", "environments": [self.word],
            "description": f"{self.word} push", "log": f"{self.word} log"}) \
            .must_be(201).body["_embedded"]["entity"]
        self._add("upsun", "open activity", told["id"])
        self._add("upsun", "git integration", listening.integration(
            project, "github", token=f"{self.word}-token",
            repository=f"{self.word}/repository")["id"])
        # what is there to be reached is the server itself
        self._add("upsun", "tried integration", listening.integration(
            project, "syslog", host="127.0.0.1", protocol="tcp",
            port=int(project.server.base.rsplit(":", 1)[1]))["id"])

    def _gorules(self):
        made = gr.new_integration(
            self.project, name=f"{self.word} rates",
            description=f"{self.word} rates of the day",
            group=f"{self.word} group", kind=unique(f"{self.word}-rates"),
            config={"method": "get",
                    "url": f"https://{self.word}.localhost/rates",
                    "headers": [{"key": "Authorization",
                                 "value": f"{self.word}-header-secret"}]})
        hidden = gr.new_integration(self.project)
        self.project.gorules.delete(
            gr.integrations(self.project, hidden["id"])).must_be(200)
        called = gr.new_integration(
            self.project, name=f"{self.word} document", config={
                "method": "get",
                "url": f"{self.project.server.base}/openapi/{{{{ name }}}}",
                "output": "info.version"})
        self._add("gorules", "called integration", called["id"])
        self._gorules_tokens()
        self._add("gorules", "project", self.project.id)
        self._add("gorules", "integration", made["id"])
        self._add("gorules", "kind", made["kind"])
        self._add("gorules", "hidden integration", hidden["id"], made["id"])

    def _gorules_tokens(self):
        api = self.project.gorules
        user = api.get(f"/projects/{self.project.id}").must_be(200) \
            .body["organisationId"]
        made = api.post(f"/users/service/{user}/personal-access-tokens", {
            "note": f"{self.word} note", "projects": [self.project.id],
            "permissions": [], "expiry": "week"}).must_be(201).body
        [entry, *_] = api.get("/audit-logs", {
            "projectId": self.project.id}).must_be(200).body["results"]
        self._add("gorules", "user", user)
        self._add("gorules", "token", made["id"])
        self._add("gorules", "entry", entry["id"])

    def _apinizer(self):
        name = apz.new_connection(
            self.project, unique(f"{self.word} mail"),
            host=f"{self.word}.localhost", username=f"{self.word}-user",
            password=f"{self.word}-password",
            description=f"{self.word} description")
        self._add("apinizer", "project", self.project.name)
        self._add("apinizer", "connection", name)
        self._add("apinizer", "connection id", apz.id_of(self.project, name))
        variable = unique(f"{self.word}-variable")
        self.project.apinizer.post(
            f"/projects/{self.project.name}/environmentVariables/{variable}/",
            {"description": f"{self.word} variable", "globalVisible": False,
             "globalValue": f"{self.word}-variable-value"}).must_be(200)
        self._add("apinizer", "variable", variable)

    def _cleat(self):
        project = self.project
        hidden = gr.new_integration(project)
        deletion = project.gorules.delete(
            gr.integrations(project, hidden["id"])).must_be(200) \
            .headers["Cleat-Deletion"]
        done = native.receipt(project, deletion)
        with_step = native.run(project, native.plan(
            project, "connection", self._connect("box")["id"]))
        finished = native.run(project, native.plan(
            project, "connection", self._connect()["id"], revoke="never"))
        held = self._connect()
        project.native.put(
            f"{native.base(project)}/holds/connection/{held['id']}",
            {"reason": f"{self.word} case"}).must_be(200)
        leaving = self._connect()
        self.planned = native.plan(project, "connection", leaving["id"])
        self._workers()
        self._delivery()
        self._add("cleat", "project", project.id, project.name,
                  project.upsun_id)
        self._add("cleat", "deletion", with_step["id"], done["id"])
        self._add("cleat", "finished deletion", finished["id"])
        self._add("cleat", "step", with_step["steps"][0]["id"])
        self._add("cleat", "group", self._connect()["group"]["groupRef"])
        self._add("cleat", "consumer",
                  self._connect()["consumer"]["consumerRef"])
        self._add("cleat", "hidden thing", hidden["id"])
        self._add("cleat", "held thing", held["id"])
        self._add("cleat", "leaving thing", leaving["id"])

    def _workers(self):
        """One that nobody reaches: what is for it waits."""
        environment = new_environment(self.project,
                                      unique(f"{self.word}-live"))
        self.worker = self.worker or self.project.workers.post("/register", {
            "environment": environment["name"], "name": f"{self.word}-worker",
            "url": f"https://{self.word}.localhost/"}).must_be(200).body["id"]
        self._add("cleat", "environment", environment["id"])
        self._add("cleat", "worker", self.worker)
        self._add("workers", "worker", self.worker)
        self._add("workers", "environment", environment["name"])

    def _delivery(self):
        """One that arrived, for all worlds of the project: no row ends it."""
        project = self.project
        project.sent = project.sent or self._send()
        self._add("cleat", "delivery", project.sent["id"])
        self._add("cleat", "destination", project.sent["destinationId"])

    def _send(self):
        """Nothing more is routed there."""
        project, topic = self.project, amp.new_topic(self.project)
        with Receiver() as receiver:
            hook = delivery.listen(project, f"{receiver.url}/{self.word}",
                                   "group.created", topic=topic)
            delivery.group(project, unique(f"{self.word}-told"))
            project.ampersand.delete(
                f"/projects/{project.name}/topics/{topic['id']}").must_be(204)
            [made] = delivery.in_state(project, "delivered", 1,
                                       destinationId=hook["id"])
        return made

    def settle(self):
        """Nothing that it shows changes by itself any more."""
        project = self.project
        deletion, step = self.id("cleat", "deletion"), self.id("cleat", "step")
        project.native.post(
            f"{native.base(project)}/deletions/{deletion}/steps/{step}"
            ":abandon", {"reason": "settled"}).must_be(200)
        for hook in {one["destinationId"] for one in delivery.deliveries(
                project, state="waiting")}:
            project.ampersand.delete(
                f"/projects/{project.name}/destinations/{hook}").must_be(204)
        project.sent = None
        self._delivery()

    def id(self, api, kind):
        return self.ids[api, kind][0]


# Bodies that do what the route is for, from a world and its ids.

def _installation(world, pick):
    return {"groupRef": pick("groupRef", "unused group"),
            "connectionId": pick("connectionId", "connection"),
            "config": {"content": world.config(),
                       "revisionId": pick("revisionId", "revision")}}


def _credentials(world, pick):
    return {"provider": "salesforce",
            "providerAppId": pick("providerAppId", "providerApp"),
            "groupRef": pick("groupRef", "free name"),
            "consumerRef": pick("consumerRef", "free name"),
            "oauth2AuthorizationCode": {"accessToken": {"token": "x"}}}


def _integration(world, pick):
    content = {**world.manifest(), "name": pick("name", "free name")}
    return {"name": content["name"], "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0", "content": content}}


def _objects(world, pick):
    return {"objects": ["account"], "note": f"{world.word} pause"}


def _fields(world, pick):
    return world.fields(pick("groupRef", "group"))


EMAIL = {"type": "email", "host": "192.0.2.25"}
CONFIG = {"method": "get", "url": "https://example.localhost/"}

BODIES = {
    ("ampersand", "createProject"): lambda world, pick: {
        "appName": "More", "name": unique(f"{world.word}-more"),
        "orgId": pick("orgId", "organization")},
    ("ampersand", "updateProject"): lambda world, pick: {
        "updateMask": ["appName"],
        "project": {"appName": unique("changed")}},
    ("ampersand", "createGroup"): lambda world, pick: {
        "groupRef": pick("groupRef", "free name")},
    ("ampersand", "createConsumer"): lambda world, pick: {
        "consumerRef": pick("consumerRef", "free name")},
    ("ampersand", "createOrg"): lambda world, pick: {"label": "More"},
    ("ampersand", "updateOrg"): lambda world, pick: {
        "updateMask": ["label"], "org": {"label": unique("changed")}},
    ("ampersand", "addUserToOrg"): lambda world, pick: {
        "builderId": pick("builderId", "builder")},
    ("ampersand", "createOrgInvite"): lambda world, pick: {
        "email": f"{unique(world.word)}@example.com"},
    ("ampersand", "acceptInvite"): lambda world, pick: {
        "invitedEmail": pick("invitedEmail", "invited address")},
    ("ampersand", "createBillingAccountSession"): lambda world, pick: {
        "redirectUrl": "https://example.localhost/back"},
    ("ampersand", "claimDomain"): lambda world, pick: {
        "domain": f"{unique('more')}.{world.word}.example.com",
        "parentId": pick("parentId", "organization"), "parentType": "org"},
    ("ampersand", "createApiKey"): lambda world, pick: {"label": "more"},
    ("ampersand", "updateApiKey"): lambda world, pick: {
        "updateMask": ["label"], "apiKey": {"label": "changed"}},
    ("ampersand", "createJWTKey"): lambda world, pick: JWT_KEY,
    ("ampersand", "updateJWTKey"): lambda world, pick: {
        "updateMask": ["label"], "jwtKey": {"label": "changed"}},
    ("ampersand", "createIntegration"): _integration,
    ("ampersand", "batchUpsertIntegrations"): lambda world, pick: {
        "sourceYaml": amp.manifest_yaml(pick("name", "free name"))},
    ("ampersand", "createInstallation"): _installation,
    ("ampersand", "updateInstallation"): lambda world, pick: {
        "updateMask": ["connectionId", "config.createdBy"],
        "installation": {
            "connectionId": pick("connectionId", "connection"),
            "config": {"createdBy": f"api:{world.word}-update"}}},
    ("ampersand", "patchObjectConfigContent"): lambda world, pick: {
        "installationId": pick("installationId", "installation"),
        "action": "read",
        "changes": [{"op": "add", "path": "/disabled", "value": True}]},
    ("ampersand", "createRevision"): lambda world, pick: {
        "sourceYaml": amp.manifest_yaml(world.integration["name"])},
    ("ampersand", "generateConnection"): _credentials,
    ("ampersand", "oauthConnect"): lambda world, pick: {
        "projectIdOrName": pick("projectIdOrName", "project"),
        "providerAppId": pick("providerAppId", "providerApp"),
        "provider": "salesforce", "providerWorkspaceRef": "acme",
        "groupRef": pick("groupRef", "free name"),
        "consumerRef": pick("consumerRef", "free name")},
    ("ampersand", "customAuthConnect"): lambda world, pick: {
        "projectIdOrName": pick("projectIdOrName", "project"),
        "provider": "gitlab", "customAuth": {"token": "x"},
        "groupRef": pick("groupRef", "free name"),
        "consumerRef": pick("consumerRef", "free name")},
    ("ampersand", "updateConnection"): lambda world, pick: {
        "updateMask": ["providerWorkspaceRef"],
        "connection": {"providerWorkspaceRef": "changed"}},
    ("ampersand", "createProviderApp"): lambda world, pick: {
        "provider": "salesforce", "clientId": "more", "clientSecret": "x"},
    ("ampersand", "updateProviderApp"): lambda world, pick: {
        "updateMask": ["clientId"], "providerApp": {"clientId": "changed"}},
    ("ampersand", "createDestination"): lambda world, pick: {
        "name": unique("more"), "type": "webhook",
        "metadata": {"url": "https://example.localhost/more"}},
    ("ampersand", "updateDestination"): lambda world, pick: {
        "updateMask": ["metadata.url"],
        "destination": {"metadata": {"url": "https://example.localhost/changed"}}},
    ("ampersand", "createTopic"): lambda world, pick: {"name": unique("more")},
    ("ampersand", "updateTopic"): lambda world, pick: {
        "name": unique("changed")},
    ("ampersand", "createEventTopicRoute"): lambda world, pick: {
        "eventType": "connection.created", "topicId": pick("topicId", "topic")},
    ("ampersand", "createTopicDestinationRoute"): lambda world, pick: {
        "topicId": pick("topicId", "topic"),
        "destinationId": pick("destinationId", "destination")},
    ("ampersand", "pauseReads"): _objects,
    ("ampersand", "unpauseReads"): _objects,
    ("ampersand", "pauseReadsOfRead"): _objects,
    ("ampersand", "unpauseReadsOfRead"): _objects,
    ("ampersand", "upsertMetadataForInstallation"): _fields,
    ("ampersand", "upsertMetadataForConnection"): _fields,
    ("ampersand", "triggerRead"): lambda world, pick: {
        "groupRef": pick("groupRef", "group"), "mode": "async"},
    ("ampersand", "deliverResults"): lambda world, pick: {
        "groupRef": pick("groupRef", "group"), "pages": 1},
    ("ampersand", "writeRecords"): lambda world, pick: {
        "groupRef": pick("groupRef", "group"), "type": "create",
        "record": {}},
    ("ampersand", "searchRecords"): lambda world, pick: {
        "objectName": "account", "fieldFilters": []},
    ("upsun", "create-projects-integrations"): lambda world, pick: {
        "type": "webhook", "url": "https://example.localhost/more",
        "events": ["nothing.heard"]},
    ("upsun", "set-projects-health"): lambda world, pick: {
        "name": unique("disk"), "state": "raised"},
    ("upsun", "update-projects-integrations"): lambda world, pick: {
        "url": "https://example.localhost/changed"},
    ("upsun", "create-projects-activities"): lambda world, pick: {
        "type": "environment.push",
        "integration": pick("integration", "integration")},
    ("upsun", "update-projects-activities"): lambda world, pick: {
        "completion_percent": 50,
        "integration": pick("integration", "integration")},
    ("gorules", "createProject"): lambda world, pick: {
        "name": "More", "key": unique(f"{world.word}-more")},
    ("gorules", "createIntegration"): lambda world, pick: {
        "name": "More", "type": "http", "kind": pick("kind", "free name"),
        "config": CONFIG},
    ("gorules", "updateIntegration"): lambda world, pick: {
        "name": "Changed", "config": CONFIG},
    ("gorules", "updateProject"): lambda world, pick: {"name": "Changed"},
    ("gorules", "createPersonalAccessToken"): lambda world, pick: {
        "note": f"{world.word} note", "allProjects": True,
        "permissions": ["owner"], "expiry": "week"},
    ("gorules", "executeIntegration"): lambda world, pick: {
        "input": {"name": "gorules.json"}},
    ("cleat", "planDeletion"): lambda world, pick: {
        "target": {"kind": "connection", "id": pick("id", "leaving thing")}},
    ("cleat", "runDeletion"): lambda world, pick: {
        "planToken": world.planned["planToken"]},
    ("cleat", "createEnvironment"): lambda world, pick: {
        "name": unique(f"{world.word}-more"), "kind": "test"},
    ("workers", "registerWorker"): lambda world, pick: {
        "environment": pick("environment", "environment"),
        "name": unique("more"), "url": "https://more.localhost/worker"},
    ("cleat", "createGroup"): lambda world, pick: {
        "ref": pick("ref", "free name"), "name": "More"},
    ("cleat", "updateGroup"): lambda world, pick: {"name": "Changed"},
    ("cleat", "setPolicy"): lambda world, pick: {
        "mode": "soft", "retentionDays": 9},
    ("cleat", "replayDestination"): lambda world, pick: {
        "since": "2020-01-01T00:00:00Z"},
    ("cleat", "abandonStep"): lambda world, pick: {"reason": "given up"},
    ("cleat", "putHold"): lambda world, pick: {"reason": "another case"},
    ("apinizer", "batchResolveConnectionNamesConnectionsBatch-namesPost"):
        lambda world, pick: [world.id("apinizer", "connection id")],
    ("apinizer", "addConnection"): lambda world, pick: EMAIL,
    ("apinizer", "updateConnection"): lambda world, pick: EMAIL,
    ("apinizer", "addEnvironmentVariable"): lambda world, pick: {
        "globalValue": "more"},
    ("apinizer", "updateEnvironmentVariable"): lambda world, pick: {
        "description": "changed"},
}

# References that the documents do not mark: names are unique in a project
# alone, so that of a foreign thing is free here.
NAMES = {
    ("ampersand", "oauthConnect"): [
        Place("groupRef", "body", "group"),
        Place("consumerRef", "body", "consumer")],
    ("ampersand", "customAuthConnect"): [
        Place("groupRef", "body", "group"),
        Place("consumerRef", "body", "consumer")],
    ("ampersand", "generateConnection"): [
        Place("groupRef", "body", "group"),
        Place("consumerRef", "body", "consumer")],
    ("ampersand", "createInstallation"): [
        Place("groupRef", "body", "group"),
        Place("revisionId", "body", "revision")],
    ("ampersand", "createGroup"): [Place("groupRef", "body", "group")],
    ("ampersand", "createConsumer"): [
        Place("consumerRef", "body", "consumer")],
    ("ampersand", "createIntegration"): [
        Place("name", "body", "integration name")],
    ("ampersand", "batchUpsertIntegrations"): [
        Place("name", "body", "integration name")],
    ("gorules", "createIntegration"): [Place("kind", "body", "kind")],
    ("cleat", "createGroup"): [Place("ref", "body", "group")],
}
FREE = {("oauthConnect", "groupRef"), ("oauthConnect", "consumerRef"),
        ("customAuthConnect", "groupRef"), ("customAuthConnect", "consumerRef"),
        ("generateConnection", "groupRef"),
        ("generateConnection", "consumerRef"),
        ("createGroup", "groupRef"), ("createConsumer", "consumerRef"),
        ("createIntegration", "name"), ("batchUpsertIntegrations", "name"),
        ("createIntegration", "kind"), ("addConnection", "connectionName"),
        ("addEnvironmentVariable", "name"),
        ("createGroup", "ref")}
# What all projects of an organization share.
OF_ORGANIZATION = {"organization", "invite", "builder", "invited address",
                   "claimed domain", "user"}
# A body that names what is not there is as a path that does.
UNKNOWN_IN_BODY = {"addUserToOrg", "acceptInvite"}
# Ids in the query, which only narrow down a list.
QUERY_KINDS = {"groupRef": "group", "consumerRef": "consumer",
               "pageToken": "installation", "topicId": "topic",
               "destinationId": "destination"}
# Those that say what is meant: of another's there is nothing to be found.
SOUGHT = {("patchObjectConfigContent", "installationId"),
          ("getHydratedRevision", "connectionId")}
PLAIN = {"objectName": "account", "uploadProject": "x", "uploadId": "x",
         "provider": "salesforce", "name": "ampersand", "kind": "integration",
         "policy": "http", "held": "connection"}
# What a route is for, where it is not for the first one of its kind.
MEANT = {("cleat", "getCertificate", "deletion"): "finished deletion",
         ("ampersand", "deleteConnection", "connection"):
             "unused connection",
         ("ampersand", "unpauseReads", "installation"):
             "paused installation",
         ("ampersand", "unpauseReads", "integration"): "paused integration",
         ("ampersand", "unpauseReadsOfRead", "installation"):
             "paused installation",
         ("ampersand", "unpauseReadsOfRead", "integration"):
             "paused integration",
         ("ampersand", "getBackfillProgress", "installation"):
             "read installation",
         ("ampersand", "getBackfillProgress", "integration"):
             "read integration",
         ("ampersand", "createInstallation", "connection"):
             "unused connection",
         ("ampersand", "getDestination", "destination"):
             "destination by name",
         ("ampersand", "deleteDestination", "destination"):
             "unused destination",
         ("ampersand", "createEventTopicRoute", "topic"): "unused topic",
         ("ampersand", "createTopicDestinationRoute", "topic"):
             "unused topic",
         ("upsun", "action-projects-integrations-validate", "integration"):
             "tried integration",
         ("upsun", "action-projects-integrations-hook-secret",
          "integration"): "git integration",
         ("upsun", "update-projects-activities", "activity"):
             "open activity",
         ("upsun", "action-projects-activities-cancel", "activity"):
             "open activity",
         ("upsun", "action-projects-integrations-activities-cancel",
          "activity"): "open activity",
         ("gorules", "restoreIntegration", "integration"):
             "hidden integration",
         ("gorules", "executeIntegration", "integration"):
             "called integration"}
REQUIRED_QUERY = {("apinizer", "listConnections"): {"type": "all"}}
# They say in the query whose they are asked for.
GROUP_ASKED = {"getObjectMetadataForInstallation",
               "getObjectMetadataForConnection", "searchRecords"}
# The token is in the body, there is no principal: see token_rows; that of
# putUpload is its URL: see tests/api/ampersand/test_uploads.py. A browser
# brings a state in the query: see api/ampersand/test_oauth.py. A git provider
# knows a secret: see api/upsun/test_hooks.py.
TOKEN_ROUTES = {"exchange-token", "revoke-token", "find", "putUpload",
                "oauthCallback", "action-projects-integrations-hook"}


# What two customers of one project are told apart by: the rest is the
# project's, and integrations are for all of them.
OF_GROUPS = {"installation", "connection", "group", "consumer"}


def customer_of(operation, world):
    """(groupRef, consumerRef) of whom this world's route is for."""
    kind = "unused group" if operation.name == "createInstallation" \
        else "group"
    return world.id("ampersand", kind), world.id("ampersand", "consumer")


def kind_of(operation, place):
    return MEANT.get((operation.api, operation.name, place.kind), place.kind)


def places_of(operation):
    """Each place where an id goes."""
    places = list(operation.ids)
    places += [place for place in NAMES.get(
        (operation.api, operation.name), [])
        if place.name not in [one.name for one in places]]
    return places + [
        Place(name, "query", QUERY_KINDS[name])
        for name, _ in operation.queries if name in QUERY_KINDS]


def picker(operation, world, values=()):
    """pick(name, kind): the value for that place, else the world's own."""
    values = dict(values)

    def pick(name, kind):
        kind = MEANT.get((operation.api, operation.name, kind), kind)
        if name in values:
            return values[name]
        return unique(f"{world.word}-more") if kind == "free name" \
            else world.id(operation.api, kind)

    return pick


def path_of(operation, pick, texts=(), query=()):
    """`texts` go into the path as they are, `query` into the query; the
    rest is picked."""
    path, texts = operation.path, dict(texts)
    for place in operation.places:
        if place.where == "path":
            text = texts.get(place.name)
            if text is None:
                value = pick(place.name, place.kind) if place.kind \
                    else PLAIN[place.name]
                text = urllib.parse.quote(value, safe="")
            path = path.replace(f"{{{place.name}}}", text)
    asked = {**REQUIRED_QUERY.get((operation.api, operation.name), {}),
             **{place.name: pick(place.name, place.kind)
                for place in operation.ids if place.where == "query"},
             **({"groupRef": urllib.parse.quote_plus(pick("groupRef", "group"))}
                if operation.name in GROUP_ASKED else {}),
             **dict(query)}
    return path + "".join(
        f"{'&' if number else '?'}{name}={value}"
        for number, (name, value) in enumerate(asked.items()))


def body_of(operation, world, pick):
    """None for a route without one."""
    if not operation.has_body:
        return None
    return BODIES[operation.api, operation.name](world, pick)
