"""Groups: made, read, listed in pages, renamed by who has seen them."""

from support import ampersand as amp
from support.forms import TEXT, TIME_Z, UUID, Including
from support.names import unique
from support.native import base, items


def groups(project, ref=None):
    return f"{base(project)}/groups" + (f"/{ref}" if ref else "")


def new_group(project, ref=None, **more):
    return project.native.post(
        groups(project), {"ref": ref or unique("group"), **more}) \
        .must_be(201)


def form(ref, name, installations=0, connections=0, updated_at=None):
    return {"id": UUID, "ref": ref, "name": name, "createdAt": TIME_Z,
            "updatedAt": updated_at, "installations": installations,
            "connections": connections}


def test_create(project):
    ref = unique("acme")
    made = project.native.post(
        groups(project), {"ref": ref, "name": "Acme Corp"}) \
        .must_be(201, form(ref, "Acme Corp"), {
            "ETag": TEXT,
            "Location": f"/cleat/v1/projects/{project.name}/groups/{ref}"})
    read = project.native.get(groups(project, ref)).must_be(200, made.body)
    assert read.headers["ETag"] == made.headers["ETag"]


def test_name_is_the_reference_by_default(project):
    ref = unique("acme")
    new_group(project, ref).must_be(201, form(ref, ref))


def test_create_is_refused_when_it_exists(project):
    made = new_group(project, name="First").body
    answer = project.native.post(
        groups(project), {"ref": made["ref"], "name": "Second"}) \
        .must_be(409, Including(amp.problem(409)))
    assert made["ref"] in answer.body["detail"]
    project.native.get(groups(project, made["ref"])).must_be(200, made)


def test_create_says_what_is_wrong(project):
    for body, field in (({}, "ref"), ({"ref": 1}, "ref"),
                        ({"ref": "a", "name": {}}, "name")):
        answer = project.native.post(groups(project), body) \
            .must_be(400, Including(amp.problem(400)))
        assert [one["name"] for one in answer.body["issues"]] == [field]
    for body, field in (({"ref": ""}, "ref"), ({"ref": "x" * 257}, "ref"),
                        ({"ref": "."}, "ref"), ({"ref": ".."}, "ref"),
                        ({"ref": "a\u0085"}, "ref"),
                        ({"ref": "\u009f"}, "ref"),
                        ({"ref": "a\u0007"}, "ref"), ({"ref": "\u007f"}, "ref"),
                        ({"ref": "a", "name": ""}, "name"),
                        ({"ref": "a", "name": "x" * 257}, "name")):
        answer = project.native.post(groups(project), body) \
            .must_be(422, Including(amp.problem(422)))
        assert [one["name"] for one in answer.body["issues"]] == [field]
    project.native.post(groups(project), []).must_be(400)


def test_lengths_are_counted_in_characters(new_project):
    """Four bytes each: cursors of pages hold a whole reference."""
    refs = sorted(unique("fish").ljust(256, "\U0001f41f") for _ in range(3))
    for ref in refs:
        new_group(new_project, ref, name="é" * 256)
    assert [one["ref"] for one in items(new_project, "/groups", limit=1)] == \
        refs
    for field in "ref", "name":
        refused = new_project.native.post(groups(new_project), {
            "ref": unique("x"), field: "é" * 257}).must_be(422).body
        assert [one["name"] for one in refused["issues"]] == [field]


def test_reference_may_hold_what_a_path_escapes(project):
    ref = unique("a b/c?d%e#é")
    location = new_group(project, ref).headers["Location"]
    path = location.removeprefix("/cleat/v1")
    project.native.get(path).must_be(200, form(ref, ref))


def test_get_counts_what_it_has(project):
    made = amp.new_installation(project)
    ref = made["group"]["groupRef"]
    amp.new_installation(project, connection=made["connection"])
    amp.new_connection(project, ref, provider="hubspot")
    project.native.get(groups(project, ref)).must_be(
        200, Including({"ref": ref, "installations": 2, "connections": 2}))
    project.ampersand.delete(amp.path_of(project, made)).must_be(204)
    project.native.get(groups(project, ref)).must_be(
        200, Including({"installations": 1, "connections": 2}))


def test_unknown_group(project):
    answer = project.native.get(groups(project, "nobody")) \
        .must_be(404, Including(amp.problem(404)))
    assert answer.body["detail"] == "there is no group nobody"
    project.native.patch(groups(project, "nobody"), {"name": "x"}) \
        .must_be(404)


# Pages

def test_list_goes_through_all_in_order(new_project):
    refs = [f"group-{number:03}" for number in range(7)]
    for ref in reversed(refs):
        new_group(new_project, ref)
    page = new_project.native.get(groups(new_project), {"limit": 3}) \
        .must_be(200, {"items": [
            {"id": UUID, "ref": ref, "name": ref, "createdAt": TIME_Z,
             "updatedAt": None} for ref in refs[:3]], "nextCursor": TEXT}).body
    rest = items(new_project, "/groups", limit=2, cursor=page["nextCursor"])
    assert [one["ref"] for one in page["items"] + rest] == refs


def test_full_last_page_has_no_next(new_project):
    for number in range(2):
        new_group(new_project, f"group-{number}")
    page = new_project.native.get(groups(new_project), {"limit": 2}) \
        .must_be(200).body
    assert len(page["items"]) == 2 and page["nextCursor"] is None


