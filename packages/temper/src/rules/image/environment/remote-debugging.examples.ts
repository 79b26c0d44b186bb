import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'Java, by a variable',
      settings: {
        Env: ['PATH=/usr/bin', 'JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005'],
      },
    },
    { title: 'Node.js, by the command', settings: { Cmd: ['--inspect=0.0.0.0:9229', 'server.js'] } },
  ],
  kept: [{ title: 'a word that begins so', settings: { Cmd: ['--inspect-policy', 'strict'] } }],
}
