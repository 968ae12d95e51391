/** What somebody asked for and does not get. Its message is shown to them. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: 404 | 409 | 413 | 415 | 422

  constructor(status: Refusal['status'], message: string) {
    super(message)
    this.status = status
  }
}
