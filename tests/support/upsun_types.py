"""The types of Upsun's integrations, field by field, as its API has them: what
a client must give, what is shown when it gives no more, and another value for
each field that it may give."""

import dataclasses

URL = "https://example.localhost/in"
SECRET = "canary-beef"  # in each secret that is never shown


@dataclasses.dataclass(frozen=True)
class Type:
    """`required` and `others` are what a client gives, `defaults` is what is
    shown besides. `secret` is kept and never shown, `sealed` is shown to who
    may change it alone, `read_only` is not taken."""

    required: dict
    others: dict = dataclasses.field(default_factory=dict)
    defaults: dict = dataclasses.field(default_factory=dict)
    secret: tuple = ()
    sealed: tuple = ()
    read_only: dict = dataclasses.field(default_factory=dict)
    nullable: tuple = ()

    @property
    def given(self):
        return {**self.required, **self.others}

    def shown(self, given):
        """What a read shows when this is what was given."""
        seen = {**self.defaults, **self.read_only, **given}
        return {name: _without_secrets(value) for name, value in seen.items()
                if name not in self.secret}

    @property
    def names(self):
        return {*self.given, *self.read_only}


def _without_secrets(value):
    """The members of Bitbucket's credentials that are shown."""
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items()
            if name not in ("secret", "shared_secret")}


def _type(required, others=None, defaults=None, **more):
    return Type(required, others or {}, defaults or {}, **more)


GIT = {"fetch_branches": True, "prune_branches": True,
       "environment_init_resources": "parent"}
GIT_OTHERS = {"fetch_branches": False, "prune_branches": False,
              "environment_init_resources": "minimum"}
TOLD = {"events": ["*"], "states": ["complete"], "environments": ["*"],
        "excluded_environments": [], "result": "*"}
TOLD_OTHERS = {"events": ["environment.push", "environment.backup"],
               "states": ["pending", "complete"], "environments": ["main"],
               "excluded_environments": ["pr-*"], "result": "failure"}
LOG = {"extra": {}, "tls_verify": True, "excluded_services": []}
LOG_OTHERS = {"extra": {"team": "a"}, "tls_verify": False,
              "excluded_services": ["db"]}
HTTP_LOG = _type(
    {"url": URL},
    {**LOG_OTHERS, "headers": {"Authorization": "Bearer b", "X-Team": ""}},
    {**LOG, "headers": {}}, sealed=("headers",))

