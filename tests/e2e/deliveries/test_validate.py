"""#validate really tries it: providers as they are documented, receivers, a
mail server, and a bare socket with TLS."""

import contextlib

import pytest

from support.listening import base, came, integration, log, signature, told
from support.mail_server import MailServer
from support.peer import Peer, certificate, tls_of
from support.receiver import Receiver
from support.server import ALLOWED
from support.services import (Bitbucket, BitbucketServer, GitHub, GitLab,
                              PagerDuty, Slack)
from support.upsun import error


def validate(project, made):
    return project.upsun.post(base(project, made) + "/validate")


def works(project, made):
    validate(project, made).must_be(200)


def fails(project, made, field, why):
    said = validate(project, made).must_be(
        400, error(400, "Bad Request", field)).body["detail"][field]
    assert why in said, said


def change(project, made, **fields):
    project.upsun.patch(base(project, made), fields).must_be(200)


@pytest.fixture
def started(server_factory):
    """Projects of servers that find these services at fakes."""
    with contextlib.ExitStack() as stack:
        def start(*services):
            found = [stack.enter_context(kind()) for kind in services]
            options = [word for one in found for name in NAMES[type(one)]
                       for word in ("--service", f"{name}={one.url}")]
            return (server_factory(options=(*ALLOWED, *options)).project,
                    *found)
        yield start


NAMES = {GitHub: ["github"], GitLab: [], Slack: ["slack"],
         Bitbucket: ["bitbucket", "bitbucket-site"], BitbucketServer: [],
         PagerDuty: ["pagerduty"]}


def test_github(started):
    project, github = started(GitHub)
    made = integration(project, "github", token=github.token,
                       repository=github.repository)
    works(project, made)
    github.permissions = {"admin": False, "push": False, "pull": True}
    fails(project, made, "token", "scope repo")
    change(project, made, repository="owner/other")
    fails(project, made, "repository", "not there")
    change(project, made, token="ghp_bad")
    fails(project, made, "token", "401")
    github.answers = [(502, {}, {})]
    fails(project, made, "base_url", "502")


def test_github_of_one_s_own_is_below_its_base_url(started):
    project, github = started(GitHub)
    github.prefix = "/api/v3"
    made = integration(project, "github", token=github.token,
                       repository=github.repository, base_url=github.url)
    works(project, made)
    change(project, made, base_url="https://127.0.0.1:1")
    fails(project, made, "base_url", "can't be reached: no connection")


def test_gitlab(started):
    project, gitlab = started(GitLab)
    made = integration(project, "gitlab", token=gitlab.token,
                       project=gitlab.project, base_url=gitlab.url)
    works(project, made)
    gitlab.level = 30
    fails(project, made, "token", "maintainer")
    gitlab.scopes = ["read_api", "read_repository"]
    fails(project, made, "token", "scope api")
    gitlab.scopes, gitlab.project = ["api"], "group/other"
    fails(project, made, "project", "not there")
    change(project, made, token="glpat-bad")
    fails(project, made, "token", "401")


def test_bitbucket(started):
    project, cloud = started(Bitbucket)
    made = integration(project, "bitbucket", repository=cloud.repository)
    fails(project, made, "app_credentials", "needed")
    change(project, made, app_credentials={"key": cloud.key,
                                           "secret": cloud.secret})
    works(project, made)
    cloud.scopes = "pullrequest"
    fails(project, made, "app_credentials", "scope repository")
    cloud.scopes = "repository:write"
    works(project, made)
    change(project, made, repository="team/other")
    fails(project, made, "repository", "not there")
    change(project, made, app_credentials={"key": cloud.key, "secret": "x"})
    fails(project, made, "app_credentials", "not taken")


def test_bitbucket_server(started):
    project, server = started(BitbucketServer)
    made = integration(project, "bitbucket_server", url=server.url,
                       username=server.user, token=server.token,
                       project=server.project, repository=server.repository)
    works(project, made)
    server.can_write = False
    fails(project, made, "token", "may not write")
    change(project, made, repository="other")
    fails(project, made, "repository", "not there")
    change(project, made, token="x")
    fails(project, made, "token", "401")


@pytest.mark.parametrize("channel", ["alerts", "#alerts", "C0123ABCD9"])
def test_slack(started, channel):
    project, slack = started(Slack)
    slack.channels = {"C0000OTHER1": "general", "C0123ABCD9": "alerts"}
    made = integration(project, "health.slack", token=slack.token,
                       channel=channel)
    works(project, made)
    assert not slack.posted
    del slack.channels["C0123ABCD9"]
    fails(project, made, "channel", "")
    change(project, made, token="xoxb-bad")
    fails(project, made, "token", "invalid_auth")


def test_slack_s_missing_scope_is_the_token_s(started):
    project, slack = started(Slack)
    slack.scopes = False
    made = integration(project, "health.slack", token=slack.token,
                       channel="alerts")
    fails(project, made, "token", "missing_scope")


