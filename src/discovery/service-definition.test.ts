import { describe, expect, test } from 'bun:test';
import { defineService, type Listeners } from './service-definition.ts';

const identity = { name: 'recording-service', id: 'rec-1', address: '10.0.0.5', tags: ['eu'] };
const times = { checkTtlMs: 30_000, checkIntervalMs: 2_000, deregisterAfterMs: 600_000 };
const http = { host: '0.0.0.0', port: 3000, isTls: false };
const define = (listeners: Listeners) => defineService(identity, listeners, times);
const targets = (listeners: Listeners) =>
  define(listeners).Checks.map((check) =>
    'HTTP' in check ? check.HTTP : 'GRPC' in check ? check.GRPC : 'TTL',
  );

test('a server is registered with the check that it passes itself and one that looks at HTTP', () => {
  expect(define({ http })).toEqual({
    ID: 'rec-1',
    Name: 'recording-service',
    Address: '10.0.0.5',
    Port: 3000,
    Tags: ['eu'],
    Meta: { http_port: '3000', http_scheme: 'http' },
    Checks: [
      {
        CheckID: 'service:rec-1:alive',
        Name: 'the server says that it lives',
        TTL: '30s',
        Status: 'passing',
        DeregisterCriticalServiceAfter: '600s',
      },
      {
        CheckID: 'service:rec-1:http',
        Name: 'it is ready for calls',
        HTTP: 'http://10.0.0.5:3000/ready',
        TLSSkipVerify: false,
        Interval: '2s',
        Timeout: '2000ms',
      },
    ],
  });
});

describe('with gRPC', () => {
  test('the port of the service is that of gRPC, and the agent looks at it too', () => {
    const listeners = { http, grpc: { host: '0.0.0.0', port: 50_051, tls: 'off' } } as const;
    expect(define(listeners)).toMatchObject({
      Port: 50_051,
      Meta: { http_port: '3000', grpc_port: '50051', grpc_tls: 'off' },
    });
    expect(targets(listeners)).toEqual(['TTL', 'http://10.0.0.5:3000/ready', '10.0.0.5:50051']);
  });

  test('one that listens on loopback alone is nothing that others could reach', () => {
    const listeners = { http, grpc: { host: '127.0.0.1', port: 50_051, tls: 'off' } } as const;
    expect(define(listeners).Port).toBe(3000);
    expect(targets(listeners)).toContain('127.0.0.1:50051');
  });

  test('one that wants a certificate is not looked at: the agent has none', () => {
    const listeners = { http, grpc: { host: '0.0.0.0', port: 50_051, tls: 'mutual' } } as const;
    expect(define(listeners).Port).toBe(50_051);
    expect(targets(listeners)).toEqual(['TTL', 'http://10.0.0.5:3000/ready']);
  });
});

test('over TLS the agent asks by address, which no certificate names', () => {
  const [, check] = define({ http: { ...http, isTls: true } }).Checks;
  expect(check).toMatchObject({ HTTP: 'https://10.0.0.5:3000/ready', TLSSkipVerify: true });
});

test('an IPv6 address stands in brackets', () => {
  const definition = defineService({ ...identity, address: '2001:db8::5' }, { http }, times);
  expect(definition.Checks[1]).toMatchObject({ HTTP: 'http://[2001:db8::5]:3000/ready' });
  expect(definition.Address).toBe('2001:db8::5');
});
