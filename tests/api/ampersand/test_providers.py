"""Providers: the catalog, which anyone may read."""

from support.ampersand import Ampersand, problem
from support.forms import TEXT, Including

PROVIDERS = 238


def test_catalog_has_every_provider(server):
    catalog = Ampersand(server).get("/providers").must_be(200).body
    assert len(catalog) == PROVIDERS
    for name, provider in catalog.items():
        assert provider["name"] == name
        assert provider["authType"] in ("oauth2", "apiKey", "basic", "jwt",
                                        "custom", "none")


def test_provider_tells_how_to_connect(server):
    Ampersand(server).get("/providers/stripe").must_be(200, Including({
        "name": "stripe", "displayName": "Stripe", "authType": "apiKey",
        "baseURL": "https://api.stripe.com", "support": Including({})}))
    Ampersand(server).get("/providers/salesforce").must_be(200, Including({
        "name": "salesforce", "authType": "oauth2",
        "baseURL": "https://{{.workspace}}.my.salesforce.com",
        "oauth2Opts": Including({"grantType": "authorizationCodePKCE",
                                 "authURL": TEXT, "tokenURL": TEXT})}))


def test_unknown_provider_is_404(server):
    Ampersand(server).get("/providers/noSuchProvider").must_be(
        404, problem(404))
