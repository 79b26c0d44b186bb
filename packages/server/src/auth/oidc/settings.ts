import { z } from 'zod'
import { projectSchema } from '../../registry/rules/rules.ts'
import { roles } from '../principal.ts'

const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:\/|$)/

/** Whose word is taken for who somebody is, and what these may do (OpenID Connect Core 1.0). */
export const identitySchema = z.strictObject({
  /** Address of the provider, letter by letter as its tokens have it. */
  issuer: z
    .url({ protocol: /^https?$/ })
    .refine((text) => text.startsWith('https://') || loopback.test(text), 'expected an https address'),
  /** Whom its tokens must be made for. */
  audience: z.string().min(1).max(1000),
  /** How people sign in by its pages; absent: they do not. */
  signIn: z
    .strictObject({
      /** As whom the service is registered there, with its own address and /sign-in/callback. */
      clientId: z.string().min(1).max(1000),
      /** File with what the service shows there; absent: nothing, and PKCE alone. */
      clientSecretFile: z.string().min(1).optional(),
      scopes: z.array(z.string().min(1)).default(['openid']),
    })
    .optional(),
  /** What tokens with certain claims may do: of all that match. */
  grants: z
    .array(
      z.strictObject({
        /** Names of claims with what they must be, "*" standing for any characters; of a claim that is a list one must. */
        claims: z
          .record(z.string(), z.string().min(1).max(1000))
          .refine((claims) => Object.keys(claims).length > 0, 'expected at least one claim'),
        project: projectSchema,
        role: z.enum(roles),
      }),
    )
    .min(1),
})

export type IdentitySettings = z.output<typeof identitySchema>
