"""A GitLab integration's token is rotated at a GitLab that behaves as it is
documented: a token that was rotated is good for nothing from then on."""

import datetime

import pytest

from support.listening import base, integration, log
from support.server import ALLOWED
from support.services import GitLab
from support.wait import eventually

KIND = "integration.rotate_token"


@pytest.fixture
def gitlab():
    with GitLab() as made:
        yield made


def new(project, gitlab, **fields):
    return integration(project, "gitlab", token=gitlab.token,
                       project=gitlab.project, base_url=gitlab.url,
                       rotate_token=True, **fields)


def rotations(project, made, count):
    return eventually(lambda: (lambda found: len(found) >= count and found)([
        one for one in project.upsun.get(base(project, made) + "/activities")
        .must_be(200).body if one["type"] == KIND]),
        f"{count} rotations", 40)


def shown(project, made):
    return project.upsun.get(base(project, made)).must_be(200).body


def works(project, made):
    project.upsun.post(base(project, made) + "/validate").must_be(200)


def test_token_is_rotated_and_the_new_one_is_used(server_factory, gitlab):
    server = server_factory(options=ALLOWED)
    first = gitlab.token
    made = new(server.project, gitlab, rotate_token_validity_in_weeks=2)
    [done] = rotations(server.project, made, 1)
    assert done["result"] == "success" and first in gitlab.revoked
    works(server.project, made)
    now = datetime.datetime.now(datetime.timezone.utc)
    ends = datetime.datetime.fromisoformat(
        shown(server.project, made)["token_expires_at"].replace("Z", "+00:00"))
    assert datetime.timedelta(12) < ends - now < datetime.timedelta(15)
    text = str(shown(server.project, made)) + str(done)
    assert gitlab.token not in text


def test_it_is_rotated_again_before_it_expires(server_factory, gitlab):
    first = server_factory(options=ALLOWED)
    made = new(first.project, gitlab)
    rotations(first.project, made, 1)
    first.stop()
    later = server_factory(first.store, clock_offset_s=24 * 86400,
                           options=ALLOWED)
    rotations(later.project, made, 2)
    assert gitlab.rotated == 2
    works(later.project, made)


def test_patch_without_a_token_rotates_nothing(server_factory, gitlab):
    project = server_factory(options=ALLOWED).project
    made = new(project, gitlab)
    rotations(project, made, 1)
    project.upsun.patch(base(project, made),
                        {"build_merge_requests": False}).must_be(200)
    works(project, made)
    assert gitlab.rotated == 1


def test_failure_keeps_the_old_token_and_is_tried_again(server_factory,
                                                        gitlab):
    gitlab.answers = [(503, {}, {})]
    project = server_factory(options=ALLOWED).project
    made = new(project, gitlab)
    failed = rotations(project, made, 1)[-1]
    assert failed["result"] == "failure"
    assert log(project, failed) == ["GitLab answered with 503.\n"]
    works(project, made)


def test_without_rotate_token_it_stays(server_factory, gitlab):
    project = server_factory(options=ALLOWED).project
    made = integration(project, "gitlab", token=gitlab.token,
                       project=gitlab.project, base_url=gitlab.url)
    works(project, made)
    assert not gitlab.rotated
    assert shown(project, made)["token_expires_at"] is None
