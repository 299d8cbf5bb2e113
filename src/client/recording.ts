/** A recording as the library's routes tell of it: its shape, and the check of what came. */

export type RecordingStatus = 'recording' | 'processing' | 'completed' | 'failed';

export interface RecordingFile {
  readonly name: string;
  /** `composed`, `track`, `audio`, `thumbnail` or `manifest`. */
  readonly kind: string;
  /** Bytes. */
  readonly size: number;
  /** The media type. */
  readonly type: string;
}

export interface Recording {
  readonly id: string;
  /** `call`, `ingest`, `live` or `phone`. */
  readonly kind: string;
  readonly roomId: string | null;
  readonly ownerId: string | null;
  readonly name: string;
  readonly status: RecordingStatus;
  /** What is done now, while processing: `waiting`, `composing`, `storing` and the like. */
  readonly phase: string | null;
  /** 0 to 1. */
  readonly progress: number;
  /** A sentence for people: why it failed, or what was in the way of the latest attempt. */
  readonly failureReason: string | null;
  readonly durationSeconds: number;
  /** Bytes of all files. */
  readonly size: number;
  readonly layout: string | null;
  readonly format: string | null;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  /** Empty until it is completed. */
  readonly files: readonly RecordingFile[];
}

const STATUSES: readonly RecordingStatus[] = ['recording', 'processing', 'completed', 'failed'];

/** Undefined for what is no recording; what is missing and not needed to tell one from another is empty. */
export function parseRecording(value: unknown): Recording | undefined {
  if (!isRecord(value) || typeof value.id !== 'string') return undefined;
  const status = STATUSES.find((one) => one === value.status);
  const startedAt = momentIn(value.started_at);
  if (!status || !startedAt) return undefined;
  return {
    id: value.id,
    kind: textIn(value.kind) ?? 'call',
    roomId: textIn(value.room_id),
    ownerId: textIn(value.owner_id),
    name: textIn(value.name) ?? '',
    status,
    phase: textIn(value.phase),
    progress: Math.min(1, numberIn(value.progress)),
    failureReason: textIn(value.failure_reason),
    durationSeconds: numberIn(value.duration),
    size: numberIn(value.file_size),
    layout: textIn(value.layout),
    format: textIn(value.format),
    startedAt,
    completedAt: momentIn(value.completed_at),
    files: parseAll(value.files, parseFile),
  };
}

export interface RecordingPage {
  readonly recordings: readonly Recording[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** On all pages. */
  readonly total: number;
}

/** Undefined for what is no page of them. */
export function parseRecordingPage(value: unknown): RecordingPage | undefined {
  if (!isRecord(value) || !Array.isArray(value.recordings) || !isRecord(value.pagination)) return undefined;
  const { page, pages, total } = value.pagination;
  return {
    recordings: parseAll(value.recordings, parseRecording),
    page: Math.max(1, numberIn(page)),
    pages: numberIn(pages),
    total: numberIn(total),
  };
}

function parseFile(value: unknown): RecordingFile | undefined {
  if (!isRecord(value) || typeof value.name !== 'string' || typeof value.kind !== 'string') return undefined;
  return {
    name: value.name,
    kind: value.kind,
    size: numberIn(value.size),
    type: textIn(value.type) ?? 'application/octet-stream',
  };
}

function parseAll<T>(values: unknown, parse: (value: unknown) => T | undefined): T[] {
  if (!Array.isArray(values)) return [];
  return values.map(parse).filter((one) => one !== undefined);
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberIn(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

function momentIn(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
