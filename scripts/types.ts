/**
 * The types that a module exports, in one file that imports nothing: each declaration that they
 * reach, with its comment.
 *
 * Every export of `lib` says its type in words (`deno doc --lint` sees to it), so the
 * declarations of a file follow from its own text.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import ts from "typescript";

/** The declarations that the module at `entry` exports, and what they refer to. */
export function typesOf(entry: string): string {
  const collector = new Collector();
  const exported = collector.fileAt(entry).exported;
  for (const name of exported) collector.take(entry, name);
  const texts = [...collector.taken.values()].map(({ statement }) =>
    textOf(statement, exported)
  );
  return `${texts.join("\n\n")}\n\nexport {};\n`;
}

/** What one file declares. */
interface Declared {
  /** By name. */
  readonly own: ReadonlyMap<string, ts.Statement>;
  /** Where the other names are declared that it uses or hands on. */
  readonly others: ReadonlyMap<string, string>;
  /** Names that it exports. */
  readonly exported: ReadonlySet<string>;
}

/** A declaration that is part of the result. */
interface Taken {
  readonly path: string;
  readonly statement: ts.Statement;
}

class Collector {
  /** By name, in order. */
  readonly taken = new Map<string, Taken>();
  readonly #files = new Map<string, Declared>();

  fileAt(path: string): Declared {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const declared = declaredIn(path);
    this.#files.set(path, declared);
    return declared;
  }

  /** Takes what `name` means in the file at `path`, and all that it refers to; globals stay what they are. */
  take(path: string, name: string): void {
    const { own, others } = this.fileAt(path);
    const statement = own.get(name);
    if (statement === undefined) {
      const other = others.get(name);
      if (other !== undefined) this.take(other, name);
      return;
    }
    const before = this.taken.get(name);
    if (before?.path === path) return;
    if (before !== undefined) {
      throw new Error(`Two types are called ${name}: ${before.path}, ${path}`);
    }
    this.taken.set(name, { path, statement });
    for (const used of namesIn(statement)) this.take(path, used);
  }
}

// One file ────────────────────────────────────────────────────────────────────

function declaredIn(path: string): Declared {
  const own = new Map<string, ts.Statement>();
  const others = new Map<string, string>();
  const exported = new Set<string>();
  for (const statement of declarationsOf(path).statements) {
    for (const name of handedOn(statement)) {
      others.set(name, fileOf(statement, path));
      if (ts.isExportDeclaration(statement)) exported.add(name);
    }
    for (const name of declaredBy(statement)) {
      own.set(name, statement);
      if (isExported(statement)) exported.add(name);
    }
  }
  return { own, others, exported };
}

/** What TypeScript declares of a file by its text alone. */
function declarationsOf(path: string): ts.SourceFile {
  const { outputText } = ts.transpileDeclaration(readFileSync(path, "utf8"), {
    fileName: path,
    compilerOptions: { target: ts.ScriptTarget.ESNext },
  });
  return ts.createSourceFile(path, outputText, ts.ScriptTarget.ESNext, true);
}

/** The names that a statement takes from another file. */
function handedOn(statement: ts.Statement): string[] {
  const named = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement)
    ? statement.exportClause
    : undefined;
  if (named === undefined) return [];
  if (!ts.isNamedImports(named) && !ts.isNamedExports(named)) {
    throw new Error(`Not by name: ${statement.getText()}`);
  }
  return named.elements.map(({ name, propertyName }) => {
    if (propertyName === undefined) return name.text;
    throw new Error(`Under another name: ${statement.getText()}`);
  });
}

function fileOf(statement: ts.Statement, path: string): string {
  const { moduleSpecifier } = statement as ts.ImportDeclaration;
  const { text } = moduleSpecifier as ts.StringLiteral;
  if (text.startsWith(".")) {
    return new URL(text, `file://${path}`).pathname;
  }
  return ""; // a package: fails when it is read, if a type is from there
}

function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) =>
      name.getText()
    );
  }
  return ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)
    ? [statement.name?.text ?? ""]
    : [];
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) =>
      kind === ts.SyntaxKind.ExportKeyword
    );
}

// One declaration ─────────────────────────────────────────────────────────────

/** The names of types and values that a declaration refers to. */
function namesIn(statement: ts.Statement): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isImportTypeNode(node)) {
      throw new Error(`Import in a type: ${node.getText()}`);
    }
    const used = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : ts.isTypeQueryNode(node)
      ? node.exprName
      : undefined;
    if (used !== undefined && ts.isIdentifier(used)) names.add(used.text);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

/** A declaration with the comment that is its own, exported if one of its names is. */
function textOf(
  statement: ts.Statement,
  exported: ReadonlySet<string>,
): string {
  const source = statement.getSourceFile().text;
  const comment = ts.getLeadingCommentRanges(source, statement.pos)?.at(-1);
  const words = comment && `${source.slice(comment.pos, comment.end)}\n`;
  const code = statement.getText().replace(/^export (declare )?|^declare /, "");
  const isType = /^(interface|type) /.test(code);
  const isPublic = declaredBy(statement).some((name) => exported.has(name));
  return `${words ?? ""}${isPublic ? "export " : ""}${
    isType ? "" : "declare "
  }${code}`;
}
