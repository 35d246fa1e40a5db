/** The states of a milestone as the view writes them, with the sign and the colour they have in the timeline, and what its key says. */
export const MILESTONE_STATES = [
  { state: 'Overdue', sign: '!', color: '#e02f44', key: 'Overdue' },
  { state: 'Missed', sign: '!', color: '#8f3b47', key: 'Before it was due' },
  { state: 'In progress', sign: '▶', color: '#3274d9', key: 'In progress' },
  { state: 'Upcoming', sign: '○', color: '#8e8e8e', key: 'Upcoming' },
  { state: 'Completed', sign: '✓', color: '#56a64b', key: 'Completed' },
] as const;
