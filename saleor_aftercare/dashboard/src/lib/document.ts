/** The text of a GraphQL operation that remembers, for the compiler only, what it asks and answers. */
export type TypedDocument<Result, Variables> = string & {
  readonly __types?: (variables: Variables) => Result;
};
