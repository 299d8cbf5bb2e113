#!/usr/bin/env python3
"""Publishes into a call by WHIP (RFC 9725) with aiortc: a moving picture and a tone, or a file.

    python3 aiortc_whip.py http://localhost:3000/whip/standup TOKEN [film.mp4]

Debian: apt-get install python3-aiortc python3-aiohttp. Ends with Ctrl-C, and tells the server so.
"""
import asyncio
import fractions
import math
import signal
import struct
import sys
from urllib.parse import urljoin

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from av import AudioFrame, VideoFrame

WIDTH, HEIGHT = 320, 240
RATE, SAMPLES = 48000, 960


class MovingPicture(VideoStreamTrack):
    """A bar that walks over a grey picture, 30 frames a second."""

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        bar = pts // 3000 * 4 % WIDTH
        row = bytes(220 if bar <= x < bar + 24 else 90 for x in range(WIDTH))
        frame.planes[0].update(row * HEIGHT)
        for plane, value in ((1, 90), (2, 160)):
            frame.planes[plane].update(bytes([value]) * (WIDTH * HEIGHT // 4))
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    """440 Hz, 20 ms a frame."""

    _sent = 0
    _start = None

    async def recv(self):
        loop = asyncio.get_event_loop()
        if self._start is None:
            self._start = loop.time()
        await asyncio.sleep(max(0, self._start + self._sent / RATE - loop.time()))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        wave = (int(8000 * math.sin(2 * math.pi * 440 * (self._sent + n) / RATE)) for n in range(SAMPLES))
        frame.planes[0].update(struct.pack(f"<{SAMPLES}h", *wave))
        frame.pts, frame.sample_rate, frame.time_base = self._sent, RATE, fractions.Fraction(1, RATE)
        self._sent += SAMPLES
        return frame


async def main(url, token, film=None):
    connection = RTCPeerConnection()
    player = MediaPlayer(film, loop=True) if film else None
    tracks = [player.audio, player.video] if player else [Tone(), MovingPicture()]
    for track in filter(None, tracks):
        connection.addTransceiver(track, direction="sendonly")
    # aiortc gathers its candidates before it has described itself: there is nothing to trickle.
    await connection.setLocalDescription(await connection.createOffer())
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        answer = await http.post(
            url, data=connection.localDescription.sdp, headers={"Content-Type": "application/sdp"}
        )
        body = await answer.text()
        if answer.status != 201:
            sys.exit(f"{answer.status} {body}")
        session = urljoin(url, answer.headers["Location"])
        print("publishing as", session, flush=True)
        try:
            await connection.setRemoteDescription(RTCSessionDescription(sdp=body, type="answer"))
            stopped = asyncio.Event()
            for name in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_event_loop().add_signal_handler(name, stopped.set)
            await stopped.wait()
        finally:
            await http.delete(session)
            await connection.close()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    asyncio.run(main(*sys.argv[1:]))
