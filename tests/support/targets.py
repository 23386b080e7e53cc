"""Connections of each type that point at a port of ours, and what a test of
one answers."""

from support.apinizer import connection
from support.forms import NUMBER, TEXT, nullable
from support.names import unique
from support.speaker import PASSWORD, USER

SHORT_MS = 700


def settings(kind, port, timeout_ms=None, host="127.0.0.1", **more):
    """What is posted; with a timeout where the type has one."""
    place = f"{host}:{port}"
    made = {
        "activemq": {"activeMqConnectionProtocolType": "TCP",
                     "brokerURL": f"tcp://{place}", "username": USER,
                     "password": PASSWORD, "destinationType": "QUEUE",
                     "destinationName": "orders",
                     "connectTimeout": timeout_ms},
        "database": {"dbType": "MYSQL", "jdbcUrl": f"jdbc:mysql://{place}/shop",
                     "username": USER, "password": PASSWORD,
                     "connectionTimeout": timeout_ms},
        "elasticsearch": {"elasticHostList": [
            {"scheme": "http", "host": host, "port": port}],
            "connectionTimeoutInMs": timeout_ms},
        "email": {"host": host, "port": port, "auth": True, "username": USER,
                  "password": PASSWORD, "additionalProperties": [
                      {"key": "mail.smtp.timeout", "value": str(timeout_ms)}]
                  if timeout_ms else []},
        "ftp": {"host": host, "port": port, "username": USER,
                "password": PASSWORD, "protocol": "FTP",
                "timeout": timeout_ms},
        "graylog": {"hostname": host, "port": port,
                    "connectTimeout": timeout_ms},
        "kafka": {"topicName": "orders", "propertiesMap": {
            "bootstrap.servers": {"value": place},
            **({"request.timeout.ms": {"value": str(timeout_ms)}}
               if timeout_ms else {})}},
        "ldap": {"serverAddress": f"ldap://{place}", "username": "cn=jane",
                 "password": PASSWORD, "baseDn": "dc=example"},
        "linux-script": {"hostName": host, "sshPort": port, "username": USER,
                         "password": PASSWORD},
        "rabbitmq": {"hostPortList": [{"host": host, "port": port}],
                     "authenticationEnabled": True,
                     "connectionFactoryUsername": USER,
                     "connectionFactoryPassword": PASSWORD,
                     "connectionFactoryConnectionTimeout": timeout_ms},
        "snmp": {"version": "V2c", "connectionString": f"udp:{host}/{port}",
                 "securityOrCommunityName": "public",
                 "pduOidForMessage": "1.3.6.1.4.1.1"},
        "syslog": {"syslogServerHostname": host, "syslogPort": port},
        "webhook": {"fullUrl": f"http://{place}/hook",
                    **({"timeout": 1} if timeout_ms else {})},
    }[kind]
    return {"type": kind, **{name: value for name, value in
                             {**made, **more}.items() if value is not None}}


def test_of(project, body, name=None):
    """Makes it, and tests it: what is answered."""
    name = name or unique("target")
    path = connection(project, name)
    project.apinizer.post(path, body).must_be(200)
    return project.apinizer.post(f"{path}test-connection/")


test_of.__test__ = False


def outcome(step, reason=None, detail=TEXT, confirmed=None):
    passed = reason is None
    return {"success": passed,
            "confirmed": passed if confirmed is None else confirmed,
            "responseTime": NUMBER, "step": step, "reason": reason,
            "detail": detail}


def answer(step, reason=None, detail=TEXT, confirmed=None, targets=None):
    """Of one address, or of these, each with its outcome."""
    told = outcome(step, reason, detail, confirmed)
    passed = reason is None
    listed = [{"target": target, **one} for target, one in targets] \
        if targets else [{"target": nullable(TEXT), **told}]
    return {"success": passed, "status": "SUCCESS" if passed else "FAILURE",
            "resultMessage": detail,
            "testResult": {**told, "detailList": listed}}
