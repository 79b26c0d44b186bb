import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    { title: 'a module of ECMAScript', settings: settings('NODE_OPTIONS=--import=/x.mjs') },
    { title: 'a file for every shell', settings: settings('BASH_ENV=/etc/env.sh') },
    { title: 'a hook of .NET', settings: settings('DOTNET_STARTUP_HOOKS=/x.dll') },
    { title: 'settings of OpenSSL from a home', settings: settings('OPENSSL_CONF=/home/app/openssl.cnf') },
    { title: 'Ruby', settings: settings('RUBYOPT=-r/x.rb') },

    {
      title: 'a module before every program',
      settings: settings('NODE_OPTIONS=--require /otel/register.js'),
    },
    { title: 'an agent of Java', settings: settings('JAVA_TOOL_OPTIONS=-javaagent:/otel/agent.jar') },
  ],
  kept: [
    { title: 'settings of OpenSSL of the system', settings: settings('OPENSSL_CONF=/etc/ssl/openssl.cnf') },
    { title: 'a variable without a value', settings: settings('BASH_ENV=') },
    { title: 'a word that begins so', settings: settings('NODE_OPTIONS=--report-on-signal') },

    { title: 'a limit for the heap', settings: settings('NODE_OPTIONS=--max-old-space-size=512') },
    { title: 'the locale', settings: settings('JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8') },
  ],
}
