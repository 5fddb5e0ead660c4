/** What came with status 200 is no chat completion: a web page, a cut-off body, JSON of another kind. The line's fault, never the model's. */
export class NotACompletion extends Error {
  override readonly name = 'NotACompletion';
}
