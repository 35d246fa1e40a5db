/** The states of a milestone, with the sign and the colour they have in the timeline and in its key. */
export const MILESTONE_STATES = [
  { state: 'Completed', sign: '✓', color: '#56a64b' },
  { state: 'In progress', sign: '▶', color: '#3274d9' },
  { state: 'Upcoming', sign: '○', color: '#8e8e8e' },
  { state: 'Overdue', sign: '!', color: '#e02f44' },
] as const;
