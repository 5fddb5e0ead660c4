import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Keys that `hardgen up` registers. `temporal workflow list --query 'CampaignId="…"'` finds a campaign with all its parts. */
export const CAMPAIGN_ID = defineSearchAttributeKey('CampaignId', SearchAttributeType.KEYWORD);
/**
 * Marks items: `running` from their start on, also after their end, since no workflow changes it. How an item ended is in
 * its result, its record and the metrics; to set it now would change the commands of every kept history.
 */
export const TRAJECTORY_OUTCOME = defineSearchAttributeKey('TrajectoryOutcome', SearchAttributeType.KEYWORD);
