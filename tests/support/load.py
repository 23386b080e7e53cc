"""Customers who install, uninstall, restore and purge, all at once."""

import random
import threading

from support.ampersand import CONFIG
from support.customers import HIDDEN, NONE, THERE, Customer
from support.raw import Lost, Raw, address_of, request

SHARE_OF_NEW = 0.1  # customers need about eight steps


class Refused(Exception):
    """An answer that no rule explains."""


class Caller:
    """One keep-alive connection of one customer's side to the project."""

    def __init__(self, server, project, integrations, clock, on_busy=None):
        self.raw = Raw(address_of(server))
        self.project = project.name
        self.headers = {"X-Api-Key": project.keys["ampersand"]["apiKey"]}
        self.integrations = integrations
        self.clock = clock
        self.on_busy = on_busy

    def change(self, customer, state, wanted, method, path, document=None):
        """Raises Lost when the outcome is unknown."""
        asked = self.clock()
        customer.past.append((asked, None, state))
        self.raw.send(request(method, path, self.headers, document))
        answer = self.raw.answer()
        if answer.status == 503 and self.on_busy:
            self.on_busy(answer)
            raise Lost("a 503 says nothing of what was done")
        if answer.status != wanted:
            raise Refused(f"{answer.status}, not {wanted}: {answer.body}")
        customer.past[-1] = asked, self.clock(), state
        return answer

    def connect(self, customer):
        answer = self.change(
            customer, customer.state.connected(), 201, "POST",
            f"/v1/projects/{self.project}/connections:generate", {
                "provider": "salesforce", "groupRef": customer.ref,
                "consumerRef": customer.ref, "oauth2AuthorizationCode": {
                    "accessToken": {"token": "imported"}}})
        customer.connection = answer.document["id"]
        return answer

    def install(self, customer, slot):
        answer = self.change(
            customer, customer.state.installed(slot), 201, "POST",
            self._path(slot), {
                "groupRef": customer.ref,
                "connectionId": customer.connection,
                "config": {"content": CONFIG}})
        customer.installations[slot] = answer.document["id"]
        return answer

    def uninstall(self, customer, slot, is_soft):
        return self.change(
            customer, customer.state.uninstalled(slot, is_soft), 204,
            "DELETE", f"{self._path(slot)}/{customer.installations[slot]}")

    def restore(self, customer, slot):
        return self._of_trash(customer, customer.state.restored(slot), slot,
                              "restore")

    def purge(self, customer, slot):
        return self._of_trash(customer, customer.state.purged(slot), slot,
                              "purge")

    def _of_trash(self, customer, state, slot, verb):
        return self.change(
            customer, state, 200, "POST",
            f"/cleat/v1/projects/{self.project}/installation/"
            f"{customer.installations[slot]}:{verb}", {})

    def _path(self, slot):
        return f"/v1/projects/{self.project}/integrations/" \
            f"{self.integrations[slot]}/installations"

    def close(self):
        self.raw.close()


class Crowd:
    """`size` threads, each with a share of the customers. `clock` says when
    something was asked for and answered."""

    def __init__(self, integrations, size, seed, clock=lambda: 0):
        self.integrations = integrations
        self.random = random.Random(seed)
        self.size = size
        self.clock = clock
        self.is_soft = False  # as the project's policy is
        self.on_busy = None  # where a 503 may come: is told of each
        self.customers = []

    def run(self, project, on_answer):
        """Until each has lost its connection, or on_answer(answer), called in
        the customer's thread, says that it is enough. Customers of the run
        before go on where they were. What was refused, as sentences."""
        return self.run_at([project], on_answer)

    def run_at(self, projects, on_answer):
        """The same, dealt out to what is one project at several servers."""
        errors, refused = [], []
        threads = [
            threading.Thread(target=self._live, args=(
                projects[number % len(projects)], share,
                random.Random(self.random.random()), on_answer, refused,
                errors))
            for number, share in enumerate(self._shares())]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return refused

    def _shares(self):
        """The customers with something left to do, dealt out."""
        living = [one for one in self.customers if not one.is_over]
        return [living[number::self.size] for number in range(self.size)]

    def _live(self, project, customers, choose, on_answer, refused, errors):
        try:
            caller = Caller(project.server, project, self.integrations,
                            self.clock, self.on_busy)
        except OSError:
            return
        try:
            is_enough = False
            while not is_enough:
                if not customers or choose.random() < SHARE_OF_NEW:
                    customers.append(Customer())
                    self.customers.append(customers[-1])
                customer = choose.choice(customers)
                is_enough = on_answer(self._step(caller, customer, choose))
                if customer.is_over:
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
        state = customer.state
        if state.connection == NONE:
            return caller.connect(customer)
        of = {what: [slot for slot, one in enumerate(state.slots)
                     if one == what] for what in (NONE, THERE, HIDDEN)}
        if of[HIDDEN] and (not of[THERE] or choose.random() < 0.4):
            slot = choose.choice(of[HIDDEN])
            if state.can_restore(slot) and choose.random() < 0.5:
                return caller.restore(customer, slot)
            return caller.purge(customer, slot)
        if state.connection == THERE and of[NONE] and (
                not of[THERE] or choose.random() < 0.6):
            return caller.install(customer, of[NONE][0])
        return caller.uninstall(customer, choose.choice(of[THERE]),
                                self.is_soft)
