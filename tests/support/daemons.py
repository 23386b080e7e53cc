"""Debian's own servers, each on a free port of 127.0.0.1, with a user of ours
and a folder that goes with it. Nothing of them is left, or was there before.

Who logs in by a password of the system's is a user that exists for the one
server alone: it sees another /etc/passwd (`in_own_room`), which takes root."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from support.cluster import Cluster
from support.peer import certificate, tls_of
from support.server import die_with_parent
from support.speaker import PASSWORD, USER, free_port
from support.wait import eventually

START_S = 90  # Erlang is slow to start
STOP_S = 20
BASE_DN = "dc=example"
BIND_DN = f"cn={USER},{BASE_DN}"
QUEUE_HOST = "sales"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def answers(port):
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def own_folder():
    with tempfile.TemporaryDirectory(prefix="cleat-service-") as name:
        yield pathlib.Path(name)


@contextlib.contextmanager
def running(folder, words, port, **env):
    """A program that stays in the foreground, until its port answers."""
    log = folder / "log"
    with open(log, "wb") as out:
        process = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, cwd=folder, start_new_session=True,
            preexec_fn=die_with_parent, env={**os.environ, **env})
    try:
        def is_up():
            assert process.poll() is None, log.read_text("utf-8", "replace")
            return answers(port)
        eventually(is_up, f"{words[0]} answers", START_S)
        yield process
    finally:
        _end(process)


def _end(process):
    """With whoever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(*words):
    done = subprocess.run(list(map(str, words)), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False,
                          timeout=60)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def in_own_room(folder, words, **others):
    """The command that runs these where these files, by their paths with
    slashes as underscores, lie over the system's, and where /run is empty."""
    over = "".join(f"mount --bind '{folder}/{name}' '/{path}'; "
                   for name, path in others.items())
    return ["unshare", "-m", "sh", "-c",
            f"mount -t tmpfs none /run; mkdir -p /run/sshd /run/vsftpd/empty; "
            f"{over}exec \"$@\"", "sh", *words]


def _people(folder):
    """passwd and shadow with our user, whose home is the folder."""
    home = folder / "home"
    (home / "files").mkdir(parents=True)
    os.chown(home, 65000, 65000)
    folder.chmod(0o755)
    digest = run("openssl", "passwd", "-6", PASSWORD).strip()
    for name, line in (("passwd", f"{USER}:x:65000:65000::{home}:/bin/sh\n"),
                       ("shadow", f"{USER}:{digest}:20000:0:99999:7:::\n")):
        (folder / name).write_text(
            pathlib.Path(f"/etc/{name}").read_text() + line)
    return home


@contextlib.contextmanager
def files(folder):
    """What TLS needs: an authority, and who is `localhost` by it."""
    ca = certificate(folder, "authority")
    yield ca, certificate(folder, "server", ca, "localhost,IP:127.0.0.1")


@contextlib.contextmanager
def slapd(tls=None):
    """A directory with one entry; ldaps with the files of a certificate."""
    port = free_port()
    with own_folder() as folder:
        (folder / "data").mkdir()
        secured = "" if not tls else (
            f"TLSCertificateKeyFile {tls[0]}\nTLSCertificateFile {tls[1]}\n")
        (folder / "conf").write_text(
            f"include /etc/ldap/schema/core.schema\n{secured}"
            "modulepath /usr/lib/ldap\nmoduleload back_mdb\n"
            f"pidfile {folder}/pid\nargsfile {folder}/args\n"
            f"database mdb\nsuffix \"{BASE_DN}\"\nrootdn \"{BIND_DN}\"\n"
            f"rootpw {PASSWORD}\ndirectory {folder}/data\n")
        (folder / "ldif").write_text(
            f"dn: {BASE_DN}\nobjectClass: dcObject\n"
            "objectClass: organization\ndc: example\no: Example\n")
        run("/usr/sbin/slapadd", "-f", folder / "conf", "-l", folder / "ldif")
        scheme = "ldaps" if tls else "ldap"
        with running(folder, ["/usr/sbin/slapd", "-d", "0", "-f",
                              folder / "conf", "-h",
                              f"{scheme}://127.0.0.1:{port}/"], port):
            yield port


@contextlib.contextmanager
def vsftpd(tls=None):
    port = free_port()
    with own_folder() as folder:
        _people(folder)
        (folder / "pam").write_text("auth required pam_unix.so\n"
                                    "account required pam_unix.so\n")
        secured = "" if not tls else (
            "ssl_enable=YES\nrequire_ssl_reuse=NO\nssl_tlsv1=YES\n"
            "force_local_logins_ssl=YES\nforce_local_data_ssl=YES\n"
            f"rsa_private_key_file={tls[0]}\nrsa_cert_file={tls[1]}\n")
        (folder / "conf").write_text(
            f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\n"
            "background=NO\nanonymous_enable=NO\nlocal_enable=YES\n"
            "pam_service_name=vsftpd\nsecure_chroot_dir=/run/vsftpd/empty\n"
            f"xferlog_enable=NO\n{secured}")
        with running(folder, in_own_room(
                folder, ["/usr/sbin/vsftpd", folder / "conf"],
                passwd="etc/passwd", shadow="etc/shadow",
                pam="etc/pam.d/vsftpd"), port):
            yield port, folder / "home"


