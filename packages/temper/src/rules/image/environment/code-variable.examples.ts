import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    {
      title: 'a module before every program',
      settings: settings('NODE_OPTIONS=--require /otel/register.js'),
    },
    { title: 'an agent of Java', settings: settings('JAVA_TOOL_OPTIONS=-javaagent:/otel/agent.jar') },
  ],
  kept: [
    { title: 'a limit for the heap', settings: settings('NODE_OPTIONS=--max-old-space-size=512') },
    { title: 'the locale', settings: settings('JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8') },
  ],
}
