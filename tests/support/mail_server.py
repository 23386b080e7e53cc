"""Debian's aiosmtpd: a mail server with STARTTLS and logins, on loopback.

    with MailServer(folder) as mail:
        server = server_factory(options=(*ALLOWED, *mail.options))
        ...
        [message] = mail.messages      # email.message.EmailMessage"""

import email
import email.policy
import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from support.peer import certificate, tls_of

USER, PASSWORD = "cleat", "pass word"
FROM = "alerts@example.com"


class MailServer:
    """`refusals` has a reply for each recipient that is refused, `logins` are
    those that were tried, `password` is the one that is taken."""

    def __init__(self, folder, has_tls=True):
        authority = certificate(folder, "authority")
        files = certificate(folder, "server", authority, "localhost")
        self.messages, self.logins, self.refusals = [], [], {}
        self.was_encrypted = []
        self.password = PASSWORD
        self._said = folder / "password"
        self._said.write_text(PASSWORD + "\n", encoding="ascii")
        self._ca = authority[1]
        self._has_tls = has_tls
        self._controller = _Controller(
            self, hostname="127.0.0.1", port=_free_port(),
            **({"tls_context": tls_of(files), "require_starttls": True}
               if has_tls else {}),
            authenticator=self._login, auth_require_tls=has_tls,
            auth_required=has_tls)
        self.port = self._controller.port

    @property
    def options(self):
        """Of cleat serve."""
        if not self._has_tls:
            return ("--smtp", f"smtp://localhost:{self.port}",
                    "--smtp-from", FROM, "--smtp-plain")
        return ("--smtp", f"smtp://localhost:{self.port}", "--smtp-from", FROM,
                "--smtp-user", USER, "--smtp-password-file",
                str(self._said), "--smtp-ca", str(self._ca))

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    def to(self, address):
        return [one for one in self.messages if one["To"] == address]

    def _login(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(
            success=self.logins[-1] == (USER, self.password), handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content,
                                           policy=email.policy.default)
        assert message["To"] == envelope.rcpt_tos[0]
        message.envelope_from = envelope.mail_from
        self.was_encrypted.append(session.ssl is not None)
        self.messages.append(message)
        return "250 OK"


class _Controller(Controller):
    def factory(self):
        return SMTP(self.handler, **self.SMTP_kwargs)


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
