/** Pages of a list: what a query says of them, and what the answer does. */
import { type Static, t } from 'elysia';

/** Elysia's own integer: numbers of a query come as text, and only it takes them. */
export const pageFields = {
  page: t.Optional(t.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 100, default: 20 })),
};

export interface Page {
  /** From 1. */
  readonly page: number;
  readonly limit: number;
}

export const Pagination = t.Object({
  page: t.Integer(),
  limit: t.Integer(),
  total: t.Integer(),
  pages: t.Integer(),
});
export type Pagination = Static<typeof Pagination>;

export function toPage({ page = 1, limit = 20 }: { page?: number; limit?: number }): Page {
  return { page, limit };
}

export function paginate({ page, limit }: Page, total: number): Pagination {
  return { page, limit, total, pages: Math.ceil(total / limit) };
}
