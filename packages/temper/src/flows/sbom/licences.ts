import { TemperError } from '../../base/error.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import { type ViolationJson, violationJson } from '../../report/json/violation.ts'
import type { LicencePolicy } from '../../sbom/licence/judge.ts'
import { judgeLicences, type LicenceVerdict } from '../../sbom/licence/policy.ts'
import type { LicenceViolation } from '../../sbom/licence/rules.ts'
import type { Context } from '../context.ts'
import type { InventorySource } from '../inventory/inventory.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { namedInventoryOf } from './named.ts'

export interface LicenceRequest extends LicencePolicy {
  readonly target: ScanTarget
  readonly platform?: ImagePlatform
  readonly source?: InventorySource
  /** Paths to leave out, from the root of the target, with `*` and `**`. */
  readonly exclude?: readonly string[]
}

export interface LicenceOutcome extends LicenceVerdict {
  readonly violations: readonly (LicenceViolation & ViolationJson)[]
  readonly target: string
  readonly digest?: string
  readonly from: string
  /** Whether no package violates the policy. */
  readonly accepted: boolean
}

/** Checks the licences of everything in a target against a policy. Errors: those of `inventoryOf`. */
export async function checkLicences(request: LicenceRequest, context: Context): Promise<LicenceOutcome> {
  for (const pattern of [...request.deny, ...request.allow]) assertNoFamily(pattern)
  const { name, digest, from, inventory } = await namedInventoryOf(request.target, request, context)
  const verdict = judgeLicences(inventory.components, request)
  return {
    target: name,
    ...(digest === undefined ? {} : { digest }),
    from,
    accepted: verdict.violations.length === 0,
    ...verdict,
    violations: verdict.violations.map((violation) => ({ ...violationJson(violation), ...violation })),
  }
}

const families = /^(?:[AL]?GPL|GFDL|MPL|EPL|EUPL|CDDL|OSL|SSPL|BSD|Apache|CC-BY(?:-(?:SA|NC|ND))*)$/i

/** "GPL" alone is no identifier: it would fit nothing, and everything would be accepted. */
function assertNoFamily(pattern: string): void {
  if (!families.test(pattern)) return
  throw new TemperError(
    'bad-usage',
    `"${pattern}" is a family of licences; expected an identifier or a pattern`,
    {
      hint: `Write ${pattern}-* for all of them.`,
    },
  )
}
