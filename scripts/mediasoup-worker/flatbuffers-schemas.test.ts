import { describe, expect, test } from 'bun:test';
import { renameSchemaFields } from './flatbuffers-schemas.ts';

describe('renaming schema fields', () => {
  test('turns the fields of tables and structs into lowerCamelCase', () => {
    expect(renameSchemaFields('table Codec {\n    mime_type: string (required);\n    id: uint8;\n}')).toBe(
      'table Codec {\n    mimeType: string (required);\n    id: uint8;\n}',
    );
    expect(renameSchemaFields('struct Pair { first_part: int; second_part: int; }')).toBe(
      'struct Pair { firstPart: int; secondPart: int; }',
    );
  });

  test('handles digits and more than one underscore', () => {
    expect(renameSchemaFields('table T { bwe_10_min: int; }')).toBe('table T { bwe10Min: int; }');
  });

  test('leaves types, defaults, attributes and comments alone', () => {
    const table = 'table T {\n  // not_a_field: really\n  size: Some_Type = some_value (force_align: 4);\n}';
    expect(renameSchemaFields(table)).toBe(table);
  });

  test('leaves enums and unions alone, which have colons too', () => {
    const schema = 'enum Some_Kind: uint8 { ONE_A = 0 }\nunion Body { Worker_Close: FBS.Worker.close_it }';
    expect(renameSchemaFields(schema)).toBe(schema);
  });
});