def test_list_without_groups(new_project):
    new_project.native.get(groups(new_project)) \
        .must_be(200, {"items": [], "nextCursor": None})


def _cursor(project):
    for number in range(2):
        new_group(project, f"group-{number}")
    return project.native.get(groups(project), {"limit": 1}) \
        .must_be(200).body["nextCursor"]


def _refused(project, path, query):
    answer = project.native.get(path, query) \
        .must_be(400, Including(amp.problem(400)))
    [issue] = answer.body["issues"]
    assert (issue["in"], issue["name"]) == ("query", "cursor")
    assert "none that this list gave out" in answer.body["detail"]


def test_cursor_of_another_list_or_project_is_refused(new_project, project):
    cursor = _cursor(new_project)
    _refused(project, groups(project), {"cursor": cursor})
    for path in "deletions", "trash":
        _refused(new_project, f"{base(new_project)}/{path}",
                 {"cursor": cursor})
    _refused(new_project, groups(new_project),
             {"cursor": cursor, "filter": "x"})


def test_forged_cursor_is_refused(new_project):
    cursor = _cursor(new_project)
    other = "B" if cursor[30] == "A" else "A"
    for forged in ("", "x", "é", cursor[:-1], cursor + "A",
                   cursor[:30] + other + cursor[31:], "A" * 5000,
                   "01a2047c-7869-7194-af25-87dd8acf6243"):
        _refused(new_project, groups(new_project), {"cursor": forged})


def test_limit_out_of_range_is_refused(project):
    for limit in "0", "201", "-1", "x", "":
        project.native.get(groups(project), {"limit": limit}) \
            .must_be(400, Including(amp.problem(400)))


# Entity tags

def test_get_is_not_modified_for_who_has_it(project):
    made = new_group(project)
    path, tag = groups(project, made.body["ref"]), made.headers["ETag"]
    for field in tag, f"W/{tag}", f'"x", {tag}', "*":
        project.native.get(path, headers={"If-None-Match": field}) \
            .must_be(304, None, {
                "ETag": tag, "Content-Length": str(len(made.content))})
    project.native.get(path, headers={"If-None-Match": '"x"'}) \
        .must_be(200, made.body, {"ETag": tag})


def test_tag_changes_with_what_is_shown(project):
    made = new_group(project)
    ref = made.body["ref"]
    amp.new_connection(project, ref)
    answer = project.native.get(
        groups(project, ref), headers={"If-None-Match": made.headers["ETag"]})
    answer.must_be(200, form(ref, ref, connections=1))
    assert answer.headers["ETag"] != made.headers["ETag"]


def test_rename(project):
    made = new_group(project, name="Old")
    ref = made.body["ref"]
    done = project.native.patch(
        groups(project, ref), {"name": "New"},
        headers={"If-Match": made.headers["ETag"]}) \
        .must_be(200, form(ref, "New", updated_at=TIME_Z))
    read = project.native.get(groups(project, ref)).must_be(200, done.body)
    assert read.headers["ETag"] == done.headers["ETag"]
    assert done.headers["ETag"] != made.headers["ETag"]


def test_rename_shows_in_installations(project):
    made = amp.new_installation(project)
    project.native.patch(groups(project, made["group"]["groupRef"]),
                         {"name": "Renamed"}).must_be(200)
    shown = project.ampersand.get(amp.path_of(project, made)) \
        .must_be(200).body
    assert shown["group"]["groupName"] == "Renamed"


def test_rename_of_what_has_changed_is_refused(project):
    made = new_group(project, name="Old")
    path, tag = groups(project, made.body["ref"]), made.headers["ETag"]
    done = project.native.patch(path, {"name": "First"},
                                headers={"If-Match": tag}).must_be(200)
    for field in tag, f"W/{done.headers['ETag']}", f'{tag}, "x"':
        project.native.patch(path, {"name": "Second"},
                             headers={"If-Match": field}) \
            .must_be(412, Including(amp.problem(412)))
    project.native.patch(path, {"name": "Second"},
                         headers={"If-None-Match": "*"}).must_be(412)
    project.native.get(path).must_be(200, done.body)
    for form_of in "*", '"x", {}', "{}":
        field = form_of.format(done.headers["ETag"])
        done = project.native.patch(path, {"name": unique("next")},
                                    headers={"If-Match": field}).must_be(200)


def test_precondition_that_is_no_list_of_tags_is_refused(project):
    made = new_group(project)
    path = groups(project, made.body["ref"])
    for name in "If-Match", "If-None-Match":
        for field in "x", "", '"x', '*, "x"', '"a" "b"':
            project.native.get(path, headers={name: field}) \
                .must_be(400, Including(amp.problem(400)))
            project.native.patch(path, {"name": "x"}, headers={name: field}) \
                .must_be(400)
    project.native.get(path).must_be(200, made.body)


def test_rename_says_what_is_wrong(project):
    path = groups(project, new_group(project).body["ref"])
    for body in {}, {"name": 1}, {"name": None}, []:
        project.native.patch(path, body).must_be(400)
    for body in {"name": ""}, {"name": "x" * 257}:
        project.native.patch(path, body).must_be(422)
