#!/usr/bin/env python3
"""A source and an operator of a streaming session, on the WebSocket library of Debian (python3-websockets).

    python3 stream_client.py source   WS_URL         < anything     the ws_url of POST /sessions
    python3 stream_client.py operator WS_URL [TOKEN] > anything     ws://host/ws/stream/<session id>/<your user id>

The source sends what comes on stdin as messages of at most 64 KiB. The first message is kept for operators that come later
(?header=1). The operator writes every message to stdout until the session ends. Both connect again when they lose the server.
"""
import asyncio
import sys

import websockets

PIECE_BYTES = 64 * 1024
TOO_LONG, TOKEN_ENDED, FINISHED, REPLACED = 1009, 4401, 4404, 4409
OPTIONS = {"max_size": None, "ping_interval": 20}


def tell(text):
    print(text, file=sys.stderr, flush=True)


def read_piece():
    """What is there, without waiting for more; empty at the end."""
    return sys.stdin.buffer.read1(PIECE_BYTES)


def give_up_if_refused(refusal):
    """Only a server that is not ready (503) may let us in a little later."""
    status = getattr(refusal, "status_code", None) or getattr(getattr(refusal, "response", None), "status_code", None)
    if status != 503:
        sys.exit(f"refused: {refusal}")


async def wait_after(problem):
    tell(f"lost the server ({problem}); again in a second")
    await asyncio.sleep(1)


async def source(url):
    url += ("&" if "?" in url else "?") + "header=1"
    loop = asyncio.get_running_loop()
    header = piece = await loop.run_in_executor(None, read_piece)
    while piece:
        try:
            async with websockets.connect(url, **OPTIONS) as socket:
                tell("connected")
                if piece is not header:
                    # The server forgets the header of the connection before, and may be another one.
                    await socket.send(header)
                while piece:
                    await socket.send(piece)
                    piece = await loop.run_in_executor(None, read_piece)
        except websockets.InvalidHandshake as refusal:
            give_up_if_refused(refusal)
            await wait_after(refusal)
        except (OSError, websockets.ConnectionClosed) as problem:
            if getattr(problem, "code", None) in (FINISHED, REPLACED, TOO_LONG):
                return tell(f"the server ended it: {problem}")
            await wait_after(problem)


async def operator(url, token=None):
    # A token may also stand in a header (Authorization: Bearer …) or in the address (?token=…).
    protocols = ["bearer", token] if token else None
    while True:
        try:
            async with websockets.connect(url, subprotocols=protocols, **OPTIONS) as socket:
                tell("connected")
                while True:
                    message = await socket.recv()
                    sys.stdout.buffer.write(message.encode() if isinstance(message, str) else message)
                    sys.stdout.buffer.flush()
        except websockets.InvalidHandshake as refusal:
            give_up_if_refused(refusal)
            await wait_after(refusal)
        except (OSError, websockets.ConnectionClosed) as problem:
            code = getattr(problem, "code", None)
            if code == FINISHED:
                return tell("the session is over")
            if code == TOKEN_ENDED:
                sys.exit(f"the server ended it: {problem}")
            await wait_after(problem)


ROLES = {"source": source, "operator": operator}
if len(sys.argv) < 3 or sys.argv[1] not in ROLES:
    sys.exit(__doc__)
try:
    asyncio.run(ROLES[sys.argv[1]](*sys.argv[2:]))
except KeyboardInterrupt:
    pass
