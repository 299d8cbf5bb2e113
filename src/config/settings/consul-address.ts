/** The address of an agent of Consul, in the forms that Consul's own programs take. */

const UNIX = /^unix:\/\/(\/.+)$/;
const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i;

export interface ConsulAddress {
  readonly baseUrl: string;
  readonly unixSocket?: string;
}

export function isConsulAddress(value: string): boolean {
  if (UNIX.test(value)) return true;
  if (!value.includes('://')) return HOST_AND_PORT.test(value) && URL.canParse(`http://${value}`);
  return /^https?:\/\//.test(value) && URL.canParse(value);
}

/** Of a value that `isConsulAddress`. `isTls` counts where the address is no URL. */
export function readConsulAddress(value: string, { isTls }: { isTls: boolean }): ConsulAddress {
  const unixSocket = UNIX.exec(value)?.[1];
  if (unixSocket !== undefined) return { baseUrl: 'http://localhost', unixSocket };
  const url = value.includes('://') ? value : `${isTls ? 'https' : 'http'}://${value}`;
  return { baseUrl: url.replace(/\/+$/, '') };
}
