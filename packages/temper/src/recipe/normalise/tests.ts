import type { RecipeTest } from '../../model/recipe.ts'
import type { RecipePath, Report } from '../document/problem.ts'
import type { RecipeInput } from '../schema/schema.ts'
import { texts, words } from './text.ts'

type TestInput = NonNullable<RecipeInput['tests']>[number]

export function normaliseTest(input: TestInput, path: RecipePath, report: Report): RecipeTest {
  if (input.http !== undefined && input['exit-code'] !== undefined)
    report([...path, 'exit-code'], 'with "http" the program keeps running and has no exit code')
  const command = input.command === undefined ? undefined : words(input.command, [...path, 'command'], report)
  if (command?.length === 0) report([...path, 'command'], 'expected a command, found nothing')
  return {
    name: input.name,
    ...(command === undefined ? {} : { command }),
    environment: texts(input.environment, [...path, 'environment'], report),
    ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
    exitCode: input['exit-code'] ?? 0,
    output: list(input.output),
    ...(input.http === undefined ? {} : { http: readHttp(input.http) }),
    exec: (input.exec ?? []).map((exec, i) => ({
      command: words(exec.command, [...path, 'exec', i, 'command'], report),
      output: list(exec.output),
    })),
    writable: input.writable ?? [],
    timeout: input.timeout ?? 30,
  }
}

function readHttp(input: NonNullable<TestInput['http']>): NonNullable<RecipeTest['http']> {
  return {
    port: input.port,
    path: input.path ?? '/',
    status: input.status ?? 200,
    ...(input.body === undefined ? {} : { body: input.body }),
  }
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
