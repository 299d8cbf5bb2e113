/** The routes of Twilio alone, for a provider without a server around it. */
import { Elysia } from 'elysia';
import { createLogger } from '../../../src/observability/index.ts';
import { type TwilioProvider, twilioRoutes } from '../../../src/voip/index.ts';

export function twilioFrontDoor(provider: TwilioProvider): { readonly url: string; close(): void } {
  const logger = createLogger({ level: 'silent', format: 'json', service: 'test' });
  const app = new Elysia().use(twilioRoutes({ provider, logger })).listen({ port: 0, hostname: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${app.server?.port}`,
    close: () => {
      app.server?.stop(true);
    },
  };
}
