import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

describe('the workflow bundle', () => {
  it('holds no zod, openai or neo4j-driver', async () => {
    const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('../../src/workflows'), logger: new DefaultLogger('ERROR') });
    // webpack names every module it packs by its path.
    const packed = [...code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map((match) => match[1]);
    expect(packed).toContain('@temporalio/workflow');
    for (const name of ['zod', 'openai', 'neo4j-driver', 'ajv']) expect(packed).not.toContain(name);
    expect(code).toContain('./src/workflows/campaign.ts');
  }, 60_000);
});
