/** The frame of the page: shows the screen that the state asks for, and hands it every new state. */
import { Actions } from './actions.ts';
import { createCallScreen } from './call/call-screen.ts';
import type { View } from './dom.ts';
import { createLobby } from './lobby/lobby.ts';
import { createEndedScreen } from './shared/ended-screen.ts';
import { createToasts } from './shared/toasts.ts';
import type { AppState, Screen } from './state.ts';
import type { Store } from './store.ts';
import { createWaitingScreen } from './waiting/waiting-screen.ts';

/** The returned function takes the page down again. */
export function startApp(root: HTMLElement, store: Store<AppState>): () => void {
  const actions = new Actions(store);
  const toasts = createToasts(actions);
  let shown: { screen: Screen; view: View<AppState> } | undefined;

  const draw = (state: AppState) => {
    if (shown?.screen !== state.screen) {
      shown?.view.dispose?.();
      shown = { screen: state.screen, view: createScreen(state, actions, store) };
      root.replaceChildren(shown.view.element, toasts.element);
    }
    shown.view.update(state);
    toasts.update(state);
  };

  const stopDrawing = store.subscribe(draw);
  draw(store.get());
  actions.startDevices();
  return () => {
    stopDrawing();
    shown?.view.dispose?.();
    actions.dispose();
  };
}

function createScreen(state: AppState, actions: Actions, store: Store<AppState>): View<AppState> {
  switch (state.screen) {
    case 'lobby':
      return createLobby(actions, state);
    case 'waiting':
      return createWaitingScreen(actions);
    case 'call':
      return createCallScreen(actions, store);
    case 'ended':
      return createEndedScreen(actions);
  }
}
