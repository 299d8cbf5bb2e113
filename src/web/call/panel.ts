/** What stands beside the tiles: a heading, a way to close it, and the focus where it belongs. */
import { h } from '../dom.ts';
import { icon } from '../icons.ts';

export interface PanelOptions {
  readonly name: string;
  readonly heading: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  /** Gets the focus when it opens; otherwise the button that closes it. */
  readonly firstFocus?: HTMLElement;
}

export interface PanelFrame {
  readonly element: HTMLElement;
  setOpen(isOpen: boolean): void;
}

export function createPanel(options: PanelOptions, ...children: HTMLElement[]): PanelFrame {
  const { name, heading, closeLabel, onClose } = options;
  const close = h(
    'button',
    { class: 'icon-button', type: 'button', 'aria-label': closeLabel, title: closeLabel },
    icon('close'),
  );
  const element = h(
    'aside',
    { class: `panel ${name}`, 'aria-label': heading, hidden: true },
    h('header', { class: 'panel-header' }, h('h2', {}, heading), close),
    ...children,
  );
  close.addEventListener('click', onClose);
  /** What had the focus before the panel took it. */
  let before: Element | null = null;
  return {
    element,
    setOpen(isOpen) {
      if (element.hidden !== isOpen) return;
      const hadFocus = element.contains(document.activeElement);
      if (isOpen) before = document.activeElement;
      element.hidden = !isOpen;
      if (isOpen) (options.firstFocus ?? close).focus();
      else if (hadFocus) giveBackFocus(before);
    },
  };
}

/** Otherwise the keys would go on into a field that nobody sees. */
function giveBackFocus(element: Element | null): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (element instanceof HTMLElement && element.isConnected) element.focus();
}
