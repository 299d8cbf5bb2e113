/** An S3, or what speaks as one: its own names, those of AWS, and those of MinIO. */
import { url } from '../address.ts';
import { onOff, text } from '../format.ts';
import { type Problem, Problems } from '../problems.ts';
import { type Reader, readSettings } from '../read.ts';
import { isSampleSecret } from '../samples.ts';
import { optional, setting, type ValuesOf } from '../setting.ts';
import { bucket } from './bucket.ts';

const WEB = { protocols: ['http:', 'https:'], example: 'https://s3.example.com' } as const;

export const s3Settings = {
  RECORDING_S3_BUCKET: optional(bucket(), {
    defaultText: 'MINIO_BUCKET',
    doc: 'The bucket of the s3 provider. It must be there, and need not be public.',
  }),
  RECORDING_S3_REGION: optional(text('the name of a region'), {
    defaultText: 'AWS_REGION, else us-east-1',
    doc: 'Its region.',
  }),
  RECORDING_S3_ACCESS_KEY_ID: optional(text('the id of an access key'), {
    isSecret: true,
    defaultText:
      'AWS_ACCESS_KEY_ID, else MINIO_ACCESS_KEY, else what the AWS SDK finds: a profile, the role of the machine',
    doc: 'Who stores there. Goes with RECORDING_S3_SECRET_ACCESS_KEY.',
  }),
  RECORDING_S3_SECRET_ACCESS_KEY: optional(text('a secret key'), {
    isSecret: true,
    defaultText: 'AWS_SECRET_ACCESS_KEY, else MINIO_SECRET_KEY',
    doc: 'The secret of that key.',
  }),
  RECORDING_S3_ENDPOINT: optional(url(WEB), {
    defaultText: 'MINIO_ENDPOINT, else the one of AWS',
    doc: 'Where the S3 is, when it is not the one of AWS.',
  }),
  RECORDING_S3_PUBLIC_ENDPOINT: optional(url(WEB), {
    defaultText: 'the same',
    doc: 'Where browsers reach it, when that is another address than the one that the server uses.',
  }),
  RECORDING_S3_FORCE_PATH_STYLE: optional(onOff(), {
    defaultText: 'on when an endpoint is given',
    doc: 'Whether the bucket stands in the path of an address and not in its host.',
  }),
  AWS_REGION: optional(text('the name of a region'), {
    doc: 'The region, as every program of AWS takes it.',
  }),
  AWS_ACCESS_KEY_ID: optional(text('the id of an access key'), {
    isSecret: true,
    doc: 'The access key, as every program of AWS takes it.',
  }),
  AWS_SECRET_ACCESS_KEY: optional(text('a secret key'), { isSecret: true, doc: 'The secret of that key.' }),
  AWS_SESSION_TOKEN: optional(text('a token'), {
    isSecret: true,
    doc: 'The token of temporary credentials. Goes with AWS_ACCESS_KEY_ID.',
  }),
  MINIO_ENDPOINT: optional(text('a host and a port'), {
    doc: 'The host and the port of a MinIO, such as minio:9000.',
  }),
  MINIO_USE_SSL: setting(onOff(), { default: false, doc: 'Whether that MinIO is reached by https.' }),
  MINIO_ACCESS_KEY: optional(text('a user name'), { isSecret: true, doc: 'Who stores in that MinIO.' }),
  MINIO_SECRET_KEY: optional(text('a password'), { isSecret: true, doc: 'The password there.' }),
  MINIO_BUCKET: optional(bucket(), { doc: 'The bucket for recordings in that MinIO.' }),
};

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3StorageConfig {
  readonly provider: 's3';
  readonly bucket: string;
  readonly region: string;
  /** Absent: what the AWS SDK finds by itself. */
  readonly credentials?: S3Credentials;
  /** Absent: the one of AWS. */
  readonly endpoint?: string;
  /** For addresses that browsers get; absent: `endpoint`. */
  readonly publicEndpoint?: string;
  readonly forcePathStyle: boolean;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

type Values = ValuesOf<typeof s3Settings>;

export function readS3(
  reader: Reader,
  { isUsed, timeoutMs }: { isUsed: boolean; timeoutMs: number },
): S3StorageConfig {
  const values = readSettings(s3Settings, reader);
  const name = values.RECORDING_S3_BUCKET ?? values.MINIO_BUCKET;
  if (isUsed) complain(values, reader, name);
  const credentials = takeCredentials(values);
  const endpoint = values.RECORDING_S3_ENDPOINT ?? minioUrl(values);
  const publicEndpoint = values.RECORDING_S3_PUBLIC_ENDPOINT;
  return {
    provider: 's3',
    bucket: name ?? '',
    region: values.RECORDING_S3_REGION ?? values.AWS_REGION ?? 'us-east-1',
    ...(credentials && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    ...(publicEndpoint !== undefined && { publicEndpoint }),
    forcePathStyle: values.RECORDING_S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
    timeoutMs,
  };
}

/** The MinIO that is named for live streams, whatever the provider of recordings is when there is none. */
export function readMinio(reader: Reader, { timeoutMs }: { timeoutMs: number }): S3StorageConfig | undefined {
  // What is wrong with them was told when the storage of recordings was read.
  const values = readSettings(s3Settings, { ...reader, problems: new Problems() });
  const endpoint = minioUrl(values);
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const { MINIO_ACCESS_KEY: accessKeyId, MINIO_SECRET_KEY: secretAccessKey } = values;
  const isSample = reader.environment === 'production' && isSampleSecret(secretAccessKey ?? '');
  const isTold = reader.problems.list.some(({ name }) => name === 'MINIO_SECRET_KEY');
  if (isSample && !isTold) reader.problems.add(sampleProblem('MINIO_SECRET_KEY'));
  const own =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  const credentials = own ?? takeCredentials(values);
  const publicEndpoint = values.RECORDING_S3_PUBLIC_ENDPOINT;
  return {
    provider: 's3',
    bucket: values.MINIO_BUCKET ?? 'recordings',
    region: values.RECORDING_S3_REGION ?? values.AWS_REGION ?? 'us-east-1',
    ...(credentials && { credentials }),
    endpoint,
    ...(publicEndpoint !== undefined && { publicEndpoint }),
    forcePathStyle: values.RECORDING_S3_FORCE_PATH_STYLE ?? true,
    timeoutMs,
  };
}

function minioUrl({ MINIO_ENDPOINT, MINIO_USE_SSL }: Values): string | undefined {
  if (MINIO_ENDPOINT === undefined) return undefined;
  if (/^https?:\/\//.test(MINIO_ENDPOINT)) return MINIO_ENDPOINT;
  return `${MINIO_USE_SSL ? 'https' : 'http'}://${MINIO_ENDPOINT}`;
}

/** The pairs are not mixed: a key and a secret of two names are of two people. */
function takeCredentials(values: Values): S3Credentials | undefined {
  const pairs = [
    [values.RECORDING_S3_ACCESS_KEY_ID, values.RECORDING_S3_SECRET_ACCESS_KEY],
    [values.AWS_ACCESS_KEY_ID, values.AWS_SECRET_ACCESS_KEY, values.AWS_SESSION_TOKEN],
    [values.MINIO_ACCESS_KEY, values.MINIO_SECRET_KEY],
  ];
  for (const [accessKeyId, secretAccessKey, sessionToken] of pairs) {
    if (accessKeyId === undefined || secretAccessKey === undefined) continue;
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  }
  return undefined;
}

function complain(values: Values, { problems, source, environment }: Reader, name: string | undefined): void {
  if (
    name === undefined &&
    source('RECORDING_S3_BUCKET') === undefined &&
    source('MINIO_BUCKET') === undefined
  ) {
    problems.add({
      name: 'RECORDING_S3_BUCKET',
      what: 'is missing, but RECORDING_STORAGE_PROVIDER is s3',
      expected: s3Settings.RECORDING_S3_BUCKET.format.expected,
      remedy: 'name the bucket, or choose another provider',
    });
  }
  const pairs = [
    ['RECORDING_S3_ACCESS_KEY_ID', 'RECORDING_S3_SECRET_ACCESS_KEY'],
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    ['MINIO_ACCESS_KEY', 'MINIO_SECRET_KEY'],
  ] as const;
  for (const [id, secret] of pairs) {
    if ((values[id] === undefined) !== (values[secret] === undefined)) {
      problems.add({
        name: values[id] === undefined ? id : secret,
        what: `is missing, but ${values[id] === undefined ? secret : id} is set`,
        expected: 'both or none',
        remedy: 'set what is missing, or unset the other',
      });
    }
    if (environment === 'production' && isSampleSecret(values[secret] ?? '')) {
      problems.add(sampleProblem(secret));
    }
  }
  const minio = minioUrl(values);
  if (minio !== undefined && !URL.canParse(minio)) {
    problems.add({
      name: 'MINIO_ENDPOINT',
      what: 'names no host',
      expected: s3Settings.MINIO_ENDPOINT.format.expected,
      remedy: 'correct it, or unset it',
    });
  }
}

function sampleProblem(name: string): Problem {
  return {
    name,
    what: 'is a sample from documentation',
    expected: 'a secret that nobody can guess',
    remedy: 'give the storage another one',
  };
}
