"""Uploads, as Ampersand's command line deploys by them: a URL, a zip put
there, a batch that names it."""

import base64
import hashlib
import io
import struct
import urllib.parse
import zipfile
import zlib

import pytest
import requests

from support.ampersand import (Ampersand, invalid, manifest_yaml, problem)
from support.forms import TEXT
from support.names import unique
from support.server import Server, Store

BUCKET = "cleat-uploads"


def md5_of(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def zip_of(text, name="amp.yaml", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        made.writestr(name, text)
    return out.getvalue()


def address(caller, md5=None):
    return caller.get("/generate-upload-url",
                      {"md5": md5} if md5 else None).must_be(200, {
                          "url": TEXT, "bucket": BUCKET, "path": TEXT}).body


def put(url, data, md5=None):
    return requests.put(url, data=data, timeout=30,
                        headers={"Content-MD5": md5 or md5_of(data)})


def uploaded(caller, data):
    """gs://BUCKET/PATH of it."""
    where = address(caller, md5_of(data))
    done = put(where["url"], data)
    assert (done.status_code, done.content) == (200, b""), done.text
    return f"gs://{where['bucket']}/{where['path']}"


def batch(caller, project, url, **more):
    return caller.put(f"/projects/{project.name}/integrations:batch",
                      {"sourceZipUrl": url, **more})


def test_a_zip_is_deployed_as_the_command_line_does(project, ampersand):
    name = unique("sync")
    url = uploaded(ampersand, zip_of(manifest_yaml(name)))
    made = batch(ampersand, project, url).must_be(200).body
    assert [one["name"] for one in made] == [name]
    batch(ampersand, project, url).must_be(200)  # whose answer was lost
    batch(ampersand, project, f"{url[:-37]}-{url[-36:]}").must_be(422)


def test_a_builder_deploys_too(project):
    name = unique("sync")
    url = uploaded(project.builder, zip_of(manifest_yaml(name)))
    batch(project.builder, project, url).must_be(200)


def test_a_stored_file_is_taken(project, ampersand):
    data = zip_of(manifest_yaml(unique("sync")), method=zipfile.ZIP_STORED)
    batch(ampersand, project, uploaded(ampersand, data)).must_be(200)


def test_faults_of_the_manifest_are_told(project, ampersand):
    batch(ampersand, project, uploaded(ampersand, zip_of("specVersion: 1"))) \
        .must_be(422, invalid(422))


def test_md5_may_be_left_out(project, ampersand):
    data = zip_of(manifest_yaml(unique("sync")))
    where = address(ampersand)
    assert put(where["url"], data).status_code == 200
    batch(ampersand, project, f"gs://{BUCKET}/{where['path']}").must_be(200)


def test_a_plus_may_come_unescaped(ampersand):
    data = next(data for data in (str(n).encode() for n in range(1000))
                if "+" in md5_of(data))
    where = ampersand.get(f"/generate-upload-url?md5={md5_of(data)}") \
        .must_be(200).body
    assert put(where["url"], data).status_code == 200


@pytest.mark.parametrize("md5", ["x", "AAAA", "a" * 24, "=" * 24])
def test_what_is_no_md5_is_422(ampersand, md5):
    body = ampersand.get("/generate-upload-url", {"md5": md5}) \
        .must_be(422).body
    assert [(one["in"], one["name"]) for one in body["issues"]] == [
        ("query", "md5")]


def refused(reply, status):
    assert reply.status_code == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_the_files_md5_is_checked(ampersand):
    data, other = b"abc", b"abd"
    where = address(ampersand, md5_of(data))
    refused(requests.put(where["url"], data=data, timeout=30), 400)
    refused(put(where["url"], data, "nonsense"), 400)
    refused(put(where["url"], data, md5_of(other)), 400)
    refused(put(where["url"], other), 400)
    assert put(where["url"], data).status_code == 200


def test_a_url_that_was_not_given_out_is_403(project, other, ampersand):
    data = b"abc"
    url = address(ampersand, md5_of(data))["url"]
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))

    def changed(path=parts.path, **more):
        asked = {name: value for name, value in {**query, **more}.items()
                 if value is not None}
        return parts._replace(
            path=path, query=urllib.parse.urlencode(asked)).geturl()

    for wrong in (changed(signature="0" * 64), changed(signature=None),
                  changed(signature="x"), changed(signature="0" * 65),
                  changed(md5=None),
                  changed(path=parts.path.replace(project.id, other.id))):
        refused(put(wrong, data), 403)
    for wrong in "/x/y", f"/{project.id}/y":
        refused(put(changed(path=f"/v1/uploads{wrong}"), data), 404)
    assert put(url, data).status_code == 200


def test_a_url_is_good_for_15_minutes():
    data = zip_of(manifest_yaml("sync"))
    with Store() as store:
        server = Server(store)
        wheres = [address(server.project.ampersand, md5_of(data))
                  for _ in range(2)]
        assert put(wheres[0]["url"], data).status_code == 200
        server.stop()
        for offset, status in (890, 200), (910, 403):
            server = Server(store, clock_offset_s=offset)
            base = wheres[1]["url"].index("/v1/")
            done = put(server.base + wheres[1]["url"][base:], data)
            assert done.status_code == status, done.text
            batch(server.project.ampersand, server.project,
                  f"gs://{BUCKET}/{wheres[0]['path']}").must_be(
                200 if status == 200 else 422)
            server.stop()


