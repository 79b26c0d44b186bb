import type { SecretFinding } from '../model/advisory/finding.ts'
import type { ImageConfig } from '../model/image.ts'
import { findSecrets } from './search.ts'

/** Secrets in what everybody reads who pulls an image: its variables, labels, command and history. */
export function findConfigSecrets(config: ImageConfig): readonly SecretFinding[] {
  const { Env = [], Labels = {}, Cmd = [], Entrypoint = [] } = config.config ?? {}
  const texts: readonly (readonly [where: string, text: string])[] = [
    // The rules for settings files know variables by this name.
    ...Env.map((text) => [`ENV ${text.split('=')[0]}`, text] as const),
    ...Object.entries(Labels).map(([name, value]) => [`LABEL ${name}`, `${name}=${value}`] as const),
    ['CMD', [...(Entrypoint ?? []), ...(Cmd ?? [])].join(' ')],
    ...(config.history ?? []).map(({ created_by: by = '' }, i) => [`history entry ${i + 1}`, by] as const),
  ]
  return texts.flatMap(([where, text]) =>
    findSecrets(text, where.startsWith('ENV ') ? 'image.env' : 'image-configuration').map((hit) => ({
      ...hit,
      subject: `image configuration: ${where}`,
      place: { kind: 'whole' },
      location: { path: `image configuration: ${where}` },
      deleted: false,
    })),
  )
}
