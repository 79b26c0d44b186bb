import { yamlText } from './document/write.ts'
import { parseRecipe } from './read.ts'

/** A lock file of an application's own packages. */
export interface DraftDependency {
  readonly python?: string
  readonly npm?: string
  readonly maven?: string
  readonly composer?: string
  readonly gem?: string
  readonly into?: string
  readonly dev?: boolean
}

/** A build step that gets the whole folder of the recipe. */
export interface DraftStep {
  readonly name: string
  readonly packages: readonly string[]
  /** Patterns of what it does not get of the folder. */
  readonly ignore: readonly string[]
  /** What the step gets of the application's own packages, and where it lies then. */
  readonly dependencies: readonly { readonly source: string; readonly path?: string }[]
  readonly run: string
  readonly output: { readonly source: string; readonly path: string }
}

/** What is known when somebody begins a recipe. */
export interface RecipeDraft {
  readonly name: string
  /** Release id; absent: the default. */
  readonly distribution?: string
  readonly packages: readonly string[]
  /** Files and folders beside the recipe, each with its path in the image. */
  readonly files: readonly {
    readonly source: string
    readonly path: string
    readonly ignore?: readonly string[]
  }[]
  readonly dependencies: readonly DraftDependency[]
  /** A recipe of the catalogue that it begins with. */
  readonly extends?: string
  /** Its version line; absent: its own. */
  readonly line?: string
  readonly steps: readonly DraftStep[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workDir?: string
  /** Words of the command. */
  readonly entrypoint: readonly string[]
  readonly ports: readonly string[]
  /** The user that it runs as; an account is added for a name that images do not have anyway. Absent: the default. */
  readonly user?: string
}

/** A first recipe to go on from, as text. Throws `bad-recipe` when no recipe can be made from what is known. */
export function draftRecipe(draft: RecipeDraft): string {
  const { name, distribution, extends: extended, packages, files, entrypoint, ports, user, workDir } = draft
  const isAlone = extended === undefined
  const contents = {
    ...given({ packages: packages.length === 0 && isAlone ? ['base-files'] : packages }),
    ...given({ files }),
  }
  const text = yamlText({
    name,
    ...(distribution === undefined ? {} : { distribution }),
    ...(isAlone ? {} : { extends: extended }),
    ...(draft.line === undefined ? {} : { line: draft.line }),
    ...(Object.keys(contents).length === 0 ? {} : { contents }),
    ...given({ dependencies: draft.dependencies, steps: draft.steps.map(stepOf) }),
    ...(draft.environment === undefined ? {} : { environment: draft.environment }),
    ...(workDir === undefined ? {} : { 'work-dir': workDir }),
    ...given({ entrypoint, ports }),
    ...(user === undefined ? {} : { accounts: accountsOf(user) }),
    // What is made by a step may know no such option.
    ...(entrypoint.length === 0 ||
    /^\/usr\/local\//.test(entrypoint[0] ?? '') ||
    draft.steps.some(({ output }) => output.path === entrypoint[0])
      ? {}
      : { tests: [{ name: 'starts', command: entrypoint.slice(0, 1).concat('--version') }] }),
  })
  // What it extends is only found from where it will lie.
  const below = isAlone ? [] : [{ text: 'contents: { packages: [base-files] }', file: extended }]
  parseRecipe(text, { file: 'the recipe', name, extended: below })
  return text
}

function stepOf({ name, packages, ignore, dependencies, run, output }: DraftStep): object {
  return {
    name,
    packages,
    inputs: [{ source: '.', ...given({ ignore }) }],
    ...given({ dependencies }),
    run,
    outputs: [output],
  }
}

/** First of those that nobody else takes. */
const firstUser = 10_001

function accountsOf(user: string): object {
  const isThere = /^(?:root|nonroot|nobody|\d+(?::\d+)?)$/.test(user)
  return { ...(isThere ? {} : { users: [{ name: user, uid: firstUser }] }), 'run-as': user }
}

function given<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<T>
}
