"""Asks a server for its health and for what it reflects, or, given a folder of certificates, who may ask at all."""
import json
import os
import sys

import grpc
from google.protobuf import descriptor_pb2

os.environ["GRPC_VERBOSITY"] = "NONE"
PACKAGE = "webrtc_recorder"
SERVICE = f"{PACKAGE}.WebRTCService"
STATUSES = {b"": "UNKNOWN", b"\x08\x01": "SERVING", b"\x08\x02": "NOT_SERVING"}


def fields(message, wanted):
    position, values = 0, []

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while position < len(message):
        key, number = varint(), varint()
        if key & 7 == 2:
            if key >> 3 == wanted:
                values.append(message[position : position + number])
            position += number
    return values


def text(number, value):
    return bytes([number << 3 | 2, len(value)]) + value.encode()


def health(channel, service=""):
    try:
        return STATUSES[channel.unary_unary("/grpc.health.v1.Health/Check")(text(1, service), timeout=10)]
    except grpc.RpcError as error:
        return error.code().name


def reflected(channel, request):
    ask = channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
    return next(ask(iter([request]), timeout=10))


def describe(channel):
    [listed] = fields(reflected(channel, text(7, "")), 6)
    services = [fields(service, 1)[0].decode() for service in fields(listed, 1)]
    [files] = fields(reflected(channel, text(4, SERVICE)), 4)
    file = descriptor_pb2.FileDescriptorProto.FromString(fields(files, 1)[0])
    assert file.package == PACKAGE
    try:
        channel.unary_unary(f"/{SERVICE}/StopP2PVideo")(text(1, "x"), timeout=10)
    except grpc.RpcError as error:
        refused = error.code().name
    return {
        "health": {name: health(channel, name) for name in ("", SERVICE, "nobody")},
        "services": services,
        "methods": [method.name for method in file.service[0].method],
        "fields": {
            message.name: {field.name: field.number for field in message.field} for message in file.message_type
        },
        "refused": refused,
    }


def who_may(server, folder):
    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    trusting = grpc.ssl_channel_credentials(read("ca.pem"))
    certified = grpc.ssl_channel_credentials(read("ca.pem"), read("client.key"), read("client.pem"))
    return {
        "plain": health(grpc.insecure_channel(server)),
        "trusting": health(grpc.secure_channel(server, trusting)),
        "certified": health(grpc.secure_channel(server, certified)),
    }


if __name__ == "__main__":
    server, *folder = sys.argv[1:]
    print(json.dumps(who_may(server, *folder) if folder else describe(grpc.insecure_channel(server))))
