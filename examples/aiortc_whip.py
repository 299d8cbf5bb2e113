#!/usr/bin/env python3
"""Publishes into a call by WHIP (RFC 9725) with aiortc: a moving picture and a tone, or a file.

    python3 aiortc_whip.py http://localhost:3000/whip/standup TOKEN [film.mp4]

Debian: apt-get install python3-aiortc python3-aiohttp. Ends with Ctrl-C, and tells the server so.
"""
import asyncio
import signal
import sys
from urllib.parse import urljoin

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer

from made_up_media import MovingPicture, Tone


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