def test_pagerduty(started):
    project, pager = started(PagerDuty)
    made = integration(project, "health.pagerduty",
                       routing_key=pager.routing_key)
    works(project, made)
    assert not pager.open
    change(project, made, routing_key="other")
    fails(project, made, "routing_key", "Event object is invalid")


@pytest.mark.parametrize("kind", ["webhook", "health.webhook"])
def test_webhook_is_told_of_the_try_and_can_verify_it(started, kind):
    project, = started()
    with Receiver() as receiver:
        more = {"events": ["none"]} if kind == "webhook" else {}
        made = integration(project, kind, url=receiver.url, shared_key="k",
                           **more)
        works(project, made)
        [message] = [one for one in came(receiver, "/hook")
                     if one.document["type"] == "integration.validate"]
        assert message.headers["x-jws-signature"] == \
            signature("k", message.body)
        receiver.answer = lambda message: 500
        fails(project, made, "url", "500")
    fails(project, made, "url", "no connection")


LOGS = [("httplog", {"headers": {"X-Key": "k"}}, "headers"),
        ("otlplog", {"headers": {"X-Key": "k"}}, "headers"),
        ("newrelic", {"license_key": "l"}, "license_key"),
        ("splunk", {"index": "main", "token": "t"}, "token"),
        ("sumologic", {"category": "c"}, "url")]
SHOWN = {"httplog": ("x-key", "k"), "otlplog": ("x-key", "k"),
         "newrelic": ("api-key", "l"), "splunk": ("authorization", "Splunk t"),
         "sumologic": ("x-sumo-category", "c")}


@pytest.mark.parametrize("kind, fields, credential", LOGS)
def test_log_target_is_sent_one_record(started, kind, fields, credential):
    project, = started()
    with Receiver() as receiver:
        made = integration(project, kind, url=receiver.url, **fields)
        works(project, made)
        [message] = came(receiver, "/hook")
        name, value = SHOWN[kind]
        assert message.headers[name] == value
        receiver.answer = lambda message: 403
        fails(project, made, credential, "403")
        receiver.answer = lambda message: 404
        fails(project, made, "url", "404")


def test_certificate_counts_unless_tls_verify_is_off(started, tmp_path):
    project, = started()
    tls = tls_of(certificate(tmp_path, "localhost"))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with Peer(lambda peer, connection, path: connection.sendall(answer),
              tls=tls) as peer:
        made = integration(project, "sumologic",
                           url=f"https://127.0.0.1:{peer.port}/")
        fails(project, made, "url", "certificate")
        assert not peer.requests
        change(project, made, tls_verify=False)
        works(project, made)


def test_syslog_is_connected_to_with_tls_or_without(started, tmp_path):
    project, = started()
    tls = tls_of(certificate(tmp_path, "localhost"))
    with Peer(None, tls=tls) as safe, Peer(None) as plain:
        made = integration(project, "syslog", host="127.0.0.1",
                           port=safe.port)
        fails(project, made, "host", "certificate")
        change(project, made, tls_verify=False)
        works(project, made)
        change(project, made, protocol="tcp", port=plain.port)
        works(project, made)
    fails(project, made, "host", "no connection")
    change(project, made, protocol="udp")
    fails(project, made, "protocol", "udp")


def test_mail_server_lets_us_in(server_factory, folder):
    with MailServer(folder) as mail:
        project = server_factory(options=(*ALLOWED, *mail.options)).project
        made = integration(project, "health.email",
                           recipients=["ops@example.com"])
        works(project, made)
        assert mail.logins and not mail.messages
        change(project, made, recipients=["#admins"])
        fails(project, made, "recipients", "known")
        change(project, made, recipients=["ops@example.com"])
        mail.password = "another"
        fails(project, made, "smtp", "535")


def test_without_a_mail_server_it_says_so(started):
    project, = started()
    made = integration(project, "health.email",
                       recipients=["ops@example.com"])
    fails(project, made, "smtp", "--smtp")


@pytest.mark.parametrize("kind, fields", [
    ("script", {"script": "x"}), ("blackfire", {}),
    ("fastly", {"token": "t", "service_id": "s"})])
def test_what_can_t_be_tried_is_told(project, kind, fields):
    made = integration(project, kind, **fields)
    fails(project, made, "type", "none that can be tried")


def test_try_is_an_activity_with_a_log(started):
    project, github = started(GitHub)
    made = integration(project, "github", token="ghp_bad",
                       repository=github.repository)
    validate(project, made).must_be(400)
    [mine] = [one for one in project.upsun.get(
        base(project, made) + "/activities").must_be(200).body
        if one["type"] == "integration.validate"]
    assert (mine["state"], mine["result"]) == ("complete", "failure")
    assert log(project, mine) == [
        "Answered with 401.\n",
        "token is not taken: it was answered 401.\n"]
    assert not told(project, made) and "ghp_bad" not in str(mine)


def test_viewer_may_not(project):
    made = integration(project, "syslog")
    project.caller("upsun", role="viewer").post(
        base(project, made) + "/validate").must_be(
            403, error(403, "Forbidden"))
