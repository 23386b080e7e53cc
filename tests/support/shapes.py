"""Whether one OpenAPI document's shapes are those of another.

differences(theirs, ours) yields "OPERATION PLACE: what" for each operation
that both have. Ours may say more (statuses, members, parameters); what
theirs has must be there with the same types, words and requirements."""

METHODS = ["get", "post", "put", "patch", "delete"]
WRAPS = ("allOf", "oneOf", "anyOf")


def operations(document):
    """{operationId: (method, path below the base, operation, parameters)}"""
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                one = item[method]
                parameters = [*item.get("parameters", []),
                              *one.get("parameters", [])]
                found[one["operationId"]] = (
                    method, path.removeprefix("/v1"), one, parameters)
    return found


class Shapes:
    def __init__(self, document):
        self.document = document

    def resolve(self, value):
        while "$ref" in value:
            target = self.document
            for step in value["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            value = target
        return value

    def parts(self, schema):
        """The schema, and each that it wraps, without their wraps."""
        schema = self.resolve(schema)
        yield schema
        for wrap in WRAPS:
            for inner in schema.get(wrap, []):
                yield from self.parts(inner)

    def properties(self, schema):
        found = {}
        for part in self.parts(schema):
            for name, value in part.get("properties", {}).items():
                found.setdefault(name, value)
        return found

    def required(self, schema):
        """Members that are there whatever alternative holds."""
        schema = self.resolve(schema)
        found = set(schema.get("required", []))
        for inner in schema.get("allOf", []):
            found |= self.required(inner)
        for wrap in ("oneOf", "anyOf"):
            inner = [self.required(one) for one in schema.get(wrap, [])]
            found |= set.intersection(*inner) if inner else set()
        return found

    def one(self, schema, key):
        """What some part says of it, None when none does."""
        for part in self.parts(schema):
            if key in part:
                return part[key]
        return None

    def type_of(self, schema):
        found = self.one(schema, "type")
        if found is None and self.properties(schema):
            return "object"
        return found


def differences(theirs, ours):
    mine = operations(ours)
    for name, (method, path, one, parameters) in operations(theirs).items():
        if name not in mine:
            continue
        comparison = Comparison(Shapes(theirs), Shapes(ours))
        yield from (f"{name} {what}" for what in comparison.of_operation(
            (method, path, one, parameters), mine[name]))


class Comparison:
    def __init__(self, theirs, ours):
        self.theirs, self.ours = theirs, ours

    def of_operation(self, theirs, ours):
        if theirs[0] != ours[0] or _plain(theirs[1]) != _plain(ours[1]):
            yield f"is at {ours[0]} {ours[1]}, not at {theirs[0]} {theirs[1]}"
        yield from self.of_parameters(theirs[3], ours[3])
        yield from self.of_body(theirs[2], ours[2])
        yield from self.of_answers(theirs[2]["responses"],
                                   ours[2]["responses"])

    def of_parameters(self, theirs, ours):
        mine = {}
        for one in map(self.ours.resolve, ours):
            mine[one["in"], one["name"]] = one
        for one in map(self.theirs.resolve, theirs):
            if one["in"] == "path":
                continue  # by place, in the path
            place = f"{one['in']} {one['name']}"
            found = mine.get((one["in"], one["name"]))
            if not found:
                yield f"{place}: is not there"
                continue
            if one.get("required", False) != found.get("required", False):
                yield f"{place}: is required in one"
            yield from self.of_schema(place, one["schema"], found["schema"],
                                      set())

    def of_body(self, theirs, ours):
        if "requestBody" not in theirs:
            return
        one = self.theirs.resolve(theirs["requestBody"])
        found = self.ours.resolve(ours.get("requestBody", {}))
        yield from self.of_content("body", one, found)

    def of_answers(self, theirs, ours):
        for status, answer in theirs.items():
            one = self.theirs.resolve(answer)
            if status not in ours:
                yield f"{status}: is not there"
                continue
            found = self.ours.resolve(ours[status])
            if status == "default" or int(status) >= 400:
                continue  # problems are compared by their own schema
            yield from self.of_content(status, one, found)

    def of_content(self, place, theirs, ours):
        for kind, content in theirs.get("content", {}).items():
            found = ours.get("content", {}).get(kind)
            if not found:
                yield f"{place}: {kind} is not there"
            elif "schema" in content:
                yield from self.of_schema(place, content["schema"],
                                          found["schema"], set())

    def of_schema(self, place, theirs, ours, seen):
        pair = id(self.theirs.resolve(theirs)), id(self.ours.resolve(ours))
        if pair in seen:
            return
        seen = seen | {pair}
        wanted, found = (self.theirs.type_of(theirs), self.ours.type_of(ours))
        if wanted and wanted != found:
            yield f"{place}: is {found}, not {wanted}"
            return
        words, mine = (self.theirs.one(theirs, "enum"),
                       self.ours.one(ours, "enum"))
        if set(words or []) - set(mine or []):
            yield f"{place}: has the words {mine}, not {words}"
        required = self.theirs.required(theirs)
        if required != self.ours.required(ours):
            yield (f"{place}: requires {sorted(self.ours.required(ours))}, "
                   f"not {sorted(required)}")
        members = self.ours.properties(ours)
        for name, value in self.theirs.properties(theirs).items():
            inner = f"{place}.{name}"
            if name not in members:
                yield f"{inner}: is not there"
            else:
                yield from self.of_schema(inner, value, members[name], seen)
        yield from self.of_inner(place, theirs, ours, seen)

    def of_inner(self, place, theirs, ours, seen):
        for key, mark in (("items", "[]"), ("additionalProperties", ".*")):
            one = self.theirs.one(theirs, key)
            found = self.ours.one(ours, key)
            if not isinstance(one, dict) or not one:
                continue
            if isinstance(found, dict):
                yield from self.of_schema(place + mark, one, found, seen)
            else:
                yield f"{place}{mark}: is not there"


def _plain(path):
    """Without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part
                    for part in path.split("/"))


TYPES = {"string": str, "boolean": bool, "array": list, "object": dict,
         "integer": int, "number": (int, float)}


def value_faults(document, schema, value, place=""):
    """What a value has that its schema has not, or lacks: "PLACE: what"."""
    shapes = Shapes(document)
    wanted = shapes.type_of(schema)
    if value is None and shapes.one(schema, "nullable"):
        return
    is_it = isinstance(value, TYPES[wanted]) if wanted else True
    if not is_it or (wanted == "integer" and isinstance(value, bool)):
        yield f"{place}: is no {wanted}"
        return
    words = shapes.one(schema, "enum")
    if words and value not in words:
        yield f"{place}: is none of {words}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from value_faults(document, shapes.one(schema, "items"),
                                    item, f"{place}[{number}]")
    if isinstance(value, dict):
        yield from _member_faults(document, schema, value, place)


def _member_faults(document, schema, value, place):
    shapes = Shapes(document)
    members = shapes.properties(schema)
    others = shapes.one(schema, "additionalProperties")
    for name in shapes.required(schema) - set(value):
        yield f"{place}.{name}: is required"
    for name, inner in value.items():
        known = members.get(name, others)
        if known is None:
            yield f"{place}.{name}: is not known"
        elif isinstance(known, dict):
            yield from value_faults(document, known, inner, f"{place}.{name}")
