/** 村民、信息员、网格员、法律明白人、书记、管理员. A person has one. */
export const ROLES = ['villager', 'informant', 'grid-worker', 'legal-helper', 'secretary', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What may be done, and by whom. Whatever is not listed for a role is refused. */
export const RIGHTS = {
  report: ['villager', 'informant', 'grid-worker', 'legal-helper', 'secretary', 'admin'],
  /** Confirm, assign, close and correct tickets. */
  'work-tickets': ['grid-worker', 'secretary'],
  /** See tickets of the sensitive lane, where not accused in them. */
  'see-sensitive': ['grid-worker', 'secretary'],
  /** Be asked what the assistant cannot answer. */
  'answer-questions': ['legal-helper'],
  /** Decide whether an answer is kept as a card. */
  'review-cards': ['secretary', 'admin'],
  /** Pass on by hand what was said in a room that no network leads into, and copy back what is to be said there. */
  relay: ['grid-worker', 'secretary', 'admin'],
  /** Bind rooms and people without a code. */
  administer: ['admin', 'secretary'],
  /** Broadcast and keep schedules. */
  broadcast: ['secretary'],
  /** Keep the records of all the village's Party meetings. Branches have keepers of their own besides. */
  'keep-duties': ['secretary'],
} as const satisfies Record<string, readonly Role[]>
export type Right = keyof typeof RIGHTS

/** Whether a role may do something. Unknown roles may do nothing. */
export function may(role: string, right: Right): boolean {
  return (RIGHTS[right] as readonly string[]).includes(role)
}
