/** A command of ours used as another program's of the same name is, and what commander says of it. */
export interface ForeignUse {
  /** Commander's code, without "commander.". */
  readonly problem: string
  readonly command: string | undefined
  readonly args: readonly string[]
}

/** What to type where a command of ours is called like another program's and is used as that one. */
export function foreignUse({ problem, command, args }: ForeignUse): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-') && arg !== command)
  const [first = ''] = words
  if (problem === 'optionMissingArgument' || problem === 'invalidArgument')
    if (args.includes('--exit-code'))
      return 'Write --exit-code 1, or say what to fail on: --fail-on critical,high'
  switch (`${command} ${problem}`) {
    case 'config excessArguments':
      // crane's shows the configuration of an image; Trivy's looks at folders.
      return /^(?:\.|\/|~)|\.(?:ya?ml|tf|json)$/.test(first) || !/[/:]/.test(first)
        ? `"temper config" shows settings. To judge manifests and Compose files: temper admit FILE`
        : `Write: temper inspect ${first} --json --no-packages | jq ".images[].config"`
    case 'catalog excessArguments':
      return 'Write: temper ls HOST/NAME, for each repository'
    case 'inspect missingArgument':
      return args.includes('--config')
        ? 'Write: temper inspect IMAGE --json --no-packages | jq ".images[].config"'
        : undefined
    case 'test excessArguments':
      return `Write: temper test ${first}, which runs all tests of the recipe`
    case 'build excessArguments':
      return words.length === 3 && /\.tar$/.test(words[2] ?? '')
        ? `Write: temper build ${first} --tag docker-archive:${words[2]}:${words[1]}`
        : `Write: temper build RECIPE, with your files under contents.files (docs/reference/recipe.md)`
    case 'cache invalidArgument':
      return 'Write: temper cache'
    case 'policy invalidArgument':
      return /[/:.]/.test(first) ? `Write: temper gate ${first}` : undefined
    case 'keys invalidArgument':
      return 'Write: temper keys generate -o PREFIX'
    case 'admit missingArgument':
      return 'Temper does not query clusters; pipe what runs there: kubectl get pods -A -o yaml | temper admit -'
    case 'login excessArguments':
    case 'login missingArgument':
      return 'Write: temper login -u NAME REGISTRY'
    default:
      return undefined
  }
}

/** What to type for what follows `vex` elsewhere; undefined for an image. */
export function foreignVexAction(word: string): string | undefined {
  if (word === 'get') return 'Write: temper vex IMAGE'
  if (word === 'repo') return 'Statements come with an image, or from files: temper scan IMAGE --vex FILE'
  return undefined
}
