"""Warnings, by mail (Debian's aiosmtpd), to Slack and PagerDuty (as they are
documented) and to a signed webhook."""

import pytest

from support import people
from support.listening import (came, integration, log, over, signature, told,
                               warn)
from support.native import base
from support.mail_server import FROM, PASSWORD, USER, MailServer
from support.receiver import Receiver
from support.server import ALLOWED
from support.services import PagerDuty, Slack
from support.wait import eventually


@pytest.fixture
def mail(folder):
    with MailServer(folder) as made:
        yield made


@pytest.fixture
def mailing(server_factory, mail):
    return server_factory(options=(*ALLOWED, *mail.options)).project


def test_warning_goes_out_by_mail_and_so_does_its_end(mailing, mail):
    made = integration(mailing, "health.email",
                       recipients=["ops@example.com", "Ops@example.com"])
    warn(mailing, title="Disk is full: 98 %", message="Größe\nzählt",
         severity="critical", environment="main").must_be(200)
    over(mailing, made)
    warn(mailing, state="cleared").must_be(200)
    over(mailing, made, 2)
    raised, cleared = mail.messages
    assert raised["Subject"] == \
        f"[My Project] critical: Disk is full: 98 %"
    assert cleared["Subject"].startswith(f"[My Project] cleared: ")
    assert raised["From"] == FROM and raised.envelope_from == FROM
    assert raised["Auto-Submitted"] == "auto-generated"
    assert raised["Date"].datetime and raised["Message-ID"]
    text = raised.get_content()
    assert text.startswith("Größe\nzählt\n") and "Environment: main" in text
    assert mail.logins == [(USER, PASSWORD)] * 2
    assert mail.was_encrypted == [True, True]


def test_subject_and_from_can_be_what_they_like(mailing, mail):
    made = integration(mailing, "health.email", from_address="me@example.org",
                       recipients=["ops@example.com"])
    title = " ".join(["Plötzlich"] * 20)
    warn(mailing, title=title).must_be(200)
    over(mailing, made)
    [message] = mail.messages
    assert message["Subject"] == f"[My Project] warning: {title}"
    assert message["From"] == "me@example.org"
    assert message.envelope_from == "me@example.org"


def test_recipients_stand_for_people(mailing, mail):
    owner = people.address_of(mailing)
    made = integration(mailing, "health.email", recipients=["#admins"])
    warn(mailing).must_be(200)
    over(mailing, made)
    assert [one["To"] for one in mail.messages] == [owner]


def test_one_refused_recipient_keeps_it_from_nobody_else(mailing, mail):
    mail.refusals["gone@example.com"] = "550 5.1.1 no such mailbox"
    made = integration(mailing, "health.email",
                       recipients=["gone@example.com", "ops@example.com"])
    warn(mailing).must_be(200)
    ended = over(mailing, made, 2)
    assert sorted(one["result"] for one in ended) == ["failure", "success"]
    [failed] = [one for one in ended if one["result"] == "failure"]
    assert log(mailing, failed) == ["Attempt 1 to gone@example.com: 550\n"]
    assert [one["To"] for one in mail.messages] == ["ops@example.com"]


def test_mail_that_is_put_off_is_tried_again(mailing, mail):
    mail.refusals["ops@example.com"] = "451 4.3.0 later"
    made = integration(mailing, "health.email",
                       recipients=["ops@example.com"])
    warn(mailing).must_be(200)
    eventually(lambda: [one for one in told(mailing, made)
                        if one["state"] == "in_progress"], "it was tried", 30)
    mail.refusals.clear()
    [ended] = over(mailing, made)
    assert log(mailing, ended) == ["Attempt 1 to ops@example.com: 451\n",
                                   "Attempt 2 to ops@example.com: 250\n"]


def test_password_is_not_said_without_tls(server_factory, folder):
    """A server that offers no STARTTLS gets neither login nor mail."""
    with MailServer(folder, has_tls=False) as mail:
        server = server_factory(options=(
            *ALLOWED, "--smtp", f"smtp://localhost:{mail.port}",
            "--smtp-from", FROM, "--smtp-user", USER))
        made = integration(server.project, "health.email",
                           recipients=["ops@example.com"])
        warn(server.project).must_be(200)
        [mine] = eventually(
            lambda: [one for one in told(server.project, made)
                     if one["state"] == "in_progress"], "it was tried", 30)
        assert not mail.logins and not mail.messages
        [line] = server.project.upsun.get(
            f"/projects/{server.project.upsun_id}/activities/{mine['id']}"
            "/log").must_be(200).text.splitlines()
        assert "it offers no TLS" in line


