import type { Together } from './alert.js';

/**
 * Conflicts that arise within seconds of each other are one message: two scrapes and evaluations lie within ten seconds. A later
 * one, and what ends and begins again, waits for the end of the interval.
 */
export const RESOURCE_CONFLICTS: Together = { name: 'ResourceConflicts', groupWait: '10s', groupInterval: '1m' };
