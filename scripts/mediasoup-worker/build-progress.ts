/** Turns ninja's "[n/m] …" lines into a percentage: in place on a terminal, else as a line every few seconds. */

interface BuildProgressOptions {
  label: string;
  report: (line: string) => void;
  /** Where the percentage is written over and over; null or not a terminal means lines through `report`. */
  terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> | null;
  now?: () => number;
}

const LINE_INTERVAL_MS = 5_000;
const ERASE_LINE = '\r\u001b[2K';

/** `stepDone` takes the build's lines as they come; `end` clears what stands on the terminal. */
export function createBuildProgress({ label, report, terminal, now = Date.now }: BuildProgressOptions) {
  const inPlace = terminal?.isTTY ? terminal : null;
  const startedAt = now();
  let lastPercent = -1;
  let lastLineAt = startedAt;

  return {
    stepDone(line: string): void {
      const percent = readPercent(line);
      if (percent === null || percent === lastPercent) {
        return;
      }
      const text = `${label}: ${percent} % after ${Math.round((now() - startedAt) / 1000)} s`;
      if (inPlace) {
        inPlace.write(`${ERASE_LINE}${text}`);
      } else if (now() - lastLineAt >= LINE_INTERVAL_MS) {
        lastLineAt = now();
        report(text);
      }
      lastPercent = percent;
    },

    end(): void {
      if (inPlace && lastPercent >= 0) {
        inPlace.write(ERASE_LINE);
      }
    },
  };
}

function readPercent(line: string): number | null {
  const [, done, total] = /^\[(\d+)\/(\d+)\] /.exec(line) ?? [];
  return done && total ? Math.floor((Number(done) / Number(total)) * 100) : null;
}
