/** The template of migrated test databases: cloning it takes a few milliseconds, migrating some hundred. */
export const MIGRATED_TEMPLATE = 'portfolio_template';
