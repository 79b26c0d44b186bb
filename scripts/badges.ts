/** Width of a letter of 11 pixels, on average, in pixels. */
const letter = 6.6
const padding = 6

/**
 * A badge as an image of its own: a name and a value, in the form that readers know from other projects. No service is asked
 * for it, so that it says the same everywhere, without a network too.
 */
export function badge(name: string, value: string): string {
  const [left, right] = [name, value].map((text) => Math.round(text.length * letter + 2 * padding)) as [
    number,
    number,
  ]
  const width = left + right
  const label = (text: string, start: number, size: number) =>
    `<text x="${start + size / 2}" y="14" textLength="${size - 2 * padding}">${text}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${name}: ${value}">`,
    `<title>${name}: ${value}</title>`,
    `<clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="#1668a8"/></g>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    label(name, 0, left),
    label(value, left, right),
    '</g></svg>',
    '',
  ].join('\n')
}
