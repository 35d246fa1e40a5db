import { z } from 'zod';
import { address, ADDRESS } from './emailAddress.js';

/** Whom a message can be meant for, as the `recipients` label of every alert names them. */
export const RECIPIENT_ROLES = [
  'Chairman',
  'PortfolioOptimizationAdvisor',
  'CoordinationPlanner',
  'SynergyExecutionManager',
  'PortfolioAnalyst',
  'OnCall',
] as const;

export type RecipientRole = (typeof RECIPIENT_ROLES)[number];

/** Whom each role reaches: at least one address each. */
export type RoleAddresses = Readonly<Record<RecipientRole, readonly string[]>>;

const addressList = z
  .array(address('One address.'))
  .min(1, 'has no address: nobody would be told')
  .refine((list) => new Set(list.map((one) => one.toLowerCase())).size === list.length, 'names an address twice');

function roleSchema(role: RecipientRole) {
  // Not a union: its errors would not say which address of the list is wrong.
  return z
    .unknown()
    .transform((raw, context): string[] => {
      const result = addressList.safeParse(Array.isArray(raw) ? raw : [raw]);
      if (result.success) return result.data;
      for (const issue of result.error.issues) {
        const path = Array.isArray(raw) ? issue.path : [];
        context.issues.push({ code: 'custom', message: explain(raw, issue), path, input: raw });
      }
      return z.NEVER;
    })
    .meta({
      description: `Whom docs/alerting.md calls ${role}. One address, or a list of them.`,
      anyOf: [
        { type: 'string', pattern: ADDRESS.source },
        { type: 'array', items: { type: 'string', pattern: ADDRESS.source }, minItems: 1, uniqueItems: true },
      ],
    });
}

function explain(raw: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return `${raw === undefined ? 'is missing; ' : ''}expected an address or a list of addresses`;
}

/** By role: one address, or a list of them. */
export const roleSchemas = Object.fromEntries(RECIPIENT_ROLES.map((role) => [role, roleSchema(role)])) as Record<
  RecipientRole,
  ReturnType<typeof roleSchema>
>;
