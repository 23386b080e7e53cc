"""What a test knows of a value: the value itself, or only its form.

`differences(expected, actual)` compares two JSON documents strictly (no
missing member, no extra one, no 1 for true) and names each place where
they differ. A Form stands for any value of its shape."""

import re


class Form:
    """A value known by its shape alone."""

    def __init__(self, name, fits):
        self.name = name
        self.fits = fits

    def __repr__(self):
        return f"<{self.name}>"


def pattern(name, regex):
    compiled = re.compile(regex)
    return Form(name, lambda value: isinstance(value, str)
                and compiled.fullmatch(value) is not None)


def of_type(name, *types):
    return Form(name, lambda value: type(value) in types)


UUID_REGEX = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
UUID = pattern("uuid", UUID_REGEX)
ID13 = pattern("13-character id", "[a-z2-7]{13}")
TIME = pattern("time in UTC", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?"
               r"(Z|\+00:00)")
TIME_Z = pattern("time with Z", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
TEXT = Form("text", lambda value: isinstance(value, str) and value != "")
STRING = of_type("string", str)
NUMBER = of_type("number", int, float)
BOOLEAN = of_type("boolean", bool)
OBJECT = of_type("object", dict)
ARRAY = of_type("array", list)


def either(*choices):
    return Form(" or ".join(map(repr, choices)),
                lambda value: any(not differences(choice, value)
                                  for choice in choices))


def all_of(*forms):
    return Form(" and ".join(map(repr, forms)),
                lambda value: not any(differences(form, value)
                                      for form in forms))


def nullable(form):
    return either(None, form)


def list_of(form, at_least=0):
    return Form(f"list of {form!r}",
                lambda value: isinstance(value, list)
                and len(value) >= at_least
                and not any(differences(form, item) for item in value))


def containing(form):
    """A list in which at least one item has the form."""
    return Form(f"list with {form!r} in it",
                lambda value: isinstance(value, list)
                and any(not differences(form, item) for item in value))


def mentioning(*words):
    """A text that has each of the words in it, in any case."""
    return Form(f"text mentioning {', '.join(words)}",
                lambda value: isinstance(value, str)
                and all(word.lower() in value.lower() for word in words))


class Optional:
    """A member that may be absent; never null unless its form says so."""

    def __init__(self, form):
        self.form = form

    def __repr__(self):
        return f"<optional {self.form!r}>"


class Including:
    """An object with at least these members."""

    def __init__(self, members):
        self.members = members

    def __repr__(self):
        return f"<an object including {self.members!r}>"


class Without:
    """An object without any of these members."""

    def __init__(self, *names):
        self.names = names

    def __repr__(self):
        return f"<an object without {', '.join(self.names)}>"


def differences(expected, actual, path="$"):
    """The places where `actual` is not what is expected, as sentences."""
    if isinstance(expected, Form):
        if expected.fits(actual):
            return []
        return [f"{path}: {actual!r} is no {expected.name}"]
    if isinstance(expected, (Including, Without)):
        return _partly(expected, actual, path)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _members(expected, actual, path, extra_allowed=False)
    if isinstance(expected, list) and isinstance(actual, list):
        return _items(expected, actual, path)
    if type(expected) is not type(actual) or expected != actual:
        return [f"{path}: {actual!r} is not {expected!r}"]
    return []


def _partly(expected, actual, path):
    if not isinstance(actual, dict):
        return [f"{path}: {actual!r} is no object"]
    if isinstance(expected, Without):
        return [f"{path}.{name}: should be absent"
                for name in expected.names if name in actual]
    return _members(expected.members, actual, path, extra_allowed=True)


def _members(expected, actual, path, extra_allowed):
    found = []
    for name, value in expected.items():
        if isinstance(value, Optional):
            if name not in actual:
                continue
            value = value.form
        if name not in actual:
            found.append(f"{path}.{name}: missing, should be {value!r}")
        else:
            found += differences(value, actual[name], f"{path}.{name}")
    if not extra_allowed:
        found += [f"{path}.{name}: not expected, is {actual[name]!r}"
                  for name in actual if name not in expected]
    return found


def _items(expected, actual, path):
    found = []
    if len(expected) != len(actual):
        found.append(f"{path}: {len(actual)} items, should be {len(expected)}")
    for number, (one, other) in enumerate(zip(expected, actual)):
        found += differences(one, other, f"{path}[{number}]")
    return found
