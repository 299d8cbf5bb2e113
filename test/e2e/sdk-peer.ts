/** Runs in a page: a participant made of mediasoup-client alone, which speaks the socket itself. Nothing of our SDK is in it. */
import { Device } from 'mediasoup-client';
import type { Consumer, MediaKind, Transport } from 'mediasoup-client/types';
import type {
  ConsumerCreated,
  RequestData,
  RequestResponse,
  RequestType,
  TransportCreated,
} from '../../src/protocol/index.ts';

/** Low to high; the picture is 640 wide. */
const ENCODINGS = [4, 2, 1].map((scaleResolutionDownBy) => ({
  scaleResolutionDownBy,
  maxBitrate: 1_200_000 / scaleResolutionDownBy,
  scalabilityMode: 'L1T2',
}));

export class SdkPeer {
  readonly #socket: WebSocket;
  readonly #roomId: string;
  readonly #answers = new Map<string, PromiseWithResolvers<unknown>>();
  readonly #device: Device;
  #receive: Transport | undefined;
  #nextId = 1;

  static async join(url: string, token: string, roomId: string): Promise<SdkPeer> {
    const socket = new WebSocket(url, ['bearer', token]);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const peer = new SdkPeer(socket, roomId, new Device());
    await peer.#enter();
    return peer;
  }

  private constructor(socket: WebSocket, roomId: string, device: Device) {
    this.#socket = socket;
    this.#roomId = roomId;
    this.#device = device;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
  }

  async #enter(): Promise<void> {
    const { routerRtpCapabilities } = await this.#request('join', { protocol: 'mediasoup' });
    await this.#device.load({ routerRtpCapabilities: routerRtpCapabilities as never });
  }

  /** Publishes the camera as simulcast of three layers; gives its track id and the header extensions that it lists. */
  async publish(): Promise<{ trackId: string; headerExtensions: string[]; encodings: number }> {
    const created = await this.#request('create-transport', { direction: 'send' });
    const transport = this.#device.createSendTransport(toOptions(created));
    this.#answerConnect(transport);
    let trackId = '';
    transport.on('produce', ({ kind, rtpParameters }, resolve, reject) => {
      this.#request('produce', {
        transportId: transport.id,
        kind,
        source: 'camera',
        rtpParameters: rtpParameters as RequestData<'produce'>['rtpParameters'],
      }).then((answer) => {
        trackId = answer.trackId;
        resolve({ id: answer.producerId });
      }, reject);
    });
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: 640, height: 360, frameRate: 15 },
    });
    const producer = await transport.produce({
      track: stream.getVideoTracks()[0]!,
      encodings: ENCODINGS,
      codecOptions: { videoGoogleStartBitrate: 2_500 },
    });
    const { headerExtensions = [], encodings = [] } = producer.rtpParameters;
    return { trackId, headerExtensions: headerExtensions.map(({ uri }) => uri), encodings: encodings.length };
  }

  /** Shows a track; gives the id of its consumer. */
  async show(trackId: string): Promise<string> {
    this.#receive ??= await this.#createReceiveTransport();
    const created: ConsumerCreated = await this.#request('consume', { trackId });
    const consumer: Consumer = await this.#receive.consume({
      id: created.consumerId,
      producerId: created.producerId,
      kind: created.kind as MediaKind,
      rtpParameters: created.rtpParameters as never,
    });
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    video.srcObject = new MediaStream([consumer.track]);
    document.body.append(video);
    await this.#request('resume-consumer', { consumerId: created.consumerId });
    return created.consumerId;
  }

  async prefer(consumerId: string, spatialLayer: number): Promise<void> {
    await this.#request('set-preferred-layers', { consumerId, spatialLayer });
  }

  async #createReceiveTransport(): Promise<Transport> {
    const created = await this.#request('create-transport', {
      direction: 'recv',
      rtpCapabilities: capabilitiesOf(this.#device),
    });
    const transport = this.#device.createRecvTransport(toOptions(created));
    this.#answerConnect(transport);
    return transport;
  }

  #answerConnect(transport: Transport): void {
    transport.on('connect', ({ dtlsParameters }, resolve, reject) => {
      this.#request('connect-transport', {
        transportId: transport.id,
        dtlsParameters: dtlsParameters as RequestData<'connect-transport'>['dtlsParameters'],
      }).then(() => resolve(), reject);
    });
  }

  #request<T extends RequestType>(type: T, data: RequestData<T>): Promise<RequestResponse<T>> {
    const id = String(this.#nextId++);
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({ id, type, roomId: this.#roomId, data }));
    return answer.promise as Promise<RequestResponse<T>>;
  }

  #take(message: {
    type: string;
    id?: string;
    ok?: boolean;
    data?: unknown;
    error?: { message: string };
  }): void {
    if (message.type !== 'response') return;
    const answer = this.#answers.get(message.id ?? '');
    if (message.ok) answer?.resolve(message.data);
    else answer?.reject(new Error(message.error?.message));
  }
}

function toOptions({ transportId, iceParameters, iceCandidates, dtlsParameters }: TransportCreated) {
  return { id: transportId, iceParameters, iceCandidates, dtlsParameters } as never;
}

/** Older versions have a field where newer ones have, besides it, two more. */
function capabilitiesOf(device: Device) {
  return device.rtpCapabilities as NonNullable<RequestData<'create-transport'>['rtpCapabilities']>;
}

Object.assign(globalThis, { SdkPeer });
