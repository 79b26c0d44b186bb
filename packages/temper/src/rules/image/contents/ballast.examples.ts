import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a unit of a service manager', files: [file('usr/lib/systemd/system/app.service')] }],
  kept: [{ title: 'configuration of a name that begins alike', files: [file('etc/crond-like/app.conf')] }],
}
