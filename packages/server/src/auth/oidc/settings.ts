import { z } from 'zod'
import { projectSchema } from '../../registry/rules/rules.ts'
import { secureAddress } from '../../secure-address.ts'
import { roles } from '../principal.ts'

/** An identity provider that is trusted to say who somebody is, and what its users may do (OpenID Connect Core 1.0). */
export const identitySchema = z.strictObject({
  /** Address of the provider, exactly as its tokens spell it. */
  issuer: secureAddress,
  /** The audience that its tokens must name. */
  audience: z.string().min(1).max(1000),
  /** How people sign in on its pages; absent: they cannot. */
  signIn: z
    .strictObject({
      /**
       * The client id under which the service is registered there, with the service's own address and
       * /sign-in/callback.
       */
      clientId: z.string().min(1).max(1000),
      /** File with the secret that the service presents there; absent: no secret, and PKCE alone. */
      clientSecretFile: z.string().min(1).optional(),
      scopes: z.array(z.string().min(1)).default(['openid']),
    })
    .optional(),
  /** Roles that tokens with certain claims get; a token gets those of every grant that matches. */
  grants: z
    .array(
      z.strictObject({
        /**
         * Names of claims with the values that they must have; "*" stands for any characters. If a claim is a list,
         * one of its values must match.
         */
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
