import { createController, holdEndsAt, observe, roomAt, type Controller } from '../../../src/core/gate/controller';

/** A server under simulated time: how long a request sent now will take, or that it is refused. */
export interface ServerModel {
  receive(now: number): { replyAt: number; tokens: number } | { refused: true; retryAfterMs?: number };
  /** Called when a reply has gone out. */
  replied(now: number): void;
}

export interface Load {
  answered: number[];
  refused: number[];
  sent: number[];
  /** `allowed` over time, at each event. */
  allowed: { at: number; value: number }[];
  controller: Controller;
}

/** Endless demand against a server for so long; every event in the order of its time. */
export function drive(server: ServerModel, options: { ceiling: number; untilMs: number; pause?: [number, number] }): Load {
  let controller = createController(options.ceiling, 0);
  const load: Load = { answered: [], refused: [], sent: [], allowed: [], controller };
  const open: { at: number; sentAt: number; level: number; reply: { tokens: number } | { retryAfterMs?: number } }[] = [];
  let now = 0;
  const fill = (): void => {
    while (open.length < roomAt(controller, now)) {
      const answer = server.receive(now);
      load.sent.push(now);
      const level = open.length + 1;
      // A refusal takes 2 ms.
      open.push('refused' in answer
        ? { at: now + 2, sentAt: now, level, reply: answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs } }
        : { at: answer.replyAt, sentAt: now, level, reply: { tokens: answer.tokens } });
    }
  };
  while (now < options.untilMs) {
    fill();
    const next = open.reduce((least, request) => (request.at < least.at ? request : least), { at: Infinity } as (typeof open)[number]);
    const opens = holdEndsAt(controller, now) ?? Infinity;
    if (opens < next.at) {
      now = opens;
      continue;
    }
    now = next.at;
    open.splice(open.indexOf(next), 1);
    const seen = { at: now, sentAt: next.sentAt, level: next.level, inFlight: open.length };
    if ('tokens' in next.reply) {
      server.replied(now);
      load.answered.push(now);
      controller = observe(controller, { ...seen, kind: 'answered', latencyMs: now - next.sentAt, outputTokens: next.reply.tokens });
    } else {
      load.refused.push(now);
      controller = observe(controller, { ...seen, kind: 'overloaded', ...next.reply });
    }
    load.allowed.push({ at: now, value: controller.allowed });
  }
  load.controller = controller;
  return load;
}

/** Refuses what comes above a limit of open requests, which may change over time; replies take a fixed time. */
export function hardLimit(limitAt: (now: number) => number, latencyMs: number, retryAfterMs?: number): ServerModel {
  let open = 0;
  return {
    receive: (now) => {
      if (open >= limitAt(now)) return { refused: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
      open += 1;
      return { replyAt: now + latencyMs, tokens: 100 };
    },
    replied: () => { open -= 1; },
  };
}

/** Serves so many at once and lets the rest wait, without a word. `lengths`: tokens of replies, in turn; latency grows with them. */
export function queueing(placesAt: (now: number) => number, latencyMs: number, lengths: readonly number[] = [100]): ServerModel {
  let freeAt: number[] = [];
  let count = 0;
  return {
    receive: (now) => {
      const places = placesAt(now);
      while (freeAt.length < places) freeAt.push(now);
      freeAt.sort((a, b) => a - b);
      // Places that went away take nothing new.
      freeAt = freeAt.slice(0, places);
      const tokens = lengths[count++ % lengths.length] ?? 100;
      const startsAt = Math.max(now, freeAt.shift() ?? now);
      const replyAt = startsAt + (latencyMs * (tokens + 32)) / 132;
      freeAt.push(replyAt);
      return { replyAt, tokens };
    },
    replied: () => undefined,
  };
}

/** Allows so many requests in each minute-long window. */
export function rateLimit(perMinute: number, latencyMs: number): ServerModel {
  let windowEnds = 60_000;
  let used = 0;
  return {
    receive: (now) => {
      if (now >= windowEnds) {
        windowEnds = (Math.floor(now / 60_000) + 1) * 60_000;
        used = 0;
      }
      if (used >= perMinute) return { refused: true, retryAfterMs: windowEnds - now };
      used += 1;
      return { replyAt: now + latencyMs, tokens: 100 };
    },
    replied: () => undefined,
  };
}

export const between = (times: readonly number[], from: number, to: number): number => times.filter((at) => at >= from && at < to).length;
