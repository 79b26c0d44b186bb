import { variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

/** What makes an interpreter run further code before the program, by the variable's name. */
const loading: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^NODE_OPTIONS$/, /(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[\s=]/],
  [/^(?:PYTHONSTARTUP|PYTHONINSPECT|BASH_ENV|ENV|PERL5OPT|PERL5DB|RUBYOPT|LUA_INIT)$/, /./],
  [/^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/, /-(?:javaagent|agentpath|Xbootclasspath\/a):/],
  [/^(?:DOTNET_STARTUP_HOOKS|CORECLR_PROFILER_PATH|COR_PROFILER_PATH)$/, /./],
  [
    /^(?:GCONV_PATH|LOCPATH|OPENSSL_CONF|OPENSSL_MODULES|OPENSSL_ENGINES)$/,
    /^(?!\/(?:usr|etc|opt|nix|lib|lib64)\/)./,
  ],
]

export const codeVariable = imageRule({
  id: 'code-variable',
  title: 'No variable makes an interpreter run additional code',
  why: 'Monitoring agents are loaded this way. So is anything that somebody who can write to that file wants to run.',
  fix: 'name it in the command of the program that needs it, and let only root write to the file',
  level: 'note',
  aspect: 'attack-surface',
  tier: 'secure',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    for (const { name, value } of variablesOf(image.settings))
      if (loading.some(([wanted, code]) => wanted.test(name) && code.test(value.slice(0, 4096))))
        yield {
          place: { kind: 'whole' },
          subject: `ENV ${name}`,
          found: `${name} is "${value.slice(0, 200)}"`,
        }
  },
})
