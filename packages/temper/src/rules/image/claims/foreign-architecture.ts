import { ownMember } from '../../../base/own-member.ts'
import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** e_machine (gABI, chapter 4) by the name of architectures in Go, as images have them. */
const machines: Readonly<Record<string, readonly number[]>> = {
  // With programs of 32 bits, which the same machine runs.
  amd64: [62, 3],
  arm64: [183, 40],
  arm: [40],
  '386': [3],
  ppc64le: [21],
  s390x: [22],
  riscv64: [243],
  loong64: [258],
}

export const foreignArchitecture = imageRule({
  id: 'foreign-architecture',
  title: 'Programs are for the architecture that it names',
  why: 'Programs for another architecture do not start. Often a file was copied from the stage of another platform.',
  fix: 'build the program for the platform of the image (TARGETARCH)',
  level: 'warning',
  aspect: 'policy',
  tier: 'minimal',
  needs: ['image'],
  *check({ image, nodes }) {
    const { architecture } = image.config
    const expected = ownMember(machines, architecture)
    if (expected === undefined) return
    for (const node of nodes) {
      const { elf } = node
      // Of data for other machines (firmware, BPF, test files) nothing is started.
      if (elf?.kind !== 'executable' || elf.damaged !== undefined || (node.mode & 0o111) === 0) continue
      if (!expected.includes(elf.machine) && elf.machine !== 247)
        yield {
          place: nodePlace(node),
          found: `for the machine ${elf.machine}, in an image for ${architecture}`,
        }
    }
  },
})
