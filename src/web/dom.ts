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

export interface KeyedListOptions<Item> {
  readonly keyOf: (item: Item) => string;
  readonly create: (item: Item) => View<Item>;
}

/** Draws a view for each item into `parent`. A view stays what it is, and keeps the focus, as long as its key is there. */
export function createKeyedList<Item>(
  parent: HTMLElement,
  { keyOf, create }: KeyedListOptions<Item>,
): (items: readonly Item[]) => void {
  const views = new Map<string, View<Item>>();
  return (items) => {
    const present = new Set(items.map(keyOf));
    for (const [key, view] of views) {
      if (present.has(key)) continue;
      views.delete(key);
      view.dispose?.();
      view.element.remove();
    }
    for (const [index, item] of items.entries()) {
      const view = views.get(keyOf(item)) ?? create(item);
      views.set(keyOf(item), view);
      // Moving an element takes the focus from it, so only what stands elsewhere is moved.
      if (parent.children[index] !== view.element)
        parent.insertBefore(view.element, parent.children[index] ?? null);
      view.update(item);
    }
  };
}

/** Plays these tracks in a media element; the same ones again change nothing. */
export function setTracks(element: HTMLMediaElement, tracks: readonly MediaStreamTrack[]): void {
  const current = element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : [];
  if (current.length === tracks.length && current.every((track, index) => track === tracks[index])) return;
  element.srcObject = tracks.length === 0 ? null : new MediaStream([...tracks]);
}
