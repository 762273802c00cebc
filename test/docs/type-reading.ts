// Reads what the sources declare, so that a page can be held to it.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The names of an interface's properties, in order; first those of the interfaces of its file that it extends. */
export function propertiesOf(path: string, interfaceName: string): string[] {
  const extended = interfaceOf(path, interfaceName).heritageClauses?.flatMap(({ types }) => types) ?? []
  return [...extended.flatMap((type) => propertiesOf(path, type.getText())), ...ownPropertiesOf(path, interfaceName)]
}

/** Those that the interface declares itself. */
export function ownPropertiesOf(path: string, interfaceName: string): string[] {
  return namesOf(interfaceOf(path, interfaceName).members)
}

function interfaceOf(path: string, name: string): ts.InterfaceDeclaration {
  const declaration = declarationOf(path, name)
  if (!ts.isInterfaceDeclaration(declaration)) throw new Error(`${name} is not an interface`)
  return declaration
}

/** The text literals of a union type; what it takes from other types is left out. */
export function literalsOf(path: string, typeName: string): string[] {
  return unionOf(path, typeName).flatMap((member) =>
    ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
  )
}

/** The members of a union of object types that differ in `type`: the names of the others' properties, by it. */
export function variantsOf(path: string, typeName: string): Map<string, string[]> {
  const variants = unionOf(path, typeName).map((member): [string, string[]] => {
    if (!ts.isTypeLiteralNode(member)) throw new Error(`${typeName} has a member that is no object type`)
    const [, type] = /type: '([^']+)'/.exec(member.getText()) ?? []
    return [type ?? '', namesOf(member.members).filter((name) => name !== 'type')]
  })
  return new Map(variants)
}

function unionOf(path: string, typeName: string): readonly ts.TypeNode[] {
  const declaration = declarationOf(path, typeName)
  if (ts.isTypeAliasDeclaration(declaration) && ts.isUnionTypeNode(declaration.type)) return declaration.type.types
  throw new Error(`${typeName} is not a union type`)
}

function namesOf(members: ts.NodeArray<ts.TypeElement>): string[] {
  return members.flatMap(({ name }) => (name === undefined ? [] : [name.getText()]))
}

function declarationOf(path: string, name: string): ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? '', ts.ScriptTarget.Latest, true)
  for (const statement of source.statements) {
    const declares = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
    if (declares && statement.name.text === name) return statement
  }
  throw new Error(`${path} declares no ${name}`)
}
