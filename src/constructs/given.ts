/** The properties that have a value: an argument that is `undefined` was not given. */
export type Given<Config> = {
  [Key in keyof Config]?: Exclude<Config[Key], undefined>;
};

/** Leaves out what is `undefined`, which optional arguments of a resource don't take. */
export function given<Config extends object>(config: Config): Given<Config> {
  const entries = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Config>;
}
