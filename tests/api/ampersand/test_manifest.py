"""What a manifest may say: each broken rule is refused with 422, and the
issue names the key that breaks it."""

import pytest

from support.ampersand import invalid, manifest
from support.names import unique

HEAD = """\
specVersion: 1.0.0
integrations:
  - name: NAME
    provider: salesforce
"""

READ = HEAD + """\
    read:
      objects:
        - objectName: account
          destination: accountWebhook
          schedule: "*/15 * * * *"
          requiredFields:
            - fieldName: name
"""

SUBSCRIBE = """\
    subscribe:
      objects:
        - objectName: account
          destination: accountWebhook
          inheritFieldsAndMapping: true
          updateEvent:
            enabled: always
            watchFieldsAuto: all
"""

BOTH = READ + SUBSCRIBE
WRITE = HEAD + "    write:\n      objects:\n        - objectName: account\n"
PROXY = HEAD + "    proxy:\n      enabled: true\n"
WATCH_SCHEMA = """\
    watchSchema:
      destination: schemaWebhook
      allObjects:
        fieldCreated:
          enabled: always
"""
SCHEMA = READ + WATCH_SCHEMA
MAPPED = READ + "            - mapToName: notes\n"
WATCH_AUTO = "            watchFieldsAuto: all\n"


def at(module, yaml, provider="salesforce"):
    return yaml.replace("provider: salesforce",
                        f"provider: {provider}\n    module: {module}")


def subscribed(events, provider="salesforce"):
    """Read, and subscribed to with these events alone."""
    return (READ + SUBSCRIBE.split("          inherit")[0]
            + "".join(f"          {line}\n" for line in events)) \
        .replace("salesforce", provider)


def backfill(period):
    return READ + "          backfill:\n" \
        f"            defaultPeriod: {period}\n"


GOOD = {
    "read": READ,
    "write": WRITE,
    "proxy": PROXY,
    "subscribe with read": BOTH,
    "changes of the schema": READ + WATCH_SCHEMA,
    "unknown keys are a warning": READ + "          color: blue\n",
    "a destination that does not exist is a warning":
        READ.replace("accountWebhook", "noSuchDestination"),
    "every 10 minutes": READ.replace("*/15", "*/10"),
    "once a month": READ.replace("*/15 * * * *", "30 4 1 JAN-DEC *"),
    "backfill of some days": backfill("{days: 0}"),
    "backfill of everything": backfill("{fullHistory: true}"),
    "the customer's choice of a field": MAPPED,
    "the customer's choice of fields alone":
        READ.split("          requiredF")[0]
        + "          optionalFieldsAuto: all\n",
    "field under another name": READ + "              mapToName: title\n",
    "named fields are watched": BOTH.replace(
        WATCH_AUTO, "            requiredWatchFields: [name, phone]\n"),
    "always enabled": READ + "          enabled: always\n",
    "other events without inherited fields":
        READ + SUBSCRIBE.split("          inherit")[0]
        + "          otherEvents: [object.merged]\n",
    "the default module": at("crm", BOTH),
    "another module": at("account-engagement", READ),
    "module that does more than its provider": at("gmail", BOTH, "google"),
    "every event with inherited fields": subscribed([
        "inheritFieldsAndMapping: true", "createEvent: {enabled: always}",
        "deleteEvent: {enabled: always}", "associationChangeEvent: "
        "{enabled: always, includeFullRecords: true}"]),
    "one object in two actions": READ + WRITE.split("salesforce\n")[1],
    "a page of a known size":
        READ + "          delivery: {mode: onRequest, pageSize: 500}\n",
    "the module that a proxy goes to": at("restlet", PROXY, "netsuite")
        + "      useModule: true\n",
    "the provider that a proxy goes to":
        at("account-engagement", PROXY),
    "nothing is the same as absent": READ.replace(
        "    read:", "    displayName:\n    write:\n    read:"),
}

ONE = "integrations[0]"
OBJECT = f"{ONE}.read.objects[0]"
SUBSCRIBED = f"{ONE}.subscribe.objects[0]"

