#!/usr/bin/env python3
"""Sends a recording in over gRPC with aiortc: a tone, and from the middle on a picture too, or a file.

    python3 grpc_upload.py localhost:50051 TOKEN [--seconds 10] [--name interview] [--uuid case-4711] [--film film.mp4]

Debian: apt-get install python3-grpcio python3-protobuf python3-aiortc. The messages are learned from the server by
reflection; stubs made of proto/webrtc.proto by protoc or buf do the same.
"""
import argparse
import asyncio
import sys

import grpc
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from made_up_media import MovingPicture, Tone

PACKAGE = "webrtc_recorder"
SERVICE = f"{PACKAGE}.WebRTCService"


class Client:
    """`WebRTCService` of one server, with the token of one user."""

    def __init__(self, channel, token):
        self._channel, self._metadata = channel, [("authorization", f"Bearer {token}")]
        self._pool = descriptor_pool.DescriptorPool()

    async def learn(self):
        """Asks the server what its messages look like (grpc.reflection.v1)."""
        reflect = self._channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        symbol = SERVICE.encode()
        # ServerReflectionRequest.file_containing_symbol is field 4, file_descriptor_response of the answer too.
        call = reflect(iter([bytes([0x22, len(symbol)]) + symbol]))
        async for answer in call:
            for response in fields(answer, 4):
                for file in fields(response, 1):
                    self._pool.Add(descriptor_pb2.FileDescriptorProto.FromString(file))
            break
        call.cancel()
        self._methods = self._pool.FindServiceByName(SERVICE).methods_by_name

    async def call(self, method, **values):
        """Rejects with grpc.RpcError: its code() and details() say what is wrong."""
        described = self._methods[method]
        factory = message_factory.MessageFactory(self._pool)
        request = factory.GetPrototype(described.input_type)
        response = factory.GetPrototype(described.output_type)
        ask = self._channel.unary_unary(
            f"/{SERVICE}/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        return await ask(request(**values), metadata=self._metadata, timeout=20)


def fields(message, wanted):
    """The values of a field of type bytes in an encoded message."""
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
        key = varint()
        number = varint()
        if key & 7 == 2:
            if key >> 3 == wanted:
                values.append(message[position : position + number])
            position += number
    return values


async def offer(connection):
    # aiortc gathers its candidates before it has described itself: the offer has them all.
    await connection.setLocalDescription(await connection.createOffer())
    return connection.localDescription.sdp


async def accept(connection, sdp):
    await connection.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))


async def upload(client, options):
    connection = RTCPeerConnection()
    connected = asyncio.Event()

    @connection.on("connectionstatechange")
    def look():
        if connection.connectionState == "connected":
            connected.set()

    player = MediaPlayer(options.film) if options.film else None
    connection.addTransceiver(player.audio if player else Tone(), direction="sendonly")
    answer = await client.call(
        "UploadP2PVideo", sdp_offer=await offer(connection), name=options.name, uuid=options.uuid
    )
    print("uploading as", answer.id, flush=True)
    try:
        await accept(connection, answer.sdp_answer)
        await asyncio.wait_for(connected.wait(), 20)
        await asyncio.sleep(options.seconds / 2)
        connection.addTransceiver(player.video if player else MovingPicture(), direction="sendonly")
        again = await client.call("RenegotiateP2PVideo", id=answer.id, sdp_offer=await offer(connection))
        await accept(connection, again.sdp_answer)
        print("with a picture", flush=True)
        await asyncio.sleep(options.seconds / 2)
    finally:
        await client.call("StopP2PVideo", id=answer.id)
        await connection.close()
    print("stopped", flush=True)


async def main(options):
    async with grpc.aio.insecure_channel(options.server) as channel:
        client = Client(channel, options.token)
        try:
            await client.learn()
            await upload(client, options)
        except grpc.aio.AioRpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("token")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--name", default="")
    parser.add_argument("--uuid", default="")
    parser.add_argument("--film")
    asyncio.run(main(parser.parse_args()))
