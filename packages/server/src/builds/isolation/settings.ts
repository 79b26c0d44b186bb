import { z } from 'zod'
import { isolations } from './isolation.ts'

export const isolationSchema = z.enum(isolations).default('where-possible')

/** A file that builds would find by themselves, as far as it is for them. */
export const configurationSchema = z.strictObject({ path: z.string().min(1), text: z.string() })