# rule: what breaks it, and the key that is to blame
BAD = {
    "no YAML": ("a: [", "sourceYaml"),
    "a list": ("- 1\n", "sourceYaml"),
    "empty": ("", "sourceYaml"),
    "no specVersion": (READ.replace("specVersion: 1.0.0\n", ""),
                       "specVersion"),
    "another specVersion": (READ.replace("1.0.0", "9.0.0"), "specVersion"),
    "no integrations": ("specVersion: 1.0.0\nintegrations: []\n",
                        "integrations"),
    "no name": (READ.replace("name: NAME\n    ", ""), f"{ONE}.name"),
    "no provider": (READ.replace("    provider: salesforce\n", ""),
                    f"{ONE}.provider"),
    "unknown provider": (READ.replace("salesforce", "noSuchProvider"),
                         f"{ONE}.provider"),
    "one name twice": (READ + READ.split("integrations:\n")[1],
                       "integrations[1].name"),
    "no action": (HEAD, ONE),
    "an action that is nothing": (HEAD + "    read:\n", ONE),
    "no objects": (HEAD + "    read:\n      objects: []\n",
                   f"{ONE}.read.objects"),
    "one object twice": (READ + READ.split("objects:\n")[1],
                         f"{ONE}.read.objects[1].objectName"),
    "one object written twice": (WRITE + WRITE.split("objects:\n")[1],
                                 f"{ONE}.write.objects[1].objectName"),
    "read object without a name":
        (READ.replace("objectName: account\n          ", ""),
         f"{OBJECT}.objectName"),
    "read object without a destination":
        (READ.replace("          destination: accountWebhook\n", ""),
         f"{OBJECT}.destination"),
    "read object without a schedule":
        (READ.replace('          schedule: "*/15 * * * *"\n', ""),
         f"{OBJECT}.schedule"),
    "read object without a field": (READ.split("          requiredF")[0],
                                    OBJECT),
    "no cron": (READ.replace("*/15 * * * *", "often"), f"{OBJECT}.schedule"),
    "cron of four fields": (READ.replace("*/15 * * * *", "*/15 * * *"),
                            f"{OBJECT}.schedule"),
    "cron that can't be": (READ.replace("*/15 * * * *", "99 * * * *"),
                           f"{OBJECT}.schedule"),
    "more often than every 10 minutes": (READ.replace("*/15", "*/9"),
                                         f"{OBJECT}.schedule"),
    "more often across the hour": (READ.replace("*/15", "*/11"),
                                   f"{OBJECT}.schedule"),
    "every minute": (READ.replace("*/15", "*"), f"{OBJECT}.schedule"),
    "the schema watched every minute":
        (READ + WATCH_SCHEMA + '      schedule: "* * * * *"\n',
         f"{ONE}.watchSchema.schedule"),
    "mapping without a target": (READ + "            - mapToName:\n",
                                 f"{OBJECT}.requiredFields[1]"),
    "prompt without a target":
        (READ + "              prompt: Which one?\n",
         f"{OBJECT}.requiredFields[0].mapToName"),
    "two fields to one name": (READ + """\
            - fieldName: a
              mapToName: same
            - fieldName: b
              mapToName: same
""", f"{OBJECT}.requiredFields[2].mapToName"),
    "a required and an optional field to one name": (MAPPED + """\
          optionalFields:
            - fieldName: a
              mapToName: notes
""", f"{OBJECT}.optionalFields[0].mapToName"),
    "subscribe without read": (HEAD + SUBSCRIBE, f"{ONE}.subscribe"),
    "subscribe without inherited fields":
        (BOTH.replace("          inheritFieldsAndMapping: true\n", ""),
         f"{SUBSCRIBED}.inheritFieldsAndMapping"),
    "updateEvent that is enabled sometimes":
        (BOTH.replace("always", "sometimes"),
         f"{SUBSCRIBED}.updateEvent.enabled"),
    "updateEvent without watched fields":
        (BOTH.replace(WATCH_AUTO, ""), f"{SUBSCRIBED}.updateEvent"),
    "updateEvent with both kinds of watched fields":
        (BOTH + "            requiredWatchFields: [name]\n",
         f"{SUBSCRIBED}.updateEvent"),
    "watched field that is nested":
        (BOTH.replace(WATCH_AUTO,
                      "            requiredWatchFields: [a, b.c]\n"),
         f"{SUBSCRIBED}.updateEvent.requiredWatchFields[1]"),
    "watched fields of no known kind":
        (BOTH.replace("watchFieldsAuto: all", "watchFieldsAuto: some"),
         f"{SUBSCRIBED}.updateEvent.watchFieldsAuto"),
    "backfill with two periods": (backfill("{days: 3, fullHistory: true}"),
                                  f"{OBJECT}.backfill.defaultPeriod"),
    "backfill without a period": (backfill("{}"),
                                  f"{OBJECT}.backfill.defaultPeriod"),
    "backfill of negative days": (backfill("{days: -1}"),
                                  f"{OBJECT}.backfill.defaultPeriod.days"),
    "always enabled with a mapping":
        (MAPPED + "          enabled: always\n",
         f"{OBJECT}.requiredFields[1].mapToName"),
    "always enabled without required fields":
        (READ.replace("requiredFields", "optionalFields")
         + "          enabled: always\n", f"{OBJECT}.requiredFields"),
    "always enabled without a schedule":
        (READ.replace('          schedule: "*/15 * * * *"\n', "")
         + "          enabled: always\n", f"{OBJECT}.schedule"),
    "unknown module": (at("noSuchModule", READ), f"{ONE}.module"),
    "another provider's module": (at("gmail", READ), f"{ONE}.module"),
    "module that lacks the action": (at("account-engagement", BOTH),
                                     f"{ONE}.subscribe"),
    "an alias of nothing": (READ + "            - fieldName: *x\n",
                            "sourceYaml"),
    "a key twice": (READ + "          destination: other\n", "sourceYaml"),
    "two documents": (READ + "---\n" + READ, "sourceYaml"),
    "too deep": ("a: " + "[" * 70 + "]" * 70, "sourceYaml"),
    "integrations that are no list": (
        "specVersion: 1.0.0\nintegrations: {}\n", "integrations"),
    "a name that is no text": (READ.replace("NAME", "1"), f"{ONE}.name"),
    "a display name that is no text":
        (READ + "    displayName: [x]\n", f"{ONE}.displayName"),
    "a module that is no text": (at("[x]", READ), f"{ONE}.module"),
    "an action that is no mapping": (HEAD + "    write: all\n",
                                     f"{ONE}.write"),
    "nothing written": (HEAD + "    write:\n      objects: []\n",
                        f"{ONE}.write.objects"),
    "no list of what is written": (HEAD + "    write: {}\n",
                                   f"{ONE}.write.objects"),
    "written object without a name":
        (WRITE.replace("objectName", "name"),
         f"{ONE}.write.objects[0].objectName"),
    "mapping inherited in words":
        (WRITE + "          inheritMapping: sure\n",
         f"{ONE}.write.objects[0].inheritMapping"),
    "defaults in words":
        (WRITE + "          valueDefaults: {allowAnyFields: sure}\n",
         f"{ONE}.write.objects[0].valueDefaults.allowAnyFields"),
    "proxy enabled in words": (PROXY.replace("true", "sure"),
                               f"{ONE}.proxy.enabled"),
    "proxy to a module that has none":
        (at("account-engagement", PROXY) + "      useModule: true\n",
         f"{ONE}.proxy"),
    "nothing subscribed to": (READ + "    subscribe: {objects: []}\n",
                              f"{ONE}.subscribe.objects"),
    "one object subscribed to twice":
        (BOTH + SUBSCRIBE.split("objects:\n")[1],
         f"{ONE}.subscribe.objects[1].objectName"),
    "subscribed object without a name":
        (READ + SUBSCRIBE.replace("objectName: account\n          ", ""),
         f"{SUBSCRIBED}.objectName"),
    "subscribed object without a destination":
        (READ + SUBSCRIBE.replace("          destination: accountWebhook\n",
                                  ""), f"{SUBSCRIBED}.destination"),
    "created records without inherited fields":
        (subscribed(["createEvent: {enabled: always}"]),
         f"{SUBSCRIBED}.inheritFieldsAndMapping"),
    "deleted records without inherited fields":
        (subscribed(["inheritFieldsAndMapping: false",
                     "deleteEvent: {enabled: always}"]),
         f"{SUBSCRIBED}.inheritFieldsAndMapping"),
    "associations without inherited fields":
        (subscribed(["associationChangeEvent: {enabled: always}"]),
         f"{SUBSCRIBED}.inheritFieldsAndMapping"),
    "createEvent that is enabled sometimes":
        (subscribed(["inheritFieldsAndMapping: true",
                     "createEvent: {enabled: sometimes}"]),
         f"{SUBSCRIBED}.createEvent.enabled"),
    "updateEvent that is not said to be enabled":
        (BOTH.replace("            enabled: always\n", ""),
         f"{SUBSCRIBED}.updateEvent.enabled"),
    "records included in words":
        (subscribed(["inheritFieldsAndMapping: true",
                     "associationChangeEvent: {includeFullRecords: sure}"]),
         f"{SUBSCRIBED}.associationChangeEvent.includeFullRecords"),
    "other events that are no list":
        (subscribed(["otherEvents: merged"]), f"{SUBSCRIBED}.otherEvents"),
    "no watched field": (BOTH.replace(WATCH_AUTO, """\
            requiredWatchFields: []
"""), f"{SUBSCRIBED}.updateEvent.requiredWatchFields"),
    "all fields in another word":
        (READ + "          optionalFieldsAuto: some\n",
         f"{OBJECT}.optionalFieldsAuto"),
    "enabled in another word":
        (READ + "          enabled: sometimes\n", f"{OBJECT}.enabled"),
    "backfill without its default": (READ + "          backfill: {}\n",
                                     f"{OBJECT}.backfill.defaultPeriod"),
    "backfill of half a day": (backfill("{days: 0.5}"),
                               f"{OBJECT}.backfill.defaultPeriod.days"),
    "delivery in another way":
        (READ + "          delivery: {mode: later}\n",
         f"{OBJECT}.delivery.mode"),
    "a page that is too large":
        (READ + "          delivery: {pageSize: 501}\n",
         f"{OBJECT}.delivery.pageSize"),
    "field that is neither named nor mapped":
        (READ + "            - mapToDisplayName: Notes\n",
         f"{OBJECT}.requiredFields[1]"),
    "default without a target":
        (READ + "              default: title\n",
         f"{OBJECT}.requiredFields[0].mapToName"),
    "schema watched without a destination":
        (SCHEMA.replace("      destination: schemaWebhook\n", ""),
         f"{ONE}.watchSchema.destination"),
    "schema watched without events":
        (READ + "    watchSchema: {destination: schemaWebhook}\n",
         f"{ONE}.watchSchema.allObjects"),
    "schema watched sometimes":
        (READ + WATCH_SCHEMA.replace("always", "sometimes"),
         f"{ONE}.watchSchema.allObjects.fieldCreated.enabled"),
    "schema's event that is not said to be enabled":
        (READ + WATCH_SCHEMA.replace("          enabled: always\n", "")
         .replace("fieldCreated:", "fieldCreated: {}"),
         f"{ONE}.watchSchema.allObjects.fieldCreated.enabled"),
    "a page of no known size":
        (READ + "          delivery: {pageSize: 49}\n",
         f"{OBJECT}.delivery.pageSize"),
}


