import { expect, it } from 'vitest'
import { dockerfileLine } from './instructions.ts'

it.each([
  ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  ['/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
  ['RUN |1 VERSION=1.2 /bin/sh -c curl x # buildkit', 'RUN curl x'],
  ['|2 A=1 B=2 /bin/bash -c make', 'RUN make'],
  ['COPY . /app # buildkit', 'COPY . /app'],
  ['RUN /bin/sh -c a &&   \t b', 'RUN a && b'],
  ['nginx, libc6', 'nginx, libc6'],
])('%s was %s', (createdBy, line) => {
  expect(dockerfileLine(createdBy)).toBe(line)
})

it('is nothing where the history says nothing, and no longer than a line', () => {
  expect(dockerfileLine(undefined)).toBeUndefined()
  expect(dockerfileLine('  ')).toBeUndefined()
  expect(dockerfileLine(`RUN ${'x'.repeat(5000)}`)).toHaveLength(300)
})
