"""A project, with a caller of each API: those of the four providers, the
native one and the workers'."""

import datetime
from functools import cached_property

from support.ampersand import Ampersand
from support.apinizer import Apinizer
from support.gorules import GoRules
from support.native import Native
from support.upsun import Upsun
from support.wait import eventually
from support.worker import Workers


class Project:
    """`keys` is the document that `cleat init` and `cleat project create`
    print; the callers may do all that their API does in the project."""

    def __init__(self, server, keys):
        self.server = server
        self.keys = keys
        self.id = keys["project"]["id"]
        self.name = keys["project"]["name"]
        self.upsun_id = keys["project"]["upsunId"]
        self.sent = None  # a delivery that arrived, once there is one
        self.operation = None  # ids of one, if there is one: by kind

    @cached_property
    def ampersand(self):
        return Ampersand(self.server, key=self.keys["ampersand"]["apiKey"])

    @cached_property
    def builder(self):
        """Ampersand with the builder's session instead of an API key."""
        return Ampersand(self.server, bearer=self.upsun.access_token)

    @cached_property
    def upsun(self):
        return Upsun(self.server, self.keys["upsun"]["apiToken"])

    @cached_property
    def gorules(self):
        return GoRules(self.server,
                       self.keys["gorules"]["personalAccessToken"])

    @cached_property
    def apinizer(self):
        return Apinizer(self.server, self.keys["apinizer"]["token"])

    @cached_property
    def native(self):
        return Native(self.server, self.keys["gorules"]["personalAccessToken"])

    @cached_property
    def workers(self):
        """What its workers call, by a token of its own."""
        return Workers(self.server, self.token("worker")["token"])

    def expired_token(self, api):
        """One whose second is over."""
        made = self.token(api, "--expires", "1")
        end = datetime.datetime.fromisoformat(made["expiresAt"])
        eventually(lambda: datetime.datetime.now(end.tzinfo) > end,
                   "it has expired")
        return made["token"]

    def token(self, api, *options):
        """A new token of this project, by the command line."""
        return self.server.store.create_token(self.name, api, *options)

    def caller(self, api, role):
        """A caller of that API with a new token of that role."""
        token = self.token(api, "--role", role)["token"]
        if api == "ampersand":
            return Ampersand(self.server, key=token)
        kinds = {"upsun": Upsun, "gorules": GoRules, "apinizer": Apinizer,
                 "worker": Workers}
        return kinds[api](self.server, token)
