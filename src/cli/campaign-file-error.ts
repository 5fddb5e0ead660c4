/** What is wrong with a campaign file, one sentence per line, each with its place. */
export class CampaignFileError extends Error {
  override name = 'CampaignFileError';
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}
