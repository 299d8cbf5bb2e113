#!/usr/bin/env python3
"""Publishes into a call by WHIP (RFC 9725) with GStreamer's webrtcbin: a test picture and a tone.

    python3 gstreamer_whip.py http://localhost:3000/whip/standup TOKEN

Debian: apt-get install python3-gi gir1.2-gst-plugins-bad-1.0 gir1.2-gst-plugins-base-1.0 gstreamer1.0-nice
gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad. Ends with Ctrl-C, and tells the server so.
"""
import signal
import sys
import urllib.error
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

PIPELINE = """
webrtcbin name=out bundle-policy=max-bundle
audiotestsrc is-live=true wave=sine ! audioconvert ! audioresample ! queue ! opusenc ! rtpopuspay pt=111
  ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! out.
videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=30/1 ! videoconvert ! queue
  ! vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay pt=96 picture-id-mode=15-bit
  ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! out.
"""


class Publisher:
    def __init__(self, url, token):
        self.url, self.token, self.session, self.code = url, token, None, 0
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(PIPELINE)
        self.out = self.pipeline.get_by_name("out")
        for index in range(2):
            transceiver = self.out.emit("get-transceiver", index)
            transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self.out.connect("on-negotiation-needed", self.negotiate)
        self.out.connect("notify::ice-gathering-state", lambda *_: GLib.idle_add(self.post))

    def ask(self, method, url, sdp=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/sdp"}
        return urllib.request.urlopen(urllib.request.Request(url, sdp, headers, method=method))

    def negotiate(self, _):
        self.out.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered))

    def offered(self, promise):
        # Kept: what is in the reply goes with it.
        self.reply = promise.get_reply()
        self.offer = self.reply.get_value("offer")
        self.out.emit("set-local-description", self.offer, Gst.Promise.new())

    def post(self):
        """Once all candidates are there: nothing is trickled then."""
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if self.session or self.out.get_property("ice-gathering-state") != complete:
            return
        sdp = self.out.get_property("local-description").sdp.as_text()
        try:
            answer = self.ask("POST", self.url, sdp.encode())
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode(), file=sys.stderr)
            self.code = 1
            self.loop.quit()
            return
        self.session = urljoin(self.url, answer.headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(answer.read().decode())
        description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.out.emit("set-remote-description", description, Gst.Promise.new())
        print("publishing as", self.session, flush=True)

    def run(self):
        for name in (signal.SIGINT, signal.SIGTERM):
            GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, name, self.loop.quit)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        if self.session:
            self.ask("DELETE", self.session)
        self.pipeline.set_state(Gst.State.NULL)
        return self.code


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Gst.init(None)
    sys.exit(Publisher(*sys.argv[1:]).run())
