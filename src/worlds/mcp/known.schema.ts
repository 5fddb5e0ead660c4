import { z } from 'zod';

/** `known.yaml`: per seed (index, or basename of its folder; `all` for every seed) the facts a user could state. */
export const knownFileSchema = z.record(
  z.string(),
  z.array(
    z.strictObject({
      name: z.string().min(1),
      value: z.json(),
      about: z.string().min(1),
      entity: z.string().optional(),
      params: z.array(z.string().min(1)).optional(),
    }),
  ).nullable().transform((facts) => facts ?? []),
);
