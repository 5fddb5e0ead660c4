import type { Faker } from '@faker-js/faker';
import { faker } from '@faker-js/faker/locale/en';
import { createRng, hash32, type Rng } from '../../core/random';
import { addDays } from './calendar';
import { hiddenCode } from './domain';

/** What an initial state is made from: everything in it follows from the world's name and the seed. */
export interface Seeding {
  /** The secret of the seed; goes into the state. */
  salt: string;
  /** The first day of the world, somewhere in four months. */
  today: string;
  rng: Rng;
  /** People, companies, streets, words. Shared by all worlds: use it while the state is made, never afterwards. */
  faker: Faker;
  /** `count` different members of a list, in random order. */
  some<T>(items: readonly T[], count: number): T[];
  /** A code that a user cannot guess: `H-7KD2MX`. The same meaning gives the same code. */
  code(prefix: string, meaning: string | number, length?: number): string;
  /** A table with one row per item, each under a code of its own. */
  table<T, R>(prefix: string, items: readonly T[], row: (item: T, at: number) => R): { [id: string]: R };
}

/** Dates never come from the machine's clock: Faker counts from here, and `today` lies up to four months later. */
const EPOCH = '2031-03-03';

export function seeding(world: string, seed: number): Seeding {
  const rng = createRng(`${world}/${seed}`);
  const salt = hiddenCode(`${world}/${seed}`, 'salt', 12);
  const today = addDays(EPOCH, rng.int(0, 120));
  faker.seed(hash32(`${world}/${seed}/faker`));
  faker.setDefaultRefDate(`${today}T00:00:00Z`);
  const code = (prefix: string, meaning: string | number, length = 6): string => `${prefix}-${hiddenCode(salt, `${prefix}/${meaning}`, length)}`;
  return {
    salt, today, rng, faker, code,
    some: (items, count) => rng.shuffle(items).slice(0, count),
    table: (prefix, items, row) => Object.fromEntries(items.map((item, at) => [code(prefix, at), row(item, at)])),
  };
}
