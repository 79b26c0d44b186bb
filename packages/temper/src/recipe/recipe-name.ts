/** The name of an image whose recipe gives none: "catalog/nginx/recipe.yaml" → "nginx"; "web.yaml" → "web". */
export function nameFromFile(file: string): string {
  const parts = file.split(/[/\\]/).filter((part) => part !== '')
  const own = (parts.at(-1) ?? '').replace(/\.(ya?ml|json)$/i, '')
  const chosen = own === 'recipe' || own === '' ? (parts.at(-2) ?? own) : own
  const name = chosen
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return name === '' ? 'image' : name
}
