/** A service cannot be had, and a person can change that: the message is one sentence with the cure, shown without a stack. */
export class ServiceError extends Error {
  override name = 'ServiceError';
}

/** The text of whatever was thrown, on one line, for use inside a message. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]?.trim() ?? '';
}
