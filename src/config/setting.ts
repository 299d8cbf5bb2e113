/** One setting as it is declared: its format, its default, what it does. */
import type { Format } from './format.ts';

export const ENVIRONMENTS = ['development', 'production', 'test'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a default may depend on. */
export interface Surroundings {
  readonly environment: Environment;
  readonly cores: number;
}

export interface Setting<T> {
  readonly format: Format<T & {}>;
  /** Whole sentences: what it does, and in which unit where the format does not tell. */
  readonly doc: string;
  /** The default as the documentation tells it; empty when there is none. */
  readonly defaultText: string;
  readonly isSecret: boolean;
  getDefault(surroundings: Surroundings): T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values that a group of settings has once it is read. */
export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

type Default<T> =
  | { readonly default: T }
  | { readonly production: T; readonly development: T }
  | { readonly computed: (surroundings: Surroundings) => T; readonly defaultText: string };

/** A setting that always has a value. Tests get the default of development. */
export function setting<T extends {}>(
  format: Format<T>,
  options: { doc: string } & Default<NoInfer<T>>,
): Setting<T> {
  return { format, doc: options.doc, isSecret: false, ...readDefault(format, options) };
}

/** A setting that may stay without a value; `defaultText` says what happens then. */
export function optional<T extends {}>(
  format: Format<T>,
  options: { doc: string; defaultText?: string; isSecret?: boolean },
): Setting<T | undefined> {
  return {
    format,
    doc: options.doc,
    defaultText: options.defaultText ?? '',
    isSecret: options.isSecret ?? false,
    getDefault: () => undefined,
  };
}

function readDefault<T>(
  format: Format<T>,
  options: Default<T>,
): Pick<Setting<T>, 'defaultText' | 'getDefault'> {
  if ('computed' in options) return { defaultText: options.defaultText, getDefault: options.computed };
  if ('default' in options) {
    return { defaultText: format.print(options.default), getDefault: () => options.default };
  }
  return {
    defaultText: `${format.print(options.production)} in production, ${format.print(options.development)} in development`,
    getDefault: ({ environment }) =>
      environment === 'production' ? options.production : options.development,
  };
}
