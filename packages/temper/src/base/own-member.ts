/**
 * What a table has under a name that comes from outside; undefined for a name that it lacks, including those that
 * every object inherits ("constructor", "toString").
 */
export function ownMember<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
