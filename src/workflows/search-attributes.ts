import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Keys that `hardgen up` and the worker register; `temporal workflow list --query 'CampaignId="…"'` uses them. */
export const CAMPAIGN_ID = defineSearchAttributeKey('CampaignId', SearchAttributeType.KEYWORD);
export const TRAJECTORY_OUTCOME = defineSearchAttributeKey('TrajectoryOutcome', SearchAttributeType.KEYWORD);
