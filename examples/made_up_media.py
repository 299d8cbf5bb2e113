"""A moving picture and a tone, for examples that have nothing of their own to send."""
import asyncio
import fractions
import math
import struct

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
