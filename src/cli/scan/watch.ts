/** How far a scan is, on one line of a terminal; nothing in a pipe. */
import type { Progress } from "../../scan/board.ts";
import type { Shell } from "../shell.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `1.2 GB`. */
function bytesInWords(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `12 s`, `3 min`. */
function timeInWords(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** What is left takes as long as what is done took, by folders: they are all that is known beforehand. */
function leftInWords({ folders, left }: Progress, seconds: number): string {
  if (seconds < 1 || folders === 0) return "";
  return `, about ${timeInWords((seconds * left) / folders)} left`;
}

export interface Watch {
  show(progress: Progress, found: number): void;
  /** Takes the line away. */
  end(): void;
}

export function watch(shell: Shell): Watch {
  const started = shell.self.now();
  const isShown = process.stderr.isTTY === true;
  const clear = "\r\u001b[K";
  return {
    show(progress, found) {
      if (!isShown) return;
      const seconds = (shell.self.now() - started) / 1000;
      const { files, bytes } = progress;
      const line = `${files} files, ${bytesInWords(bytes)}, ${found} found${leftInWords(progress, seconds)}`;
      process.stderr.write(`${clear}${line.slice(0, shell.errStyle.width - 1)}`);
    },
    end() {
      if (isShown) process.stderr.write(clear);
    },
  };
}
