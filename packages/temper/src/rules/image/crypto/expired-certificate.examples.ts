import { type Examples, file, folder } from '../example.ts'
import { expiredRoot, goodRoot } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [
    { title: 'one of two', files: store(`${goodRoot}${expiredRoot}`) },
    {
      title: 'one that the distribution still brings',
      files: [
        ...store(`${goodRoot}${expiredRoot}`),
        file('usr/share/ca-certificates/mozilla/Good.crt', goodRoot),
        file('usr/share/ca-certificates/mozilla/Old.crt', expiredRoot),
        file(
          'var/lib/dpkg/status.d/ca-certificates',
          'Package: ca-certificates\nVersion: 20250419\nArchitecture: all\n',
        ),
        file(
          'var/lib/dpkg/status.d/ca-certificates.md5sums',
          [
            'usr/share/ca-certificates/mozilla/Good.crt',
            'usr/share/ca-certificates/mozilla/Old.crt',
            'usr/bin/app',
          ]
            .map((path) => `${'0'.repeat(32)}  ${path}\n`)
            .join(''),
        ),
      ],
    },
  ],
  kept: [{ title: 'one that is valid', files: store(goodRoot) }],
}
