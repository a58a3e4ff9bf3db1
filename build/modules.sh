#!/bin/sh
# Installs the npm packages of package-lock.json, among them the Node.js that everything here runs on. Quick when they are there.
set -eu
cd "$(dirname "$0")/.."

stamp=node_modules/.installed-lock
if [ -x node_modules/node/bin/node ] && cmp -s package-lock.json "$stamp"; then
  exit 0
fi
command -v npm >/dev/null || {
  echo "npm is missing; run: apt-get install npm (any version from Node.js 18 on will do: it only installs the pinned one)" >&2
  exit 1
}
echo "Installing npm packages"
# Debian's own Node.js 18 and npm 9 can't read the overrides of package.json, and leave out native parts that ask for a newer
# Node.js: they fetch newer ones into .cache, which then do the work.
case $(node --version)/$(npm --version) in
  v[0-9].* | v1?.* | */[0-9].*)
    node_version=$(sed -n 's/^ *"node": "\([0-9.]*\)",*$/\1/p' package.json)
    mkdir -p .cache/bootstrap
    (cd .cache/bootstrap && npm install --prefix . --no-audit --no-fund --loglevel=error "node@$node_version" npm@11.19.1)
    PATH=$PWD/.cache/bootstrap/node_modules/.bin:$PATH
    ;;
esac

# Only the package that brings the runtime needs its install script; npm would also try to compile native modules, which ship
# compiled, and fail where there is no compiler.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm rebuild node --ignore-scripts=false --loglevel=error
if ! node_modules/node/bin/node --version >/dev/null 2>&1; then
  echo "The pinned Node.js was not installed: see what npm says to: npm rebuild node --foreground-scripts" >&2
  exit 1
fi
cp package-lock.json "$stamp"
rm -rf .cache/bootstrap
