"""What the programs in Python share: the lines that the test speaks, a picture's colour and a tone's frequency."""
import json
import math
import struct
import sys

LOOK = json.loads(sys.argv[1])
WIDTH, HEIGHT, FRAMERATE = 320, 180, 15
RATE = 48000
AMPLITUDE = 0.3 * 32768


def tell(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def tell_picture(mid, pixels, stride):
    """Of a picture of 8 by 8, with three bytes a pixel: the colour of its upper half."""
    at = stride + 2 * 3
    tell(picture={"mid": mid, "color": list(pixels[at : at + 3])})


def play_tone(first, count):
    step = 2 * math.pi * LOOK["tone"] / RATE
    return struct.pack(f"<{count}h", *(int(AMPLITUDE * math.sin(step * (first + at))) for at in range(count)))


class Ear:
    """Tells frequency and level of each quarter of a second of one channel at 48 kHz."""

    def __init__(self, mid):
        self.mid, self.samples = mid, []

    def listen(self, data):
        self.samples.extend(struct.unpack(f"<{len(data) // 2}h", data))
        count = RATE // 4
        while len(self.samples) >= count:
            part, self.samples = self.samples[:count], self.samples[count:]
            crossings = sum((a >= 0) != (b >= 0) for a, b in zip(part, part[1:]))
            level = math.sqrt(sum(sample * sample for sample in part) / count) / 32768
            tell(sound={"mid": self.mid, "tone": crossings * RATE / (2 * count), "level": level})
