/** What `GET /version` says: the Kubernetes version whose API this is, then what we are. */
export function versionInfo(productVersion: string): unknown {
  return {
    major: '1',
    minor: '36',
    gitVersion: `v1.36.0+bridgekeeper.${productVersion}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '',
    goVersion: '',
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
