import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { fact } from '../combinators';
import { CROPS, type FarmState } from './state';

/** What a player could state: the saved game, plots, villages and crops by name, and how much seed and how many days are meant. */
export function knownFarm(state: FarmState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const plots = Object.values(state.plots).map(({ name }) => name);
  const villages = Object.values(state.villages).map(({ name }) => name);
  const crops = rng.shuffle(Object.keys(CROPS));
  return [
    fact('farm_name', state.player.farm, "the name of the user's farm", 'farm_name'),
    fact('save_word', state.player.saveWord, 'the word under which the game is saved', 'save_word'),
    fact('fallow_plot', plots[0], 'the plot the user wants to work next', 'plot_name'),
    fact('ready_plot', plots[1], 'the plot the user has prepared', 'plot_name'),
    fact('ripe_plot', plots[2], 'the plot the user sowed first', 'plot_name'),
    fact('young_plot', plots[3], 'the plot the user sowed last', 'plot_name'),
    fact('near_village', villages[0], 'the village the user goes to most often', 'village_name'),
    fact('market_village', villages[1], 'the village where a friend sells', 'village_name'),
    fact('far_village', villages[2], 'the village the user wants to visit', 'village_name'),
    fact('favourite_crop', crops[0], 'the crop the user likes best', 'crop_name'),
    fact('second_crop', crops[1], 'the crop a neighbour recommends', 'crop_name'),
    fact('new_crop', crops[2], 'the crop the user has never grown', 'crop_name'),
    { name: 'packets_wanted', value: rng.int(3, 6), about: 'how many packets of seed the user wants to buy', params: ['buy_seed.packets'] },
    { name: 'days_to_wait', value: rng.int(2, 7), about: 'how many days the user is willing to wait', params: ['let_days_pass.days'] },
  ];
}
