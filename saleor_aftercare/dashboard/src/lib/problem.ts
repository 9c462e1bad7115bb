import { SessionExpired } from "./auth-fetch";
import { GraphQLFailure, OUTDATED } from "./graphql";
import { type Translate, useT } from "./intl";
import { Refusal } from "./mutation";

/** One sentence about why something could not be done, in the person's language. */
export function explain(error: unknown, t: Translate): string {
  if (error instanceof Refusal && error.message !== "") {
    return error.message;
  }
  if (error instanceof SessionExpired) {
    return t("error.session");
  }
  if (error instanceof GraphQLFailure && error.code === OUTDATED) {
    return t("error.outdated");
  }
  if (error instanceof GraphQLFailure) {
    return error.code === "PERMISSION_DENIED" ? t("error.denied") : error.message;
  }
  return t("error.unavailable");
}

export function useExplain(): (error: unknown) => string {
  const t = useT();
  return (error) => explain(error, t);
}
