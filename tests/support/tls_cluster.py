"""A PostgreSQL cluster that also listens on TCP, with TLS: its certificate is
for `localhost`, by an authority of its own. There is another authority."""

import socket
import subprocess

from support.cluster import Cluster
from support.wait import eventually

DAYS = "2"
NAME = "localhost"


class TlsCluster(Cluster):

    def __init__(self):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        super().__init__("listen_addresses = 'localhost'\nssl = on\n"
                         "ssl_cert_file = '../server.crt'\n"
                         "ssl_key_file = '../server.key'\n")
        self.admit("hostssl")

    def prepare(self):
        for name in ("authority", "stranger"):
            self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS,
                          "-subj", f"/CN={name}", "-keyout",
                          self.folder / f"{name}.key", "-out",
                          self.authority(name))
        self._openssl("req", "-newkey", "ec", "-pkeyopt",
                      "ec_paramgen_curve:P-256", "-nodes", "-subj",
                      f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                      "-keyout", self.folder / "server.key", "-out",
                      self.folder / "server.csr")
        self._openssl("x509", "-req", "-days", DAYS, "-copy_extensions",
                      "copy", "-in", self.folder / "server.csr", "-CA",
                      self.authority("authority"), "-CAkey",
                      self.folder / "authority.key", "-CAcreateserial",
                      "-out", self.folder / "server.crt")

    def authority(self, name):
        """Its certificate's file."""
        return self.folder / f"{name}.crt"

    def admit(self, kind):
        """`hostssl`: nobody by TCP but with TLS; `host`: either way."""
        (self.data / "pg_hba.conf").write_text(
            f"local all all trust\n{kind} all all all trust\n",
            encoding="ascii")
        before = self.sql("SELECT pg_conf_load_time(), pg_reload_conf()")
        eventually(lambda: self.sql("SELECT pg_conf_load_time()").strip()
                   != before.split("|")[0], "it is read")

    def tls_url(self, host=NAME, **options):
        return f"postgresql://cleat@{host}:{self.port}/cleat?" + "&".join(
            f"{name}={value}" for name, value in options.items())

    @staticmethod
    def _openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)
