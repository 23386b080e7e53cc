"""Customers who install and uninstall, all at once, and remember what they
were told.

Each customer is a group of its own with one connection, used by up to two
installations. What a customer knows of a thing is one of

    NONE     never asked for, or refused
    MAYBE    asked for, no answer came
    THERE    acknowledged
    LEAVING  its deletion was asked for, no answer came
    GONE     its deletion was acknowledged

and `faults` compares that with what the store holds."""

import dataclasses
import random
import threading

from support.ampersand import CONFIG
from support.names import unique
from support.raw import Lost, Raw, address_of, request

NONE, MAYBE, THERE, LEAVING, GONE = "none", "maybe", "there", "leaving", "gone"
SLOTS = 2


@dataclasses.dataclass
class Thing:
    state: str = NONE
    id: str = None


class Customer:
    def __init__(self):
        self.ref = unique("customer")
        self.connection = Thing()
        self.installations = [Thing() for _ in range(SLOTS)]

    @property
    def was_used(self):
        """Some installation was surely there."""
        return any(one.id for one in self.installations)


class Refused(Exception):
    """An answer that no rule explains."""


class Caller:
    """One keep-alive connection of one customer's side to the project."""

    def __init__(self, server, project):
        self.raw = Raw(address_of(server))
        self.base = f"/v1/projects/{project.name}"
        self.headers = {"X-Api-Key": project.keys["ampersand"]["apiKey"]}

    def call(self, method, path, document=None):
        """Raises Lost when the outcome is unknown."""
        self.raw.send(request(method, self.base + path, self.headers,
                              document))
        return self.raw.answer()

    def close(self):
        self.raw.close()


def connect(caller, customer):
    customer.connection.state = MAYBE
    answer = caller.call("POST", "/connections:generate", {
        "provider": "salesforce", "groupRef": customer.ref,
        "consumerRef": customer.ref,
        "oauth2AuthorizationCode": {"accessToken": {"token": "imported"}}})
    _created(answer, customer.connection)
    return answer


def install(caller, customer, integrations, slot):
    thing = customer.installations[slot]
    thing.state = MAYBE
    answer = caller.call("POST", installations(integrations[slot]), {
        "groupRef": customer.ref, "connectionId": customer.connection.id,
        "config": {"content": CONFIG}})
    _created(answer, thing)
    return answer


def uninstall(caller, customer, integrations, slot):
    thing = customer.installations[slot]
    thing.state = LEAVING
    answer = caller.call(
        "DELETE", f"{installations(integrations[slot])}/{thing.id}")
    _expect(answer, 204)
    thing.state = GONE
    return answer


def installations(integration_id):
    return f"/integrations/{integration_id}/installations"


def _created(answer, thing):
    _expect(answer, 201)
    thing.id = answer.document["id"]
    thing.state = THERE


def _expect(answer, status):
    if answer.status != status:
        raise Refused(f"{answer.status}, not {status}: {answer.body}")


class Crowd:
    """`size` customers at a time, each with a thread; `on_answer` is called
    with each answer, in that thread."""

    def __init__(self, server, project, integrations, size, seed):
        self.server, self.project = server, project
        self.integrations = integrations
        self.random = random.Random(seed)
        self.size = size
        self.customers = []

    def run(self, on_answer):
        """Until each has lost its connection. Customers of the run before
        go on where they were. What was refused, as sentences."""
        errors, refused = [], []
        threads = [
            threading.Thread(target=self._live, args=(
                share, random.Random(self.random.random()), on_answer,
                refused, errors))
            for share in self._shares()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return refused

    def _shares(self):
        """The customers with something left to do, dealt out."""
        living = [one for one in self.customers if not _is_over(one)]
        return [living[number::self.size] for number in range(self.size)]

    def _live(self, customers, choose, on_answer, refused, errors):
        try:
            caller = Caller(self.server, self.project)
        except OSError:
            return
        try:
            while True:
                if not customers or choose.random() < 0.2:
                    customers.append(Customer())
                    self.customers.append(customers[-1])
                customer = choose.choice(customers)
                on_answer(self._step(caller, customer, choose))
                if _is_over(customer):
                    customers.remove(customer)
        except Lost:
            pass
        except Refused as error:
            refused.append(str(error))
        except BaseException as error:
            errors.append(error)
        finally:
            caller.close()

    def _step(self, caller, customer, choose):
        if customer.connection.state == NONE:
            return connect(caller, customer)
        there = [slot for slot, one in enumerate(customer.installations)
                 if one.state == THERE]
        absent = [slot for slot, one in enumerate(customer.installations)
                  if one.state == NONE]
        if absent and (not there or choose.random() < 0.6):
            return install(caller, customer, self.integrations, absent[0])
        return uninstall(caller, customer, self.integrations,
                         choose.choice(there))


def _is_over(customer):
    """Its connection went with its last installation, or some outcome is
    not known until `faults` has looked."""
    states = [one.state for one in customer.installations]
    return (customer.connection.state not in (NONE, THERE)
            or MAYBE in states or LEAVING in states
            or (GONE in states and THERE not in states))


def faults(customers, connections, installed):
    """What the store holds and no answer allows, or lacks and one promised.
    The two lists are the documents that the API shows; the customers
    take over what became of their unknown operations."""
    by_ref = {one["group"]["groupRef"]: one for one in connections}
    by_id = {one["id"]: one for one in connections}
    users = {}
    for one in installed:
        users.setdefault(one["group"]["groupRef"], {})[one["id"]] = one
    found = [f"installation {one['id']} lost its connection"
             for one in installed if one["connection"]["id"] not in by_id]
    for customer in customers:
        found += _faults_of(customer, by_ref.get(customer.ref),
                            users.pop(customer.ref, {}))
    found += [f"an installation of unknown {ref}" for ref in users]
    return found


def _faults_of(customer, connection, installed):
    found = []
    for slot, thing in enumerate(customer.installations):
        found += _settle(thing, installed, f"{customer.ref}'s #{slot}")
    known = {one.id for one in customer.installations}
    unknown = [one for one in installed if one not in known]
    maybe = [one for one in customer.installations if one.state == MAYBE]
    if len(unknown) > len(maybe):
        found.append(f"{customer.ref} has {unknown}, never asked for")
    for thing, its_id in zip(maybe, unknown):
        thing.state, thing.id = THERE, its_id
    for thing in maybe[len(unknown):]:
        thing.state = NONE
    return found + _settle_connection(customer, connection, bool(installed))


def _settle(thing, installed, name):
    is_there = thing.id in installed
    if thing.state == THERE and not is_there:
        thing.state = GONE
        return [f"{name}: acknowledged, and not there"]
    if thing.state == GONE and is_there:
        return [f"{name}: its deletion was acknowledged, and it is there"]
    if thing.state == LEAVING:
        thing.state = THERE if is_there else GONE
    return []


def _settle_connection(customer, connection, is_used):
    thing = customer.connection
    was_surely_made = thing.state in (THERE, GONE)
    if connection and thing.state == MAYBE:
        thing.id = connection["id"]
    found = []
    if connection and not is_used and customer.was_used:
        found.append(f"{customer.ref}'s connection: used by nothing, and "
                     "still there")
    if not connection and is_used:
        found.append(f"{customer.ref}'s connection: used, and gone")
    if not connection and was_surely_made and not customer.was_used:
        found.append(f"{customer.ref}'s connection: acknowledged, never "
                     "deleted, and not there")
    thing.state = THERE if connection else GONE if thing.id else NONE
    if thing.state == GONE:
        for one in customer.installations:
            one.state = GONE if one.id else NONE
    return found
