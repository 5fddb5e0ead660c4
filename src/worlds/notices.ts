import type { World } from './world';

/** What worlds lack, one sentence each with what is lost for lack of it: for a person before money is spent. */
export function noticesOf(worlds: readonly World[]): string[] {
  return worlds.flatMap((world) => [...ofEveryKind(world), ...(world.notices?.() ?? [])]);
}

function ofEveryKind({ doc, known }: World): string[] {
  const seeds = doc.seeds ?? 1;
  const oneSeed = doc.reseedable ? [] : [`World \`${doc.id}\` has one seed: data edges rest on mutate and swap alone, and every sample starts from the same state.`];
  const facts = Array.from({ length: Math.min(seeds, 3) }, (_unused, seed) => known(seed).length);
  const noFacts = facts.some((count) => count > 0) ? [] : [`World \`${doc.id}\` has no known facts: a user could state nothing, so arguments come from schemas and earlier results alone.`];
  return [...oneSeed, ...noFacts];
}
