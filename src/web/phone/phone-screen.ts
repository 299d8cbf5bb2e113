/** The screen of the dialler: a number with its country, a keypad, how the call stands and how long, and what one can do with it. */
import { h, setAttribute, setText, setTracks, type View } from '../dom.ts';
import { logo } from '../icons.ts';
import { ElapsedClock, formatElapsed } from '../shared/elapsed.ts';
import { createLibraryLink } from '../shared/library-link.ts';
import { texts } from '../texts.ts';
import type { PhoneActions } from './actions.ts';
import { createNumberField } from './number-field.ts';
import { isInCall, type PhoneState } from './state.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function createPhoneScreen(actions: PhoneActions): View<PhoneState> {
  const { phone: t } = texts;
  const number = createNumberField(actions);
  const country = h('p', { id: 'phone-country', class: 'muted phone-country' });
  const status = h('p', { class: 'phone-status', role: 'status' });
  const timer = h('p', { class: 'phone-timer', role: 'timer' });
  const clock = new ElapsedClock(timer);
  const keys = h('p', { class: 'muted phone-keys' });
  const quality = h('p', { class: 'muted phone-quality' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const record = h('input', {
    id: 'phone-record',
    type: 'checkbox',
    'aria-describedby': 'phone-record-hint',
  });
  record.addEventListener('change', () => actions.wantRecording(record.checked));
  const recorded = h('p', { class: 'phone-recorded', hidden: true }, t.recorded, ' ', createLibraryLink());
  const call = h('button', { class: 'button', type: 'submit', 'data-action': 'call' }, t.call);
  const mute = button({ action: 'mute', look: 'quiet', text: t.mute }, () => actions.mute());
  const hangUp = button({ action: 'hang-up', look: 'danger', text: t.hangUp }, () => actions.hangUp());
  const voice = h('audio', { autoplay: true });
  const form = h(
    'form',
    { class: 'phone-card' },
    h('label', { for: 'phone-number' }, t.number),
    number.element,
    country,
    h(
      'div',
      { class: 'phone-record' },
      record,
      h('label', { for: 'phone-record' }, t.record),
      h('span', { id: 'phone-record-hint', class: 'muted' }, t.recordHint),
    ),
    h('div', { class: 'phone-standing' }, status, timer),
    createKeypad(actions),
    h('div', { class: 'phone-buttons' }, call, mute, hangUp),
    recorded,
    keys,
    quality,
    problem,
    voice,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void actions.dial();
  });
  let isInCallNow = false;
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isInCallNow && KEYS.includes(event.key)) actions.press(event.key);
  };
  addEventListener('keydown', pressed);
  const element = h(
    'main',
    { class: 'phone' },
    h(
      'header',
      { class: 'library-header' },
      h('a', { class: 'brand', href: '/' }, logo(), h('span', {}, texts.appName)),
      h('a', { class: 'button', href: '/', 'data-look': 'quiet', 'data-size': 'small' }, t.toCalls),
    ),
    h('h1', {}, t.heading),
    form,
  );
  return {
    element,
    update(state) {
      const inCall = isInCall(state);
      isInCallNow = inCall;
      const phase = phaseOf(state);
      const { call: info, quality: measured } = state;
      setAttribute(element, 'data-state', phase);
      number.update(state);
      record.checked = inCall && info ? info.record : state.isRecorded;
      record.disabled = inCall;
      recorded.hidden = phase !== 'completed' || info?.record !== true;
      setText(country, state.country || t.hint);
      setText(status, describe(state));
      clock.show(phase === 'active' && info?.answered_at ? new Date(info.answered_at) : null);
      if (phase === 'completed' && info?.answered_at) setText(timer, formatElapsed(info.duration * 1_000));
      const focused = [call, mute, hangUp].find((one) => one === document.activeElement);
      call.hidden = inCall;
      mute.hidden = !inCall;
      hangUp.hidden = !inCall;
      // Who works with the keyboard goes on with what has come in its place.
      if (focused?.hidden) (inCall ? hangUp : call).focus();
      setText(mute, state.isMuted ? t.unmute : t.mute);
      setText(keys, state.keys === '' ? '' : t.keys(state.keys));
      const share = measured ? measured.concealed / Math.max(1, measured.received) : 0;
      setText(quality, measured && inCall ? t.quality(share, measured.rttMs) : '');
      setText(problem, state.problem ?? '');
      problem.hidden = state.problem === null;
      setTracks(voice, state.voice?.getTracks() ?? []);
    },
    dispose: () => {
      clock.stop();
      removeEventListener('keydown', pressed);
    },
  };
}

function createKeypad(actions: PhoneActions): HTMLElement {
  const keys = KEYS.map((key) =>
    button({ action: `key-${key}`, look: 'quiet', text: key }, () => actions.press(key)),
  );
  return h('div', { class: 'phone-keypad', role: 'group', 'aria-label': texts.phone.keypad }, ...keys);
}

interface ButtonParts {
  readonly action: string;
  readonly look: string;
  readonly text: string;
}

function button({ action, look, text }: ButtonParts, onClick: () => void): HTMLButtonElement {
  const made = h(
    'button',
    { class: 'button', type: 'button', 'data-action': action, 'data-look': look },
    text,
  );
  made.addEventListener('click', onClick);
  return made;
}

type Phase = keyof typeof texts.phone.states;

function phaseOf({ isDialling, call }: PhoneState): Phase {
  if (!call) return isDialling ? 'dialling' : 'idle';
  if (call.status === 'initialized') return 'connecting';
  return call.status === 'connecting' && call.is_ringing ? 'ringing' : call.status;
}

function describe(state: PhoneState): string {
  const { states, reasons, muted } = texts.phone;
  const reason = reasons[state.call?.end_reason ?? ''];
  const text = states[phaseOf(state)];
  if (state.isMuted) return `${text}, ${muted}`;
  return reason === undefined ? text : `${text}. ${reason}`;
}
