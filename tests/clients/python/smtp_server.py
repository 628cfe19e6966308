"""A mail server for tests: prints its port, then each message that it is given as one line of JSON.

Arguments: the port (0 takes a free one), what it does, and for TLS a folder that gets the authority as ca.pem.

accept, refuse (550), busy (451 to the first, then it accepts), slow (tells `silent`, then nothing for half a minute to the
first, then it accepts); tls and starttls accept after a log-in as "mailer" with "canary-secret" under a certificate for localhost.
"""

import asyncio
import json
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from certificates import tls_context


class Handler:
    def __init__(self, mode):
        self.mode = mode
        self.tries = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries += 1
        if self.mode == "refuse":
            return f"550 no such mailbox {address}"
        if self.mode == "busy" and self.tries == 1:
            return f"451 come again later, {address}"
        if self.mode == "slow" and self.tries == 1:
            print(json.dumps({"silent": True}), flush=True)
            await asyncio.sleep(30)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(preferencelist=("plain", "html")).get_content()
        told = {
            "from": mail["From"],
            "to": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "body": body,
            "encrypted": server.transport.get_extra_info("cipher") is not None,
            "authenticated": bool(session.authenticated),
        }
        print(json.dumps(told), flush=True)
        return "250 accepted"


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"mailer", b"canary-secret")
    return AuthResult(success=right, handled=False)


def settings(mode):
    if mode not in ("tls", "starttls"):
        return {}
    context = tls_context(Path(sys.argv[3]))
    login = {"authenticator": authenticate, "auth_required": True}
    if mode == "tls":
        return {"ssl_context": context, "auth_require_tls": False, **login}
    return {"tls_context": context, "require_starttls": True, **login}


port, mode = int(sys.argv[1]), sys.argv[2]
if port == 0:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
Controller(Handler(mode), hostname="127.0.0.1", port=port, **settings(mode)).start()
print(port, flush=True)
threading.Event().wait()
