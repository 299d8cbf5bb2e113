/** Names in the picture. They are what people typed: ffmpeg reads them from files, and no filter ever sees them. */
import type { Box } from '../layout/arrange.ts';
import { fitName } from './fit-name.ts';
import type { Workshop } from './workshop.ts';

/** Parts of the height of a tile. */
const TAG_PART = 1 / 18;
const CARD_PART = 1 / 9;
const MIN_FONT_PIXELS = 10;
const MAX_WIDTH_PART = 0.9;

export class NameTags {
  readonly #workshop: Workshop;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** Filters that write a name into the lower left corner. */
  onPicture(name: string, box: Box): Promise<string[]> {
    const size = fontSize(box, TAG_PART);
    const margin = Math.round(size / 2);
    const backing = `box=1:boxcolor=black@0.55:boxborderw=${Math.round(size / 4)}`;
    return this.#draw(name, { size, box, place: `x=${margin}:y=h-${margin}-${size}:${backing}` });
  }

  /** Filters that write a name into the middle. */
  onCard(name: string, box: Box): Promise<string[]> {
    const size = fontSize(box, CARD_PART);
    return this.#draw(name, { size, box, place: 'x=(w-text_w)/2:y=(h-text_h)/2' });
  }

  async #draw(
    name: string,
    { size, box, place }: { readonly size: number; readonly box: Box; readonly place: string },
  ): Promise<string[]> {
    const text = fitName(name, (box.width * MAX_WIDTH_PART) / size);
    if (text === '') return [];
    const file = await this.#workshop.write('name', text);
    return [`drawtext=font=Sans:textfile=${file}:expansion=none:fontsize=${size}:fontcolor=white:${place}`];
  }
}

function fontSize({ height }: Box, part: number): number {
  return Math.max(MIN_FONT_PIXELS, Math.round(height * part));
}
