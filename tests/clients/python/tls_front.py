"""TLS in front of a server, for clients that insist on it: prints `ready`, then passes bytes on, both ways.

Arguments: the port to listen on, the port of the server, and a folder for the certificate, which is one for localhost.
"""

import asyncio
import sys
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


async def serve(port, target, folder):
    async def connected(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(passed_on(reader, back), passed_on(there, writer), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls_context(folder))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
