"""Page 002, GoRules: "Delete integration: soft delete by its ID".

`DELETE /api/projects/{projectId}/integrations/{integrationId}`, both uuids,
with a personal access token as bearer; 200 is `{"status":"ok"}`."""

from support.forms import UUID, differences
from support.gorules import new_integration
from support.http import Stranger


def test_page_is_replayed(server, project):
    token = project.keys["gorules"]["personalAccessToken"]
    caller = Stranger(server, {"Authorization": f"Bearer {token}"})
    made = new_integration(project)
    assert not differences([UUID, UUID], [project.id, made["id"]])
    address = f"/api/projects/{project.id}/integrations/{made['id']}"
    reply = caller.delete(address).must_be(200, {"status": "ok"})
    assert reply.headers["Content-Type"].startswith("application/json")
    caller.get(address).must_be(404)


def test_delete_of_the_page_is_soft(server, project, gorules):
    made = new_integration(project)
    address = f"/projects/{project.id}/integrations/{made['id']}"
    gorules.delete(address).must_be(200, {"status": "ok"})
    gorules.put(f"{address}/restore").must_be(200)
    gorules.get(address).must_be(200)
