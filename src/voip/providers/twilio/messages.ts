/** What comes over a socket of Twilio's Media Streams, as far as it is used. Numbers in it are text. */
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

const Message = Type.Union([
  Type.Object({ event: Type.Literal('connected') }),
  Type.Object({
    event: Type.Literal('start'),
    streamSid: Type.String(),
    start: Type.Object({
      callSid: Type.String(),
      customParameters: Type.Record(Type.String(), Type.String()),
      mediaFormat: Type.Object({
        encoding: Type.Literal('audio/x-mulaw'),
        sampleRate: Type.Literal(8_000),
        channels: Type.Literal(1),
      }),
    }),
  }),
  Type.Object({
    event: Type.Literal('media'),
    media: Type.Object({
      timestamp: Type.String({ pattern: '^[0-9]{1,12}$' }),
      payload: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
    }),
  }),
  Type.Object({
    event: Type.Literal('dtmf'),
    dtmf: Type.Object({ digit: Type.String({ pattern: '^[0-9A-D*#]$' }) }),
  }),
  Type.Object({ event: Type.Literal('mark'), mark: Type.Object({ name: Type.String() }) }),
  Type.Object({ event: Type.Literal('stop') }),
]);
export type StreamMessage = Static<typeof Message>;

const check = TypeCompiler.Compile(Message);

/** Undefined for what is no message that we know. */
export function readMessage(text: string): StreamMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return check.Check(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
