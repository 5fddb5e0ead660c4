import { closest } from '../activities/model-names';
import type { CampaignFile } from '../core/campaign/campaign.schema';
import type { Config } from '../config';
import { storedCampaigns } from './campaign-folder';
import { InputError } from './exit-codes';

/** Every campaign that the file reuses lies in this home: told before anything is started. Throws InputError. */
export function checkReuse(config: Config, file: string, { reuse }: CampaignFile): void {
  const known = storedCampaigns(config);
  const unknown = reuse.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const near = closest(unknown, known);
  throw new InputError(`Expected ids of campaigns under ${config.home}, got \`${unknown}\` (${file}, reuse)${near === undefined ? '' : `; the closest is \`${near}\``}; npx hardgen campaign list shows them`);
}
