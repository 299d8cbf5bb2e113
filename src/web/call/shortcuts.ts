/** The keys of a call. They do nothing while somebody types, or with a modifier held. */
import type { Actions } from '../actions.ts';
import type { AppState } from '../state.ts';
import type { Store } from '../store.ts';

export const KEYS = { microphone: 'm', camera: 'v', screen: 's', chat: 'c', hand: 'h', people: 'p' } as const;

/** The returned function stops listening. */
export function listenToShortcuts(actions: Actions, store: Store<AppState>): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !store.get().confirmation) return actions.closeTopmost();
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    switch (event.key.toLowerCase()) {
      case KEYS.microphone:
        return actions.toggleDevice('microphone');
      case KEYS.camera:
        return actions.toggleDevice('camera');
      case KEYS.screen:
        return actions.toggleScreen();
      case KEYS.chat:
        // Otherwise the letter would be typed into the message that gets the focus.
        event.preventDefault();
        return actions.togglePanel('chat');
      case KEYS.hand:
        return actions.toggleHand();
      case KEYS.people:
        return actions.togglePanel('people');
    }
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
