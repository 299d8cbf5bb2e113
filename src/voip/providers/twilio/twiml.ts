/** What Twilio is told to do with a call that was answered: bring its voice over a socket, and again when that one is cut off. */
import twilio from 'twilio';

/** Each time that the socket is cut off takes one; what comes after them is the end of the call. */
const CONNECTIONS = 10;

/** `url`: of the socket. The id of the call comes back in the first message on it. */
export function twimlFor(callId: string, url: string): string {
  const response = new twilio.twiml.VoiceResponse();
  for (let connection = 0; connection < CONNECTIONS; connection += 1) {
    if (connection > 0) response.pause({ length: 1 });
    response.connect().stream({ url }).parameter({ name: 'call_id', value: callId });
  }
  return response.toString();
}
