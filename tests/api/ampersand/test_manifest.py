"""What a manifest may say: each broken rule is refused with 422."""

import pytest

from support.ampersand import invalid
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

GOOD = {
    "read": READ,
    "write": HEAD + "    write:\n      objects:\n"
                    "        - objectName: account\n",
    "proxy": HEAD + "    proxy:\n      enabled: true\n",
    "subscribe with read": READ + SUBSCRIBE,
    "unknown keys are a warning": READ + "          color: blue\n",
    "a destination that does not exist is a warning":
        READ.replace("accountWebhook", "noSuchDestination"),
    "every 10 minutes": READ.replace("*/15", "*/10"),
    "backfill of some days": READ + "          backfill:\n"
                                    "            defaultPeriod:\n"
                                    "              days: 0\n",
}

BAD = {
    "no YAML": "a: [",
    "a list": "- 1\n",
    "empty": "",
    "no specVersion": READ.replace("specVersion: 1.0.0\n", ""),
    "another specVersion": READ.replace("1.0.0", "9.0.0"),
    "no integrations": "specVersion: 1.0.0\nintegrations: []\n",
    "no name": READ.replace("name: NAME\n    ", ""),
    "no provider": READ.replace("    provider: salesforce\n", ""),
    "unknown provider": READ.replace("salesforce", "noSuchProvider"),
    "one name twice": READ + READ.split("integrations:\n")[1],
    "no action": HEAD,
    "no objects": HEAD + "    read:\n      objects: []\n",
    "one object twice": READ + READ.split("objects:\n")[1],
    "read object without a name":
        READ.replace("objectName: account\n          ", ""),
    "read object without a destination":
        READ.replace("          destination: accountWebhook\n", ""),
    "read object without a schedule":
        READ.replace('          schedule: "*/15 * * * *"\n', ""),
    "read object without a field": READ.split("          requiredF")[0],
    "no cron": READ.replace("*/15 * * * *", "often"),
    "cron of four fields": READ.replace("*/15 * * * *", "*/15 * * *"),
    "cron that can't be": READ.replace("*/15 * * * *", "99 * * * *"),
    "more often than every 10 minutes": READ.replace("*/15", "*/9"),
    "every minute": READ.replace("*/15", "*"),
    "mapping without a target": READ + "            - mapToName:\n",
    "two fields to one name": READ + """\
            - fieldName: a
              mapToName: same
            - fieldName: b
              mapToName: same
""",
    "subscribe without read": HEAD + SUBSCRIBE,
    "subscribe without inherited fields":
        READ + SUBSCRIBE.replace("          inheritFieldsAndMapping: true\n",
                                 ""),
    "updateEvent without watched fields":
        READ + SUBSCRIBE.replace("            watchFieldsAuto: all\n", ""),
    "updateEvent with both kinds of watched fields":
        READ + SUBSCRIBE + "            requiredWatchFields: [name]\n",
    "backfill with two periods": READ + """\
          backfill:
            defaultPeriod:
              days: 3
              fullHistory: true
""",
    "backfill of negative days": READ + """\
          backfill:
            defaultPeriod:
              days: -1
""",
    "unknown module": READ.replace("provider: salesforce",
                                   "provider: salesforce\n"
                                   "    module: noSuchModule"),
}


def deploy(project, yaml):
    return project.ampersand.put(
        f"/projects/{project.name}/integrations:batch",
        {"sourceYaml": yaml.replace("NAME", unique("manifest"))})


@pytest.mark.parametrize("rule", GOOD)
def test_manifest_is_accepted(project, rule):
    deploy(project, GOOD[rule]).must_be(200)


@pytest.mark.parametrize("rule", BAD)
def test_manifest_is_refused(project, rule):
    deploy(project, BAD[rule]).must_be(422, invalid(422))


def test_action_that_the_provider_lacks_is_refused(project):
    """The catalog's entry for github supports no subscriptions."""
    deploy(project, (READ + SUBSCRIBE).replace("salesforce", "github")) \
        .must_be(422, invalid(422))


def test_salesforce_subscribes_to_five_objects_at_most(project):
    head, one = READ.split("objects:\n")
    reads, subscriptions = head + "objects:\n", "    subscribe:\n" \
        "      objects:\n"
    for number in range(6):
        reads += one.replace("account\n", f"object{number}\n")
        subscriptions += SUBSCRIBE.split("objects:\n")[1] \
            .replace("account\n", f"object{number}\n")
    deploy(project, reads + subscriptions).must_be(422, invalid(422))