def deploy(project, yaml):
    return project.ampersand.put(
        f"/projects/{project.name}/integrations:batch",
        {"sourceYaml": yaml.replace("NAME", unique("manifest"))})


def blamed(reply):
    return {issue["name"] for issue in reply.body["issues"]}


@pytest.mark.parametrize("rule", GOOD)
def test_manifest_is_accepted(project, rule):
    deploy(project, GOOD[rule]).must_be(200)


@pytest.mark.parametrize("rule", BAD)
def test_manifest_is_refused(project, rule):
    yaml, key = BAD[rule]
    reply = deploy(project, yaml).must_be(422, invalid(422))
    assert blamed(reply) == {key}, reply
    assert all(cause.startswith(key + " ") for cause in reply.body["causes"])


WARNED = {
    "unknown keys": (READ.replace("NAME", "NAME\n    colour: blue")
                     + "          size: 1\n"
                     "          backfill: {defaultPeriod: {days: 1}, of: x}\n",
                     [f"{ONE}.colour is not known",
                      f"{OBJECT}.size is not known",
                      f"{OBJECT}.backfill.of is not known"]),
    "unknown key without a value": (
        READ.replace("NAME", "NAME\n    colour:\n    displayName: null"),
        [f"{ONE}.colour is not known"]),
    "unknown key at the top": (READ + "author: me\n",
                               ["author is not known"]),
    "what a header can't say": (READ + '    "a;\\r\\nB: c\\u00e9": 1\n',
                                [f"{ONE}.a???B: c?? is not known"]),
}


