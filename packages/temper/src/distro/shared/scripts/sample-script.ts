import fc from 'fast-check'

/*
 * Random scripts of what the interpreter says that it knows, for tests. Each ends, whatever is in it: loops go over words,
 * and functions call only those before them. `a` stands for a command that is not part of the shell.
 */

const names = ['v', 'w', 'x'] as const
const name = fc.constantFrom(...names)
const plain = fc.constantFrom(
  'a',
  'b.c',
  '/usr/lib',
  '-n',
  '1',
  '-',
  'x=y',
  '%',
  '!',
  ':',
  '+',
  'e',
  '}',
  'if',
  '.',
)
const special = fc.constantFrom('*', '?', '[ab]', '*.c', 'a*', '[!b]', '[', ']')
const inQuotes = fc.constantFrom('a b', ' ', '', '*', '[a]', '#', ';', '&', '|', 'a  b', '\t', '(', '<', '~')
const pattern = fc.constantFrom(
  '*',
  '?',
  'a',
  '*.',
  '.*',
  '/*',
  '*/',
  '[ab]',
  '[!a]',
  '"*"',
  "'?'",
  'b*',
  '\\*',
  '[a-c]*',
  '$x',
  '"$x"',
)

function joined(parts: fc.Arbitrary<string>, most: number, least = 1): fc.Arbitrary<string> {
  return fc.array(parts, { minLength: least, maxLength: most }).map((all) => all.join(''))
}

const parameter = fc.oneof(
  name.map((each) => `$${each}`),
  name.map((each) => `\${${each}}`),
  fc.constantFrom('$1', '$2', '$#', '$*', '$@', '$?'),
  fc.constantFrom('{1}', '{2:-none}', '{1+set}', '{1+"$@"}', '{2#?}').map((braces) => `$${braces}`),
  fc
    .tuple(
      name,
      fc.constantFrom(':-', '-', ':+', '+', ':=', '='),
      fc.constantFrom('', 'z', 'y z', '"y z"', '$w', "'*'", '"$w"'),
    )
    .map((all) => `\${${all.join('')}}`),
  fc.tuple(name, fc.constantFrom('#', '##', '%', '%%'), pattern).map((all) => `\${${all.join('')}}`),
  name.map((each) => `\${#${each}}`),
)

const number = fc.oneof(
  fc.integer({ min: 0, max: 20 }).map(String),
  fc.constant('$#'),
  fc.constant('$n'),
  fc.constant('n'),
)
const arithmetic = fc
  .tuple(number, fc.array(fc.tuple(fc.constantFrom(' + ', ' - ', '+', '-'), number), { maxLength: 2 }))
  .map(([first, rest]) => `$((${first}${rest.flat().join('')}))`)

