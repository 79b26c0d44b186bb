import { expect, it } from 'vitest'
import type { Admission } from '../../../flows/admit/admission.ts'
import type { Style } from '../../style.ts'
import { admissionText } from './admit.ts'

const same = (text: string) => text
const style: Style = { finished: same, bold: same, dim: same, good: same, warn: same, bad: same }
const place = { file: 'web.yaml', line: 7, column: 3 }
const image = { ...place, image: 'web:1', where: 'Pod a, container c', reasons: [], waived: [] }
const admission = {
  allowed: true,
  podSecurity: 'restricted',
  objects: 1,
  pods: [],
  unjudged: [],
  pinned: [],
  images: [{ ...image, allowed: true, judged: true }],
} satisfies Admission

const lastLine = (of: Admission) => admissionText(of, style).trimEnd().split('\n').at(-1)

it('is admitted with a tick only when all of it was judged', () => {
  expect(lastLine(admission)).toBe('✓ admitted  0 pods, 1 image, Pod Security Standard restricted')
  const unjudged = [{ ...place, why: 'web:1: nobody looked' }]
  const open = admissionText({ ...admission, unjudged, policy: 'baseline' }, style)
  expect(open).not.toContain('✓')
  expect(open).toContain('? web.yaml:7  not judged: web:1: nobody looked\n')
  expect(open).toContain('? admitted, as far as it could be judged  0 pods, 1 image')
  expect(open).toContain(', policy baseline, 1 thing not judged\n')
})

it('is refused whatever was not judged', () => {
  const reason = {
    ...place,
    rule: 'image-there',
    level: 'error',
    found: 'it is gone',
    remedy: 'push it',
  } as const
  const refused = {
    ...admission,
    allowed: false,
    images: [{ ...image, allowed: false, judged: true, reasons: [reason] }],
  }
  const text = admissionText({ ...refused, unjudged: [{ ...place, why: 'w' }] }, style)
  expect(text).toContain(
    '✗ web:1 (Pod a, container c)  web.yaml:7\n  line 7  it is gone (image-there): push it\n',
  )
  expect(text).toContain('✗ refused: 1 thing of 1')
})
