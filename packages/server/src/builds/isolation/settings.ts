import { z } from 'zod'
import { isolations } from './isolation.ts'

export const isolationSchema = z.enum(isolations).default('where-possible')

/** A file that builds would find by themselves, reduced to the parts that they may know. */
export const configurationSchema = z.strictObject({ path: z.string().min(1), text: z.string() })