const said = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('echo', 'printf %s', "printf '%s\\n'", "printf '[%s]'"),
      joined(fc.oneof(plain, parameter), 2),
    )
    .map(([command, text]) => `${command} ${text.startsWith('-') ? `x${text}` : text}`),
  fc.constantFrom(
    'echo a b',
    "echo ' a '",
    'printf "x\\n\\n"',
    'echo a; echo b',
    'echo a | i',
    'true',
    'echo "$#"',
  ),
)
const substitution = fc.oneof(
  said.map((each) => `$(${each})`),
  fc.constantFrom('`echo a b`', '`echo "$v"`', '`printf %s \\`echo c\\``'),
)
const doubleQuoted = joined(
  fc.oneof(
    inQuotes,
    plain,
    parameter,
    substitution,
    arithmetic,
    fc.constantFrom('\\$v', '\\\\', '\\"', "'", '\\a'),
  ),
  3,
  0,
).map((text) => `"${text}"`)
const escaped = fc.constantFrom('\\ ', '\\*', '\\$', "\\'", '\\"', '\\\\', '\\a', '\\#')
const word = joined(
  fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: special },
    { weight: 1, arbitrary: inQuotes.map((text) => `'${text}'`) },
    { weight: 3, arbitrary: doubleQuoted },
    { weight: 3, arbitrary: parameter },
    { weight: 1, arbitrary: substitution },
    { weight: 1, arbitrary: arithmetic },
    { weight: 1, arbitrary: escaped },
    { weight: 1, arbitrary: fc.constantFrom('"$@"', '"$*"', 'y"$@"z') },
  ),
  3,
)
  // Words of the grammar are taken for such at the beginning of a command.
  .map((text) => (/^(?:if|!|\}|[a-z]=|-|#)/.test(text) ? `k${text}` : text))
const words = fc.array(word, { maxLength: 3 }).map((all) => all.join(' '))

const quotedValue = fc.oneof(
  name.map((each) => `"$${each}"`),
  fc.constantFrom('"$1"', 'a', '""', "'a b'", '"$#"', '-n', '='),
)
const condition = fc.oneof(
  fc.tuple(quotedValue, fc.constantFrom('=', '!='), quotedValue).map((all) => `[ ${all.join(' ')} ]`),
  fc.tuple(fc.constantFrom('-n', '-z'), quotedValue).map((all) => `[ ${all.join(' ')} ]`),
  fc
    .tuple(
      fc.constantFrom('$#', '1', '"$n"'),
      fc.constantFrom('-eq', '-ne', '-lt', '-le', '-gt', '-ge'),
      fc.constantFrom('0', '1', '2'),
    )
    .map((all) => `test ${all.join(' ')}`),
  fc.constantFrom(
    'true',
    'false',
    ':',
    '! true',
    '[ ! -z "$v" ]',
    '[ "$v" ]',
    '[ ]',
    '[ -n a -a "$v" = a ]',
    '[ -z a -o "$w" ]',
    '(exit 3)',
  ),
)

const simple = fc.oneof(
  { weight: 5, arbitrary: words.map((all) => `a ${all}`) },
  {
    weight: 4,
    arbitrary: fc.tuple(name, fc.option(word, { nil: '' })).map(([to, value]) => `${to}=${value}`),
  },
  { weight: 1, arbitrary: fc.tuple(name, doubleQuoted).map(([to, value]) => `export ${to}=${value}`) },
  { weight: 1, arbitrary: name.map((each) => `unset ${each}`) },
  { weight: 1, arbitrary: words.map((all) => `set -- ${all}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '[ $# = 0 ] || shift',
      '[ $# -lt 2 ] || shift 2',
      'shift 0',
      'n=$((n + 1))',
      'n=$#',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'eval \'a "$v"\'',
      'eval "v=b"',
      "eval 'a $w' b",
      '(cd /usr; cd lib; pwd | i; cd ..; pwd | i; cd .; cd /usr/../usr/./lib/; pwd | i)',
    ),
  },
  { weight: 1, arbitrary: fc.tuple(name, word).map(([to, value]) => `${to}=${value} a "$${to}"`) },
  { weight: 1, arbitrary: said.map((each) => `${each} | i`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'i <<E\na $v "b" \\$v `echo c` $(echo d) \\b\nE\n',
      "i <<'E'\na $v\nE\n",
      'i <<-E\n\ta\n\t\tE$v\n\tE\n',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'break',
      'continue',
      'return 3',
      'return',
      'a $?',
      'f b "c d"',
      'g',
      'break 2',
      'continue 2',
    ),
  },
)

/** Statements, one a line, nested to a depth. Jumps stand where something takes them. */
function statements(depth: number, counter: string): fc.Arbitrary<string> {
  const body = depth === 0 ? simple : fc.oneof({ weight: 3, arbitrary: simple }, compound(depth - 1, counter))
  return fc.array(body, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n'))
}

function compound(depth: number, counter: string): fc.Arbitrary<string> {
  const inner = statements(depth, counter)
  // Loops within loops count for themselves.
  const m = `${counter}${depth}`
  const arm = fc
    .tuple(fc.array(pattern, { minLength: 1, maxLength: 2 }), inner)
    .map(([all, then]) => `${all.join('|')}) ${then}\n;;`)
  return fc.oneof(
    fc
      .tuple(condition, inner, inner)
      .map(([when, then, otherwise]) => `if ${when}; then\n${then}\nelse\n${otherwise}\nfi`),
    fc
      .tuple(condition, inner, condition, inner)
      .map(([when, then, other, next]) => `if ${when}; then\n${then}\nelif ${other}; then\n${next}\nfi`),
    fc
      .tuple(condition, fc.constantFrom('&&', '||'), simple)
      .map(([when, operator, then]) => `${when} ${operator} { ${then}\n}`),
    fc
      .tuple(word, fc.array(arm, { minLength: 1, maxLength: 3 }))
      .map(([subject, arms]) => `case ${subject} in\n${arms.join('\n')}\nesac`),
    fc.tuple(name, words, inner).map(([each, all, then]) => `for ${each} in ${all}; do\n${then}\ndone`),
    fc.tuple(name, inner).map(([each, then]) => `for ${each}; do\n${then}\ndone`),
    inner.map((then) => `(\n${then}\n)`),
    inner.map((then) => `{\n${then}\n}`),
    inner.map((then) => `${m}=\nwhile [ "$${m}" != xx ]; do ${m}=x$${m}\n${then}\ndone`),
    inner.map((then) => `${m}=\nuntil [ "$${m}" = x ]; do ${m}=x$${m}\n${then}\ndone`),
  )
}

/** Jumps and calls that have nowhere to go would end a script or call something that is not there. */
function within(
  text: string,
  what: { readonly loop: boolean; readonly function: boolean; readonly calls: RegExp },
): string {
  const kept = what.function ? text : text.replaceAll(/\breturn(?: 3)?$/gm, ':')
  return kept.replaceAll(/^([fg])\b.*$/gm, (call, called: string) => (what.calls.test(called) ? call : ':'))
}

/** A whole script, without its first line. */
export const sampleScripts: fc.Arbitrary<string> = fc
  .record({
    f: statements(1, 'k'),
    g: statements(1, 'l'),
    main: fc.array(statements(2, 'm'), { minLength: 1, maxLength: 4 }),
  })
  .map(({ f, g, main }) => {
    const [first, second] = [
      within(f, { loop: false, function: true, calls: /^$/ }),
      within(g, { loop: false, function: true, calls: /f/ }),
    ]
    const body = within(main.join('\n'), { loop: true, function: false, calls: /[fg]/ })
    return `v=a w='b c' n=4\nf() {\nlocal v x=k\nv="$1"\n${first}\n}\ng() {\n${second}\n}\n${body}\na "$v" "$w" "$x" $#\n`
  })
