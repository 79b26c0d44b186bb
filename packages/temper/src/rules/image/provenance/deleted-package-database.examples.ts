import { type Examples, file } from '../example.ts'

const status = 'Package: base\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n'

export const examples: Examples = {
  broken: [
    {
      title: 'a record of a package that the next layer deletes',
      over: [
        [file('var/lib/dpkg/status.d/base', status), file('srv/data', 'x'.repeat(4000))],
        [file('var/lib/dpkg/.wh.status.d', '')],
      ],
    },
  ],
  kept: [{ title: 'the record itself', files: [file('var/lib/dpkg/status.d/base', status)] }],
}
