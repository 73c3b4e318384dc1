"""Ends TLS in front of plain servers on loopback, as a load balancer does: for each port among the arguments it listens
on one of its own and passes the bytes on unread. Says for each port where it is served. Ends by itself, should nobody
end it.
"""

import asyncio
import ssl
import sys

LIFETIME_SECONDS = 300


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # One side is gone; so is what it had to say.
    finally:
        writer.close()


async def serve(port, context):
    async def connected(reader, writer):
        plain_reader, plain_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, plain_writer), copy(plain_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    print(f"{port} is served on https://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    return server


async def main(certificate, ports):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    servers = [await serve(port, context) for port in ports]
    await asyncio.sleep(LIFETIME_SECONDS)
    for server in servers:
        server.close()


asyncio.run(main(sys.argv[1], [int(port) for port in sys.argv[2:]]))
