/** Workers: threads of our own program with a program of their own. */

declare const self: Worker;

/** In the executable the workers are beside what started them, wherever that was in the sources. */
const INSIDE_EXECUTABLE = /^file:\/\/\/(?:\$bunfs|[A-Z]:\/~BUN)\//i;

/** In a worker: what it is told, once. */
export function hearOnce<T>(hear: (message: T) => void): void {
  self.onmessage = ({ data }: MessageEvent<T>) => {
    self.onmessage = null;
    hear(data);
  };
}

/** In a worker: says something to whoever started it. */
export function tell(message: unknown): void {
  self.postMessage(message);
}

export interface RunningWorker {
  /** Ends it, whatever it is doing. */
  end(): void;
}

/**
 * Starts a worker. `program` is its file in `src`, without the ending; build/executable.ts must know it. `ended`: it
 * came to an end that nobody asked for.
 */
export function startWorker<T>(
  program: string,
  message: unknown,
  heard: { told(message: T): void; ended(): void },
): RunningWorker {
  const { url } = import.meta;
  const file = INSIDE_EXECUTABLE.test(url) ? `./${program}.js` : `../${program}.ts`;
  const worker = new Worker(new URL(file, url));
  worker.onmessage = ({ data }: MessageEvent<T>) => heard.told(data);
  worker.onerror = (event) => {
    // Bun would print what was thrown, which may hold what was read.
    event.preventDefault();
    heard.ended();
  };
  worker.addEventListener("close", () => heard.ended());
  worker.postMessage(message);
  return { end: () => worker.terminate() };
}
