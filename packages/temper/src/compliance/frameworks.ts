import type { Framework } from '../model/assess/compliance.ts'
import { cisDocker } from './frameworks/cis-docker.ts'
import { disaContainer } from './frameworks/disa-container-platform.ts'
import { disaOs } from './frameworks/disa-operating-system.ts'
import { cra } from './frameworks/eu-cra.ts'
import { fedrampContainers } from './frameworks/fedramp-containers.ts'
import { fedramp } from './frameworks/fedramp-vulnerabilities.ts'
import { hipaa } from './frameworks/hipaa.ts'
import { nist80053 } from './frameworks/nist-800-53.ts'
import { nist800190 } from './frameworks/nist-800-190.ts'
import { pciDss } from './frameworks/pci-dss.ts'
import { soc2 } from './frameworks/soc2.ts'

/** Every framework, in the order of lists. */
export const frameworks: readonly Framework[] = [
  cisDocker,
  nist800190,
  nist80053,
  fedramp,
  fedrampContainers,
  disaContainer,
  disaOs,
  pciDss,
  soc2,
  hipaa,
  cra,
]

/** The framework of this id. */
export function frameworkOf(id: string): Framework | undefined {
  return frameworks.find((framework) => framework.id === id)
}
