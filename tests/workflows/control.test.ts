import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType, type TemporalFailure } from '@temporalio/common';
import { operatorReason } from '../../src/workflows/control';

const failed = (cause: TemporalFailure): ActivityFailure => new ActivityFailure('activity failed', 'reason', '7', RetryState.TIMEOUT, 'worker', cause);

describe('what an item waits for an operator for', () => {
  it.each(['OperatorActionRequired', 'BudgetExhausted', 'StoreUnavailable', 'GraphUnavailable'])('is a failure of type %s, with its own sentence', (type) => {
    expect(operatorReason(failed(ApplicationFailure.nonRetryable('do this', type)))).toEqual({ reason: 'do this' });
  });

  it('names the limit where a budget stands in the way', () => {
    expect(operatorReason(failed(ApplicationFailure.nonRetryable('budget of 10 calls reached', 'BudgetExhausted', { limit: 'calls' })))).toEqual({ reason: 'budget of 10 calls reached', limit: 'calls' });
  });

  it('is an activity that Temporal gave up after hours of tries, and not one that a single try took too long for', () => {
    expect(operatorReason(failed(new TimeoutFailure('timed out', undefined, TimeoutType.SCHEDULE_TO_CLOSE)))?.reason).toBe('reason could not be finished for hours; see its last failure, then resume');
    expect(operatorReason(failed(new TimeoutFailure('timed out', undefined, TimeoutType.START_TO_CLOSE)))).toBeUndefined();
  });

  it('is nothing that is an outcome of the item or a bug', () => {
    expect(operatorReason(failed(ApplicationFailure.nonRetryable('bad request', 'LlmBadRequest')))).toBeUndefined();
    expect(operatorReason(new Error('a bug'))).toBeUndefined();
  });
});
