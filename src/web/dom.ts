/** Makes elements: the little that the page needs instead of a framework. */

/** A part of the page: drawn once, updated by every state, disposed of when its screen goes. */
export interface View<State> {
  readonly element: HTMLElement;
  update(state: State): void;
  dispose?(): void;
}

type Child = Node | string;

export interface Attributes {
  readonly [name: string]: string | boolean | undefined;
}

/** `true` gives an empty attribute, `false` and `undefined` none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children);
  return element;
}

export function setAttribute(element: Element, name: string, value: string | boolean | undefined): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : value;
  // Unchanged attributes are left alone: writing them would wake observers and screen readers.
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Plays these tracks in a media element; the same ones again change nothing. */
export function setTracks(element: HTMLMediaElement, tracks: readonly MediaStreamTrack[]): void {
  const current = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : [];
  if (current.length === tracks.length && current.every((track, index) => track === tracks[index])) return;
  element.srcObject = tracks.length === 0 ? null : new MediaStream([...tracks]);
}
