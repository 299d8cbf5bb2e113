/**
 * What the test and the program that drives one WebRTC stack say to each other, a JSON object a line: the test asks for descriptions
 * and brings those of the server, the program tells what it decoded. The way to the server stays in the test.
 */

/** A connection sends what is published when it is called so; any other name is one that receives. */
export type ConnectionName = 'publish' | 'receive' | 'counter';

export type Command =
  | { readonly do: 'offer'; readonly connection: ConnectionName }
  | {
      readonly do: 'accept';
      readonly connection: ConnectionName;
      readonly type: 'offer' | 'answer';
      readonly sdp: string;
    };

export type Asked = Command & { readonly id: number };

/** Of an offer or an answer that was asked for; of an answer that was accepted nothing. */
export interface Reply {
  readonly id: number;
  readonly sdp?: string;
  readonly error?: string;
}

/** One decoded frame: its colour where nothing moves, as red, green and blue. */
export interface Picture {
  readonly mid: string;
  readonly color: readonly number[];
}

/** A quarter of a second of decoded sound: its frequency in Hz, and its level, where 1 is as loud as can be. */
export interface Sound {
  readonly mid: string;
  readonly tone: number;
  readonly level: number;
}

export interface Line extends Partial<Reply> {
  readonly picture?: Picture;
  readonly sound?: Sound;
}

/** What a program shows and plays; its argument, as JSON. */
export interface Look {
  readonly color: readonly [number, number, number];
  /** Hertz. */
  readonly tone: number;
}
