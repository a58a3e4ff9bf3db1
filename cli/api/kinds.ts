import { nearest } from '../arguments/suggest.ts';
import { CommandError } from '../errors.ts';
import { apiVersionOf, type ResourceType } from './resource-type.ts';

/** Our own kinds win where two groups use the same name. */
const OWN_GROUP = 'bridgekeeper.dev';
const CATEGORY = 'bridgekeeper';
/** From the machine to what runs on it, then the records; kinds that are not listed come last. */
const READING_ORDER = ['Host', 'Bridge', 'VlanPort', 'Portgroup', 'VirtualMachine', 'HostQuery', 'AlertReceiver', 'DriftReport', 'Change'];

/** The kinds of one server, looked up as people and manifests name them. */
export class Kinds {
  #types: readonly ResourceType[];
  readonly #refresh: () => Promise<readonly ResourceType[]>;
  #isFresh: boolean;

  /** `refresh` asks the server again; it is called at most once, before a kind is said not to exist. */
  constructor(types: readonly ResourceType[], isFresh: boolean, refresh: () => Promise<readonly ResourceType[]>) {
    this.#types = ownFirst(types);
    this.#isFresh = isFresh;
    this.#refresh = refresh;
  }

  get all(): readonly ResourceType[] {
    return this.#types;
  }

  /**
   * What a name stands for: a kind by its plural, singular, short name or kind, in any case, also as `name.group`; or every kind
   * of a category. `all` is every kind of our own. Throws CommandError.
   */
  async named(name: string): Promise<readonly ResourceType[]> {
    const found = await this.#find(() => this.#match(name.toLowerCase()));
    if (found) return found;
    const meant = nearest(name, this.#types.flatMap((type) => [type.singular, type.plural, ...type.shortNames]));
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new CommandError(`the server has no kind "${name}".${hint} bridgectl api-resources lists what it has.`);
  }

  /** The kind of a manifest. Throws CommandError. */
  async ofManifest(apiVersion: string, kind: string): Promise<ResourceType> {
    const found = await this.#find(() => this.#types.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion));
    if (found) return found;
    const sameKind = this.#types.find((type) => type.kind === kind);
    if (sameKind) throw new CommandError(`the server has ${kind} in ${apiVersionOf(sameKind)}, not in "${apiVersion}".`);
    const meant = nearest(kind, this.#types.map((type) => type.kind));
    throw new CommandError(`the server has no kind "${kind}" in "${apiVersion}".${meant === undefined ? '' : ` Did you mean ${meant}?`}`);
  }

  #match(name: string): readonly ResourceType[] | undefined {
    const kind = this.#types.find((type) => answersTo(type, name));
    if (kind) return [kind];
    const category = name === 'all' ? CATEGORY : name;
    const members = this.#types.filter((type) => type.categories.includes(category) && type.verbs.includes('list'));
    return members.length === 0 ? undefined : members.toSorted((left, right) => readingPlace(left) - readingPlace(right));
  }

  async #find<Found>(look: () => Found | undefined): Promise<Found | undefined> {
    const known = look();
    if (known !== undefined || this.#isFresh) return known;
    this.#types = ownFirst(await this.#refresh());
    this.#isFresh = true;
    return look();
  }
}

function answersTo(type: ResourceType, name: string): boolean {
  const names = [type.plural, type.singular, type.kind.toLowerCase()];
  if (names.includes(name) || type.shortNames.includes(name)) return true;
  return names.some((own) => name === `${own}.${type.group}` || name === `${own}.${type.version}.${type.group}`);
}

function readingPlace(type: ResourceType): number {
  const place = READING_ORDER.indexOf(type.kind);
  return place < 0 ? READING_ORDER.length : place;
}

function ownFirst(types: readonly ResourceType[]): ResourceType[] {
  return [...types.filter((type) => type.group === OWN_GROUP), ...types.filter((type) => type.group !== OWN_GROUP)];
}