TYPES = {
    "bitbucket": _type(
        {"repository": "acme/site"},
        {**GIT_OTHERS,
         "app_credentials": {"key": "k", "secret": SECRET},
         "addon_credentials": {"addon_key": "a", "client_key": "c",
                               "shared_secret": SECRET},
         "build_pull_requests": False,
         "pull_requests_clone_parent_data": False,
         "pull_requests_max_pages": 7, "resync_pull_requests": True},
        {**GIT, "app_credentials": None, "addon_credentials": None,
         "build_pull_requests": True, "pull_requests_clone_parent_data": True,
         "pull_requests_max_pages": None, "resync_pull_requests": False},
        nullable=("app_credentials", "addon_credentials",
                  "pull_requests_max_pages")),
    "bitbucket_server": _type(
        {"url": URL, "username": "jane", "token": SECRET, "project": "ACME",
         "repository": "site"},
        {**GIT_OTHERS, "build_pull_requests": False,
         "pull_requests_clone_parent_data": False},
        {**GIT, "build_pull_requests": True,
         "pull_requests_clone_parent_data": True}, secret=("token",)),
    "blackfire": _type({}, read_only={
        "environments_credentials": {}, "continuous_profiling": False}),
    "fastly": _type(
        {"token": SECRET, "service_id": "abc"},
        {**TOLD_OTHERS, "tls_certificates": True},
        {**TOLD, "tls_certificates": False}, secret=("token",)),
    "github": _type(
        {"token": SECRET, "repository": "acme/site"},
        {**GIT_OTHERS, "base_url": URL, "build_pull_requests": False,
         "build_draft_pull_requests": False,
         "build_pull_requests_post_merge": True,
         "pull_requests_clone_parent_data": False},
        {**GIT, "base_url": None, "build_pull_requests": True,
         "build_draft_pull_requests": True,
         "build_pull_requests_post_merge": False,
         "pull_requests_clone_parent_data": True},
        secret=("token",), nullable=("base_url",),
        read_only={"token_type": "classic_personal_token"}),
    "gitlab": _type(
        {"token": SECRET, "project": "acme/web/site"},
        {**GIT_OTHERS, "rotate_token": True,
         "rotate_token_validity_in_weeks": 8, "base_url": URL,
         "build_merge_requests": False, "build_wip_merge_requests": False,
         "merge_requests_clone_parent_data": False},
        {**GIT, "rotate_token": False, "rotate_token_validity_in_weeks": 4,
         "base_url": "https://gitlab.com", "build_merge_requests": True,
         "build_wip_merge_requests": True,
         "merge_requests_clone_parent_data": True},
        secret=("token",), read_only={"token_expires_at": None}),
    "health.email": _type(
        {"recipients": ["jane@example.com", "#admins", "#viewers"]},
        {"from_address": "cleat@example.com"}, {"from_address": None},
        nullable=("from_address",)),
    "health.pagerduty": _type({"routing_key": "key"},
                              sealed=("routing_key",)),
    "health.slack": _type({"token": SECRET, "channel": "#builds"},
                          secret=("token",)),
    "health.webhook": _type({"url": URL}, {"shared_key": SECRET},
                            secret=("shared_key",), nullable=("shared_key",)),
    "httplog": HTTP_LOG,
    "newrelic": _type({"url": URL, "license_key": SECRET}, LOG_OTHERS, LOG,
                      secret=("license_key",)),
    "otlplog": HTTP_LOG,
    "script": _type({"script": "log(activity.type);"}, TOLD_OTHERS, TOLD),
    "splunk": _type(
        {"url": URL, "index": "main", "token": SECRET},
        {**LOG_OTHERS, "sourcetype": "s"}, {**LOG, "sourcetype": ""},
        secret=("token",)),
    "sumologic": _type({"url": URL}, {**LOG_OTHERS, "category": "c"},
                       {**LOG, "category": ""}),
    "syslog": _type(
        {},
        {**LOG_OTHERS, "host": "logs.example.com", "port": 6514,
         "protocol": "udp", "facility": 23, "message_format": "rfc3164",
         "auth_token": SECRET, "auth_mode": "structured_data"},
        {**LOG, "host": "localhost", "port": 514, "protocol": "tls",
         "facility": 1, "message_format": "rfc5424"},
        secret=("auth_token", "auth_mode")),
    "webhook": _type(
        {"url": URL}, {**TOLD_OTHERS, "shared_key": "k"},
        {**TOLD, "shared_key": None},
        sealed=("shared_key",), nullable=("shared_key",)),
}

NAMES = set().union(*(kind.names for kind in TYPES.values()))
WORDS = {
    "environment_init_resources": ["default", "manual", "minimum", "parent"],
    "result": ["*", "failure", "success"],
    "protocol": ["tcp", "tls", "udp"],
    "message_format": ["rfc3164", "rfc5424"],
    "auth_mode": ["prefix", "structured_data"],
}
RANGES = {"pull_requests_max_pages": (1, 2 ** 31 - 1),
          "rotate_token_validity_in_weeks": (1, 52),
          "port": (1, 65535), "facility": (0, 23)}
GIT_TYPES = {"bitbucket", "bitbucket_server", "github", "gitlab"}
# What has nothing outside that could be tried.
UNTRIED = {"blackfire", "fastly", "script"}


def each_field():
    """(type, field) of all that a client may give."""
    return [(kind, name) for kind, its in TYPES.items() for name in its.given]
