"""Environments, as Apinizer lists them; what its changes say of workers."""

from support import apinizer as apz
from support.names import unique
from support.worker import new_environment


def shown(name, kind, is_published):
    return {"name": name, "type": kind.upper(), "deployed": is_published,
            "description": None, "accessUrl": None, "redeployRequired": False,
            "status": "PUBLISHED" if is_published else "UNPUBLISHED"}


def test_environments_of_a_project(new_project):
    project = new_project
    path = f"/projects/{project.name}/environments/"
    project.apinizer.get(path).must_be(200, apz.found())
    live = new_environment(project, "live", "production")
    new_environment(project, "try", "sandbox")
    project.workers.post("/register", {
        "environment": live["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200)
    project.apinizer.get(path).must_be(200, apz.found(
        shown("live", "production", True), shown("try", "sandbox", False)))
    project.apinizer.get("/environments/").must_be(200, apz.found(
        shown("live", "production", True), shown("try", "sandbox", False)))


def test_environments_of_another_project_are_not_listed(project, other):
    made = new_environment(other)
    listed = project.apinizer.get("/environments/").must_be(200).body
    assert made["name"] not in [one["name"] for one in listed["resultList"]]
    project.apinizer.get(f"/projects/{other.name}/environments/") \
        .must_be(404, apz.unknown_project(other.name))


def test_changes_say_what_is_known_of_each_worker(new_project):
    project, name = new_project, unique("mail")
    for environment in "live", "try":
        project.workers.post("/register", {
            "environment": new_environment(project, environment)["name"],
            "name": f"{environment}-1",
            "url": f"https://w.localhost/{environment}"}).must_be(200)
    pending = {"success": True, "status": "SUCCESS", "deploymentResult": {
        "success": False, "responseTime": 0, "detail": "pending",
        "detailList": [
            {"success": False, "responseTime": 0, "envName": environment,
             "podName": f"{environment}-1", "podIp": "w.localhost",
             "detail": "pending"} for environment in ("live", "try")]}}
    path = apz.connection(project, name)
    body = {"type": "email", "host": "smtp.example.com"}
    at_once = {"wait": 0}
    project.apinizer.post(path, body, at_once).must_be(200, pending)
    project.apinizer.put(path, body, at_once).must_be(200, pending)
    project.apinizer.delete(path, at_once).must_be(200, pending)


def test_what_is_not_deployed_is_nowhere(new_project):
    project = new_project
    project.workers.post("/register", {
        "environment": new_environment(project)["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200)
    for name, off in ("a", "deployToWorker"), ("b", "enabled"):
        apz.new_connection(project, name, **{off: False})
