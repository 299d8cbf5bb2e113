import { expect, test } from 'bun:test';
import { createSocket } from 'node:dgram';
import { Reports, readSenderReports } from './reports.ts';

function senderReport(wallMs: number, rtpTimestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report[0] = 0x80;
  report[1] = 200;
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(Math.floor(wallMs / 1_000) + 2_208_988_800, 8);
  report.writeUInt32BE(((wallMs % 1_000) / 1_000) * 2 ** 32, 12);
  report.writeUInt32BE(rtpTimestamp, 16);
  return report;
}

test('sender reports are found among other parts, and what is cut off or nonsense hurts nobody', () => {
  const receiverReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);
  const wallMs = Date.UTC(2026, 0, 1) + 250;
  const compound = Buffer.concat([receiverReport, senderReport(wallMs, 4_000_000_000)]);
  expect(readSenderReports(compound)).toEqual([{ wallMs, rtpTimestamp: 4_000_000_000 }]);
  for (let length = 0; length < compound.length; length += 1) readSenderReports(compound.subarray(0, length));
  expect(readSenderReports(Buffer.alloc(40, 0xff))).toEqual([]);
});

test('what is reported is told, and a reader is told goodbye with a whole packet', async () => {
  const reports = await Reports.open();
  const told = new Promise((resolve) => reports.events.on('reported', resolve));
  const peer = createSocket('udp4');
  await new Promise<void>((resolve) => peer.bind(0, '127.0.0.1', () => resolve()));
  peer.send(senderReport(1_000, 7), reports.port, '127.0.0.1');
  expect(await told).toEqual({ wallMs: 1_000, rtpTimestamp: 7 });
  const goodbye = new Promise<Buffer>((resolve) => peer.once('message', resolve));
  reports.sayGoodbye(0x01020304, peer.address().port);
  expect([...(await goodbye)]).toEqual([0x81, 203, 0, 2, 1, 2, 3, 4, 0, 0, 0, 0]);
  reports.close();
  reports.close();
  await new Promise<void>((resolve) => peer.close(() => resolve()));
});
