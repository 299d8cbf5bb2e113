/** Wires phone calls: who carries them, the rooms in which they are, and their routes. */
import { CallRegistry } from '../engine/index.ts';
import { AppError } from '../lib/index.ts';
import type { VideoCallsService } from '../video-calls/index.ts';
import {
  countryOf,
  Dialling,
  dialRoutes,
  type FindVideoCall,
  LivePhoneCalls,
  MockProvider,
  PhoneCallRepository,
  PhoneCalls,
  PhoneTally,
  Ticker,
  TwilioProvider,
  twilioRoutes,
  voipRoutes,
} from '../voip/index.ts';
import type { ServerParts } from './feature.ts';

export async function wirePhone({
  config: { voip },
  database,
  tokens,
  calls: { media, service: videoCalls, recordings: recorder },
  logger,
}: Pick<ServerParts, 'config' | 'database' | 'tokens' | 'calls' | 'logger'>) {
  const twilio =
    voip.provider?.kind === 'twilio' ? new TwilioProvider({ ...voip.provider, logger }) : undefined;
  const provider = twilio ?? (voip.provider?.kind === 'mock' ? new MockProvider() : undefined);
  const repository = new PhoneCallRepository(database.orm);
  // Rooms of their own: nobody joins a phone call by its id.
  const rooms = new CallRegistry(media);
  const ticker = new Ticker((error) => logger.error({ err: error }, 'a phone leg failed'));
  const tally = new PhoneTally();
  const live = new LivePhoneCalls(
    { repository, rooms, provider, ticker, recorder, tally, logger },
    { maxDurationMs: voip.maxDurationMs, ringMs: voip.ringMs },
  );
  await live.recover();
  const dialling = new Dialling(
    { repository, live, provider, findVideoCall: finderOf(videoCalls), tally, logger },
    {
      countries: voip.allowedCountries ?? homeCountry(voip.fromNumber),
      callsPerDay: voip.callsPerDay,
      maxCalls: voip.maxCalls,
      ringMs: voip.ringMs,
      maxDurationMs: voip.maxDurationMs,
    },
  );
  const calls = new PhoneCalls({ repository, live, logger });
  return {
    live,
    ticker,
    get stats() {
      return { active: live.size, ...tally.numbers };
    },
    routes: [
      voipRoutes({ dialling, calls, tokens }),
      dialRoutes({ dialling, tokens }),
      ...(twilio ? [twilioRoutes({ provider: twilio, logger })] : []),
    ],
    /** Calls that outlive the server go on; the others are hung up. To be called while recordings still run. */
    async close(): Promise<void> {
      await dialling.close();
      await live.close();
      provider?.close();
      await rooms.close('server-stopped');
    },
  };
}

function finderOf(videoCalls: VideoCallsService): FindVideoCall {
  return async (identity, roomId) => {
    const { live, row } = await videoCalls.finder.moderated(identity, roomId);
    if (!live) throw new AppError('invalid_state', 'Nobody is in the call.');
    if (!videoCalls.doors.permissionsIn(identity, live).phone)
      throw new AppError('forbidden', 'This token may not bring phones into the call.');
    return { call: live, createdBy: row.createdBy };
  };
}

function homeCountry(fromNumber: string | undefined): readonly string[] | undefined {
  if (fromNumber === undefined) return undefined;
  const country = countryOf(fromNumber);
  return country === undefined ? [] : [country];
}
