import { yamlText } from './document/write.ts'
import { parseRecipe } from './read.ts'

/** What is known when somebody begins a recipe. */
export interface RecipeDraft {
  readonly name: string
  /** Release id; absent: the default. */
  readonly distribution?: string
  readonly packages: readonly string[]
  /** Files and folders beside the recipe, each with its path in the image. */
  readonly files: readonly { readonly source: string; readonly path: string }[]
  readonly dependencies: readonly {
    readonly python?: string
    readonly npm?: string
    readonly maven?: string
    readonly into?: string
  }[]
  /** Words of the command. */
  readonly entrypoint: readonly string[]
  readonly ports: readonly string[]
  /** The user that it runs as; an account is added for a name that images do not have anyway. Absent: the default. */
  readonly user?: string
}

/** A first recipe to go on from, as text. Throws `bad-recipe` when no recipe can be made from what is known. */
export function draftRecipe(draft: RecipeDraft): string {
  const { name, distribution, packages, files, dependencies, entrypoint, ports, user } = draft
  const text = yamlText({
    name,
    ...(distribution === undefined ? {} : { distribution }),
    contents: { packages: packages.length === 0 ? ['base-files'] : packages, ...given({ files }) },
    ...given({ dependencies, entrypoint, ports }),
    ...(user === undefined ? {} : { accounts: accountsOf(user) }),
    ...(entrypoint.length === 0
      ? {}
      : { tests: [{ name: 'starts', command: entrypoint.slice(0, 1).concat('--version') }] }),
  })
  parseRecipe(text, { file: 'the recipe', name })
  return text
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