def test_another_projects_upload_is_unknown(project, other, ampersand):
    url = uploaded(ampersand, zip_of(manifest_yaml(unique("sync"))))
    batch(other.ampersand, other, url).must_be(
        422, invalid(422, "sourceZipUrl"))


@pytest.mark.parametrize("url", [
    "gs://bucket/path", f"gs://{BUCKET}/x/y", "https://example.com/a.zip",
    f"gs://{BUCKET}/{'0' * 36}/{'0' * 36}", "file:///etc/passwd", "x"])
def test_what_was_not_uploaded_is_422(project, ampersand, url):
    batch(ampersand, project, url).must_be(422, invalid(422, "sourceZipUrl"))


def test_only_who_manages_gets_a_url(project):
    for role in "viewer", "frontend":
        project.caller("ampersand", role).get("/generate-upload-url") \
            .must_be(403, problem(403))
    Ampersand(project.server).get("/generate-upload-url").must_be(
        401, problem(401))


def test_one_source_alone_is_taken(project, ampersand):
    url = uploaded(ampersand, zip_of(manifest_yaml(unique("sync"))))
    batch(ampersand, project, url,
          sourceYaml=manifest_yaml(unique("sync"))).must_be(
        422, invalid(422, "sourceZipUrl"))


def test_older_uploads_make_room(project, ampersand):
    data = zip_of(manifest_yaml(unique("sync")))
    first, *_, last = [uploaded(ampersand, data) for _ in range(17)]
    batch(ampersand, project, first).must_be(422)
    batch(ampersand, project, last).must_be(200)


def test_a_file_over_1_mib_is_413(ampersand):
    data = b"x" * (1024 * 1024 + 1)
    refused(put(address(ampersand, md5_of(data))["url"], data), 413)


# Zips that are not what they should be

def two_files():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("amp.yaml", "a: 1")
        made.writestr("other", "")
    return out.getvalue()


def many_files():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(5000):
            made.writestr(f"{number}", "")
    return out.getvalue()


def headers(data):
    """Where the local header and the central one begin."""
    return data.index(b"PK\3\4"), data.index(b"PK\1\2")


def altered(data, local, central, form, value):
    """Both headers, at these places of them."""
    made = bytearray(data)
    for start, at in zip(headers(data), (local, central)):
        struct.pack_into(form, made, start + at, value)
    return bytes(made)


def encrypted():
    return altered(zip_of("a: 1"), 6, 8, "<H", 1)


def size_that_lies(size):
    return altered(zip_of("a: " + "x" * 5000), 22, 24, "<I", size)


def zip64_that_lies():
    """Its sizes are in the extra field, and none of it is true."""
    text = b"a: 1"
    packed = zlib.compress(text)[2:-4]
    extra = struct.pack("<HHQQ", 1, 16, 1 << 40, len(packed))
    name, crc = b"amp.yaml", zlib.crc32(text)
    local = struct.pack("<IHHHHHIIIHH", 0x04034b50, 45, 0, 8, 0, 0, crc,
                        0xffffffff, 0xffffffff, len(name), len(extra)) \
        + name + extra + packed
    central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 45, 45, 0, 8, 0,
                          0, crc, 0xffffffff, 0xffffffff, len(name),
                          len(extra), 0, 0, 0, 0, 0) + name + extra
    return local + central + struct.pack(
        "<IHHHHIIH", 0x06054b50, 0, 0, 1, 1, len(central), len(local), 0)


BAD = {
    "none": b"no zip at all",
    "empty": b"",
    "empty zip": b"PK\5\6" + bytes(18),
    "cut": zip_of("a: " + "x" * 1000)[:-30],
    "another name": zip_of("a: 1", "amp.yml"),
    "a folder's": zip_of("a: 1", "x/amp.yaml"),
    "a parent's": zip_of("a: 1", "../amp.yaml"),
    "two files": two_files(),
    "many files": many_files(),
    "over 1 MiB": zip_of("#" * (1024 * 1024 + 1)),
    "a bomb": zip_of("#" * (1024 * 1024)),
    "bzip2": zip_of("a: 1", method=zipfile.ZIP_BZIP2),
    "lzma": zip_of("a: 1", method=zipfile.ZIP_LZMA),
    "encrypted": encrypted(),
    "says less": size_that_lies(10),
    "says more": size_that_lies(9000),
    "says most": size_that_lies(0xfffffffe),
    "zip64": zip64_that_lies(),
    "wrong checksum": altered(zip_of("a: 1"), 14, 16, "<I", 1),
    "no text": zip_of(b"a: \0"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_zip_is_422(project, ampersand, kind):
    batch(ampersand, project, uploaded(ampersand, BAD[kind])).must_be(
        422, invalid(422, "sourceZipUrl"))
