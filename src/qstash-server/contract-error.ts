/** A refusal in the form that the SDK expects: a status and a JSON body with one sentence. */
export class ContractError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
