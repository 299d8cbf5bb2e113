/** The dialler as a page of its own: its state, what one can do, and the screen that shows it. */
import { createStore } from '../store.ts';
import { texts } from '../texts.ts';
import { PhoneActions } from './actions.ts';
import { createPhoneScreen } from './phone-screen.ts';
import { INITIAL_PHONE_STATE } from './state.ts';

/** The returned function takes the page down again. */
export function startPhone(root: HTMLElement): () => void {
  const store = createStore(INITIAL_PHONE_STATE);
  const actions = new PhoneActions(store);
  const screen = createPhoneScreen(actions);
  document.title = texts.phone.title;
  root.replaceChildren(screen.element);
  const stopDrawing = store.subscribe((state) => screen.update(state));
  screen.update(store.get());
  return () => {
    stopDrawing();
    screen.dispose?.();
    actions.dispose();
  };
}
