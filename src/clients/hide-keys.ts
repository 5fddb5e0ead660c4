import type { ChatModel } from '../activities/deps';

/**
 * The same model, whose errors never show the key: some endpoints repeat a refused key in their answer, and an error's
 * message goes into the record, the history and the log.
 */
export function hideKeys(chat: ChatModel, readKey: (name: string) => string): ChatModel {
  return {
    ...chat,
    complete: async (input) => {
      try {
        return await chat.complete(input);
      } catch (error) {
        const { apiKeyEnv } = input.target.endpoint;
        if (apiKeyEnv !== undefined && error instanceof Error && error.name !== 'ConfigError') hide(error, readKey(apiKeyEnv), apiKeyEnv);
        throw error;
      }
    },
  };
}

// In place: the retry table goes by the error's class, status and headers, which a new one would not have.
function hide(error: Error, key: string, name: string): void {
  if (key === '') return;
  error.message = error.message.replaceAll(key, `[${name}]`);
  if (error.stack !== undefined) error.stack = error.stack.replaceAll(key, `[${name}]`);
}
