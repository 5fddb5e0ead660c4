import type { Call, CallResult, KnownFact, WorldDoc } from '../core/tool';

/** One isolated live instance of a world, standing at its seed's initial state or wherever its calls have brought it. */
export interface WorldInstance {
  /**
   * Runs one call. A tool's own refusal, bad arguments and unknown tools are results, never exceptions; fault
   * `unavailable` and a rejection both mean that the instance broke (infrastructure), and it is not used again.
   */
  call(call: Call): Promise<CallResult>;
  /** Hash of the observable state: equal states have equal digests, in this process and in any other. */
  digest(): Promise<string>;
  /** Settles once another waits for what this instance alone may hold: it is closed when its present use is over. */
  wanted?: Promise<void>;
  close(): Promise<void>;
}

/**
 * A seeded, resettable environment. Adding a built-in world is one folder and one line in
 * `builtin/index.ts`; the contract suite runs over that list.
 */
export interface World {
  doc: WorldDoc;
  /** The facts a user of this seed could state. Everything else has to be looked up. */
  known(seed: number): KnownFact[];
  /** A new instance in the seed's initial state; throws `WorldUnavailable` when there is none to be had. */
  open(seed: number): Promise<WorldInstance>;
  /** Instances that may be open at once in one worker; `Infinity` where opening costs nothing. */
  maxOpen: number;
  /**
   * Every instance has whatever serves it to itself (a process of ours), so nobody outside can fail it: a call that
   * breaks two fresh ones at the same place breaks any. `false` when left out: an address may be away for a while.
   */
  selfContained?: boolean;
  /** One sentence per thing that this world lacks, with what is lost for lack of it; none when left out. */
  notices?(): string[];
  /** Ends everything the world keeps (processes, folders). */
  close(): Promise<void>;
}

/** Infrastructure: the world could not be opened, or died. Never a fault of the call, never counted against a model. */
export class WorldUnavailable extends Error {
  override readonly name = 'WorldUnavailable';
}

/** The block asks for a world that cannot be: what it says has to be changed. */
export class WorldBlockError extends Error {
  override readonly name = 'WorldBlockError';
}