@contextlib.contextmanager
def sshd(has_sftp=True):
    port = free_port()
    with own_folder() as folder:
        home = _people(folder)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
            folder / "key")
        (folder / "conf").write_text(
            f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/key\n"
            "UsePAM no\nPasswordAuthentication yes\nPidFile none\n"
            "StrictModes no\n"
            + ("Subsystem sftp internal-sftp\n" if has_sftp else ""))
        with running(folder, in_own_room(
                folder, ["/usr/sbin/sshd", "-D", "-e", "-f", folder / "conf"],
                passwd="etc/passwd", shadow="etc/shadow"), port):
            yield port, home


@contextlib.contextmanager
def rsyslogd():
    """Syslog by TCP and UDP; what it took is in the file."""
    port = free_port()
    with own_folder() as folder:
        (folder / "conf").write_text(
            'module(load="imtcp")\nmodule(load="imudp")\n'
            f'input(type="imtcp" address="127.0.0.1" port="{port}")\n'
            f'input(type="imudp" address="127.0.0.1" port="{port}")\n'
            f'action(type="omfile" file="{folder}/taken")\n')
        with running(folder, ["/usr/sbin/rsyslogd", "-n", "-f",
                              folder / "conf", "-i", folder / "pid"], port):
            yield port


@contextlib.contextmanager
def snmpd(digest="SHA-256"):
    """UDP; its community is `public`, its user signs by this digest."""
    port = free_port()
    with own_folder() as folder:
        (folder / "conf").write_text(
            "rocommunity public 127.0.0.1\n"
            f"createUser {USER} {digest} {PASSWORD}\nrouser {USER} auth\n")
        with running(folder, ["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c",
                              folder / "conf", "-I", "-smux",
                              f"udp:127.0.0.1:{port}",
                              f"tcp:127.0.0.1:{port}"], port,
                     SNMP_PERSISTENT_DIR=str(folder), MIBS=""):
            yield port


def _authenticate(server, session, envelope, mechanism, data):
    return AuthResult(handled=False, success=(data.login, data.password) == (
        USER.encode(), PASSWORD.encode()))


@contextlib.contextmanager
def mail(tls=None, from_the_first=False):
    """aiosmtpd, whose mails go nowhere; STARTTLS, or TLS from the first."""
    context = tls_of(tls) if tls else None
    controller = Controller(
        object(), hostname="127.0.0.1", port=free_port(),
        authenticator=_authenticate, auth_required=True,
        auth_require_tls=False, require_starttls=bool(tls)
        and not from_the_first,
        **({"ssl_context": context} if from_the_first
           else {"tls_context": context}))
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class Postgres(Cluster):
    """By TCP, with a password; TLS with the files of a certificate."""

    def __init__(self, tls=None):
        self.port = free_port()
        self.tls = tls
        secured = "" if not tls else (
            "ssl = on\nssl_cert_file = '../server.crt'\n"
            "ssl_key_file = '../server.key'\n")
        super().__init__(f"listen_addresses = '127.0.0.1'\n{secured}")
        kind = "hostssl" if tls else "host"
        self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        self.sql(f"CREATE DATABASE shop OWNER {USER}")
        (self.data / "pg_hba.conf").write_text(
            f"local all all trust\n{kind} all all all scram-sha-256\n")
        self.sql("SELECT pg_reload_conf()")

    def prepare(self):
        for name, path in zip(("server.key", "server.crt"), self.tls or ()):
            shutil.copy(path, self.folder / name)
            (self.folder / name).chmod(0o600)


@contextlib.contextmanager
def rabbitmq(tls=None):
    """Its virtual host is `sales`; AMQP 1.0 as well as 0-9-1."""
    port, names = free_port(), free_port()
    with own_folder() as folder:
        secured = "" if not tls else (
            f"listeners.ssl.1 = 127.0.0.1:{port}\nlisteners.tcp = none\n"
            f"ssl_options.keyfile = {tls[0]}\n"
            f"ssl_options.certfile = {tls[1]}\n"
            f"ssl_options.cacertfile = {tls[1]}\n")
        (folder / "rabbitmq.conf").write_text(
            (secured or f"listeners.tcp.1 = 127.0.0.1:{port}\n")
            + f"default_user = {USER}\ndefault_pass = {PASSWORD}\n"
            f"default_vhost = {QUEUE_HOST}\n"
            f"amqp1_0.default_vhost = {QUEUE_HOST}\n")
        (folder / "plugins").write_text("[rabbitmq_amqp1_0].\n")
        (folder / "advanced.config").write_text("[].\n")
        # epmd would be left behind, if the server had to start it
        with running(folder, ["epmd", "-address", "127.0.0.1", "-port",
                              names], names), \
                running(folder, ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
                        port, HOME=str(folder),
                        ERL_EPMD_PORT=str(names),
                        ERL_EPMD_ADDRESS="127.0.0.1",
                        RABBITMQ_NODENAME="cleat@localhost",
                        RABBITMQ_DIST_PORT=str(free_port()),
                        RABBITMQ_CONFIG_FILE=str(folder / "rabbitmq"),
                        RABBITMQ_ENABLED_PLUGINS_FILE=str(folder / "plugins"),
                        RABBITMQ_MNESIA_BASE=str(folder / "data"),
                        RABBITMQ_LOGS="-",
                        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=
                        "-kernel inet_dist_use_interface {127,0,0,1}"):
            yield port
