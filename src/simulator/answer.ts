import type { TraceSpec } from '../core/trace';
import { assertNever } from '../core/json';
import { judgeClaims } from './judge';
import { writeQuery } from './query-generator';
import { reason, tryAsTarget } from './reasoner';
import type { SimReply, SimRequest } from './request';
import { rewrite } from './rewriter';
import { makeTool } from './tool-maker';
import { verify } from './verifier';

/**
 * What the simulated model says to a request: the same request and key, the same reply. Only the Reasoner and
 * targets read the trace. Throws SimulatorError 400 when a block that the role needs is not in the prompt.
 */
export async function answerRequest(request: SimRequest, readSpec: (sha: string) => Promise<TraceSpec>): Promise<SimReply> {
  const { stage } = request.lookup;
  switch (stage) {
    case 'tool-maker': return makeTool(request);
    case 'query-generator': return writeQuery(request);
    case 'paraphrase-judge': return judgeClaims(request);
    case 'verifier': return verify(request);
    case 'rewriter': return rewrite(request);
    case 'reasoner': return reason(request, await readSpec(request.lookup.spec));
    case 'target': return tryAsTarget(request, await readSpec(request.lookup.spec));
    default: return assertNever(stage);
  }
}
