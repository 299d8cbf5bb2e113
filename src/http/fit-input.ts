/** Refuses bodies and parameters that no part behind it could store or pass on, whatever their schema says. */
import { Elysia } from 'elysia';
import { AppError, findUnfitJson } from '../lib/index.ts';

/** Every request of every route passes here once, before its schema is looked at. */
export function fitInput() {
  return new Elysia({ name: 'fit-input' }).onTransform({ as: 'global' }, ({ body, params, query }) => {
    for (const input of [body, params, query]) {
      const unfit = findUnfitJson(input);
      if (unfit !== undefined) throw new AppError('validation_error', unfit);
    }
  });
}
