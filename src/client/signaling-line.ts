/** The way to the server for everything that outlives a socket: what is asked goes over the present one. */
import type { RequestData, RequestResponse, RequestType } from '../protocol/index.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export class SignalingLine {
  #connection: SignalingConnection;

  constructor(connection: SignalingConnection) {
    this.#connection = connection;
  }

  /** False between a lost socket and the one that is used next. */
  get isOpen(): boolean {
    return this.#connection.closed === undefined;
  }

  /** From here on everything goes over this socket. What waits on the former one has failed with it. */
  use(connection: SignalingConnection): void {
    this.#connection = connection;
  }

  /** Rejects as the connection does: with `connection_closed` while there is no open one. */
  request<T extends RequestType>(type: T, data: RequestData<T>): Promise<RequestResponse<T>> {
    return this.#connection.request(type, data);
  }
}
