import type { KnownFact } from '../../../core/tool';
import { PLACES_NAMED, type QuestState } from './state';

const PLACES_ABOUT = ['the place where the hero woke up', 'the place that is marked on the map', 'the place the bard sang about'];

/** What a player of this seed could state; ids of places, items, doors, chambers, gear, guardians and chests, and runes, are never among it. */
export function knownQuest(state: QuestState): KnownFact[] {
  const places = Object.values(state.rooms).slice(0, PLACES_NAMED);
  const two = (names: readonly string[], name: string, about: readonly [string, string], entity: string): KnownFact[] =>
    names.map((value, at) => ({ name: `${name}_${at + 1}`, value, about: about[at] as string, entity }));
  return [
    { name: 'hero', value: state.hero.name, about: "the name of the player's hero", entity: 'hero_name' },
    { name: 'save_phrase', value: state.hero.phrase, about: "the phrase of the player's saved game", entity: 'save_phrase' },
    ...places.map(({ name }, at) => ({ name: `place_${at + 1}`, value: name, about: PLACES_ABOUT[at] as string, entity: 'place_name' })),
    ...two(state.villagers, 'villager', ['the villager who knows the old paths', 'the villager who owes the hero a favour'], 'villager_name'),
    ...two(state.mentors, 'mentor', ['the mentor who taught the hero', 'the mentor in the next village'], 'mentor_name'),
    ...two(state.traders, 'trader', ['the trader the player likes best', 'the trader who pays in old coins'], 'trader_name'),
  ];
}
