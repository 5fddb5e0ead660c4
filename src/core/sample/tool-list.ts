import type { GraphSnapshot } from '../graph/graph';
import { isObject, pointerTokens, type Json } from '../json';
import type { Rng } from '../random';
import { toolKey, toolNamed, toolOfKey, worldOfKey, type WorldDoc } from '../tool';
import type { Ask } from '../trace';

/**
 * The one tool list of a trajectory: the gold tools and up to `count` distractors, shuffled. A distractor
 * has succeeded in this world before, so calling it does something, and cannot stand in for a gold call: it is no
 * alternative in a group of one, and no reading tool that publishes an asked property under the same name.
 */
export function chooseTools(input: { world: WorldDoc; graph: GraphSnapshot; gold: readonly string[]; asks: readonly Ask[]; count: number; rng: Rng }): string[] {
  const { world, graph, rng } = input;
  const gold = [...new Set(input.gold)];
  const asked = new Set(input.asks.map((ask) => pointerTokens(ask.path).filter((token) => !/^\d+$/.test(token)).at(-1)));
  const alternatives = new Set(gold.flatMap((name) => graph.tools.find((tool) => tool.key === toolKey(world.id, name))?.groups ?? []).flatMap((group) => group.members.map((member) => member.tool)));
  const published = (name: string): Set<string> => propertyNames(toolNamed(world.tools, name)?.output);
  const able = graph.tools
    .filter((tool) => worldOfKey(tool.key) === world.id && tool.ok > 0 && !alternatives.has(tool.key) && !gold.includes(toolOfKey(tool.key)))
    .filter((tool) => tool.effect === 'write' || ![...published(toolOfKey(tool.key))].some((name) => asked.has(name)))
    .map((tool) => toolOfKey(tool.key))
    .filter((name) => world.tools.some((tool) => tool.name === name));
  return rng.shuffle([...gold, ...rng.shuffle(able).slice(0, input.count)]);
}

function propertyNames(schema: Json | undefined): Set<string> {
  if (Array.isArray(schema)) return new Set(schema.flatMap((part) => [...propertyNames(part)]));
  if (!isObject(schema)) return new Set();
  const own = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return new Set([...own, ...Object.values(schema).flatMap((part) => [...propertyNames(part)])]);
}
