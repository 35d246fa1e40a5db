/**
 * An error whose message says what is wrong and what to do: a person is shown the message and never the stack. Every error
 * that is not a fault of the program itself is one.
 */
export abstract class ExplainedError extends Error {}
