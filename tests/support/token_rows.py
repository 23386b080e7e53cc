"""The routes that take a token in the body: who asks is in the form."""

import urllib.parse

from support.raw import request

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _post_form(stage, path, **fields):
    body = urllib.parse.urlencode(fields).encode()
    head = request("POST", path, {**FORM, "Content-Length": len(body)})
    return stage.ask(head + body)


def _exchanges(stage):
    """(what, path, form, status): each is refused."""
    own, other = stage.projects["own"], stage.projects["other"]
    apinizer = {"grant_type": "client_credentials", "client_id": own.name,
                "client_secret": own.keys["apinizer"]["token"]}
    for what, token in _strange_tokens(stage, "upsun"):
        yield (f"upsun: {what}", "/oauth2/token",
               {"grant_type": "api_token", "api_token": token}, 400)
    for what, token in _strange_tokens(stage, "apinizer"):
        yield (f"apinizer: {what}", "/apiops/auth/token",
               {**apinizer, "client_secret": token}, 401)
    for what, name in (("other project", other.name),
                       ("sibling", stage.projects["sibling"].name),
                       ("no project", "nothing")):
        yield (f"apinizer: own secret, {what}", "/apiops/auth/token",
               {**apinizer, "client_id": name}, 401)
    yield ("apinizer: secret of another", "/apiops/auth/token",
           {**apinizer, "client_secret": other.keys["apinizer"]["token"]},
           401)


def _strange_tokens(stage, api):
    keys = stage.projects["own"].keys
    made = stage.projects["own"].token(api)
    stage.store.revoke_token("my-project", made["id"])
    yield "nonsense", "nonsense"
    yield "token of another store", next(iter(stage.stranger.keys[api]
                                              .values()))
    yield "revoked token", made["token"]
    yield "expired token", stage.aged[f"{api} itself"]
    yield "access token", stage.projects["own"].upsun.access_token
    for kind in {"ampersand", "upsun", "gorules", "apinizer"} - {api}:
        yield f"token of {kind}", next(iter(keys[kind].values()))


def token_faults(stage):
    texts = [text for its in stage.texts().values() for text in its]
    exchanges = list(_exchanges(stage))
    revocations = [(what, token)
                   for what, token in _strange_tokens(stage, "upsun")
                   if what != "access token"]  # who has one may end it
    before = stage.dump()
    for what, path, form, status in exchanges:
        answer = _post_form(stage, path, **form)
        if answer.status != status or set(answer.document) != {
                "error", "error_description"}:
            yield f"{what}: {answer}"
        for text in texts:
            if text.encode() in answer.body and text not in form.values():
                yield f"{what}: the answer says {text!r}"
    for what, token in revocations:
        answer = _post_form(stage, "/oauth2/revoke", token=token)
        if answer.status not in (200, 400):
            yield f"revoke {what}: {answer}"
    if stage.dump() != before:
        yield "a refused token left a trace in the store"
