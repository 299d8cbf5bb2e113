/** Refuses bodies and parameters that no part behind it could store or pass on, whatever their schema says. */
import { Elysia } from 'elysia';
import { AppError, findUnfitJson } from '../lib/index.ts';

/** Every request of every route passes here once, before its schema is looked at; `scoped` as in `httpErrors`. */
export function fitInput(as: 'global' | 'scoped' = 'global') {
  return new Elysia({ name: `fit-input-${as}` }).onTransform({ as }, ({ body, params, query }) => {
    for (const input of [body, params, query]) {
      const unfit = findUnfitJson(input);
      if (unfit !== undefined) throw new AppError('validation_error', unfit);
    }
  });
}
