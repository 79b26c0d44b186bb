import { type Command, Option } from 'commander'
import { type EvidencePolicy, evidencePolicies } from '../../flows/image/evidence-policy.ts'

/** `--evidence require|try|none`. */
export function addEvidenceOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--evidence <policy>',
      'what is attached to the image (SBOMs, signatures): "require" fails if the registry refuses it, "try" publishes the image anyway and says so, "none" leaves it behind',
    )
      .choices(evidencePolicies)
      .default('require'),
  )
}

export function evidencePolicy(options: Readonly<Record<string, unknown>>): EvidencePolicy {
  const { evidence, referrers } = options
  if (referrers === false) return 'none'
  return evidencePolicies.find((policy) => policy === evidence) ?? 'require'
}
