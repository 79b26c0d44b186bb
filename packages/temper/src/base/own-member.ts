/**
 * What a table has under a name that comes from outside; undefined for a name that it lacks, also for those that every
 * object answers to ("constructor", "toString").
 */
export function ownMember<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
