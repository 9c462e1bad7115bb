import type { AftercareErrorCode } from "@/gql/types";

interface Problem {
  field?: string | null;
  message: string;
  code: AftercareErrorCode;
}

/** The service understood and said no; `message` may be shown to the person. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(
    message: string,
    readonly code: AftercareErrorCode,
    readonly problems: readonly Problem[],
  ) {
    super(message);
  }
}

/** The payload of a mutation, or a thrown Refusal when it carries errors. */
export function accepted<Payload extends { errors: readonly Problem[] }>(
  payload: Payload | null | undefined,
): Payload {
  if (!payload) {
    throw new Refusal("", "INVALID", []);
  }
  const first = payload.errors[0];
  if (first) {
    throw new Refusal(first.message, first.code, payload.errors);
  }
  return payload;
}

/** What the service said about a field, or about something within it; undefined when nothing. */
export function problemAt(error: unknown, place: string): string | undefined {
  const problems = error instanceof Refusal ? error.problems : [];
  return problems.find(({ field }) => field === place || field?.startsWith(`${place}.`))?.message;
}
