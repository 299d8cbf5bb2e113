"""A client of a streaming session on python3-websockets, told what to do by one line of JSON on stdin.

source:    connects to `url`, sends the files of `frames` in order, and says how its socket closed.
operators: connects to each of `urls`, and says the digest of every frame of every one of them.

Each line that it prints is JSON, too.
"""
import asyncio
import hashlib
import json
import sys

import websockets

OPTIONS = {"max_size": None, "max_queue": None, "ping_interval": None, "open_timeout": 30}


def say(**what):
    print(json.dumps(what), flush=True)


def digest(frame):
    is_text = isinstance(frame, str)
    content = frame.encode() if is_text else frame
    return f"{'text' if is_text else 'binary'} {len(content)} {hashlib.sha256(content).hexdigest()}"


def pieces(content, count):
    """The content as so many fragments of one message."""
    size = max(1, -(-len(content) // count))
    return [content[start : start + size] for start in range(0, len(content), size)]


async def source(order):
    async with websockets.connect(order["url"], **OPTIONS) as socket:
        say(connected=True)
        try:
            for frame in order["frames"]:
                with open(frame["path"], "rb") as file:
                    content = file.read()
                content = content.decode() if frame["text"] else content
                await socket.send(pieces(content, frame["fragments"]) if frame["fragments"] > 1 else content)
                if frame["ping"]:
                    await (await socket.ping())
            say(sent=len(order["frames"]))
            async for frame in socket:
                say(heard=digest(frame))
        except (websockets.ConnectionClosed, websockets.InvalidState):
            # The server may close while a message of many fragments is still being written.
            await socket.wait_closed()
    say(closed=socket.close_code, reason=socket.close_reason)


async def operator(url, index, ready):
    frames = []
    async with websockets.connect(url, **OPTIONS) as socket:
        ready.release()
        if index == 0:
            await socket.send("an operator from Python")
        try:
            async for frame in socket:
                frames.append(digest(frame))
        except websockets.ConnectionClosed:
            pass
    say(operator=index, frames=frames, closed=socket.close_code)


async def operators(order):
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(operator(url, index, ready)) for index, url in enumerate(order["urls"])]
    for _ in tasks:
        await ready.acquire()
    say(connected=True)
    await asyncio.gather(*tasks)


asyncio.run({"source": source, "operators": operators}[sys.argv[1]](json.loads(sys.stdin.readline())))
