/** Our own icons: 24 units wide, drawn with strokes in the colour of the text. */

const PATHS = {
  microphone: [
    'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z',
    'M5.5 11a6.5 6.5 0 0 0 13 0',
    'M12 17.5V21',
  ],
  'microphone-off': [
    'M9 9.5V11a3 3 0 0 0 4.6 2.5',
    'M15 10.5V6a3 3 0 0 0-5.7-1.3',
    'M5.5 11a6.5 6.5 0 0 0 10.3 5.3',
    'M18.5 11a6.5 6.5 0 0 1-.6 2.7',
    'M12 17.5V21',
    'M4 3.5l16 17',
  ],
  camera: [
    'M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z',
    'M15.5 10.8l6-3.3v9l-6-3.3',
  ],
  'camera-off': [
    'M9.5 6.5h4a2 2 0 0 1 2 2v3.5',
    'M15.2 16.5a2 2 0 0 1-1.7 1h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.6-2',
    'M15.5 10.8l6-3.3v9l-3.5-1.9',
    'M3.5 3.5l16 17',
  ],
  screen: [
    'M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5z',
    'M8.5 20h7',
    'M12 13.5v-6',
    'M9.3 9.8L12 7.1l2.7 2.7',
  ],
  chat: [
    'M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.7v-3.7H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z',
    'M8 9h8',
    'M8 12.5h5',
  ],
  broadcast: [
    'M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
    'M8.5 8.5a5 5 0 0 0 0 7',
    'M15.5 8.5a5 5 0 0 1 0 7',
    'M5.7 5.7a9 9 0 0 0 0 12.6',
    'M18.3 5.7a9 9 0 0 1 0 12.6',
  ],
  speaker: ['M4 9.5h3.5L12 5.5v13l-4.5-4H4z', 'M15.5 9a4.2 4.2 0 0 1 0 6', 'M18 6.5a7.8 7.8 0 0 1 0 11'],
  link: [
    'M10 14a4 4 0 0 0 5.7 0l3.5-3.5a4 4 0 0 0-5.7-5.7L12.3 6',
    'M14 10a4 4 0 0 0-5.7 0l-3.5 3.5a4 4 0 0 0 5.7 5.7l1.2-1.2',
  ],
  leave: [
    'M3.4 15.6l2.8-1.5a1.6 1.6 0 0 0 .8-1.8l-.3-1.4a16 16 0 0 1 10.6 0l-.3 1.4a1.6 1.6 0 0 0 .8 1.8l2.8 1.5a1.2 1.2 0 0 0 1.7-.8c.70-3.5-2.8-7.8-10.3-7.8S1 11.3 1.7 14.8a1.2 1.2 0 0 0 1.7.80z',
  ],
  pin: ['M9 3.5h6l-.7 6 3.2 3.5h-11l3.2-3.5z', 'M12 13v7.5'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  send: ['M4 12l16-7.5-5 15.5-3.5-6z', 'M11.5 14L20 4.5'],
  people: [
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
    'M2.5 19.5a6.5 6.5 0 0 1 13 0',
    'M16 5a3.5 3.5 0 0 1 0 6.5',
    'M18 13.8a6.5 6.5 0 0 1 3.5 5.7',
  ],
  hand: [
    'M7 12.5V7.2a1.4 1.4 0 0 1 2.8 0v-2a1.4 1.4 0 0 1 2.8 0v1a1.4 1.4 0 0 1 2.8 0v2a1.4 1.4 0 0 1 2.8 0v6.3a6.5 6.5 0 0 1-12 3.4l-2.6-4.4a1.5 1.5 0 0 1 2.5-1.6z',
    'M9.8 7.2v4.3',
    'M12.6 6.2v5.3',
    'M15.4 8.2v3.3',
  ],
  reaction: [
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
    'M8.3 13.8a4.3 4.3 0 0 0 7.4 0',
    'M9 9.3v.2',
    'M15 9.3v.2',
  ],
  lock: [
    'M6.5 10.5h11a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5V12a1.5 1.5 0 0 1 1.5-1.5z',
    'M8 10.5V8a4 4 0 0 1 8 0v2.5',
  ],
  remove: ['M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z', 'M3.5 19.5a6.5 6.5 0 0 1 11.5-4.2', 'M15.5 9h6'],
  record: ['M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z', 'M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z'],
  stop: [
    'M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.5v-9A1.5 1.5 0 0 1 7.5 6z',
  ],
  film: [
    'M4.5 4.5h15a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18V6a1.5 1.5 0 0 1 1.5-1.5z',
    'M10 9l5 3-5 3z',
  ],
  phone: [
    'M6.5 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z',
  ],
  play: ['M8 5.5l11 6.5-11 6.5z'],
  download: ['M12 4v11', 'M7.5 11l4.5 4.5 4.5-4.5', 'M4.5 19.5h15'],
  trash: ['M4.5 7h15', 'M9.5 7V4.5h5V7', 'M6.5 7l1 12.5h9l1-12.5', 'M10.3 10.5v5.5', 'M13.7 10.5v5.5'],
  retry: ['M19.5 12a7.5 7.5 0 1 1-2.4-5.5', 'M19.5 3.5v4.3h-4.3'],
  back: ['M14.5 5.5L8 12l6.5 6.5'],
  forward: ['M9.5 5.5L16 12l-6.5 6.5'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  warning: ['M12 4l9 16H3z', 'M12 10v4.5', 'M12 17.3v.1'],
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** Hidden from screen readers: whatever carries it has a label of its own. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/** The mark of the product: the same snake as in `icon.svg`. */
export function logo(): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('class', 'logo');
  svg.setAttribute('aria-hidden', 'true');
  const body = document.createElementNS(SVG, 'path');
  body.setAttribute('d', 'M5.5 24.5h15a5.25 5.25 0 0 0 0-10.5h-10a3.75 3.75 0 0 1 0-7.5h11.5');
  const eye = document.createElementNS(SVG, 'circle');
  eye.setAttribute('cx', '25.3');
  eye.setAttribute('cy', '6.5');
  eye.setAttribute('r', '2.8');
  svg.append(body, eye);
  return svg;
}
