"""A mail server for tests: prints its port, then each message that it is given as one line of JSON.

Arguments: the port (0 takes a free one), and what it does: accept, refuse (550) or busy (451).
"""

import json
import sys
import threading
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, mode):
        self.mode = mode

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "refuse":
            return f"550 no such mailbox {address}"
        if self.mode == "busy":
            return "451 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(preferencelist=("plain", "html")).get_content()
        told = {"from": mail["From"], "to": envelope.rcpt_tos, "subject": mail["Subject"], "body": body}
        print(json.dumps(told), flush=True)
        return "250 accepted"


port, mode = int(sys.argv[1]), sys.argv[2]
if port == 0:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
Controller(Handler(mode), hostname="127.0.0.1", port=port).start()
print(port, flush=True)
threading.Event().wait()
