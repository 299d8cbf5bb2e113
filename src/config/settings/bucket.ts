/** The name of a bucket, as S3 and GCS take it. */
import { Type } from '@sinclair/typebox';
import { type Format, format } from '../format.ts';

export function bucket(): Format<string> {
  return format({
    schema: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$' }),
    expected: 'the name of a bucket: three and more small letters, digits, dots and dashes',
    read: (value) => value,
  });
}
