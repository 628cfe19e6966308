"""TLS in front of a server, for clients that insist on it: prints `ready`, then passes bytes on, both ways.

Arguments: the port to listen on, the port of the server, a folder for the certificate, which is one for localhost, and
`expired` when it is to be a day past its end.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from certificates import tls_context


async def passed_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(port, target, folder, ends):
    async def connected(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(passed_on(reader, back), passed_on(there, writer), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls_context(folder, ends))
    print("ready", flush=True)
    await server.serve_forever()


ENDS = timedelta(days=-1 if sys.argv[4:] == ["expired"] else 1)
asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), ENDS))
