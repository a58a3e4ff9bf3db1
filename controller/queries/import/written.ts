/** A spec as people write it: what has a default may be left out. */
export type Written<Value> = Value extends readonly (infer Item)[]
  ? readonly Written<Item>[]
  : Value extends object
    ? { readonly [Field in keyof Value]?: Written<Value[Field]> | undefined }
    : Value;
