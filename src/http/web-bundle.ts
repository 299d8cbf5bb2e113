/** placeholder until the page exists */
export interface WebBundle {
  index: { body: string; headers: Record<string, string> };
  assets: ReadonlyMap<string, { body: Uint8Array<ArrayBuffer> | string; headers: Record<string, string> }>;
}
export async function buildWebApp(_o: { authUrl?: string; isDevelopment: boolean }): Promise<WebBundle> {
  return { index: { body: '<h1>soon</h1>', headers: { 'content-type': 'text/html' } }, assets: new Map() };
}
