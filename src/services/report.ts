/** The two databases, and the simulator that stands in for models. */
export type ServiceName = 'temporal' | 'neo4j' | 'simulator';

/** One line of progress while services are found, fetched, started or stopped. */
export interface ServiceEvent {
  service: ServiceName;
  phase: 'fetching' | 'starting' | 'ready' | 'waiting' | 'stopping' | 'stopped';
  /** For people: what happens, where, and how many seconds it has taken. */
  detail: string;
}

export type Report = (event: ServiceEvent) => void;

/** Reports `detail(seconds)` every `everySeconds` until `work` has settled, and hands on what it gave. */
export async function reportWhile<T>(work: Promise<T>, tick: { report: Report; event: Omit<ServiceEvent, 'detail'>; detail: (seconds: number) => string; everySeconds: number }): Promise<T> {
  const started = Date.now();
  const say = (): void => tick.report({ ...tick.event, detail: tick.detail(Math.round((Date.now() - started) / 1000)) });
  say();
  const timer = setInterval(say, tick.everySeconds * 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
