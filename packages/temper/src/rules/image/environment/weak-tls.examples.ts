import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    { title: 'Node.js without checks', settings: settings('NODE_TLS_REJECT_UNAUTHORIZED=0') },
    { title: 'Python without checks', settings: settings('PYTHONHTTPSVERIFY=0') },
    { title: 'Go with SHA-1', settings: settings('GODEBUG=http2client=0,x509sha1=1') },
  ],
  kept: [
    { title: 'Node.js with checks', settings: settings('NODE_TLS_REJECT_UNAUTHORIZED=1') },
    { title: 'Go with other settings', settings: settings('GODEBUG=madvdontneed=1') },
  ],
}