@pytest.mark.parametrize("rule", WARNED)
def test_what_is_likely_a_mistake_is_a_warning(project, rule):
    yaml, warnings = WARNED[rule]
    reply = deploy(project, yaml).must_be(200)
    said = reply.headers["Cleat-Warnings"].split("; ")
    assert said == sorted([*warnings, f"{OBJECT}.destination does not exist"],
                          key=said.index)


def test_destination_that_exists_is_no_warning(project):
    name = unique("hook")
    project.ampersand.post(f"/projects/{project.name}/destinations", {
        "name": name, "type": "webhook",
        "metadata": {"url": "https://example.localhost/"}}).must_be(201)
    reply = deploy(project, READ.replace("accountWebhook", name)).must_be(200)
    assert "Cleat-Warnings" not in reply.headers


def test_content_that_is_json_is_warned_of(project):
    name = unique("sync")
    content = {**manifest(name), "colour": "blue"}
    reply = project.ampersand.post(f"/projects/{project.name}/integrations", {
        "name": name, "provider": content["provider"],
        "latestRevision": {"specVersion": "1.0.0",
                           "content": content}}).must_be(201)
    assert "latestRevision.content.colour is not known" in \
        reply.headers["Cleat-Warnings"]


def test_what_has_no_value_is_not_kept(project):
    name = unique("sync")
    content = {**manifest(name), "colour": None, "displayName": None}
    made = project.ampersand.post(f"/projects/{project.name}/integrations", {
        "name": name, "provider": content["provider"],
        "latestRevision": {"specVersion": "1.0.0", "content": content}})
    assert "latestRevision.content.colour is not known" in \
        made.must_be(201).headers["Cleat-Warnings"]
    [kept] = [one for one in project.ampersand.get(
        f"/projects/{project.name}/integrations").must_be(200).body
        if one["name"] == name]
    expected = manifest(name)
    del expected["displayName"]
    assert kept["latestRevision"]["content"] == expected