def test_server_without_mail_says_so(server_factory):
    project = server_factory(options=ALLOWED).project
    made = integration(project, "health.email",
                       recipients=["ops@example.com"])
    warn(project).must_be(200)
    eventually(lambda: [one for one in told(project, made)
                        if one["state"] == "in_progress"], "it was tried", 30)


def test_slack_is_posted_to_with_the_token(server_factory):
    with Slack() as slack:
        project = server_factory(options=(
            *ALLOWED, "--service", f"slack={slack.url}")).project
        slack.answers = [(429, {"Retry-After": "1"}, {}),
                         (200, {}, {"ok": False, "error": "fatal_error"})]
        made = integration(project, "health.slack", token=slack.token,
                           channel="#alerts")
        warn(project, title="a <b> & c").must_be(200)
        eventually(lambda: slack.calls, "it was called", 30)
        for _ in range(2):
            bring(project)
        [mine] = over(project, made)
        assert log(project, mine) == [
            "Attempt 1: 429\n", "Attempt 2: 200: fatal_error\n",
            "Attempt 3: 200\n"]
        [posted] = slack.posted
    assert posted["channel"] == "#alerts"
    assert "a &lt;b&gt; &amp; c" in posted["text"]


def bring(project):
    """The one delivery there is was tried once more."""
    path = f"{base(project)}/deliveries"
    before = eventually(
        lambda: next((one for one in project.native.get(path)
                      .must_be(200).body["items"] if one["attempts"]), None),
        "it was tried", 30)
    project.native.post(f"{path}/{before['id']}:replay").must_be(200)
    eventually(lambda: project.native.get(path).body["items"][0]["attempts"]
               > before["attempts"], "it was tried again", 30)


def test_pagerduty_is_triggered_and_resolved_by_one_key(server_factory):
    with PagerDuty() as pager:
        project = server_factory(options=(
            *ALLOWED, "--service", f"pagerduty={pager.url}")).project
        made = integration(project, "health.pagerduty",
                           routing_key=pager.routing_key)
        warn(project, title="x" * 256, severity="error").must_be(200)
        over(project, made)
        [payload] = pager.open.values()
        assert payload["severity"] == "error"
        warn(project, state="cleared").must_be(200)
        over(project, made, 2)
        assert not pager.open
        assert len({one["dedup_key"] for one in pager.events}) == 1


def test_event_that_pagerduty_refuses_is_not_sent_again(server_factory):
    with PagerDuty() as pager:
        project = server_factory(options=(
            *ALLOWED, "--service", f"pagerduty={pager.url}")).project
        made = integration(project, "health.pagerduty", routing_key="other")
        warn(project).must_be(200)
        [mine] = over(project, made)
    assert mine["result"] == "failure"
    assert log(project, mine) == ["Attempt 1: 400: Event object is invalid\n"]


def test_webhook_gets_the_warning_signed(project):
    with Receiver() as receiver:
        made = integration(project, "health.webhook", shared_key="k",
                           url=receiver.url + "/health")
        warn(project, message="m", environment="main").must_be(200)
        over(project, made)
        [message] = came(receiver, "/hook/health")
    assert message.headers["x-jws-signature"] == signature("k", message.body)
    said = message.document
    assert (said["state"], said["name"], said["severity"], said["message"],
            said["environment"], said["project"]) == (
        "raised", "disk", "warning", "m", "main", project.upsun_id)
    assert said["cleared_at"] is None and "to" not in said


def test_warning_is_told_again_when_its_severity_is_another(project):
    with Receiver() as receiver:
        made = integration(project, "health.webhook",
                           url=receiver.url + "/health")
        warn(project).must_be(200)
        warn(project, message="the same, again").must_be(200)
        warn(project, severity="critical").must_be(200)
        over(project, made, 2)
        severities = [one.document["severity"] for one in
                      came(receiver, "/hook/health")]
    assert severities == ["warning", "critical"]
