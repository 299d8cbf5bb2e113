"""aiortc, as Debian's python3-aiortc brings it."""
import asyncio
import fractions
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import AudioFrame, AudioResampler, VideoFrame
from stack_lines import FRAMERATE, HEIGHT, LOOK, RATE, WIDTH, Ear, play_tone, tell, tell_picture

SAMPLES = RATE // 50
BOX, STEP = 40, 8


class Microphone(AudioStreamTrack):
    sent, start = 0, None

    async def recv(self):
        loop = asyncio.get_event_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.sent / RATE - loop.time()))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(play_tone(self.sent, SAMPLES))
        frame.pts, frame.sample_rate, frame.time_base = self.sent, RATE, fractions.Fraction(1, RATE)
        self.sent += SAMPLES
        return frame


class Camera(VideoStreamTrack):
    number = 0

    async def recv(self):
        # Of 30 frames a second every second one.
        await self.next_timestamp()
        pts, time_base = await self.next_timestamp()
        self.number += 1
        red, green, blue = LOOK["color"]
        picture = bytearray(bytes((red, green, blue)) * (WIDTH * HEIGHT))
        left = self.number * STEP % (WIDTH - BOX)
        for row in range(HEIGHT - BOX, HEIGHT):
            at = 3 * (row * WIDTH + left)
            picture[at : at + 3 * BOX] = b"\xff" * (3 * BOX)
        frame = VideoFrame(WIDTH, HEIGHT, "rgb24")
        frame.planes[0].update(bytes(picture))
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = pts, time_base
        return frame


async def watch(track, mid):
    ear = Ear(mid)
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    try:
        while True:
            frame = await track.recv()
            if track.kind == "video":
                small = frame.reformat(width=8, height=8, format="rgb24")
                tell_picture(mid, bytes(small.planes[0]), small.planes[0].line_size)
            else:
                for part in resampler.resample(frame):
                    ear.listen(bytes(part.planes[0])[: 2 * part.samples])
    except MediaStreamError:
        pass


def create(name):
    connection = RTCPeerConnection()

    @connection.on("track")
    def on_track(track):
        mid = next(one.mid for one in connection.getTransceivers() if one.receiver.track is track)
        asyncio.ensure_future(watch(track, mid))

    if name == "publish":
        connection.addTransceiver(Microphone(), direction="sendonly")
        connection.addTransceiver(Camera(), direction="sendonly")
    return connection


async def obey(connection, asked):
    if asked["do"] == "offer":
        if asked["connection"] != "publish":
            connection.addTransceiver("audio", direction="recvonly")
            connection.addTransceiver("video", direction="recvonly")
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp
    await connection.setRemoteDescription(RTCSessionDescription(sdp=asked["sdp"], type=asked["type"]))
    if asked["type"] == "answer":
        return ""
    await connection.setLocalDescription(await connection.createAnswer())
    return connection.localDescription.sdp


async def main():
    connections = {}
    loop = asyncio.get_event_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        name = asked["connection"]
        if name not in connections:
            connections[name] = create(name)
        try:
            tell(id=asked["id"], sdp=await obey(connections[name], asked))
        except Exception as error:
            tell(id=asked["id"], error=repr(error))
    await asyncio.gather(*(connection.close() for connection in connections.values()))


asyncio.run(main())