def test_all_mistakes_are_named_together(project):
    yaml = BOTH.replace("1.0.0", "2.0.0").replace("*/15", "*") \
        .replace("account\n", "''\n", 1).replace(WATCH_AUTO, "")
    reply = deploy(project, yaml).must_be(422, invalid(422))
    assert blamed(reply) == {"specVersion", f"{OBJECT}.schedule",
                             f"{OBJECT}.objectName",
                             f"{SUBSCRIBED}.updateEvent"}, reply


def test_what_is_nothing_is_left_out_of_the_content(project):
    yaml = GOOD["nothing is the same as absent"]
    [made] = deploy(project, yaml).must_be(200).body
    assert sorted(made["latestRevision"]["content"]) == [
        "name", "provider", "read"]


def test_action_that_the_provider_lacks_is_refused(project):
    """The catalog's entry for github supports no subscriptions."""
    reply = deploy(project, BOTH.replace("salesforce", "github")) \
        .must_be(422, invalid(422))
    assert blamed(reply) == {f"{ONE}.subscribe"}, reply


def test_salesforce_subscribes_to_five_objects_at_most(project):
    head, one = READ.split("objects:\n")
    reads, subscriptions = head + "objects:\n", "    subscribe:\n" \
        "      objects:\n"
    for number in range(5):
        reads += one.replace("account\n", f"object{number}\n")
        subscriptions += SUBSCRIBE.split("objects:\n")[1] \
            .replace("account\n", f"object{number}\n")
    deploy(project, reads + subscriptions).must_be(200)
    subscriptions += SUBSCRIBE.split("objects:\n")[1]
    reply = deploy(project, reads + subscriptions).must_be(422, invalid(422))
    assert blamed(reply) == {f"{ONE}.subscribe.objects"}, reply


@pytest.mark.parametrize("change, key", [
    ({"specVersion": "2.0.0"}, "latestRevision.specVersion"),
    ({"content": {"read": {"objects": [{}]}}},
     "latestRevision.content.read.objects[0].schedule"),
    ({"content": {"name": "another"}}, "latestRevision.content.name"),
    ({"content": {"proxy": []}}, "latestRevision.content.proxy")])
def test_rules_hold_for_content_that_is_json(project, change, key):
    name = unique("sync")
    content = {**manifest(name), **change.get("content", {})}
    reply = project.ampersand.post(f"/projects/{project.name}/integrations", {
        "name": name, "provider": content["provider"],
        "latestRevision": {"specVersion": "1.0.0", **change,
                           "content": content}}).must_be(422, invalid(422))
    assert key in blamed(reply), reply
