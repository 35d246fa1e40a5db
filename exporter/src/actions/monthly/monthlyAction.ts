/** The key of what happens monthly in portfolio_actions.actions, in place of an alert's name. */
export const MONTHLY = 'Monthly';
