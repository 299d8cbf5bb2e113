"""GStreamer's webrtcbin."""
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402
from stack_lines import FRAMERATE, HEIGHT, LOOK, RATE, WIDTH, Ear, tell, tell_picture  # noqa: E402

COLOR = "0xff{:02x}{:02x}{:02x}".format(*LOOK["color"])
PUBLISH = f"""
webrtcbin name=rtc bundle-policy=max-bundle
audiotestsrc is-live=true wave=sine volume=0.3 freq={LOOK["tone"]} ! audioconvert ! audioresample ! queue
  ! opusenc ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! rtc.
videotestsrc is-live=true pattern=ball background-color={COLOR} foreground-color=0xffffffff
  ! video/x-raw,width={WIDTH},height={HEIGHT},framerate={FRAMERATE}/1 ! videoconvert ! queue
  ! vp8enc deadline=1 keyframe-max-dist=15 ! rtpvp8pay pt=96 picture-id-mode=15-bit
  ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc.
"""
RECEIVE = "webrtcbin name=rtc bundle-policy=max-bundle"
SEEN = "queue ! videoconvert ! videoscale ! video/x-raw,format=RGB,width=8,height=8 ! fakesink name=end signal-handoffs=true"
HEARD = (
    "queue ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,layout=interleaved,channels=1,"
    f"rate={RATE} ! fakesink name=end signal-handoffs=true"
)
DIRECTION = GstWebRTC.WebRTCRTPTransceiverDirection


class Connection:
    def __init__(self, name):
        self.name = name
        self.pipeline = Gst.parse_launch(PUBLISH if name == "publish" else RECEIVE)
        if isinstance(self.pipeline, Gst.Pipeline):
            self.rtc = self.pipeline.get_by_name("rtc")
        else:
            self.rtc, self.pipeline = self.pipeline, Gst.Pipeline.new()
            self.pipeline.add(self.rtc)
        self.rtc.connect("pad-added", self.decode)
        self.rtc.connect("notify::ice-gathering-state", lambda *_: GLib.idle_add(self.gathered))
        self.asked = None
        self.kept = []
        if name == "publish":
            for index in range(2):
                self.rtc.emit("get-transceiver", index).set_property("direction", DIRECTION.SENDONLY)
        self.pipeline.set_state(Gst.State.PLAYING)

    def offer(self, asked):
        if self.name == "publish":
            # Before its encoders have begun it does not know their channels, and describes sound that is none.
            if not all(pad.get_current_caps() for pad in self.rtc.sinkpads):
                GLib.timeout_add(20, self.offer, asked)
                return
        else:
            for caps in (
                "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=111",
                "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96",
            ):
                self.rtc.emit("add-transceiver", DIRECTION.RECVONLY, Gst.Caps.from_string(caps))
        self.describe("create-offer", "offer", asked)

    def accept(self, asked):
        _, message = GstSdp.SDPMessage.new_from_text(asked["sdp"])
        isOffer = asked["type"] == "offer"
        kind = GstWebRTC.WebRTCSDPType.OFFER if isOffer else GstWebRTC.WebRTCSDPType.ANSWER
        description = GstWebRTC.WebRTCSessionDescription.new(kind, message)

        def taken(_):
            if isOffer:
                self.describe("create-answer", "answer", asked)
            else:
                tell(id=asked["id"], sdp="")

        self.rtc.emit("set-remote-description", description, Gst.Promise.new_with_change_func(taken))

    def describe(self, how, field, asked):
        def made(promise):
            # Kept: what is in the reply goes with it.
            reply = promise.get_reply()
            self.kept.append(reply)
            if reply.has_field("error"):
                tell(id=asked["id"], error=str(reply.get_value("error")))
                return
            self.rtc.emit(
                "set-local-description", reply.get_value(field), Gst.Promise.new_with_change_func(described)
            )

        def described(_):
            self.asked = asked
            GLib.idle_add(self.gathered)

        self.rtc.emit(how, None, Gst.Promise.new_with_change_func(made))

    def gathered(self):
        """Answers once all candidates are there: nothing is trickled then."""
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if self.asked is None or self.rtc.get_property("ice-gathering-state") != complete:
            return
        asked, self.asked = self.asked, None
        tell(id=asked["id"], sdp=self.rtc.get_property("local-description").sdp.as_text())

    def decode(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        mid = pad.get_property("transceiver").get_property("mid")
        decoder = Gst.ElementFactory.make("decodebin")
        self.pipeline.add(decoder)
        decoder.connect("pad-added", self.watch, mid)
        decoder.sync_state_with_parent()
        pad.link(decoder.get_static_pad("sink"))

    def watch(self, _, pad, mid):
        isVideo = pad.get_current_caps().to_string().startswith("video")
        part = Gst.parse_bin_from_description(SEEN if isVideo else HEARD, True)
        ear = Ear(mid)

        def taken(_, buffer, __):
            data = buffer.extract_dup(0, buffer.get_size())
            if isVideo:
                tell_picture(mid, data, 24)
            else:
                ear.listen(data)

        part.get_by_name("end").connect("handoff", taken)
        self.pipeline.add(part)
        part.sync_state_with_parent()
        pad.link(part.get_static_pad("sink"))


def read(loop):
    connections = {}

    def obey(asked):
        name = asked["connection"]
        if name not in connections:
            connections[name] = Connection(name)
        getattr(connections[name], asked["do"])(asked)

    for line in sys.stdin:
        GLib.idle_add(obey, json.loads(line))
    GLib.idle_add(loop.quit)


Gst.init(None)
main_loop = GLib.MainLoop()
threading.Thread(target=read, args=(main_loop,), daemon=True).start()
main_loop.run()
