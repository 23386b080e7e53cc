"""What customers know of what they were told, and what the store may show.

Each customer is a group of its own with one connection, used by up to two
installations. Its thread waits for each answer, so what the store may hold of
it is the state that was acknowledged last or, without an answer, the one that
was asked for since. `faults` compares that with what the store shows."""

import dataclasses

from support.names import unique
from support.native import items

NONE, THERE, HIDDEN, GONE = "none", "there", "hidden", "gone"
SLOTS = 2

# What is told of a thing that changes so.
EVENTS = {(NONE, THERE): "created", (THERE, GONE): "deleted",
          (THERE, HIDDEN): "deleted", (HIDDEN, THERE): "restored",
          (HIDDEN, GONE): "purged"}


@dataclasses.dataclass(frozen=True)
class State:
    """Of a customer; `went_with` is the slot whose deletion hid the
    connection."""

    connection: str = NONE
    slots: tuple = (NONE,) * SLOTS
    went_with: int = None

    def having(self, slot, what, **more):
        slots = self.slots[:slot] + (what,) + self.slots[slot + 1:]
        return dataclasses.replace(self, slots=slots, **more)

    def connected(self):
        return dataclasses.replace(self, connection=THERE)

    def installed(self, slot):
        return self.having(slot, THERE)

    def uninstalled(self, slot, is_soft):
        """The connection goes along when nothing else uses it."""
        end = HIDDEN if is_soft else GONE
        left = self.having(slot, end)
        if THERE in left.slots:
            return left
        return left.having(slot, end, connection=end,
                           went_with=slot if is_soft else None)

    def restored(self, slot):
        return self.having(slot, THERE, connection=THERE, went_with=None)

    def purged(self, slot):
        if self.went_with != slot:
            return self.having(slot, GONE)
        return self.having(slot, GONE, connection=GONE, went_with=None)

    def can_restore(self, slot):
        return self.slots[slot] == HIDDEN and (
            self.connection == THERE or self.went_with == slot)

    @property
    def is_over(self):
        return self.connection in (HIDDEN, GONE) and HIDDEN not in self.slots

    @property
    def shown(self):
        """What lists tell of it: a hidden connection is in none."""
        return (self.connection == THERE, *(
            one if one in (THERE, HIDDEN) else None for one in self.slots))


class Customer:
    """`past` is (asked at, answered at, state) of each change, by the crowd's
    clock; the last may be without an answer."""

    def __init__(self):
        self.ref = unique("customer")
        self.connection = None  # ids, once they are known
        self.installations = [None] * SLOTS
        self.past = [(0, 0, State())]

    @property
    def state(self):
        return self.past[-1][2]

    @property
    def is_over(self):
        return self.state.is_over or self.past[-1][1] is None

    def allowed(self, moment=None):
        """The states that the store may show; at a moment of the past, with
        what was asked for and acknowledged by then."""
        found = []
        for asked, answered, state in self.past:
            if moment is not None and asked > moment:
                break
            if answered is not None and (moment is None
                                         or answered <= moment):
                found.clear()
            found.append(state)
        return found

    def settle(self, state):
        """This is what became of a change without an answer."""
        asked, answered, _ = self.past[-1]
        if answered is None and state == self.past[-2][2]:
            self.past.pop()
        else:
            self.past[-1] = asked, answered or asked, state

    def things(self):
        """Each thing whose id is known: kind, id, and its events so far."""
        states = [state for _, _, state in self.past]
        if self.connection:
            yield "connection", self.connection, _events(
                [one.connection for one in states])
        for slot, its_id in enumerate(self.installations):
            if its_id:
                yield "installation", its_id, _events(
                    [one.slots[slot] for one in states])


def _events(states):
    return [EVENTS[change] for change in zip(states, states[1:])
            if change[0] != change[1]]


class Shown:
    """What the lists of the APIs hold."""

    def __init__(self, project):
        path = f"/projects/{project.name}"
        self.connections = {
            one["group"]["groupRef"]: one["id"] for one in project.ampersand
            .get(f"{path}/connections").must_be(200).body}
        self.installations = {
            (one["group"]["groupRef"], one["integrationId"]): one
            for one in project.ampersand.get(f"{path}/installations")
            .must_be(200).body}
        self.trash = {one["id"] for one in items(project, "/trash",
                                                   limit=200)}

    def of(self, customer, integrations):
        """As State.shown."""
        slots = [THERE if (customer.ref, integration) in self.installations
                 else HIDDEN if its_id in self.trash else None
                 for integration, its_id in zip(integrations,
                                                customer.installations)]
        return (customer.ref in self.connections, *slots)


def faults(crowd, shown, moment=None):
    """What the store shows and no answer allows, or lacks and one promised,
    as sentences."""
    known = {one.ref for one in crowd.customers}
    found = [f"unknown {ref}" for ref in shown.connections if ref not in known]
    there = set(shown.connections.values())
    found += [f"installation {one['id']} lost its connection"
              for one in shown.installations.values()
              if one["connection"]["id"] not in there]
    for customer in crowd.customers:
        its = shown.of(customer, crowd.integrations)
        allowed = customer.allowed(moment)
        if its not in [state.shown for state in allowed]:
            found.append(f"{customer.ref}: the store shows {its}, allowed is "
                         + " or ".join(str(one.shown) for one in allowed))
    return found


def settle(crowd, shown):
    """The customers take over what became of their last changes."""
    for customer in crowd.customers:
        its = shown.of(customer, crowd.integrations)
        customer.settle(next(one for one in customer.allowed()
                             if one.shown == its))
        customer.connection = customer.connection \
            or shown.connections.get(customer.ref)
        for slot, integration in enumerate(crowd.integrations):
            one = shown.installations.get((customer.ref, integration))
            if one:
                customer.installations[slot] = one["id"]
