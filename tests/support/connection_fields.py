"""The fields of Apinizer's connection types, as this repository lists them in
api/apinizer/fields.tsv, as the program's table has them, and as the contract's
files have them where somebody has those. All in one form:

    {(type, path): Field}, with paths such as elasticHostList[].host"""

import dataclasses
import functools
import json
import pathlib
import re

from support import cli

LIST = pathlib.Path(__file__).parents[1] / "api/apinizer/fields.tsv"

# The files of the contract say of which member such a field is.
GROUPS = {"ElasticHost": "elasticHostList[].",
          "ElasticsearchIndexLifecyclePolicy": "indexLifecyclePolicy.",
          "ConfigRabbitMqHostPort": "hostPortList[].",
          "Log Target Fields": "", "SNMP Common Fields": ""}
# Which field's words they are, where the files do not say.
WORDS_OF = {"EnumEncryptCommunicationType": ["encryptCommunicationType"],
            "EnumElasticsearchType": ["elasticsearchType"],
            "EnumElasticsearchMajorVersion": ["elasticsearchMajorVersion"],
            "EnumFtpProtocol": ["protocol"],
            "MapValueType": ["propertiesMap.*.valueType"],
            "EnumSSLContextProtocolType": ["protocolTypes"]}
MARKS = {"list": "[]", "map": ".*"}


@dataclasses.dataclass(frozen=True)
class Field:
    kind: str
    required: str = ""  # yes; or the feature that needs it, NAME or NAME=VALUE
    default: object = None
    is_secret: bool = False
    words: tuple = ()

    @property
    def plain_kind(self):
        """As JSON has it."""
        return {"list of strings": "list", "map of strings": "object",
                "map": "object", "any": "object"}.get(self.kind, self.kind)


@functools.cache
def listed():
    found = {}
    for line in LIST.read_text().splitlines():
        if line.startswith("#"):
            continue
        kind, path, value, required, default, secret, words = line.split("\t")
        found[kind, path] = Field(
            value, required, json.loads(default) if default else None,
            secret == "secret", tuple(words.split()))
    return found


def types():
    return sorted({kind for kind, _ in listed()})


def tabled():
    """By the program's own word."""
    return {(table["type"], path): field
            for table in cli.cleat("types", "--api", "apinizer")
            for path, field in _flat(table["fields"], "")}


def _flat(fields, prefix):
    for one in fields:
        path = prefix + one["name"]
        required = "yes" if one.get("required") else one.get("feature", "")
        if "choice" in one:
            required += f"={one['choice']}"
        kind = "any" if one.get("readOnly") else one["type"]
        yield path, Field(kind, required, one.get("default"),
                          one.get("secret", False),
                          tuple(one.get("values", ())))
        yield from _flat(one.get("fields", ()),
                         f"{path}{MARKS.get(one['type'], '')}.")


FIELD = re.compile(r"- (?P<name>\w+): (?P<kind>\w+)( \(base64\))?, "
                   r"req=(?P<required>[\w*]+), def=(?P<default>.*?)"
                   r"(?P<secret> S)?( \((?P<group>[\w ]+)\))?")
ENUM = re.compile(r"  - enum (?P<enum>[\w ]+?)( \((?P<of>[\w, ]+)\))?"
                  r"( - v3 only)?: (?P<words>.+)")
KINDS = {"array": "list", "long": "integer"}


def described(text):
    """By the contract's apinizer-fields.md; `required` is Yes, No or No*."""
    found, words, kind = {}, {}, None
    for line in text.splitlines():
        if line.startswith("### "):
            kind = line[4:]
        elif line.startswith("- "):
            path, field = _described(kind, FIELD.fullmatch(line))
            found[kind, path] = field
        elif line.startswith("  - enum "):
            match = ENUM.fullmatch(line)
            of = match["of"].split(", ") if match["of"] \
                else WORDS_OF[match["enum"]]
            words.update({(kind, path): tuple(match["words"].split(" | "))
                          for path in of})
    return found, words


def _described(kind, match):
    path = GROUPS.get(match["group"], "") + match["name"]
    if kind == "webhook" and path in ("name", "value"):
        path = f"headerList[].{path}"
    return path, Field(KINDS.get(match["kind"], match["kind"]),
                       match["required"], _default(match),
                       bool(match["secret"]))


def _default(match):
    text = match["default"].strip("`")
    if text in ("-", "null"):
        return None
    if match["kind"] != "string":
        return json.loads(text)
    return "" if text == '""' else text


# Which schema of the contract's OpenAPI document is of which type.
SCHEMAS = {"activemq": "ConnectionConfigApacheActiveMqDTO",
           "database": "ConnectionPoolDefDbDTO",
           "elasticsearch": "ConnectionConfigElasticsearchDTO",
           "email": "ConnectionConfigEmailDTO",
           "ftp": "ConnectionConfigFtpDTO",
           "graylog": "ConnectionConfigGraylogDTO",
           "kafka": "ConnectionConfigKafkaDTO",
           "ldap": "ConnectionPoolDefLdapDTO",
           "linux-script": "ConnectionConfigLinuxScriptDTO",
           "logback": "ConnectionConfigLogbackDTO",
           "rabbitmq": "ConnectionConfigRabbitMqDTO",
           "snmp": "ConnectionConfigSNMPDTO",
           "syslog": "ConnectionConfigSyslogDTO",
           "webhook": "ConnectionConfigWebhookDTO"}


def drawn(document):
    """By the contract's OpenAPI document: (type, path) to (kind, words)."""
    schemas = document["components"]["schemas"]
    found = {}
    for kind, name in SCHEMAS.items():
        own = schemas[name]["allOf"][1]
        for path, value in _drawn(schemas, own, ""):
            found[kind, path] = value
    return found


def _drawn(schemas, schema, prefix):
    for name, value in schema["properties"].items():
        path = prefix + name
        value, inner = _resolved(schemas, value), f"{path}."
        yield path, (KINDS.get(value["type"], value["type"]),
                     tuple(value.get("enum", ())
                           or value.get("items", {}).get("enum", ())))
        for key, mark in ("items", "[]"), ("additionalProperties", ".*"):
            if key in value:
                value, inner = (_resolved(schemas, value[key]),
                                f"{path}{mark}.")
        if "properties" in value:
            yield from _drawn(schemas, value, inner)


def _resolved(schemas, schema):
    return schemas[schema["$ref"].split("/")[-1]] if "$ref" in schema \
        else schema
