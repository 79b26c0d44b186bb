/** A string as `var_export` of PHP writes it. */
export function phpString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`.replaceAll('\0', `' . "\\0" . '`)
}

/** Values that generated files of PHP hold. Code stands as it is. */
export type PhpValue =
  | string
  | number
  | boolean
  | null
  | PhpCode
  | readonly PhpValue[]
  | ReadonlyMap<string, PhpValue>

export class PhpCode {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function scalar(value: string | number | boolean | null | PhpCode): string {
  if (value instanceof PhpCode) return value.text
  return typeof value === 'string' ? phpString(value) : String(value)
}

/** Pairs of key and value, keys as code. */
function pairs(value: readonly PhpValue[] | ReadonlyMap<string, PhpValue>): readonly [string, PhpValue][] {
  return value instanceof Map
    ? [...value].map(([key, each]) => [phpString(key), each])
    : [...(value as readonly PhpValue[])].map((each, i) => [String(i), each])
}

function isScalar(value: PhpValue): value is string | number | boolean | null | PhpCode {
  return typeof value !== 'object' || value === null || value instanceof PhpCode
}

/** As `var_export` writes it, but with twice its indentation, four spaces in: how autoload_static.php has its tables. */
export function exportedTable(value: PhpValue, level = 1): string {
  if (isScalar(value)) return scalar(value)
  const indent = '    '.repeat(level)
  const lines = pairs(value).map(([key, each]) => {
    const inner = isScalar(each) ? scalar(each) : `\n${indent}    ${exportedTable(each, level + 1)}`
    return `${indent}    ${key} => ${inner},\n`
  })
  return `array (\n${lines.join('')}${indent})`
}

/** As installed.php has it: an array a line deeper for each level. */
export function nestedArray(value: PhpValue, level = 0): string {
  if (isScalar(value)) return scalar(value)
  const all = pairs(value)
  if (all.length === 0 && level > 0) return 'array()'
  const indent = '    '.repeat(level)
  const lines = all.map(([key, each]) => `${indent}    ${key} => ${nestedArray(each, level + 1)},\n`)
  return `array(\n${lines.join('')}${indent})`
}
