"""Providers: the catalog, which anyone may read."""

import json

from support import cli
from support.ampersand import Ampersand, problem
from support.contracts import contract, providers
from support.forms import TEXT, Including, containing
from support.shapes import value_faults

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


def test_every_provider_is_as_its_source_says(server):
    """But where the source has no address that could be called."""
    source = providers()
    source["aws"]["baseURL"] = \
        "https://<<SERVICE_DOMAIN>>.{{.region}}.amazonaws.com"
    served = Ampersand(server).get("/providers").must_be(200).body
    assert sorted(served) == sorted(source)
    for name, provider in source.items():
        assert served[name] == provider


FORM = {"$ref": "#/components/schemas/ProviderInfo"}


def faults(server, document):
    served = Ampersand(server).get("/providers").must_be(200).body
    for name, listed in served.items():
        one = Ampersand(server).get(f"/providers/{name}").must_be(200, listed)
        yield from value_faults(document, FORM, one.body, name)


def test_every_provider_has_the_form_that_we_document(server):
    document = json.loads((cli.ROOT / "openapi/ampersand.json").read_text())
    assert not list(faults(server, document))
    del document["components"]["schemas"]["ProviderInfo"]["properties"][
        "customOpts"]
    assert "devrev.customOpts: is not known" in list(faults(server, document))


def test_every_provider_has_the_form_of_the_contract(server):
    assert not list(faults(server, contract("ampersand-catalog.schema.json")))


def test_modules_and_inputs_are_told(server):
    Ampersand(server).get("/providers/salesforce").must_be(200, Including({
        "defaultModule": "crm",
        "modules": Including({"account-engagement": Including({
            "baseURL": "https://pi.pardot.com"})}),
        "metadata": {"input": containing(Including({
            "name": "businessUnitId", "moduleDependencies": {
                "account-engagement": {}, "account-engagement-demo": {}}}))},
        "authHealthCheck": Including({"successStatusCodes": [200]})}))
