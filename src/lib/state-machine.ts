/** One noun's statuses and the events that move it. Pure: the service enforces it, the screen greys out buttons from it. */
export type Transition<S extends string> = { readonly from: readonly S[]; readonly to: S };

export type Machine<S extends string, E extends string> = {
  readonly states: readonly S[];
  readonly initial: S;
  readonly transitions: Readonly<Record<E, Transition<S>>>;
  /** Whether `event` may happen in `state`. */
  can(state: S, event: E): boolean;
  /** Whether nothing leads out of `state`. */
  isFinal(state: S): boolean;
  /** The events that may happen in `state`. */
  eventsFrom(state: S): E[];
};

export function defineMachine<const S extends string, const E extends string>(definition: {
  states: readonly S[];
  initial: NoInfer<S>;
  transitions: Readonly<Record<E, Transition<NoInfer<S>>>>;
}): Machine<S, E> {
  const events = Object.keys(definition.transitions) as E[];
  const can = (state: S, event: E) => definition.transitions[event].from.includes(state);
  return {
    ...definition,
    can,
    isFinal: (state) => events.every((event) => !can(state, event)),
    eventsFrom: (state) => events.filter((event) => can(state, event)),
  };
}
