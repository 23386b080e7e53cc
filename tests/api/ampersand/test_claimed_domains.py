"""Claimed domains: check, claim, list."""

import pytest

from support.ampersand import invalid, problem
from support.forms import UUID
from support.names import unique
from support.people import Builder, address_of, join, org_of


def claim(project, domain, /, **more):
    return project.builder.post("/claimed-domains", {
        "domain": domain, "parentId": org_of(project), "parentType": "org",
        **more})


def check(caller, domain):
    return caller.get("/claimed-domains", {"domain": domain})


def listed(project):
    return project.builder.get(f"/orgs/{org_of(project)}/claimed-domains") \
        .must_be(200)


def domain_of(project):
    return address_of(project, f"me@{unique('acme')}.example").split("@")[1]


def test_owner_claims_the_domain_of_the_own_address(new_project):
    domain = domain_of(new_project)
    check(new_project.builder, domain).must_be(404, problem(404))
    assert listed(new_project).body == []
    claim(new_project, domain.upper()).must_be(201, None)
    claimed = check(new_project.builder, domain.upper()).must_be(200, {
        "id": UUID, "parentType": "org", "parentId": org_of(new_project),
        "domain": domain}).body
    assert listed(new_project).body == [claimed]
    claim(new_project, f"eu.{domain}").must_be(201, None)
    assert [one["domain"] for one in listed(new_project).body] == \
        [domain, f"eu.{domain}"]


def test_domain_is_claimed_once(new_project, other):
    domain = domain_of(new_project)
    claim(new_project, domain).must_be(201)
    claim(new_project, domain).must_be(409, problem(409))
    second = new_project.builder.post("/orgs", {"label": "x"}).body["id"]
    claim(new_project, domain, parentId=second).must_be(409, problem(409))


def test_domain_of_others_is_not_claimed(new_project, other):
    domain, foreign = domain_of(new_project), domain_of(other)
    for wrong in foreign, "example", f"x{domain}", f"{domain}.org":
        status = 400 if wrong == "example" else 422
        claim(new_project, wrong).must_be(status, invalid(status, "domain"))


def test_owner_without_an_address_claims_nothing(new_project):
    claim(new_project, "example.com").must_be(422, invalid(422, "domain"))


def test_claim_shows_to_members_and_to_who_has_an_address_in_it(
        new_project, other):
    domain = domain_of(new_project)
    claim(new_project, domain).must_be(201)
    member = join(new_project)
    newcomer = Builder(other, f"{unique('eve')}@{domain}")
    stranger = Builder(other, f"{unique('eve')}@sub.{domain}")
    for caller, status in ((member, 200), (newcomer, 200), (stranger, 404),
                           (other.builder, 404)):
        check(caller, domain).must_be(status)


def test_member_claims_nothing(new_project):
    domain = domain_of(new_project)
    ann = join(new_project, f"{unique('ann')}@{domain}")
    ann.post("/claimed-domains", {
        "domain": domain, "parentId": org_of(new_project),
        "parentType": "org"}).must_be(403, problem(403))
    ann.get(f"/orgs/{org_of(new_project)}/claimed-domains").must_be(200, [])


@pytest.mark.parametrize("status, body, name", [
    (400, {"domain": None}, "domain"), (400, {"domain": 1}, "domain"),
    (400, {"domain": "a b.com"}, "domain"), (400, {"domain": "-a.com"},
                                             "domain"),
    (400, {"domain": "a." + "b" * 64 + ".com"}, "domain"),
    (422, {"domain": "a." * 127 + "com"}, "domain"),
    (400, {"parentType": None}, "parentType"),
    (400, {"parentType": "project"}, "parentType"),
    (400, {"parentId": None}, "parentId"), (422, {"parentId": "x"},
                                            "parentId")])
def test_claim_that_does_not_fit_is_refused(project, status, body, name):
    claim(project, f"{unique('x')}.{domain_of(project)}", **body).must_be(
        status, invalid(status, name))


def test_claim_for_an_organization_of_others_is_refused(project, other):
    claim(project, f"{unique('x')}.{domain_of(project)}",
          parentId=org_of(other)).must_be(422, invalid(422, "parentId"))


@pytest.mark.parametrize("query", [{}, {"domain": ""}, {"domain": "x"},
                                   {"domain": "a b.com"}])
def test_question_without_a_domain_is_refused(project, query):
    reply = project.builder.get("/claimed-domains", query).must_be(400)
    assert [one["name"] for one in reply.body["issues"]] == ["domain"]
