import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'a name that nobody has', settings: { User: 'web' } },
    { title: 'a number that nobody has', settings: { User: '1001:65532' } },
  ],
  kept: [
    {
      title: 'a number in an image without accounts',
      without: ['etc/passwd', 'etc/shadow', 'etc/group'],
      settings: { User: '1001:65532' },
    },
  ],
}
