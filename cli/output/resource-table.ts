import { isObject, shown, valueAt } from '../api/json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { shortName } from '../api/resource-type.ts';
import type { Session } from '../session.ts';
import type { Column, Row } from './server-table.ts';
import { TablePrinter } from './table.ts';

/** Prints the tables of one kind as the server made them, with the columns that the command line asks for. */
export class ResourceTable {
  readonly #session: Session;
  readonly #type: ResourceType;
  readonly #printer: TablePrinter;
  readonly #isWide: boolean;
  readonly #isAmongOthers: boolean;
  #columns: readonly Column[] = [];

  /** `isAmongOthers`: other kinds are printed too, so each name says its kind. */
  constructor(session: Session, type: ResourceType, options: { isWide: boolean; isAmongOthers: boolean }) {
    this.#session = session;
    this.#type = type;
    this.#printer = new TablePrinter(session.surroundings.stdout, session.paint, { isWhole: options.isWide });
    this.#isWide = options.isWide;
    this.#isAmongOthers = options.isAmongOthers;
  }

  /** The server sends the columns with the first table only. */
  setColumns(columns: readonly Column[] | undefined): void {
    if (columns) this.#columns = columns;
  }

  /** `suffix` stands behind the last cell. */
  print(rows: readonly Row[], options: { withHeads: boolean; suffix?: string }): void {
    const heads = options.withHeads && !this.#session.flags.on('no-headers') ? this.#heads() : undefined;
    this.#printer.print(
      heads,
      rows.map((row) => [...this.#cells(row), ...(options.suffix === undefined ? [] : [options.suffix])]),
    );
  }

  #heads(): string[] {
    return [
      ...(this.#hasNamespaces() ? ['Namespace'] : []),
      ...this.#columns.filter((column) => this.#shows(column)).map((column) => column.name),
      ...(this.#session.flags.on('show-labels') ? ['Labels'] : []),
    ];
  }

  #cells(row: Row): string[] {
    const cells = row.cells.map((cell, index) => (this.#isAmongOthers && this.#columns[index]?.name === 'Name' ? shortName(this.#type, cell) : cell));
    return [
      ...(this.#hasNamespaces() ? [row.namespace ?? ''] : []),
      ...cells.filter((_, index) => this.#shows(this.#columns[index] ?? { name: '', priority: 0 })),
      ...(this.#session.flags.on('show-labels') ? [labelsText(row)] : []),
    ];
  }

  #shows(column: Column): boolean {
    return this.#isWide || column.priority === 0;
  }

  #hasNamespaces(): boolean {
    return this.#type.namespaced && this.#session.flags.on('all-namespaces');
  }
}

function labelsText(row: Row): string {
  const labels = valueAt(row.object, 'metadata', 'labels');
  if (!isObject(labels)) return '<none>';
  return Object.entries(labels).map(([name, value]) => `${name}=${shown(value)}`).join(',');
}
