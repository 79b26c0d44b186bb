import { z } from 'zod'

/** Commands of Temper that run away from the service. */
export const taskCommands = ['lock', 'build', 'test'] as const
export type TaskCommand = (typeof taskCommands)[number]

/** Recipes, as files below a folder. */
export const bundleSchema = z.strictObject({
  /** Path of the recipe below the folder. */
  recipe: z.string().regex(/^[^/\0]+(?:\/[^/\0]+)*$/),
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
})
export type Bundle = z.output<typeof bundleSchema>

/** What a worker receives: everything that it needs, and no secrets of the service. */
export const taskSchema = z.strictObject({
  id: z.uuid(),
  command: z.enum(taskCommands),
  bundle: bundleSchema,
  lock: z.string().nullable(),
  /** Where the image goes, and the token that gives the worker access there and nowhere else. */
  push: z.strictObject({ repository: z.string(), token: z.string() }),
})
export type WorkTask = z.output<typeof taskSchema>

/** Repositories of images that were built elsewhere and not examined yet. */
export const stagingPrefix = 'temper-work'

export function stagingFor(task: string): string {
  return `${stagingPrefix}/${task}`
}
