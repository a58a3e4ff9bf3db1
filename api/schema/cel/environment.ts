import { Environment } from '@marcbachmann/cel-js';
import { registerFormats } from './library/formats.ts';
import { registerLists } from './library/lists.ts';
import { registerNetworks } from './library/networks.ts';
import { registerQuantities } from './library/quantities.ts';
import { registerRegularExpressions } from './library/regular-expressions.ts';
import { registerSets } from './library/sets.ts';
import { registerStrings } from './library/strings.ts';
import { registerUrls } from './library/urls.ts';

let base: Environment | undefined;

/** A fresh environment with the functions of Kubernetes' CEL (k8s.io/apiserver, pkg/cel/environment), to declare types in. */
export function kubernetesEnvironment(): Environment {
  base ??= withLibraries();
  return base.clone();
}

function withLibraries(): Environment {
  const environment = new Environment({ enableOptionalTypes: true });
  registerLists(environment);
  registerRegularExpressions(environment);
  registerStrings(environment);
  registerUrls(environment);
  registerNetworks(environment);
  registerQuantities(environment);
  registerSets(environment);
  registerFormats(environment);
  return environment;
}
